"""The rules table as a document that a pharmacist can read and sign (``docs/dosing.md``).

Pure: a table and its library in, Markdown out; the same input gives the same text.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from assistant.dosing.table.checks import REVIEWERS_HIGH_ALERT
from assistant.dosing.table.disagreements import disagreement_lines
from assistant.dosing.table.model import (
    DrugEntry,
    Regimen,
    Rule,
    RuleKind,
    Status,
    Table,
)
from assistant.dosing.table.rule_lines import rule_lines, say_context, say_plan
from assistant.dosing.table.source_lines import (
    hash_state,
    reference_lines,
    reference_numbers,
    source_lines,
)
from assistant.dosing.table.words import say_dose, say_frequencies, say_value
from corpus.library import Library
from corpus.model import Verification

SIGN = "Reviewed by: ______________________ (name, role, registration, date)"
_KINDS = (RuleKind.DOSE, RuleKind.FORBIDDEN, RuleKind.WARNING, RuleKind.GAP)
_INTRO = """\
Generated from the rules table by `python -m assistant rules document --write`; a change belongs
into the files of the table.

This document is for the pharmacist and the physician who review the rules. A rule decides
whether a dose is shown only after it was reviewed: by one person, for a high-alert drug by two.
Until then it adds a note that says it is unreviewed. Nothing here is for the care of a patient.

**How far a rule was checked.** *Read*: in the stored text of the source that it names.
*Second-hand*: only in another text, which is named. *Background*: general knowledge; nothing is
calculated from it. The passages are our own words for what a source states, so compare a rule
with the source itself.

**To sign a rule**, compare every line with the source, sign below it, and enter name, role,
registration and date under `reviewed_by` of the rule, with `status = "reviewed"` and, as
`quote_sha256` of each source, the hash that stands below it. If the passage changes, the rule
counts as a draft again by itself.
"""


def render_document(table: Table, library: Library) -> str:
    """Every drug entry, rule and regimen of a table, with room for signatures."""
    numbers = reference_numbers(table)
    parts = ["# Dosing rules", "", _standing(table), "", _INTRO]
    parts += [*_summary(table, library), *_fallbacks(table)]
    parts += disagreement_lines(table, library, numbers)
    for drug_id in _drug_order(table, library):
        parts += _drug(table, library, drug_id, numbers)
    titles = {
        RuleKind.FORBIDDEN: "Forbidden doses",
        RuleKind.WARNING: "Warnings",
        RuleKind.GAP: "Gaps: no dose in the sources that were read",
    }
    for kind, title in titles.items():
        parts += _of_kind(table, library, kind, title, numbers)
    parts += _regimens(table, library, numbers)
    parts += ["## Sources", "", *reference_lines(library, numbers)]
    return "\n".join(parts).rstrip() + "\n"


def render_rule(rule: Rule, table: Table, library: Library) -> str:
    """One rule as the document prints it, then the references that it names."""
    numbers = reference_numbers(replace(table, rules={rule.id: rule}, regimens={}))
    return "\n".join([*_rule(rule, table, library, numbers), *reference_lines(library, numbers)])


def render_regimen(regimen: Regimen, table: Table, library: Library) -> str:
    """One regimen as the document prints it, then the references that it names."""
    numbers = reference_numbers(replace(table, rules={}, regimens={regimen.id: regimen}))
    lines = _regimen(regimen, table, library, numbers)
    return "\n".join([*lines, *reference_lines(library, numbers)])


def _standing(table: Table) -> str:
    """The first sentence: whether anyone has reviewed anything."""
    reviewed = sum(rule.status is Status.REVIEWED for rule in table.rules.values())
    if not reviewed:
        return "**DRAFT. Reviewed by nobody: no pharmacist and no physician has checked a rule.**"
    return f"**{reviewed} of {len(table.rules)} rules are reviewed; all others are drafts.**"


def hash_lines(table: Table, library: Library) -> list[str]:
    """One line for each source with a passage: rule, passage, its hash today, how it stands.

    The hash is what ``quote_sha256`` must hold when the rule is reviewed.
    """
    return [
        f"{rule.id}  {passage.id}  {passage.sha256}  {hash_state(source, passage)}"
        for rule in table.rules.values()
        for source in rule.sources
        if (passage := library.all_passages.get(source.passage_id)) is not None
    ]


def _drug_order(table: Table, library: Library) -> list[str]:
    return sorted(table.drugs, key=library.drugs.name_of)


def _summary(table: Table, library: Library) -> list[str]:
    lines = [
        "## Summary",
        "",
        f"- Table: `{table.id}`, version {table.version}, from {table.effective_from} to "
        f"{table.review_due}",
        f"- Fingerprint: `{table.fingerprint}`",
        f"- Sites with tighter limits: {', '.join(table.sites) or 'none'}",
    ]
    rules = tuple(table.rules.values())
    for title, counts in (
        ("Status", _counted((r.status for r in rules), Status)),
        ("Verification", _counted((r.verification for r in rules), Verification)),
    ):
        lines.append(f"- {title}: {counts}")
    lines += [
        "",
        "| Drug | Doses | Forbidden | Warnings | Gaps | Reviewed | Signatures needed |",
        "|---|---:|---:|---:|---:|---:|---:|",
    ]
    for drug_id in _drug_order(table, library):
        name = library.drugs.name_of(drug_id)
        link = f"[{name}](#{_anchor(name)})"
        lines.append(_summary_row(link, table.of_drug(drug_id), table))
    lines.append(_summary_row("**All**", rules, table))
    return [*lines, ""]


def _anchor(heading: str) -> str:
    """The name by which a Markdown viewer links to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _counted(found: Iterable[str], names: Iterable[str]) -> str:
    counts = Counter(str(item) for item in found)
    return ", ".join(f"{counts[str(name)]} {name}" for name in names)


