"""Mutation testing of the dosing module: are its tests able to fail?

``python -m tests.mutate [--quick | --sample N [--seed S]] [--floor 95] [GROUP ...]``: a copy of the
checkout with all mutants that mutmut makes of a group's files, then the tests of that group against
each mutant, or against a sample of them. Survivors are listed in var/mutation. Exit 0 above the
floor, 1 below it, 2 wrong use.
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mutmut.mutation.file_mutation import mutate_file_contents
from mutmut.utils.format_utils import get_mutant_name

from eval.dosing_criteria import rate
from tests.mutant_runner import CHILDREN, PLAN, RESULT, Outcome

ROOT = Path(__file__).resolve().parent.parent
DOSING = "assistant/dosing"
COPIED = ("assistant", "corpus", "index", "eval", "tests", "docs", "app.py", "guideline.toml")
SEED = 20261127  # of a sample
LIMIT = 900  # seconds, of a mutant that is run from the start


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are mutated together, and the tests that have to notice.

    Tests that only pass through these files on the way to others are left out: they take long.
    """

    files: tuple[str, ...]
    tests: tuple[str, ...]


# What the comparison is, by file; every other file beside them is the reader's.
_COMPARISON = [
    *("compare", "conflict", "decide", "fields", "gloss", "lengths", "passage", "phase"),
    *("plain_numbers", "rates", "report", "residual", "use", "verdict", "verify"),
]
_UNIT = "tests/unit/dosing"


