"""A checked answer and a patient -> the doses that its cited passages allow to be worked out.

Nothing is calculated but arithmetic on a dose that the answer shows: from the rule that was
written from the cited passage and gives exactly that dose.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.dosing import Dose
from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.patient import (
    CalculationPolicy,
    Plan,
    Working,
    patient_from_units,
    rivals,
    rules_of,
    working_lines,
    working_of,
)
from assistant.dosing.patient import Patient as Measured
from assistant.dosing.patient.eligible import NOT_REVIEWED, fits_patient, reported_by
from assistant.dosing.table.model import Rule, Table
from assistant.dosing.table.rule_lines import say_plan
from assistant.dosing.table.words import say_dose, say_frequencies
from assistant.drafting.plan import BOTTOM_LINE
from assistant.model import CheckedAnswer, Claim, Patient
from corpus.bibliography import reported_by as who_reported
from corpus.library import Library
from corpus.model import SourceRef, Verification

NOTICE = "A proposal with its arithmetic, not an instruction."
_CHOOSE = "Sources give different doses; nothing is worked out before one is chosen."
# Rules for other patients, or without a dose, say nothing of this one.
_NOT_OF_THIS_PATIENT = frozenset({RefusalCode.CONTEXT, RefusalCode.NO_DOSE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One of several doses on which sources disagree: the rule to choose, in words."""

    rule: str
    text: str
    passage_id: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownWorking:
    """One dose worked out for the patient, or why it was not (``refused`` is its code)."""

    drug: str | None
    passage_id: str | None
    rule: str | None
    reviewed: bool
    refused: str
    lines: tuple[tuple[str, str], ...]  # label and text: the steps, or the reason
    notice: str
    options: tuple[Option, ...] = ()  # of a CONFLICT


@dataclass(frozen=True, slots=True)
class _Result:
    """What came of one rule, and the passage from which it was asked for."""

    rule: Rule
    passage_id: str
    outcome: Working | Refusal


def work_out(
    checked: CheckedAnswer,
    library: Library,
    table: Table,
    policy: CalculationPolicy,
    today: date,
) -> tuple[ShownWorking, ...]:
    """What can be worked out for the patient of the question; empty without one.

    Of the drugs that the question names; of those of the bottom line when it names none.
    """
    question = checked.draft.evidence.question
    if policy is CalculationPolicy.OFF or not _says_a_size(question.patient):
        return ()
    patient = _measured(question.patient, today)
    if not isinstance(patient, Measured):
        return tuple(_refused(None, None, None, refusal) for refusal in patient)
    chosen = _chosen(question.choices, table)
    found: dict[str, dict[str, _Result]] = {drug: {} for drug in _wanted(checked)}
    for claim, dose in _doses(checked):
        if dose.drug not in found:
            continue
        for rule in rules_of(dose, claim.cites[0], table):
            plan = Plan(chosen=rule.id if rule.id in chosen else "")
            outcome = working_of(rule, dose, table, patient, policy=policy, today=today, plan=plan)
            found[dose.drug].setdefault(rule.id, _Result(rule, claim.cites[0], outcome))
    return tuple(
        shown
        for drug, results in found.items()
        for shown in _Drug(library, table, patient, drug).shown(tuple(results.values()))
    )


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
        previous=patient.previous,
    )


def _chosen(choices: Sequence[str], table: Table) -> frozenset[str]:
    """Ids of the rules that were picked; a regimen stands for all of its steps."""
    regimens = (table.regimens[id_] for id_ in choices if id_ in table.regimens)
    return frozenset((*choices, *(step.rule for r in regimens for step in r.steps)))


def _wanted(checked: CheckedAnswer) -> tuple[str, ...]:
    """The drugs that the question names, else those that the bottom line speaks of."""
    draft = checked.draft
    named = draft.evidence.understanding.named("drug")
    leading = (
        drug
        for claim, _ in checked.shown
        if claim.section == BOTTOM_LINE
        for drug in draft.passages[claim.cites[0]].statement.facets.drugs
    )
    return named or tuple(dict.fromkeys(leading))


def _doses(checked: CheckedAnswer) -> Iterator[tuple[Claim, Dose]]:
    for claim, check in checked.shown:
        for finding in check.findings:
            dose = finding.dose
            if dose is not None and (finding.start, finding.end) == (dose.start, dose.end):
                yield claim, dose


