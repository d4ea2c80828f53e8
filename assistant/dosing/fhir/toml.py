"""Draft rules as a file of the rules table, for a pharmacist to correct."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from fractions import Fraction

from assistant.dosing.fhir.errors import NotExportable
from assistant.dosing.model import Bound, Frequency, decimal_text
from assistant.dosing.table.load import SCHEMA
from assistant.dosing.table.model import DoseRange, Population, Rule, RuleSource, Schedule


def rules_toml(rules: Sequence[Rule]) -> str:
    """The rules in the format of ``dosing/rules/<source>.toml``.

    Only what an import makes is written. Raises NotExportable for a rule with reviewers,
    adjustments or a calculation: such a rule has a file of its own, which people edit.
    """
    return "\n".join([f'schema = "{SCHEMA}"', *(_rule(rule) for rule in rules)])


def _rule(rule: Rule) -> str:
    if rule.reviewed_by or rule.adjust or rule.calculate or rule.dose is None:
        raise NotExportable(rule.id, "it is more than an imported draft. Edit its own file.")
    lines = [
        "\n[[rule]]",
        f"id = {_text(rule.id)}",
        f"drug = {_text(rule.drug)}",
        f"kind = {_text(rule.kind)}",
        f"status = {_text(rule.status)}",
        f"version = {rule.version}",
        f"effective_from = {rule.effective_from.isoformat()}",
        f"review_due = {rule.review_due.isoformat()}",
        "reviewed_by = []",
        f"verification = {_text(rule.verification)}",
        *_given("note", rule.note),
        *_given("monitoring", rule.monitoring),
        "\n[rule.context]",
        f"indications = {_texts(rule.context.indications)}",
        f"population = {_population(rule.context.population)}",
        *_given("phase", rule.context.phase),
        *_given("setting", rule.context.setting),
        *_given("variant", rule.context.variant),
        *_dose(rule.dose),
        *_schedule(rule.schedule),
    ]
    if rule.cumulative:
        unit = "/".join(part for part in (rule.cumulative.unit, rule.cumulative.basis) if part)
        lines += ["\n[rule.cumulative]", f"scope = {_text(rule.cumulative.scope)}"]
        lines.append(f"unit = {_text(unit)}")
        lines += _number("soft_max", rule.cumulative.soft_max)
        lines += _number("hard_max", rule.cumulative.hard_max)
    for source in rule.sources:
        lines += _source(source)
    return "\n".join(lines) + "\n"


def _dose(dose: DoseRange) -> list[str]:
    unit = "/".join(part for part in (dose.unit, dose.basis, dose.per) if part)
    low = "" if dose.low is None else f"low = {_value(dose.low)}, "
    return [
        "\n[rule.dose]",
        f"kind = {_text(dose.kind)}",
        f"unit = {_text(unit)}",
        f"usual = {{ {low}high = {_value(dose.high)} }}",
        *_number("hard_max", dose.hard_max),
    ]


def _schedule(schedule: Schedule) -> list[str]:
    lines: list[str] = []
    if schedule.frequencies:
        items = ", ".join(_frequency(f) for f in schedule.frequencies)
        lines.append(f"frequencies = [{items}]")
    if schedule.routes:
        lines.append(f"routes = {_texts(schedule.routes)}")
    for name in ("duration", "split_over", "infuse_over", "counts"):
        bound: Bound | None = getattr(schedule, name)
        if bound is not None:
            lines.append(f"{name} = {_bound(bound)}")
    lines += [*_given("days", schedule.days), *_given("weeks", schedule.weeks)]
    return ["\n[rule.schedule]", *lines] if lines else []


def _source(source: RuleSource) -> list[str]:
    return [
        "\n[[rule.source]]",
        f"key = {_text(source.key)}",
        *_given("id", source.id),
        *_given("via", source.via),
        *_given("citation", source.citation),
        f"level = {_text(source.level)}",
        *_given("passage_id", source.passage_id),
        *_given("quote_sha256", source.quote_sha256),
        f"checked_against_primary = {'true' if source.checked_against_primary else 'false'}",
    ]


def _frequency(freq: Frequency) -> str:
    parts = [f"n = {freq.n}", f"period = {freq.period}", f"unit = {_text(freq.unit)}"]
    for name in ("n_max", "period_max"):
        value = getattr(freq, name)
        parts += [] if value is None else [f"{name} = {value}"]
    return "{ " + ", ".join(parts) + " }"


def _bound(bound: Bound) -> str:
    parts = [] if bound.low is None else [f"low = {_value(bound.low)}"]
    parts += [] if bound.high is None else [f"high = {_value(bound.high)}"]
    return "{ " + ", ".join([*parts, *_given("unit", bound.unit)]) + " }"


def _population(population: Population) -> str:
    parts = [f"groups = {_texts(population.groups)}"] if population.groups else []
    for name, unit in (("age_min", "a"), ("weight_min", "kg")):
        value: Fraction | None = getattr(population, name)
        if value is None:
            continue
        months = value * 12
        whole = unit == "kg" or value.denominator == 1
        said = f"{decimal_text(value)} {unit}" if whole else f"{decimal_text(months)} mo"
        parts.append(f"{name} = {_text(said)}")
    return "{ " + ", ".join(parts) + " }" if parts else "{}"


def _number(name: str, value: Fraction | None) -> list[str]:
    return [] if value is None else [f"{name} = {_value(value)}"]


def _value(value: Fraction) -> str:
    return _text(decimal_text(value))


def _given(name: str, value: str) -> list[str]:
    return [f"{name} = {_text(value)}"] if value else []


def _texts(values: Iterable[str]) -> str:
    return "[" + ", ".join(_text(value) for value in values) + "]"


def _text(value: str) -> str:
    """A basic string; JSON's escapes are TOML's, but for the delete character."""
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")
