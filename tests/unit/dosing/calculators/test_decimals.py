"""Decimals of the calculators: half away from zero, all digits, no exponent, no "-0"."""

from __future__ import annotations

from decimal import Decimal, localcontext
from fractions import Fraction

import pytest

from assistant.dosing.calculators.decimals import display, plain, rounded, to_decimal

LONG = Decimal("123456789012345678901234567890123456789012345678901234567890.25")


@pytest.mark.parametrize(
    ("value", "places", "result"),
    [
        ("0.25", 1, "0.3"),
        ("-0.25", 1, "-0.3"),
        ("0.35", 1, "0.4"),
        ("2.5", 0, "3"),
        ("1.8446619", 3, "1.845"),
        ("0.04", 1, "0.0"),
    ],
)
def test_halves_go_away_from_zero(value: str, places: int, result: str) -> None:
    assert str(rounded(Decimal(value), places)) == result


def test_a_number_of_many_digits_is_rounded_whatever_the_context_of_the_caller() -> None:
    with localcontext() as context:
        context.prec = 3
        assert str(rounded(LONG, 1)).endswith("7890.3")
        assert str(to_decimal(Fraction(1, 3))) == "0." + "3" * 28


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [("-0.04", 1, "0.0"), ("-0.06", 1, "-0.1"), ("1000000", 0, "1000000"), ("1E+3", 1, "1000.0")],
)
def test_a_displayed_value_is_no_minus_zero_and_has_no_exponent(
    value: str, places: int, text: str
) -> None:
    assert display(Decimal(value), places) == text


def test_a_fraction_is_displayed_as_its_decimal() -> None:
    assert display(Fraction(2, 3), 2) == "0.67"
    assert plain(Fraction(5, 2)) == "2.5"


@pytest.mark.parametrize(
    ("value", "text"),
    [("70.0", "70"), ("70.50", "70.5"), ("100", "100"), ("1E+2", "100"), ("0.10", "0.1")],
)
def test_all_digits_and_no_trailing_zero(value: str, text: str) -> None:
    assert plain(Decimal(value)) == text
