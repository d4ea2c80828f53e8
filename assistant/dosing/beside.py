"""Doses on which a heading, a table's head or the next sentence says something: in doubt.

The reader gives an amount the role that its own sentence gives it. A line without an amount
("Stopped on admission:", "Drug | Maximum dose", "Both were stopped.") can change the sense of
the amounts beside it; the reader does not follow that, so that it is said by a flag.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from assistant.dosing.clauses import Sentence
from assistant.dosing.cues import names_a_sense

# "Doses per kg body weight:", "Infusion rates (per hour)": the unit stands in the heading.
_UNIT = re.compile(
    r"(?:\bper\s|/)(?:kg|kilogram|m2|m²|square|hour|h\b|day|minute|week|tablet|capsule|dose|ml)"
    r"|\bcomposition|\bstrength|\bstock|\bcontents|\bbefore\b|\bbaseline|\bexclu|\boverdose|\berrors?\b"
)
_OF_THE_LAST = re.compile(
    r"\A(?:all|it|this|these|they|that|those|the\s(?:dose|drug|drugs|former|latter|order|two)|each)\b"
    r"|\b(?:both|them)\b"
)
_OF_THE_NEXT = re.compile(r"\b(?:below|following|as\sfollows)\b")
_LETTER = re.compile(r"[a-z]")
_ENDED = (".", "!", "?")


def in_doubt(text: str, sentences: Sequence[Sentence], amounts: Sequence[int]) -> frozenset[int]:
    """Indices of the sentences whose amounts a line beside them may speak of.

    ``amounts`` are the offsets of all amounts, in order.
    """
    found: set[int] = set()
    if not amounts or len(sentences) < 2:
        return frozenset()
    headed = False
    last: int | None = None  # the sentence before, where it holds an amount
    end = 0
    for sentence in sentences:
        at = bisect_left(amounts, sentence.start)
        if "\n\n" in text[end : sentence.start]:
            headed, last = False, None
        end = sentence.end
        if at < len(amounts) and amounts[at] < sentence.end:
            if headed:
                found.add(sentence.index)
            last = sentence.index
            continue
        words = text[sentence.start : sentence.end].strip().lower()
        if not _LETTER.search(words):  # the rule under a table's head
            continue
        turns = names_a_sense(words) or _UNIT.search(words) is not None
        if not words.endswith(_ENDED) or _OF_THE_NEXT.search(words):
            headed = turns
        if last is not None and turns and _OF_THE_LAST.search(words):
            found.add(last)
        last = None
    return frozenset(found)
