"""``python -m assistant rules list | show | check | document``."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from assistant.dosing.table.document import (
    hash_lines,
    render_document,
    render_regimen,
    render_rule,
)
from assistant.dosing.table.model import Rule, Status, Table
from assistant.dosing_commands.opening import aligned, by_id, write
from assistant.errors import InputError
from assistant.library import open_library
from assistant.rules import open_rules
from assistant.settings import ROOT, Settings

DOCUMENT = ROOT / "docs" / "dosing.md"
SEE = "python -m assistant rules list"


def run_list(settings: Settings, arguments: argparse.Namespace) -> int:
    """Every rule: id, drug, kind, status and first source; then every regimen."""
    table = open_rules(open_library(settings))
    if arguments.drug and arguments.drug not in table.drugs:
        raise InputError(f"The table holds no drug '{arguments.drug}'. See them all: {SEE}.")
    rules = table.of_drug(arguments.drug) if arguments.drug else tuple(table.rules.values())
    print(aligned([("rule", "drug", "kind", "status", "source"), *map(_line, rules)]))
    regimens = [
        regimen
        for regimen in table.regimens.values()
        if not arguments.drug
        or any(table.rules[step.rule].drug == arguments.drug for step in regimen.steps)
    ]
    if regimens:
        print()
        print(aligned([("regimen", "name"), *((r.id, r.name) for r in regimens)]))
    return 0


def _line(rule: Rule) -> tuple[str, ...]:
    source = rule.sources[0]
    via = f" via {source.via}" if source.via else ""
    return rule.id, rule.drug, rule.kind, rule.status, f"{source.key}{via}"


def run_show(settings: Settings, arguments: argparse.Namespace) -> int:
    """One rule or regimen as the document for the pharmacist prints it."""
    library = open_library(settings)
    table = open_rules(library)
    if arguments.id in table.regimens:
        print(render_regimen(table.regimens[arguments.id], table, library))
        return 0
    print(render_rule(by_id("rule", table.rules, arguments.id, SEE), table, library))
    return 0


def run_check(settings: Settings, arguments: argparse.Namespace) -> int:
    """Loading names every mistake; what loads is counted, and what fell back is said."""
    library = open_library(settings)
    table = open_rules(library)
    if arguments.hashes:
        for line in hash_lines(table, library):
            print(line)
        return 0
    for fallback in table.fallbacks:
        print(f"{fallback.rule} counts as a draft: {fallback.reason}", file=sys.stderr)
    print(_counts(table))
    return 0


def _counts(table: Table) -> str:
    if not table.rules:
        return "This library has no rules."
    statuses = Counter(rule.status for rule in table.rules.values())
    said = ", ".join(f"{statuses[status]} {status}" for status in Status if statuses[status])
    return (
        f"Table {table.id} {table.version}: {len(table.rules)} rules ({said}) of "
        f"{len(table.drugs)} drugs, {len(table.regimens)} regimens: no mistake."
    )


def run_document(settings: Settings, arguments: argparse.Namespace, to: Path = DOCUMENT) -> int:
    """The table as Markdown on stdout, or written where the repository keeps it."""
    library = open_library(settings)
    text = render_document(open_rules(library), library)
    if not arguments.write:
        print(text, end="")
        return 0
    write(to, text)
    print(f"Wrote {to}.", file=sys.stderr)
    return 0
