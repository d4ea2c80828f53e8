"""``python -m assistant calculator [NAME key=value ...]``: a score or a formula."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from assistant.dosing.calculators.catalogue import Calculator, calculators, render_result
from assistant.dosing.calculators.errors import Refusal
from assistant.dosing_commands.as_json import result_json
from assistant.dosing_commands.opening import aligned, by_id, print_json, print_refused
from assistant.errors import InputError
from assistant.settings import Settings

SEE = "python -m assistant calculator"
# What the formulas are called at the bedside; scores go by their own names.
SHORT: Mapping[str, str] = {
    "bsa": "body-surface",
    "bmi": "body-mass-index",
    "ibw": "ideal-weight",
    "crcl": "cockcroft-gault",
    "ckd-epi": "ckd-epi-2021",
    "schwartz": "bedside-schwartz",
}


def key_and_value(text: str) -> tuple[str, str]:
    """One answer of the command line, for ``type=`` of argparse.

    >>> key_and_value("weight=62 kg")
    ('weight', '62 kg')
    """
    key, equals, value = text.partition("=")
    if not equals or not key.strip():
        raise argparse.ArgumentTypeError(f"'{text}' is not of the form key=value")
    return key.strip(), value.strip()


def run_calculator(settings: Settings, arguments: argparse.Namespace) -> int:
    """The list, what one calculator asks for, or its result; exit 1 when it is refused."""
    known = {calculator.id: calculator for calculator in calculators(settings.library)}
    if arguments.name is None:
        short = {name: word for word, name in SHORT.items()}
        rows = [(c.id, short.get(c.id, ""), c.label) for c in known.values()]
        print(aligned([("name", "short", "what it works out"), *rows]))
        return 0
    calculator = by_id("calculator", known, SHORT.get(arguments.name, arguments.name), SEE)
    if not arguments.answers:
        print(_asks(calculator))
        return 0
    answers: dict[str, str] = {}
    for key, value in arguments.answers:
        if key in answers:
            raise InputError(f"'{key}' is given twice. Give it once.")
        answers[key] = value
    found = calculator.run(answers)
    if isinstance(found, Refusal):
        return print_refused((found,), arguments.json)
    if arguments.json:
        print_json(result_json(found))
    else:
        print(render_result(found))
    return 0


def _asks(calculator: Calculator) -> str:
    """What a calculator works out, how, for whom, from what, and where that comes from."""
    lines = [calculator.label, *(f"Formula: {formula}" for formula in calculator.formula)]
    if calculator.population:
        lines.append(f"For: {calculator.population}")
    lines += [f"Source: {source}" for source in calculator.sources]
    rows = [
        (item.id, "optional" if item.optional else "needed", f"{item.label}: {item.asks_for}")
        for item in calculator.inputs
    ]
    return "\n".join([*lines, "", aligned(rows)])
