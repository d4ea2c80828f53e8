"""What has to be true of a score beyond the form of its file: no gap, no overlap, no surprise."""

from __future__ import annotations

import math
from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from assistant.dosing.calculators.convert import Measured
from assistant.dosing.calculators.inputs import Absent, Answers, Given, Input, InputKind
from assistant.dosing.calculators.scores.conditions import holds, inputs_of, limits_on
from assistant.dosing.calculators.scores.model import (
    Criteria,
    Equivalents,
    Item,
    Linear,
    Points,
    Ratio,
    Score,
    ScoreError,
    Thresholds,
)

_STEP = Fraction(1, 10**9)  # just below and just above a limit
MAX_PROBES = 50_000


def check_score(score: Score) -> None:
    """Raise ScoreError for a gap or an overlap between categories, or a needed optional input."""
    inputs = {item.id: item for item in score.inputs}
    if len(inputs) != len(score.inputs):
        raise ScoreError(score.file, "input", "Two inputs have the same id.")
    match score.arithmetic:
        case Points(items=items):
            for item in items:
                _check_categories(score, item, inputs)
        case Criteria(entry=entry):
            _need(score, [n for c in entry for n in inputs_of(c.when)], inputs)
        case Linear(terms=terms):
            _need(score, [term.input for term in terms], inputs)
        case Thresholds(applies=applies, conditions=conditions):
            _need(score, [n for c in (*applies, *conditions) for n in inputs_of(c.when)], inputs)
        case Ratio(numerator=numerator, denominator=denominator):
            _need(score, [numerator, denominator], inputs)
        case Equivalents(drug=drug, amount=amount):
            _need(score, [drug, amount], inputs)
    names = {name for example in score.examples for name, _ in example.inputs}
    if unknown := names - inputs.keys():
        raise ScoreError(score.file, "example.inputs", f"There is no input {sorted(unknown)}.")


def _need(score: Score, names: list[str], inputs: dict[str, Input]) -> None:
    for name in names:
        if inputs[name].optional:
            raise ScoreError(
                score.file, f"input '{name}'", "The arithmetic needs it: it can't be optional."
            )


def _check_categories(score: Score, item: Item, inputs: dict[str, Input]) -> None:
    """Every combination of answers at and around each limit falls into exactly one category.

    Inputs that count as "no" when they are absent are other ways to answer the same item;
    they are left out here, and a contradiction is refused when it is given.
    """
    names = list(dict.fromkeys(n for c in item.categories for n in inputs_of(c.when)))
    main = [n for n in names if inputs[n].absent is not Absent.NO]
    probes = [list(_probes(inputs[n], item)) for n in main]
    if math.prod(len(values) for values in probes) > MAX_PROBES:
        raise ScoreError(score.file, f"item '{item.label}'", "It has too many limits to check.")
    for combination in product(*probes):
        answers = Answers(score.inputs, dict(zip(main, combination, strict=True)))
        labels = [c.label for c in item.categories if holds(c.when, answers)]
        if len(labels) != 1:
            at = ", ".join(f"{n} {v}" for n, v in zip(main, combination, strict=True))
            raise ScoreError(
                score.file,
                f"item '{item.label}'",
                f"At {at} it falls into {len(labels)} categories ({', '.join(labels)}).",
            )


def _probes(item: Input, scored: Item) -> Iterator[Given]:
    if item.kind is InputKind.YES_NO:
        yield from (True, False)
    elif item.kind is InputKind.CHOICE:
        yield from item.choices
    elif item.analyte is not None:
        limits = {m for c in scored.categories for m in limits_on(c.when, item.id)}
        for limit in sorted(limits, key=lambda m: m.value):
            for value in (limit.value - _STEP, limit.value, limit.value + _STEP):
                yield Measured(item.analyte, value, value, limit.unit)
