"""How far the reader looks back from a place in a text."""

from __future__ import annotations

import re

from assistant.dosing.windows import look_back, text_before


def test_the_text_before_a_place_goes_back_as_far_as_the_reach() -> None:
    assert text_before("abcdef", 4, 3) == "bcd"


def test_the_text_before_a_place_begins_with_the_text() -> None:
    assert text_before("abcdef", 2, 3) == "ab"


def test_a_word_is_found_up_to_the_reach_and_not_beyond() -> None:
    never = re.compile(r"\bnever\b")

    assert look_back(never, "x never 5", 8, 6) is not None
    assert look_back(never, "x never 5", 8, 5) is None


def test_the_first_word_of_a_text_is_found() -> None:
    assert look_back(re.compile(r"\Anever\s\Z"), "never 5", 6, 60) is not None


def test_a_word_does_not_begin_at_the_edge_of_the_reach() -> None:
    assert look_back(re.compile(r"\bever\b"), "never 5", 6, 5) is None
