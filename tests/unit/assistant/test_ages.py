"""A dose of another age band never stands in for the patient's."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assistant.ages import age_band, is_for_another_age


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
    assert not is_for_another_age(text, 40)


@pytest.mark.parametrize(("age", "other"), [(0.99, True), (1, False), (1.99, False), (2, True)])
def test_the_lower_birthday_is_inside_and_the_upper_one_outside(age: float, other: bool) -> None:
    assert is_for_another_age("Disease, 1 to under 2 years: 8 mg.", age) is other
