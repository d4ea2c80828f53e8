"""The calculators on their worked examples, and against their second implementation."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from assistant.dosing.calculators.catalogue import Calculator, calculators, render_result
from assistant.dosing.calculators.decimals import display
from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.calculators.scores.model import Score
from eval.errors import DataError

_COUNTED = re.compile(r"(\d+) (passed|failed|error)")


@dataclass(frozen=True, slots=True)
class Examples:
    """Printed values that were compared, and those that came out otherwise, in words."""

    compared: int
    wrong: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparisons:
    """Comparisons with the second implementation: how many were run, how many agreed."""

    run: int
    agreed: int


def run_examples(library_folder: Path, formulas: Path) -> Examples:
    """Every worked example: those of the formulas from a file, those of the scores from theirs.

    Raises DataError for a file of examples that can't be read.
    """
    ours = {calculator.id: calculator for calculator in calculators(library_folder)}
    outcomes = [*_of_formulas(ours, formulas), *_of_scores(ours)]
    return Examples(len(outcomes), tuple(wrong for wrong in outcomes if wrong))


def _of_formulas(ours: Mapping[str, Calculator], path: Path) -> Iterator[str]:
    try:
        examples = tomllib.loads(path.read_text("utf-8"))["example"]
        for example in examples:
            yield from _formula(ours[example["calculator"]], example)
    except (OSError, KeyError, tomllib.TOMLDecodeError) as error:
        raise DataError(path, f"{error}.") from error


def _formula(calculator: Calculator, example: Mapping[str, Any]) -> Iterator[str]:
    """What differs, once for each printed value; empty where it is the same."""
    title, printed = example["title"], example["value"]
    result = calculator.run(example["inputs"])
    if isinstance(result, Refusal) or result.value is None:
        yield f"{title}: {result}"
        return
    yield _differs(title, printed, result.value)
    working = render_result(result)
    for part in example.get("contains", ()):
        yield "" if part in working else f"{title}: “{part}” is not in the working"
    weight = example["inputs"].get("weight", "").removesuffix(" kg")
    for amount in example.get("amounts", ()):
        size = result.value if amount["per"] == "m2" else Decimal(weight)
        what = f"{title}: {amount['amount']} per {amount['per']}"
        yield _differs(what, amount["value"], Decimal(amount["amount"]) * size)


def _differs(what: str, printed: str, value: Decimal) -> str:
    found = display(value, len(printed.partition(".")[2]))
    return "" if found == printed else f"{what}: {found} instead of {printed}"


def _of_scores(ours: Mapping[str, Calculator]) -> Iterator[str]:
    for calculator in ours.values():
        if not isinstance(calculator.source, Score):
            continue
        for example in calculator.source.examples:
            what = f"{calculator.label}, {example.title}"
            result = calculator.run(dict(example.inputs))
            if isinstance(result, Refusal):
                yield f"{what}: {result}"
                continue
            shown = "" if result.value is None else display(result.value, result.places)
            yield "" if shown == example.value else f"{what}: {shown} instead of {example.value}"
            working = render_result(result)
            for part in example.contains:
                yield "" if part in working else f"{what}: “{part}” is not in the working"


def run_second_implementation(tests: Path) -> Comparisons | None:
    """Run the tests that hold the second implementation; None when they are not here.

    They live with the tests because they name the scores of one library. Each compares some
    hundred generated inputs.
    """
    if not tests.is_file():
        return None
    finished = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "--no-header", "-p", "no:cacheprovider", tests],
        capture_output=True,
        text=True,
        check=False,
    )
    counts = {word: int(count) for count, word in _COUNTED.findall(finished.stdout)}
    if not counts:
        raise DataError(tests, "its tests did not run.")
    return Comparisons(sum(counts.values()), counts.get("passed", 0))
