"""Lengths of time and counts: equal, inside one another, and in words."""

from __future__ import annotations

from fractions import Fraction

from assistant.dosing.model import Bound
from assistant.dosing.rates import HOURS, MONTH_WEEKS


def inside_bound(mine: Bound, theirs: Bound) -> bool:
    """Whether a time or number lies inside the source's range: "3 days" of "3-5 days"."""
    if theirs.low is None or theirs.high is None or theirs.low == theirs.high:
        return False
    if mine.low is None or mine.high is None or not {mine.unit, theirs.unit} <= {*HOURS, ""}:
        return False
    if (mine.unit == "") != (theirs.unit == ""):
        return False
    ours, other = HOURS.get(mine.unit, Fraction(1)), HOURS.get(theirs.unit, Fraction(1))
    return theirs.low * other <= mine.low * ours <= mine.high * ours <= theirs.high * other


def same_bound(mine: Bound, theirs: Bound | None) -> bool:
    """Whether two times or counts are equal: 2 weeks and 14 days, 8 weeks and 2 months."""
    if theirs is None:
        return False
    if (mine.low, mine.high, mine.unit) == (theirs.low, theirs.high, theirs.unit):
        return True
    units = {mine.unit, theirs.unit}
    if units <= set(HOURS):
        a, b = HOURS[mine.unit], HOURS[theirs.unit]
        return _times(mine.low, a) == _times(theirs.low, b) and _times(mine.high, a) == _times(
            theirs.high, b
        )
    if units == {"mo", "wk"}:
        months, weeks = (mine, theirs) if mine.unit == "mo" else (theirs, mine)
        few = months.high is not None and months.high <= 2
        return few and _times(months.high, Fraction(MONTH_WEEKS)) == weeks.high
    return False


def _times(value: Fraction | None, factor: Fraction) -> Fraction | None:
    return None if value is None else value * factor


def say_bound(bound: Bound) -> str:
    """A duration or count in words: "3-5 d", "up to 8 wk"."""
    record = bound.to_record()
    low, high = record.get("low"), record.get("high")
    unit = f" {bound.unit}" if bound.unit else ""
    if low is None and high is None:
        return "divided"
    if low is None:
        return f"up to {high}{unit}"
    if high is None:
        return f"at least {low}{unit}"
    return f"{low}{unit}" if low == high else f"{low}-{high}{unit}"
