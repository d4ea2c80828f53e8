"""What one rule must hold, and what rules must hold together, before a table may be used."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import combinations, pairwise

from assistant.dosing.model import Frequency, decimal_text
from assistant.dosing.rates import compare_frequencies, inside, say_frequency
from assistant.dosing.table.context import contexts_overlap
from assistant.dosing.table.errors import Problems
from assistant.dosing.table.model import (
    Adjustment,
    DrugEntry,
    Regimen,
    Rule,
    RuleKind,
    RuleSource,
    Status,
)
from assistant.dosing.units import convert
from corpus.model import Verification

REVIEWERS_HIGH_ALERT = 2


def check_rule(rule: Rule, drugs: Mapping[str, DrugEntry], problems: Problems) -> None:
    """The checks that need no other rule: dates, review, units, routes, bands, frequencies."""
    if rule.review_due < rule.effective_from:
        _add(problems, rule, "review_due", "It is due before the rule begins.", "Correct a date.")
    entry = drugs.get(rule.drug)
    if entry is None:
        remedy = "Add a [[drug]] entry for it, or correct the id."
        _add(problems, rule, "drug", f"'{rule.drug}' has no drug entry.", remedy)
    else:
        _check_against_entry(rule, entry, problems)
    _check_review(rule, entry, problems)
    _check_frequencies(rule, problems)
    _check_bands(rule, problems)
    _check_calculation(rule, problems)


def _add(problems: Problems, rule: Rule, key: str, what: str, remedy: str) -> None:
    problems.add(rule.file, f"{rule.id}.{key}", what, remedy)


def _check_against_entry(rule: Rule, entry: DrugEntry, problems: Problems) -> None:
    units: list[tuple[str, str]] = []
    bases: list[tuple[str, str]] = []
    if rule.dose:
        units.append(("dose.unit", rule.dose.unit))
        bases.append(("dose.unit", rule.dose.basis))
    if rule.cumulative:
        units.append(("cumulative.unit", rule.cumulative.unit))
        bases.append(("cumulative.unit", rule.cumulative.basis))
    for at, adjustment in enumerate(rule.adjust, start=1):
        if adjustment.replace:
            units.append((f"adjust[{at}].replace", adjustment.replace.unit))
            bases.append((f"adjust[{at}].replace", adjustment.replace.basis))
    if rule.calculate:
        for name in ("max_single", "max_daily", "round_step"):
            amount = getattr(rule.calculate, name)
            if amount:
                units.append((f"calculate.{name}", amount.unit))
    for key, unit in units:
        if unit not in entry.amount_units:
            remedy = f"The drug entry allows: {', '.join(entry.amount_units)}."
            _add(problems, rule, key, f"The unit {unit} is not one of the drug's.", remedy)
    for key, basis in bases:
        if (basis or "flat") not in entry.bases:
            what = f"The basis {basis or 'flat'} is not one of the drug's."
            _add(problems, rule, key, what, f"The drug entry allows: {', '.join(entry.bases)}.")
    for route in rule.schedule.routes:
        # A forbidden route is one that the drug's entry leaves out.
        if route not in entry.routes and rule.kind is not RuleKind.FORBIDDEN:
            remedy = f"The drug entry allows: {', '.join(entry.routes)}."
            what = f"The route {route} is not one of the drug's."
            _add(problems, rule, "schedule.routes", what, remedy)


def _check_review(rule: Rule, entry: DrugEntry | None, problems: Problems) -> None:
    if rule.status is not Status.REVIEWED:
        return
    people = {reviewer.registration for reviewer in rule.reviewed_by}
    needed = REVIEWERS_HIGH_ALERT if entry and entry.high_alert else 1
    if not people:
        remedy = 'Have it reviewed, or set status = "draft".'
        _add(problems, rule, "reviewed_by", "It is 'reviewed', but nobody reviewed it.", remedy)
    elif len(people) < needed:
        what = "A rule of a high-alert drug needs two different reviewers."
        remedy = 'Add the second one, or set status = "draft".'
        _add(problems, rule, "reviewed_by", what, remedy)
    for source in rule.sources:
        if source.passage_id and not source.quote_sha256:
            what = f"The hash of {source.passage_id} was not recorded at the review."
            remedy = "Add the value that the command 'rules' prints for it."
            _add(problems, rule, "source.quote_sha256", what, remedy)


def same_rate(a: Frequency, b: Frequency) -> bool:
    """Whether two frequencies mean the same, or the first lies inside the second's range."""
    return compare_frequencies(a, b) != "different" or inside(a, b)


def _check_frequencies(rule: Rule, problems: Problems) -> None:
    for forbidden in rule.schedule.forbidden_frequencies:
        for allowed in rule.schedule.frequencies:
            if same_rate(forbidden, allowed) or same_rate(allowed, forbidden):
                what = f"'{say_frequency(forbidden)}' is forbidden and also allowed."
                _add(problems, rule, "schedule.frequencies", what, "Remove one of the two.")


def _check_bands(rule: Rule, problems: Problems) -> None:
    groups: dict[tuple[str, str], list[Adjustment]] = {}
    for adjustment in rule.adjust:
        if adjustment.variable:
            groups.setdefault((adjustment.variable, adjustment.when), []).append(adjustment)
    for (variable, _), bands in groups.items():
        if len({band.unit for band in bands}) > 1:
            what = f"The bands of {variable} are in different units."
            _add(problems, rule, "adjust", what, "Write them in one unit.")
            continue
        for lower, upper in pairwise(sorted(bands, key=_band_start)):
            _check_neighbours(rule, lower, upper, problems)
    for variable in rule.declared_gaps:
        if variable not in {band.variable for band in rule.adjust}:
            what = f"No adjustment has bands of {variable}."
            _add(problems, rule, "declared_gaps", what, "Remove it.")
    conditions = [a.when for a in rule.adjust if a.when and not a.variable]
    for condition in sorted({c for c in conditions if conditions.count(c) > 1}):
        _add(problems, rule, "adjust", f"'{condition}' is adjusted for twice.", "Keep one.")


