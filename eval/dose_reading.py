"""How well the dose reader reads labelled strings: counts, and nothing but counts.  (pure)

A label lists the doses of a string under the names of ``to_records()``. Amounts, times and
frequencies compare by value in exact fractions: 0.5 g is 500 mg, and q24h is once a day.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.dosing import Kind, Parsed, parse
from assistant.dosing.strangers import SALTS
from assistant.dosing.units import canonical
from corpus.drugs import load_drugs
from eval.metrics import wilson_interval

Record = Mapping[str, Any]

_HOURS = {"min": Fraction(1, 60), "h": Fraction(1), "d": Fraction(24), "wk": Fraction(168)}


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many; ``text`` adds the 95 % interval (Wilson)."""

    right: int = 0
    of: int = 0

    def __add__(self, other: Share) -> Share:
        return Share(self.right + other.right, self.of + other.of)

    def text(self) -> str:
        """The count, the share and its interval, or that there was nothing to count."""
        if not self.of:
            return "none counted"
        low, high = wilson_interval(self.right, self.of)
        return f"{self.right} of {self.of} = {self.right / self.of:.3f} ({low:.3f}–{high:.3f})"


@dataclass(frozen=True, slots=True)
class ReadingScore:
    """Counts over labelled strings.

    ``precision`` and ``recall``: amounts read that are labelled, and labelled amounts that are
    read; an amount is its value, unit, basis and per. ``drug`` and ``role``: right, among the
    amounts that were read. ``strings``: every amount, drug and role right and none too many.
    ``frequency``, ``route``, ``duration``: labelled ones that were read, whether or not their
    amount was. ``flagged``: strings in which something was flagged; few silent errors are worth
    little where most are. ``silent_wrong``: strings with an amount, drug or role that no label
    has, or without the flag that the label asks for, and ``silent_missed``: with a label that
    no record has; both count only where no flag is raised and no number is unknown.
    ``invented``: strings labelled as holding no dose in which an unflagged one was read.
    """

    precision: Share = field(default_factory=Share)
    recall: Share = field(default_factory=Share)
    drug: Share = field(default_factory=Share)
    role: Share = field(default_factory=Share)
    strings: Share = field(default_factory=Share)
    flagged: Share = field(default_factory=Share)
    frequency: Share = field(default_factory=Share)
    route: Share = field(default_factory=Share)
    duration: Share = field(default_factory=Share)
    silent_wrong: tuple[str, ...] = ()
    silent_missed: tuple[str, ...] = ()
    invented: tuple[str, ...] = ()

    def lines(self) -> tuple[str, ...]:
        """One line for each measure."""
        shares = (
            ("quantity precision", self.precision),
            ("quantity recall", self.recall),
            ("drug right, given the quantity", self.drug),
            ("role right, given the quantity", self.role),
            ("strings entirely right", self.strings),
            ("strings with a flag", self.flagged),
            ("frequency recall", self.frequency),
            ("route recall", self.route),
            ("duration recall", self.duration),
        )
        lists = (
            ("strings with a wrong dose and no flag", self.silent_wrong),
            ("strings with a missed dose and no flag", self.silent_missed),
            ("dose reported where there is none", self.invented),
        )
        return (
            *(f"{name}: {share.text()}" for name, share in shares),
            *(f"{name}: {len(ids)}" for name, ids in lists),
        )


def score_reading(lines: Sequence[str]) -> ReadingScore:
    """The reader measured against labelled JSON lines; raises ValueError on a broken line."""
    total = ReadingScore()
    for line in lines:
        if line.strip():
            total = _sum(total, _score(json.loads(line)))
    return total


def _sum(a: ReadingScore, b: ReadingScore) -> ReadingScore:
    return ReadingScore(
        a.precision + b.precision,
        a.recall + b.recall,
        a.drug + b.drug,
        a.role + b.role,
        a.strings + b.strings,
        a.flagged + b.flagged,
        a.frequency + b.frequency,
        a.route + b.route,
        a.duration + b.duration,
        a.silent_wrong + b.silent_wrong,
        a.silent_missed + b.silent_missed,
        a.invented + b.invented,
    )


def _score(case: Record) -> ReadingScore:
    """The counts of one string."""
    parsed = parse(case["text"])
    read = parsed.to_records()["doses"]
    label = case["doses"]
    # A record without a value is as good as none: what matters there is the flag.
    amounts = [r for r in read if r["low"] is not None]
    wanted = [r for r in label if r["low"] is not None]
    pairs = _paired(amounts, wanted)
    drug = sum(_drug(r) == _drug(w) for r, w in pairs)
    role = sum(r["role"] == w["role"] for r, w in pairs)
    right = sum(_drug(r) == _drug(w) and r["role"] == w["role"] for r, w in pairs)
    flagged = _is_flagged(parsed)
    silent = () if flagged else (str(case["id"]),)
    unasked = bool(case.get("must_flag")) and not flagged
    wrong = right < len(amounts) or unasked
    timing = {name: _timing(name, read, label) for name in _TIMING}
    return ReadingScore(
        precision=Share(len(pairs), len(amounts)),
        recall=Share(len(pairs), len(wanted)),
        drug=Share(drug, len(pairs)),
        role=Share(role, len(pairs)),
        strings=Share(int(right == len(amounts) == len(wanted)), 1),
        flagged=Share(int(flagged), 1),
        frequency=timing["freq"],
        route=timing["route"],
        duration=timing["duration"],
        silent_wrong=silent if wrong else (),
        silent_missed=silent if right < len(wanted) else (),
        invented=silent if not label and amounts else (),
    )