def _files(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{DOSING}/{name}.py" for name in names)


def _reader() -> list[str]:
    found = sorted(path.stem for path in (ROOT / DOSING).glob("*.py"))
    return [name for name in found if name not in (*_COMPARISON, "__init__")]


def _tests(*patterns: str) -> tuple[str, ...]:
    found = (path for p in patterns for path in sorted((ROOT / _UNIT).glob(p)))
    return tuple(str(path.relative_to(ROOT)) for path in found)


GROUPS: Mapping[str, Group] = {
    "reader": Group(
        _files(_reader()),
        _tests(
            *("test_dosing_*.py", "second_reader"),
            *("test_golden_records.py", "test_golden_words.py", "test_golden_printed.py"),
        ),
    ),
    "comparison": Group(
        _files(_COMPARISON),
        _tests("test_dosing_*.py", "test_golden_[fnc]*.py"),
    ),
    "rules": Group(
        (f"{DOSING}/table",),
        _tests("test_rules_*.py", "test_golden_table.py", "test_golden_[jr]u*.py"),
    ),
    "calculators": Group((f"{DOSING}/calculators",), (f"{_UNIT}/calculators",)),
    "patient": Group((f"{DOSING}/patient",), (f"{_UNIT}/patient", f"{_UNIT}/calculators")),
    "fhir": Group((f"{DOSING}/fhir",), (f"{_UNIT}/fhir",)),
}
QUICK = Group(
    _files(["decide", "lengths", "conflict", "calculators/decimals"]),
    (
        f"{_UNIT}/test_dosing_decide.py",
        f"{_UNIT}/test_dosing_lengths.py",
        f"{_UNIT}/test_dosing_conflict.py",
        f"{_UNIT}/calculators/test_decimals.py",
    ),
)


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to one function, as a short diff."""

    name: str
    file: str
    diff: str


@dataclass(frozen=True, slots=True)
class Score:
    """What became of the mutants of one group that were run, of ``total`` that there are."""

    group: str
    total: int
    outcomes: Mapping[Mutant, Outcome]

    @property
    def survivors(self) -> list[Mutant]:
        """Those that no test noticed, the ones that no test reaches among them."""
        return [m for m, o in self.outcomes.items() if o not in (Outcome.KILLED, Outcome.TIMED_OUT)]

    @property
    def killed(self) -> int:
        """Those on which a test failed or ran out of time."""
        return len(self.outcomes) - len(self.survivors)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the groups that were asked for, all of them without a name."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutate", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    parser.add_argument("--quick", action="store_true", help="a few small files, within a minute")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants of each group")
    parser.add_argument("--seed", type=int, default=SEED, help="which mutants a sample holds")
    parser.add_argument("--floor", type=float, default=95.0, help="least share killed, in percent")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args(argv)
    unknown = [name for name in arguments.groups if name not in GROUPS]
    if unknown:
        parser.error(f"no group {', '.join(unknown)}; there are: {', '.join(GROUPS)}")
    chosen = {name: GROUPS[name] for name in arguments.groups or GROUPS}
    if arguments.quick:
        chosen = {"quick": QUICK}
    scores = []
    for name, group in chosen.items():
        score = _run(name, group, arguments.children, arguments.sample, arguments.seed)
        _print(score)
        scores.append(score)
    killed, judged = sum(s.killed for s in scores), sum(len(s.outcomes) for s in scores)
    print(f"All: killed {rate(killed, judged)}")
    return 0 if judged and 100 * killed >= arguments.floor * judged else 1


def _print(score: Score) -> None:
    """One line for each file and one for the group."""
    judged, survived = (
        Counter(mutant.file for mutant in mutants) for mutants in (score.outcomes, score.survivors)
    )
    for file, count in sorted(judged.items()):
        print(f"{file}: {count - survived[file]} of {count} killed")
    kinds = Counter(score.outcomes.values())
    print(
        f"{score.group}: killed {rate(score.killed, len(score.outcomes))}, of {score.total} mutants"
        f" ({', '.join(f'{n} {kind}' for kind, n in sorted(kinds.items()))})",
        flush=True,
    )


def _run(name: str, group: Group, children: int, sample: int, seed: int) -> Score:
    """Mutate one group in a copy of the checkout, which is removed afterwards.

    ``sample``: only so many mutants, the same ones for the same code and seed; 0 for all.
    """
    with tempfile.TemporaryDirectory(prefix="guideline-mutation-") as folder:
        copy = Path(folder)
        for part in COPIED:
            source = ROOT / part
            if source.is_dir():
                shutil.copytree(source, copy / part, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy2(source, copy / part)
        project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
        (copy / "pyproject.toml").write_text(
            f'{project}\n[tool.mutmut]\nsource_paths = ["{DOSING}"]\n', encoding="utf-8"
        )
        log = ROOT / "var" / "mutation" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        mutants = _mutate(copy, group.files)
        chosen = _sample(mutants, sample, random.Random(seed)) if sample else mutants
        outcomes = _judge(copy, chosen, group.tests, children, log)
    score = Score(name, len(mutants), outcomes)
    log.with_suffix(".survivors").write_text(
        "".join(f"# {outcomes[m]}: {m.name}\n{m.diff}\n" for m in score.survivors),
        encoding="utf-8",
    )
    return score


def _mutate(copy: Path, files: Sequence[str]) -> list[Mutant]:
    """Write all mutants into the files; mutmut's trampolines choose one when the code runs."""
    found: list[Mutant] = []
    with contextlib.chdir(copy):
        paths = [p for f in map(Path, files) for p in (sorted(f.rglob("*.py")) or [f])]
        for path in paths:
            mutated = mutate_file_contents(str(path), path.read_text(encoding="utf-8"))
            path.write_text(mutated.code, encoding="utf-8")
            lines, spans = mutated.code.splitlines(), mutated.line_span_by_function_name
            for name in mutated.mutant_names:
                before, after = (
                    [
                        line.replace(key, name)
                        for line in lines[spans[key].start - 1 : spans[key].end]
                    ]
                    for key in (f"{name.partition('__mutmut_')[0]}__mutmut_orig", name)
                )
                found.append(
                    Mutant(get_mutant_name(path, name), str(path), _difference(before, after))
                )
    return found


def _difference(before: Sequence[str], after: Sequence[str]) -> str:
    compared = difflib.unified_diff(before, after, n=0, lineterm="")
    return "\n".join(line for line in compared if not line.startswith(("---", "+++", "@@")))


def _sample(mutants: Sequence[Mutant], size: int, chance: random.Random) -> list[Mutant]:
    """So many mutants, spread evenly over the files: every n-th after a shuffle of each file."""
    by_file: defaultdict[str, list[Mutant]] = defaultdict(list)
    for mutant in mutants:
        by_file[mutant.file].append(mutant)
    shuffled = [m for of_file in by_file.values() for m in chance.sample(of_file, len(of_file))]
    step = max(1.0, len(shuffled) / size)
    start = chance.random() * step
    places = (int(start + n * step) for n in range(size))
    return [shuffled[place] for place in places if place < len(shuffled)]


def _judge(
    copy: Path, mutants: Sequence[Mutant], tests: Sequence[str], children: int, log: Path
) -> dict[Mutant, Outcome]:
    """Run the tests against each mutant; exits where the unchanged code fails them."""
    plan, result = copy / "plan.json", copy / "result.json"
    plan.write_text(json.dumps([mutant.name for mutant in mutants]), encoding="utf-8")
    settled = {PLAN: str(plan), RESULT: str(result), CHILDREN: str(children)}
    with log.open("w", encoding="utf-8") as stream:
        _pytest(copy, tests, settled, stream.fileno())
        if not result.exists():
            sys.exit(f"No mutant was run; {log} says why.")
        found: dict[str, tuple[str, list[str]]] = json.loads(result.read_text(encoding="utf-8"))
        outcomes = {mutant: Outcome(found[mutant.name][0]) for mutant in mutants}
        for mutant, outcome in outcomes.items():
            if outcome is Outcome.AT_IMPORT:
                files = found[mutant.name][1]
                arguments = ["-x", *(tests if "" in files else files)]
                active = {"MUTANT_UNDER_TEST": mutant.name}
                code = _pytest(copy, arguments, active, stream.fileno())
                outcomes[mutant] = Outcome.KILLED if code else Outcome.SURVIVED
    return outcomes


def _pytest(copy: Path, arguments: Sequence[str], settled: Mapping[str, str], log: int) -> int:
    plain = ["-q", "-s", "--tb=line", "-p", "no:cacheprovider", "-p", "tests.mutant_runner"]
    try:
        return subprocess.run(
            [sys.executable, "-m", "pytest", *plain, *arguments],
            cwd=copy,
            env={**os.environ, "PYTHONPATH": str(copy), **settled},
            stdout=log,
            stderr=log,
            timeout=None if PLAN in settled else LIMIT,
        ).returncode
    except subprocess.TimeoutExpired:
        return 1


if __name__ == "__main__":
    sys.exit(main())
