"""Which statements of the library a text carries, when it cites none of them.  (pure)"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from corpus.library import Library
from eval.metrics import numbers_of
from index.keyword import tokens

COVERED = 0.7
"""Share of a statement's words, weighted by how rare they are, that a text has to hold."""
WINDOW = 3
"""Sentences that are read together: a fact may be spread over a few, not over a page."""
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")


@dataclass(frozen=True)
class Matcher:
    """Finds the statements of one library in texts of other systems."""

    library: Library

    def carried(self, text: str) -> tuple[str, ...]:
        """Ids of the statements that the text carries, in the order of the library.

        A few neighbouring sentences have to hold nearly all of a statement's words and each of
        its numbers with the same unit: a dose that differs is not carried, however alike the
        rest is. A paraphrase in other words is missed, so the count is a lower bound.

        Source: own definition; nugget matching as in Lin & Demner-Fushman 2005, with a gate.
        """
        sentences = [s for s in _SENTENCE.split(text) if s.strip()]
        windows = [
            " ".join(sentences[at : at + WINDOW])
            for at in range(max(1, len(sentences) - WINDOW + 1))
        ]
        read = [(frozenset(tokens(w)), _numbers(w)) for w in windows]
        return tuple(
            id_
            for id_ in self.library.passages
            if any(self._holds(id_, words, numbers) for words, numbers in read)
        )

    def _holds(self, id_: str, words: frozenset[str], numbers: frozenset[str]) -> bool:
        wanted, gate = self._wanted[id_]
        if not gate <= numbers:
            return False
        weight = sum(self._idf[word] for word in wanted)
        held = sum(self._idf[word] for word in wanted & words)
        return weight > 0 and held >= COVERED * weight

    @cached_property
    def _wanted(self) -> Mapping[str, tuple[frozenset[str], frozenset[str]]]:
        return {
            id_: (frozenset(tokens(passage.text)), _numbers(passage.text))
            for id_, passage in self.library.passages.items()
        }

    @cached_property
    def _idf(self) -> Mapping[str, float]:
        counts = Counter(word for words, _ in self._wanted.values() for word in words)
        n = len(self._wanted)
        return {word: math.log(1 + (n - df + 0.5) / (df + 0.5)) for word, df in counts.items()}


# Other systems write "m2" and a plain hyphen; the same number is meant.
_PLAIN = str.maketrans({"²": "2", "³": "3", "–": "-", "−": "-", "\u00a0": " ", "\u202f": " "})


def _numbers(text: str) -> frozenset[str]:
    return frozenset(numbers_of(text.translate(_PLAIN)))
