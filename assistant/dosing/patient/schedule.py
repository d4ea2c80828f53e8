"""A regimen over its weeks or days: what is given when, how often, and the running total.

With a patient each amount comes from the working of its rule, under the same guards; without
one the table counts as the rules count (mg/m2). A step without a dose stays without a number.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction

from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.model import Frequency
from assistant.dosing.patient.amounts import (
    amount,
    frequency_words,
    pair,
    unit_words,
)
from assistant.dosing.patient.calculate import NO_PLAN, calculate
from assistant.dosing.patient.caps import per_size_words
from assistant.dosing.patient.model import CalculationPolicy, Patient, Plan, Span, Working
from assistant.dosing.patient.size import Size
from assistant.dosing.patient.total import PER
from assistant.dosing.rates import rates
from assistant.dosing.schedule import day_set
from assistant.dosing.table.model import DoseKind, DoseRange, Regimen, RegimenStep, Rule
from assistant.dosing.table.rule_lines import say_plan
from assistant.dosing.units import convert

DAYS_A_WEEK = 7
_PLAN = re.compile(r"(\d+)(?:(-)(\d+)?)?")


@dataclass(frozen=True, slots=True, kw_only=True)
class ScheduleRow:
    """One rule in one week, or in one stretch of days.

    ``dose`` is empty where no amount is stated; ``doses`` is None where the number is open;
    ``total`` is the amount per m2 or kg given of the drug up to the end of the row, None from
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


@dataclass(frozen=True, slots=True)
class _Slot:
    """One stretch of time of one step."""

    first: int
    last: int | None
    step: RegimenStep
    began: int  # where the step begins, for "every second week"


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
    amounts need ``policy`` and ``today``; a rule that is refused keeps its row, per m2.
    ``plan.chosen`` may name the regimen: then its rules are chosen where sources disagree.
    """
    by_weeks = any(step.weeks for step in regimen.steps)
    workings: dict[str, Working] = {}
    refusals: dict[str, Refusal] = {}
    if patient is not None and today is not None:
        for rule_id in dict.fromkeys(step.rule for step in regimen.steps):
            chosen = rule_id if plan.chosen == regimen.id else plan.chosen
            own = replace(plan, frequency=None, chosen=chosen)
            found = _worked(rules[rule_id], patient, policy, today, own, table_version)
            if isinstance(found, Working):
                workings[rule_id] = found
            elif found is not None:
                refusals[rule_id] = found
    totals: dict[str, Span | None] = {}
    rows = [
        _row(slot, rules[slot.step.rule], by_weeks, start, workings.get(slot.step.rule), totals)
        for slot in _slots(regimen, by_weeks)
    ]
    return ScheduleTable(
        regimen=regimen.id,
        name=regimen.name,
        by_weeks=by_weeks,
        rows=tuple(rows),
        workings=tuple(workings.values()),
        refusals=tuple(refusals.items()),
    )


def _worked(
    rule: Rule,
    patient: Patient,
    policy: CalculationPolicy,
    today: date,
    plan: Plan,
    table_version: str,
) -> Working | Refusal | None:
    if rule.dose is None:
        return None
    return calculate(
        rule, patient, policy=policy, today=today, plan=plan, table_version=table_version
    )


def _slots(regimen: Regimen, by_weeks: bool) -> list[_Slot]:
    slots = []
    for step in regimen.steps:
        for part in (_weeks(step) if by_weeks else step.days).split(","):
            match = _PLAN.fullmatch(part.strip())
            if match is None:
                slots.append(_Slot(0, None, step, 0))
                continue
            first = int(match[1])
            last = int(match[3]) if match[3] else None if match[2] else first
            if by_weeks and last is not None:
                slots += [_Slot(week, week, step, first) for week in range(first, last + 1)]
            else:
                slots.append(_Slot(first, last, step, first))
    order = {id(step): at for at, step in enumerate(regimen.steps)}
    # What the source gives without its weeks or days stands last: nothing of a regimen is lost.
    return sorted(slots, key=lambda slot: (not slot.first, slot.first, order[id(slot.step)]))


def _weeks(step: RegimenStep) -> str:
    """The weeks of a step; "from day 1" is from week 1, but days within a week are no weeks."""
    match = _PLAN.fullmatch(step.days)
    if step.weeks or match is None or not match[2] or match[3]:
        return step.weeks
    weeks, within = divmod(int(match[1]) - 1, DAYS_A_WEEK)
    return "" if within else f"{weeks + 1}-"


def _row(
    slot: _Slot,
    rule: Rule,
    by_weeks: bool,
    start: date | None,
    working: Working | None,
    totals: dict[str, Span | None],
) -> ScheduleRow:
    length = DAYS_A_WEEK if by_weeks else 1
    dated = start is not None and slot.first > 0
    from_date = start + timedelta(days=(slot.first - 1) * length) if start and dated else None
    to_date = None
    if start and slot.last is not None:
        to_date = start + timedelta(days=slot.last * length - 1)
    frequency = working.frequency if working else _only(rule)
    doses = _doses(slot, rule, frequency, by_weeks)
    dose = rule.dose
    resting = doses is not None and doses.high == 0
    total = None
    if dose is not None:
        total = _add(totals, rule, dose, doses)
    return ScheduleRow(
        first=slot.first,
        last=slot.last,
        from_date=from_date,
        to_date=to_date,
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


def _only(rule: Rule) -> Frequency | None:
    found = rule.schedule.frequencies
    return found[0] if len(found) == 1 else None


def _often(rule: Rule, frequency: Frequency | None) -> str:
    if frequency is not None:
        return frequency_words(frequency)
    return " or ".join(frequency_words(f) for f in rule.schedule.frequencies)


def _dose_words(dose: DoseRange, working: Working | None) -> str:
    if working is not None:
        return f"{amount(working.dose)} {PER[dose.kind]}"
    size = Size(Fraction(1), dose.basis, None)
    unit = per_size_words(dose, size) if dose.basis else unit_words(dose.unit)
    least = "at least " if dose.at_least else ""
    return f"{least}{pair(dose.low, dose.high)} {unit} {PER[dose.kind]}"


def _doses(slot: _Slot, rule: Rule, frequency: Frequency | None, by_weeks: bool) -> Span | None:
    """How many times the rule's amount is given in a row: days, of an amount per day."""
    if rule.dose is None or slot.last is None:
        return None
    listed = day_set(rule.schedule.days) if rule.schedule.days and not by_weeks else ""
    days = (slot.last - slot.first + 1) * (DAYS_A_WEEK if by_weeks else 1)
    if rule.dose.kind is DoseKind.PER_COURSE:
        return _count(1 if slot.first == slot.began else 0)
    if by_weeks and frequency is not None and frequency.unit == "wk" and frequency.period > 1:
        return _every_few_weeks(slot, frequency)
    per_day = rates(frequency, "d") if frequency is not None else None
    if rule.dose.kind is DoseKind.PER_DAY:
        if not isinstance(listed, str) and listed and _begins_again(frequency, max(listed)):
            return _count(sum(slot.first <= day <= slot.last for day in listed))
        if per_day is None or min(per_day) >= 1:
            return _count(days)
        return _within(days, per_day) if per_day[0] == per_day[1] else None
    if per_day is not None:
        return _within(days, per_day) if per_day[0] == per_day[1] else _both(days, per_day)
    if not isinstance(listed, str) and listed:
        return _count(sum(slot.first <= day <= slot.last for day in listed))
    if days == 1:
        return _count(1)
    counts = rule.schedule.counts
    if counts is not None and counts.low == counts.high and counts.high and not by_weeks:
        return _count(int(counts.high))
    return None


