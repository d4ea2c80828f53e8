"""Units that are read exactly or refused by name, and patients that cannot be."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dosing.calculators.bounds import (
    check_age,
    check_age_weight,
    check_body,
    check_creatinine,
    check_height,
    check_surface,
    check_weight,
    weight_bands,
)
from assistant.dosing.calculators.convert import UNITS, Analyte, Measured, in_unit, read_value
from assistant.dosing.calculators.decimals import display, plain
from assistant.dosing.calculators.errors import Refusal, RefusalCode

D = Decimal


@pytest.mark.parametrize(
    ("text", "analyte", "exact"),
    [
        ("88.4 µmol/L", Analyte.CREATININE, "1"),
        ("88.4 μmol/l", Analyte.CREATININE, "1"),
        ("1.9 mg/dL", Analyte.CREATININE, "1.9"),
        ("88.57 mg/dL", Analyte.TRIGLYCERIDES, "1"),
        ("120 mg/dL", Analyte.FIBRINOGEN, "1.2"),
        ("17.1 umol/L", Analyte.BILIRUBIN, "1"),
        ("13,451 µg/L", Analyte.FERRITIN, "13451"),
        ("9.2 g/dL", Analyte.HAEMOGLOBIN, "92"),
        ("1.75 m", Analyte.HEIGHT, "175"),
        ("60 in", Analyte.HEIGHT, "152.4"),
        ("10 lb", Analyte.WEIGHT, "4.5359237"),
        ("3500 g", Analyte.WEIGHT, "3.5"),
        ("6 months", Analyte.AGE, "0.5"),
        ("1461 days", Analyte.AGE, "4"),
        ("102.2 °F", Analyte.TEMPERATURE, "39"),
        ("42000 /µL", Analyte.CELLS, "42"),
        ("42 x10^9/L", Analyte.CELLS, "42"),
        ("42 ×10⁹/L", Analyte.CELLS, "42"),
        ("1.5 g/m2", Analyte.DOSE_PER_SURFACE, "1500"),
    ],
)
def test_a_value_is_read_exactly_in_its_base_unit(text: str, analyte: Analyte, exact: str) -> None:
    value = read_value(text, analyte)

    assert isinstance(value, Measured)
    assert value.value == Fraction(exact)


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("88", RefusalCode.UNIT_MISSING, "creatinine 88: the unit is missing. Write mg/dL or"),
        ("88 mmol/L", RefusalCode.UNIT_MISSING, "'mmol/L' is not known for creatinine"),
        ("88 MG/DL", RefusalCode.UNIT_MISSING, "'MG/DL' is not known"),
        ("", RefusalCode.MISSING, "creatinine is missing"),
        ("high", RefusalCode.UNREADABLE, "no number"),
        ("1,9 mg/dL", RefusalCode.UNREADABLE, "decimal point"),
        ("1.9.2 mg/dL", RefusalCode.UNREADABLE, "no number"),
        ("1-2 mg/dL", RefusalCode.UNIT_MISSING, "'-2mg/dL'|'-2 mg/dL' is not known"),
    ],
)
def test_what_cannot_be_read_is_refused_by_name(text: str, code: RefusalCode, says: str) -> None:
    refusal = read_value(text, Analyte.CREATININE)

    assert isinstance(refusal, Refusal)
    assert refusal.code is code
    assert any(part in refusal.message for part in says.split("|"))


def test_a_point_that_may_mean_thousands_is_refused_where_thousands_are_common() -> None:
    ferritin = read_value("12.400 ng/mL", Analyte.FERRITIN)
    weight = read_value("3.245 kg", Analyte.WEIGHT)

    assert isinstance(ferritin, Refusal)
    assert isinstance(weight, Measured)


@given(text=st.text(max_size=40), analyte=st.sampled_from(Analyte))
def test_no_text_raises(text: str, analyte: Analyte) -> None:
    assert isinstance(read_value(text, analyte), Measured | Refusal)


@given(
    number=st.fractions(min_value=0, max_value=10**6, max_denominator=1000),
    analyte=st.sampled_from(Analyte),
    data=st.data(),
)
def test_a_conversion_there_and_back_is_the_identity(
    number: Fraction, analyte: Analyte, data: st.DataObject
) -> None:
    unit = data.draw(st.sampled_from(UNITS[analyte]))

    base = number * unit.factor + unit.offset

    assert in_unit(base, unit) == number


def test_no_spelling_means_two_units_of_one_analyte() -> None:
    for analyte, units in UNITS.items():
        spellings = [s for unit in units for s in set(unit.spellings)]

        assert len(spellings) == len(set(spellings)), analyte


@pytest.mark.parametrize(
    ("check", "low", "high"),
    [
        (check_weight, "0.4", "350"),
        (check_height, "25", "250"),
        (check_surface, "0.1", "3.5"),
        (check_age, "0", "130"),
    ],
)
def test_a_value_on_a_bound_is_taken_and_one_past_it_refused(
    check: object, low: str, high: str
) -> None:
    assert callable(check)

    assert check(D(low)) is None
    assert check(D(high)) is None
    for outside in (D(low) - D("0.001"), D(high) + D("0.001")):
        assert check(outside).code is RefusalCode.IMPLAUSIBLE


def test_creatinine_is_bounded_in_micromol_also_after_conversion() -> None:
    for text in ("5 µmol/L", "3000 µmol/L"):
        value = read_value(text, Analyte.CREATININE)
        assert isinstance(value, Measured)
        assert check_creatinine(value.decimal) is None
    for text in ("4.99 µmol/L", "3000.01 µmol/L", "88 mg/dL"):
        value = read_value(text, Analyte.CREATININE)
        assert isinstance(value, Measured)
        refusal = check_creatinine(value.decimal)
        assert refusal is not None
        assert refusal.code is RefusalCode.IMPLAUSIBLE
        assert "5–3000 µmol/L" in refusal.message


def test_70_cm_at_80_kg_is_refused_by_name() -> None:
    refusal = check_body(D(70), D(80))

    assert refusal is not None
    assert refusal.code is RefusalCode.IMPLAUSIBLE
    assert "70 cm" in refusal.message
    assert "80 kg" in refusal.message


@pytest.mark.parametrize(
    ("height", "weight", "age", "code"),
    [
        ("70", "80", "1", RefusalCode.AGE_WEIGHT),
        ("175", "70", "40", None),
        ("95", "14", "3", None),
        ("50", "3.5", "0", None),
        ("40", "1.2", "0", None),  # preterm
        ("110", "42", "5", RefusalCode.AGE_WEIGHT),  # 42 lb as kg
        ("100", "9.9", "20", RefusalCode.IMPLAUSIBLE),  # body-mass index 9.9
        ("100", "10", "20", None),
        ("160", "204.8", "30", None),  # body-mass index 80
        ("160", "205", "30", RefusalCode.IMPLAUSIBLE),
        ("48", "2.2", None, RefusalCode.IMPLAUSIBLE),  # no age: the index counts
        ("48", "2.2", "0", None),
        ("35", "0.9", "0", RefusalCode.IMPLAUSIBLE),  # surface 0.09 m²
        ("1.75", "70", "40", RefusalCode.IMPLAUSIBLE),
        ("175", "70", "131", RefusalCode.IMPLAUSIBLE),
    ],
)
def test_height_weight_and_age_have_to_belong_together(
    height: str, weight: str, age: str | None, code: RefusalCode | None
) -> None:
    refusal = check_body(D(height), D(weight), None if age is None else D(age))

    assert (refusal and refusal.code) == code


def test_the_weight_bands_rise_in_age_and_have_no_gap() -> None:
    bands = weight_bands()

    assert [b.below_years for b in bands] == sorted({b.below_years for b in bands})
    assert all(b.low_kg < b.high_kg for b in bands)
    assert bands[-1].below_years == 20
    assert check_age_weight(D(20), D(300)) is None
    assert check_age_weight(D("19.99"), D(300)) is not None


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("0.25", 1, "0.3"),
        ("-0.25", 1, "-0.3"),
        ("2.5", 0, "3"),
        ("187.5", 0, "188"),
        ("-0.04", 1, "0.0"),
        ("1E+2", 0, "100"),
    ],
)
def test_display_rounds_half_away_from_zero(value: str, places: int, shown: str) -> None:
    assert display(D(value), places) == shown


def test_plain_keeps_every_digit_and_drops_empty_ones() -> None:
    assert plain(D("70.00")) == "70"
    assert plain(D("1E+2")) == "100"
    assert plain(Fraction(1, 8)) == "0.125"
