"""What the dose reader finds: doses, numbers and flags, as frozen values.

Offsets are half-open and point into the raw text, so every finding can be underlined.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from typing import Any

from corpus.errors import GuidelineError

MAX_TEXT = 50_000
MAX_SENTENCE = 2_000
MAX_NUMBERS = 120  # in one sentence; the fullest line of the clinical sources has 39
MODULE_VERSION = "2026.11.1"


class TextTooLong(GuidelineError, ValueError):
    """The text is longer than the reader accepts; nothing was read."""

    def __init__(self, length: int) -> None:
        self.length = length
        super().__init__(
            f"The text has {length:,} characters; doses are read from at most {MAX_TEXT:,}. "
            "Shorten it, or check it part by part."
        )


class Kind(StrEnum):
    """What a number in a text is."""

    DOSE = "dose"
    FREQUENCY = "frequency"
    DURATION = "duration"
    COUNT = "count"
    SCHEDULE = "schedule"
    TIME_WINDOW = "time_window"
    LAB = "lab"
    CONCENTRATION = "concentration"
    STRENGTH = "strength"
    VOLUME = "volume"
    BODY_SIZE = "body_size"
    AGE = "age"
    SCORE = "score"
    PERCENTAGE = "percentage"
    STATISTIC = "statistic"
    CITATION = "citation"
    REFERENCE = "reference"
    NAME = "name"
    UNKNOWN = "unknown"


class DoseRole(StrEnum):
    """What a sentence does with an amount."""

    STATED = "stated"
    REJECTED = "rejected"
    PREVIOUS = "previous"
    MAXIMUM = "maximum"
    MINIMUM = "minimum"
    CUMULATIVE_LIMIT = "cumulative_limit"
    RELATIVE = "relative"

    @property
    def is_limit(self) -> bool:
        """Whether the amount bounds a dose and isn't one."""
        return self in {DoseRole.MAXIMUM, DoseRole.MINIMUM, DoseRole.CUMULATIVE_LIMIT}


def decimal_text(value: Fraction) -> str:
    """The shortest decimal string of an exact value, "2.5"; thirds keep their fraction bar.

    >>> decimal_text(Fraction(5, 2))
    '2.5'
    """
    denominator = value.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    if denominator != 1:
        return f"{value.numerator}/{value.denominator}"
    places = 0
    while 10**places % value.denominator:
        places += 1
    digits = str(abs(value.numerator) * 10**places // value.denominator)
    if places:
        digits = digits.rjust(places + 1, "0")
        digits = f"{digits[:-places]}.{digits[-places:]}"
    return f"-{digits}" if value < 0 else digits


@dataclass(frozen=True, slots=True)
class Bound:
    """One value, or a range: never a midpoint. ``None`` where the text gives no end."""

    low: Fraction | None
    high: Fraction | None
    unit: str = ""

    def to_record(self) -> dict[str, str]:
        """Plain strings; an end that the text doesn't give is left out."""
        record = {}
        if self.low is not None:
            record["low"] = decimal_text(self.low)
        if self.high is not None:
            record["high"] = decimal_text(self.high)
        if self.unit:
            record["unit"] = self.unit
        return record


@dataclass(frozen=True, slots=True)
class Frequency:
    """``n`` (to ``n_max``) times every ``period`` (to ``period_max``) h, d, wk or mo."""

    n: int
    period: int
    unit: str
    n_max: int | None = None
    period_max: int | None = None

    def to_record(self) -> dict[str, Any]:
        """Plain data with the absent ends left out."""
        record: dict[str, Any] = {"n": self.n, "period": self.period, "unit": self.unit}
        if self.n_max is not None:
            record["n_max"] = self.n_max
        if self.period_max is not None:
            record["period_max"] = self.period_max
        return record


@dataclass(frozen=True, slots=True, kw_only=True)
class Dose:
    """One amount as written, with everything that the sentence attaches to it."""

    start: int
    end: int
    text: str
    drug: str | None  # id of the drug table
    drug_name: str | None
    low: Fraction | None  # None when the number could not be read
    high: Fraction | None
    unit: str
    basis: str = ""
    per: str = ""
    role: DoseRole = DoseRole.STATED
    cmp: str = "="
    freq: Frequency | None = None
    routes: tuple[str, ...] = ()
    duration: Bound | None = None
    over: Bound | None = None
    count: Bound | None = None
    units_per_dose: Bound | None = None
    divided: Bound | None = None
    days: str = ""
    weeks: str = ""
    cumulative: bool = False
    population: str = ""
    inherited: tuple[str, ...] = ()  # groups of patients from heading or metadata
    conditions: tuple[str, ...] = ()  # "<30kg", ">=65y": set for this amount
    phases: tuple[Frequency, ...] = ()  # later frequencies of the same amount
    flags: tuple[str, ...] = ()
    sentence: int = 0  # index of the sentence, from 0
    parts: tuple[tuple[int, int], ...] = ()  # raw spans of the numbers that it explains

    def to_record(self) -> dict[str, Any]:
        """The fixed plain form of the dosing interface; absent fields are left out."""
        record: dict[str, Any] = {
            "drug": self.drug_name,
            "low": None if self.low is None else decimal_text(self.low),
            "high": None if self.high is None else decimal_text(self.high),
            "unit": self.unit,
            "basis": self.basis,
            "per": self.per,
            "role": str(self.role),
            "cmp": self.cmp,
        }
        if self.freq:
            record["freq"] = self.freq.to_record()
        if self.routes:
            record["route"] = "/".join(self.routes)
        bounds: Mapping[str, Bound | None] = {
            "duration": self.duration,
            "over": self.over,
            "count": self.count,
            "units_per_dose": self.units_per_dose,
            "divided": self.divided,
        }
        record |= {name: b.to_record() for name, b in bounds.items() if b is not None}
        for name, value in (
            ("days", self.days),
            ("weeks", self.weeks),
            ("cumulative", self.cumulative),
            ("population", self.population),
        ):
            if value:
                record[name] = value
        record["flags"] = list(self.flags)
        return record


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """One number of the text and what it is.

    ``key`` is its canonical wording for comparison; ``subject`` names what was measured
    (an analyte, a score); ``pair`` is the key of the number it is set against ("a vs b").
    """

    text: str
    kind: Kind
    start: int
    end: int
    key: str = ""
    subject: str = ""
    cmp: str = ""
    pair: str = ""
    before: str = ""
    after: str = ""
    leftover: bool = False  # its kind rests on its neighbours, which must then agree too


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """Everything that was read from one text."""

    text: str
    doses: tuple[Dose, ...] = ()
    numbers: tuple[Number, ...] = ()
    flags: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()  # ids in order of mention
    named: tuple[tuple[int, int, str], ...] = ()  # raw span and id of every drug named
    context_drugs: tuple[str, ...] = ()  # ids that a heading or metadata gave
    phases: tuple[str, ...] = ()  # of treatment, that a heading or metadata gave
    unread: tuple[tuple[int, int], ...] = ()  # raw spans of sentences that were refused
    version: str = field(default=MODULE_VERSION)

    def to_records(self) -> dict[str, Any]:
        """Plain data under fixed names: doses, numbers in text order, flags."""
        return {
            "doses": [dose.to_record() for dose in self.doses],
            "numbers": [[number.text, str(number.kind)] for number in self.numbers],
            "flags": list(self.flags),
        }