def _band_start(band: Adjustment) -> tuple[Fraction, bool]:
    return (Fraction(-1) if band.low is None else band.low, band.low_open)


def _check_neighbours(rule: Rule, lower: Adjustment, upper: Adjustment, problems: Problems) -> None:
    end, start = lower.high, upper.low
    shared = end == start and lower.high_closed and not upper.low_open
    if end is None or start is None or start < end or shared:
        what = f"Two bands of {upper.variable} overlap{_at(start)}."
        _add(problems, rule, "adjust", what, "Correct from, below or includes.")
    elif (start > end or (upper.low_open and not lower.high_closed)) and (
        upper.variable not in rule.declared_gaps
    ):
        what = f"The bands of {upper.variable} leave a gap{_at(end)}."
        remedy = f'Close it, or declare it: declared_gaps = ["{upper.variable}"].'
        _add(problems, rule, "adjust", what, remedy)


def _at(value: Fraction | None) -> str:
    return "" if value is None else f" at {decimal_text(value)}"


def _check_calculation(rule: Rule, problems: Problems) -> None:
    if rule.calculate is None:
        return
    if rule.kind is not RuleKind.DOSE:
        what = f"Nothing is calculated from a rule of kind '{rule.kind}'."
        _add(problems, rule, "calculate", what, "Remove the table.")
    if rule.verification is Verification.BACKGROUND:
        what = "Nothing is calculated from background knowledge."
        _add(problems, rule, "calculate", what, "Remove the table, or verify the dose first.")
    if rule.dose is None:
        return
    if rule.dose.basis == "m2" and not rule.calculate.size:
        what = "A dose per m2 needs the formula of the surface."
        _add(problems, rule, "calculate.size", what, 'Add size = "bsa.mosteller" or another.')
    for name in ("max_single", "max_daily"):
        amount = getattr(rule.calculate, name)
        if amount is None:
            continue
        if amount.basis:
            what = "A cap is an absolute amount."
            _add(problems, rule, f"calculate.{name}", what, "Write it without /kg or /m2.")
            continue
        cap = convert(amount.value, amount.unit, rule.dose.unit)
        if cap is not None and not rule.dose.basis and rule.dose.high > cap:
            what = "The usual dose is above the cap."
            _add(problems, rule, f"calculate.{name}", what, "Correct one of the two.")


def check_together(rules: Sequence[Rule], problems: Problems) -> None:
    """One rule for each source and context, and conflicts that name each other."""
    by_id = {rule.id: rule for rule in rules}
    for rule in rules:
        for other_id in rule.conflicts_with:
            _check_conflict(rule, by_id.get(other_id), other_id, problems)
    live = [r for r in rules if r.kind is RuleKind.DOSE and r.status is not Status.RETIRED]
    for first, second in combinations(live, 2):
        if first.drug != second.drug or not _same_source(first, second):
            continue
        if contexts_overlap(first, second):
            what = f"{first.id} gives the same drug in the same context from the same source."
            remedy = (
                "Set indications, population, phase, routes or variant apart, or retire one rule."
            )
            _add(problems, second, "context", what, remedy)


def _same_source(first: Rule, second: Rule) -> bool:
    return bool(first.sources and second.sources) and first.sources[0].key == second.sources[0].key


def _check_conflict(rule: Rule, other: Rule | None, other_id: str, problems: Problems) -> None:
    if other is None:
        _add(problems, rule, "conflicts_with", f"There is no rule '{other_id}'.", "Correct it.")
    elif other.id == rule.id:
        _add(problems, rule, "conflicts_with", "A rule can't conflict with itself.", "Remove it.")
    elif other.drug != rule.drug:
        what = f"{other_id} is a rule of another drug."
        _add(problems, rule, "conflicts_with", what, "Remove it.")
    elif rule.id not in other.conflicts_with:
        what = f"{other_id} doesn't name this rule in turn."
        remedy = f"Add '{rule.id}' to the conflicts of {other_id}, or remove it here."
        _add(problems, rule, "conflicts_with", what, remedy)


def check_source(
    source: RuleSource,
    file: str,
    key: str,
    passages: Mapping[str, str],
    sources: Container[str],
    problems: Problems,
) -> None:
    """Bibliography keys and the passage of a source exist."""
    for name, value in (("key", source.key), ("via", source.via)):
        if value and value not in sources:
            what = f"'{value}' is not a key of the bibliography."
            problems.add(file, f"{key}.{name}", what, "Correct it, or add the entry.")
    if source.passage_id and source.passage_id not in passages:
        what = f"The library has no passage '{source.passage_id}'."
        problems.add(file, f"{key}.passage_id", what, "Correct the id, or leave it out.")


def check_regimen(regimen: Regimen, file: str, rules: Container[str], problems: Problems) -> None:
    """Every step of a regimen is a rule."""
    for at, step in enumerate(regimen.steps, start=1):
        if step.rule and step.rule not in rules:
            key = f"{regimen.id}.steps[{at}].rule"
            problems.add(file, key, f"There is no rule '{step.rule}'.", "Correct the id.")


def changed_passages(rule: Rule, passages: Mapping[str, str]) -> Iterator[str]:
    """Ids of the passages whose text is no longer the one that was reviewed."""
    for source in rule.sources:
        now = passages.get(source.passage_id)
        if source.quote_sha256 and now is not None and now != source.quote_sha256:
            yield source.passage_id
