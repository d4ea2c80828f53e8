"""The words in which an order's problems are told."""

from __future__ import annotations

from fractions import Fraction

from assistant.dosing import Bound, Dose
from assistant.dosing.model import decimal_text
from assistant.dosing.units import UNITS
from assistant.orders.library_doses import Entry, frequency_words, population_words

_TIMES = {
    Fraction(10): "ten times",
    Fraction(100): "a hundred times",
    Fraction(1000): "a thousand times",
    Fraction(10**6): "a million times",
    Fraction(1, 10): "a tenth of",
    Fraction(1, 100): "a hundredth of",
    Fraction(1, 1000): "a thousandth of",
    Fraction(1, 10**6): "a millionth of",
}
PER = {
    "": "",
    "d": " a day",
    "wk": " a week",
    "dose": " for each dose",
    "h": " an hour",
    "min": " a minute",
    "mo": " a month",
    "cycle": " a cycle",
    "course": " a course",
}
BASIS = {"kg": "per kg", "m2": "per m²", "": "a fixed amount"}
ROUTES = {
    "IV": "intravenous",
    "PO": "oral",
    "SC": "subcutaneous",
    "IM": "intramuscular",
    "IT": "intrathecal",
    "INH": "inhaled",
}
_TIME = {"h": "hour", "d": "day", "wk": "week", "mo": "month", "min": "minute", "y": "year"}


def times_words(factor: Fraction) -> str:
    """A power of ten in words: "ten times"."""
    return _TIMES[factor]


def routes_words(routes: tuple[str, ...]) -> str:
    """Routes in words: "intravenous or oral"."""
    return " or ".join(ROUTES.get(route, route) for route in routes)


def number_words(value: Fraction) -> str:
    """A value with thousands commas, thirds as a fraction: "2,100"."""
    text = decimal_text(value)
    if "/" in text:
        return text
    whole, dot, rest = text.partition(".")
    return f"{int(whole):,}{dot}{rest}"


def amount_words(pair: tuple[Fraction, Fraction], unit: str, basis: str, per: str) -> str:
    """An amount in base units, told in a unit: "60 mg/kg a day"."""
    factor = UNITS[unit].factor if unit in UNITS else Fraction(1)
    low, high = (number_words(end / factor) for end in pair)
    unit = {"ug": "micrograms", "U": "units", "[IU]": "international units"}.get(unit, unit)
    of = {"kg": "/kg", "m2": "/m²", "": ""}[basis]
    return f"{low if low == high else f'{low}–{high}'} {unit}{of}{PER[per]}"


def bound_words(bound: Bound) -> str:
    """A length of time or a count in words: "3–5 days", "up to 4"."""
    ends = [None if e is None else number_words(e) for e in (bound.low, bound.high)]
    low, high = ends
    if low is None:
        text = f"up to {high}" if high else "divided"
    elif high is None:
        text = f"at least {low}"
    else:
        text = low if low == high else f"{low}–{high}"
    unit = _TIME.get(bound.unit, bound.unit)
    if unit in _TIME.values():
        unit += "" if text == "1" else "s"
    return f"{text} {unit}".strip()


def library_words(entry: Entry) -> str:
    """A dose of the library with what it is for: "150 mg/m² (etoposide, twice a week, ...)"."""
    dose = entry.dose
    parts = [dose.drug_name or "", frequency_words(dose)]
    parts += [plan_words("week", dose.weeks)] if dose.weeks else []
    parts += [plan_words("day", dose.days)] if dose.days else []
    parts.append(population_words(dose))
    if not entry.supports:
        parts.append("supports no order: see its passage")
    up_to = "up to " if entry.up_to or (dose.role.is_limit and dose.cmp[:1] == "<") else ""
    return f"{up_to}{dose.text} ({', '.join(p for p in parts if p)})"


def plan_words(unit: str, plan: str) -> str:
    """A plan in words: "weeks 3–8", "day 1", "day 9 onwards"."""
    if plan.isdigit():
        return f"{unit} {plan}"
    if plan[:-1].isdigit() and plan.endswith("-"):
        return f"{unit} {plan[:-1]} onwards"
    return f"{unit}s {plan.replace('-', '–')}"


def sentence(text: str) -> str:
    """The text with a capital at its beginning and one full stop at its end."""
    return f"{text[0].upper()}{text[1:]}".rstrip(".") + "."


def dose_words(dose: Dose) -> str:
    """The amount of an order as written, on one line."""
    return " ".join(dose.text.split())
