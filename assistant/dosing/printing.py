"""One dose in one fixed style, written from its record and never from the text it was read in.

Numbers have a leading zero, no trailing zero and a comma in thousands; micrograms and units are
words; nothing is Latin. The order is drug, dose, rate, split, frequency, days, route, condition,
duration, count, later frequencies. ``render`` reads its own line back before it returns it: a
line that would read as another dose is never printed.
"""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TypeVar

from assistant.dosing.model import Bound, Dose, DoseRole, Frequency, decimal_text
from assistant.dosing.print_words import (
    ADVERBS,
    BASES,
    GROUPS,
    NAMES,
    ROUTES,
    TIMES,
    UNITS,
)
from assistant.dosing.reader import parse
from corpus.drugs import DrugTable
from corpus.errors import GuidelineError

# Readings that rest on a guess: only the literal text shows what the source says.
_UNSURE = frozenset(
    {
        *("unreadable_number", "unreadable_unit", "unreadable_sentence", "unparsed_tail"),
        *("ambiguous_decimal", "ambiguous_drug", "ambiguous_frequency", "unknown_drug"),
        "inverted_range",
    }
)
# "cycle 2 to 3 times weekly" would name the second cycle: a comma keeps the two apart.
_NUMBERED = re.compile(r"(/(?:cycle|course|month)) (?=\d)")
# After "2 ×" these are read as a power of ten that has lost its raised figure: 10³ as 103.
_LOOKS_RAISED = range(103, 110)
_Word = TypeVar("_Word")


class NotPrintable(GuidelineError, ValueError):
    """A dose that can't be written so that it reads back as itself."""

    def __init__(self, dose: Dose, why: str) -> None:
        self.dose, self.why = dose, why
        super().__init__(
            f"The dose “{dose.text}” can't be printed: {why}. Show its literal text instead."
        )


def render(dose: Dose, drugs: DrugTable | None = None) -> str:
    """The dose in words that read back as the same record.

    Groups of patients that a heading gave (``inherited``) are left to that heading. Raises
    NotPrintable; ``drugs`` is the table that the words are read with.

    >>> render(parse("VP-16 50-100 mg/m2 qod").doses[0])
    'etoposide 50 to 100 mg/m² every other day'
    """
    _refuse(dose)
    line = _line(dose)
    if not reads_back(line, dose, drugs):
        raise NotPrintable(dose, f"“{line}” would be read as another dose")
    return line


def reads_back(line: str, dose: Dose, drugs: DrugTable | None = None) -> bool:
    """Whether a line holds exactly this one dose, with its conditions and later frequencies."""
    read = parse(line, drugs).doses
    return len(read) == 1 and _said(read[0]) == _said(dose)


def _said(dose: Dose) -> object:
    record = dose.to_record()
    del record["flags"]
    return record, dose.conditions, dose.phases


def _refuse(dose: Dose) -> None:
    unsure = sorted(_UNSURE.intersection(dose.flags))
    if unsure:
        raise NotPrintable(dose, f"its reading is unsure ({', '.join(unsure)})")
    if dose.low is None or dose.high is None:
        raise NotPrintable(dose, "its number could not be read")
    if dose.unit not in UNITS:
        raise NotPrintable(dose, f"there is no word for its unit “{dose.unit}”")
    if dose.role is DoseRole.RELATIVE and dose.drug is None:
        raise NotPrintable(dose, "it is a share of the dose of an unnamed drug")
    if dose.role is DoseRole.RELATIVE and dose.unit != "%":
        raise NotPrintable(dose, "the record doesn't say whether it is a step up or a step down")
    if dose.units_per_dose and dose.low in _LOOKS_RAISED:
        raise NotPrintable(dose, f"“× {dose.low}” looks like a power of ten")
    odd = [f.unit for f in (dose.freq, *dose.phases) if f is not None and f.unit not in TIMES]
    if odd:
        raise NotPrintable(dose, f"there is no word for “{odd[0]}”")
    if dose.conditions:
        raise NotPrintable(dose, f"it is set for {', '.join(dose.conditions)}")


def _line(dose: Dose) -> str:
    group = f"in {_word(GROUPS, dose.population, dose)}" if dose.population else ""
    parts = (_opening(dose), _amount(dose), *_times(dose), _routes(dose), group, *_lengths(dose))
    line = _NUMBERED.sub(r"\1, ", " ".join(part for part in parts if part), count=1)
    return "".join((line, *(f", then {how_often(phase)}" for phase in dose.phases)))


def _times(dose: Dose) -> list[str]:
    """Split, frequency, days and weeks, as far as there are any."""
    parts = []
    if dose.over:
        parts.append(f"over {_bound(dose.over, dose)}")
    if dose.divided:
        parts.append(_divided(dose.divided, dose))
    if dose.freq:
        parts.append(how_often(dose.freq))
    if dose.days:
        parts.append(_labels("on", "day", dose.days))
    if dose.weeks:
        parts.append(_labels("in", "week", dose.weeks))
    return parts


def _routes(dose: Dose) -> str:
    return " or ".join(_word(ROUTES, route, dose) for route in dose.routes)


def _lengths(dose: Dose) -> list[str]:
    """For how long and how many times, as far as the dose says."""
    parts = [f"for {_bound(dose.duration, dose)}"] if dose.duration else []
    return [*parts, _count(dose.count, dose)] if dose.count else parts


