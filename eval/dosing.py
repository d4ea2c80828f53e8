"""``python -m eval dosing``: every criterion of the dosing module, target and measured value.

The report goes to stdout, progress to stderr; ``--json OUT.json`` writes all items as data.
``--fast`` takes a sample, for daily use. Exit 0 measured, 2 wrong use, 1 failed.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from assistant.dosing import Kind, parse
from assistant.library import open_library
from assistant.settings import FILE, ROOT, load_settings
from corpus.errors import GuidelineError
from corpus.library import Library
from corpus.shell import write_whole
from eval import dosing_criteria as criteria
from eval.bench.dose_reading import fastest_ms, measure_adversarial, whole_answer_ms
from eval.dose_mutations import run_mutations, run_rewrites, withheld_over_library
from eval.dose_reading import ReadingScore, score_instructions, score_reading
from eval.dosing_calculators import run_examples, run_second_implementation
from eval.dosing_criteria import Criterion, ModuleMutations, State, Times, Unexplained
from eval.errors import DataError, ReportError
from eval.medcalc import score_medcalc
from eval.metrics import percentile
from eval.runner import code_fingerprint

SAMPLE = 8  # every so many statements with --fast
REPEATS, FAST_REPEATS = 5, 2

READING = "reading"
HELD_OUT = "reading, held-out set"
LIBRARY = "library"
MUTATIONS = "answers"
TIMES = "time"
CALCULATORS = "calculators"
CODE = "code"


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What is measured on. The labels live with the tests, the outside sets beside the program."""

    open_list: Path
    development: Path
    held_out: Path
    second_implementation: Path
    instructions: Path
    medcalc: Path
    examples: Path = ROOT / "eval" / "worked_examples.toml"
    code_mutation: Path = ROOT / "eval" / "dosing_code_mutation.toml"


def files_in(root: Path, data: Path) -> Files:
    """The files of a working copy, and of a folder with the outside data sets."""
    labels = root / "tests" / "fixtures" / "dosing"
    tests = root / "tests" / "unit" / "dosing" / "calculators"
    return Files(
        open_list=labels / "open_list.jsonl",
        development=labels / "set2-development.jsonl",
        held_out=labels / "set6-heldout.jsonl",
        second_implementation=tests / "test_second_implementation.py",
        instructions=data / "dose-instructions" / "dev.jsonl",
        medcalc=data / "medcalc" / "dev.jsonl.gz",
    )


def main(
    argv: Sequence[str], environ: Mapping[str, str] = os.environ, files: Files | None = None
) -> int:
    """Measure and print; every expected failure is one clear sentence on stderr."""
    from tqdm import tqdm

    arguments = _parser().parse_args(argv)
    files = files or files_in(ROOT, arguments.data)
    try:
        library = open_library(load_settings(FILE, environ))
        facts = _facts(library, arguments)
        steps = _steps(library, files, fast=arguments.fast, held_out=arguments.held_out)
        found: list[Criterion] = []
        bar = tqdm(steps.items(), file=sys.stderr, unit="step", disable=None)
        for name, step in bar:
            bar.set_description(name)
            found += step()
        print(criteria.render(found, facts), end="")
        if arguments.json is not None:
            _write(arguments.json, criteria.to_json(found, facts))
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Nothing was left half-written.", file=sys.stderr)
        return 1
    unmet = sum(c.state is State.UNMET for c in found)
    if unmet:
        print(f"{unmet} of {len(found)} criteria are not met; see above.", file=sys.stderr)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval dosing", description="Every criterion of the dosing module."
    )
    parser.add_argument(
        "--fast", action="store_true", help=f"every {SAMPLE}th statement, fewer repeats"
    )
    parser.add_argument(
        "--held-out", action="store_true", help="also the half that is kept for the end"
    )
    parser.add_argument("--json", type=Path, metavar="OUT.json", help="write every item as JSON")
    parser.add_argument(
        "--data",
        type=Path,
        default=ROOT.parent / "shared" / "data",
        metavar="FOLDER",
        help="the outside data sets; what is not there is not measured",
    )
    return parser


def _facts(library: Library, arguments: argparse.Namespace) -> dict[str, str]:
    words = ["python -m eval dosing"]
    words += [f"--{name}" for name in ("fast", "held-out") if _is_set(arguments, name)]
    return {
        "Command": f"`{' '.join(words)}`",
        "Library": library.fingerprint[:16],
        "Code": code_fingerprint()[:16],
        "Machine": f"{platform.machine()}, {os.cpu_count()} cores, Python "
        f"{platform.python_version()}",
    }


def _is_set(arguments: argparse.Namespace, name: str) -> bool:
    return bool(getattr(arguments, name.replace("-", "_")))


Step = Callable[[], Sequence[Criterion]]


