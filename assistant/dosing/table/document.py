"""The rules table as a document that a pharmacist can read and sign (``docs/dosing.md``).

Pure: a table and its library in, Markdown out; the same input gives the same text.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from assistant.dosing.table.checks import REVIEWERS_HIGH_ALERT
from assistant.dosing.table.model import (
    DrugEntry,
    Regimen,
    Rule,
    RuleKind,
    RuleSource,
    Status,
    Table,
)
from assistant.dosing.table.rule_lines import rule_lines, say_context, say_plan
from corpus.bibliography import vancouver
from corpus.library import Library
from corpus.model import Verification

SIGN = "Reviewed by: ______________________ (name, role, registration, date)"
_KINDS = (RuleKind.DOSE, RuleKind.FORBIDDEN, RuleKind.WARNING, RuleKind.GAP)
_INTRO = """\
# Dosing rules

Generated from the rules table by `python -m assistant rules`; changes belong into its files.

This document is for the pharmacist and the physician who review the rules. A rule decides
whether a dose is shown only after it was reviewed: by one person, for a high-alert drug by two.
Until then it adds a note that says it is unreviewed. Nothing here is for the care of a patient.

**How far a rule was checked.** *Read*: in the stored text of the source that it names.
*Second-hand*: only in another text, which is named. *Background*: general knowledge; nothing is
calculated from it.

**To sign a rule**, compare every line with the source, sign below it, and enter name, role,
registration and date under `reviewed_by` of the rule, with `status = "reviewed"` and the hash of
the passage that `python -m assistant rules` prints. If the passage changes, the rule counts as a
draft again by itself.
"""


def render_document(table: Table, library: Library) -> str:
    """Every drug entry, rule and regimen of a table, with room for signatures."""
    numbers = _reference_numbers(table)
    parts = [_INTRO, *_summary(table, library), *_fallbacks(table)]
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
    parts += _references(library, numbers)
    return "\n".join(parts).rstrip() + "\n"


def hash_lines(table: Table, library: Library) -> list[str]:
    """One line for each source with a passage: rule, passage, its hash today, how it stands.

    The hash is what ``quote_sha256`` must hold when the rule is reviewed.
    """
    lines = []
    for rule in table.rules.values():
        for source in rule.sources:
            passage = library.passages.get(source.passage_id)
            if passage is not None:
                state = _hash_state(source.quote_sha256, passage.sha256)
                lines.append(f"{rule.id}  {source.passage_id}  {passage.sha256}  {state}")
    return lines


def _hash_state(recorded: str, now: str) -> str:
    if not recorded:
        return "not recorded"
    return "unchanged" if recorded == now else "changed since the review"


def _drug_order(table: Table, library: Library) -> list[str]:
    return sorted(table.drugs, key=lambda drug_id: (library.drugs.name_of(drug_id), drug_id))


def _sources_of(table: Table) -> Iterator[RuleSource]:
    for rule in table.rules.values():
        yield from rule.sources
    for regimen in table.regimens.values():
        yield regimen.source


def _reference_numbers(table: Table) -> dict[str, int]:
    """Bibliography keys, numbered in their alphabetical order."""
    keys = {key for source in _sources_of(table) for key in (source.key, source.via) if key}
    return {key: number for number, key in enumerate(sorted(keys, key=str.lower), start=1)}


def _summary(table: Table, library: Library) -> list[str]:
    lines = [
        "## Summary",
        "",
        f"- Table: `{table.id}`, version {table.version}, from {table.effective_from} to "
        f"{table.review_due}",
        f"- Fingerprint: `{table.fingerprint}`",
        f"- Sites with tighter limits: {', '.join(table.sites) or 'none'}",
        "",
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
        lines.append(_summary_row(library.drugs.name_of(drug_id), table.of_drug(drug_id), table))
    lines.append(_summary_row("**All**", rules, table))
    return [*lines, ""]


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
        lines += ["No dose of this drug is in the table.", ""]
    for rule in rules:
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
        yield f"- Tolerance over the usual maximum: {entry.tolerance_percent}%"
    for system, code in sorted(entry.codes.items()):
        yield f"- {system}: {code}"


def _rule(rule: Rule, table: Table, library: Library, numbers: Mapping[str, int]) -> list[str]:
    lines = [f"### `{rule.id}`", "", *rule_lines(rule)]
    lines += _source_lines(rule.sources, library, numbers)
    for person in rule.reviewed_by:
        signed = f"{person.name}, {person.role}, {person.registration}, {person.on}"
        lines.append(f"- Reviewed by: {signed}")
    lines += [f"- {line}" for line in _open_signatures(rule, table)]
    return [*lines, ""]


def _source_lines(
    sources: Sequence[RuleSource], library: Library, numbers: Mapping[str, int]
) -> Iterator[str]:
    """Each source with its reference number, then each passage once, in its own words."""
    for source in sources:
        parts = [f"{source.key} [{numbers[source.key]}], {source.level}"]
        if source.via:
            parts.append(f"as reported by {source.via} [{numbers[source.via]}]")
        if source.citation:
            parts.append(source.citation.rstrip("."))
        if source.checked_against_primary:
            parts.append("checked against the primary text")
        yield f"- Source{f' {source.id}' if source.id else ''}: {'; '.join(parts)}"
    for passage_id in dict.fromkeys(source.passage_id for source in sources):
        passage = library.passages.get(passage_id)
        if passage is not None:
            yield f"- Passage {passage.id}: “{_one_line(passage.text)}”"


def _one_line(text: str) -> str:
    return " ".join(text.split())


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
    lines += ["| When | Drug | Rule | For |", "|---|---|---|---|"]
    for step in regimen.steps:
        rule = table.rules[step.rule]
        when = (say_plan("week", step.weeks), say_plan("day", step.days), step.note)
        when_text = ", ".join(part for part in when if part) or "throughout"
        name = library.drugs.name_of(rule.drug)
        context = say_context(rule).replace("|", "/")
        lines.append(f"| {when_text} | {name} | `{rule.id}` | {context} |")
    lines += ["", *_source_lines([regimen.source], library, numbers), ""]
    return lines


def _references(library: Library, numbers: Mapping[str, int]) -> list[str]:
    lines = ["## Sources", ""]
    for key, number in numbers.items():
        source = library.bibliography.get(key)
        lines.append(f"{number}. {key}: {vancouver(source) if source else key}")
    return lines
