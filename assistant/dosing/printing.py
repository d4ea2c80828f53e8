"""A dose in one style of words that reads back as the same dose.

Numbers have a leading zero and no trailing one, a space before the unit and commas from 1,000
up; micrograms and units are spelled out, as their symbols are misread; frequencies are English,
never Latin. Order: drug, amount, split, frequency, days, route, people, duration, count.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from assistant.dosing.model import Bound, Dose, DoseRole, Frequency, decimal_text
from assistant.dosing.rates import say_frequency
from corpus.errors import GuidelineError


class NotPrintable(GuidelineError):
    """A dose of which something could not be read, so that no wording says the same."""


# Symbols that are misread by hand or eye are words (ISMP: error-prone abbreviations).
_UNITS = {
    "ug": "micrograms",
    "ng": "nanograms",
    "pg": "picograms",
    "U": "units",
    "M[U]": "million units",
    "[IU]": "international units",
    "M[IU]": "million international units",
    "meq": "mEq",
}
_SYMBOLS = frozenset({"kg", "g", "mg", "mmol", "mL", "L"})
_FORMS = {
    "{tablet}": "tablets",
    "{capsule}": "capsules",
    "{puff}": "puffs",
    "{drop}": "drops",
    "{spray}": "sprays",
    "{patch}": "patches",
    "{sachet}": "sachets",
    "{suppository}": "suppositories",
}
_BASES = {"": "", "kg": "/kg", "m2": "/m²"}
_PERS = {
    "": "",
    "dose": " per dose",
    "d": "/day",
    "wk": "/week",
    "h": "/hour",
    "min": "/min",
    "mo": "/month",
    "cycle": " per cycle",
    "course": " per course",
}
_TIMES = {"min": "minutes", "h": "hours", "d": "days", "wk": "weeks", "mo": "months", "y": "years"}
_ROUTES = {
    "IV": "intravenously",
    "PO": "by mouth",
    "SC": "subcutaneously",
    "IM": "intramuscularly",
    "IT": "intrathecally",
    "INH": "by inhalation",
}
_PEOPLE = {
    "adult": "in adults",
    "child": "in children",
    "infant": "in infants",
    "elderly": "in older adults",
    "pregnancy": "in pregnancy",
    "renal_impairment": "in renal impairment",
    "hepatic_impairment": "in hepatic impairment",
}
_COMPARED = {
    (DoseRole.MAXIMUM, "<="): "maximum ",
    (DoseRole.MAXIMUM, "<"): "below ",
    (DoseRole.MINIMUM, ">="): "at least ",
    (DoseRole.MINIMUM, ">"): "above ",
    (DoseRole.CUMULATIVE_LIMIT, "<="): "cumulative maximum ",
    (DoseRole.CUMULATIVE_LIMIT, "<"): "cumulative dose below ",
}
_UNREADABLE = frozenset(
    {"unreadable_number", "unreadable_unit", "unparsed_tail", "unreadable_sentence"}
)
_COMMAS_FROM = 1000


def render(dose: Dose) -> str:
    """The dose in words; ``parse`` reads the same record from it.

    Raises NotPrintable for a dose whose number, unit or drug could not be read.
    """
    if dose.low is None or dose.high is None or _UNREADABLE & set(dose.flags):
        raise NotPrintable(f"'{dose.text}' was not read safely, so it can't be printed.")
    if dose.drug_name is None:
        raise NotPrintable(f"'{dose.text}' has no drug of its own, so it can't be printed.")
    people = "" if dose.role is DoseRole.RELATIVE else dose.population
    parts = (
        _lead(dose),
        _times("over", dose.over),
        f"in {_range(dose.divided)} divided doses" if _has(dose.divided) else "",
        "in divided doses" if dose.divided and not _has(dose.divided) else "",
        how_often(dose.freq) if dose.freq else "",
        _plan("day", dose.days),
        _plan("week", dose.weeks),
        " or ".join(_ROUTES.get(route, route) for route in dose.routes),
        _PEOPLE.get(people, people),
        _times("for", dose.duration),
        f"for {_range(dose.count)} doses" if dose.count else "",
        *(f"then {how_often(phase)}" for phase in dose.phases),
    )
    return " ".join(part for part in parts if part)


def in_words(dose: Dose, limits: Sequence[Dose] = ()) -> str:
    """A dose with the limits beside it as printed; its own words where it can't be printed."""
    try:
        return "; ".join(render(each) for each in (dose, *limits))
    except NotPrintable:
        return dose.text


