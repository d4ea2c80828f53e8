"""The values of a search: what was found, and what an index was built from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from corpus.model import Passage

SCHEMA = 1
"""Raise it when the layout of an index folder, or the text that is indexed, changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """One passage that a search found, and why."""

    passage: Passage
    score: float  # fused, 0..1, higher is closer; comparable within one query only
    rank: int  # 1 is best
    dense: float | None  # cosine, -1..1; None when not among the nearest by meaning
    keyword: float | None  # BM25, above 0; None when not among the best by words


@dataclass(frozen=True, slots=True, kw_only=True)
class IndexCard:
    """What one index was built from, and the hashes of what was written."""

    schema: int
    library_id: str
    corpus: str  # the library's fingerprint
    splitter: str
    model: str  # the embedder's name, with the hash of its weights
    dim: int
    store: str
    passages: int
    passages_sha256: str
    store_sha256: str
    vectors_sha256: str
    built_at: str
    code: str

    @property
    def fingerprint(self) -> str:
        """Hex SHA-256 over everything that decides what a search finds."""
        return fingerprint(
            corpus=self.corpus,
            splitter=self.splitter,
            model=self.model,
            store=self.store,
            schema=self.schema,
        )


def fingerprint(*, corpus: str, splitter: str, model: str, store: str, schema: int = SCHEMA) -> str:
    """Hex SHA-256 of the name under which an index of exactly these parts is kept."""
    parts = (f"schema {schema}", corpus, splitter, model, store)
    return hashlib.sha256("\n".join(parts).encode("utf-8")).hexdigest()


def indexed_text(passage: Passage) -> str:
    """The text that is embedded and searched for a passage: its headings, then itself."""
    return " > ".join(passage.heading) + "\n" + passage.text
