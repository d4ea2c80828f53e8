"""One patient's dose from one rule, in the fixed order of operations, or a refusal.

Order: size; dose; organ function; maxima; rounding; maxima again; total per day; total over
time. Nothing is applied that the rule does not state, and nothing is averaged.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

from assistant.dosing.calculators.errors import CalculationRefused, Refusal, RefusalCode
from assistant.dosing.patient.amounts import amount, fixed, number, pair, unit_words
from assistant.dosing.patient.auc import AUC_AMOUNT, auc_dose
from assistant.dosing.patient.caps import (
    apply_caps,
    caps_of,
    counted_unit,
    per_size_words,
    round_dose,
)
from assistant.dosing.patient.eligible import (
    check_context,
    check_fresh,
    check_plan,
    check_rule,
    chosen_frequency,
    refuse,
)
from assistant.dosing.patient.kidney import AUC, check_child, check_stable
from assistant.dosing.patient.model import (
    CalculationPolicy,
    Dated,
    Input,
    Patient,
    Plan,
    Span,
    Step,
    StepName,
    Working,
)
from assistant.dosing.patient.needs import check_inputs, used_measurements
from assistant.dosing.patient.organ import adjust
from assistant.dosing.patient.read import check_together
from assistant.dosing.patient.size import Size, size_of, weight_kg
from assistant.dosing.patient.total import (
    PER,
    check_previous,
    planned_doses,
    schedule_step,
    total_step,
)
from assistant.dosing.table.model import DoseRange, Rule

NO_PLAN = Plan()


def calculate(
    rule: Rule,
    patient: Patient,
    *,
    policy: CalculationPolicy,
    today: date,
    plan: Plan = NO_PLAN,
    table_version: str = "",
) -> Working | Refusal:
    """The working of a patient's dose, or the reason why none is given.

    The same values give the same working; ``today`` is the day from which the age of
    measurements and the dates of the rule are judged.
    """
    try:
        return _calculate(rule, patient, policy, today, plan, table_version)
    except CalculationRefused as refused:
        return refused.refusal


def _calculate(
    rule: Rule,
    patient: Patient,
    policy: CalculationPolicy,
    today: date,
    plan: Plan,
    table_version: str,
) -> Working:
    notices = list(check_rule(rule, policy, today, plan))
    dose = rule.dose
    if dose is None:
        raise refuse(RefusalCode.NO_DOSE, f"{rule.id} states no dose.")
    if (implausible := check_together(patient)) is not None:
        raise CalculationRefused(implausible)
    notices += check_context(rule, patient, plan)
    check_stable(rule, patient)
    check_child(rule, patient)
    check_inputs(rule, patient)
    notices += _check_freshness(rule, patient, today)
    check_previous(rule, patient)
    check_plan(plan)
    frequency = chosen_frequency(rule, plan)

    if dose.unit == AUC:
        size, dose_step = auc_dose(rule, dose, patient, plan)
        dose = replace(dose, unit=AUC_AMOUNT)
        scaled = scale(dose, size.value)
    else:
        size = size_of(rule, patient)
        scaled = scale(dose, size.value)
        dose_step = _dose_step(dose, size, scaled, PER[dose.kind])
    notices += size.notices
    counted = PER[dose.kind]
    adjusted = adjust(rule, patient, plan, scaled, size, counted)
    notices += adjusted.notices
    frequency = adjusted.interval or frequency
    frequencies = (frequency,) if frequency else rule.schedule.frequencies
    caps = caps_of(rule, dose, size, frequencies)
    capped, cap_step = apply_caps(rule, adjusted.dose, caps, counted)
    rounded, round_step = round_dose(rule, capped, caps)
    per_size = adjusted.dose.scaled(1 / size.value)
    doses = planned_doses(rule, plan, frequency)
    total = total_step(rule, patient, size.value, per_size, doses)
    steps: list[Step | None] = [
        size.step,
        dose_step,
        *adjusted.steps,
        cap_step,
        round_step,
        schedule_step(rule, rounded, frequency, counted=total is not None and doses is not None),
    ]
    if total is not None:
        steps.append(total[0])
        notices += total[1]
    if dose.also:
        notices += _components(dose, size, rounded, scaled, adjusted.replaced)
    return Working(
        rule_id=rule.id,
        rule_version=rule.version,
        drug=rule.drug,
        table_version=table_version,
        reviewers=_reviewers(rule, today),
        patient=describe(patient),
        steps=tuple(step for step in steps if step is not None),
        dose=rounded,
        kind=dose.kind,
        frequency=frequency,
        notices=tuple(dict.fromkeys(notices)),
    )


def scale(dose: DoseRange, size: Fraction) -> Span:
    """A rule's amount for a size: both ends times the size; a range stays a range."""
    low = None if dose.low is None else dose.low * size
    return Span(low, dose.high * size, counted_unit(dose))


