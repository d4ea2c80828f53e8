"""``python -m assistant calculate | schedule``: a patient's dose, and a regimen over its weeks."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

from assistant.dosing import Frequency, parse
from assistant.dosing.calculators.errors import CalculationRefused, Refusal, RefusalCode
from assistant.dosing.patient import (
    CalculationPolicy,
    Patient,
    Plan,
    among_rivals,
    calculate,
    read_patient,
    render_schedule,
    render_working,
    schedule,
)
from assistant.dosing.patient.eligible import check_rule
from assistant.dosing.patient.read import FIELDS
from assistant.dosing.table.model import Calculate, Regimen, RegimenStep, Rule, Table
from assistant.dosing_commands.as_json import schedule_json, working_json
from assistant.dosing_commands.opening import by_id, print_json, print_refused
from assistant.dosing_commands.rules import SEE
from assistant.errors import InputError
from assistant.library import open_library
from assistant.rules import open_rules
from assistant.settings import Settings
from assistant.workings import NOTICE
from corpus.shell import calendar_day

HOW_TO_CHOOSE = "To choose one, add: --chosen ID (of a rule; of the regimen, for a schedule)."
_SUCH_AS: Mapping[str, str] = {
    "age": "58 years",
    "born": "2019-03-02",
    "sex": "female",
    "weight": "62 kg",
    "height": "170 cm",
    "creatinine": "88 umol/L on 2026-11-20",
    "clearance": "45 mL/min",
    "egfr": "60 mL/min/1.73 m2",
    "bilirubin": "1.2 mg/dL",
    "previous": "DRUG 600 mg/m2; DRUG 100 mg/m2",
}


def add_patient_options(parser: argparse.ArgumentParser) -> None:
    """What is known of the patient, each value with its unit, and what the user chose."""
    patient = parser.add_argument_group("the patient, each value with its unit")
    for name in FIELDS:
        option = f"--{name.replace(' ', '-')}"
        such_as = _SUCH_AS.get(name, "yes or no")
        patient.add_argument(option, default="", metavar="TEXT", help=f"such as: {such_as}")
    plan = parser.add_argument_group("what you choose where a rule leaves a choice")
    plan.add_argument("--indication", default="", metavar="TEXT")
    plan.add_argument("--frequency", default="", metavar="TEXT", help="such as: once weekly")
    plan.add_argument("--doses", type=_count, metavar="N", help="how many doses are planned")
    plan.add_argument(
        "--chosen",
        default="",
        metavar="ID",
        help="the rule or regimen taken where sources disagree",
    )
    plan.add_argument(
        "--kidney-weight", default="", choices=("actual", "ideal", "adjusted"), metavar="KIND",
        help="the weight of the clearance: actual, ideal or adjusted",
    )  # fmt: skip
    plan.add_argument(
        "--condition", action="append", default=[], metavar="TEXT",
        help="a condition of the rule that holds, in its words; can be given again",
    )  # fmt: skip
    parser.add_argument(
        "--on", type=calendar_day, metavar="DATE", help="the day of the calculation (today)"
    )


def _count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"'{text}' is not a whole number from 1")
    return int(text)


def run_calculate(settings: Settings, arguments: argparse.Namespace) -> int:
    """The working of a patient's dose; exit 1 with the reason when there is none."""
    table = open_rules(open_library(settings))
    rule = by_id("rule", table.rules, arguments.rule, SEE)
    today = arguments.on or date.today()
    patient = read_patient(_fields(arguments), today)
    if not isinstance(patient, Patient):
        return print_refused(patient, arguments.json)
    plan = _plan(arguments)
    working = calculate(
        among_rivals(rule, table, patient, plan),
        patient,
        policy=settings.calculations,
        today=today,
        plan=plan,
        table_version=table.version,
    )
    if isinstance(working, Refusal):
        code = print_refused((working,), arguments.json)
        if working.code is RefusalCode.CONFLICT:
            print(HOW_TO_CHOOSE, file=sys.stderr)
        return code
    if arguments.json:
        print_json(working_json(working))
    else:
        print(f"{render_working(working)}\n\n{NOTICE}")
    return 0