def _is_flagged(parsed: Parsed) -> bool:
    return (
        bool(parsed.flags)
        or any(dose.flags for dose in parsed.doses)
        or any(number.kind is Kind.UNKNOWN for number in parsed.numbers)
    )


def _paired(read: Sequence[Record], label: Sequence[Record]) -> list[tuple[Record, Record]]:
    """Each labelled amount with an equal one that was read: the best in drug and role first."""
    left = list(read)
    pairs = []
    for wanted in label:
        equal = [r for r in left if _same_amount(r, wanted)]
        if equal:
            best = max(
                equal,
                key=lambda r: (_drug(r) == _drug(wanted)) + (r["role"] == wanted["role"]),
            )
            left.remove(best)
            pairs.append((best, wanted))
    return pairs


def _amount(record: Record) -> tuple[object, ...]:
    low, dimension = canonical(Fraction(record["low"]), record["unit"])
    high, _ = canonical(Fraction(record["high"]), record["unit"])
    return low, high, dimension, record["basis"]


def _same_amount(one: Record, other: Record) -> bool:
    """Equal by value; "4 g per day" and "4 g daily" are the same amount."""
    if _amount(one) != _amount(other):
        return False
    if one["per"] == other["per"]:
        return True
    bare = other if one["per"] else one
    freq = bare.get("freq")
    daily = freq is not None and _frequency(freq) == _ONCE_A_DAY
    return {one["per"], other["per"]} == {"", "d"} and daily


def _drug(record: Record) -> str | None:
    """The drug of a record: its id where the table knows the name, else the name itself."""
    name = record["drug"]
    return None if name is None else _identity(str(name).lower())


@lru_cache(maxsize=4096)
def _identity(name: str) -> str:
    """Two names of one drug ("glyburide", "glibenclamide", "ipratropium bromide") are equal.

    A part of a name is not, unless what is left is a salt.
    """
    for mention in load_drugs().find(name, lax=True):
        if mention.start == 0 and SALTS.issuperset(name[mention.end :].split()):
            return mention.drug_id
    return name


def _timing(name: str, read: Sequence[Record], label: Sequence[Record]) -> Share:
    """Labelled times of one field that a record holds; each record counts once."""
    key = _TIMING[name]
    left = [key(r[name]) for r in read if name in r]
    found = 0
    wanted = [key(r[name]) for r in label if name in r]
    for value in wanted:
        if value in left:
            left.remove(value)
            found += 1
    return Share(found, len(wanted))


def _frequency(value: Record) -> tuple[object, ...]:
    low = value["n"]
    high = value.get("n_max", low)
    period, longest = value["period"], value.get("period_max", value["period"])
    hours = _HOURS.get(value["unit"])
    if hours is None:
        return value["unit"], Fraction(low, longest), Fraction(high, period)
    return "h", Fraction(low) / (hours * longest), Fraction(high) / (hours * period)


_ONCE_A_DAY = _frequency({"n": 1, "period": 1, "unit": "d"})


def _route(value: str) -> frozenset[str]:
    return frozenset(value.split("/"))


def _duration(value: Record) -> tuple[object, ...]:
    unit = value.get("unit", "")
    factor = _HOURS.get(unit, Fraction(1))
    ends = (value.get("low"), value.get("high"))
    return (
        "h" if unit in _HOURS else unit,
        *(None if end is None else Fraction(end) * factor for end in ends),
    )


_TIMING: Mapping[str, Callable[[Any], object]] = {
    "freq": _frequency,
    "route": _route,
    "duration": _duration,
}


def score_instructions(path: Path) -> str:
    """Prescription instructions against the most units that they allow in a day, in a line.

    Raises nothing when the file isn't there: it is no part of the product, and the line says
    so. An instruction counts as right when its units per day are read as listed, or when it is
    listed as ambiguous and no rate of units is read without a flag.
    """
    if not path.is_file():
        return f"dose instructions: {path.name} is not here, not measured"
    right, refused = Share(), Share()
    for line in path.read_text("utf-8").splitlines():
        case = json.loads(line)
        parsed = parse(case["text"])
        units = units_per_day(parsed)
        if case["parsable"]:
            listed = case.get("units_per_day_max")
            if listed is not None:
                right += Share(int(units == Fraction(str(listed))), 1)
        else:
            refused += Share(int(units is None or _is_flagged(parsed)), 1)
    return f"dose instructions: units per day {right.text()}; ambiguous refused {refused.text()}"


def units_per_day(parsed: Parsed) -> Fraction | None:
    """The most units of the first stated amount in a day, as a limit or as a rate; else None."""
    stated = next((d for d in parsed.doses if d.role == "stated"), None)
    if stated is None or stated.high is None:
        return None
    units = stated.units_per_dose.high if stated.units_per_dose else stated.high
    if stated.per == "d":
        return units
    if units is None or stated.freq is None or stated.freq.unit not in _HOURS:
        return None
    freq = stated.freq
    return units * 24 * (freq.n_max or freq.n) / (_HOURS[freq.unit] * freq.period)