def _dose_step(dose: DoseRange, size: Size, scaled: Span, counted: str) -> Step:
    per_size = Span(dose.low, dose.high, f"{dose.unit}/{size.unit}" if size.unit else dose.unit)
    least = "at least " if dose.at_least else ""
    of = f" of {dose.component}" if dose.component else ""
    said = f"{least}{amount(scaled)}{of} {counted}"
    if size.unit:
        value = f"{fixed(size.value, 2)} m²" if size.unit == "m2" else f"{number(size.value)} kg"
        given = f"{pair(dose.low, dose.high)} {per_size_words(dose, size.unit)}"
        said = f"{least}{given} × {value} = {amount(scaled)}{of} {counted}"
    return Step(
        name=StepName.DOSE,
        label="Dose",
        formula="amount × size" if size.unit else "amount",
        inputs=(
            Input("amount", per_size),
            Input("size", Span(size.value, size.value, size.unit)),
        ),
        operation="multiply",
        output=scaled,
        text=said,
    )


def _check_freshness(rule: Rule, patient: Patient, today: date) -> list[str]:
    notices: list[str] = []
    for name, value in used_measurements(rule, patient):
        notices += check_fresh(rule, name, value, today)
    return notices


def _components(
    dose: DoseRange, size: Size, final: Span, scaled: Span, replaced: bool
) -> tuple[str, ...]:
    if replaced:
        return ("the other components of this product were not worked out",)
    share = final.high / scaled.high
    return tuple(
        f"with {name} "
        f"{pair(low * size.value * share, high * size.value * share)} {unit_words(dose.unit)}"
        for name, low, high in dose.also
    )


def _reviewers(rule: Rule, today: date) -> tuple[str, ...]:
    if not rule.reviewed_on(today):
        return ()
    return tuple(f"{person.name}, {person.role}" for person in rule.reviewed_by)


def describe(patient: Patient) -> str:
    """What is known of the patient in one line, each value with its unit."""
    parts = [patient.age.words] if patient.age else []
    if patient.sex is not None:
        parts.append(str(patient.sex))
    if patient.height is not None:
        parts.append(f"height {_value(patient.height, f'{number(patient.height.value)} cm')}")
    if patient.weight is not None:
        kg = f"{number(weight_kg(patient.weight))} kg"
        when = f", measured {patient.weight.on}" if patient.weight.on else ""
        parts.append(f"weight {_value(patient.weight, kg)} (actual{when})")
    weighed = patient.weight.on if patient.weight else None
    for name, value in (
        ("creatinine", patient.creatinine),
        ("clearance", patient.clearance),
        ("eGFR", patient.egfr),
        ("bilirubin", patient.bilirubin),
    ):
        if value is not None:
            when = f" (measured {value.on})" if value.on and value.on != weighed else ""
            parts.append(f"{name} {value}{when}")
    return ", ".join(parts) or "nothing is known of the patient"


def _value(value: Dated, base: str) -> str:
    written = str(value)
    return base if written.replace(",", "") == base.replace(",", "") else f"{base} ({written})"
