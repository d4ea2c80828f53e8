"""How often, as exact rates: when two ways of saying a frequency mean the same."""

from __future__ import annotations

from fractions import Fraction

from assistant.dosing.model import Frequency

HOURS = {"min": Fraction(1, 60), "h": Fraction(1), "d": Fraction(24), "wk": Fraction(168)}
MONTH_WEEKS = 4  # a month equals four weeks for at most two of them


def rates(freq: Frequency, per: str) -> tuple[Fraction, Fraction] | None:
    """Administrations in one day, week or hour: lowest and highest; None for months."""
    if freq.unit == "mo" or per == "mo":
        if freq.unit == per:
            return Fraction(freq.n, freq.period), Fraction(freq.n_max or freq.n, freq.period)
        return None
    hours = HOURS.get(freq.unit)
    if hours is None or not freq.period:
        return None
    span = HOURS[per]
    low = Fraction(freq.n) * span / (hours * (freq.period_max or freq.period))
    high = Fraction(freq.n_max or freq.n) * span / (hours * freq.period)
    return low, high


def compare_frequencies(a: Frequency, b: Frequency) -> str:
    """ "same", "noted" (as often, in other words) or "different"."""
    if a == b:
        return "same"
    if "mo" in {a.unit, b.unit}:
        month, other = (a, b) if a.unit == "mo" else (b, a)
        if other.unit == "mo" or month.period != 1:
            return "different"
        every = other.period * (7 if other.unit == "wk" else 1)
        same = other.unit in {"wk", "d"} and every == 7 * MONTH_WEEKS and other.n == month.n
        return "noted" if same else "different"
    ours, theirs = rates(a, "wk"), rates(b, "wk")
    if ours is None or ours != theirs:
        return "different"
    return "same" if a.unit == b.unit else "noted"


def inside(a: Frequency, b: Frequency) -> bool:
    """Whether ``a`` lies inside the range that ``b`` gives: q12h of "every 12 to 24 h"."""
    if b.n_max is None and b.period_max is None:
        return False
    ours, theirs = rates(a, "wk"), rates(b, "wk")
    if ours is None or theirs is None:
        return False
    return theirs[0] <= ours[0] <= ours[1] <= theirs[1]


def say_frequency(freq: Frequency) -> str:
    """A frequency in words: "twice a day", "every 3 to 4 days".

    >>> say_frequency(Frequency(2, 1, "d"))
    'twice a day'
    """
    units = {"h": "hour", "d": "day", "wk": "week", "mo": "month", "min": "minute", "y": "year"}
    unit = units[freq.unit]
    if freq.n == 1 and freq.n_max is None and (freq.period > 1 or freq.unit == "h"):
        if freq.period_max:
            return f"every {freq.period} to {freq.period_max} {unit}s"
        return f"every {freq.period} {unit}s" if freq.period > 1 else f"every {unit}"
    times = {1: "once", 2: "twice"}.get(freq.n, f"{freq.n} times")
    if freq.n_max:
        times = f"{freq.n} to {freq.n_max} times"
    return f"{times} a {unit}" if freq.period == 1 else f"{times} every {freq.period} {unit}s"