def _summary_row(name: str, rules: Sequence[Rule], table: Table) -> str:
    kinds = Counter(rule.kind for rule in rules)
    reviewed = sum(rule.status is Status.REVIEWED for rule in rules)
    needed = sum(len(_open_signatures(rule, table)) for rule in rules)
    cells = [name, *(str(kinds[kind]) for kind in _KINDS), str(reviewed), str(needed)]
    return f"| {' | '.join(cells)} |"


def _open_signatures(rule: Rule, table: Table) -> list[str]:
    """One empty line for each signature that is missing."""
    entry = table.drugs.get(rule.drug)
    needed = REVIEWERS_HIGH_ALERT if entry is not None and entry.high_alert else 1
    signed = len(rule.reviewed_by) if rule.status is Status.REVIEWED else 0
    return [SIGN] * (0 if rule.status is Status.RETIRED else max(0, needed - signed))


def _fallbacks(table: Table) -> list[str]:
    if not table.fallbacks:
        return []
    lines = ["## Reviewed rules that count as drafts again", ""]
    lines += [f"- `{fallback.rule}`: {fallback.reason}" for fallback in table.fallbacks]
    return [*lines, ""]


def _drug(table: Table, library: Library, drug_id: str, numbers: Mapping[str, int]) -> list[str]:
    lines = [f"## {_capital(library.drugs.name_of(drug_id))}", ""]
    lines += [*_entry_lines(table.drugs[drug_id]), ""]
    rules = [rule for rule in table.of_drug(drug_id) if rule.kind is RuleKind.DOSE]
    if not rules:
        lines += ["The table holds no dose of this drug; see the gaps and warnings below.", ""]
    for rule in sorted(rules, key=lambda r: r.id):
        lines += _rule(rule, table, library, numbers)
    return lines


def _capital(name: str) -> str:
    return name[:1].upper() + name[1:]


def _entry_lines(entry: DrugEntry) -> Iterator[str]:
    bases = ", ".join("absolute" if b == "flat" else f"per {b}" for b in entry.bases)
    yield f"- Units: {', '.join(entry.amount_units)}; basis: {bases}"
    yield f"- Routes: {', '.join(entry.routes)}"
    yield f"- High-alert drug: {'yes, two reviewers' if entry.high_alert else 'no'}"
    narrow = "yes" if entry.narrow_therapeutic_index else "no"
    yield f"- Narrow therapeutic index: {narrow}"
    if entry.tolerance_percent:
        yield f"- Tolerance over the usual maximum: {say_value(entry.tolerance_percent)}%"
    for system, code in sorted(entry.codes.items()):
        yield f"- {system}: {code}"


def _rule(rule: Rule, table: Table, library: Library, numbers: Mapping[str, int]) -> list[str]:
    lines = [f"### `{rule.id}`", "", *rule_lines(rule)]
    lines += source_lines(rule.sources, library, numbers)
    for person in rule.reviewed_by:
        signed = f"{person.name}, {person.role}, {person.registration}, {person.on}"
        lines.append(f"- Reviewed by: {signed}")
    lines += [f"- {line}" for line in _open_signatures(rule, table)]
    return [*lines, ""]


def _of_kind(
    table: Table, library: Library, kind: RuleKind, title: str, numbers: Mapping[str, int]
) -> list[str]:
    rules = [rule for rule in table.rules.values() if rule.kind is kind]
    if not rules:
        return []
    lines = [f"## {title}", ""]
    for rule in sorted(rules, key=lambda r: (library.drugs.name_of(r.drug), r.id)):
        lines += _rule(rule, table, library, numbers)
    return lines


def _regimens(table: Table, library: Library, numbers: Mapping[str, int]) -> list[str]:
    if not table.regimens:
        return []
    lines = ["## Regimens", ""]
    for regimen in table.regimens.values():
        lines += _regimen(regimen, table, library, numbers)
    return lines


def _regimen(
    regimen: Regimen, table: Table, library: Library, numbers: Mapping[str, int]
) -> list[str]:
    lines = [f"### {regimen.name}", "", f"`{regimen.id}`", ""]
    lines += ["| When | Drug | Dose | Rule | For |", "|---|---|---|---|---|"]
    for step in regimen.steps:
        rule = table.rules[step.rule]
        when = (say_plan("week", step.weeks), say_plan("day", step.days), step.note)
        when_text = ", ".join(part for part in when if part) or "throughout"
        name = library.drugs.name_of(rule.drug)
        context = say_context(rule).replace("|", "/")
        dose = say_dose(rule.dose) if rule.dose else "none stated"
        often = say_frequencies(rule.schedule.frequencies)
        given = f"{dose}, {often}" if often else dose
        lines.append(f"| {when_text} | {name} | {given} | `{rule.id}` | {context} |")
    lines += ["", *source_lines([regimen.source], library, numbers), ""]
    return lines
