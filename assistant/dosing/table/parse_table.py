"""The other parts of the rules table: its header, drug entries, regimens and site files."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from assistant.dosing.model import Frequency
from assistant.dosing.table.model import DrugEntry, Regimen, RegimenStep, RuleSource
from assistant.dosing.table.parse_rule import parse_source
from assistant.dosing.table.quantities import (
    AMOUNT_UNITS,
    BASES,
    ROUTES,
    read_frequencies,
    read_plan,
)
from assistant.dosing.table.toml_fields import Fields

_VERSION = re.compile(r"\d{4}\.\d{1,2}\.\d+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """Identity and dates of a table."""

    id: str = "none"
    version: str = "none"
    effective_from: date = date.min
    review_due: date = date.max


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """What a site sets for one rule, in the rule's own unit; None where it sets nothing."""

    rule: str
    low: Fraction | None
    high: Fraction | None
    hard_max: Fraction | None
    forbidden: tuple[Frequency, ...]
    reason: str
    at: Fields  # where it stands, for messages


@dataclass(frozen=True, slots=True, kw_only=True)
class Precedence:
    """In which order a site wants the rows of a conflict shown."""

    drug: str
    rules: tuple[str, ...]
    at: Fields


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """One file of local additions."""

    name: str
    overrides: tuple[Override, ...]
    precedence: tuple[Precedence, ...]


def parse_header(fields: Fields) -> Header:
    """``[table]`` of table.toml."""
    table = fields.table("table")
    if table is None:
        fields.problem("table", "The table has no header.", "Add [table] with id and version.")
        return Header()
    header = Header(
        id=table.text("id", required=True),
        version=table.text("version", required=True),
        effective_from=table.day("effective_from"),
        review_due=table.day("review_due"),
    )
    if header.version and not _VERSION.fullmatch(header.version):
        what = f"'{header.version}' is not a version."
        table.problem("version", what, 'Write year.month.patch: "2026.11.0".')
    table.close()
    return header


def parse_drug(fields: Fields) -> DrugEntry:
    """One ``[[drug]]``."""
    drug_id = fields.text("id", required=True)
    fields = fields.under(drug_id or fields.key)
    tolerance = fields.number("tolerance_percent")
    entry = DrugEntry(
        id=drug_id,
        amount_units=fields.strings("amount_units", AMOUNT_UNITS, required=True),
        bases=fields.strings("bases", BASES, required=True),
        routes=fields.strings("routes", ROUTES, required=True),
        high_alert=fields.flag("high_alert", required=True),
        narrow_therapeutic_index=fields.flag("narrow_therapeutic_index", required=True),
        tolerance_percent=tolerance or Fraction(0),
        codes=_codes(fields),
    )
    if entry.tolerance_percent and entry.narrow_therapeutic_index:
        fields.problem(
            "tolerance_percent",
            "A drug with a narrow therapeutic index has no tolerance.",
            'Set it to "0", or leave it out.',
        )
    if entry.tolerance_percent and not {"kg", "m2"} & set(entry.bases):
        fields.problem(
            "tolerance_percent",
            "Only weight- or surface-based doses may have a tolerance.",
            "Leave it out.",
        )
    fields.close()
    return entry


def _codes(fields: Fields) -> dict[str, str]:
    table = fields.table("codes")
    if table is None:
        return {}
    return {name: table.text(name) for name, _ in table.entries()}


def parse_regimen(fields: Fields) -> Regimen:
    """One ``[[regimen]]``."""
    regimen_id = fields.text("id", required=True)
    fields = fields.under(regimen_id or fields.key)
    source = fields.table("source")
    if source is None:
        fields.problem("source", "The regimen names no source.", "Add source = { key = ... }.")
    steps = []
    for step in fields.tables("steps"):
        steps.append(
            RegimenStep(
                rule=step.text("rule", required=True),
                weeks=read_plan(step, "weeks"),
                days=read_plan(step, "days"),
                note=step.text("note"),
            )
        )
        step.close()
    if not steps:
        fields.problem("steps", "The regimen has no step.", "Add its rules in their order.")
    regimen = Regimen(
        id=regimen_id,
        name=fields.text("name", required=True),
        steps=tuple(steps),
        source=RuleSource(key="") if source is None else parse_source(source),
    )
    fields.close()
    return regimen


def parse_site(fields: Fields) -> Site:
    """A site file: ``site``, ``[[override]]`` by rule id, ``[[precedence]]`` by drug."""
    return Site(
        name=fields.text("site", required=True),
        overrides=tuple(_override(f) for f in fields.tables("override")),
        precedence=tuple(_precedence(f) for f in fields.tables("precedence")),
    )


def _override(fields: Fields) -> Override:
    usual = fields.table("usual")
    low = high = None
    if usual is not None:
        low, high = usual.number("low"), usual.number("high")
        usual.close()
    override = Override(
        rule=fields.text("rule", required=True),
        low=low,
        high=high,
        hard_max=fields.number("hard_max"),
        forbidden=read_frequencies(fields, "forbidden_frequencies"),
        reason=fields.text("reason", required=True),
        at=fields,
    )
    fields.close()
    return override


def _precedence(fields: Fields) -> Precedence:
    precedence = Precedence(
        drug=fields.text("drug", required=True),
        rules=fields.strings("rules", required=True),
        at=fields,
    )
    fields.close()
    return precedence
