"""Whether a rule may be calculated from at all, and whether the patient is one of its own."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from assistant.dosing.calculators.errors import CalculationRefused, RefusalCode
from assistant.dosing.model import Frequency
from assistant.dosing.patient.amounts import frequency_words, listed, number
from assistant.dosing.patient.model import CalculationPolicy, Dated, Patient, Plan
from assistant.dosing.patient.size import weight_kg
from assistant.dosing.rates import compare_frequencies, inside
from assistant.dosing.table.context import age_bounds
from assistant.dosing.table.model import DoseKind, Rule, RuleKind, RuleSource, Status
from assistant.dosing.table.parse_rule import AGE_GROUPS
from corpus.model import Verification

NOT_REVIEWED = "rule not reviewed by a pharmacist"
ADULT_YEARS = 18
FRESH_DAYS = {"weight": 30, "creatinine": 7}

_PREGNANCY = "pregnancy"
_KINDS = {
    RuleKind.GAP: (RefusalCode.NO_DOSE, "the sources that were read give no dose"),
    RuleKind.FORBIDDEN: (RefusalCode.LIMIT, "this dose must not be given"),
    RuleKind.WARNING: (RefusalCode.CONTEXT, "this dose is unsafe to automate"),
}


def refuse(code: RefusalCode, message: str) -> CalculationRefused:
    """The error that ends a calculation with a code and a sentence."""
    return CalculationRefused.because(code, message)


def reported_by(source: RuleSource) -> str:
    """The text in which a second-hand figure was read."""
    return source.via or source.key


def source_of(rule: Rule, named: str) -> RuleSource:
    """The source of a part of a rule, by its id, key or place ("s2"); the first by default."""
    for at, source in enumerate(rule.sources, start=1):
        if named and named in {source.id, source.key, f"s{at}"}:
            return source
    return rule.sources[0]


def check_rule(rule: Rule, policy: CalculationPolicy, today: date, plan: Plan) -> tuple[str, ...]:
    """What must be said with a calculation from this rule.

    Raises CalculationRefused: OFF, BACKGROUND, NO_DOSE, LIMIT, CONTEXT, UNREVIEWED or
    CONFLICT.
    """
    if policy is CalculationPolicy.OFF:
        raise refuse(RefusalCode.OFF, "Calculations are switched off (setting calculations).")
    if rule.kind in _KINDS:
        code, why = _KINDS[rule.kind]
        note = f" {rule.note}" if rule.note else ""
        raise refuse(code, f"Nothing is calculated from {rule.id}: {why}.{note}")
    if rule.verification is Verification.BACKGROUND:
        raise refuse(
            RefusalCode.BACKGROUND,
            f"Nothing is calculated from {rule.id}: its dose is background knowledge that was "
            "read in no source. Look it up in a formulary.",
        )
    _check_shape(rule)
    notices = _check_review(rule, policy, today)
    if rule.conflicts_with and plan.chosen != rule.id:
        raise refuse(
            RefusalCode.CONFLICT,
            f"Sources disagree: {rule.id} and {listed(rule.conflicts_with)} give different doses. "
            "Choose one of them; the choice is printed in the working.",
        )
    if rule.conflicts_with:
        notices = (*notices, f"chosen by the user instead of {listed(rule.conflicts_with)}")
    if rule.verification is Verification.SECOND_HAND:
        notices = (*notices, f"reported by {reported_by(rule.sources[0])}")
    return notices


def _check_shape(rule: Rule) -> None:
    if rule.dose is None:
        raise refuse(RefusalCode.NO_DOSE, f"{rule.id} states no dose.")
    if rule.calculate is None:
        raise refuse(
            RefusalCode.NO_DOSE, f"{rule.id} does not say how a patient's dose is worked out."
        )
    if rule.dose.kind is DoseKind.RATE and not rule.dose.per:
        raise refuse(
            RefusalCode.NO_DOSE, f"{rule.id} gives a rate without the time that it counts."
        )


def _check_review(rule: Rule, policy: CalculationPolicy, today: date) -> tuple[str, ...]:
    if rule.status in {Status.SUSPENDED, Status.RETIRED}:
        raise refuse(RefusalCode.UNREVIEWED, f"{rule.id} is {rule.status}: nothing is calculated.")
    if rule.reviewed_on(today):
        return ()
    if policy is CalculationPolicy.REVIEWED_ONLY:
        when = "it is not reviewed"
        if rule.status is Status.REVIEWED:
            when = "its review is overdue" if rule.review_due < today else "it is not yet in force"
        raise refuse(
            RefusalCode.UNREVIEWED,
            f"Nothing is calculated from {rule.id}: {when}. A pharmacist has to check it against "
            "its source first.",
        )
    return (f"{NOT_REVIEWED}: arithmetic on the cited passage only",)


def check_context(rule: Rule, patient: Patient, plan: Plan) -> tuple[str, ...]:
    """What the rule leaves open about this patient, in words.

    Raises CalculationRefused (CONTEXT) when the patient or the indication is outside the
    rule; what is not known of the patient is not judged here.
    """
    _check_indication(rule, plan)
    _check_age(rule, patient)
    _check_weight(rule, patient)
    notices: list[str] = []
    if rule.context.indications and not plan.indication:
        notices.append(f"holds for: {listed(rule.context.indications, 'or')}")
    groups = rule.context.population.groups
    if patient.pregnant and _PREGNANCY not in groups:
        notices.append("pregnant: the rule says nothing of pregnancy")
    notices += [
        f"whether the patient belongs to the group '{group}' was not checked"
        for group in groups
        if group not in AGE_GROUPS and group != _PREGNANCY
    ]
    known = {band.when.casefold() for band in rule.adjust}
    notices += [
        f"the rule says nothing of: {condition}"
        for condition in plan.conditions
        if condition.casefold() not in known
    ]
    return tuple(notices)


def fits_patient(rule: Rule, patient: Patient, plan: Plan) -> bool:
    """Whether nothing that is known of the patient and the use puts them outside the rule."""
    try:
        check_context(rule, patient, plan)
    except CalculationRefused:
        return False
    return True


def _check_indication(rule: Rule, plan: Plan) -> None:
    known = {name.casefold() for name in rule.context.indications}
    if plan.indication and known and plan.indication.casefold() not in known:
        raise refuse(
            RefusalCode.CONTEXT,
            f"{rule.id} is for {listed(rule.context.indications, 'or')}, not for "
            f"{plan.indication}.",
        )


def needs_age(rule: Rule) -> bool:
    """Whether the rule's population can only be judged with an age."""
    spans = age_bounds(rule.context.population)
    reached = Fraction(0)  # every age below this one is in some span
    for low, below in sorted(spans, key=lambda span: span[0] or Fraction(0)):
        if (low or Fraction(0)) > reached:
            return True
        if below is None:
            return False
        reached = max(reached, below)
    return True


