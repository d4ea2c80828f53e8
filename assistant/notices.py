"""What stands above an answer: an emergency, an instruction inside the question, what
was taken for granted and not confirmed, missing values.

A notice refuses nothing. It names no number: what a missing value would change is said by the
statements and rules of the doses that are shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.dosing import Dose, DoseRole
from assistant.dosing.patient import rules_of
from assistant.dosing.patient.eligible import needs_age
from assistant.dosing.patient.kidney import needs_clearance
from assistant.dosing.table.model import Table
from assistant.drafting.plan import BOTTOM_LINE
from assistant.emergency import CALL, tells_of_emergency
from assistant.model import CheckedAnswer, Claim, Patient, Refusal
from corpus.model import Passage, Role

NO_INSTRUCTIONS = (
    "The question holds an instruction to this program. It was not followed: answers are quoted "
    "from the library, with their sources."
)
_INSTRUCTION = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,30}\b(?:rules|instructions?|library"
    r"|guidelines?|prompt|restrictions|sources|safety)\b"
    r"|\bfrom now on\b.{0,20}\b(?:you|act|answer)\b|\byou are now\b|\bpretend (?:to be|you)\b"
    r"|\buse your own knowledge\b|\bwithout (?:citations|limits|restrictions)\b"
    r"|\b(?:reveal|print|show)\b.{0,20}\b(?:system prompt|your instructions|ur instructions)\b",
    re.IGNORECASE,
)
_CLEARANCE = re.compile(r"\bcreatinine clearance\b|\bkidney function\b", re.IGNORECASE)
_ON_A_DOSE = frozenset({Role.DOSE, Role.ADJUSTMENT, Role.PROPHYLAXIS})
_BY_KIDNEY = frozenset({Role.ADJUSTMENT, Role.CONTRAINDICATION, Role.WARNING})


@dataclass(frozen=True, slots=True)
class Notice:
    """One sentence above an answer, and the class of what it says."""

    kind: Refusal
    text: str


def notices(checked: CheckedAnswer, table: Table) -> tuple[Notice, ...]:
    """What a reader has to know before the answer, the most urgent first."""
    text = checked.draft.evidence.question.text
    found = []
    if tells_of_emergency(text) and checked.draft.refusal is not Refusal.EMERGENCY:
        found.append(Notice(Refusal.EMERGENCY, CALL))
    if _INSTRUCTION.search(text):
        found.append(Notice(Refusal.HIDDEN_INSTRUCTION, NO_INSTRUCTIONS))
    if checked.draft.unconfirmed and checked.draft.refusal is not Refusal.WRONG_PREMISE:
        found.append(Notice(Refusal.UNCONFIRMED, checked.draft.unconfirmed))
    missing = tuple(dict.fromkeys(_missing(checked, table)))
    if missing:
        said = "; ".join(missing)
        found.append(Notice(Refusal.MISSING_VALUE, f"Not given: {said}."))
    return tuple(found)


def _missing(checked: CheckedAnswer, table: Table) -> Iterator[str]:
    """Each value that the doses shown would need and no turn gives, with what it would change."""
    draft = checked.draft
    evidence = draft.evidence
    shown = [(claim, draft.passages[claim.cites[0]]) for claim, _ in checked.shown]
    leading = [passage for claim, passage in shown if claim.section == BOTTOM_LINE]
    if not evidence.understanding.asks_dose and not any(
        passage.statement.role in _ON_A_DOSE for passage in leading
    ):
        return
    drugs = set(evidence.understanding.named("drug"))
    if not drugs:
        drugs = {drug for passage in leading for drug in passage.statement.facets.drugs}
    patient = evidence.question.patient
    doses = [(claim, dose) for claim, dose in _doses(checked) if dose.drug in drugs]
    yield from _for_size({dose.basis for _, dose in doses}, patient)
    rules = [r for claim, dose in doses for r in rules_of(dose, claim.cites[0], table)]
    ageless = patient.age_years is None and not evidence.understanding.named("population")
    if ageless and any(needs_age(rule) for rule in rules):
        yield "age (which dose applies depends on it)"
    by_kidney = any(needs_clearance(rule) for rule in rules) or any(
        _changes_with_kidney(passage) and drugs & set(passage.statement.facets.drugs)
        for _, passage in shown
    )
    if by_kidney and patient.crcl_ml_min is None and not _allows_a_clearance(patient):
        yield "creatinine clearance (the dose may change with kidney function)"


def _for_size(bases: set[str], patient: Patient) -> Iterator[str]:
    if "m2" in bases and (patient.weight_kg is None or patient.height_cm is None):
        absent = [
            name
            for name, value in (("weight", patient.weight_kg), ("height", patient.height_cm))
            if value is None
        ]
        yield f"{' and '.join(absent)} (without the body surface no dose in mg can be worked out)"
    elif "kg" in bases and patient.weight_kg is None:
        yield "weight (without it no dose in mg can be worked out)"


def _allows_a_clearance(patient: Patient) -> bool:
    """Whether a clearance can be worked out from what was said."""
    needed = (patient.creatinine, patient.age_years, patient.sex, patient.weight_kg)
    return all(value is not None for value in needed)


def _changes_with_kidney(passage: Passage) -> bool:
    return passage.statement.role in _BY_KIDNEY and bool(_CLEARANCE.search(passage.text))


def _doses(checked: CheckedAnswer) -> Iterator[tuple[Claim, Dose]]:
    """The single doses of the answer that are given, with the claims that give them."""
    for claim, check in checked.shown:
        for finding in check.findings:
            dose = finding.dose
            if dose is not None and dose.role is DoseRole.STATED and not dose.cumulative:
                yield claim, dose
