"""Every dose and number of a text against the source that it cites.

A number that the source doesn't hold is never shown as checked. Each dose and each number
gets a finding, so one without a finding means that nobody looked.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.dosing.decide import source_axis_of
from assistant.dosing.fields import Match, match_doses
from assistant.dosing.gloss import contradictions
from assistant.dosing.model import Dose, DoseRole, Number, Parsed
from assistant.dosing.phase import other_phase
from assistant.dosing.plain_numbers import compare_number
from assistant.dosing.residual import departures, is_near_copy
from assistant.dosing.verdict import Detail, Finding, LibraryFinding, Verdict

_BLOCKING: dict[str, tuple[Detail, str]] = {
    "unreadable_number": (Detail.NUMBER, "The number could not be read safely."),
    "unreadable_unit": (Detail.UNIT, "The unit could not be read safely."),
    "unparsed_tail": (Detail.TAIL, "Part of the unit could not be read."),
    "unreadable_sentence": (Detail.UNIT, "The sentence holds an amount that could not be read."),
}
_LITERAL: dict[str, tuple[Detail, str]] = {
    "ambiguous_decimal": (Detail.NUMBER, "The decimal point may be a thousands separator."),
    "space_thousands": (Detail.NUMBER, "The space in the number may separate two numbers."),
    "inverted_range": (Detail.NUMBER, "The range runs from high to low."),
    "elided_unit": (Detail.UNIT, "The unit is not written beside the number."),
    "ambiguous_frequency": (Detail.NONE, "The frequency can be read in two ways."),
    "ambiguous_drug": (Detail.DRUG, "It is not clear which drug this amount belongs to."),
}


def compare(claim: Parsed, source: Parsed) -> tuple[Finding, ...]:
    """One finding for every dose and number of the claim, in text order."""
    near = bool(claim.doses) and claim.text != source.text and is_near_copy(claim, source)
    paired = near and len(claim.doses) == len(source.doses)
    findings = [
        _dose_finding(dose, claim, source, source.doses[i] if paired else None)
        for i, dose in enumerate(claim.doses)
    ]
    findings = _inconsistent(claim, findings)
    spans = {(f.start, f.end): f for f in findings}
    parts: dict[tuple[int, int], list[Finding]] = {}
    for finding in findings:
        for part in finding.dose.parts if finding.dose else ():
            parts.setdefault(part, []).append(finding)
    for number in claim.numbers:
        span = (number.start, number.end)
        if span in spans:
            continue
        if span in parts:
            findings.append(_part_finding(number, parts[span]))
        else:
            findings.append(compare_number(number, source))
    for start, end in claim.unread:
        findings.append(_unread_finding(claim, start, end))
    if claim.doses:
        findings += _unknown_drugs(claim, source)
        findings += _departures(claim, source) if near else []
    return tuple(sorted(findings, key=lambda f: (f.start, f.end)))


def _unread_finding(claim: Parsed, start: int, end: int) -> Finding:
    return Finding(
        start=start,
        end=end,
        text=claim.text[start:end],
        drug=None,
        verdict=Verdict.UNREADABLE,
        why="This sentence could not be read safely.",
        detail=Detail.UNIT,
        kind="sentence",
    )


def _unknown_drugs(claim: Parsed, source: Parsed) -> list[Finding]:
    """Drugs beside a dose, without one of their own, of which the source says nothing at all."""
    known = {*source.drugs, *source.context_drugs, *(d.drug for d in source.doses)}
    known |= {d.drug for d in claim.doses}  # judged with their dose
    return [
        Finding(
            start=start,
            end=end,
            text=claim.text[start:end],
            drug=drug,
            verdict=Verdict.NOT_IN_SOURCE,
            why=f"The source does not mention {claim.text[start:end]}.",
            detail=Detail.DRUG,
            kind="drug",
        )
        for start, end, drug in claim.named
        if drug not in known
    ]


def _departures(claim: Parsed, source: Parsed) -> list[Finding]:
    """Words in which a near copy of the source says something else."""
    return [
        Finding(
            start=found.start,
            end=found.end,
            text=claim.text[found.start : found.end],
            drug=None,
            verdict=Verdict.MISMATCH,
            why=found.why,
            detail=found.detail,
            kind="wording",
        )
        for found in departures(claim, source)
    ]


def _part_finding(number: Number, findings: Sequence[Finding]) -> Finding:
    worst = min(findings, key=lambda f: f.verdict.severity)
    return Finding(
        start=number.start,
        end=number.end,
        text=number.text,
        drug=worst.drug,
        verdict=worst.verdict,
        why=worst.why,
        detail=worst.detail,
        dose=worst.dose,
        source=worst.source,
        kind=str(number.kind),
        source_axis=worst.source_axis,
    )


def _dose_finding(
    dose: Dose, claim: Parsed, source: Parsed, counterpart: Dose | None = None
) -> Finding:
    """``counterpart``: the dose in the same place of a source that the claim nearly copies."""
    blocked = next((_BLOCKING[f] for f in dose.flags if f in _BLOCKING), None)
    if blocked:
        return _finding(dose, Verdict.UNREADABLE, blocked[1], blocked[0])
    same_drug = [d for d in source.doses if d.drug == dose.drug]
    readable = [d for d in same_drug if not any(f in _BLOCKING for f in d.flags)]
    literal = next((_LITERAL[f] for f in dose.flags if f in _LITERAL), None)
    if literal and not any(_literally(dose, d) for d in readable):
        return _finding(dose, Verdict.UNREADABLE, literal[1], literal[0])
    if not readable:
        return _absent(dose, same_drug, source)
    dose = _without_named_route(dose, claim)
    matches = [match_doses(dose, d) for d in readable]
    best = min(matches, key=lambda m: m.distance)
    if not best.differences:
        best = _in_its_place(dose, counterpart) or best
    if best.differences:
        return _mismatch(dose, best)
    moved = _moved_condition(dose, best.source, readable)
    if moved:
        return _finding(dose, Verdict.MISMATCH, moved, Detail.POPULATION, source=best.source.text)
    fitting = [m.source for m in matches if not m.differences]
    phase = other_phase(dose, claim, fitting, source)
    if phase:
        return _finding(dose, Verdict.MISMATCH, phase, Detail.SCHEDULE, source=best.source.text)
    return _supported(dose, best, claim, source)


def _without_named_route(dose: Dose, claim: Parsed) -> Dose:
    """``intravenous immunoglobulin 1 g/kg``: the route is a part of the drug's name."""
    in_name = any(
        first <= start and end <= last
        for start, end in dose.parts
        for first, last, _ in claim.named
    )
    return replace(dose, routes=()) if in_name and len(dose.routes) == 1 else dose


