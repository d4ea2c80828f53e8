"""Drug entries, rules and regimens as frozen values; amounts are exact fractions.

A rule gives the dose of one drug in one context, as one source states it. Rules of different
sources are never merged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from fractions import Fraction

from assistant.dosing.model import Bound, Frequency
from corpus.model import Verification


class RuleKind(StrEnum):
    """What a rule is for."""

    DOSE = "dose"  # a dose that the source gives
    FORBIDDEN = "forbidden"  # a dose that must not be given, however often it is written
    WARNING = "warning"  # a dose of the source that is unsafe to automate
    GAP = "gap"  # the sources that were read give no dose


class Status(StrEnum):
    """Where a rule stands in its review; only ``reviewed``, inside its dates, may decide."""

    DRAFT = "draft"
    REVIEWED = "reviewed"
    SUSPENDED = "suspended"
    RETIRED = "retired"


class DoseKind(StrEnum):
    """What the amount of a rule counts for."""

    PER_ADMINISTRATION = "per_administration"
    PER_DAY = "per_day"
    PER_COURSE = "per_course"
    RATE = "rate"


class Level(StrEnum):
    """How close a source is to the data."""

    PRIMARY = "primary"
    LABEL = "label"
    SECONDARY = "secondary"


class Action(StrEnum):
    """What an adjustment does."""

    MULTIPLY = "multiply"
    REPLACE = "replace"
    INTERVAL = "interval"
    NONE = "none"  # the source says that no change is needed
    REFUSE = "refuse"  # nothing is calculated; the source gives no figure, or forbids the drug


@dataclass(frozen=True, slots=True)
class Amount:
    """An exact value in a closed-list unit, with its basis: 150 mg/m2."""

    value: Fraction
    unit: str  # kg g mg ug ng | U M[U] [IU] M[IU] | mmol meq mL | AUC
    basis: str = ""  # "" | kg | m2


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugEntry:
    """What may be said of a drug's doses at all; anything else is a mismatch."""

    id: str  # of the corpus drug table
    amount_units: tuple[str, ...]
    bases: tuple[str, ...]  # "flat", "kg", "m2"
    routes: tuple[str, ...]
    high_alert: bool
    narrow_therapeutic_index: bool
    tolerance_percent: Fraction = Fraction(0)  # over the usual maximum only
    codes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewer:
    """A person who checked a rule against its source."""

    name: str
    role: str
    registration: str
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Population:
    """For whom a rule holds; None where it sets no bound. Ages in years, half-open."""

    groups: tuple[str, ...] = ()  # words of the reader: adult, child, infant, elderly, ...
    age_min: Fraction | None = None
    age_below: Fraction | None = None
    weight_min: Fraction | None = None  # kg
    weight_below: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """When a rule holds; empty fields set no condition."""

    indications: tuple[str, ...] = ()
    population: Population = field(default_factory=Population)
    phase: str = ""
    setting: str = ""
    variant: str = ""  # one of several regimens that the same source offers side by side


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseRange:
    """The dose of a rule: usual range, hard limit, caps in absolute amounts."""

    kind: DoseKind
    unit: str
    basis: str
    low: Fraction | None  # None: "up to"
    high: Fraction
    hard_max: Fraction | None = None
    component: str = ""  # the component of a combination product that the amount counts
    also: tuple[tuple[str, Fraction, Fraction], ...] = ()  # other components: name, low, high
    at_least: bool = False  # the source gives the range as a minimum
    per: str = ""  # the time unit of a rate: "min" | "h"


