"""Amounts, units, ages, bands and frequencies as the rule files write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from fractions import Fraction

from assistant.dosing.model import Bound, Frequency
from assistant.dosing.table.model import Amount
from assistant.dosing.table.toml_fields import Fields, parse_number

AMOUNT_UNITS = (
    "kg", "g", "mg", "ug", "ng", "U", "M[U]", "[IU]", "M[IU]", "mmol", "meq", "mL", "AUC",
)  # fmt: skip
RATE_TIMES = ("min", "h")
BASES = ("flat", "kg", "m2")
ROUTES = ("IV", "PO", "SC", "IM", "IT", "INH")
FREQUENCY_UNITS = ("h", "d", "wk", "mo")
DURATION_UNITS = ("min", "h", "d", "wk", "mo")

# Fractions of a year. A month is a twelfth; a day is one of 365.25, as for ages elsewhere.
_YEARS = {
    "a": Fraction(1),
    "mo": Fraction(1, 12),
    "wk": Fraction(7 * 4, 1461),
    "d": Fraction(4, 1461),
}
_VALUE_UNIT = re.compile(r"(\S+) (\S+)")
_PLAN = re.compile(r"\d{1,3}(?:-\d{1,3})?(?:,\d{1,3}(?:-\d{1,3})?)*(?:,?\d{1,3}-)?|\d{1,3}-")


def split_unit(text: str) -> tuple[str, str, str] | None:
    """Amount unit, basis and time unit of "ug/kg/min"; None if any part is not in the lists.

    >>> split_unit("mg/m2")
    ('mg', 'm2', '')
    """
    unit, *rest = text.split("/")
    basis = rest.pop(0) if rest and rest[0] in BASES[1:] else ""
    time = rest.pop(0) if rest and rest[0] in RATE_TIMES else ""
    return None if rest or unit not in AMOUNT_UNITS else (unit, basis, time)


def read_unit(fields: Fields, key: str, *, rate: bool = False) -> tuple[str, str, str]:
    """The unit of a dose or a total under ``key``; empty parts after a mistake."""
    text = fields.text(key, required=True)
    parts = split_unit(text)
    if parts is None:
        if text:
            fields.problem(
                key,
                f"'{text}' is not a unit of this table.",
                f"Use one of {', '.join(AMOUNT_UNITS)}, then /kg or /m2, and for a rate /min "
                "or /h.",
            )
        return "", "", ""
    if rate and not parts[2]:
        fields.problem(key, f"'{text}' is not a rate.", "Add the time: /min or /h.")
    if parts[2] and not rate:
        fields.problem(key, f"'{text}' is a rate.", 'Set kind = "rate", or drop the time.')
    return parts


def read_amount(fields: Fields, key: str) -> Amount | None:
    """An absolute amount, "1000 mg"; None where it is absent or after a mistake."""
    text = fields.text(key)
    if not text:
        return None
    match = _VALUE_UNIT.fullmatch(text)
    value = parse_number(match[1]) if match else None
    parts = split_unit(match[2]) if match else None
    if value is None or value <= 0 or parts is None or parts[2]:
        what = f"'{text}' is not an amount."
        fields.problem(key, what, 'Write a value and a unit of the list: "1000 mg".')
        return None
    return Amount(value, parts[0], parts[1])


def read_age(fields: Fields, key: str) -> Fraction | None:
    """An age in years from "18 a", "6 mo", "6 wk" or "28 d"."""
    text = fields.text(key)
    if not text:
        return None
    match = _VALUE_UNIT.fullmatch(text)
    value = parse_number(match[1]) if match else None
    if match is None or value is None or match[2] not in _YEARS:
        remedy = 'Write a value and a, mo, wk or d: "18 a" is 18 years.'
        fields.problem(key, f"'{text}' is not an age.", remedy)
        return None
    return value * _YEARS[match[2]]


def read_weight(fields: Fields, key: str) -> Fraction | None:
    """A body weight in kg from "30 kg"."""
    text = fields.text(key)
    if not text:
        return None
    match = _VALUE_UNIT.fullmatch(text)
    value = parse_number(match[1]) if match else None
    if match is None or value is None or match[2] != "kg":
        fields.problem(key, f"'{text}' is not a weight.", 'Write it in kg: "30 kg".')
        return None
    return value


def read_frequency(fields: Fields) -> Frequency:
    """``{ n, n_max, period, period_max, unit }``, given as one table."""
    frequency = Frequency(
        n=fields.whole("n"),
        period=fields.whole("period", default=1),
        unit=fields.word("unit", FREQUENCY_UNITS) or "d",
        n_max=fields.optional_whole("n_max"),
        period_max=fields.optional_whole("period_max"),
    )
    for low, high, name in (
        (frequency.n, frequency.n_max, "n_max"),
        (frequency.period, frequency.period_max, "period_max"),
    ):
        if high is not None and high <= low:
            fields.problem(name, f"{high} is not above {low}.", "Correct it, or leave it out.")
    fields.close()
    return frequency


def read_frequencies(fields: Fields, key: str) -> tuple[Frequency, ...]:
    """A list of frequencies."""
    return tuple(read_frequency(item) for item in fields.tables(key))


def read_bound(fields: Fields, key: str, units: Sequence[str]) -> Bound | None:
    """``{ low, high, unit }``; either end may be left out. ``units`` empty: a bare count."""
    table = fields.table(key)
    if table is None:
        return None
    low, high = table.number("low"), table.number("high")
    unit = table.word("unit", units) if units else ""
    if low is None and high is None:
        table.problem("", "Neither low nor high is given.", "Give at least one.")
    if low is not None and high is not None and low > high:
        table.problem("low", "low is above high.", "Exchange or correct them.")
    table.close()
    return Bound(low, high, unit)


def read_plan(fields: Fields, key: str) -> str:
    """Days or weeks of a plan: "1,8,15", "1-14", or with an open end "9-"."""
    text = fields.text(key)
    if text and not _PLAN.fullmatch(text):
        remedy = 'Write them as "1,8,15", "1-14", or "9-" for an open end.'
        fields.problem(key, f"'{text}' is not a list of days or weeks.", remedy)
        return ""
    return text
