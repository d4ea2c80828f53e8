"""Query -> passages, best first: search by meaning and by words, fused.  (pure over ports)"""

from __future__ import annotations

from collections.abc import Mapping

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
    ) -> None:
        if not 0 <= weight <= 1:
            raise ValueError(f"the dense weight is {weight}; it must lie between 0 and 1")
        self._passages = passages
        self._embedder = embedder
        self._store = store
        self._keyword = keyword
        self._weight = weight
        self._pool = pool

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
        near = self._store.nearest(self._vector(query, core), ENTRIES * depth)
        keyword = self._keyword.nearest(query if keyword_query is None else keyword_query, depth)
        cosine = {id_: score for id_, score in near if id_ in self._passages}
        asked: dict[str, float] = {}
        for entry, score in near:
            if entry not in self._passages:
                asked.setdefault(passage_of(entry), score)  # the nearest question counts
        best = {id_: max(cosine.get(id_, -1.0), asked.get(id_, -1.0)) for id_ in (*cosine, *asked)}
        dense = sorted(best.items(), key=by_score)[:depth]
        bm25 = dict(keyword)
        return [
            Retrieved(
                passage=self._passages[passage_id],
                score=score,
                rank=rank,
                dense=cosine.get(passage_id),
                asked=asked.get(passage_id),
                keyword=bm25.get(passage_id),
            )
            for rank, (passage_id, score) in enumerate(fuse(dense, keyword, self._weight), 1)
        ]
