"""An order that no single passage supports whole, but whose parts the library confirms.

The comparison with a passage asks that it says everything that a text states. An order is held
against the whole library: a route that another passage of the drug gives, "for 2 weeks" where a
plan says weeks 1-2, or an amount worked out from a body surface in the text are no errors. A
field on which the whole library is silent is named as not checked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from assistant.dosing import (
    Detail,
    Dose,
    DoseRole,
    LibraryFinding,
    Parsed,
    Verdict,
    compare_with_library,
)
from assistant.dosing.decide import worse
from assistant.orders.amounts import raw
from assistant.orders.fit import Fit
from assistant.orders.limits import obeys_caps, size_in
from assistant.orders.model import Problem, ProblemKind
from assistant.orders.words import amount_words, dose_words

_EMPTY: Mapping[str, Any] = {
    "freq": None,
    "routes": (),
    "duration": None,
    "count": None,
    "over": None,
    "days": "",
    "weeks": "",
}
_NAMES = {
    "freq": "frequency",
    "routes": "route",
    "duration": "duration",
    "count": "number of doses",
    "over": "infusion or split time",
    "days": "days",
    "weeks": "weeks",
}
_KINDS = {
    "freq": ProblemKind.FREQUENCY,
    "routes": ProblemKind.ROUTE,
    "duration": ProblemKind.DURATION,
    "count": ProblemKind.COUNT,
    "over": ProblemKind.INFUSION_TIME,
    "days": ProblemKind.SCHEDULE,
    "weeks": ProblemKind.SCHEDULE,
}
_PLANS = frozenset({"days", "weeks"})
_ROUNDED = Fraction(1, 20)  # an amount worked out for a patient may be rounded by 5 %


@dataclass(frozen=True, slots=True)
class Settled:
    """The verdict of one dose after its parts were looked for in the whole library."""

    verdict: Verdict
    why: str
    detail: Detail
    source_id: str | None
    source: str
    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()


def settle(
    base: LibraryFinding,
    at: int,
    read: Parsed,
    fits: Sequence[Fit],
    sources: Sequence[tuple[str, Parsed]],
) -> Settled:
    """``base``, or a milder verdict where the library as a whole confirms the dose.

    ``at`` is the index of the dose in ``read``; ``fits`` are nearest first.
    """
    plain = Settled(base.verdict, base.why, base.detail, base.source_id, base.source)
    if base.verdict is Verdict.INCOMPLETE:
        same = [f.entry for f in fits if f.entry.passage.id == base.source_id]
        if obeys_caps(read.doses[at], same):
            why = f"Inside what the library gives, its maximum included: {base.source}."
            return Settled(Verdict.WITHIN_RANGE, why, Detail.NONE, base.source_id, base.source)
        return plain
    if base.verdict is not Verdict.MISMATCH:
        return plain
    derived = _worked_out(at, read, sources)
    if derived is not None:
        return derived
    supporting = [f for f in fits if f.entry.supports]
    slipped = any(f.exact for f in supporting)
    for candidate in supporting:
        if candidate.problems or (candidate.entry.up_to and candidate.gap and slipped):
            continue
        unchecked = _unchecked(candidate, supporting)
        if unchecked is None:
            continue
        settled = _again(at, read, candidate, sources)
        if settled is None:
            continue
        problems = tuple(
            Problem(
                ProblemKind.NOT_CHECKED,
                f"The library gives no {_NAMES[field]} for this dose, so it could not be checked.",
                candidate.entry.passage.id,
            )
            for field in unchecked
        )
        if problems:
            verdict = worse(settled.verdict, Verdict.INCOMPLETE)
            return replace(settled, verdict=verdict, why=problems[0].text, problems=problems)
        return settled
    return plain


def _unchecked(candidate: Fit, fits: Sequence[Fit]) -> list[str] | None:
    """The fields that nothing in the library speaks of; None where another dose contradicts."""
    found = []
    for field in candidate.silent:
        kind = _KINDS[field]
        beside = [
            f
            for f in fits
            if field not in f.silent
            and (field == "routes" or f.amount_agrees)
            and (field in {"routes", "freq"} or ProblemKind.FREQUENCY not in f.kinds)
        ]
        if field in _PLANS and any(field in f.agreeing and not f.amount_agrees for f in fits):
            return None  # the library gives another amount in these very weeks
        if field == "freq" and any(ProblemKind.PER in f.kinds and not f.gap for f in fits):
            return None  # the library counts this very amount otherwise
        if any(kind not in f.kinds for f in beside):
            continue
        if beside:
            return None
        found.append(field)
    return found


def _again(
    at: int, read: Parsed, candidate: Fit, sources: Sequence[tuple[str, Parsed]]
) -> Settled | None:
    """The dose without the fields that were looked at one by one, compared once more."""
    fields = (*candidate.silent, *candidate.agreeing)
    bare = replace(read.doses[at], **{field: _EMPTY[field] for field in fields})
    source = [(id_, parsed) for id_, parsed in sources if id_ == candidate.entry.passage.id]
    if candidate.entry.up_to and candidate.gap:
        why = f"Not above the library's up to {candidate.entry.dose.text}."
        return Settled(
            Verdict.WITHIN_RANGE,
            why,
            Detail.NONE,
            candidate.entry.passage.id,
            candidate.entry.dose.text,
        )
    finding = _compared(bare, read, source)
    if not finding.verdict.shown:
        return None
    return Settled(finding.verdict, finding.why, finding.detail, finding.source_id, finding.source)


def _worked_out(at: int, read: Parsed, sources: Sequence[tuple[str, Parsed]]) -> Settled | None:
    """260 mg beside 150 mg/m² and a surface of 1.73 m²: what the order itself works out."""
    dose = read.doses[at]
    if dose.basis or dose.role is not DoseRole.STATED:
        return None
    for origin in _origins(dose, read):
        size, given, per_size = size_in(read, origin.basis), raw(dose), raw(origin)
        if given is None or per_size is None:
            continue
        parent = _compared(origin, read, sources)
        if not parent.verdict.shown:
            continue
        if size is None:
            what = {"kg": "weight in kg", "m2": "body surface in m²"}[origin.basis]
            why = f"{dose_words(dose)} can't be worked out again: the text gives no {what}."
            problem = Problem(ProblemKind.NOT_CHECKED, why, parent.source_id)
            return Settled(
                worse(parent.verdict, Verdict.INCOMPLETE),
                why,
                Detail.NONE,
                parent.source_id,
                parent.source,
                (problem,),
            )
        expected = per_size[0] * size, per_size[1] * size
        if expected[0] * (1 - _ROUNDED) <= given[0] <= given[1] <= expected[1] * (1 + _ROUNDED):
            total = amount_words(expected, dose.unit, "", "")
            why = f"{dose_words(origin)} for this patient is {total}. {parent.why}"
            return Settled(parent.verdict, why, Detail.NONE, parent.source_id, parent.source)
    return None


def _origins(dose: Dose, read: Parsed) -> Iterator[Dose]:
    """Doses by weight or surface of the same drug, in the same or the neighbouring sentence."""
    for other in read.doses:
        near = abs(other.sentence - dose.sentence) <= 1
        if near and other.drug == dose.drug and other.basis and other.role is DoseRole.STATED:
            yield other


def _compared(dose: Dose, read: Parsed, sources: Sequence[tuple[str, Parsed]]) -> LibraryFinding:
    """One dose against the library, with the limits that its sentence sets beside it."""
    limits = (d for d in read.doses if d.role.is_limit and d.sentence == dose.sentence)
    return compare_with_library(replace(read, doses=(dose, *limits)), sources)[0]
