"""Mutation testing of the dosing module: are its tests able to fail?

``python -m tests.mutate [--quick | --sample N] [--floor 95] [GROUP ...]``: a copy of the checkout,
mutmut on the files of each group with the tests of that group, then killed and surviving mutants
by file. Survivors are listed in var/mutation. Exit 0 above the floor, 1 below it, 2 wrong use.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DOSING = "assistant/dosing"
COPIED = ("assistant", "corpus", "index", "eval", "tests", "docs", "app.py", "guideline.toml")
SEED = 20261127  # of a sample
# What mutmut notes of a mutant: the exit code of its tests.
SURVIVED, UNJUDGED = 0, {5, 33, 34}


@dataclass(frozen=True, slots=True)
class Group:
    """Files that are mutated together, and the tests that have to notice."""

    files: tuple[str, ...]
    tests: tuple[str, ...]


# What the comparison is, by file; every other file beside them is the reader's.
_COMPARISON = [
    *("compare", "conflict", "decide", "fields", "gloss", "lengths", "passage", "report"),
    *("residual", "verdict", "verify"),
]
_UNIT = "tests/unit/dosing"


def _files(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(f"{DOSING}/{name}.py" for name in names)


def _reader() -> list[str]:
    found = sorted(path.stem for path in (ROOT / DOSING).glob("*.py"))
    return [name for name in found if name not in (*_COMPARISON, "__init__")]


GROUPS: Mapping[str, Group] = {
    "reader": Group(_files(_reader()), (_UNIT,)),
    "comparison": Group(_files(_COMPARISON), (_UNIT,)),
    "rules": Group((f"{DOSING}/table",), (_UNIT,)),
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
class Score:
    """The mutants of one file."""

    file: str
    killed: int
    survived: tuple[str, ...]
    unjudged: int  # of functions that no test calls after import

    @property
    def judged(self) -> int:
        """Killed and surviving together."""
        return self.killed + len(self.survived)


def main(argv: Sequence[str] | None = None) -> int:
    """Run the groups that were asked for, all of them without a name."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutate", description=__doc__)
    parser.add_argument("groups", nargs="*", metavar="GROUP", help=", ".join(GROUPS))
    parser.add_argument("--quick", action="store_true", help="a few small files, in minutes")
    parser.add_argument("--sample", type=int, default=0, help="so many mutants of each group")
    parser.add_argument("--floor", type=float, default=95.0, help="least share killed, in percent")
    parser.add_argument("--children", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args(argv)
    unknown = [name for name in arguments.groups if name not in GROUPS]
    if unknown:
        parser.error(f"no group {', '.join(unknown)}; there are: {', '.join(GROUPS)}")
    chosen = {name: GROUPS[name] for name in arguments.groups or GROUPS}
    if arguments.quick:
        chosen = {"quick": QUICK}
    scores = [
        score
        for name, group in chosen.items()
        for score in _run(name, group, arguments.children, arguments.sample)
    ]
    killed, judged = sum(s.killed for s in scores), sum(s.judged for s in scores)
    for score in scores:
        print(f"{score.file}: {score.killed} of {score.judged} killed, {score.unjudged} unjudged")
    share = 100 * killed / judged if judged else 0.0
    print(f"All: {killed} of {judged} killed, {share:.1f} %")
    return 0 if share >= arguments.floor else 1


def _run(name: str, group: Group, children: int, sample: int) -> list[Score]:
    """Mutate one group in a copy of the checkout, which is removed afterwards.

    ``sample``: only so many mutants, the same ones for the same code; 0 for all.
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
        (copy / "pyproject.toml").write_text(project + _configuration(group), encoding="utf-8")
        command = [sys.executable, "-m", "mutmut", "run", "--max-children", str(children)]
        environment = {**os.environ, "PYTHONPATH": str(copy)}
        log = ROOT / "var" / "mutation" / f"{name}.log"
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("w", encoding="utf-8") as stream:

            def run(*mutants: str) -> None:
                subprocess.run(
                    [*command, *mutants], cwd=copy, env=environment, stdout=stream, stderr=stream
                )

            if sample:
                run("none.of.them")  # writes all mutants and finds out which tests reach them
                names = sorted(key for key, _ in _codes(copy / "mutants"))
                run(*random.Random(SEED).sample(names, min(sample, len(names))))
            else:
                run()
        scores = list(_scores(copy / "mutants"))
        if not scores:
            sys.exit(f"No mutant of {name} was run; {log} says why.")
        survivors = [mutant for score in scores for mutant in score.survived]
        (log.parent / f"{name}.survivors").write_text(
            "".join(f"{_shown(copy, mutant)}\n" for mutant in survivors), encoding="utf-8"
        )
        return scores


def _configuration(group: Group) -> str:
    def listed(values: Sequence[str]) -> str:
        return json.dumps(list(values))

    return (
        f"\n[tool.mutmut]\nsource_paths = {listed(group.files)}\n"
        f"also_copy = {listed(COPIED)}\n"
        f"pytest_add_cli_args_test_selection = {listed(group.tests)}\n"
        'pytest_add_cli_args = ["-q", "-p", "no:cacheprovider"]\n'
        "use_git_change_detection = false\n"
    )


def _codes(mutants: Path) -> Iterator[tuple[str, int | None]]:
    for meta in sorted(mutants.rglob("*.py.meta")):
        yield from json.loads(meta.read_text())["exit_code_by_key"].items()


def _scores(mutants: Path) -> Iterator[Score]:
    for meta in sorted(mutants.rglob("*.py.meta")):
        codes: dict[str, int | None] = json.loads(meta.read_text())["exit_code_by_key"]
        if all(code is None for code in codes.values()):
            continue
        kinds = Counter(_kind(code) for code in codes.values() if code is not None)
        survived = tuple(key for key, code in codes.items() if code == SURVIVED)
        name = str(meta.relative_to(mutants)).removesuffix(".meta")
        yield Score(name, kinds["killed"], survived, kinds["unjudged"])


def _kind(code: int) -> str:
    if code == SURVIVED:
        return "survived"
    return "unjudged" if code in UNJUDGED else "killed"


def _shown(copy: Path, mutant: str) -> str:
    """The change that a mutant makes, as a short diff under its name."""
    shown = subprocess.run(
        [sys.executable, "-m", "mutmut", "show", mutant],
        cwd=copy,
        env={**os.environ, "PYTHONPATH": str(copy)},
        capture_output=True,
        text=True,
        check=False,
    ).stdout
    lines = [
        line
        for line in shown.splitlines()
        if line[:1] in "+-" and not line.startswith(("---", "+++"))
    ]
    return "\n".join([f"# {mutant}", *lines])


if __name__ == "__main__":
    sys.exit(main())
