"""A checked answer and a patient -> the doses that its cited passages allow to be worked out.

Nothing is calculated but arithmetic on a dose that the answer shows: from the rule that was
written from the cited passage and gives exactly that dose.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from assistant.dosing import Dose
from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.patient import (
    CalculationPolicy,
    Working,
    patient_from_units,
    render_refusal,
    render_working,
    rules_of,
    workings_for,
)
from assistant.dosing.patient import Patient as Measured
from assistant.dosing.patient.eligible import NOT_REVIEWED
from assistant.dosing.table.model import Rule, Table
from assistant.drafting.plan import BOTTOM_LINE
from assistant.model import CheckedAnswer, Claim, Patient

NOTICE = "A proposal with its arithmetic, not an instruction."
# Rules for other patients say nothing of this one, unless they are all there is.
_OF_OTHERS = frozenset({RefusalCode.CONTEXT, RefusalCode.NO_DOSE})
MOST_REFUSALS = 3  # of one drug that could not be worked out


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWorking:
    """One dose worked out for the patient, or why it was not (``refused`` is its code)."""

    drug: str | None
    passage_id: str | None
    rule: str | None
    reviewed: bool
    refused: str
    text: str  # the printed block, one labelled line for each step
    notice: str

    def to_json(self) -> dict[str, Any]:
        """Plain data in the order of the fields."""
        return asdict(self)


def work_out(
    checked: CheckedAnswer, table: Table, policy: CalculationPolicy, today: date
) -> tuple[ShownWorking, ...]:
    """What can be worked out for the patient of the question; empty without one.

    Of the drugs that the question names; of those of the bottom line when it names none.
    """
    asked = checked.draft.evidence.question.patient
    if policy is CalculationPolicy.OFF or not _says_a_size(asked):
        return ()
    patient = _measured(asked, today)
    if not isinstance(patient, Measured):
        return tuple(_refused(None, None, None, refusal) for refusal in patient)
    wanted = set(checked.draft.evidence.understanding.named("drug"))
    found: dict[str, list[tuple[Rule, str, Working | Refusal]]] = {}
    seen: set[str] = set()
    for claim, dose in _doses(checked):
        if dose.drug is None or (dose.drug not in wanted if wanted else not _leads(claim)):
            continue
        rules = rules_of(dose, claim.cites[0], table)
        worked = workings_for(dose, claim.cites[0], table, patient, policy=policy, today=today)
        for rule, result in zip(rules, worked, strict=True):
            if rule.id not in seen:
                seen.add(rule.id)
                found.setdefault(dose.drug, []).append((rule, claim.cites[0], result))
    return tuple(shown for entries in found.values() for shown in _chosen(entries))


def _says_a_size(patient: Patient) -> bool:
    """Whether anything was said from which a dose could be worked out."""
    said = (patient.weight_kg, patient.height_cm, patient.creatinine, patient.crcl_ml_min)
    return any(value is not None for value in said)


def _measured(patient: Patient, today: date) -> Measured | tuple[Refusal, ...]:
    return patient_from_units(
        today=today,
        age_years=patient.age_years,
        weight_kg=patient.weight_kg,
        height_cm=patient.height_cm,
        sex=patient.sex,
        creatinine=patient.creatinine,
        crcl_ml_min=patient.crcl_ml_min,
        pregnant=patient.pregnant,
    )


def _doses(checked: CheckedAnswer) -> Iterator[tuple[Claim, Dose]]:
    for claim, check in checked.shown:
        for finding in check.findings:
            dose = finding.dose
            if dose is not None and (finding.start, finding.end) == (dose.start, dose.end):
                yield claim, dose


def _leads(claim: Claim) -> bool:
    return claim.section == BOTTOM_LINE


def _chosen(entries: Sequence[tuple[Rule, str, Working | Refusal]]) -> Iterator[ShownWorking]:
    """Workings of one drug, and the refusals that concern this patient."""
    refusals = [e for e in entries if isinstance(e[2], Refusal)]
    own = [e for e in refusals if isinstance(e[2], Refusal) and e[2].code not in _OF_OTHERS]
    worked = any(isinstance(result, Working) for _, _, result in entries)
    told = own if worked or own else refusals[:MOST_REFUSALS]
    for rule, passage_id, result in entries:
        if isinstance(result, Working):
            yield ShownWorking(
                drug=rule.drug,
                passage_id=passage_id,
                rule=rule.id,
                reviewed=result.reviewed,
                refused="",
                text=render_working(result),
                notice=NOTICE if result.reviewed else f"{NOTICE} {NOT_REVIEWED.capitalize()}.",
            )
        elif any(rule is other for other, _, _ in told):
            yield _refused(rule.drug, passage_id, rule.id, result)


def _refused(
    drug: str | None, passage_id: str | None, rule: str | None, refusal: Refusal
) -> ShownWorking:
    return ShownWorking(
        drug=drug,
        passage_id=passage_id,
        rule=rule,
        reviewed=False,
        refused=str(refusal.code),
        text=render_refusal(refusal),
        notice="",
    )
