"""How doses, frequencies and units are said, word for word."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product

from assistant.dosing import NotPrintable, parse, render
from assistant.dosing.model import Frequency
from assistant.dosing.printing import how_often, say_number
from assistant.dosing.units import UNITS, canonical, convert
from tests.characterisation import Line, characterised
from tests.unit.dosing.labelled_texts import all_texts
from tests.unit.dosing.odd_texts import ODD_TEXTS

# Forms, numbers and lengths of which few texts speak.
FORMS = (
    *("1 tablet", "2 tablets", "half a tablet", "one and a half tablets", "1-2 tablets", "1 puff"),
    *("2 puffs", "1 drop", "3 drops", "1 capsule", "2 patches", "1 sachet", "2 x 500 mg", "AUC 5"),
    *("0.25 mg", "1,000,000 units", "1.5 MU", "20 mU/min", "5 mmol", "10 mL", "0.5 L", "40%"),
    *(
        "5 mg/kg/day in 2 divided doses",
        "5 mg/kg/day in 2-4 divided doses",
        "5 mg in divided doses",
    ),
    *("5 mg for at least 3 days", "5 mg for up to 3 days", "5 mg for 3-5 days", "5 mg for 1 dose"),
    *("5 mg over 30 minutes", "5 mg over 1-2 hours", "5 mg on days 1-3, 5", "5 mg in weeks 1-2"),
    *("not 5 mg", "at most 5 mg", "less than 5 mg", "at least 5 mg", "more than 5 mg"),
    *("5 mg each week", "5 mg each month", "5 mg a day", "5 mg per week", "5 mg every 1.5 days"),
)


def printed() -> Iterator[Line]:
    for text in (*all_texts(), *ODD_TEXTS, *(f"etoposide {form}" for form in FORMS)):
        for dose in parse(text).doses:
            try:
                said = render(dose)
            except NotPrintable as error:
                said = error.why
            yield "of a text", repr(text), (f"{said!r} of {dose.text!r}",)


def said_alone() -> Iterator[Line]:
    units = ("min", "h", "d", "wk", "mo", "cycle")
    for n, n_max, period, period_max, unit in product(
        (1, 2, 3), (None, 2, 4), (1, 2, 3), (None, 5), units
    ):
        freq = Frequency(n, period, unit, n_max, period_max)
        try:
            said = how_often(freq)
        except KeyError:
            said = "no word"
        yield "how often", str(freq), (f"{said!r}",)
    for value in (
        Fraction(1, 2),
        Fraction(1, 3),
        Fraction(1, 8),
        Fraction(5),
        Fraction(1500),
        Fraction(10**6),
    ):
        yield "number", str(value), (f"{say_number(value)!r}",)
    for code in UNITS:
        amount, dimension = canonical(Fraction(7), code)
        others = "; ".join(f"{other} {convert(Fraction(7), code, other)}" for other in UNITS)
        yield "unit", code, (f"'{amount} of {dimension}: {others}'",)


def test_doses_are_said_as_approved() -> None:
    approved, now = characterised("printed", [*printed(), *said_alone()])

    assert now == approved
