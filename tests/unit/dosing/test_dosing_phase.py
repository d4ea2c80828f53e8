"""A dose of the start of a treatment is no maintenance dose, and the other way round."""

from __future__ import annotations

import pytest

from assistant.dosing import Verdict, compare, parse
from assistant.dosing.passage import passage_reading
from assistant.dosing.phase import phases_in
from assistant.dosing.verdict import Detail, Finding

WEEKS = "Dexamethasone 10 mg/m2/day in weeks 1-2, then 5 mg/m2/day in weeks 3-4."
NAMED = (
    "Etoposide 150 mg/m2 twice weekly for 2 weeks is the induction; "
    "continuation is 150 mg/m2 every 2 weeks."
)
IN_ORDER = "Anakinra 10 mg/kg/day as initial and 2 mg/kg/day as maintenance treatment."


def finding(claim: str, source: str) -> Finding:
    reading = passage_reading(source)
    return next(f for f in compare(parse(claim), reading.parsed) if f.kind == "dose")


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        (WEEKS, "As continuation, dexamethasone 10 mg/m2/day."),
        (WEEKS, "Dexamethasone 5 mg/m2/day is the initial dose."),
        (NAMED, "Continuation is etoposide 150 mg/m2 twice weekly."),
        (NAMED, "Etoposide 150 mg/m2 every 2 weeks as induction."),
        (IN_ORDER, "Maintenance is anakinra 10 mg/kg/day."),
        (IN_ORDER, "Initial treatment is anakinra 2 mg/kg/day."),
        ("Anakinra 2 mg/kg/day is given.", "Maintenance is anakinra 2 mg/kg/day."),
        (
            "Anakinra 2 mg/kg/day is given. Maintenance is anakinra 1 mg/kg/day.",
            "Maintenance is anakinra 2 mg/kg/day.",
        ),
    ],
)
def test_a_dose_of_another_phase_is_withheld(source: str, claim: str) -> None:
    found = finding(claim, source)

    assert (found.verdict, found.detail) == (Verdict.MISMATCH, Detail.SCHEDULE)
    assert "continuation or maintenance" in found.why or "start of treatment" in found.why


@pytest.mark.parametrize(
    ("source", "claim"),
    [
        (WEEKS, WEEKS),
        (WEEKS, "Dexamethasone 10 mg/m2/day."),
        (WEEKS, "Dexamethasone 10 mg/m2/day as initial treatment."),
        (WEEKS, "Maintenance is dexamethasone 5 mg/m2/day."),
        (NAMED, "Induction: etoposide 150 mg/m2 twice weekly for 2 weeks."),
        (NAMED, "Maintenance with etoposide 150 mg/m2 every 2 weeks."),
        (IN_ORDER, "Maintenance is anakinra 2 mg/kg/day, after initial treatment."),
        (IN_ORDER, "Initial anakinra 10 mg/kg/day; maintenance 2 mg/kg/day."),
        ("Anakinra 2 mg/kg/day is given.", "Initial treatment: anakinra 2 mg/kg/day."),
        ("Anakinra 2 mg/kg/day is given.", "After discontinuation, anakinra 2 mg/kg/day."),
        ("Anakinra up to 8 mg/kg/day.", "Maintenance is anakinra up to 8 mg/kg/day."),
    ],
)
def test_a_dose_of_its_own_phase_is_supported(source: str, claim: str) -> None:
    assert finding(claim, source).verdict is Verdict.SOURCE_ONLY


@pytest.mark.parametrize("more", [{"heading": ("Maintenance",)}, {"phase": "continuation bridge"}])
def test_a_passage_inherits_the_phase_of_its_heading_and_metadata(more: dict[str, object]) -> None:
    reading = passage_reading("Anakinra 2 mg/kg/day.", **more)  # type: ignore[arg-type]

    (later,) = compare(parse("Maintenance is anakinra 2 mg/kg/day."), reading.parsed)
    (first,) = compare(parse("Induction is anakinra 2 mg/kg/day."), reading.parsed)

    assert later.verdict is Verdict.SOURCE_ONLY
    assert first.verdict is Verdict.MISMATCH


def test_phases_are_read_as_whole_words() -> None:
    assert phases_in("Loading dose") == {"start"}
    assert phases_in("Reinduction, discontinuation") == frozenset()