def _lead(dose: Dose) -> str:
    """Drug, what is done with the amount, and the amount."""
    amount, drug = _amount(dose), dose.drug_name
    if dose.role is DoseRole.RELATIVE:
        people = _PEOPLE.get(dose.population, dose.population)
        return f"{' '.join(part for part in (drug, people) if part)}: {amount} of the dose"
    if dose.role is DoseRole.REJECTED:
        return f"{drug}, not {amount}"
    if dose.role is DoseRole.PREVIOUS:
        return f"{drug}, previously {amount}"
    if dose.role is DoseRole.STATED:
        return f"{drug} total {amount}" if dose.cumulative else f"{drug} {amount}"
    try:
        cue = _COMPARED[dose.role, dose.cmp]
    except KeyError as error:
        raise NotPrintable(f"'{dose.text}' is a limit without a direction.") from error
    return f"{drug} {cue}{amount}"


def _amount(dose: Dose) -> str:
    """ "50 to 100 mg/m²", "1,000 units per dose", "AUC 5", "75%"."""
    ends = _ends(dose.low, dose.high)
    if dose.unit == "%":
        return f"{ends}%"
    if dose.unit == "AUC":
        return f"AUC {ends}"
    if dose.unit in _FORMS:
        name = _FORMS[dose.unit]
        return f"{ends} {name}{_PERS.get(dose.per, '')}"
    unit = _UNITS.get(dose.unit, dose.unit)
    text = f"{ends} {unit}{_BASES.get(dose.basis, '')}{_PERS.get(dose.per, '')}"
    if dose.units_per_dose is None:
        return text
    return f"{_range(dose.units_per_dose)} x {text}"


def say_number(value: Fraction) -> str:
    """A number in digits: "0.5", "2.5", "12,000".

    Raises NotPrintable for one without a finite decimal.
    """
    text = decimal_text(value)
    if "/" in text:
        raise NotPrintable(f"{text} has no finite decimal, so it can't be printed.")
    whole, point, decimals = text.partition(".")
    if value >= _COMMAS_FROM:
        whole = f"{int(whole):,}"
    return f"{whole}{point}{decimals}"


def _ends(low: Fraction | None, high: Fraction | None) -> str:
    if low is None and high is not None:
        return f"up to {say_number(high)}"
    if low is not None and high is None:
        return f"at least {say_number(low)}"
    if low is None or high is None:
        return ""
    return say_number(low) if low == high else f"{say_number(low)} to {say_number(high)}"


def _has(bound: Bound | None) -> bool:
    return bound is not None and (bound.low is not None or bound.high is not None)


def _range(bound: Bound | None) -> str:
    return "" if bound is None else _ends(bound.low, bound.high)


def _times(word: str, bound: Bound | None) -> str:
    """ "over 30 to 60 minutes", "for up to 8 weeks"."""
    if bound is None:
        return ""
    unit = _TIMES.get(bound.unit, bound.unit)
    if bound.low == bound.high == 1:
        unit = unit.removesuffix("s")
    return f"{word} {_range(bound)} {unit}"


def _plan(unit: str, plan: str) -> str:
    """ "on day 1", "on days 1, 8 and 15", "in weeks 1-2", "from week 9"."""
    if not plan:
        return ""
    if plan.endswith("-"):
        return f"from {unit} {plan[:-1]}"
    if unit == "week":
        return f"in week{'' if plan.isdigit() else 's'} {plan}"
    return f"on day{'' if plan.isdigit() else 's'} {plan.replace(',', ', ')}"


_EVERY = {"d": "daily", "wk": "weekly", "mo": "monthly"}
_COUNTS = {1: "once", 2: "twice"}


def how_often(freq: Frequency) -> str:
    """A frequency in words: "daily", "every other day", "twice weekly", "every 12 hours".

    >>> how_often(Frequency(1, 2, "d")), how_often(Frequency(3, 1, "wk"))
    ('every other day', '3 times weekly')
    """
    once = freq.n == 1 and freq.n_max is None
    if freq.period_max is None and once and (freq.period, freq.unit) == (1, "d"):
        return "daily"
    if freq.period_max is None and once and (freq.period, freq.unit) == (2, "d"):
        return "every other day"
    if freq.period == 1 and freq.period_max is None and freq.unit in _EVERY:
        times = _COUNTS.get(freq.n, f"{freq.n} times")
        if freq.n_max is not None:
            times = f"{freq.n} to {freq.n_max} times"
        return f"{times} {_EVERY[freq.unit]}"
    return say_frequency(freq)
