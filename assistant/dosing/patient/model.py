"""What is known of a patient, what the user chose, and the working of a dose, as values.

Every measurement keeps its unit and its date. Values are exact fractions: a result must not
depend on the unit in which a number was typed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from assistant.dosing.calculators.body import Sex
from assistant.dosing.calculators.convert import Measured
from assistant.dosing.model import Frequency
from assistant.dosing.table.model import DoseKind


class CalculationPolicy(StrEnum):
    """Which rules a patient's dose may be worked out from."""

    OFF = "off"
    UNREVIEWED_WITH_NOTICE = "unreviewed-with-notice"
    REVIEWED_ONLY = "reviewed-only"


@dataclass(frozen=True, slots=True)
class Dated:
    """One measurement and the day it was taken; None when the day was not said."""

    measured: Measured
    on: date | None = None

    @property
    def value(self) -> Fraction:
        """The exact value in the base unit of what was measured."""
        return self.measured.value

    def __str__(self) -> str:
        return str(self.measured)


@dataclass(frozen=True, slots=True)
class Age:
    """An exact age in years, and the words for it ("6 years", "8 months")."""

    years: Fraction
    words: str

    @property
    def completed_years(self) -> int:
        """Whole years lived, as the clearance formula takes them."""
        return self.years.numerator // self.years.denominator


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """What was measured and said; None where nothing was said, never a default.

    ``clearance`` is a measured clearance in mL/min; ``egfr`` is a rate per 1.73 m2.
    ``previous`` is the total per m2 already given of a drug, by its id.
    """

    age: Age | None = None
    sex: Sex | None = None
    weight: Dated | None = None
    height: Dated | None = None
    creatinine: Dated | None = None
    clearance: Dated | None = None
    egfr: Dated | None = None
    bilirubin: Dated | None = None
    previous: Mapping[str, Dated] = field(default_factory=dict)
    dialysis: bool | None = None
    creatinine_changing: bool | None = None  # or acute kidney injury
    pregnant: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the user chose where a rule leaves a choice.

    ``chosen`` is the id of the rule picked among rules that disagree; ``kidney_weight`` is
    the weight picked for the clearance when the three kinds fall into different bands;
    ``conditions`` are the worded conditions of a rule that hold ("on fluconazole").
    """

    indication: str = ""
    frequency: Frequency | None = None
    doses: int | None = None
    chosen: str = ""
    kidney_weight: str = ""  # actual | ideal | adjusted
    conditions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """An amount or a pair of amounts with a unit; ``low`` None is "up to". Never a midpoint."""

    low: Fraction | None
    high: Fraction
    unit: str

    def scaled(self, factor: Fraction, unit: str = "") -> Span:
        """Both ends times a factor, in another unit if one is given."""
        low = None if self.low is None else self.low * factor
        return Span(low, self.high * factor, unit or self.unit)


class StepName(StrEnum):
    """The lines of a working, in the order in which they are worked out."""

    SIZE = "size"
    DOSE = "dose"
    ORGAN = "organ"
    CAPS = "caps"
    ROUNDING = "rounding"
    SCHEDULE = "schedule"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Input:
    """One value that went into a step."""

    name: str
    value: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operation: its formula, what went in, what was done, what came out.

    ``text`` is the printed line without its label; it holds every number of the step.
    """

    name: StepName
    label: str
    formula: str
    inputs: tuple[Input, ...]
    operation: str
    output: Span | None
    text: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Working:
    """How a dose was worked out from one rule for one patient; a proposal, not an instruction.

    ``dose`` is the last amount, counted as ``kind`` says; ``notices`` must be shown with it.
    """

    rule_id: str
    rule_version: int
    drug: str
    table_version: str
    reviewers: tuple[str, ...]
    patient: str
    steps: tuple[Step, ...]
    dose: Span
    kind: DoseKind
    frequency: Frequency | None
    notices: tuple[str, ...] = ()

    @property
    def reviewed(self) -> bool:
        """Whether people have vouched for the rule."""
        return bool(self.reviewers)

    def step(self, name: StepName) -> Step | None:
        """The step of that name, or None when the rule has none."""
        return next((step for step in self.steps if step.name is name), None)