def _opening(dose: Dose) -> str:
    """The drug and what the sentence does with the amount, up to its number."""
    name = dose.drug_name or ""
    if dose.role is DoseRole.REJECTED:
        return f"do not give {name}".rstrip()
    if dose.role is DoseRole.PREVIOUS:
        return f"{name}, previously" if name else "previously"
    cue = ""
    if dose.role is DoseRole.MAXIMUM or dose.role is DoseRole.CUMULATIVE_LIMIT:
        cue = "less than" if dose.cmp == "<" else "up to"
    elif dose.role is DoseRole.MINIMUM:
        cue = "more than" if dose.cmp == ">" else "at least"
    if dose.cumulative:
        cue = f"cumulative dose {cue}" if cue else "total dose"
        return f"{name}, {cue}" if name else cue
    return f"{name} {cue}".strip()


def _amount(dose: Dose) -> str:
    value = _ends(Bound(dose.low, dose.high), dose)
    if dose.unit == "AUC":
        return f"AUC {value}"
    if dose.unit == "%":
        return f"{value}% of the dose"
    one, several = UNITS[dose.unit]
    unit = one if dose.high == 1 else several
    rate = f"/{_word(BASES, dose.basis, dose)}" if dose.basis else ""
    rate += f"/{_word(NAMES, dose.per, dose)}" if dose.per else ""
    packs = f"{_ends(dose.units_per_dose, dose)} × " if dose.units_per_dose else ""
    return f"{packs}{value} {unit}{rate}"


def say_number(value: Fraction) -> str:
    """An exact number as printed: "0.5", "1,000", "2.25"; thirds keep their fraction bar.

    >>> say_number(Fraction(5000, 4))
    '1,250'
    """
    whole, point, rest = decimal_text(value).partition(".")
    if "/" in whole:
        return whole
    return f"{int(whole):,}{point}{rest}"


def _value(value: Fraction, dose: Dose) -> str:
    text = say_number(value)
    if "/" in text or value < 0:
        raise NotPrintable(dose, f"{text} has no decimal form")
    return text


def how_often(freq: Frequency) -> str:
    """A frequency in words: "daily", "every other day", "twice weekly", "every 4 to 6 hours".

    >>> how_often(Frequency(1, 2, "d"))
    'every other day'
    """
    one, several = TIMES[freq.unit]
    once = freq.n == 1 and freq.n_max is None
    if once and freq.period_max is not None:
        return f"every {freq.period} to {freq.period_max} {several}"
    if once and freq.period > 1:
        other = freq.period == 2 and freq.unit == "d"  # every second day
        return "every other day" if other else f"every {freq.period} {several}"
    if once and freq.unit == "d":
        return "daily"
    if once and freq.unit not in ADVERBS:
        return f"every {one}"
    times = {1: "once", 2: "twice"}.get(freq.n, f"{freq.n} times")
    if freq.n_max is not None:
        pair = (freq.n, freq.n_max) == (1, 2)
        times = "once or twice" if pair else f"{freq.n} to {freq.n_max} times"
    if freq.period > 1:
        return f"{times} every {freq.period} {several}"
    return f"{times} {ADVERBS[freq.unit]}" if freq.unit in ADVERBS else f"{times} per {one}"


def _divided(divided: Bound, dose: Dose) -> str:
    if divided.low is None and divided.high is None:
        return "in divided doses"
    return f"in {_ends(divided, dose)} divided doses"


def _count(count: Bound, dose: Dose) -> str:
    """Neutral words: the record doesn't say whether doses, infusions or cycles are counted."""
    if count.low == count.high == 1:
        return "once only"
    return f"for {_ends(count, dose)} treatments"


def _bound(bound: Bound, dose: Dose) -> str:
    one, several = _word(TIMES, bound.unit, dose)
    last = bound.low if bound.high is None else bound.high
    return f"{_ends(bound, dose)} {one if last == 1 else several}"


def _ends(bound: Bound, dose: Dose) -> str:
    low, high = (None if end is None else _value(end, dose) for end in (bound.low, bound.high))
    if low is not None and high is not None:
        return low if low == high else f"{low} to {high}"
    if low is None and high is None:
        raise NotPrintable(dose, "a time or count has no number")
    return f"up to {high}" if low is None else f"at least {low}"


def _labels(preposition: str, noun: str, labels: str) -> str:
    """ "1-5,14,21" as "on days 1 to 5, 14 and 21"; "19-" as "from day 19"."""
    if labels.endswith("-"):
        return f"from {noun} {labels[:-1]} onwards"
    spans = [_span(label) for label in labels.split(",")]
    several = len(spans) > 1 or " to " in spans[0]
    listed = spans[0] if len(spans) == 1 else f"{', '.join(spans[:-1])} and {spans[-1]}"
    return f"{preposition} {noun}{'s' if several else ''} {listed}"


def _span(label: str) -> str:
    """ "-6--2" as "-6 to -2"."""
    at = label.find("-", 1)
    return label if at < 0 else f"{label[:at]} to {label[at + 1 :]}"


def _word(words: dict[str, _Word], key: str, dose: Dose) -> _Word:
    if key not in words:
        raise NotPrintable(dose, f"there is no word for “{key}”")
    return words[key]
