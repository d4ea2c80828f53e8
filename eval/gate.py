"""``python -m eval gate``: floors below which no change may land.

The floors are in ``gate.toml``. A rate or a mean must reach its floor, a count of what must not
happen may not pass its ceiling. A measure that nothing was counted for has missed its floor: an
evaluation that lost its questions is no pass.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.settings import FILE as SETTINGS
from assistant.settings import load_settings
from corpus.errors import GuidelineError
from eval.errors import DataError
from eval.load import FOLDER, load_cases
from eval.model import Case, Judgement
from eval.scores import MEANS, RATES

FLOORS = Path(__file__).parent / "gate.toml"


@dataclass(frozen=True, slots=True)
class Floors:
    """``questions`` are names of question files; the fast subset is each ``every``-th case."""

    questions: tuple[str, ...]
    every: int
    at_least: Mapping[str, float]
    at_most: Mapping[str, float]

    def cases(self, *, fast: bool = False, folder: Path = FOLDER) -> tuple[Case, ...]:
        """The cases to ask, in order."""
        cases = load_cases(tuple(folder / f"{name}.jsonl" for name in self.questions))
        return cases[:: self.every] if fast else cases


@dataclass(frozen=True, slots=True)
class Missed:
    """A floor that was not reached, or a ceiling that was passed."""

    measure: str
    found: float | None
    wanted: str

    def __str__(self) -> str:
        found = "nothing was counted" if self.found is None else f"{self.found:.3f}"
        return f"{self.measure}: {found}, wanted {self.wanted}"


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Exit 0 all reached, 1 one missed or the run failed, 2 wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m eval gate", description="Hold an evaluation against its floors."
    )
    parser.add_argument("--fast", action="store_true", help="a part of the questions, as make test")
    arguments = parser.parse_args(argv)
    try:
        from eval.__main__ import evaluate

        floors = load_floors()
        cases = floors.cases(fast=arguments.fast)
        files = tuple(FOLDER / f"{name}.jsonl" for name in floors.questions)
        settings = load_settings(SETTINGS, environ)
        run = evaluate(cases, files, settings, "python -m eval gate")
        missed = misses(run.judgements, floors)
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    for miss in missed:
        print(f"Missed: {miss}")
    print(f"{len(cases)} questions, {len(missed)} of {_count(floors)} floors missed.")
    return 1 if missed else 0


def _count(floors: Floors) -> int:
    return len(floors.at_least) + len(floors.at_most)


def load_floors(path: Path = FLOORS) -> Floors:
    """The floors of a file; DataError where it is none, or names a measure that there is not."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        floors = Floors(
            questions=tuple(table["questions"]),
            every=int(table["every"]),
            at_least=dict(table["at_least"]),
            at_most=dict(table["at_most"]),
        )
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(path, f"it holds no floors ({error}).") from error
    unknown = {*floors.at_least, *floors.at_most} - {*MEANS, *RATES}
    if unknown or floors.every < 1:
        reason = f"{', '.join(sorted(unknown))} is no measure." if unknown else "every is below 1."
        raise DataError(path, reason)
    return floors


def misses(judgements: Sequence[Judgement], floors: Floors) -> tuple[Missed, ...]:
    """Every floor that these judgements miss, in the order of the file."""
    found = [
        (name, value, f"at least {least:g}", value is not None and value >= least)
        for name, least in floors.at_least.items()
        for value in [_value(name, judgements)]
    ]
    found += [
        (name, count, f"at most {most:g}", count <= most)
        for name, most in floors.at_most.items()
        for count in [float(sum(RATES[name](j)[0] for j in judgements))]
    ]
    return tuple(
        Missed(name, value, wanted) for name, value, wanted, reached in found if not reached
    )


def _value(name: str, judgements: Sequence[Judgement]) -> float | None:
    if name in MEANS:
        values = [v for v in map(MEANS[name], judgements) if v is not None]
        return sum(values) / len(values) if values else None
    pairs = [RATES[name](j) for j in judgements]
    counted = sum(n for _, n in pairs)
    return sum(events for events, _ in pairs) / counted if counted else None
