"""The values of a search: what was found, and what an index was built from."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from corpus.library import Library
from corpus.model import Passage

SCHEMA = 2
"""Raise it when the layout of an index folder, or the text that is indexed, changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Retrieved:
    """One passage that a search found, and why."""

    passage: Passage
    score: float  # fused, 0..1, higher is closer; comparable within one query only
    rank: int  # 1 is best
    dense: float | None  # cosine, -1..1; None when not among the nearest by meaning
    asked: float | None  # cosine of the nearest question written for it; None likewise
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
    entries: int  # vectors: one for each passage, and one for each question written for it
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


_OF = "?"


def entries(library: Library) -> dict[str, str]:
    """What is embedded, by the id of its vector: each passage, and each question for it."""
    found = {id_: indexed_text(passage) for id_, passage in library.passages.items()}
    for id_, questions in library.asked.items():
        found |= {f"{id_}{_OF}{n}": question for n, question in enumerate(questions, 1)}
    return found


def passage_of(entry_id: str) -> str:
    """The id of the passage to which a vector belongs."""
    return entry_id.partition(_OF)[0]


def searched_text(library: Library, passage_id: str) -> str:
    """What is searched by words: the passage, and the questions written for it."""
    asked = library.asked.get(passage_id, ())
    return "\n".join((indexed_text(library.passages[passage_id]), *asked))


def indexed_text(passage: Passage) -> str:
    """The text that is embedded and searched for a passage: its headings, then itself."""
    return " > ".join(passage.heading) + "\n" + passage.text
