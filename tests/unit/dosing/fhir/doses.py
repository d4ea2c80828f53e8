"""Doses read from words, and generated ones, for the tests of FHIR."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from assistant.dosing import Dose, DoseRole, Verdict, parse
from assistant.dosing.fhir import CheckedDose

RECORDED = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)


def a_dose(text: str) -> Dose:
    """The first dose that is read from a text."""
    return parse(text).doses[0]


def a_checked(text: str, **fields: Any) -> CheckedDose:
    """The first dose of a text with the limits beside it, found in its source."""
    dose, *others = parse(text).doses
    limits = tuple(other for other in others if other.role.is_limit)
    given: dict[str, Any] = {"dose": dose, "verdict": Verdict.SOURCE_ONLY, "text": text}
    given["limits"] = limits
    return CheckedDose(**(given | fields))


AMOUNTS = st.sampled_from(
    [
        "50 mg",
        "50-100 mg/m2",
        "0.5 mg",
        "1.25-2.5 g/kg",
        "0.5 micrograms/kg/min",
        "2 mg/kg/day",
        "5,000 international units",
        "5,000 units",
        "1.6 g/kg",
        "2 tablets",
        "AUC 5",
        "1-2 mg/kg/day in 2 divided doses",
        "12 units/kg/h",
        "10 mg/kg/dose",
    ]
)
TIMES = st.sampled_from(
    [
        "",
        " once daily",
        " twice daily",
        " every 8 hours",
        " every 2-3 weeks",
        " once weekly",
        " every other day",
        " 3 times a week",
    ]
)
ROUTES = st.sampled_from(["", " IV", " orally", " SC", " intrathecally", " IV or PO", " inhaled"])
TAILS = st.sampled_from(
    [
        "",
        " for 5 days",
        " for 3-5 days",
        " for up to 8 weeks",
        " over 60 min",
        " over 1-2 h",
        " divided over 2-3 days",
        " for 4 doses",
        " for 2-4 doses",
        " on days 1, 8, 15",
        " (max 100 mg)",
        " (maximum 4 g/day)",
        " in adults",
        " if <30 kg",
    ]
)


@st.composite
def checked_doses_made(draw: st.DrawFn) -> CheckedDose:
    """A stated dose of a real drug with times, a route and a tail."""
    drug = draw(st.sampled_from(["etoposide", "dexamethasone", "anakinra", "heparin"]))
    parts = [draw(part) for part in (AMOUNTS, TIMES, ROUTES, TAILS)]
    text = f"{drug} {''.join(parts)}"
    assume(parse(text).doses)
    checked = a_checked(text)
    fields: dict[str, Any] = {
        "verdict": draw(st.sampled_from([Verdict.VERIFIED, Verdict.WITHIN_RANGE])),
        "rule_id": draw(st.sampled_from(["", "etoposide.hlh.adult"])),
        "passage_id": draw(st.sampled_from(["", "hlh:12"])),
        "calculated": draw(st.booleans()),
        "as_needed": draw(st.booleans()),
        "sequence": draw(st.sampled_from([None, 1, 2])),
        "indication": draw(st.sampled_from(["", "a disease"])),
    }
    limits = checked.limits if checked.dose.role is DoseRole.STATED else ()
    return CheckedDose(dose=checked.dose, text=checked.text, limits=limits, **fields)
