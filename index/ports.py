"""The plug points: what an embedder, a vector store and a keyword search promise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]
"""Rows of float32."""

Hit: TypeAlias = tuple[str, float]
"""A passage id and its score; higher is closer."""


class Embedder(Protocol):
    """Turns texts into vectors whose cosine says how close they are in meaning."""

    @property
    def name(self) -> str:
        """Model and revision, part of the index fingerprint; known without loading it."""
        ...

    @property
    def dim(self) -> int:
        """Length of a vector; known without loading the model."""
        ...

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit rows in the order given: (len(texts), dim), float32; no text, no row."""
        ...


class VectorStore(Protocol):
    """Keeps one unit vector for each passage id."""

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Vectors) -> None:
        """Add or replace by id: adding twice changes nothing.

        Raises ValueError when an id stands twice in one call, or when the rows are not
        finite unit vectors of one length, one for each id.
        """
        ...

    def nearest(self, vector: Vectors, k: int) -> Sequence[Hit]:
        """At most k, best first, with cosine similarity (-1..1); ties by id."""
        ...

    def vectors(self) -> tuple[tuple[str, ...], Vectors]:
        """Everything stored: the ids in their order, and their rows (n, dim)."""
        ...

    def count(self) -> int:
        """How many ids are stored."""
        ...

    def close(self) -> None:
        """Write what is pending and let go of files; the store is not used after it."""
        ...


class KeywordSearch(Protocol):
    """Finds the passages that share words with a query."""

    def nearest(self, query: str, k: int) -> Sequence[Hit]:
        """At most k with a score above 0, best first; ties by id; no common word, no hit."""
        ...

    def cover(self, query: str, ids: Iterable[str]) -> Mapping[str, float]:
        """Share of the query's words that each of these passages holds, 0..1."""
        ...
