"""An embedder that needs no model: words and pairs of words, hashed.  (pure)

For tests only: it sees shared words, not shared meaning.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

import numpy as np

from index.ports import Vectors

_WORD = re.compile(r"[^\W_]+")


class HashingEmbedder:
    """The same text gives the same vector on every machine and in every process."""

    def __init__(self, dim: int = 256) -> None:
        self.dim = dim
        self.name = f"hashed-words-{dim}@1"

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit rows in the order given: (len(texts), dim), float32."""
        rows = np.zeros((len(texts), self.dim), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for gram in _grams(text):
                value = int.from_bytes(hashlib.blake2b(gram.encode(), digest_size=8).digest())
                row[value % self.dim] += 1 if value >> 63 else -1
            if not row.any():
                row[0] = 1
            row /= np.linalg.norm(row)
        return rows


def _grams(text: str) -> Iterator[str]:
    words = [match.group().casefold() for match in _WORD.finditer(text)]
    yield from words
    yield from (f"{a} {b}" for a, b in pairwise(words))
