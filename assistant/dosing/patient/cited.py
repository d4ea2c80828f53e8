"""The working that a cited dose of an answer allows: arithmetic on the cited passage only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.model import Dose, DoseRole
from assistant.dosing.patient.calculate import NO_PLAN, calculate
from assistant.dosing.patient.eligible import fits_patient
from assistant.dosing.patient.model import CalculationPolicy, Patient, Plan, Working
from assistant.dosing.rates import compare_frequencies, inside
from assistant.dosing.table.model import DoseKind, Rule, RuleKind, Table
from assistant.dosing.units import canonical

# What the denominator of a text may mean in a rule; an amount without one may be any.
_KINDS = {
    "d": {DoseKind.PER_DAY},
    "dose": {DoseKind.PER_ADMINISTRATION},
    "course": {DoseKind.PER_COURSE},
    "cycle": {DoseKind.PER_COURSE},
    "h": {DoseKind.RATE},
    "min": {DoseKind.RATE},
    "": {DoseKind.PER_ADMINISTRATION, DoseKind.PER_DAY, DoseKind.PER_COURSE},
}


def rules_of(dose: Dose, passage_id: str, table: Table) -> tuple[Rule, ...]:
    """The rules written from a passage that give exactly this dose, in the table's order.

    A passage that states a whole regimen speaks for its other steps too: the rule of the same
    regimen, drug and weeks or days counts as if it were written from it.
    """
    rules = table.of_drug(dose.drug or "")
    written = {r.id for r in rules if any(s.passage_id == passage_id for s in r.sources)}
    beside = {
        step.rule
        for regimen in table.regimens.values()
        if any(step.rule in written for step in regimen.steps)
        for step in regimen.steps
    }
    return tuple(
        rule
        for rule in rules
        if (rule.id in written or (rule.id in beside and _same_time(rule, dose)))
        and gives(rule, dose)
    )


def _same_time(rule: Rule, dose: Dose) -> bool:
    own = rule.schedule
    return bool(own.weeks or own.days) and (own.weeks, own.days) == (dose.weeks, dose.days)


def gives(rule: Rule, dose: Dose) -> bool:
    """Whether a dose that was read is that of a rule: amount, basis, kind, frequency, route.

    A range is only equal to the same range; "up to" only to "up to".
    """
    own = rule.dose
    if own is None or dose.high is None:
        return False
    up_to = own.low is None
    if dose.role is not (DoseRole.MAXIMUM if up_to else DoseRole.STATED):
        return False
    low = dose.high if up_to else own.low
    ends = ((dose.high if up_to else dose.low, low), (dose.high, own.high))
    for read, stated in ends:
        if read is None or stated is None:
            return False
        if canonical(read, dose.unit) != canonical(stated, own.unit):
            return False
    if dose.basis != own.basis or own.kind not in _KINDS.get(dose.per, set()):
        return False
    if dose.cumulative and own.kind is not DoseKind.PER_COURSE:
        return False
    return _frequency_fits(rule, dose) and _route_fits(rule, dose)


def _route_fits(rule: Rule, dose: Dose) -> bool:
    known = rule.schedule.routes
    return not dose.routes or not known or bool(set(dose.routes) & set(known))


def _frequency_fits(rule: Rule, dose: Dose) -> bool:
    known = rule.schedule.frequencies
    if dose.freq is None or not known:
        return True
    read = dose.freq
    return any(compare_frequencies(read, f) != "different" or inside(read, f) for f in known)


def rivals(rule: Rule, table: Table, patient: Patient, plan: Plan = NO_PLAN) -> tuple[Rule, ...]:
    """The rules that disagree with a rule about this very patient.

    A rule for other people, or one that gives no dose to work with, leaves nothing to choose.
    """
    named = (table.rules[id_] for id_ in rule.conflicts_with if id_ in table.rules)
    return tuple(r for r in named if r.kind is RuleKind.DOSE and fits_patient(r, patient, plan))


def among_rivals(rule: Rule, table: Table, patient: Patient, plan: Plan = NO_PLAN) -> Rule:
    """The rule with those conflicts alone that concern this patient."""
    against = tuple(other.id for other in rivals(rule, table, patient, plan))
    return replace(rule, conflicts_with=against)


def working_of(
    rule: Rule,
    dose: Dose,
    table: Table,
    patient: Patient,
    *,
    policy: CalculationPolicy,
    today: date,
    plan: Plan = NO_PLAN,
) -> Working | Refusal:
    """The working of a cited dose from one rule of :func:`rules_of`, or why there is none.

    The frequency of the cited dose is used unless the plan names one; rules for other people
    are no conflict.
    """
    chosen = plan if plan.frequency or dose.freq is None else replace(plan, frequency=dose.freq)
    return calculate(
        among_rivals(rule, table, patient, plan),
        patient,
        policy=policy,
        today=today,
        plan=chosen,
        table_version=table.version,
    )
