"""A regimen over its weeks or days: what is given when, how often, and the running total.

With a patient each amount comes from the working of its rule, under the same guards; without
one the table counts as the rules count (mg/m2). A step without a dose stays without a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from assistant.dosing.calculators.convert import Analyte, Measured, base_unit
from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.model import Frequency
from assistant.dosing.patient.amounts import amount, frequency_words, pair, unit_words
from assistant.dosing.patient.calculate import NO_PLAN, calculate
from assistant.dosing.patient.caps import per_size_words
from assistant.dosing.patient.eligible import reported_by
from assistant.dosing.patient.model import (
    CalculationPolicy,
    Dated,
    Patient,
    Plan,
    Span,
    StepName,
    Working,
)
from assistant.dosing.patient.total import PER
from assistant.dosing.rates import rates
from assistant.dosing.schedule import day_set
from assistant.dosing.table.model import DoseKind, DoseRange, Regimen, RegimenStep, Rule
from assistant.dosing.table.rule_lines import say_plan
from assistant.dosing.units import convert
from corpus.model import Verification

DAYS_A_WEEK = 7
_PLAN = re.compile(r"(\d+)(?:(-)(\d+)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """One rule in one week, or in one stretch of days.

    ``dose`` is empty where no amount is stated; ``doses`` is None where the number is open;
    ``total`` is the amount per m2 or kg planned of the drug up to the end of the row, None from
    the first open number on.
    """

    first: int  # week or day, from 1; 0 where the source names none
    last: int | None  # None: open end
    from_date: date | None
    to_date: date | None
    rule: str
    drug: str
    dose: str
    frequency: str
    doses: Span | None
    total: Span | None
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleTable:
    """The rows of a regimen in order of time, and what could not be worked out."""

    regimen: str
    name: str
    by_weeks: bool
    rows: tuple[ScheduleRow, ...]
    workings: tuple[Working, ...] = ()
    refusals: tuple[tuple[str, Refusal], ...] = ()  # rule id, why its patient's dose is missing
    notices: tuple[str, ...] = ()  # of the rules that were not worked out


@dataclass(frozen=True, slots=True)
class _Slot:
    """One stretch of time of one step; days count from the first day of the regimen."""

    first: int  # week or day, as the table counts; 0 where the source names none
    last: int | None
    from_day: int | None
    to_day: int | None
    step: RegimenStep
    began: int  # the week or day with which the step begins, for "every second week"


def schedule(
    regimen: Regimen,
    rules: Mapping[str, Rule],
    patient: Patient | None = None,
    start: date | None = None,
    *,
    policy: CalculationPolicy = CalculationPolicy.OFF,
    today: date | None = None,
    plan: Plan = NO_PLAN,
    table_version: str = "",
) -> ScheduleTable:
    """The table of a regimen, dated when ``start`` (its first day) is given.

    Rows are weeks, or the stretches of days of a regimen that counts in days. A patient's
    amounts need ``policy`` and ``today``; a rule that is refused keeps its row, per m2. The
    limit of a total is judged with what the earlier steps plan. ``plan.chosen`` may name the
    regimen: it chooses every rule of it.
    """
    by_weeks = any(step.weeks for step in regimen.steps)
    slots = _slots(regimen, by_weeks)
    workings: dict[str, Working] = {}
    refusals: dict[str, Refusal] = {}
    if patient is not None and today is not None:
        for rule in dict.fromkeys(slot.step.rule for slot in slots):
            chosen = rule if plan.chosen == regimen.id else plan.chosen
            found = calculate(
                rules[rule],
                _with_earlier(patient, rule, slots, rules, by_weeks, workings),
                policy=policy,
                today=today,
                plan=replace(plan, frequency=None, chosen=chosen),
                table_version=table_version,
            )
            if isinstance(found, Working):
                workings[rule] = found
            elif rules[rule].dose is not None:
                refusals[rule] = found
    totals: dict[str, Span | None] = {}
    rows = [
        _row(slot, rules[slot.step.rule], by_weeks, start, workings.get(slot.step.rule), totals)
        for slot in slots
    ]
    bare = (
        rules[rule] for rule in dict.fromkeys(s.step.rule for s in slots) if rule not in workings
    )
    return ScheduleTable(
        regimen=regimen.id,
        name=regimen.name,
        by_weeks=by_weeks,
        rows=tuple(rows),
        workings=tuple(workings.values()),
        refusals=tuple(refusals.items()),
        notices=tuple(dict.fromkeys(said for rule in bare if (said := _caution(rule)))),
    )


def _caution(rule: Rule) -> str:
    if rule.verification is Verification.SECOND_HAND:
        return f"reported by {reported_by(rule.sources[0])}"
    if rule.verification is Verification.BACKGROUND:
        return "background knowledge, read in no source"
    return ""


def _slots(regimen: Regimen, by_weeks: bool) -> list[_Slot]:
    """Every step in order of time; one that the source gives no week or day stands last."""
    slots: list[tuple[int, _Slot]] = []
    for order, step in enumerate(regimen.steps):
        for part in (_weeks(step) if by_weeks else step.days).split(","):
            match = _PLAN.fullmatch(part.strip())
            if match is None:
                slots.append((order, _Slot(0, None, None, None, step, 0)))
                continue
            first = int(match[1])
            last = int(match[3]) if match[3] else None if match[2] else first
            slots += [(order, slot) for slot in _split(step, first, last, by_weeks)]
    slots.sort(key=lambda found: (not found[1].first, found[1].first, found[0]))
    return [slot for _, slot in slots]


def _weeks(step: RegimenStep) -> str:
    """The weeks of a step; "from day 1" is from week 1, but days within a week are no weeks."""
    match = _PLAN.fullmatch(step.days)
    if step.weeks or match is None or not match[2] or match[3]:
        return step.weeks
    weeks, within = divmod(int(match[1]) - 1, DAYS_A_WEEK)
    return "" if within else f"{weeks + 1}-"


def _split(step: RegimenStep, first: int, last: int | None, by_weeks: bool) -> list[_Slot]:
    if not by_weeks:
        return [_Slot(first, last, first, last, step, first)]
    if last is None:
        return [_Slot(first, None, _week_begins(first), None, step, first)]
    return [
        _Slot(week, week, _week_begins(week), _week_begins(week + 1) - 1, step, first)
        for week in range(first, last + 1)
    ]


def _week_begins(week: int) -> int:
    return (week - 1) * DAYS_A_WEEK + 1


def _with_earlier(
    patient: Patient,
    rule_id: str,
    slots: Sequence[_Slot],
    rules: Mapping[str, Rule],
    by_weeks: bool,
    workings: Mapping[str, Working],
) -> Patient:
    """The patient with what the earlier steps of the regimen plan counted as given before.

    A step whose number of doses is open leaves the total unknown.
    """
    drug = rules[rule_id].drug
    given = patient.previous.get(drug)
    if given is None:
        return patient
    total = given.value
    for slot in slots:
        if slot.step.rule == rule_id:
            break
        rule, working = rules[slot.step.rule], workings.get(slot.step.rule)
        if rule.drug != drug or rule.dose is None:
            continue
        doses = _doses(slot, rule, _frequency(rule, working), by_weeks)
        one = convert(_per_size(rule.dose, working).high, rule.dose.unit, "mg")
        if doses is None or one is None or rule.dose.basis != "m2":
            others = {name: value for name, value in patient.previous.items() if name != drug}
            return replace(patient, previous=others)
        total += one * doses.high
    measured = Measured(Analyte.DOSE_PER_SURFACE, total, total, base_unit(Analyte.DOSE_PER_SURFACE))
    return replace(patient, previous={**patient.previous, drug: Dated(measured, given.on)})


def _per_size(dose: DoseRange, working: Working | None) -> Span:
    """One dose as the rule counts it (per m2 or kg), changed for this patient's organ function."""
    if working is None:
        return Span(dose.low, dose.high, dose.unit)
    size = working.step(StepName.SIZE)
    amounts = [s.output for s in working.steps if s.name in {StepName.DOSE, StepName.ORGAN}]
    last = amounts[-1]
    assert last is not None  # both steps always have an output
    return last.scaled(1 / size.output.high) if size and size.output else last


