"""Sentences and clauses of a text: a dose belongs to the drug of its own clause."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.dosing.tokens import Token

_ABBREVIATED = """
    al approx b.d b.i.d ca cap caps cf conc div dr e.g equiv fig hr hrs i.e i.m i.t i.v incl
    inj kg max mcg mg min no o.d p.o prn prof pt pts q.d q.i.d ref resp s.c sect soln st
    susp t.i.d tab tabs temp tsp u.k u.s viz vs wt
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_END = re.compile(r"\n|[.!?][\"')\]⟧]*\s(?=[\"'(\[]?[A-Z0-9⟦])")
_LAST_WORD = re.compile(r"([A-Za-z]+(?:\.[A-Za-z]+)*)\Z")
_BREAK = re.compile(
    r";|•|→|(?:,|\band)?\s?\b(?:then|thereafter|followed\sby|subsequently|afterwards|and\sthen)\b",
    re.IGNORECASE,
)
_BREAKS = (";", "•", "→", "then", "thereafter", "followed", "subsequently", "afterwards")


@dataclass(frozen=True, slots=True)
class Clause:
    """Half-open range of one clause; ``joined``: it goes on from the clause before it."""

    start: int
    end: int
    sentence: int
    joined: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """Half-open range of one sentence, with its clauses."""

    index: int
    start: int
    end: int
    clauses: tuple[Clause, ...]

    def clause_at(self, at: int) -> Clause:
        """The clause that holds an offset."""
        return next((c for c in self.clauses if c.start <= at < c.end), self.clauses[-1])


def split_sentences(
    text: str, tokens: Sequence[Token], amounts: Sequence[int] = ()
) -> tuple[Sentence, ...]:
    """The sentences in order; a break inside a token ("5→10 mg") is none.

    Only a sentence that holds one of the ``amounts`` (offsets, in order) is cut into clauses.
    """
    inside = bytearray(len(text) + 1)
    for token in tokens:
        inside[token.start : token.end] = b"\x01" * (token.end - token.start)
    cuts = [0]
    for match in _END.finditer(text):
        if match.group() != "\n" and _abbreviated(text, match.start()):
            continue
        if not inside[match.start()]:
            cuts.append(match.end())
    cuts.append(len(text))
    whole = text.lower()
    broken = any(stem in whole for stem in _BREAKS)
    sentences: list[Sentence] = []
    for start, end in pairwise(cuts):
        if text[start:end].strip():
            index = len(sentences)
            at = bisect_left(amounts, start)
            dosed = at < len(amounts) and amounts[at] < end
            clauses = (
                _clauses(text, start, end, index, inside)
                if dosed and broken
                else (Clause(start, end, index),)
            )
            sentences.append(Sentence(index, start, end, clauses))
    return tuple(sentences)


def _abbreviated(text: str, dot: int) -> bool:
    if text[dot] != "." or not text[dot - 1 : dot].isalpha():
        return False
    word = _LAST_WORD.search(text[max(0, dot - 12) : dot])
    if word is None:
        return False
    spelled = word.group(1)
    if spelled.lower() in _ENDS_TOO:
        return not _NEW_SENTENCE.match(text, dot)
    return spelled.lower() in _ABBREVIATIONS


_DAILY = {"b.i.d", "t.i.d", "q.i.d", "q.d", "o.d", "b.d", "i.v", "p.o", "s.c", "i.m", "i.t", "prn"}
_ENDS_TOO = _DAILY | {"mg", "kg", "mcg", "hrs", "hr", "tabs", "caps", "pts", "pt"}
_NEW_SENTENCE = re.compile(r"\.\s[A-Z][a-z]")


def _clauses(
    text: str, start: int, end: int, sentence: int, inside: bytearray
) -> tuple[Clause, ...]:
    clauses = []
    at, joined = start, False
    written = text[start:end].lower()
    if not any(stem in written for stem in _BREAKS):
        return (Clause(start, end, sentence),)
    for match in _BREAK.finditer(text, start, end):
        if inside[match.start()] or not text[at : match.start()].strip():
            continue
        clauses.append(Clause(at, match.end(), sentence, joined))
        at, joined = match.end(), True
    clauses.append(Clause(at, end, sentence, joined))
    return tuple(clauses)
