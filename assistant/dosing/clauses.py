"""Sentences and clauses of a text: a dose belongs to the drug of its own clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.dosing.tokens import Token
from assistant.dosing.windows import look_back

_ABBREVIATED = """
    al approx b.d b.i.d ca cap caps cf conc div dr e.g equiv fig hr hrs i.e i.m i.t i.v incl
    inj kg max mcg mg min no o.d p.o prn prof pt pts q.d q.i.d ref resp s.c sect soln st
    susp t.i.d tab tabs temp tsp u.k u.s viz vs wt
"""
_ABBREVIATIONS = frozenset(_ABBREVIATED.split())
_END = re.compile(r"\n|[.!?][\"')\]⟧]*\s(?=[\"'(\[]?[A-Z0-9⟦])")
_LAST_WORD = re.compile(r"[A-Za-z]+(?:\.[A-Za-z]+)*\Z")
_REACH = 12  # characters before a full stop that may be an abbreviation
_BREAK = re.compile(
    r";|•|→|(?:,|\band)?\s?\b(?:then|thereafter|followed\sby|subsequently|afterwards|and\sthen)\b",
    re.IGNORECASE,
)
_BREAKS = (";", "•", "→", "then", "thereafter", "followed", "subsequently", "afterwards")


@dataclass(frozen=True, slots=True)
class Clause:
    """Half-open range of one clause."""

    start: int
    end: int


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


def split_sentences(text: str, tokens: Sequence[Token]) -> tuple[Sentence, ...]:
    """The sentences in order; a break inside a token ("5→10 mg") is none."""
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
    sentences: list[Sentence] = []
    for start, end in pairwise(cuts):
        if text[start:end].strip():
            index = len(sentences)
            sentences.append(Sentence(index, start, end, _clauses(text, start, end, inside)))
    return tuple(sentences)


def _abbreviated(text: str, dot: int) -> bool:
    word = look_back(_LAST_WORD, text, dot, _REACH) if text[dot] == "." else None
    if word is None:
        return False
    spelled = word.group()
    if spelled.lower() in _ENDS_TOO:
        return not _NEW_SENTENCE.match(text, dot)
    return spelled.lower() in _ABBREVIATIONS


_DAILY = {"b.i.d", "t.i.d", "q.i.d", "q.d", "o.d", "b.d", "i.v", "p.o", "s.c", "i.m", "i.t", "prn"}
_ENDS_TOO = _DAILY | {"mg", "kg", "mcg", "hrs", "hr", "tabs", "caps", "pts", "pt"}
_NEW_SENTENCE = re.compile(r"\.\s[A-Z][a-z]")


def _clauses(text: str, start: int, end: int, inside: bytearray) -> tuple[Clause, ...]:
    written = text[start:end].lower()
    cuts = [start]
    if any(stem in written for stem in _BREAKS):
        for match in _BREAK.finditer(text, start, end):
            if not inside[match.start()] and text[cuts[-1] : match.start()].strip():
                cuts.append(match.end())
    return tuple(Clause(at, to) for at, to in pairwise((*cuts, end)))
