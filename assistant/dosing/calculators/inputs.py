"""What a calculator asks for, and reading what someone answers; a refusal names the input."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import TypeAlias

from assistant.dosing.calculators.convert import Analyte, Measured, read_value, unit_names
from assistant.dosing.calculators.errors import Refusal, RefusalCode

UNKNOWN_WORDS = frozenset({"", "?", "unknown", "not known", "not done", "pending", "missing"})
_YES = frozenset({"yes", "y", "true", "1", "present"})
_NO = frozenset({"no", "n", "false", "0", "absent"})
_WHOLE = re.compile(r"\d{1,6}(?:\.\d{1,6})?", re.ASCII)


class InputKind(StrEnum):
    """How an input is answered."""

    MEASURED = "measured"  # a number with a unit of its analyte
    YES_NO = "yes-no"
    CHOICE = "choice"
    NUMBER = "number"  # a bare number that has no unit
    TEXT = "text"  # read by the calculator itself


class Absent(StrEnum):
    """What it means when an optional input is not given."""

    UNKNOWN = "unknown"  # nothing may be concluded from it
    NO = "no"  # it counts as not there, and the result says so


Given: TypeAlias = Measured | bool | str | Fraction | None
"""One answer as it was read; None is unknown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Input:
    """One thing that a calculator asks for. ``low`` and ``high`` are included."""

    id: str
    label: str
    kind: InputKind
    analyte: Analyte | None = None  # for MEASURED
    choices: tuple[str, ...] = ()  # for CHOICE
    low: Measured | None = None  # for MEASURED: what is taken at all, not a clinical limit
    high: Measured | None = None
    optional: bool = False
    absent: Absent = Absent.UNKNOWN
    absent_note: str = ""  # what the result says when it is absent and counts as "no"
    hint: str = ""

    @property
    def asks_for(self) -> str:
        """What may be written, for a form or a refusal: "mg/dL or µmol/L", "yes or no"."""
        match self.kind:
            case InputKind.MEASURED if self.analyte is not None:
                return f"a number in {unit_names(self.analyte)}"
            case InputKind.YES_NO:
                return "yes or no" + (", or unknown" if self.optional else "")
            case InputKind.CHOICE:
                return " / ".join(self.choices)
            case InputKind.NUMBER:
                return "a number"
        return self.hint or "text"


@dataclass(frozen=True, slots=True)
class Answers:
    """What was given for every input of a calculator, by id; None where it is unknown."""

    inputs: tuple[Input, ...]
    values: Mapping[str, Given] = field(default_factory=dict)

    def measured(self, name: str) -> Measured | None:
        """The measured value of an input, None when it is unknown."""
        value = self.values.get(name)
        return value if isinstance(value, Measured) else None

    def needed(self, name: str) -> Measured:
        """The measured value of an input that is not optional."""
        value = self.values[name]
        assert isinstance(value, Measured)  # read_answers refuses a missing one
        return value

    def decimal(self, name: str) -> Decimal | None:
        """The measured value in the base unit of its analyte, None when it is unknown."""
        value = self.measured(name)
        return None if value is None else value.decimal

    def text(self, name: str) -> str:
        """A choice or text; empty when it is unknown."""
        value = self.values.get(name)
        return value if isinstance(value, str) else ""

    def written(self) -> tuple[tuple[str, str], ...]:
        """(label, value as written) of everything that was given, in the order asked."""
        return tuple(
            (item.label, show_given(value))
            for item in self.inputs
            if (value := self.values.get(item.id)) is not None
        )

    def absent_notes(self) -> tuple[str, ...]:
        """What the result has to say about optional inputs that were not given."""
        return tuple(
            item.absent_note
            for item in self.inputs
            if item.absent_note and self.values.get(item.id) is None
        )


def show_given(value: Given) -> str:
    """One answer for reading: "39.8 °C", "yes", "liver and spleen", "not known"."""
    if value is None:
        return "not known"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)


def read_answers(inputs: Sequence[Input], given: Mapping[str, str]) -> Answers | Refusal:
    """Read every answer; the first that can't be taken is refused by its label.

    Refuses a name that no input has, a required input that is missing or unknown, a value
    without a unit of its analyte, one out of bounds, and one that is none of the choices.
    """
    known = {item.id for item in inputs}
    for name in given:
        if name not in known:
            listed = ", ".join(item.id for item in inputs)
            return Refusal(
                RefusalCode.UNREADABLE, f"There is no input '{name}'. The inputs are: {listed}."
            )
    values: dict[str, Given] = {}
    for item in inputs:
        text = given.get(item.id, "").strip()
        if text.lower() in UNKNOWN_WORDS:
            if not item.optional:
                return missing(item)
            values[item.id] = None
            continue
        value = _read(item, text)
        if isinstance(value, Refusal):
            return value
        values[item.id] = value
    return Answers(tuple(inputs), values)


def missing(item: Input) -> Refusal:
    """The refusal of an input that has to be given."""
    return Refusal(
        RefusalCode.MISSING, f"{item.label} is missing ('{item.id}'). Give {item.asks_for}."
    )


def _read(item: Input, text: str) -> Given | Refusal:
    match item.kind:
        case InputKind.MEASURED:
            return _read_measured(item, text)
        case InputKind.YES_NO:
            if text.lower() in _YES | _NO:
                return text.lower() in _YES
        case InputKind.CHOICE:
            for choice in item.choices:
                if " ".join(text.lower().split()) == choice.lower():
                    return choice
        case InputKind.NUMBER:
            if _WHOLE.fullmatch(text):
                return Fraction(text)
        case InputKind.TEXT:
            return text
    return Refusal(
        RefusalCode.UNREADABLE,
        f"{item.label} '{text}' can't be read ('{item.id}'). Give {item.asks_for}.",
    )


def _read_measured(item: Input, text: str) -> Measured | Refusal:
    assert item.analyte is not None  # the loader and the formulas see to it
    value = read_value(text, item.analyte, item.label)
    if isinstance(value, Refusal):
        return value
    too_low = item.low is not None and value.value < item.low.value
    too_high = item.high is not None and value.value > item.high.value
    if too_low or too_high:
        bounds = f"{item.low or '…'} to {item.high or '…'}"
        return Refusal(
            RefusalCode.IMPLAUSIBLE,
            f"{item.label} {value} lies outside what is taken ({bounds}). "
            "Check the value and its unit.",
        )
    return value
