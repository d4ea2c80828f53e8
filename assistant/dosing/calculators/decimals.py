"""Decimal arithmetic of the calculators: 28 digits, whatever the caller's context is."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from decimal import (
    ROUND_HALF_EVEN,
    ROUND_HALF_UP,
    Context,
    Decimal,
    DivisionByZero,
    InvalidOperation,
    Overflow,
    localcontext,
)
from fractions import Fraction

DIGITS = 28
_TRAPS = [InvalidOperation, DivisionByZero, Overflow]


@contextmanager
def exact_enough() -> Iterator[None]:
    """Calculate inside with 28 digits, so that a result never depends on who calls."""
    context = Context(prec=DIGITS, rounding=ROUND_HALF_EVEN, traps=_TRAPS)
    with localcontext(context):
        yield


def to_decimal(value: Fraction) -> Decimal:
    """An exact value as a decimal of at most 28 digits.

    >>> to_decimal(Fraction(5, 2))
    Decimal('2.5')
    """
    with exact_enough():
        return Decimal(value.numerator) / Decimal(value.denominator)


def rounded(value: Decimal, places: int) -> Decimal:
    """Rounded to ``places`` decimal places, half away from zero.

    >>> rounded(Decimal("-0.25"), 1)
    Decimal('-0.3')
    """
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=DIGITS * 3))


def display(value: Decimal | Fraction, places: int) -> str:
    """A value for reading, rounded half away from zero, with no "-0".

    >>> display(Decimal("1.8446619"), 3)
    '1.845'
    """
    exact = to_decimal(value) if isinstance(value, Fraction) else value
    result = rounded(exact, places)
    return f"{abs(result) if result.is_zero() else result:f}"


def plain(value: Decimal | Fraction) -> str:
    """All the digits of a value, without an exponent or trailing zeros.

    >>> plain(Decimal("70.0"))
    '70'
    """
    exact = to_decimal(value) if isinstance(value, Fraction) else value
    text = f"{exact:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
