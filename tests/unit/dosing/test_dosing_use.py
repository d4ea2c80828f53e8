"""A dose is for somebody: other people, another disease or condition, and it is wrong."""

from __future__ import annotations

import pytest

from assistant.dosing import Verdict
from assistant.dosing.passage import PassageReading, passage_reading
from assistant.dosing.use import UseTerm, UseTerms
from assistant.dosing.verdict import Detail, Finding
from assistant.dosing.verify import verify

TERMS = UseTerms(
    (
        UseTerm(("subtype", "any"), ("acquired",), broad=True),
        UseTerm(("subtype", "ebv"), ("ebv", "epstein-barr")),
        UseTerm(("severity", "severe"), ("severe", "critical")),
        UseTerm(("condition", "obesity"), ("obesity", "obese")),
        UseTerm(("population", "adult"), ("adult",)),
    )
)
PASSAGE = "Severe examplitis with EBV in adults: etoposide 100 mg/m² weekly."


def reading(text: str = PASSAGE, **more: object) -> PassageReading:
    return passage_reading(text, terms=TERMS, **more)  # type: ignore[arg-type]


def finding(claim: str, passage: PassageReading) -> Finding:
    report = verify([(claim, ("p",))], {"p": passage}, None, None, terms=TERMS)
    (found,) = [f for f in report.sentences[0].findings if f.kind == "dose"]
    return found


@pytest.mark.parametrize(
    "claim",
    [
        PASSAGE,
        "Give adults with severe  EBV examplitis etoposide 100 mg/m² weekly.",
        "Etoposide 100 mg/m² weekly: adults, critical Epstein\u2011Barr examplitis.",
    ],
)
def test_a_dose_for_the_use_of_its_passage_is_supported(claim: str) -> None:
    assert finding(claim, reading()).verdict is Verdict.SOURCE_ONLY


@pytest.mark.parametrize(
    ("claim", "named"),
    [
        ("Adults with severe EBV examplitis and obesity: etoposide 100 mg/m² weekly.", "obesity"),
        ("Acquired severe EBV examplitis in adults: etoposide 100 mg/m² weekly.", "acquired"),
    ],
)
def test_a_dose_for_a_use_that_the_passage_does_not_name_is_withheld(
    claim: str, named: str
) -> None:
    found = finding(claim, reading())

    assert (found.verdict, found.detail) == (Verdict.MISMATCH, Detail.USE)
    assert found.why == f"The source does not speak of: {named}."
    assert not found.shown


def test_a_dose_without_the_restriction_of_its_passage_is_shown_as_incomplete() -> None:
    found = finding("Examplitis in adults: etoposide 100 mg/m² weekly.", reading())

    assert (found.verdict, found.detail) == (Verdict.INCOMPLETE, Detail.USE)
    assert found.why == "The source gives this dose for: ebv, severe."
    assert found.shown


def test_a_value_that_the_passage_says_to_be_absent_is_another_use() -> None:
    passage = reading("Examplitis without any obesity: etoposide 100 mg/m² weekly.")

    absent = finding("In examplitis without  obesity, etoposide 100 mg/m² weekly.", passage)
    present = finding("In examplitis with obesity, etoposide 100 mg/m² weekly.", passage)
    other = finding("In examplitis without EBV, etoposide 100 mg/m² weekly.", passage)
    silent = finding("In examplitis, etoposide 100 mg/m² weekly.", passage)

    assert absent.verdict is Verdict.SOURCE_ONLY
    assert (present.verdict, present.detail) == (Verdict.MISMATCH, Detail.USE)
    assert other.why == "The source does not speak of: without ebv."
    assert silent.why == "The source gives this dose for: without obesity."


def test_a_broad_word_of_the_passage_restricts_nothing() -> None:
    passage = reading("Acquired examplitis: etoposide 100 mg/m² weekly.")

    found = finding("Examplitis: etoposide 100 mg/m² weekly.", passage)

    assert found.verdict is Verdict.SOURCE_ONLY


@pytest.mark.parametrize(
    "more", [{"uses": [("condition", "obesity")]}, {"heading": ["In obese people"]}]
)
def test_headings_and_metadata_of_a_passage_name_its_use(more: dict[str, object]) -> None:
    passage = reading("Examplitis: etoposide 100 mg/m² weekly.", **more)

    found = finding("Examplitis with obesity: etoposide 100 mg/m² weekly.", passage)

    assert found.verdict is Verdict.SOURCE_ONLY


def test_a_wrong_amount_stays_the_worse_finding() -> None:
    found = finding("Examplitis with obesity: etoposide 900 mg/m² weekly.", reading())

    assert (found.verdict, found.detail) == (Verdict.MISMATCH, Detail.VALUE)


def test_a_limit_without_the_restriction_is_no_incomplete_dose() -> None:
    passage = reading("Severe examplitis: etoposide up to 100 mg/m² weekly.")

    found = finding("Examplitis: etoposide up to 100 mg/m² weekly.", passage)

    assert found.verdict is Verdict.SOURCE_ONLY


def test_without_a_vocabulary_nothing_is_said_of_the_use() -> None:
    claim = "Examplitis with obesity: etoposide 100 mg/m² weekly."

    report = verify([(claim, ("p",))], {"p": passage_reading(PASSAGE)}, None, None)

    assert all(f.shown for f in report.sentences[0].findings)
