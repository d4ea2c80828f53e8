"""What a question takes for granted: does the library give that dose, and those figures?

Doses are judged by the comparison of orders (``assistant.orders``); a figure that is no dose is
held against the statement that stands first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache

from assistant.dosing import Dose, DoseRole, Kind
from assistant.dosing.units import canonical
from assistant.drafting.asserted import (
    ASSERTED,
    FIGURE,
    NOT,
    figures,
    library_doses,
    read,
    sizes_of_body,
    stands_in,
)
from assistant.orders.fit import SLIPS, Fit, fit
from assistant.orders.model import ProblemKind
from assistant.readings import readings_of
from corpus.library import Library
from corpus.model import Passage, Role

_GIVEN = frozenset({DoseRole.STATED, DoseRole.MAXIMUM, DoseRole.MINIMUM})
_SIZES = frozenset({"kg", "m2"})
# Asks leave, and takes nothing for granted.
_MAY_I = re.compile(
    r"\bok(?:ay)?\b|\ballowed\b|\b(?:is|are|would) (?:\w+ ){1,3}?(?:safe|fine)\b", re.IGNORECASE
)
_NORM = re.compile(
    r"\b(?:cut-?\s?offs?|criteri\w+|thresholds?|limits?|limited|needs?|needed|must|at least|max\w*"
    r"|min\w*|from|counts?|points|pts|target|trough|constant|amounts? to|only|capped|required"
    r"|as per|label)\b",
    re.IGNORECASE,
)
_A_NORM = re.compile(
    r"\b(?P<norm>cut-?\s?offs?|criterion|thresholds?|limit|maximum|max|target|trough|constant)"
    r"(?: (?:value|dose|level|score|total))?(?: (?:of|is|at|was|being)| =|:)?(?: about)? "
    r"(?P<figure>\d+(?:[, ]\d{3}(?!\d))*(?:\.\d+)?)",
    re.IGNORECASE,
)
_SHARE = re.compile(r"(\d+(?:\.\d+)?)(?:\s?[–-]\s?(\d+(?:\.\d+)?))?\s?(?:%|per ?cent\b)")
_MOST_FIGURES = 4  # a question with more is a list of a patient's values


@dataclass(frozen=True, slots=True)
class Fault:
    """A dose of a question that the library does not give, and in what it differs."""

    words: str
    kind: str  # "as a dose", "that often", ...: completes "No statement gives <words> ..."


def wrong_premises(text: str, library: Library) -> tuple[str, ...]:
    """The doses of a question whose amount no statement gives: "etoposide 1500 mg/m2"."""
    return tuple(fault.words for fault in faults(text, library) if fault.kind == _AMOUNT)


_AMOUNT, _OFTEN, _ROUTE = "as a dose", "that often", "by that route"
_BODY = "for a body of any size"


@lru_cache(maxsize=256)
def faults(text: str, library: Library) -> tuple[Fault, ...]:
    """What no statement gives of the doses in a question.

    An amount per kg or m² always counts; a fixed amount, which may have been worked out from a
    size, a frequency and a route only where the question takes them for granted. A drug of
    which the library gives nothing comparable can't be judged.
    """
    doses = read(text).doses
    asserted = ASSERTED.search(text) is not None
    found = []
    for dose in doses:
        if dose.drug not in library.drugs_covered or dose.cumulative or dose.high is None:
            continue
        worked_out = tuple(sizes_of_body(dose, doses))
        kind = "" if any(worked_out) else _fault(dose, library, asserted=asserted)
        if asserted and worked_out and not any(worked_out):
            kind = _BODY
        if kind:
            found.append(Fault(f"{dose.drug_name} {dose.text}", kind))
    if asserted and not doses:
        found += _rare(text, library)
    return tuple(dict.fromkeys(found))


def _rare(text: str, library: Library) -> Iterator[Fault]:
    """A drug named with how often it is given, and no amount, where the library never says so.

    Only frequencies of weeks and months: what is given each day is written in too many ways.
    """
    said = read(text)
    drugs = {drug for _, _, drug in said.named} & library.drugs_covered
    if len(drugs) != 1:
        return
    (drug,) = drugs
    given = {
        number.key
        for id_, passage in library.passages.items()
        if drug in passage.statement.facets.drugs
        for number in readings_of(library)[id_].parsed.numbers
        if number.kind is Kind.FREQUENCY
    }
    for number in said.numbers:
        long = number.kind is Kind.FREQUENCY and number.key.endswith(("wk", "mo"))
        if long and given and number.key not in given:
            yield Fault(f"{library.drugs[drug].name} {number.text}", _OFTEN)


def _fault(dose: Dose, library: Library, *, asserted: bool) -> str:
    stated = dose.role is DoseRole.STATED and dose.basis in _SIZES
    alike = list(_alike(dose, library))
    # On the very days of one schedule its amount is meant, whatever another schedule gives.
    same_days = [other for other in alike if dose.days and other.days == dose.days]
    if stated and not _is_given(dose, same_days or alike):
        return _AMOUNT
    if dose.role.is_limit and _is_a_total(dose, library):
        return ""
    if not asserted and not dose.role.is_limit:
        return ""
    fits = [fit(dose, entry) for entry in library_doses(library).of(dose.drug)]
    if _amount_is_wrong(dose, fits):
        return _AMOUNT
    agreeing = [f for f in fits if f.entry.supports and f.amount_agrees]
    timed = [f for f in agreeing if f.entry.dose.freq]
    if dose.freq and timed and all(ProblemKind.FREQUENCY in f.kinds for f in timed):
        return _OFTEN
    told = [f for f in agreeing if f.entry.dose.routes]
    if dose.routes and told and all(ProblemKind.ROUTE in f.kinds for f in told):
        return _ROUTE
    return ""


def _amount_is_wrong(dose: Dose, fits: Sequence[Fit]) -> bool:
    """Whether an amount taken for granted is none of the library's."""
    comparable = [f for f in fits if ProblemKind.UNIT not in f.kinds]
    alike = [f for f in comparable if f.entry.dose.basis == dose.basis]
    if not alike:
        # Another basis: per kg for per m², or the very digits without "per".
        return any(f.same_digits or dose.basis in _SIZES for f in comparable)
    if dose.basis:
        singles = [
            f for f in alike if not f.entry.dose.cumulative and ProblemKind.ROLE not in f.kinds
        ]
        return bool(singles) and not any(f.amount_agrees for f in singles)
    others = (f for f in comparable if f not in alike)
    if dose.role is DoseRole.STATED and any(f.same_digits and not f.gap for f in others):
        return not any(f.amount_agrees for f in alike)
    # Into the spine so little is given that it bounds no other dose.
    elsewhere = [f for f in alike if dose.routes or "IT" not in f.entry.dose.routes]
    if not elsewhere or any(f.amount_agrees for f in elsewhere):
        return False
    return all(f.kinds & (SLIPS | {ProblemKind.ABOVE}) for f in elsewhere)


