"""The plug points: what a baseline promises, and the searched chunks behind it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.model import Question
from eval.model import Observed
from eval.system import System
from index.ports import Embedder


class Baseline(System, Protocol):
    """A system whose answer can be made as short as another's."""

    def within(self, question: Question, words: int) -> Observed:
        """What it shows when it may show this many words and no more; none for 0."""
        ...


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of text as a pipeline cuts it, and the id of what it was cut from."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class ChunkIndex:
    """Chunks and a search over them.

    ``find(query, n)`` gives the places in ``chunks`` of at most n, best first. ``shown`` is how
    many of them the pipeline hands on by default.
    """

    chunks: tuple[Chunk, ...]
    shown: int
    find: Callable[[str, int], Sequence[int]]


class Framework(Protocol):
    """A foreign pipeline at its default settings; MissingExtra where it is not installed."""

    def cut(self, texts: Mapping[str, str]) -> tuple[Chunk, ...]:
        """The chunks of these texts, by id, in their order."""
        ...

    def open(self, chunks: tuple[Chunk, ...], embedder: Embedder) -> ChunkIndex:
        """The chunks embedded and ready to be searched; at least one chunk."""
        ...
