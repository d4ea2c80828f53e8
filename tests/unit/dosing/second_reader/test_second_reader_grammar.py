"""The grammar is LALR(1) without a conflict, and stays so."""

from __future__ import annotations

import pytest
from lark import Lark
from lark.exceptions import GrammarError

from .phrases import GRAMMAR, Terminals, grammar
from .reading import Amount, read


def test_the_grammar_builds_where_a_conflict_is_an_error() -> None:
    assert grammar().options.parser == "lalr"
    assert grammar().options.strict


def test_a_conflict_would_be_refused() -> None:
    ambiguous = GRAMMAR.read_text("utf-8").replace("tail: frequency", "tail: dose | frequency")

    with pytest.raises(GrammarError):
        Lark(ambiguous, parser="lalr", lexer=Terminals, strict=True)


def test_a_phrase_keeps_its_last_denominator() -> None:
    # A general parser dropped it in 20 of 40 strings, see section 3 of the specification.
    assert read("0.5 µg/kg/min continuous infusion").amounts == [
        Amount("0.5", "0.5", "ug", "kg", "min")
    ]


def test_text_without_a_dose_holds_no_timing_either() -> None:
    reading = read("HLH-94: reassess at least every 12 hours for 3 days")

    assert (reading.amounts, reading.frequencies, reading.durations) == ([], [], [])
