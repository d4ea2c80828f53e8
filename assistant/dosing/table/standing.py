"""How one dose stands to one rule: its amount, and how often it is given."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from assistant.dosing.axes import RuleAxis
from assistant.dosing.model import Dose, DoseRole, Frequency
from assistant.dosing.rates import MONTH_WEEKS, rates
from assistant.dosing.table.amounts import (
    comparable_unit,
    count_as,
    frequency_of,
    is_total,
    stated_ends,
)
from assistant.dosing.table.checks import same_rate
from assistant.dosing.table.model import (
    Amount,
    DoseKind,
    DoseRange,
    DrugEntry,
    Rule,
    RuleKind,
)
from assistant.dosing.units import UNITS, canonical

HUNDRED = 100


class Often(StrEnum):
    """How often a dose is given, against what a rule allows."""

    UNSAID = "unsaid"  # the text or the rule gives no frequency
    ALLOWED = "allowed"
    FORBIDDEN = "forbidden"
    MORE = "more"
    LESS = "less"

    @property
    def fits(self) -> bool:
        """Whether the rule speaks of doses given like this one."""
        return self in {Often.UNSAID, Often.ALLOWED}


class Subject(StrEnum):
    """What of a rule the amount was measured against."""

    DOSE = "dose"
    SINGLE_CAP = "cap of a single dose"
    DAILY_CAP = "cap of a day"
    TOTAL = "total"


@dataclass(frozen=True, slots=True)
class Standing:
    """What one rule says of one dose; ``axis`` is that of the amount alone.

    ``times`` is how many times the upper end (ABOVE, BEYOND) or the lower end (BELOW) it is.
    """

    rule: Rule
    axis: RuleAxis
    often: Often = Often.UNSAID
    times: Fraction | None = None
    subject: Subject = Subject.DOSE


def stand(dose: Dose, rule: Rule, entry: DrugEntry) -> Standing:
    """Compare a dose with a rule that gives one; NONE where the two can't be compared."""
    often = how_often(dose, rule)
    if dose.cumulative or dose.role is DoseRole.CUMULATIVE_LIMIT:
        total = _total(dose, rule)
        if total is not None:
            return total
    cap = _cap(dose, rule)
    if cap is not None:
        return cap
    axis, times = _amount(dose, rule, entry)
    return Standing(rule, axis, often, times)


def matches(dose: Dose, rule: Rule) -> bool:
    """Whether a forbidden rule or a warning is about this dose.

    Everything that the rule gives must agree. Of a range it is about what lies above its lower
    end, since that end is often the upper end of a dose that is right.
    """
    if rule.schedule.routes and not set(dose.routes) <= set(rule.schedule.routes):
        return False
    frequencies = rule.schedule.frequencies
    if frequencies:
        given = (frequency_of(dose, rule), *dose.phases)
        if not any(f and same_rate(f, other) for f in given for other in frequencies):
            return False
    if rule.dose is None:
        # Without an amount the rule is about its route or its frequency: one must be said.
        return bool(frequencies) or not rule.schedule.routes or bool(dose.routes)
    counted = count_as(dose, rule)
    if counted is None:
        return False
    low = rule.dose.high if rule.dose.low is None else rule.dose.low
    floor, top = _base(low, rule.dose), _base(rule.dose.high, rule.dose)
    return counted.high > floor if floor < top else counted.high >= top


def how_often(dose: Dose, rule: Rule) -> Often:
    """The worst of the dose's frequencies, later phases included."""
    first = frequency_of(dose, rule)
    found = [_one_frequency(f, rule) for f in (first, *dose.phases) if f is not None]
    for worst in (Often.FORBIDDEN, Often.MORE, Often.LESS, Often.ALLOWED):
        if worst in found:
            return worst
    return Often.UNSAID


def _one_frequency(frequency: Frequency, rule: Rule) -> Often:
    schedule = rule.schedule
    if any(_is(frequency, other) for other in schedule.forbidden_frequencies):
        return Often.FORBIDDEN
    if not schedule.frequencies:
        return Often.UNSAID
    if _allowed(frequency, schedule.frequencies):
        return Often.ALLOWED
    ours = _weekly(frequency)
    theirs = [_weekly(other) for other in schedule.frequencies]
    if rule.dose and rule.dose.kind is DoseKind.PER_DAY and _is(frequency, Frequency(1, 1, "d")):
        # "X daily" is X a day, in however many parts the rule divides it.
        return Often.UNSAID
    return Often.MORE if ours[1] > max(high for _, high in theirs) else Often.LESS


def _is(frequency: Frequency, other: Frequency) -> bool:
    """Whether one is the other, or touches it: every 12 to 24 hours includes once a day."""
    return same_rate(frequency, other) or same_rate(other, frequency)


