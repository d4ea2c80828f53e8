"""How amounts, frequencies and dates are printed in a working: exact, in one style."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from assistant.dosing.model import Bound, Frequency, decimal_text
from assistant.dosing.patient.model import Span

MOST_DECIMALS = 4  # more are printed as about, and so marked
ABOUT_DECIMALS = 3

_UNITS = {
    "ug": "micrograms",
    "ng": "nanograms",
    "U": "units",
    "M[U]": "million units",
    "[IU]": "international units",
    "M[IU]": "million international units",
    "meq": "mEq",
    "umol/L": "µmol/L",
}
_BASES = {"m2": "m²", "kg": "kg"}
_PERIODS = {"min": "minute", "h": "hour", "d": "day", "wk": "week", "mo": "month", "y": "year"}
_LY = {"h": "hourly", "d": "daily", "wk": "weekly", "mo": "monthly"}
_TIMES = {1: "once", 2: "twice"}


def half_away(value: Fraction, step: Fraction) -> Fraction:
    """The multiple of ``step`` nearest to a value; halves go away from zero.

    >>> half_away(Fraction(25, 2), Fraction(5))
    Fraction(15, 1)
    """
    quotient = abs(value) / step
    whole = (2 * quotient + 1) // 2
    return (whole if value >= 0 else -whole) * step


def fixed(value: Fraction, places: int) -> str:
    """A value with exactly ``places`` decimals, halves away from zero.

    >>> fixed(Fraction(2, 3), 2)
    '0.67'
    """
    whole = half_away(value, Fraction(1, 10**places))
    digits = str(abs(int(whole * 10**places))).rjust(places + 1, "0")
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"−{text}" if whole < 0 else text


def number(value: Fraction) -> str:
    """A value in full with thousands commas; "≈" before one with too many decimals.

    >>> number(Fraction(2767)), number(Fraction(1, 3))
    ('2,767', '≈ 0.333')
    """
    text = decimal_text(value)
    if "/" in text or len(text.partition(".")[2]) > MOST_DECIMALS:
        return f"≈ {_with_commas(fixed(value, ABOUT_DECIMALS))}"
    return _with_commas(text)


def _with_commas(text: str) -> str:
    whole, point, decimals = text.partition(".")
    return f"{int(whole):,}{point}{decimals}" if whole.isdigit() else text


def unit_words(unit: str) -> str:
    """A unit as it is printed: "mg/m²", "international units/kg".

    >>> unit_words("ug/kg")
    'micrograms/kg'
    """
    amount, slash, basis = unit.partition("/")
    if unit in _UNITS:
        return _UNITS[unit]
    return f"{_UNITS.get(amount, amount)}{slash}{_BASES.get(basis, basis)}"


def pair(low: Fraction | None, high: Fraction) -> str:
    """One value, or both ends: "92–184"; "up to 184" where only the upper one is given."""
    if low is None:
        return f"up to {number(high)}"
    return number(high) if low == high else f"{number(low)}–{number(high)}"


def amount(span: Span) -> str:
    """An amount with its unit: "92–184 mg"."""
    return f"{pair(span.low, span.high)} {unit_words(span.unit)}"


def frequency_words(freq: Frequency) -> str:
    """How often, in words: "once weekly", "every 3 to 4 days", "3 times every 2 weeks".

    >>> frequency_words(Frequency(2, 1, "d"))
    'twice daily'
    """
    unit = _PERIODS[freq.unit]
    if freq.n == 1 and freq.n_max is None and (freq.period > 1 or freq.unit in {"h", "min"}):
        if freq.period_max:
            return f"every {freq.period} to {freq.period_max} {unit}s"
        return f"every {freq.period} {unit}s" if freq.period > 1 else f"every {unit}"
    times = _TIMES.get(freq.n, f"{freq.n} times")
    if freq.n_max:
        times = f"{freq.n} to {freq.n_max} times"
    if freq.period == 1 and not freq.period_max:
        return f"{times} {_LY[freq.unit]}" if freq.unit in _LY else f"{times} a {unit}"
    upper = f" to {freq.period_max}" if freq.period_max else ""
    return f"{times} every {freq.period}{upper} {unit}s"


def bound_words(bound: Bound) -> str:
    """A length of time in words: "3–5 days", "up to 8 weeks", "at least 2 weeks"."""
    unit = _PERIODS.get(bound.unit, bound.unit)
    if bound.high is None:
        least = bound.low if bound.low is not None else Fraction(0)
        return f"at least {number(least)} {_plural(unit, least)}"
    return f"{pair(bound.low, bound.high)} {_plural(unit, bound.high)}"


def count_words(count: int, noun: str) -> str:
    """A number of things: "1 dose", "8 doses"."""
    return f"{count} {_plural(noun, Fraction(count))}"


def _plural(noun: str, count: Fraction) -> str:
    return noun if count == 1 else f"{noun}s"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Words in a row: "weight, height and age"."""
    items = list(words)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def signed_percent(part: Fraction, whole: Fraction) -> str:
    """The change from one value to another with its sign, to 0.1 %: "+0.5%"."""
    change = (part - whole) / whole * 100 if whole else Fraction(0)
    text = fixed(change, 1)
    if text in {"0.0", "−0.0"}:
        return "0.0%"
    return f"{text}%" if text.startswith("−") else f"+{text}%"
