"""Query -> passages, best first: by meaning and by words, fused.  (pure over ports)"""

from __future__ import annotations

from collections.abc import Collection, Mapping

import numpy as np

from corpus.model import Passage
from index.fusion import DENSE_WEIGHT, fuse
from index.model import Retrieved, passage_of
from index.ports import Embedder, KeywordSearch, Vectors, VectorStore
from index.vectors import by_score

POOL = 100
"""How far down each of the two lists goes before they are fused. The union of both first
hundreds held 93-100 % of the relevant passages on the development data."""
CORE = 0.3
"""Of 0.3, 0.5 and 0.7 the best on 190 development follow-ups."""
ENTRIES = 4
"""A passage has several vectors: its own, and one for each question written for it."""


class Retriever:
    """Finds passages by a query; every port is handed in."""

    def __init__(
        self,
        passages: Mapping[str, Passage],
        *,
        embedder: Embedder,
        store: VectorStore,
        keyword: KeywordSearch,
        weight: float = DENSE_WEIGHT,
        pool: int = POOL,
        asked: Collection[str] = (),
    ) -> None:
        """``asked``: ids of the passages for which questions are stored beside themselves."""
        if not 0 <= weight <= 1:
            raise ValueError(f"the dense weight is {weight}; it must lie between 0 and 1")
        self._passages = passages
        self._embedder = embedder
        self._store = store
        self._keyword = keyword
        self._weight = weight
        self._pool = pool
        self._asked = frozenset(asked)

    def search(
        self, query: str, k: int, keyword_query: str | None = None, core: str = ""
    ) -> tuple[Retrieved, ...]:
        """At most k passages, best first, ranks from 1; none for an empty query.

        ``keyword_query`` replaces the query on the word side only, where abbreviations
        spelled out help most. ``core`` is what a query is above all about: its vector counts
        for ``CORE`` of that of the whole.
        """
        return tuple(self._fused(query, keyword_query, max(k, self._pool), core))[: max(k, 0)]

    def scores(self, query: str, keyword_query: str | None = None) -> Mapping[str, Retrieved]:
        """Every passage that either search proposed, by id, best first."""
        found = self._fused(query, keyword_query, self._pool)
        return {hit.passage.id: hit for hit in found}

    def _vector(self, query: str, core: str) -> Vectors:
        whole: Vectors = self._embedder.embed([query])[0]
        if not core.strip():
            return whole
        part: Vectors = self._embedder.embed([core])[0]
        mixed = (1 - CORE) * whole + CORE * part
        length = float(np.linalg.norm(mixed))
        return np.asarray(mixed / length, dtype=np.float32) if length else whole

    def _fused(
        self, query: str, keyword_query: str | None, depth: int, core: str = ""
    ) -> list[Retrieved]:
        if not query.strip():
            return []
        words = query if keyword_query is None else keyword_query
        near = self._store.nearest(self._vector(query, core), ENTRIES * depth)
        bm25 = dict(self._keyword.nearest(words, depth))
        cosine = {id_: score for id_, score in near if id_ in self._passages}
        asked: dict[str, float] = {}
        for entry, score in near:
            if entry not in self._passages:
                asked.setdefault(passage_of(entry), score)  # the nearest question counts
        lowest = near[-1][1] if near else 0.0
        meaning = {
            id_: self._meaning(id_, cosine, asked, lowest) for id_ in {*cosine, *asked, *bm25}
        }
        first = sorted(((i, meaning[i]) for i in {*cosine, *asked}), key=by_score)[:depth]
        proposed = {*dict(first), *bm25}
        fused = fuse(
            {id_: meaning[id_] for id_ in proposed},
            self._keyword.cover(words, proposed),
            self._weight,
        )
        return [
            Retrieved(
                passage=self._passages[passage_id],
                score=score,
                rank=rank,
                dense=cosine.get(passage_id),
                asked=asked.get(passage_id),
                keyword=bm25.get(passage_id),
            )
            for rank, (passage_id, score) in enumerate(fused, 1)
        ]

    def _meaning(
        self,
        id_: str,
        cosine: Mapping[str, float],
        asked: Mapping[str, float],
        lowest: float,
    ) -> float:
        """How near a passage is: itself and its nearest question count alike, where it has any.

        What the store did not hand on is at most as near as the last that it did.
        """
        own = cosine.get(id_, lowest)
        return (own + asked.get(id_, lowest)) / 2 if id_ in self._asked else own
