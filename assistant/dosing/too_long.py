"""Sentences that are too long to be read: blanked, and each of their digits accounted for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.dosing.clauses import split_sentences
from assistant.dosing.model import MAX_NUMBERS, MAX_SENTENCE, Kind, Number
from assistant.dosing.normalise import Normal, normalise
from assistant.dosing.tokens import count_numerals

_ANY_DIGITS = re.compile(r"\d+|[^\W\d]|[^\x00-\x7f]")  # "²" is a digit, but not of \d


def readable(text: str) -> tuple[Normal, list[tuple[int, int]]]:
    """The normalised text with sentences over a limit blanked, and their raw spans."""
    normal = normalise(text)
    text = normal.text
    if not any(_over_a_limit(line) for line in text.split("\n")):  # a sentence ends with its line
        return normal, []
    over = [
        (sentence.start, sentence.end)
        for sentence in split_sentences(text, ())
        if _over_a_limit(text[sentence.start : sentence.end])
    ]
    blanked = replace(normal, text=blanked_out(text, over))
    return blanked, [normal.raw_span(*span) for span in over]


def _over_a_limit(sentence: str) -> bool:
    if len(sentence) < 2 * MAX_NUMBERS:  # numerals have something between them
        return False
    return len(sentence) > MAX_SENTENCE or count_numerals(sentence) > MAX_NUMBERS


def unread_digits(raw: str, refused: Sequence[tuple[int, int]]) -> list[Number]:
    """I1 holds in a refused sentence too: each run of its digits is one unknown number."""
    return [
        Number(text=digits.group(), kind=Kind.UNKNOWN, start=digits.start(), end=digits.end())
        for start, end in refused
        for digits in _ANY_DIGITS.finditer(raw, start, end)
        if digits.group().isdigit()
    ]


def blanked_out(text: str, spans: Sequence[tuple[int, int]]) -> str:
    """The text with spaces in the place of some of it."""
    parts, at = [], 0
    for start, end in spans:
        parts += [text[at:start], " " * (end - start)]
        at = end
    return "".join(parts) + text[at:]
