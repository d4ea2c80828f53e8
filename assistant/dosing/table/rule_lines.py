"""One rule as the lines of a list: dose, schedule, caps, totals, adjustments, conflicts."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.dosing.rates import say_frequency
from assistant.dosing.table.model import (
    Action,
    Adjustment,
    Calculate,
    Rule,
    RuleKind,
    Schedule,
)
from assistant.dosing.table.words import (
    say_amount,
    say_bound,
    say_dose,
    say_frequencies,
    say_limit,
    say_population,
    say_total,
    say_value,
)
from corpus.model import Verification

_VARIABLES = {
    "creatinine_clearance": "creatinine clearance",
    "gfr_indexed": "glomerular filtration rate per 1.73 m2",
}
CHECKED = {
    Verification.READ: "read",
    Verification.SECOND_HAND: "second-hand",
    Verification.BACKGROUND: "background knowledge, read nowhere",
}
_FORMULAS = {"bsa.mosteller": "Mosteller", "bsa.dubois": "DuBois", "bsa.haycock": "Haycock"}
# So that no amount that must not be given stands under the word "dose" alone.
_AMOUNTS = {
    RuleKind.DOSE: "Dose",
    RuleKind.FORBIDDEN: "Forbidden dose",
    RuleKind.WARNING: "Dose that is never calculated",
    RuleKind.GAP: "Dose",
}


def rule_lines(rule: Rule) -> Iterator[str]:
    """Everything that a rule says but its sources and reviewers, as list items."""
    if rule.dose is not None:
        yield f"- {_AMOUNTS[rule.kind]}: **{say_dose(rule.dose)}**"
    yield f"- For: {say_context(rule)}"
    schedule = say_schedule(rule.schedule)
    if schedule:
        yield f"- Schedule: {schedule}"
    if rule.dose is not None and rule.dose.hard_max is not None:
        yield f"- Hard limit: {say_limit(rule.dose)}"
    caps = "; ".join(_caps(rule.calculate)) if rule.calculate else ""
    if caps:
        yield f"- Caps: {caps}"
    if rule.cumulative is not None:
        checked = CHECKED[rule.cumulative.verification]
        yield f"- Total: {say_total(rule.cumulative)} ({checked})"
    for adjustment in rule.adjust:
        yield f"- Adjustment: {_adjustment(adjustment)}"
    for variable in rule.declared_gaps:
        yield f"- Adjustment: the sources leave a gap in {_variable(variable)}"
    if rule.calculate is not None:
        yield f"- Calculation: {'; '.join(_calculation(rule.calculate))}"
    elif rule.kind is RuleKind.DOSE:
        yield "- Calculation: none from this rule"
    if rule.monitoring:
        yield f"- Monitoring: {rule.monitoring}"
    if rule.note:
        yield f"- Note: {rule.note}"
    if rule.conflicts_with:
        yield f"- Conflicts with: {', '.join(f'`{other}`' for other in rule.conflicts_with)}"
    rows = f"; dossier rows {', '.join(rule.rows)}" if rule.rows else ""
    yield f"- Verification: {CHECKED[rule.verification]}{rows}"
    dates = f"{rule.effective_from} to {rule.review_due}"
    yield f"- Status: {rule.status}, version {rule.version}, {dates}"


def say_context(rule: Rule) -> str:
    """Indication, population, phase, setting and variant of a rule, in words."""
    context = rule.context
    parts = [
        ", ".join(context.indications) or "any indication",
        say_population(context.population) or "any patient",
        context.phase,
        context.setting,
        f"variant: {context.variant}" if context.variant else "",
    ]
    return "; ".join(part for part in parts if part)


def say_schedule(schedule: Schedule) -> str:
    """How often, by which route, how long and when, in words; empty where nothing is said."""
    return "; ".join(_schedule(schedule))


def _schedule(schedule: Schedule) -> Iterator[str]:
    if schedule.frequencies:
        yield say_frequencies(schedule.frequencies)
    if schedule.forbidden_frequencies:
        yield f"never {say_frequencies(schedule.forbidden_frequencies)}"
    if schedule.frequency_required:
        yield "not shown without its frequency"
    if schedule.routes:
        yield " or ".join(schedule.routes)
    for bound, text in (
        (schedule.duration, "for {}"),
        (schedule.split_over, "split over {}"),
        (schedule.infuse_over, "infused over {}"),
        (schedule.counts, "{} doses"),
    ):
        if bound is not None:
            yield text.format(say_bound(bound))
    for plan in (say_plan("day", schedule.days), say_plan("week", schedule.weeks)):
        if plan:
            yield plan


def say_plan(unit: str, plan: str) -> str:
    """Days or weeks of a plan: "day 1", "weeks 1-2", "from week 9"; nothing for an empty one."""
    if not plan:
        return ""
    if plan.isdigit():
        return f"{unit} {plan}"
    if plan.endswith("-") and plan[:-1].isdigit():
        return f"from {unit} {plan[:-1]}"
    return f"{unit}s {plan}"


def _caps(calculate: Calculate) -> Iterator[str]:
    if calculate.max_single is not None:
        yield f"{say_amount(calculate.max_single)} in a single dose"
    if calculate.max_daily is not None:
        yield f"{say_amount(calculate.max_daily)} in a day"


def _calculation(calculate: Calculate) -> Iterator[str]:
    if calculate.size:
        yield f"surface by {_FORMULAS.get(calculate.size, calculate.size)}"
    yield f"{calculate.weight} weight"
    if calculate.round_step is not None:
        change = say_value(calculate.max_change_percent)
        yield f"rounded to {say_amount(calculate.round_step)}, by at most {change}%"
    for name, days in calculate.fresh_days.items():
        yield f"{name} at most {days} days old"


def _variable(name: str) -> str:
    return _VARIABLES.get(name, name.replace("_", " "))


def _adjustment(adjustment: Adjustment) -> str:
    text = f"{_band(adjustment)}: {_action(adjustment)}"
    details = [CHECKED[adjustment.verification]]
    if adjustment.source:
        details.append(f"source {adjustment.source}")
    if adjustment.note:
        details.append(adjustment.note)
    return f"{text} ({'; '.join(details)})"


def _band(adjustment: Adjustment) -> str:
    if not adjustment.variable:
        return adjustment.when
    low = adjustment.low is not None and say_value(adjustment.low)
    high = adjustment.high is not None and say_value(adjustment.high)
    ends = []
    if low:
        ends.append(f"{'above' if adjustment.low_open else 'from'} {low}")
    if high:
        ends.append(f"{'up to and with' if adjustment.high_closed else 'below'} {high}")
    text = f"{_variable(adjustment.variable)} {' '.join(ends)} {adjustment.unit}"
    return f"{text}, {adjustment.when}" if adjustment.when else text


def _action(adjustment: Adjustment) -> str:
    match adjustment.action:
        case Action.MULTIPLY if adjustment.factor is not None:
            return f"{say_value(adjustment.factor * 100)}% of the dose"
        case Action.REPLACE if adjustment.replace is not None:
            return f"give {say_amount(adjustment.replace)} instead"
        case Action.INTERVAL if adjustment.interval is not None:
            return f"give {say_frequency(adjustment.interval)}"
        case Action.REFUSE:
            return "nothing is calculated; the source gives no figure, or forbids the drug"
        case _:
            return "no change"