@dataclass(frozen=True, slots=True)
class _Drug:
    """What is shown of one drug for one patient."""

    library: Library
    table: Table
    patient: Measured
    drug: str

    @property
    def name(self) -> str:
        return self.library.drugs.name_of(self.drug) or self.drug

    def shown(self, results: Sequence[_Result]) -> Iterator[ShownWorking]:
        """Workings in order of time, what is missing, one choice where sources disagree."""
        for result in sorted(results, key=lambda result: _first(result.rule)):
            if isinstance(result.outcome, Working):
                yield self._worked(result, result.outcome)
        told: set[str] = set()
        for result in results:
            refusal = result.outcome
            if not isinstance(refusal, Refusal) or refusal.message in told:
                continue
            if refusal.code in _NOT_OF_THIS_PATIENT or refusal.code is RefusalCode.CONFLICT:
                continue
            told.add(refusal.message)
            yield _refused(self.name, result.passage_id, result.rule.id, refusal)
        open_ = self._undecided(results)
        if open_:
            yield self._choice(open_)

    def _undecided(self, results: Sequence[_Result]) -> list[_Result]:
        """The conflicts about this patient in which nothing was chosen."""
        worked = {r.rule.id for r in results if isinstance(r.outcome, Working)}
        return [
            result
            for result in results
            if isinstance(result.outcome, Refusal)
            and result.outcome.code is RefusalCode.CONFLICT
            and not worked & set(result.rule.conflicts_with)
            and fits_patient(result.rule, self.patient, Plan())
        ]

    def _worked(self, result: _Result, working: Working) -> ShownWorking:
        first, *rest = working_lines(replace(working, notices=self._named(result.rule, working)))
        use = (("Use", result.rule.context.phase),) if result.rule.context.phase else ()
        return ShownWorking(
            drug=self.name,
            passage_id=result.passage_id,
            rule=working.rule_id,
            reviewed=working.reviewed,
            refused="",
            lines=(first, *use, *rest),
            notice=NOTICE if working.reviewed else f"{NOTICE} {NOT_REVIEWED.capitalize()}.",
        )

    def _named(self, rule: Rule, working: Working) -> tuple[str, ...]:
        """The notices with the names of those who reported a figure, not their keys."""
        notices = working.notices
        for source in rule.sources:
            ref = SourceRef(source.key, source.via or None)
            name = who_reported(ref, self.library.bibliography, Verification.SECOND_HAND)
            if name is not None:
                key = f"reported by {reported_by(source)}"
                notices = tuple(notice.replace(key, name) for notice in notices)
        return notices

    def _choice(self, conflicts: Sequence[_Result]) -> ShownWorking:
        """The doses among which the reader has to choose, each once and in words."""
        cited = {result.rule.id: result.passage_id for result in conflicts}
        rules = {result.rule.id: result.rule for result in conflicts}
        for result in conflicts:
            rules |= {rule.id: rule for rule in rivals(result.rule, self.table, self.patient)}
        options = tuple(
            Option(rule=rule.id, text=_option(rule), passage_id=cited.get(rule.id))
            for rule in sorted(rules.values(), key=_first)
        )
        lines = [("Choose", _CHOOSE)]
        lines += [("Option", f"{option.text} ({option.rule})") for option in options]
        return ShownWorking(
            drug=self.name,
            passage_id=None,
            rule=None,
            reviewed=False,
            refused=str(RefusalCode.CONFLICT),
            lines=tuple(lines),
            notice="",
            options=options,
        )


def _first(rule: Rule) -> int:
    """The first week or day of a rule, 0 where it names none."""
    found = re.match(r"\d+", rule.schedule.weeks or rule.schedule.days)
    return int(found.group()) if found else 0


def _option(rule: Rule) -> str:
    schedule = rule.schedule
    parts = (
        say_dose(rule.dose) if rule.dose else "",
        say_frequencies(schedule.frequencies),
        say_plan("day", schedule.days),
        say_plan("week", schedule.weeks),
        rule.context.phase,
    )
    return ", ".join(part for part in parts if part)


def _refused(
    drug: str | None, passage_id: str | None, rule: str | None, refusal: Refusal
) -> ShownWorking:
    return ShownWorking(
        drug=drug,
        passage_id=passage_id,
        rule=rule,
        reviewed=False,
        refused=str(refusal.code),
        lines=(("Not worked out", refusal.message),),
        notice="",
    )