@dataclass(frozen=True, slots=True, kw_only=True)
class Schedule:
    """When and how the dose is given."""

    frequencies: tuple[Frequency, ...] = ()
    forbidden_frequencies: tuple[Frequency, ...] = ()
    frequency_required: bool = False
    routes: tuple[str, ...] = ()
    duration: Bound | None = None
    split_over: Bound | None = None
    infuse_over: Bound | None = None
    counts: Bound | None = None
    days: str = ""  # "1,8,15" | "1-14"
    weeks: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cumulative:
    """A limit of the total over a course or a lifetime."""

    scope: str  # "course" | "lifetime"
    unit: str
    basis: str
    soft_max: Fraction | None
    hard_max: Fraction | None
    verification: Verification = Verification.READ
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """A change for organ function or an interacting drug, in one band of one variable.

    The band runs from ``low`` (included unless ``low_open``) to ``high`` (excluded unless
    ``high_closed``); None is unbounded. ``when`` names a condition that is no number.
    """

    variable: str = ""  # creatinine_clearance | bilirubin | weight | ""
    unit: str = ""
    low: Fraction | None = None
    high: Fraction | None = None
    low_open: bool = False
    high_closed: bool = False
    when: str = ""  # "with a strong CYP3A4 inhibitor", "on dialysis"
    action: Action = Action.NONE
    factor: Fraction | None = None
    replace: Amount | None = None
    interval: Frequency | None = None
    verification: Verification = Verification.READ
    source: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calculate:
    """How a patient's dose is worked out; None of it is applied unless stated."""

    size: str = ""  # bsa.mosteller | bsa.dubois | bsa.haycock | ""
    weight: str = "actual"  # actual | ideal | adjusted
    max_single: Amount | None = None
    max_daily: Amount | None = None
    round_step: Amount | None = None
    max_change_percent: Fraction = Fraction(5)
    fresh_days: Mapping[str, int] = field(default_factory=dict)  # weight, creatinine


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSource:
    """Where a rule comes from: a bibliography entry and, where there is one, a passage."""

    key: str  # of the bibliography
    id: str = ""  # "s1": by which adjustments and totals of the same rule refer to it
    via: str = ""  # the text in which it was read, if another
    citation: str = ""
    level: Level = Level.SECONDARY
    passage_id: str = ""
    quote_sha256: str = ""
    checked_against_primary: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One dose in one context, as one source states it."""

    id: str
    drug: str
    version: int
    status: Status
    kind: RuleKind
    effective_from: date
    review_due: date
    context: Context
    sources: tuple[RuleSource, ...]
    verification: Verification
    rows: tuple[str, ...] = ()  # of the dossier from which it was written
    reviewed_by: tuple[Reviewer, ...] = ()
    dose: DoseRange | None = None  # None only for a gap
    schedule: Schedule = field(default_factory=Schedule)
    cumulative: Cumulative | None = None
    adjust: tuple[Adjustment, ...] = ()
    calculate: Calculate | None = None
    conflicts_with: tuple[str, ...] = ()
    monitoring: str = ""
    note: str = ""
    file: str = ""
    declared_gaps: tuple[str, ...] = ()  # variables between whose bands the sources are silent

    def reviewed_on(self, day: date) -> bool:
        """Whether the rule may decide on a day: reviewed, begun, and not overdue."""
        inside = self.effective_from <= day <= self.review_due
        return self.status is Status.REVIEWED and inside


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenStep:
    """One rule of a regimen, in the weeks or days in which it holds."""

    rule: str
    weeks: str = ""  # "1-2", "9-"
    days: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """Several rules in their order in time: the steps of a protocol."""

    id: str
    name: str
    steps: tuple[RegimenStep, ...]
    source: RuleSource


@dataclass(frozen=True, slots=True)
class Fallback:
    """A reviewed rule that counts as a draft again, and why."""

    rule: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """All that is known of doses, of one version."""

    id: str
    version: str
    effective_from: date
    review_due: date
    drugs: Mapping[str, DrugEntry]
    rules: Mapping[str, Rule]
    regimens: Mapping[str, Regimen] = field(default_factory=dict)
    fingerprint: str = ""
    fallbacks: tuple[Fallback, ...] = ()
    precedence: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # drug -> rule ids
    sites: tuple[str, ...] = ()  # whose tightened limits are in force

    def of_drug(self, drug: str) -> tuple[Rule, ...]:
        """The rules of one drug in the order of the files."""
        return tuple(rule for rule in self.rules.values() if rule.drug == drug)
