"""Which rules hold for a dose, and which hold together, over every pair of selectors."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from fractions import Fraction
from itertools import product
from typing import Any

from assistant.dosing.model import Dose
from assistant.dosing.table.context import contexts_overlap
from assistant.dosing.table.model import Context, Population, Schedule
from assistant.dosing.table.select import DoseContext, fits, plan_ranges
from tests.builders_patients import a_dose, a_rule
from tests.characterisation import Line, characterised

PEOPLE = (
    Population(),
    Population(groups=("adult",)),
    Population(groups=("child", "adult")),
    Population(groups=("child",), age_min=Fraction(12)),
    Population(groups=("elderly",), age_below=Fraction(70)),
    Population(groups=("infant", "pregnancy")),
    Population(groups=("pregnancy", "renal_impairment")),
    Population(age_min=Fraction(1), age_below=Fraction(18)),
    Population(age_min=Fraction(18), weight_below=Fraction(30)),
    Population(weight_min=Fraction(30)),
)
WHEN: tuple[dict[str, Any], ...] = (
    *({}, {"indications": ("Examplitis  two",)}, {"indications": ("other", "examplitis two")}),
    *({"phase": "Induction"}, {"phase": "induction  weeks 1-2"}, {"phase": "inductions"}),
    *({"setting": "ICU"}, {"setting": "icu "}, {"setting": "ward"}),
    *({"variant": "A  b"}, {"variant": "a b"}, {"variant": "c"}),
)
GIVEN = (
    *(Schedule(), Schedule(routes=("IV", "PO")), Schedule(routes=("SC", "PO"))),
    *(Schedule(weeks=weeks) for weeks in ("1-2", "3", "9-", "1,8")),
)
AMOUNT = a_dose("3", "6", "mg")


HELD = (
    *(a_rule(AMOUNT, context=Context(population=people)) for people in PEOPLE),
    *(a_rule(AMOUNT, context=Context(**when)) for when in WHEN),
    *(a_rule(AMOUNT, schedule=schedule) for schedule in GIVEN),
)


def overlaps() -> Iterator[Line]:
    for (first, a), (second, b) in product(enumerate(HELD), enumerate(HELD)):
        yield "overlap", f"{first} {second}", (f"{contexts_overlap(a, b)} of {first}, {second}",)


def test_contexts_overlap_as_approved() -> None:
    approved, now = characterised("rules_overlap", overlaps())

    assert now == approved


DOSE = Dose(
    start=0,
    end=0,
    text="it",
    drug="exampline",
    drug_name=None,
    low=Fraction(1),
    high=Fraction(1),
    unit="mg",
)
CONDITIONS = (
    *("<30kg", "<=30kg", ">30kg", ">=30kg", "30kg", "10-30kg", "<1y", ">=1y", "<=12mo", ">12mo"),
    *(">=70y", "18-69y", "6-11mo", "12y", "nothing", "<30", "30.5kg", "<30kg,"),
)
SAID: tuple[dict[str, Any], ...] = (
    *({}, *({"conditions": (text,)} for text in CONDITIONS)),
    *({"conditions": ("<30kg", ">=18y")}, {"conditions": ("nothing", "<1y")}),
    *({"population": word} for word in ("adult", "child", "pregnancy", "hepatic_impairment")),
    *({"weeks": weeks} for weeks in ("2-3", "8", "10-", "1", "x")),
    *({"routes": routes} for routes in (("IV",), ("SC",), ("IM", "PO"))),
)
DAY = date(2026, 6, 1)
KNOWN = (
    DoseContext(day=DAY),
    *(DoseContext(day=DAY, age_years=Fraction(age)) for age in ("0", "1", "12", "18", "70")),
    *(DoseContext(day=DAY, weight_kg=Fraction(kg)) for kg in ("29.9999999", "30", "31")),
    DoseContext(day=DAY, age_years=Fraction(20), weight_kg=Fraction(20), populations=("child",)),
    *(DoseContext(day=DAY, populations=(word,)) for word in ("adult", "infant", "pregnancy")),
    DoseContext(day=DAY, populations=("renal_impairment", "child")),
    DoseContext(day=DAY, indications=("examplitis two",), phase="induction weeks 1-2 a"),
    DoseContext(day=DAY, setting="Icu", routes=("PO",)),
    DoseContext(day=DAY, setting="ward", routes=("SC",), phase="induct"),
)


def fitting() -> Iterator[Line]:
    for said, (at, context) in product(SAID, enumerate(KNOWN)):
        dose = replace(DOSE, **said)
        found = [str(number) for number, rule in enumerate(HELD) if fits(rule, dose, context)]
        yield str(at), f"{said}", (f"'{said} {at}: {' '.join(found)}'",)


def test_rules_fit_doses_and_contexts_as_approved() -> None:
    approved, now = characterised("rules_fit", fitting())

    assert now == approved


def test_a_list_of_weeks_is_half_open_ranges() -> None:
    plans = ("", "3", "1-2", "9-", "1-2,4,9-", "1,x", "-")
    found = {plan: [tuple(map(str, ends)) for ends in plan_ranges(plan)] for plan in plans}

    assert found == {
        "": [],
        "3": [("3", "4")],
        "1-2": [("1", "3")],
        "9-": [("9", "None")],
        "1-2,4,9-": [("1", "3"), ("4", "5"), ("9", "None")],
        "1,x": [],
        "-": [],
    }
