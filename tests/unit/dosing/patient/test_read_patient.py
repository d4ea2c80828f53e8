"""Field texts -> a patient, or everything that is wrong with them, by name."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from itertools import pairwise

import pytest

from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.patient import Patient, patient_from_units, read_patient
from assistant.dosing.patient.read import age_on
from tests.builders_patients import TODAY, a_patient


def problems(**fields: str) -> dict[str, str]:
    found = read_patient({k.replace("_", " "): v for k, v in fields.items()}, TODAY)
    assert isinstance(found, tuple), found
    return {refusal.message: str(refusal.code) for refusal in found}


def test_all_problems_are_named_at_once() -> None:
    found = problems(weight="70", height="175", creatinine="88", sex="x", age="old", colour="red")

    assert sorted(found.values()) == sorted(["UNIT_MISSING"] * 3 + ["UNREADABLE"] * 3)
    for name in ("weight 70", "height 175", "creatinine 88", "sex x", "age old", "colour"):
        assert any(message.startswith(name) for message in found)


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"weight": "0.3 kg"}, "IMPLAUSIBLE"),
        ({"height": "10 cm"}, "IMPLAUSIBLE"),
        ({"creatinine": "4 µmol/L"}, "IMPLAUSIBLE"),
        ({"creatinine": "88 mg/dL"}, "IMPLAUSIBLE"),
        ({"age": "131 y"}, "IMPLAUSIBLE"),
        ({"height": "70 cm", "weight": "80 kg"}, "IMPLAUSIBLE"),
        ({"age": "6 y", "weight": "80 kg"}, "AGE_WEIGHT"),
        ({"age": "6 y", "weight": "80 kg", "height": "120 cm"}, "AGE_WEIGHT"),
        ({"clearance": "-5 mL/min"}, "IMPLAUSIBLE"),
        ({"clearance": "50 mL/min/1.73m2"}, "UNIT_MISSING"),
        ({"egfr": "50 mL/min"}, "UNIT_MISSING"),
        ({"born": "2027-01-01"}, "IMPLAUSIBLE"),
        ({"born": "2026-02-30"}, "UNREADABLE"),
        ({"born": "last year"}, "UNREADABLE"),
        ({"weight": "70 kg on 2026-13-01"}, "UNREADABLE"),
        ({"weight": "70 kg on 2026-11-23"}, "IMPLAUSIBLE"),
        ({"dialysis": "perhaps"}, "UNREADABLE"),
        ({"previous": "600 mg/m2"}, "UNREADABLE"),
        ({"previous": "etoposide 600"}, "UNIT_MISSING"),
    ],
)
def test_what_can_t_be_taken_is_refused(fields: dict[str, str], code: str) -> None:
    assert list(problems(**fields).values()) == [code]


def test_empty_texts_are_fields_that_were_not_given() -> None:
    assert read_patient({"weight": " ", "age": ""}, TODAY) == Patient()


def test_the_same_patient_in_other_units() -> None:
    here = a_patient(creatinine="1.9 mg/dL", weight="70 kg", height="175 cm")
    there = a_patient(creatinine="167.96 µmol/L", weight="70000 g", height="1.75 m")

    for name in ("creatinine", "weight", "height"):
        assert getattr(here, name).value == getattr(there, name).value


def test_a_measurement_may_end_with_its_day() -> None:
    for text in ("70 kg on 2026-11-20", "70 kg, 2026-11-20", "70 kg (2026-11-20)"):
        weight = a_patient(weight=text).weight
        assert weight is not None
        assert weight.on == date(2026, 11, 20)


def test_several_previous_totals() -> None:
    patient = a_patient(previous="etoposide 0.6 g/m2; doxorubicin: 100 mg/m²")

    assert {drug: total.value for drug, total in patient.previous.items()} == {
        "etoposide": 600,
        "doxorubicin": 100,
    }


@pytest.mark.parametrize(
    ("born", "today", "years", "words"),
    [
        (date(2008, 11, 22), TODAY, Fraction(18), "18 years"),
        (date(2008, 11, 23), TODAY, None, "17 years"),
        (date(2026, 5, 22), TODAY, Fraction(1, 2), "6 months"),
        (date(2026, 5, 31), date(2026, 11, 30), None, "5 months"),
        (date(2026, 10, 25), TODAY, Fraction(28 * 4, 1461), "28 days"),
        (date(2024, 2, 29), date(2025, 2, 28), None, "11 months"),
        (date(2024, 2, 29), date(2025, 3, 1), None, "12 months"),
    ],
)
def test_the_age_on_a_day(born: date, today: date, years: Fraction | None, words: str) -> None:
    age = age_on(born, today)

    assert age.words == words
    if years is not None:
        assert age.years == years


def test_an_age_never_falls_from_one_day_to_the_next() -> None:
    born = date(2023, 1, 31)
    days = [date.fromordinal(born.toordinal() + n) for n in range(1200)]

    ages = [age_on(born, day).years for day in days]

    assert all(a < b for a, b in pairwise(ages))


def test_values_whose_names_carry_the_unit() -> None:
    found = patient_from_units(
        today=TODAY, age_years=58, weight_kg=70.5, height_cm=175, sex="male",
        creatinine="88 umol/L", crcl_ml_min=60, pregnant=False,
    )  # fmt: skip

    assert isinstance(found, Patient)
    assert found.weight is not None
    assert found.weight.value == Fraction(141, 2)
    assert found.pregnant is False


def test_a_creatinine_without_a_unit_is_refused_there_too() -> None:
    found = patient_from_units(today=TODAY, creatinine="88", weight_kg=float("nan"))

    assert isinstance(found, tuple)
    assert {refusal.code for refusal in found} == {
        RefusalCode.UNIT_MISSING,
        RefusalCode.UNREADABLE,
    }
    assert all(isinstance(refusal, Refusal) for refusal in found)


@pytest.mark.parametrize("pregnant", [True, False])
def test_each_named_value_becomes_its_own_field(pregnant: bool) -> None:
    found = patient_from_units(
        today=TODAY, age_years=58, weight_kg=70.5, height_cm=175, sex="female",
        creatinine="88 umol/L on 2026-11-20", crcl_ml_min=60, pregnant=pregnant,
        previous="etoposide 600 mg/m2",
    )  # fmt: skip

    assert found == a_patient(
        age="58 years", weight="70.5 kg", height="175 cm", sex="female",
        creatinine="88 umol/L on 2026-11-20", clearance="60 mL/min",
        pregnant="yes" if pregnant else "no", previous="etoposide 600 mg/m2",
    )  # fmt: skip
    assert patient_from_units(today=TODAY) == Patient()


def test_a_value_below_zero_is_named_and_zero_is_taken() -> None:
    assert list(problems(bilirubin="-1 mg/dL")) == [
        "bilirubin -1 mg/dL is below zero. Check the value."
    ]
    assert a_patient(bilirubin="0 mg/dL").bilirubin is not None


def test_months_are_spoken_of_up_to_two_years() -> None:
    assert age_on(date(2024, 11, 23), TODAY).words == "23 months"
    assert age_on(date(2024, 11, 22), TODAY).words == "2 years"
