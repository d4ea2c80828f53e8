"""Where the two readers agree on a text, and exactly how they differ where they don't."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from assistant.dosing import Frequency, Kind, parse

from .reading import canonical, read

FIELDS = ("amounts", "limits", "frequencies", "durations", "days", "weeks", "counts")


@dataclass(frozen=True, slots=True)
class Found:
    """What one reader found, in the terms in which the two are compared.

    An amount is "low high unit basis per", as often as it stands in the text, and stands among
    the limits too, after "<" or ">", if it is one. All the rest are sets: an amount more or less
    that shares a rhythm is no further difference. Amounts that a reader calls unreadable count
    for neither.
    """

    amounts: Counter[str]
    limits: Counter[str]
    frequencies: Counter[str]
    durations: Counter[str]
    days: Counter[str]
    weeks: Counter[str]
    counts: Counter[str]
    flagged: bool = False  # the first reader warns of something in the text


@dataclass(frozen=True, slots=True)
class Difference:
    """One field of one text on which the readers differ."""

    field: str
    first: tuple[str, ...]  # found only by assistant.dosing
    second: tuple[str, ...]  # found only by the reader of this folder


def first_reading(text: str) -> Found:
    """By ``assistant.dosing``; a later rhythm of the same amount counts as a frequency."""
    parsed = parse(text)
    record = parsed.to_records()
    readable = [d for d in record["doses"] if d["low"] is not None or d["high"] is not None]
    rhythms = {_rhythm(f) for dose in parsed.doses for f in (dose.freq, *dose.phases) if f}
    lengths = {_length(d["duration"]) for d in record["doses"] if "duration" in d}
    unknown = any(number.kind is Kind.UNKNOWN for number in parsed.numbers)
    return Found(
        Counter(_amount(d) for d in readable),
        Counter(f"{d['cmp'][0]} {_amount(d)}" for d in readable if d["cmp"] != "="),
        Counter(rhythms),
        Counter(lengths),
        Counter({d["days"] for d in readable if "days" in d}),
        Counter({d["weeks"] for d in readable if "weeks" in d}),
        Counter({_length(d["count"]) for d in readable if "count" in d}),
        flagged=bool(record["flags"] or any(d["flags"] for d in record["doses"]) or unknown),
    )


def second_reading(text: str) -> Found:
    """By the LALR grammar of this folder."""
    reading = read(text)
    return Found(
        Counter(_joined(amount.key) for amount in reading.amounts),
        Counter(f"{a.cmp} {_joined(a.key)}" for a in reading.amounts if a.cmp != "="),
        Counter({_joined(map(str, f)) for f in reading.frequencies}),
        Counter({_joined(d) for d in reading.durations}),
        Counter(set(reading.days)),
        Counter(set(reading.weeks)),
        Counter({_joined(c) for c in reading.counts}),
    )


def differences(first: Found, second: Found) -> tuple[Difference, ...]:
    """The fields on which two readings differ; none if they agree."""
    found = []
    for field in FIELDS:
        one, other = getattr(first, field), getattr(second, field)
        if one != other:
            only = (tuple(sorted((a - b).elements())) for a, b in ((one, other), (other, one)))
            found.append(Difference(field, *only))
    return tuple(found)


def _amount(record: Mapping[str, Any]) -> str:
    return _joined(record[key] for key in ("low", "high", "unit", "basis", "per"))


def _rhythm(frequency: Frequency) -> str:
    n, period = frequency.n, frequency.period
    n_max, period_max = frequency.n_max or n, frequency.period_max or period
    return _joined(map(str, canonical(n, n_max, period, period_max, frequency.unit)))


def _length(duration: dict[str, str]) -> str:
    return _joined(duration.get(key) for key in ("low", "high", "unit"))


def _joined(parts: Iterable[str | None]) -> str:
    """ "1 2 mg kg d", with "-" where a part is missing."""
    return " ".join(part or "-" for part in parts)
