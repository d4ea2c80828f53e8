"""What a calculation must not let through: each case once gave a dose, or a wrong one."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from assistant.dosing.calculators.convert import Analyte
from assistant.dosing.calculators.errors import RefusalCode
from assistant.dosing.patient import (
    Patient,
    Plan,
    read_patient,
)
from assistant.dosing.patient.model import Age
from assistant.dosing.table.model import (
    Action,
    Context,
    Population,
)
from tests.builders_patients import (
    LATE,
    OLD,
    REDUCED,
    TODAY,
    a_band,
    a_dose,
    a_patient,
    a_rule,
    codes,
    etoposide_draft,
    measured,
    refused,
    worked,
)

# Reading


def test_a_total_that_is_given_twice_for_one_drug_is_not_halved() -> None:
    assert codes(previous="etoposide 600 mg/m2; etoposide 900 mg/m2") == ["UNREADABLE"]


def test_an_age_and_a_birth_date_are_not_both_taken() -> None:
    assert codes(age="6 years", born="2019-03-02") == ["UNREADABLE"]


def test_one_field_written_in_two_ways_is_not_read_as_the_last() -> None:
    found = read_patient({"weight": "70 kg", "Weight": "80 kg"}, TODAY)

    assert isinstance(found, tuple)
    assert [r.code for r in found] == [RefusalCode.UNREADABLE]
    assert found[0].message == "weight is given twice. Give it once."


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"weight": "7" * 5000 + " kg"}, "UNREADABLE"),
        ({"weight": f"70.{'0' * 5000}1 kg"}, "UNREADABLE"),
        ({"clearance": "0,850 mL/min"}, "UNREADABLE"),
        ({"clearance": "1,5 mL/s"}, "UNREADABLE"),
        ({"clearance": "60 mL/s"}, "IMPLAUSIBLE"),
        ({"clearance": "501 mL/min"}, "IMPLAUSIBLE"),
        ({"egfr": "501 mL/min/1.73m2"}, "IMPLAUSIBLE"),
        ({"weight": "0 kg"}, "IMPLAUSIBLE"),
        ({"weight": "-70 kg"}, "IMPLAUSIBLE"),
        ({"weight": "NaN kg"}, "UNREADABLE"),
        ({"weight": "inf kg"}, "UNREADABLE"),
        ({"weight": "1e2 kg"}, "UNIT_MISSING"),
        ({"weight": "70 Kg"}, "UNIT_MISSING"),
        ({"weight": "70 kg (154 lb)"}, "UNIT_MISSING"),
        ({"weight": "70-80 kg"}, "UNIT_MISSING"),
        ({"weight": "٧٠ kg"}, "UNREADABLE"),
        ({"age": "6"}, "UNIT_MISSING"),
        ({"age": "-1 y"}, "IMPLAUSIBLE"),
        ({"bilirubin": "-1 mg/dL"}, "IMPLAUSIBLE"),
        ({"bilirubin": "20"}, "UNIT_MISSING"),
        ({"height": "5'9\""}, "UNIT_MISSING"),
        ({"height": "1,75 m"}, "UNREADABLE"),
        ({"creatinine": "1,9 mg/dL"}, "UNREADABLE"),
        ({"age": "6 y", "weight": "44 kg"}, None),
        ({"age": "6 years", "weight": "50 kg"}, "AGE_WEIGHT"),
        ({"age": "6 months", "weight": "16.5 kg"}, "AGE_WEIGHT"),  # 7.5 kg in pounds
        ({"previous": "etoposide -600 mg/m2"}, "UNREADABLE"),
    ],
)
def test_slips_of_the_pen_are_refused_by_name(fields: dict[str, str], code: str | None) -> None:
    if code is None:
        assert isinstance(read_patient(fields, TODAY), Patient)
    else:
        assert codes(**fields) == [code]


def test_the_clearances_at_the_bounds_are_taken() -> None:
    for text in ("0 mL/min", "500 mL/min"):
        assert a_patient(clearance=text).clearance is not None


def test_a_refused_text_is_quoted_in_part_only() -> None:
    found = read_patient({"weight": "x" * 500}, TODAY)

    assert isinstance(found, tuple)
    assert len(found[0].message) < 200


# A patient that did not come from the reader


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("creatinine", measured(Analyte.CREATININE, "0", "mg/dL")),
        ("clearance", measured(Analyte.CLEARANCE, "-1", "mL/min")),
        ("egfr", measured(Analyte.INDEXED_RATE, "501", "mL/min/1.73 m²")),
        ("weight", measured(Analyte.WEIGHT, "0.3", "kg")),
        ("height", measured(Analyte.HEIGHT, "251", "cm")),
        ("age", Age(Fraction(131), "131 years")),
    ],
)
def test_bounds_hold_for_every_patient_and_not_only_for_one_that_was_read(
    name: str, value: object
) -> None:
    patient = replace(a_patient(), **{name: value})

    assert refused(a_rule(a_dose("10", unit="mg")), patient).code is RefusalCode.IMPLAUSIBLE


@pytest.mark.parametrize("name", ["weight", "creatinine"])
def test_a_measurement_of_tomorrow_is_refused(name: str) -> None:
    patient = a_patient()
    later = replace(patient, **{name: replace(getattr(patient, name), on=LATE)})

    found = refused(a_rule(a_dose("10"), adjust=(REDUCED,)), later)

    assert found.code is RefusalCode.IMPLAUSIBLE
    assert "in the future" in found.message


@pytest.mark.parametrize("doses", [0, -5])
def test_a_plan_of_less_than_one_dose_can_t_lower_a_total(doses: int) -> None:
    found = refused(etoposide_draft(), a_patient(previous="etoposide 2.9 g/m2"), Plan(doses=doses))

    assert found.code is RefusalCode.IMPLAUSIBLE
    assert f"{doses} doses" in found.message


# Old measurements: those that the working rests on, and no others


def test_a_weight_that_only_decides_whether_the_rule_fits_has_to_be_recent() -> None:
    rule = a_rule(
        a_dose("100", unit="mg"), context=Context(population=Population(weight_min=Fraction(45)))
    )

    assert refused(rule, a_patient(weight=f"70 kg on {OLD}")).code is RefusalCode.STALE


def test_a_weight_in_a_band_has_to_be_recent() -> None:
    band = a_band("", "50", variable="weight", unit="kg", action=Action.NONE)
    rule = a_rule(a_dose("100", unit="mg"), adjust=(band,))

    assert refused(rule, a_patient(weight=f"70 kg on {OLD}")).code is RefusalCode.STALE


def test_a_creatinine_in_a_band_has_to_be_recent_and_stable() -> None:
    band = a_band("", "2", variable="creatinine", unit="mg/dL", action=Action.NONE)
    rule = a_rule(a_dose("100", unit="mg"), adjust=(band,))

    old = refused(rule, a_patient(creatinine=f"88 µmol/L on {OLD}"))

    assert old.code is RefusalCode.STALE
    assert refused(rule, a_patient(dialysis="yes")).code is RefusalCode.UNSTABLE
    worked(rule, a_patient())


def test_the_rate_that_is_used_is_the_one_whose_date_counts() -> None:
    indexed = replace(REDUCED, variable="gfr_indexed", unit="mL/min/1.73m2")
    rule = a_rule(a_dose("10", unit="mg"), adjust=(indexed,))
    new = f"60 mL/min on {TODAY}"

    old_rate = a_patient(egfr=f"60 mL/min/1.73m2 on {OLD}", clearance=new)

    assert refused(rule, old_rate).code is RefusalCode.STALE


def test_a_weight_that_is_not_used_may_be_old() -> None:
    rule = a_rule(a_dose("10", unit="mg"), adjust=(REDUCED,))
    old = f"70 kg on {OLD}"

    worked(rule, a_patient(weight=old, clearance="60 mL/min"))

    assert refused(rule, a_patient(weight=old)).code is RefusalCode.STALE
    converted = a_patient(weight=old, egfr="60 mL/min/1.73m2")
    assert refused(rule, converted).code is RefusalCode.STALE
