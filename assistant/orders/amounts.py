"""What a dose amounts to, counted for each administration, a day or a week; slips of a power.

Exact fractions throughout, in the base unit of the amount's dimension.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from assistant.dosing import Dose
from assistant.dosing.rates import rates
from assistant.dosing.units import canonical

Pair = tuple[Fraction, Fraction]

EACH = "dose"
RAW = ""
"""The amount as written, where one side does not say what it counts for."""

_TOTALS = ("d", "wk")
_SLIPS = tuple(
    factor for power in (1, 2, 3, 6) for factor in (Fraction(10**power), Fraction(1, 10**power))
)


def raw(dose: Dose) -> Pair | None:
    """The amount in base units as written; None when it could not be read."""
    if dose.low is None or dose.high is None:
        return None
    return canonical(dose.low, dose.unit)[0], canonical(dose.high, dose.unit)[0]


def own_key(dose: Dose) -> str:
    """What the amount is written for: "dose", "d", "wk", ...; "" where it is not said."""
    return dose.per or (EACH if dose.freq else RAW)


def counted(dose: Dose) -> Mapping[str, Pair]:
    """The amount for each administration, a day and a week, as far as the dose says.

    Its own way of counting is first. A frequency that leaves a choice gives a range.
    """
    amount = raw(dose)
    if amount is None:
        return {}
    key = own_key(dose)
    found = {key: amount}
    if dose.freq is None:
        return found
    for total in _TOTALS:
        pace = rates(dose.freq, total)
        if pace is None or pace[0] < 1:
            continue
        if key == EACH:
            found[total] = amount[0] * pace[0], amount[1] * pace[1]
        elif key == total:
            found[EACH] = amount[0] / pace[1], amount[1] / pace[0]
    return found


def shared(order: Dose, other: Dose) -> tuple[tuple[str, Pair, Pair], ...]:
    """The ways in which both doses can be counted, the order's own first.

    Where they share none because one side does not say what its amount is for, the amounts
    are compared as written.
    """
    mine, theirs = counted(order), counted(other)
    both = tuple((key, mine[key], theirs[key]) for key in mine if key in theirs)
    keys = {own_key(order), own_key(other)}
    if both or RAW not in keys:
        return both
    one, two = raw(order), raw(other)
    return ((RAW, one, two),) if one and two else ()


def inside(mine: Pair, theirs: Pair) -> bool:
    """Whether an amount or range lies in another, ends included."""
    return theirs[0] <= mine[0] <= mine[1] <= theirs[1]


def slip(mine: Pair, theirs: Pair) -> Fraction | None:
    """The power of ten (10, 100, 1000, a million, or one part in as many) that parts them.

    Exact: the amount divided by it is the other, or lies in the other's range.
    """
    if inside(mine, theirs):
        return None
    for factor in _SLIPS:
        if inside((mine[0] / factor, mine[1] / factor), theirs):
            return factor
    return None
