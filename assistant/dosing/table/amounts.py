"""What a dose comes to in the terms of a rule: per dose, per day, per course, per hour.

Everything is exact. What the text doesn't say is not assumed: then there is no amount, or only
a floor (``at_least``), which can show that a dose is too high but never that it is right.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assistant.dosing.model import Bound, Dose, Frequency
from assistant.dosing.rates import HOURS, rates
from assistant.dosing.table.model import DoseKind, DoseRange, Rule
from assistant.dosing.units import UNITS, canonical

ONE = Fraction(1)
_DAYS = {"d": Fraction(1), "wk": Fraction(7), "h": Fraction(1, 24)}
_Span = tuple[Fraction, Fraction]


@dataclass(frozen=True, slots=True)
class Counted:
    """A dose in the base unit of its dimension, counted as a rule counts."""

    low: Fraction
    high: Fraction
    at_least: bool = False  # the true amount may be more: the text leaves out how often


def count_as(dose: Dose, rule: Rule) -> Counted | None:
    """The dose in the terms of a rule's dose; None when the text doesn't allow it."""
    if rule.dose is None or not comparable_unit(dose, rule.dose.unit, rule.dose.basis):
        return None
    ends = stated_ends(dose)
    if ends is None:
        return None
    low, high = (canonical(end, dose.unit)[0] for end in ends)
    tablets = _ends(dose.units_per_dose)
    counted = Counted(low * tablets[0], high * tablets[1])
    match rule.dose.kind:
        case DoseKind.PER_ADMINISTRATION:
            return _per_administration(dose, rule, counted)
        case DoseKind.PER_DAY:
            return _per_day(dose, rule, counted)
        case DoseKind.PER_COURSE:
            return _per_course(dose, counted)
        case DoseKind.RATE:
            return _rate(dose, rule.dose, counted)


def comparable_unit(dose: Dose, unit: str, basis: str) -> bool:
    """Whether two amounts are of one dimension and basis: 1 g is, 10 mg/m2 is not, mg."""
    ours, theirs = UNITS.get(dose.unit), UNITS.get(unit)
    if ours is None or theirs is None or ours.dimension != theirs.dimension:
        return False
    return dose.basis == basis


def stated_ends(dose: Dose) -> _Span | None:
    """Low and high as written, the one for the other where only one is given."""
    low = dose.low if dose.low is not None else dose.high
    high = dose.high if dose.high is not None else dose.low
    return None if low is None or high is None else (low, high)


def is_total(dose: Dose) -> bool:
    """Whether the amount is a total: of a course, a lifetime, or split over days."""
    split = dose.over is not None and dose.over.unit in {"d", "wk"}
    return dose.cumulative or dose.per == "course" or (split and dose.per == "")


def frequency_of(dose: Dose, rule: Rule) -> Frequency | None:
    """How often the text gives the dose, None where it doesn't say.

    "X a day" is once a day against a rule for doses further apart: 15 mg a day of a weekly drug.
    Against a rule for several doses a day it is their sum, and says nothing of how often.
    """
    if dose.freq is not None or dose.per != "d" or dose.days:
        return dose.freq
    known = rule.schedule.frequencies + rule.schedule.forbidden_frequencies
    rare = [f for f in known if (r := rates(f, "d")) is None or r[1] <= 1]
    return Frequency(1, 1, "d") if known and len(rare) == len(known) else None


def _ends(bound: Bound | None) -> _Span:
    if bound is None:
        return ONE, ONE
    low = bound.low if bound.low is not None else bound.high
    high = bound.high if bound.high is not None else bound.low
    return (ONE if low is None else low), (ONE if high is None else high)


def _doses_in(per: str, dose: Dose, rule: Rule) -> _Span | None:
    """How many doses a day or a week holds on which the drug is given; None if unsaid."""
    if dose.divided is not None and (dose.divided.low or dose.divided.high):
        return _ends(dose.divided)
    frequencies = (dose.freq,) if dose.freq else rule.schedule.frequencies
    found = [r for f in frequencies if (r := rates(f, per)) is not None]
    if not found or len(found) < len(frequencies):
        return None
    least, most = min(low for low, _ in found), max(high for _, high in found)
    # A weekly dose "per day" is the dose of its one day, not a seventh of it.
    return max(ONE, least), max(ONE, most)


def _per_administration(dose: Dose, rule: Rule, counted: Counted) -> Counted | None:
    if is_total(dose):
        return None
    if dose.per in {"", "dose"}:
        return counted
    if dose.per not in {"d", "wk"}:
        return None
    doses = _doses_in(dose.per, dose, rule)
    return None if doses is None else Counted(counted.low / doses[1], counted.high / doses[0])


def _per_day(dose: Dose, rule: Rule, counted: Counted) -> Counted | None:
    if is_total(dose):
        return None
    if dose.per == "d":
        return counted
    if dose.per in {"h", "min"}:
        hours = 24 / HOURS[dose.per]
        return Counted(counted.low * hours, counted.high * hours)
    if dose.per not in {"", "dose"}:
        return None
    doses = _doses_in("d", dose, rule)
    if dose.freq is None and (doses is None or doses != (ONE, ONE)):
        return Counted(counted.low, counted.high, at_least=True)
    return None if doses is None else Counted(counted.low * doses[0], counted.high * doses[1])


def _per_course(dose: Dose, counted: Counted) -> Counted | None:
    if is_total(dose):
        return counted
    if dose.per in {"", "dose"} and dose.count is not None:
        doses = _ends(dose.count)
        return Counted(counted.low * doses[0], counted.high * doses[1])
    days = _days(dose.duration)
    if dose.per == "d" and days is not None:
        return Counted(counted.low * days[0], counted.high * days[1])
    if dose.per in {"", "dose"} and days is not None and dose.freq is not None:
        a_day = rates(dose.freq, "d")
        if a_day is not None:
            return Counted(counted.low * a_day[0] * days[0], counted.high * a_day[1] * days[1])
    if dose.per in {"", "dose", "d"}:
        return Counted(counted.low, counted.high, at_least=True)
    return None


def _days(duration: Bound | None) -> _Span | None:
    if duration is None or duration.unit not in _DAYS:
        return None
    low, high = _ends(duration)
    return low * _DAYS[duration.unit], high * _DAYS[duration.unit]


def _rate(dose: Dose, rule: DoseRange, counted: Counted) -> Counted | None:
    if dose.per not in {"h", "min"}:
        return None
    scale = HOURS[rule.per] / HOURS[dose.per]
    return Counted(counted.low * scale, counted.high * scale)