def against(text: str, first: Passage, library: Library) -> str:
    """Why the statement that stands first may contradict what a question takes for granted.

    A sentence for the reader, "" where nothing of the kind can be told: the statement has none
    of the question's figures and others of its own, or warns of them, or it says "not" and the
    question does not.
    """
    if not ASSERTED.search(text):
        return _other_norm(text, first)
    share = _other_share(text, first.text)
    if share:
        return f"The statement that stands first gives another share than {share}: compare them."
    often = _other_frequency(text, first, library)
    if often:
        return f"The statement that stands first gives {often} at other times: compare them."
    named = tuple(dict.fromkeys(figures(text))) if _NORM.search(text) else ()
    own = FIGURE.findall(first.text)
    if named and own and len(named) <= _MOST_FIGURES:
        held = [f for f in named if stands_in(f, own, first.text)]
        if not held:
            return (
                "The statement that stands first gives other figures than the question "
                f"({'; '.join(named)}): compare them."
            )
        if first.statement.role is Role.WARNING:
            return (
                "The statement that stands first is a warning that names a figure of the "
                f"question ({'; '.join(held)}): read it."
            )
    if NOT.search(first.text) and not NOT.search(text) and not _MAY_I.search(text):
        return "The statement that stands first may contradict what the question takes for granted."
    return ""


