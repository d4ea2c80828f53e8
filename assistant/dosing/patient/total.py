"""Steps 7 and 8: the total per day, and the total over a course or a lifetime."""

from __future__ import annotations

from fractions import Fraction

from assistant.dosing.calculators.errors import RefusalCode
from assistant.dosing.model import Bound, Frequency
from assistant.dosing.patient.amounts import (
    amount,
    bound_words,
    count_words,
    frequency_words,
    listed,
    number,
    pair,
    unit_words,
)
from assistant.dosing.patient.eligible import refuse, reported_by, source_of
from assistant.dosing.patient.model import Dated, Input, Patient, Plan, Span, Step, StepName
from assistant.dosing.patient.size import surface_m2
from assistant.dosing.rates import rates
from assistant.dosing.schedule import day_set
from assistant.dosing.table.model import Cumulative, DoseKind, DoseRange, Rule
from assistant.dosing.table.rule_lines import say_plan
from assistant.dosing.units import convert
from corpus.model import Verification

DAYS = {"d": Fraction(1), "wk": Fraction(7), "h": Fraction(1, 24)}
PER = {
    DoseKind.PER_ADMINISTRATION: "per dose",
    DoseKind.PER_DAY: "per day",
    DoseKind.PER_COURSE: "per course",
    DoseKind.RATE: "continuously",
}


def schedule_step(rule: Rule, dose: Span, frequency: Frequency | None, counted: bool) -> Step:
    """How often, and what that makes in a day; ``counted`` says that a total follows."""
    kind = rule.dose.kind if rule.dose else DoseKind.PER_ADMINISTRATION
    said, output = "" if rule.schedule.days else "frequency not stated", None
    if frequency is not None:
        said = frequency_words(frequency)
    elif rule.schedule.frequencies:
        said = listed((frequency_words(f) for f in rule.schedule.frequencies), "or")
    per_day = rates(frequency, "d") if frequency is not None else None
    if per_day is not None and frequency is not None:
        fewest, most = per_day
        if kind is DoseKind.PER_ADMINISTRATION and fewest >= 1:
            low = None if dose.low is None else dose.low * fewest
            output = Span(low, dose.high * most, dose.unit)
            said += f": {amount(dose)} × {pair(fewest, most)} = {amount(output)} per day"
        elif kind is DoseKind.PER_DAY and fewest == most and most > 1:
            output = dose.scaled(1 / most)
            said += f": {amount(dose)} / {number(most)} = {amount(output)} each"
    split = rule.schedule.split_over
    if kind is DoseKind.PER_COURSE and split is not None:
        said = f"divided over {bound_words(split)}{_parts(dose, split)}"
    duration, counts = rule.schedule.duration, rule.schedule.counts
    if duration is not None and not counted:
        said += f", for {bound_words(duration)}"
    if counts is not None and not counted:
        said += f", {bound_words(Bound(counts.low, counts.high, 'dose'))}"
    when = (say_plan("day", rule.schedule.days), say_plan("week", rule.schedule.weeks))
    said = ": ".join(filter(None, [*when, said.removeprefix(", ")]))
    return Step(
        name=StepName.SCHEDULE,
        label="Schedule",
        formula="dose × doses per day",
        inputs=(Input("dose", dose),),
        operation="total per day",
        output=output,
        text=said,
    )


def _parts(dose: Span, split: Bound) -> str:
    ends = dict.fromkeys(end for end in (split.low, split.high) if end)
    if split.unit != "d":
        return ""
    said = (f"{amount(dose.scaled(1 / end))} per day over {number(end)} days" for end in ends)
    return f": {listed(said, 'or')}"