def run_schedule(settings: Settings, arguments: argparse.Namespace) -> int:
    """A regimen over its weeks or days, per m2 or for a patient; exit 1 when it is refused."""
    table = open_rules(open_library(settings))
    regimen = _regimen(table, arguments)
    today = arguments.on or date.today()
    steps = [table.rules[step.rule] for step in regimen.steps]
    notices = _notices(steps, settings.calculations, today)
    if isinstance(notices, Refusal):
        return print_refused((notices,), arguments.json)
    fields = _fields(arguments)
    patient = read_patient(fields, today) if any(fields.values()) else None
    if isinstance(patient, tuple):
        return print_refused(patient, arguments.json)
    plan = _plan(arguments)
    rules = {rule.id: rule for rule in steps}
    if patient is not None:
        rules = {rule.id: among_rivals(rule, table, patient, plan) for rule in steps}
    try:
        rows = schedule(
            regimen,
            rules,
            patient,
            arguments.start,
            policy=settings.calculations,
            today=today,
            plan=plan,
            table_version=table.version,
        )
    except OverflowError as error:  # of a date
        raise InputError(
            f"A regimen begun on {arguments.start} runs past the calendar. Choose an earlier day."
        ) from error
    if arguments.json:
        print_json(schedule_json(rows, notices))
        return 0
    said = {notice for working in rows.workings for notice in working.notices} | {*rows.notices}
    notes = [f"Note: {notice}" for notice in notices if notice not in said]
    print("\n".join([render_schedule(rows), *notes]))
    if rows.workings:
        print(f"\n{NOTICE}")
    if any(refusal.code is RefusalCode.CONFLICT for _, refusal in rows.refusals):
        print(HOW_TO_CHOOSE, file=sys.stderr)
    return 0


def _regimen(table: Table, arguments: argparse.Namespace) -> Regimen:
    """The regimen that was asked for, or a rule as a regimen of one step."""
    if arguments.regimen is not None:
        return by_id("regimen", table.regimens, arguments.regimen, SEE)
    rule = by_id("rule", table.rules, arguments.rule, SEE)
    plan = rule.schedule
    if not plan.weeks and not plan.days:
        raise InputError(
            f"{rule.id} names no weeks or days, so it has no schedule. "
            f"Use: python -m assistant calculate --rule {rule.id}"
        )
    step = RegimenStep(rule=rule.id, weeks=plan.weeks, days="" if plan.weeks else plan.days)
    return Regimen(id=rule.id, name=rule.id, steps=(step,), source=rule.sources[0])


def _notices(
    rules: Iterable[Rule], policy: CalculationPolicy, today: date
) -> tuple[str, ...] | Refusal:
    """What must be said with a table of these rules, or why there is none.

    A total is a calculation even without a patient. A rule without a dose keeps its row without
    a number, and a regimen is one source's own choice among those that disagree.
    """
    notices: list[str] = []
    for rule in rules:
        asked = replace(rule, calculate=rule.calculate or Calculate(), conflicts_with=())
        try:
            notices += check_rule(asked, policy, today, Plan())
        except CalculationRefused as refused:
            if refused.refusal.code is not RefusalCode.NO_DOSE:
                return refused.refusal
    return tuple(dict.fromkeys(notices))


def _fields(arguments: argparse.Namespace) -> dict[str, str]:
    return {name: getattr(arguments, name.replace(" ", "_")) for name in FIELDS}


def _plan(arguments: argparse.Namespace) -> Plan:
    return Plan(
        indication=arguments.indication,
        frequency=_frequency(arguments.frequency),
        doses=arguments.doses,
        chosen=arguments.chosen,
        kidney_weight=arguments.kidney_weight,
        conditions=tuple(arguments.condition),
    )


def _frequency(text: str) -> Frequency | None:
    """The frequency that words name; InputError for anything else, "biweekly" included."""
    if not text.strip():
        return None
    read = parse(f"1 mg {text}")
    found = read.doses[0].freq if len(read.doses) == 1 else None
    doubts = {*read.flags, *read.doses[0].flags} - {"no_drug"} if found else set()
    if found is None or doubts:
        raise InputError(
            f"The frequency '{text}' can't be read. Write it as 'once weekly' or 'every 12 hours'."
        )
    return found