def _other_norm(text: str, first: Passage) -> str:
    """A figure that a question calls a norm ("the cut-off of 250") and a statement does not give.

    Without a wording that asks for a yes only the word for the norm right before the figure counts.
    """
    own = FIGURE.findall(first.text)
    norms = [m for m in _A_NORM.finditer(text) if not stands_in(m["figure"], own, first.text)]
    if not norms or not own or _letters(norms[0]["norm"]) not in _letters(first.text):
        return ""
    return (
        "The statement that stands first gives other figures than the question "
        f"({norms[0]['figure']}): compare them."
    )


def _letters(text: str) -> str:
    """Its letters alone: "cut off", "cut-off" and "cutoff" are one word."""
    return re.sub(r"[^a-z]", "", text.lower())


def _rhythms(text: str) -> frozenset[str]:
    """Whether a text speaks of so often a day, a week or a month; several hours are of a day."""
    frequencies = (n.key for n in read(text).numbers if n.kind is Kind.FREQUENCY)
    units = (key.lstrip("0123456789/.-+ ") for key in frequencies)
    return frozenset("d" if unit in {"h", "min"} else unit for unit in units)


def _other_frequency(text: str, first: Passage, library: Library) -> str:
    """The dose of a question that a statement gives at other times; "" if there is none."""
    for dose in read(text).doses:
        of_first = (e for e in library_doses(library).of(dose.drug) if e.passage.id == first.id)
        fits = [f for f in (fit(dose, e) for e in of_first) if f.amount_agrees]
        if dose.freq and fits and all(ProblemKind.FREQUENCY in f.kinds for f in fits):
            return f"{dose.drug_name} {dose.text}"
    return ""


def _other_share(text: str, said: str) -> str:
    """A percentage of the question, where a statement gives percentages and not this one."""
    own = [(Fraction(m[1]), Fraction(m[2] or m[1])) for m in _SHARE.finditer(said)]
    for match in _SHARE.finditer(text):
        if own and not any(low <= Fraction(match[1]) <= high for low, high in own):
            return match[0]
    return ""


def _alike(dose: Dose, library: Library) -> Iterator[Dose]:
    """The library's single doses of the drug, by the same measure of size; none of a warning."""
    for id_, passage in library.passages.items():
        statement = passage.statement
        if dose.drug in statement.facets.drugs and statement.role is not Role.WARNING:
            for other in readings_of(library)[id_].parsed.doses:
                same = other.drug == dose.drug and other.basis == dose.basis
                if same and not other.cumulative and other.role in _GIVEN:
                    yield other


def _is_a_total(dose: Dose, library: Library) -> bool:
    """Whether an amount is a total of the library's: "we keep it under 2-3 g/m2"."""
    totals = [e.dose for e in library_doses(library).of(dose.drug) if e.dose.cumulative]
    return bool(totals) and not dose.freq and _is_given(dose, totals)


def _is_given(dose: Dose, others: Sequence[Dose]) -> bool:
    """Whether an amount lies within one of the doses; without any it can't be told."""
    if dose.low is None or dose.high is None or not others:
        return True
    low, dimension = canonical(dose.low, dose.unit)
    high, _ = canonical(dose.high, dose.unit)
    for other in others:
        if other.low is None or other.high is None:
            continue
        least, same = canonical(other.low, other.unit)
        most, _ = canonical(other.high, other.unit)
        if same == dimension and least <= low and high <= most:
            return True
    return False