def _row(
    slot: _Slot,
    rule: Rule,
    by_weeks: bool,
    start: date | None,
    working: Working | None,
    totals: dict[str, Span | None],
) -> ScheduleRow:
    def dated(day: int | None) -> date | None:
        return None if start is None or day is None else start + timedelta(days=day - 1)

    frequency = _frequency(rule, working)
    doses = _doses(slot, rule, frequency, by_weeks)
    dose = rule.dose
    resting = doses is not None and doses.high == 0
    total = None
    if dose is not None:
        total = _add(totals, rule, dose, _per_size(dose, working), doses)
    return ScheduleRow(
        first=slot.first,
        last=slot.last,
        from_date=dated(slot.from_day),
        to_date=dated(slot.to_day),
        rule=rule.id,
        drug=rule.drug,
        dose="" if dose is None or resting else _dose_words(dose, working),
        frequency="" if dose is None or resting else _often(rule, frequency),
        doses=doses,
        total=total,
        note=_note(slot, rule),
    )


def _note(slot: _Slot, rule: Rule) -> str:
    note = slot.step.note or (rule.note if rule.dose is None else "")
    if slot.first:
        return note
    return "; ".join(filter(None, (say_plan("day", slot.step.days), note)))


def _frequency(rule: Rule, working: Working | None) -> Frequency | None:
    if working is not None:
        return working.frequency
    found = rule.schedule.frequencies
    return found[0] if len(found) == 1 else None


