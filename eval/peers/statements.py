"""Baselines over the library's statements alone: words, meaning, and their plain fusion."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path

from corpus.library import Library
from eval.peers.port import Chunk, ChunkIndex
from eval.peers.vectors import prepare
from index.fusion import fuse_hits
from index.keyword import Bm25Search
from index.memory import MemoryStore
from index.ports import Embedder, Hit
from index.retrieve import ENTRIES, POOL

SHOWN = 10
"""Statements in an answer: as many as ``python -m assistant search`` prints."""

Search = Callable[[str, int], Sequence[Hit]]


def bm25(library: Library) -> ChunkIndex:
    """BM25 over the statements: no model, no question beside them."""
    return _over(library, _keyword(library).nearest)


def dense(library: Library, embedder: Embedder, folder: Path) -> ChunkIndex:
    """The nearest statements by cosine, exact; vectors are kept below ``folder``."""
    return _over(library, _meaning(library, embedder, folder))


def hybrid(library: Library, embedder: Embedder, folder: Path, *, weight: float) -> ChunkIndex:
    """Both, fused as our retriever fuses them; ``weight`` is the share of the meaning."""
    words, meaning = _keyword(library), _meaning(library, embedder, folder)

    def search(query: str, n: int) -> Sequence[Hit]:
        depth = max(n, POOL)
        near, found = meaning(query, ENTRIES * depth), words.nearest(query, depth)
        return fuse_hits(near, found, partial(words.cover, query), depth, weight)[:n]

    return _over(library, search)


def _keyword(library: Library) -> Bm25Search:
    texts = _texts(library)
    return Bm25Search(list(texts), list(texts.values()))


def _meaning(library: Library, embedder: Embedder, folder: Path) -> Search:
    texts = _texts(library)
    prepared = prepare(list(texts.values()), embedder, folder)
    store = MemoryStore()
    store.add(list(texts), list(texts.values()), prepared.embed(list(texts.values())))
    return lambda query, n: store.nearest(embedder.embed([query])[0], n)


def _texts(library: Library) -> Mapping[str, str]:
    return {id_: passage.text for id_, passage in library.passages.items()}


def _over(library: Library, search: Search) -> ChunkIndex:
    texts = _texts(library)
    place = {id_: at for at, id_ in enumerate(texts)}
    return ChunkIndex(
        chunks=tuple(Chunk(text=text, source=id_) for id_, text in texts.items()),
        shown=SHOWN,
        find=lambda query, n: [place[id_] for id_, _ in search(query, n)],
    )
