"""A pipeline without a language model: the chunks that it would hand to one are its answer."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from assistant.model import Outcome, Question
from corpus.library import Library
from eval.model import Observed, Said
from eval.peers.port import ChunkIndex

DEPTH = 100
"""Chunks down to which a ranking is read."""
_WORD = re.compile(r"\S+")


@dataclass(frozen=True)
class Holdings:
    """Says which statements of a library a text holds whole."""

    library: Library
    _seen: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def of(self, text: str) -> tuple[str, ...]:
        """Ids of the statements that stand word for word in the text, in the text's order.

        Line breaks and double spaces are not looked at.
        """
        if text not in self._seen:
            plain = " ".join(text.split())
            places = (
                (plain.find(" ".join(passage.text.split())), id_)
                for id_, passage in self.library.passages.items()
            )
            self._seen[text] = tuple(id_ for at, id_ in sorted(places) if at >= 0)
        return self._seen[text]


@dataclass(frozen=True)
class Stuffing:
    """Shows the first chunks of a search, each as one sentence that cites what it holds whole."""

    index: ChunkIndex
    holdings: Holdings

    def rank(self, question: Question) -> Sequence[str]:
        """The statements that the chunks hold whole, chunk by chunk, none twice."""
        found = self._texts(question, DEPTH)
        return tuple(dict.fromkeys(id_ for text in found for id_ in self.holdings.of(text)))

    def answer(self, question: Question) -> Observed:
        """As many chunks as the pipeline shows by default; declined when nothing was found."""
        start = time.perf_counter()
        found = self._texts(question, self.index.shown)
        return self._observed(found, 1000 * (time.perf_counter() - start))

    def within(self, question: Question, words: int) -> Observed:
        """Chunks until the words are used up; the last one is cut in its middle."""
        return self._observed(tuple(cut_to(self._texts(question, DEPTH), words)))

    def _texts(self, question: Question, n: int) -> tuple[str, ...]:
        return tuple(self.index.chunks[at].text for at in self.index.find(query_of(question), n))

    def _observed(self, texts: Sequence[str], elapsed_ms: float = 0.0) -> Observed:
        return Observed(
            outcome=Outcome.ANSWERED if texts else Outcome.DECLINED,
            said=tuple(Said(text=text, cites=self.holdings.of(text)) for text in texts),
            elapsed_ms=elapsed_ms,
        )


def query_of(question: Question) -> str:
    """What a pipeline with a memory searches: the conversation, one turn a line.

    >>> query_of(Question(text="and for children?", history=("dose of etoposide?",)))
    'dose of etoposide?\\nand for children?'
    """
    return "\n".join((*question.history, question.text))


def cut_to(texts: Sequence[str], words: int) -> Iterator[str]:
    """The texts in order until this many words are used up; the last may be cut.

    >>> list(cut_to(["one two", "three four"], 3))
    ['one two', 'three']
    """
    for text in texts:
        if words <= 0:
            return
        ends = [match.end() for match in _WORD.finditer(text)]
        yield text if len(ends) <= words else text[: ends[words - 1]]
        words -= len(ends)


def words_of(observed: Observed) -> int:
    """How many words an answer shows."""
    return sum(len(said.text.split()) for said in observed.said)