def planned_doses(rule: Rule, plan: Plan, frequency: Frequency | None) -> int | None:
    """How many times the rule's amount is given at most: as asked, or as the source counts.

    Of a daily amount these are days. None when the source leaves the number open.
    """
    if plan.doses is not None:
        return plan.doses
    schedule, kind = rule.schedule, rule.dose.kind if rule.dose else DoseKind.PER_DAY
    if kind is DoseKind.PER_COURSE:
        return 1
    if schedule.counts is not None and schedule.counts.high is not None:
        return int(schedule.counts.high)
    days = days_of(schedule.duration, schedule.days, schedule.weeks)
    if days is None:
        return None
    if kind is DoseKind.PER_DAY and (frequency is None or frequency == Frequency(1, 1, "d")):
        return int(days)
    per_day = rates(frequency, "d") if frequency is not None else None
    if per_day is None:
        return int(days) if schedule.days and "-" not in schedule.days else None
    most = per_day[1] if kind is not DoseKind.PER_DAY else min(per_day[1], Fraction(1))
    return -(-(days * most).numerator // (days * most).denominator)


def days_of(duration: Bound | None, days: str, weeks: str) -> Fraction | None:
    """The most days that a duration, a list of days or of weeks stands for; None if open."""
    if duration is not None:
        unit = DAYS.get(duration.unit)
        return duration.high * unit if duration.high is not None and unit else None
    for written, length in ((weeks, 7), (days, 1)):
        found = day_set(written) if written else ""
        if not isinstance(found, str):
            return Fraction(len(found) * length)
    return None


def check_previous(rule: Rule, patient: Patient) -> None:
    """Raises CalculationRefused (CUMULATIVE_UNKNOWN) when a lifetime limit lacks its start."""
    limit = active_limit(rule)
    if limit is None or limit.scope != "lifetime":
        return
    if limit.basis != "m2":
        raise refuse(
            RefusalCode.CUMULATIVE_UNKNOWN,
            f"The lifetime limit of {rule.id} does not count per m², so a previous total can't "
            "be added. Ask a pharmacist.",
        )
    if rule.drug not in patient.previous:
        raise refuse(
            RefusalCode.CUMULATIVE_UNKNOWN,
            f"{rule.drug} has a lifetime limit ({_limits(limit)}) and the total given before is "
            "not known. Give it per m², or 0 mg/m2 when none was given.",
        )


def active_limit(rule: Rule) -> Cumulative | None:
    """The limit of the total that may be applied; none that is background knowledge."""
    limit = rule.cumulative
    if limit is None or limit.verification is Verification.BACKGROUND:
        return None
    return limit


def total_step(
    rule: Rule,
    patient: Patient,
    size_value: Fraction,
    per_size: Span,
    doses: int | None,
) -> tuple[Step, tuple[str, ...]] | None:
    """Previous and planned amounts against the limits; None when the rule has no limit.

    ``per_size`` is the amount of one dose as the rule counts it (mg/m2), after the change
    for organ function. Raises CalculationRefused (LIMIT) beyond the hard limit.
    """
    limit, dose = active_limit(rule), rule.dose
    if limit is None or dose is None:
        return None
    one = _in_limit_unit(limit, dose, patient, size_value, per_size)
    given = patient.previous.get(rule.drug)
    before = _previous(limit, given)
    unit = unit_words(f"{limit.unit}/{limit.basis}" if limit.basis else limit.unit)
    parts = [f"given before {number(before)} {unit}"] if given or limit.scope == "lifetime" else []
    per_text = number(per_size.high)
    if doses is None:
        parts.append(f"each dose of {per_text} adds {number(one)} {unit}")
        parts += _reached_at(limit, before, one)
        after = before + one
    else:
        after = before + one * doses
        count = count_words(doses, "day" if dose.kind is DoseKind.PER_DAY else "dose")
        parts.append(
            f"after {count} of {per_text}: {number(after)} {unit} of {_limits(limit, unit=False)}"
        )
    _refuse_beyond(rule, limit, before, after, unit)
    notices: tuple[str, ...] = ()
    if limit.verification is Verification.SECOND_HAND:
        by = reported_by(source_of(rule, limit.source))
        notices = (f"the limits of the total are reported by {by}",)
    if limit.soft_max is not None and after > limit.soft_max:
        notices = (
            *notices,
            f"the total of {number(after)} {unit} is above the soft limit of "
            f"{number(limit.soft_max)} {unit}",
        )
    step = Step(
        name=StepName.TOTAL,
        label="Total",
        formula="given before + doses × amount per dose",
        inputs=(
            Input("given before", Span(before, before, unit)),
            Input("one dose", Span(one, one, unit)),
            Input("doses", Span(Fraction(doses or 1), Fraction(doses or 1), "")),
        ),
        operation="sum",
        output=Span(after, after, unit),
        text="; ".join(parts),
    )
    return step, notices


def _in_limit_unit(
    limit: Cumulative, dose: DoseRange, patient: Patient, size_value: Fraction, per_size: Span
) -> Fraction:
    value = convert(per_size.high, dose.unit, limit.unit)
    if value is not None and limit.basis == dose.basis:
        return value
    surface = surface_m2(patient)
    if value is None or limit.basis != "m2":
        raise refuse(
            RefusalCode.LIMIT,
            "The limit of the total is in another unit or basis than the dose, so it can't be "
            "checked. Ask a pharmacist.",
        )
    if surface is not None:
        return value * size_value / surface
    raise refuse(
        RefusalCode.MISSING,
        "The total can't be counted per m² without a body surface. Give weight and height.",
    )


def _previous(limit: Cumulative, given: Dated | None) -> Fraction:
    if given is None:
        return Fraction(0)
    value = convert(given.value, "mg", limit.unit)
    if value is None or limit.basis != "m2":
        raise refuse(
            RefusalCode.CUMULATIVE_UNKNOWN,
            "The previous total is in another unit than the limit. Give it as the limit counts.",
        )
    return value


def _limits(limit: Cumulative, unit: bool = True) -> str:
    tail = f" {unit_words(f'{limit.unit}/{limit.basis}' if limit.basis else limit.unit)}"
    ends = [
        f"{number(value)}{tail if unit else ''} ({name})"
        for value, name in ((limit.soft_max, "soft"), (limit.hard_max, "hard"))
        if value is not None
    ]
    return ", ".join(ends)


def _reached_at(limit: Cumulative, before: Fraction, one: Fraction) -> list[str]:
    if one <= 0:
        return []
    parts = []
    for value, name in ((limit.soft_max, "soft"), (limit.hard_max, "hard")):
        if value is not None:
            first = (value - before) // one + 1
            parts.append(f"above {number(value)} ({name}) from dose {max(first, 1)}")
    return parts


def _refuse_beyond(
    rule: Rule, limit: Cumulative, before: Fraction, after: Fraction, unit: str
) -> None:
    if limit.hard_max is not None and after > limit.hard_max:
        raise refuse(
            RefusalCode.LIMIT,
            f"{number(before)} {unit} before and the planned doses make {number(after)} {unit}, "
            f"beyond the hard limit of {number(limit.hard_max)} {unit} ({rule.id}). "
            "Plan fewer doses, or ask a pharmacist.",
        )
