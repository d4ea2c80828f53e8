"""Exact search over vectors in memory: the reference to which other stores answer."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.errors import IndexDamaged
from index.ports import Hit, Vectors
from index.vectors import best, checked_batch, in_order

FILE = "vectors.npz"
_UNREADABLE = (
    OSError,
    ValueError,
    KeyError,
    EOFError,
    NotImplementedError,
    zipfile.BadZipFile,
    zlib.error,
)


class MemoryStore:
    """Compares a query with every vector; with a folder, written there on close."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._rows: dict[str, Vectors] = {}
        self._sorted: tuple[tuple[str, ...], Vectors] | None = None
        self._changed = folder is not None

    @classmethod
    def create(cls, folder: Path) -> MemoryStore:
        """An empty store that ``close`` writes to ``folder``."""
        folder.mkdir(parents=True, exist_ok=True)
        return cls(folder)

    @classmethod
    def open(cls, folder: Path) -> MemoryStore:
        """The store that was written there; IndexDamaged when it can't be read."""
        store = cls(folder)
        try:
            with np.load(io.BytesIO((folder / FILE).read_bytes()), allow_pickle=False) as file:
                ids, rows = [str(i) for i in file["ids"]], file["rows"]
            store._rows = dict(zip(ids, rows, strict=True))
        except _UNREADABLE as error:
            raise IndexDamaged(folder, f"{FILE} can't be read ({error}).") from error
        store._changed = False
        return store

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Vectors) -> None:
        """Add or replace by id: adding twice changes nothing."""
        rows = checked_batch(ids, texts, vectors)
        if len(rows) and self._rows and rows.shape[1] != len(next(iter(self._rows.values()))):
            raise ValueError("vectors of another length are stored already")
        self._rows.update(zip(ids, rows.copy(), strict=True))
        self._sorted = None
        self._changed = self._folder is not None

    def nearest(self, vector: Vectors, k: int) -> Sequence[Hit]:
        """At most k, best first, with cosine similarity (-1..1); ties by id."""
        ids, rows = self.vectors()
        return best(ids, rows, vector, k)

    def vectors(self) -> tuple[tuple[str, ...], Vectors]:
        """Everything stored: the ids in their order, and their rows (n, dim)."""
        if self._sorted is None:
            self._sorted = in_order(self._rows)
        return self._sorted

    def count(self) -> int:
        """How many ids are stored."""
        return len(self._rows)

    def close(self) -> None:
        """Write the vectors to the folder, if there is one and something changed."""
        if self._folder is None or not self._changed:
            return
        ids, rows = self.vectors()
        buffer = io.BytesIO()
        np.savez(buffer, ids=np.array(ids, dtype=np.str_), rows=rows)
        (self._folder / FILE).write_bytes(buffer.getvalue())
        self._changed = False
