"""Adds the dosing commands to the parser of ``python -m assistant``."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.dosing_commands.calculators import key_and_value, run_calculator
from assistant.dosing_commands.exchange import RELEASES, run_export, run_import
from assistant.dosing_commands.patients import (
    add_patient_options,
    run_calculate,
    run_schedule,
)
from assistant.dosing_commands.rules import run_check, run_document, run_list, run_show
from corpus.shell import calendar_day

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def add_dosing_commands(commands: Commands) -> None:
    """Add ``rules``, ``calculate``, ``schedule``, ``calculator`` and ``fhir``."""
    _add_rules(commands)
    _add_patients(commands)
    _add_calculator(commands)
    _add_fhir(commands)


def _add_rules(commands: Commands) -> None:
    rules = commands.add_parser("rules", help="list, show, check or print the rules table")
    steps = rules.add_subparsers(dest="step", required=True, metavar="STEP")

    listing = steps.add_parser("list", help="every rule and regimen, a line each")
    listing.add_argument("--drug", default="", metavar="DRUG", help="only the rules of one drug")
    listing.set_defaults(run=run_list)

    show = steps.add_parser("show", help="all that one rule or regimen says, with its sources")
    show.add_argument("id", metavar="ID")
    show.set_defaults(run=run_show)

    check = steps.add_parser("check", help="name every mistake in the rule files")
    check.add_argument(
        "--hashes", action="store_true", help="print the hash of each passage that a rule cites"
    )
    check.set_defaults(run=run_check)

    document = steps.add_parser("document", help="the table as a document to sign")
    document.add_argument("--write", action="store_true", help="write it to docs/dosing.md")
    document.set_defaults(run=run_document)


def _add_patients(commands: Commands) -> None:
    calculate = commands.add_parser("calculate", help="a patient's dose from one rule")
    calculate.add_argument("--rule", required=True, metavar="ID")
    calculate.set_defaults(run=run_calculate)

    schedule = commands.add_parser("schedule", help="the weeks or days of a regimen or rule")
    what = schedule.add_mutually_exclusive_group(required=True)
    what.add_argument("--regimen", metavar="ID")
    what.add_argument("--rule", metavar="ID")
    schedule.add_argument(
        "--start", type=calendar_day, metavar="DATE", help="the first day of the regimen"
    )
    schedule.set_defaults(run=run_schedule)

    for parser in (calculate, schedule):
        add_patient_options(parser)
        parser.add_argument("--json", action="store_true", help="print it as JSON")


def _add_calculator(commands: Commands) -> None:
    calculator = commands.add_parser(
        "calculator", help="a score or formula; without a name the list of them"
    )
    calculator.add_argument("name", nargs="?", metavar="NAME")
    calculator.add_argument(
        "answers",
        nargs="*",
        type=key_and_value,
        metavar="KEY=VALUE",
        help='such as weight="62 kg"; without any, what the calculator asks for',
    )
    calculator.add_argument("--json", action="store_true", help="print the result as JSON")
    calculator.set_defaults(run=run_calculator)


def _add_fhir(commands: Commands) -> None:
    fhir = commands.add_parser("fhir", help="checked doses as FHIR, and FHIR as draft rules")
    steps = fhir.add_subparsers(dest="step", required=True, metavar="STEP")

    export = steps.add_parser("export", help="print a Bundle of the doses that a source supports")
    what = export.add_mutually_exclusive_group(required=True)
    what.add_argument("--rule", metavar="ID", help="the dose of a rule, as its passage gives it")
    what.add_argument("--text", metavar="TEXT", help="the doses of a text, each checked first")
    export.set_defaults(run=run_export)

    reading = steps.add_parser("import", help="print the doses of a FHIR file as draft rules")
    reading.add_argument("file", type=Path, metavar="FILE.json")
    reading.add_argument("--out", type=Path, metavar="DRAFTS.toml", help="write them to a file")
    reading.add_argument(
        "--source", default="", metavar="KEY", help="their key in the bibliography"
    )
    reading.add_argument(
        "--on", type=calendar_day, metavar="DATE", help="the day of the import (default: today)"
    )
    reading.set_defaults(run=run_import)

    for parser in (export, reading):
        parser.add_argument("--release", choices=RELEASES, default="R5", help="default R5")