def _begins_again(frequency: Frequency | None, last_day: int) -> bool:
    """Whether a frequency repeats the whole list of days ("every 21 days", of days 1-5)."""
    if frequency is None:
        return False
    per_day = rates(frequency, "d")
    return per_day is not None and max(per_day) * last_day < 1


def _every_few_weeks(slot: _Slot, frequency: Frequency) -> Span | None:
    if frequency.period_max or frequency.n_max:
        return None
    resting = (slot.first - slot.began) % frequency.period
    return _count(0 if resting else frequency.n)


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
    totals: dict[str, Span | None], rule: Rule, dose: DoseRange, doses: Span | None
) -> Span | None:
    """The running total of a drug per m2 or kg; unknown for good once a number is open."""
    unit = f"{dose.unit}/{dose.basis}" if dose.basis else dose.unit
    before = totals.get(rule.drug, Span(Fraction(0), Fraction(0), unit))
    after = None
    if before is not None and doses is not None and before.unit.partition("/")[2] == dose.basis:
        factor = convert(Fraction(1), dose.unit, before.unit.partition("/")[0])
        if factor is not None:
            low = dose.low if dose.low is not None else Fraction(0)
            fewest = doses.low if doses.low is not None else Fraction(0)
            after = Span(
                (before.low or Fraction(0)) + low * factor * fewest,
                before.high + dose.high * factor * doses.high,
                before.unit,
            )
    totals[rule.drug] = after
    return after


def render_schedule(table: ScheduleTable) -> str:
    """The table as aligned text, then why a patient's dose is missing where it is."""
    head = ["Week" if table.by_weeks else "Days"]
    dated = any(row.from_date for row in table.rows)
    if dated:
        head.append("Dates")
    head += ["Drug", "Dose", "How often", "Doses", "Total"]
    body = [head]
    for row in table.rows:
        cells = [_when(row)]
        if dated:
            cells.append(_dates(row))
        cells += [
            row.drug,
            row.dose or "none stated",
            row.frequency,
            "" if row.doses is None else pair(row.doses.low, row.doses.high),
            "" if row.total is None else amount(row.total),
        ]
        if not row.dose and row.doses is not None:
            cells[-4] = "none this week" if table.by_weeks else "none"
        cells[-1] += f"  {row.note}" if row.note else ""
        body.append(cells)
    widths = [max(len(line[at]) for line in body) for at in range(len(head))]
    lines = [table.name]
    lines += [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in body
    ]
    lines += [f"{rule}: not worked out. {refusal}" for rule, refusal in table.refusals]
    notices = dict.fromkeys(notice for w in table.workings for notice in w.notices)
    lines += [f"Note: {notice}" for notice in notices]
    return "\n".join(lines)


def _when(row: ScheduleRow) -> str:
    if not row.first:
        return "see note" if row.note else "not named"
    if row.last is None:
        return f"from {row.first}"
    return f"{row.first}" if row.first == row.last else f"{row.first}–{row.last}"


def _dates(row: ScheduleRow) -> str:
    if row.from_date is None:
        return ""
    if row.to_date is None:
        return f"from {row.from_date}"
    return f"{row.from_date}" if row.from_date == row.to_date else f"{row.from_date}–{row.to_date}"
