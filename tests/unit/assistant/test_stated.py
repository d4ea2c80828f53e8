"""What the turns of a conversation say of the patient."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model import Patient, Question
from assistant.stated import patient_words, stated_patient


def said(text: str, *history: str, since: int = 0) -> dict[str, object]:
    """The values of the patient that these turns give."""
    stated = stated_patient(Question(text=text, history=history, patient_since=since))
    return {name: value for name, value in asdict(stated.patient).items() if value is not None}


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("etoposide for a 6-year-old, 20 kg?", {"age_years": 6.0, "weight_kg": 20.0}),
        ("6yo 20kg", {"age_years": 6.0, "weight_kg": 20.0}),
        ("34F with HLH", {"age_years": 34.0, "sex": "female"}),
        ("71 y man, 1.72 m, 80 kg", {"age_years": 71.0, "sex": "male", "height_cm": 172.0}),
        ("14 mo girl 9.8 kg", {"age_years": 1.167, "sex": "female", "weight_kg": 9.8}),
        ("aged 3 weeks", {"age_years": 0.057}),
        ("a boy of 44 lb", {"sex": "male", "weight_kg": 19.96}),
        ("neonate 3100 g", {"weight_kg": 3.1}),
        ("CrCl 25 mL/min", {"crcl_ml_min": 25.0}),
        ("CrCl 20", {"crcl_ml_min": 20.0}),
        ("crcl 25, 62 kg 170 cm", {"crcl_ml_min": 25.0, "weight_kg": 62.0, "height_cm": 170.0}),
        ("crcl unknown, 62 kg", {"weight_kg": 62.0}),
        ("creatinine 240 umol/L", {"creatinine": "240 umol/L"}),
        ("creat 1.2 mg/dL", {"creatinine": "1.2 mg/dL"}),
        ("a pregnant woman of 30 years with HLH", {"pregnant": True, "sex": "female"}),
        ("34F, 170 cm", {"age_years": 34.0, "sex": "female", "height_cm": 170.0}),
    ],
)
def test_values_with_their_units_are_taken(text: str, values: dict[str, object]) -> None:
    assert said(text).items() >= values.items()


@pytest.mark.parametrize(
    "text",
    [
        "etoposide for 2 weeks",
        "dose for 10-15 kg",
        "patients above 50 kg",
        "weight < 30 kg",
        "creatinine 88",
        "creatinine clearance below 30 mL/min",
        "eGFR 28 mL/min/1.73 m2",
        "etoposide 150 mg/m2 and 5 g of IVIG",
        "HLH after 5 years",
        "safe in pregnancy?",
        "pregnant women",
        "20 kg or 25 kg",
    ],
)
def test_h22_a_range_a_limit_a_rival_and_a_bare_number_are_not_taken(text: str) -> None:
    assert said(text) == {}


def test_a_patient_given_once_stays_and_the_latest_value_is_believed() -> None:
    history = ("etoposide in a 6-year-old, 20 kg", "and her platelets?")

    assert said("weight 21 kg, how much?", *history) == {"age_years": 6.0, "weight_kg": 21.0}


@pytest.mark.parametrize(
    "other",
    ["what about a 40-year-old?", "another patient: CrCl 20", "other patient, 40 years old"],
)
def test_h22_another_patient_has_none_of_the_values_of_the_one_before(other: str) -> None:
    assert "weight_kg" not in said(other, "etoposide in a 6-year-old, 20 kg")


def test_h22_somebody_else_has_none_of_the_blood_values_either() -> None:
    def blood(text: str) -> tuple[str, ...]:
        return stated_patient(Question(text=text, history=("sHLH, ferritin 40k",))).blood

    assert blood("what about a 6-year-old, 20 kg?") == ()
    assert blood("and in a 6-year-old?") == ()
    assert blood("what about 6 months old?") == ()
    assert blood("he is 6 years old, 20 kg") == ("ferritin 40k",)
    assert blood("what about a lower dose?") == ("ferritin 40k",)


def test_a_cleared_patient_is_gone_and_the_turns_remain() -> None:
    assert said("how much?", "a 6-year-old, 20 kg", "and the 30 kg brother?", since=2) == {}


def test_what_was_given_is_not_changed_by_the_words() -> None:
    question = Question(text="a girl of 20 kg", patient=Patient(weight_kg=62.0))

    patient = stated_patient(question).patient

    assert (patient.weight_kg, patient.sex) == (62.0, "female")


def test_blood_values_are_kept_as_they_were_written() -> None:
    stated = stated_patient(
        Question(text="ferritin 40k, plt 12, CRP 80", history=("ferritin 9,000 ng/mL",))
    )

    assert stated.blood == ("ferritin 40k", "plt 12", "CRP 80")


def test_a_patient_is_told_in_words_with_units() -> None:
    patient = Patient(
        age_years=0.5, weight_kg=7.25, sex="male", creatinine="30 umol/L", pregnant=False
    )

    assert patient_words(patient) == (
        *("6 months", "7.25 kg", "male", "creatinine 30 umol/L", "not pregnant"),
    )
    assert patient_words(Patient(age_years=0.02)) == ("7 days",)
    assert patient_words(Patient()) == ()


@given(st.text(max_size=200), st.lists(st.text(max_size=80), max_size=3))
def test_any_text_is_read_and_reading_it_again_changes_nothing(
    text: str, history: list[str]
) -> None:
    question = Question(text=text, history=tuple(history))

    once = stated_patient(question)

    again = stated_patient(Question(text=text, history=tuple(history), patient=once.patient))
    assert again == once


def test_a_pregnancy_is_not_that_of_the_man_before() -> None:
    assert said("HLH in pregnancy, 20 weeks", "58M 62 kg 170 cm, HLH") == {}
    assert said("and in pregnancy?", "34F 62 kg, HLH") == {
        "age_years": 34.0,
        "sex": "female",
        "weight_kg": 62.0,
    }
