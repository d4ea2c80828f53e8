"""Rules in words: amounts, ranges, frequencies, populations, for notes and for the document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from assistant.dosing.model import Bound, Frequency, decimal_text
from assistant.dosing.rates import say_frequency
from assistant.dosing.table.model import Amount, Cumulative, DoseKind, DoseRange, Population

_UNITS = {
    "ug": "micrograms",
    "ng": "nanograms",
    "U": "units",
    "M[U]": "million units",
    "[IU]": "international units",
    "M[IU]": "million international units",
    "meq": "mEq",
}
_COUNTS = {
    DoseKind.PER_ADMINISTRATION: "per dose",
    DoseKind.PER_DAY: "a day",
    DoseKind.PER_COURSE: "per course",
    DoseKind.RATE: "",
}
_TIMES = {2: "twice", 3: "three times", 4: "four times", 5: "five times", 6: "six times",
          7: "seven times", 8: "eight times", 9: "nine times", 10: "ten times",
          100: "a hundred times", 1000: "a thousand times"}  # fmt: skip
_SPANS = {"min": "minutes", "h": "hours", "d": "days", "wk": "weeks", "mo": "months", "": ""}


def say_value(value: Fraction) -> str:
    """A value with a comma in its thousands: "1,000", "2.5"."""
    text = decimal_text(value)
    whole, point, rest = text.partition(".")
    return f"{int(whole):,}{point}{rest}" if whole.isdigit() else text


def say_unit(unit: str, basis: str = "", per: str = "") -> str:
    """A unit with its denominators, micrograms and units in words."""
    return "/".join(part for part in (_UNITS.get(unit, unit), basis, per) if part)


def say_amount(amount: Amount) -> str:
    """An amount: "1,000 mg"."""
    return f"{say_value(amount.value)} {say_unit(amount.unit, amount.basis)}"


def say_dose(dose: DoseRange) -> str:
    """The usual range of a rule: "50 to 100 mg/m2 per dose", "up to 2 g/kg per course"."""
    unit = say_unit(dose.unit, dose.basis, dose.per)
    text = f"{_ends(dose.low, dose.high)} {unit}"
    if dose.at_least:
        text = f"at least {text}"
    if dose.component:
        text += f" of {dose.component}"
    for name, low, high in dose.also:
        text += f" with {_ends(low, high)} {unit} of {name}"
    return f"{text} {_COUNTS[dose.kind]}".strip()


def say_limit(dose: DoseRange) -> str:
    """The hard limit of a rule, or nothing."""
    if dose.hard_max is None:
        return ""
    unit = say_unit(dose.unit, dose.basis, dose.per)
    return f"{say_value(dose.hard_max)} {unit} {_COUNTS[dose.kind]}".strip()


def say_total(limit: Cumulative) -> str:
    """A cumulative limit: "1.5 g/m2 (soft) and 2.5 g/m2 (hard) over a lifetime"."""
    unit = say_unit(limit.unit, limit.basis)
    parts = [
        f"{say_value(value)} {unit} ({name})"
        for name, value in (("soft", limit.soft_max), ("hard", limit.hard_max))
        if value is not None
    ]
    return f"{' and '.join(parts)} over a {limit.scope}"


def _ends(low: Fraction | None, high: Fraction) -> str:
    if low is None:
        return f"up to {say_value(high)}"
    return say_value(high) if low == high else f"{say_value(low)} to {say_value(high)}"


def say_frequencies(frequencies: Sequence[Frequency]) -> str:
    """Some frequencies: "once a week or twice a week"."""
    return " or ".join(say_frequency(frequency) for frequency in frequencies)


def say_bound(bound: Bound) -> str:
    """A length of time or a count: "3 to 5 days", "up to 8 weeks", "4"."""
    unit = _SPANS.get(bound.unit, bound.unit)
    if bound.high is None:
        text = "" if bound.low is None else f"at least {say_value(bound.low)}"
    else:
        text = _ends(bound.low, bound.high)
        if bound.high == 1:
            unit = unit.removesuffix("s")
    return f"{text} {unit}".strip()


def say_population(population: Population) -> str:
    """For whom: "adult, 18 years or more, under 45 kg"; nothing where it sets no bound."""
    parts = [", ".join(g.replace("_", " ") for g in population.groups)]
    parts.append(_between(population.age_min, population.age_below, _say_age))
    weights = (population.weight_min, population.weight_below)
    parts.append(_between(*weights, lambda kg: f"{say_value(kg)} kg"))
    return ", ".join(part for part in parts if part)


def _between(low: Fraction | None, below: Fraction | None, say: Callable[[Fraction], str]) -> str:
    match low, below:
        case None, None:
            return ""
        case None, Fraction() as end:
            return f"under {say(end)}"
        case Fraction() as start, None:
            return f"{say(start)} or more"
        case Fraction() as start, Fraction() as end:
            return f"{say(start)} to under {say(end)}"
    return ""


def _say_age(years: Fraction) -> str:
    """An age in the largest unit in which it is whole."""
    for name, parts in (("year", Fraction(1)), ("month", Fraction(12))):
        if (years * parts).denominator == 1:
            return f"{say_value(years * parts)} {name if years * parts == 1 else f'{name}s'}"
    return f"{say_value(years * Fraction(1461, 4))} days"


def say_times(ratio: Fraction) -> str:
    """How many times larger: "ten times", "more than 3 times"; only for a ratio of 2 or more."""
    if ratio in _TIMES:
        return _TIMES[int(ratio)]
    return f"more than {ratio.numerator // ratio.denominator} times"
