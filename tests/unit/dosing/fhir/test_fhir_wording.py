"""The text of a Dosage is the printed dose, and the literal text where a print would say less."""

from __future__ import annotations

from typing import get_args

import pytest

from assistant.dosing import DoseRole, Verdict, parse
from assistant.dosing.fhir import Release, to_fhir, to_fhir_sequence, wording
from assistant.dosing.fhir.same import says_the_same
from assistant.fhir_models import validate
from corpus.library import load_library
from tests.unit.dosing.fhir.doses import a_checked, a_dose


def test_a_dose_without_given_text_leaves_as_it_is_printed() -> None:
    dose = a_dose("VP-16 50-100 mg/m2 IV qw")

    found = to_fhir(dose, "R4", verdict=Verdict.VERIFIED)

    assert found["text"] == "etoposide 50 to 100 mg/m² once weekly intravenously"
    validate(found, "R4")


def test_the_limits_of_a_dose_are_printed_after_it() -> None:
    dose, limit = parse("tocilizumab 8 mg/kg IV (max 800 mg per dose)").doses

    found = to_fhir(dose, "R4", verdict=Verdict.VERIFIED, limits=[limit])

    assert found["text"] == "tocilizumab 8 mg/kg intravenously; tocilizumab up to 800 mg/dose"


@pytest.mark.parametrize(
    "text",
    [
        "tocilizumab 12 mg/kg if <30 kg",
        "paracetamol 1 g every 6 hours as needed",
        "paracetamol 1 g q6h PRN",
        "mesna 1.200 mg daily",
    ],
)
def test_the_literal_text_stays_where_a_print_would_say_less(text: str) -> None:
    words = wording(a_dose(text), (), text)

    assert words == text


def test_each_frequency_of_an_amount_is_a_printed_step() -> None:
    checked = a_checked("etoposide 150 mg/m2 twice weekly for 2 weeks, then once weekly")

    steps = to_fhir_sequence([checked], "R4")

    assert [step["text"] for step in steps] == [
        "etoposide 150 mg/m² twice weekly for 2 weeks",
        "etoposide 150 mg/m² once weekly",
    ]


def test_a_step_that_cannot_be_printed_stays_whole_in_its_own_text() -> None:
    text = "tocilizumab 12 mg/kg twice weekly if <30 kg, then once weekly"
    checked = a_checked(text)

    steps = to_fhir_sequence([checked], "R4")

    assert checked.dose.phases
    assert [step["text"] for step in steps] == [text]


def test_every_stated_dose_of_the_library_leaves_valid_in_words_that_say_the_same() -> None:
    library = load_library()
    printed = literal = 0

    for passage in library.passages.values():
        for dose in parse(passage.text, library.drugs).doses:
            if dose.role is not DoseRole.STATED or dose.low is None:
                continue
            words = wording(dose, (), passage.text)
            printed, literal = printed + (words != passage.text), literal + (words == passage.text)
            assert says_the_same(words, dose)
            for release in get_args(Release):
                found = to_fhir(dose, release, verdict=Verdict.SOURCE_ONLY, text=words)
                validate(found, release)

    assert printed > 5 * literal / 2
