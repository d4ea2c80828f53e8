"""An embedder to hand to a framework: the vectors of its texts are kept on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.embedded import embedded
from index.ports import Embedder, Vectors


@dataclass(frozen=True)
class Prepared:
    """The embedder itself, but that the rows of some texts are known already.

    Frameworks embed in portions of their own; what is kept on disk must not depend on those.
    """

    embedder: Embedder
    rows: Mapping[str, Vectors]  # (dim,) each

    @property
    def name(self) -> str:
        """Model and revision of the embedder."""
        return self.embedder.name

    @property
    def dim(self) -> int:
        """Length of a vector."""
        return self.embedder.dim

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit rows in the order given: (len(texts), dim), float32."""
        fresh = [text for text in texts if text not in self.rows]
        rows = dict(zip(fresh, self.embedder.embed(fresh), strict=True))
        if not texts:
            return np.zeros((0, self.dim), np.float32)
        return np.stack([self.rows[t] if t in self.rows else rows[t] for t in texts])


def prepare(
    texts: Sequence[str],
    embedder: Embedder,
    folder: Path,
    known: Mapping[str, Vectors] | None = None,
) -> Prepared:
    """The embedder with the rows of these texts, kept below ``folder``.

    ``known`` are rows that need not be worked out again, by their text.
    """
    rows = dict(known or {})
    fresh = [text for text in dict.fromkeys(texts) if text not in rows]
    rows.update(zip(fresh, embedded(fresh, embedder, folder), strict=True))
    return Prepared(embedder, rows)
