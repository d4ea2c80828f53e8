"""Lengths of time and counts: equal, inside one another, in words."""

from __future__ import annotations

from fractions import Fraction

import pytest

from assistant.dosing.lengths import inside_bound, same_bound, say_bound
from assistant.dosing.model import Bound


def bound(text: str) -> Bound:
    """ "3-5 d", "3 d", "-5 d" (up to), "3- d" (at least), "2-4" (a count), "- d" (open)."""
    ends, _, unit = text.partition(" ")
    low, dash, high = ends.partition("-")
    return Bound(
        Fraction(low) if low else None,
        Fraction(high or low) if high or not dash else None,
        unit,
    )


@pytest.mark.parametrize(
    ("mine", "theirs", "inside"),
    [
        ("3 d", "3-5 d", True),
        ("5 d", "3-5 d", True),
        ("4-5 d", "3-5 d", True),
        ("3-4 d", "3-5 d", True),
        ("2 d", "3-5 d", False),
        ("6 d", "3-5 d", False),
        ("2-4 d", "3-5 d", False),
        ("4-6 d", "3-5 d", False),
        ("4 d", "4 d", False),  # equal, and not inside a range
        ("4 d", "-5 d", False),  # no range is given
        ("4 d", "3- d", False),
        ("-4 d", "3-5 d", False),
        ("4- d", "3-5 d", False),
        ("1 wk", "5-9 d", True),
        ("8 d", "1-2 wk", True),
        ("36 h", "1-2 d", True),
        ("2 wk", "5-9 d", False),
        ("3", "2-4", True),
        ("2", "2-4", True),
        ("5", "2-4", False),
        ("3", "2-4 d", False),  # a count is no time
        ("3 d", "2-4", False),
        ("1 mo", "2-9 wk", False),  # months have no fixed length
        ("4 wk", "1-2 mo", False),
    ],
)
def test_a_length_lies_inside_a_range_of_the_same_sort(
    mine: str, theirs: str, inside: bool
) -> None:
    assert inside_bound(bound(mine), bound(theirs)) is inside


@pytest.mark.parametrize(
    ("mine", "theirs", "same"),
    [
        ("3-5 d", "3-5 d", True),
        ("3-5 d", "3-4 d", False),
        ("3-5 d", "2-5 d", False),
        ("2 wk", "14 d", True),
        ("1-2 wk", "7-14 d", True),
        ("1-2 wk", "8-14 d", False),
        ("1-2 wk", "7-13 d", False),
        ("48 h", "2 d", True),
        ("1 wk", "168 h", True),
        ("-2 wk", "-14 d", True),
        ("-2 wk", "14 d", False),
        ("2- wk", "14- d", True),
        ("8 wk", "2 mo", True),
        ("2 mo", "8 wk", True),
        ("4 wk", "1 mo", True),
        ("12 wk", "3 mo", False),  # longer than two months, the difference counts
        ("9 wk", "2 mo", False),
        ("1- mo", "4 wk", False),
        ("60 d", "2 mo", False),
        ("3", "3", True),
        ("3", "3 d", False),
    ],
)
def test_equal_lengths_are_equal_in_any_unit_of_fixed_length(
    mine: str, theirs: str, same: bool
) -> None:
    assert same_bound(bound(mine), bound(theirs)) is same


def test_nothing_equals_a_length_that_is_not_given() -> None:
    assert same_bound(bound("3 d"), None) is False


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("3-5 d", "3-5 d"),
        ("3 d", "3 d"),
        ("-8 wk", "up to 8 wk"),
        ("3- d", "at least 3 d"),
        ("- d", "divided"),
        ("4", "4"),
        ("2-4", "2-4"),
    ],
)
def test_a_length_in_words(text: str, words: str) -> None:
    assert say_bound(bound(text)) == words
