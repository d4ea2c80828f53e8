"""A dose of another band of ages or weights never stands in for the patient's."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assistant.ages import age_band, is_for, weight_band


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("Disease, 1 to under 2 years: 8 mg.", (Fraction(1), Fraction(2))),
        ("Disease, under 6 months: 8 mg.", (None, Fraction(1, 2))),
        ("Disease, 3 years and over including adults: 12 mg.", (Fraction(3), None)),
    ],
)
def test_a_band_before_the_colon_restricts_the_whole_statement(
    text: str, band: tuple[Fraction | None, Fraction | None]
) -> None:
    assert age_band(text) == band


@pytest.mark.parametrize(
    "text",
    [
        "By age: 6 mg under 1 year, 8 mg from 1 year.",
        "Disease, 2-3 years: 8 mg.",  # does it hold on the third birthday?
        "Disease under 1 year or 12 years and over: 8 mg.",
        "Give 6 mg under 1 year.",
    ],
)
def test_a_statement_without_exactly_one_plain_band_restricts_nobody(text: str) -> None:
    assert age_band(text) is None
    assert is_for(text, 40, None) is None


@pytest.mark.parametrize(("age", "inside"), [(0.99, False), (1, True), (1.99, True), (2, False)])
def test_the_lower_birthday_is_inside_and_the_upper_one_outside(age: float, inside: bool) -> None:
    assert is_for("Disease, 1 to under 2 years: 8 mg.", age, None) is inside


@pytest.mark.parametrize(
    ("text", "band"),
    [
        ("Disease, 45 kg or more: 100 mg.", (Fraction(45), None)),
        ("Disease, under 45 kg, at any age: 2 mg/kg.", (None, Fraction(45))),
        ("Disease, below 2.5 kg: 2 mg/kg.", (None, Fraction(5, 2))),
        ("Disease, under 45 kg or 60 kg and over: 2 mg/kg.", None),
        ("Disease: 100 mg at 45 kg or more.", None),
        ("Disease, 40 mg/kg or more: rarely.", None),
        ("Give 100 mg at 45 kg or more.", None),
    ],
)
def test_a_band_of_weights_before_the_colon_restricts_the_whole_statement(
    text: str, band: tuple[Fraction | None, Fraction | None] | None
) -> None:
    assert weight_band(text) == band


@pytest.mark.parametrize(("weight", "inside"), [(44.9, False), (45, True), (None, None)])
def test_the_lower_weight_is_inside(weight: float | None, inside: bool | None) -> None:
    assert is_for("Disease, 45 kg or more: 100 mg.", None, weight) is inside


@pytest.mark.parametrize(
    ("age", "weight", "inside"), [(13, 47, True), (13, 44, False), (9, 47, False)]
)
def test_a_patient_lies_in_both_bands(age: float, weight: float, inside: bool) -> None:
    text = "Disease, 12 years and over, 45 kg or more: 100 mg."

    assert is_for(text, age, weight) is inside