def _steps(library: Library, files: Files, *, fast: bool, held_out: bool) -> dict[str, Step]:
    """What is measured, in the order of the report, by the words of the progress bar."""
    every = SAMPLE if fast else 1
    repeats = FAST_REPEATS if fast else REPEATS
    steps: dict[str, Step] = {
        "open list": lambda: [_open_list(files.open_list)],
        "labelled strings": lambda: _labelled(READING, files.development),
        "dose instructions": lambda: [
            criteria.instructions(READING, score_instructions(files.instructions))
        ],
        "library": lambda: _library(library),
        "mutations": lambda: list(
            criteria.mutations(MUTATIONS, run_mutations(library, every=every))
        ),
        "rewrites": lambda: list(criteria.rewrites(MUTATIONS, run_rewrites(library, every=every))),
        "times": lambda: list(criteria.times(TIMES, _times(library, repeats))),
        "calculators": lambda: [
            criteria.examples(CALCULATORS, run_examples(library.folder, files.examples)),
            criteria.second_implementation(
                CALCULATORS, run_second_implementation(files.second_implementation)
            ),
            criteria.medcalc(CALCULATORS, score_medcalc(files.medcalc)),
        ],
        "code": lambda: [criteria.code_mutations(CODE, load_code_mutations(files.code_mutation))],
    }
    if held_out:
        steps["held-out strings"] = lambda: _labelled(HELD_OUT, files.held_out)
    return steps


def _lines(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(path, f"{error}.") from error


def _open_list(path: Path) -> Criterion:
    """Every string with exactly the amounts that are listed, and the flags that are asked for."""
    if not path.is_file():
        return criteria.unmeasured(READING, "strings of the open list read", "60 of 60")
    lines = _lines(path)
    try:
        wrong = [case["id"] for case in map(json.loads, lines) if not _is_as_listed(case)]
    except (ValueError, KeyError) as error:
        raise DataError(path, f"a line is no string with its amounts ({error}).") from error
    return criteria.open_list(READING, len(lines) - len(wrong), len(lines), wrong)


def _is_as_listed(case: Mapping[str, Any]) -> bool:
    doses = parse(case["text"]).to_records()["doses"]
    amounts = [[d["low"], d["high"], d["unit"], d["basis"], d["per"]] for d in doses]
    flags = {flag for dose in doses for flag in dose["flags"]}
    return amounts == case["amounts"] and set(case["flags"]) <= flags


def _labelled(part: str, path: Path) -> list[Criterion]:
    """The reader on one half of the labelled strings."""
    if not path.is_file():
        return [
            criteria.unmeasured(part, c.name, c.target)
            for c in criteria.reading(part, ReadingScore())
        ]
    try:
        score = score_reading(_lines(path))
    except (ValueError, KeyError) as error:
        raise DataError(path, f"a line is no labelled string ({error}).") from error
    return list(criteria.reading(part, score))


def _library(library: Library) -> list[Criterion]:
    unexplained = []
    for passage in library.passages.values():
        read = parse(passage.text, context_drugs=passage.statement.facets.drugs)
        numbers = [n.text for n in read.numbers if n.kind is Kind.UNKNOWN]
        if numbers or read.unread:
            words = tuple(numbers) or ("unread",)
            unexplained.append(Unexplained(passage.id, words, passage.text, bool(read.doses)))
    withheld = withheld_over_library(library)
    return list(criteria.library(LIBRARY, unexplained, len(library.passages), withheld))


def _times(library: Library, repeats: int) -> Times:
    texts = [passage.statement.text for passage in library.passages.values()]
    sentences = sorted(fastest_ms(partial(parse, text), repeats) for text in texts)
    worst = measure_adversarial(repeats)[0]
    return Times(
        median=percentile(sentences, 50),
        p99=percentile(sentences, 99),
        worst=worst.full_ms,
        worst_name=worst.name,
        answer=whole_answer_ms(texts, repeats),
        statements=len(texts),
    )


def load_code_mutations(path: Path) -> tuple[ModuleMutations, ...]:
    """The scores that were entered after the last runs. Raises DataError."""
    try:
        raw = tomllib.loads(path.read_text("utf-8"))
        return tuple(_module(entry, path) for entry in raw.get("module", []))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise DataError(path, f"{error}.") from error


def _module(entry: Mapping[str, Any], path: Path) -> ModuleMutations:
    try:
        found = ModuleMutations(
            name=str(entry["name"]),
            killed=int(entry["killed"]),
            run=int(entry.get("sample", entry["total"])),
            total=int(entry["total"]),
            day=str(entry["date"]),
            command=str(entry["command"]),
        )
    except (KeyError, TypeError, ValueError) as error:
        raise DataError(path, f"a module lacks a usable {error}.") from error
    if not 0 <= found.killed <= found.run <= found.total or not found.run:
        counts = f"{found.killed} of {found.run} of {found.total}"
        raise DataError(path, f"{found.name}: {counts} can't be.")
    return found


def _write(path: Path, found: Mapping[str, object]) -> None:
    try:
        write_whole(path, json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    except OSError as error:
        raise ReportError(
            f"{path} can't be written: {error.strerror}. Choose a folder with space and "
            "permission to write, then run it again."
        ) from error
