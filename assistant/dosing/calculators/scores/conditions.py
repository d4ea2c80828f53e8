"""Conditions on the answers, in three-valued logic: true, false, or unknown (None).

A missing test is unknown and never false, so a count of conditions has a least and a greatest
possible value.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from assistant.dosing.calculators.convert import Measured
from assistant.dosing.calculators.inputs import Absent, Answers

Truth: TypeAlias = bool | None


class Comparator(StrEnum):
    """How a value stands to a limit, as printed: the limit is included or not."""

    AT_LEAST = "at_least"
    ABOVE = "above"
    AT_MOST = "at_most"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit; ``printed`` holds it in each unit in which the source prints it.

    A value is compared in its own unit where the source prints the limit in that unit
    (3.0 mmol/L and 265 mg/dL are the same limit, but not the same number), else in the first.
    """

    comparator: Comparator
    printed: tuple[Measured, ...]

    def holds(self, value: Measured) -> bool:
        """Whether the value satisfies the limit, exactly."""
        limit = next((p for p in self.printed if p.unit == value.unit), self.printed[0]).value
        match self.comparator:
            case Comparator.AT_LEAST:
                return value.value >= limit
            case Comparator.ABOVE:
                return value.value > limit
            case Comparator.AT_MOST:
                return value.value <= limit
            case Comparator.BELOW:
                return value.value < limit


@dataclass(frozen=True, slots=True)
class Within:
    """A measured input satisfies all of some limits."""

    input: str
    limits: tuple[Limit, ...]


@dataclass(frozen=True, slots=True)
class Is:
    """A yes-or-no input or a choice has one value."""

    input: str
    value: str | bool


@dataclass(frozen=True, slots=True)
class Count:
    """The number of conditions that hold lies between two whole numbers, both included."""

    of: tuple[Condition, ...]
    low: int
    high: int


Condition: TypeAlias = Within | Is | Count


def holds(condition: Condition, answers: Answers) -> Truth:
    """Whether a condition holds; None when the answers do not decide it."""
    if isinstance(condition, Count):
        low, high = count(condition.of, answers)
        if condition.low <= low and high <= condition.high:
            return True
        if high < condition.low or low > condition.high:
            return False
        return None
    value = answers.values.get(condition.input)
    if value is None:
        item = next(i for i in answers.inputs if i.id == condition.input)
        return False if item.absent is Absent.NO else None
    if isinstance(condition, Within):
        assert isinstance(value, Measured)  # the loader compares only measured inputs
        return all(limit.holds(value) for limit in condition.limits)
    return value == condition.value


def count(conditions: tuple[Condition, ...], answers: Answers) -> tuple[int, int]:
    """The least and the greatest number of conditions that can hold."""
    truths = [holds(condition, answers) for condition in conditions]
    met = truths.count(True)
    return met, met + truths.count(None)


def inputs_of(condition: Condition) -> Iterator[str]:
    """The ids of the inputs on which a condition depends, in order, with repeats."""
    if isinstance(condition, Count):
        for part in condition.of:
            yield from inputs_of(part)
    else:
        yield condition.input


def limits_on(condition: Condition, name: str) -> Iterator[Measured]:
    """Every printed limit that a condition sets on one input."""
    if isinstance(condition, Count):
        for part in condition.of:
            yield from limits_on(part, name)
    elif isinstance(condition, Within) and condition.input == name:
        for limit in condition.limits:
            yield from limit.printed