def _often(rule: Rule, frequency: Frequency | None) -> str:
    if frequency is not None:
        return frequency_words(frequency)
    return " or ".join(frequency_words(f) for f in rule.schedule.frequencies)


def _dose_words(dose: DoseRange, working: Working | None) -> str:
    if working is not None:
        return f"{amount(working.dose)} {PER[dose.kind]}"
    unit = per_size_words(dose, dose.basis) if dose.basis else unit_words(dose.unit)
    least = "at least " if dose.at_least else ""
    return f"{least}{pair(dose.low, dose.high)} {unit} {PER[dose.kind]}"


def _doses(slot: _Slot, rule: Rule, frequency: Frequency | None, by_weeks: bool) -> Span | None:
    """How many times the rule's amount is given in a row: days, of an amount per day."""
    dose = rule.dose
    if dose is None or slot.from_day is None or slot.to_day is None or dose.kind is DoseKind.RATE:
        return None
    days = slot.to_day - slot.from_day + 1
    if dose.kind is DoseKind.PER_COURSE:
        return _count(1 if slot.first == slot.began else 0)
    if by_weeks and frequency is not None and frequency.unit == "wk" and frequency.period > 1:
        return _every_few_weeks(slot, rule, frequency)
    listed = day_set(rule.schedule.days) if rule.schedule.days else ""
    named = 0 if isinstance(listed, str) else sum(slot.from_day <= d <= slot.to_day for d in listed)
    per_day = rates(frequency, "d") if frequency is not None else None
    if dose.kind is DoseKind.PER_DAY:
        if named:
            return _count(named)
        if per_day is None or min(per_day) >= 1:
            return _count(days)
        return _within(days, per_day) if per_day[0] == per_day[1] else None
    if per_day is not None:
        return _within(days, per_day) if per_day[0] == per_day[1] else _both(days, per_day)
    if named or days == 1:
        return _count(named or 1)
    counts = rule.schedule.counts
    if counts is not None and counts.low == counts.high and counts.high and not by_weeks:
        return _count(int(counts.high))
    return None


def _every_few_weeks(slot: _Slot, rule: Rule, frequency: Frequency) -> Span | None:
    if frequency.period_max or frequency.n_max:
        return None
    if (slot.first - slot.began) % frequency.period:
        return _count(0)
    if rule.dose is not None and rule.dose.kind is DoseKind.PER_DAY:  # so many days in that week
        length = rule.schedule.duration
        if length is None or length.high is None or length.unit != "d":
            return None
        return Span(length.low or length.high, length.high, "doses")
    return _count(frequency.n)


def _within(days: int, per_day: tuple[Fraction, Fraction]) -> Span:
    """The doses that begin within some days, the first on the first day."""
    return _count(_ceiling(days * per_day[0]))


def _both(days: int, per_day: tuple[Fraction, Fraction]) -> Span:
    return Span(
        Fraction(_ceiling(days * per_day[0])), Fraction(_ceiling(days * per_day[1])), "doses"
    )


def _ceiling(value: Fraction) -> int:
    return -(-value.numerator // value.denominator)


def _count(count: int) -> Span:
    return Span(Fraction(count), Fraction(count), "doses")


def _add(
    totals: dict[str, Span | None], rule: Rule, dose: DoseRange, one: Span, doses: Span | None
) -> Span | None:
    """The running total of a drug per m2 or kg; unknown for good once a number is open."""
    unit = f"{dose.unit}/{dose.basis}" if dose.basis else dose.unit
    before = totals.get(rule.drug, Span(Fraction(0), Fraction(0), unit))
    after = None
    if before is not None and doses is not None and before.unit.partition("/")[2] == dose.basis:
        factor = convert(Fraction(1), dose.unit, before.unit.partition("/")[0])
        if factor is not None:
            low = one.low if one.low is not None else Fraction(0)
            fewest = doses.low if doses.low is not None else Fraction(0)
            after = Span(
                (before.low or Fraction(0)) + low * factor * fewest,
                before.high + one.high * factor * doses.high,
                before.unit,
            )
    totals[rule.drug] = after
    return after