def needs_weight(rule: Rule) -> bool:
    """Whether the rule's population can only be judged with a weight."""
    population = rule.context.population
    return population.weight_min is not None or population.weight_below is not None


def _check_age(rule: Rule, patient: Patient) -> None:
    population, age = rule.context.population, patient.age
    ages = [group for group in population.groups if group in AGE_GROUPS]
    if _PREGNANCY in population.groups and not ages and not patient.pregnant:
        raise refuse(RefusalCode.CONTEXT, f"{rule.id} is for pregnancy only.")
    spans = age_bounds(population)
    if age is None or any(_within(age.years, span) for span in spans):
        return
    words = [part for low, below in spans if (part := _bounds(low, below, "years"))]
    raise refuse(
        RefusalCode.CONTEXT,
        f"{rule.id} is for ages {listed(words, 'or')}; the patient is {age.words} old.",
    )


def _check_weight(rule: Rule, patient: Patient) -> None:
    population = rule.context.population
    if patient.weight is None or not needs_weight(rule):
        return
    if not _within(weight_kg(patient.weight), (population.weight_min, population.weight_below)):
        raise refuse(
            RefusalCode.CONTEXT,
            f"{rule.id} is for weights "
            f"{_bounds(population.weight_min, population.weight_below, 'kg')}; "
            f"the patient weighs {number(weight_kg(patient.weight))} kg.",
        )


def _within(value: Fraction, ends: tuple[Fraction | None, Fraction | None]) -> bool:
    low, below = ends
    return (low is None or value >= low) and (below is None or value < below)


def _bounds(low: Fraction | None, below: Fraction | None, unit: str) -> str:
    parts = []
    if low is not None:
        parts.append(f"from {number(low)} {unit}")
    if below is not None:
        parts.append(f"below {number(below)} {unit}")
    return " ".join(parts)


def check_plan(plan: Plan) -> None:
    """Raises CalculationRefused (IMPLAUSIBLE) when fewer doses than one are planned."""
    if plan.doses is not None and plan.doses < 1:
        raise refuse(
            RefusalCode.IMPLAUSIBLE, f"{plan.doses} doses are planned. Give a number from 1."
        )


def chosen_frequency(rule: Rule, plan: Plan) -> Frequency | None:
    """The frequency that was asked for, or the only one that the rule allows.

    Raises CalculationRefused: LIMIT for a forbidden one, CONTEXT for one that the rule does
    not list, MISSING when the rule requires one and leaves the choice.
    """
    schedule, wanted = rule.schedule, plan.frequency
    if wanted is None:
        if len(schedule.frequencies) == 1:
            return schedule.frequencies[0]
        if schedule.frequency_required and not (schedule.days and not schedule.frequencies):
            raise refuse(
                RefusalCode.MISSING,
                f"The frequency is missing: {rule.id} gives {_frequencies(rule) or 'none'}. "
                "Choose one.",
            )
        return None
    if any(
        compare_frequencies(wanted, no) != "different" or inside(no, wanted)
        for no in schedule.forbidden_frequencies
    ):
        raise refuse(RefusalCode.LIMIT, f"{rule.id} must not be given {frequency_words(wanted)}.")
    fits = any(
        compare_frequencies(wanted, yes) != "different" or inside(wanted, yes)
        for yes in schedule.frequencies
    )
    if schedule.frequencies and not fits:
        raise refuse(
            RefusalCode.CONTEXT,
            f"{rule.id} is given {_frequencies(rule)}, not {frequency_words(wanted)}.",
        )
    return wanted


def _frequencies(rule: Rule) -> str:
    return listed((frequency_words(f) for f in rule.schedule.frequencies), "or")


def check_fresh(rule: Rule, name: str, value: Dated | None, today: date) -> tuple[str, ...]:
    """A note when a measurement has no date; raises CalculationRefused (STALE) when too old.

    ``name`` is "weight", or "creatinine" for every measure of kidney function.
    """
    if value is None:
        return ()
    stated = rule.calculate.fresh_days if rule.calculate else {}
    days = stated.get(name, FRESH_DAYS[name])
    what = str(value.measured.analyte)
    if value.on is None:
        return (f"{what} has no date: check that it is not older than {days} days",)
    age = (today - value.on).days
    if age < 0:
        raise refuse(
            RefusalCode.IMPLAUSIBLE, f"The {what} is dated {value.on}, in the future. Check it."
        )
    if age > days:
        raise refuse(
            RefusalCode.STALE,
            f"The {what} is {age} days old ({value.on}); at most {days} days are allowed. "
            "Measure it again.",
        )
    return ()