def _in_its_place(dose: Dose, counterpart: Dose | None) -> Match | None:
    """In a near copy each dose stands for the dose in the same place of the source."""
    if counterpart is None or counterpart.drug != dose.drug:
        return None
    return match_doses(dose, counterpart)


def _moved_condition(dose: Dose, found: Dose, others: Sequence[Dose]) -> str:
    """``8 mg/kg under 30 kg`` where the source sets that condition for another amount."""
    for condition in dose.conditions:
        if condition in found.conditions:
            continue
        owner = next((o for o in others if condition in o.conditions), None)
        if owner is not None and match_doses(dose, owner).differences:
            return f"The source sets this condition for another amount: {owner.text}."
    return ""


def _literally(dose: Dose, other: Dose) -> bool:
    return _squeezed(dose.text) == _squeezed(other.text) and set(dose.flags) == set(other.flags)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _finding(
    dose: Dose, verdict: Verdict, why: str, detail: Detail = Detail.NONE, source: str = ""
) -> Finding:
    return Finding(
        start=dose.start,
        end=dose.end,
        text=dose.text,
        drug=dose.drug,
        verdict=verdict,
        why=why,
        detail=detail,
        dose=dose,
        source=source,
        source_axis=source_axis_of(verdict),
    )


def _absent(dose: Dose, same_drug: Sequence[Dose], source: Parsed) -> Finding:
    if same_drug:
        why = "The dose in the source could not be read safely."
        return _finding(dose, Verdict.UNREADABLE, why, Detail.TAIL)
    if dose.drug is None:
        why = "The text does not say which drug this amount belongs to."
        return _finding(dose, Verdict.UNREADABLE, why, Detail.DRUG)
    for other in source.doses:
        match = match_doses(dose, other)
        if [d.detail for d in match.differences] == [Detail.DRUG]:
            return _mismatch(dose, match)
    why = f"The source gives no dose of {dose.drug_name}."
    return _finding(dose, Verdict.NOT_IN_SOURCE, why)


def _mismatch(dose: Dose, match: Match) -> Finding:
    first = max(match.differences, key=lambda d: d.weight)
    return _finding(dose, Verdict.MISMATCH, first.why, first.detail, match.source.text)