def _allowed(frequency: Frequency, allowed: tuple[Frequency, ...]) -> bool:
    if any(same_rate(frequency, other) for other in allowed):
        return True
    if frequency.n_max is None and frequency.period_max is None:
        return False
    low = Frequency(frequency.n, frequency.period_max or frequency.period, frequency.unit)
    high = Frequency(frequency.n_max or frequency.n, frequency.period, frequency.unit)
    return all(any(same_rate(end, other) for other in allowed) for end in (low, high))


def _weekly(frequency: Frequency) -> tuple[Fraction, Fraction]:
    """Doses a week, only to tell more often from less often; a month counts as four weeks."""
    found = rates(frequency, "wk")
    if found is None:
        monthly = rates(frequency, "mo")
        assert monthly is not None  # a frequency in months has a rate in months
        return monthly[0] / MONTH_WEEKS, monthly[1] / MONTH_WEEKS
    return found


def _base(value: Fraction, dose: DoseRange) -> Fraction:
    return canonical(value, dose.unit)[0]


def _amount(dose: Dose, rule: Rule, entry: DrugEntry) -> tuple[RuleAxis, Fraction | None]:
    counted = count_as(dose, rule)
    if counted is None or rule.dose is None:
        return RuleAxis.NONE, None
    top = _base(rule.dose.high, rule.dose)
    if rule.dose.hard_max is not None and counted.high > _base(rule.dose.hard_max, rule.dose):
        return RuleAxis.BEYOND, counted.high / top
    if rule.dose.also and counted.high <= max(
        [top, *(_base(high, rule.dose) for _, _, high in rule.dose.also)]
    ):
        return RuleAxis.NONE, None  # the text doesn't say which component the amount is of
    if not rule.dose.at_least and counted.high > top * _margin(rule.dose, entry):
        return RuleAxis.ABOVE, counted.high / top
    if counted.at_least:
        return RuleAxis.NONE, None
    if dose.role is not DoseRole.MAXIMUM and rule.dose.low is not None:
        low = _base(rule.dose.low, rule.dose)
        if counted.low < low:
            return RuleAxis.BELOW, counted.low / low
    return RuleAxis.INSIDE, None


def _margin(dose: DoseRange, entry: DrugEntry) -> Fraction:
    """The one-sided tolerance over the usual maximum, as a factor; never on a hard limit."""
    if not dose.basis or entry.narrow_therapeutic_index:
        return Fraction(1)
    return 1 + entry.tolerance_percent / HUNDRED


def _cap(dose: Dose, rule: Rule) -> Standing | None:
    """An absolute amount against the absolute cap of a rule by weight or surface."""
    if rule.dose is None or not rule.dose.basis or dose.basis or rule.calculate is None:
        return None
    if is_total(dose) or dose.per not in {"", "dose", "d"}:
        return None
    daily = dose.per == "d"
    cap = rule.calculate.max_daily if daily else rule.calculate.max_single
    ends = stated_ends(dose)
    if cap is None or ends is None or not _same_dimension(dose.unit, cap):
        return None
    value, limit = canonical(ends[1], dose.unit)[0], canonical(cap.value, cap.unit)[0]
    name = Subject.DAILY_CAP if daily else Subject.SINGLE_CAP
    if value > limit:
        return Standing(rule, RuleAxis.BEYOND, how_often(dose, rule), value / limit, name)
    # Under the cap an absolute dose may still be too much for this patient's weight.
    axis = RuleAxis.INSIDE if dose.role is DoseRole.MAXIMUM else RuleAxis.NONE
    return Standing(rule, axis, how_often(dose, rule), None, name)


def _same_dimension(unit: str, amount: Amount) -> bool:
    ours, theirs = UNITS.get(unit), UNITS.get(amount.unit)
    return ours is not None and theirs is not None and ours.dimension == theirs.dimension


def _total(dose: Dose, rule: Rule) -> Standing | None:
    """A total, given or not to be passed, against the cumulative limits of a rule."""
    limit = rule.cumulative
    if rule.dose is not None and rule.dose.kind is DoseKind.PER_COURSE and limit is None:
        return None
    ends = stated_ends(dose)
    if limit is None or ends is None or not comparable_unit(dose, limit.unit, limit.basis):
        return Standing(rule, RuleAxis.NONE)
    low, high = (canonical(end, dose.unit)[0] for end in ends)
    soft, hard = (
        None if value is None else canonical(value, limit.unit)[0]
        for value in (limit.soft_max, limit.hard_max)
    )
    if hard is not None and high > hard:
        return Standing(rule, RuleAxis.BEYOND, Often.UNSAID, high / hard, Subject.TOTAL)
    # "Below 2 to 3 g/m2" names a soft and a hard limit; its lower end is the soft one.
    if soft is not None and (low > soft or (hard is None and high > soft)):
        return Standing(rule, RuleAxis.ABOVE, Often.UNSAID, high / soft, Subject.TOTAL)
    return Standing(rule, RuleAxis.INSIDE, Often.UNSAID, None, Subject.TOTAL)


def gives_dose(rule: Rule) -> bool:
    """Whether a dose can be measured against the rule."""
    return rule.kind is RuleKind.DOSE and rule.dose is not None
