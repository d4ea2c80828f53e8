"""What holds for another creatinine clearance is not what this patient is told first."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.ages import clearance_bands, is_for
from assistant.clearance import clearance_of
from assistant.model import Patient, Question
from assistant.settings import Settings
from assistant.wiring import open_assistant

LOW = "Example label: at creatinine clearance below 15 mL/min avoid it."
BANDS = "Full dose at creatinine clearance above 50 mL/min; 75% of it at 15–50 mL/min."
PATIENT = Patient(age_years=68, weight_kg=70, sex="male", creatinine="1.9 mg/dL")


@pytest.mark.parametrize(
    ("text", "clearance", "fits"),
    [
        (LOW, 10, True),
        (LOW, 36.8, False),
        (LOW, None, None),
        (BANDS, 36.8, True),
        (BANDS, 50, True),
        (BANDS, 90, True),
        (BANDS, 10, False),
        ("Infuse over 30 minutes at 50 mL/min.", 10, None),  # no clearance
        ("Creatinine clearance decides the dose.", 10, None),
    ],
)
def test_a_statement_holds_for_the_clearances_it_names(
    text: str, clearance: float | None, fits: bool | None
) -> None:
    assert is_for(text, None, None, clearance) is fits


def test_the_ends_of_a_band_are_read_as_written() -> None:
    assert clearance_bands(BANDS) == ((50.0, float("inf")), (15.0, 50.0))


def test_an_adults_clearance_is_worked_out_by_cockcroft_and_gault() -> None:
    found = clearance_of(Question(text="etoposide dose?", patient=PATIENT))

    assert found == pytest.approx((140 - 68) * 70 / (72 * 1.9))


@pytest.mark.parametrize(
    ("text", "patient", "expected"),
    [
        ("dose?", Patient(crcl_ml_min=22), 22),
        ("dose?", Patient(age_years=68, weight_kg=70, creatinine="1.9 mg/dL"), None),  # no sex
        (
            "dose?",
            Patient(age_years=68, weight_kg=70, sex="male", creatinine="88"),
            None,
        ),  # no unit
        ("dose?", Patient(age_years=9, weight_kg=30, sex="male", creatinine="1 mg/dL"), None),
        ("dose?", Patient(), None),
        ("dose on haemodialysis?", Patient(crcl_ml_min=22), 0),
        ("dose, CRRT running", Patient(), 0),
        ("CrCl 12, not on dialysis", Patient(crcl_ml_min=12), 12),
        ("CrCl 12, no dialysis", Patient(crcl_ml_min=12), 12),
    ],
)
def test_what_is_not_said_is_not_guessed(
    text: str, patient: Patient, expected: float | None
) -> None:
    assert clearance_of(Question(text=text, patient=patient)) == expected


@pytest.mark.parametrize(
    ("turns", "since", "expected"),
    [
        (("she is on haemodialysis", "etoposide dose?"), 0, 0),
        (("she is on haemodialysis", "no, not on dialysis: dose?"), 0, None),
        (("she is on haemodialysis", "next patient: etoposide dose?"), 0, None),
        (("she is on haemodialysis", "etoposide dose?"), 1, None),  # the patient was cleared
    ],
)
def test_the_dialysis_of_another_patient_is_not_this_ones(
    turns: tuple[str, ...], since: int, expected: float | None
) -> None:
    *history, text = turns
    question = Question(text=text, history=tuple(history), patient_since=since)

    assert clearance_of(question) == expected


@pytest.mark.parametrize(
    ("text", "leads", "never"),
    [
        (
            "68M 70kg 175cm creat 1.9 mg/dl severe HLH - etoposide dose?",
            "75% of the etoposide dose at creatinine clearance 15–50",
            "at creatinine clearance below 15 mL/min or on dialysis",
        ),
        ("etoposide in HLH on haemodialysis", "", "75% of the etoposide dose"),
    ],
)
def test_h26_a_kidney_rule_for_another_clearance_is_not_the_answer(
    bundled_data: Path, text: str, leads: str, never: str
) -> None:
    assistant = open_assistant(Settings(data=bundled_data))

    draft = assistant.drafter.draft(assistant.find(Question(text=text)))

    assert leads in draft.claims[0].text
    assert not any(never in claim.text for claim in draft.claims)


def test_the_amount_of_a_creatinine_is_not_what_is_searched_for(bundled_data: Path) -> None:
    assistant = open_assistant(Settings(data=bundled_data))

    asked = assistant.find(Question(text="58M 62kg creat 180 umol/L etoposide dose")).understanding

    assert "creat" in asked.query
    assert "umol" not in asked.query