def _supported(dose: Dose, match: Match, claim: Parsed, source: Parsed) -> Finding:
    missing = match.less or _companion(dose, match.source, claim, source)
    if missing:
        return _finding(dose, Verdict.INCOMPLETE, missing, Detail.LIMIT, match.source.text)
    if match.within:
        why = f"Inside the range of the source: {match.source.text}. {match.note}".strip()
        return _finding(dose, Verdict.WITHIN_RANGE, why, source=match.source.text)
    why = f"Matches the source: {match.source.text}. {match.note}".strip()
    return _finding(dose, Verdict.SOURCE_ONLY, why, source=match.source.text)


def _companion(dose: Dose, found: Dose, claim: Parsed, source: Parsed) -> str:
    """A limit or a group of patients that the source gives in the same sentence."""
    if dose.role is DoseRole.STATED:
        for limit in source.doses:
            upper = limit.role in {DoseRole.MAXIMUM, DoseRole.CUMULATIVE_LIMIT}
            named = limit.drug == found.drug or limit.drug in claim.drugs
            if not upper or not named or limit.sentence != found.sentence:
                continue
            if not any(
                d.role is limit.role and not match_doses(d, limit).differences for d in claim.doses
            ):
                return f"The source adds a limit that the text leaves out: {limit.text}."
    if _scope_lost(dose, found, claim):
        return f"The source sets this limit for each dose: {found.text}."
    if found.population and not dose.population and _restricted(found, source):
        return "The source gives this dose for one group of patients only."
    return ""


def _scope_lost(dose: Dose, found: Dose, claim: Parsed) -> bool:
    """``30 mg/kg/day, maximum 1 g`` where the source limits each dose and not the day.

    A limit beside an amount that is itself for one dose needs no word for it.
    """
    if not dose.role.is_limit or dose.per or dose.freq or found.per != "dose":
        return False
    beside = [d for d in claim.doses if d.drug == dose.drug and d.role is DoseRole.STATED]
    return any(d.per not in {"", "dose"} for d in beside)


def _restricted(found: Dose, source: Parsed) -> bool:
    """Whether the source gives this drug differently to different groups."""
    groups = {d.population for d in source.doses if d.drug == found.drug and d.population}
    return len(groups) > 1


def _inconsistent(claim: Parsed, findings: list[Finding]) -> list[Finding]:
    """``0.25 mg/kg/dose BID, i.e. 5 mg/kg/day``: two statements of one dose that disagree."""
    out = list(findings)
    for at, why in contradictions(claim).items():
        if Verdict.INCONSISTENT.severity < out[at].verdict.severity:
            out[at] = replace(
                out[at], verdict=Verdict.INCONSISTENT, why=why, detail=Detail.NONE, source=""
            )
    return out


def compare_with_library(
    claim: Parsed, sources: Sequence[tuple[str, Parsed]]
) -> tuple[LibraryFinding, ...]:
    """For each dose of an order the best verdict over all passages, and the nearest passage."""
    return tuple(_library_finding(dose, claim, sources) for dose in claim.doses)


def _library_finding(
    dose: Dose, claim: Parsed, sources: Sequence[tuple[str, Parsed]]
) -> LibraryFinding:
    about = [(i, s) for i, s in sources if any(d.drug == dose.drug for d in s.doses)]
    if dose.drug is None or not about:
        if dose.drug is None:
            verdict, detail = Verdict.UNREADABLE, Detail.DRUG
            why = "The text does not say which drug this amount belongs to."
        else:
            verdict, detail = Verdict.UNKNOWN_DRUG, Detail.NONE
            why = f"The library holds no dose of {dose.drug_name}."
        return LibraryFinding(
            start=dose.start,
            end=dose.end,
            text=dose.text,
            drug=dose.drug,
            verdict=verdict,
            why=why,
            detail=detail,
            dose=dose,
        )
    ranked = []
    for at, (source_id, source) in enumerate(about):
        finding = _dose_finding(dose, claim, source)
        distance = min(match_doses(dose, d).distance for d in source.doses if d.drug == dose.drug)
        ranked.append(((-finding.verdict.severity, distance, at), source_id, finding))
    _, source_id, best = min(ranked, key=lambda entry: entry[0])
    return LibraryFinding(
        start=dose.start,
        end=dose.end,
        text=dose.text,
        drug=dose.drug,
        verdict=best.verdict,
        why=best.why,
        detail=best.detail,
        source_id=source_id,
        source=best.source,
        dose=dose,
    )
