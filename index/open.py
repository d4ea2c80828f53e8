"""A finished index folder -> an index that answers, or the reason why it can't."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.library import Library
from corpus.split import VERSION as SPLITTER
from index import layout
from index.copy import PrivateCopy, copy_checked
from index.errors import (
    IndexDamaged,
    IndexNotOpened,
    IndexNotWritable,
    IndexUnusable,
    StaleIndex,
)
from index.fusion import DENSE_WEIGHT
from index.keyword import Bm25Search
from index.model import SCHEMA, IndexCard, Retrieved, entries, fingerprint, searched_text
from index.ports import Embedder, VectorStore
from index.retrieve import POOL, Retriever
from index.stores import KINDS, Kind, open_store
from index.vectors import digest, same

PROBES = 32
"""Passages whose nearest neighbour must be themselves, evenly spread over the index."""


@dataclass(frozen=True, slots=True)
class Index:
    """An open index: its card, and the search over it."""

    folder: Path
    card: IndexCard
    retriever: Retriever
    opened: Opened

    def search(
        self, query: str, k: int, keyword_query: str | None = None, core: str = ""
    ) -> tuple[Retrieved, ...]:
        """The k passages that answer the query best, best first."""
        return self.retriever.search(query, k, keyword_query, core)

    def scores(self, query: str, keyword_query: str | None = None) -> Mapping[str, Retrieved]:
        """Every passage that either search proposed, by id, best first."""
        return self.retriever.scores(query, keyword_query)

    def close(self) -> None:
        """Let go of the files."""
        self.opened.close()


def open_index(
    root: Path,
    library: Library,
    embedder: Embedder,
    *,
    weight: float = DENSE_WEIGHT,
    pool: int = POOL,
) -> Index:
    """The index that serves, compared with the library and embedder in use and with itself.

    Raises IndexMissing, StaleIndex or IndexDamaged; each says to build again.
    """
    folder = layout.current_folder(root)
    card = layout.read_card(folder)
    compare(folder, card, library, embedder.name, embedder.dim)
    passages = library.passages
    opened = open_checked(folder, card, tuple(entries(library)))
    keyword = Bm25Search(tuple(passages), [searched_text(library, id_) for id_ in passages])
    retriever = Retriever(
        passages,
        embedder=embedder,
        store=opened.store,
        keyword=keyword,
        weight=weight,
        pool=pool,
        asked=[id_ for id_, questions in library.asked.items() if questions],
    )
    return Index(folder, card, retriever, opened)


def is_current(root: Path, library: Library, embedder_name: str, store: Kind = "chroma") -> bool:
    """Whether the index that serves was built from exactly these parts.

    Cheap: it reads the card, neither the model nor the vectors. False when there is no
    index or its card can't be read.
    """
    try:
        card = layout.read_card(layout.current_folder(root))
    except IndexUnusable:
        return False
    return card.fingerprint == wanted_fingerprint(library, embedder_name, store)


def wanted_fingerprint(library: Library, embedder_name: str, store: Kind) -> str:
    """The fingerprint of an index of this library, by this embedder, in this store."""
    return fingerprint(
        corpus=library.fingerprint, splitter=SPLITTER, model=embedder_name, store=store
    )


def compare(folder: Path, card: IndexCard, library: Library, model: str, dim: int) -> None:
    """StaleIndex unless the card names the parts that are in use now."""
    in_use = (
        ("the layout of the index", SCHEMA, card.schema),
        ("the text of the library", library.fingerprint, card.corpus),
        ("the way the text is split", SPLITTER, card.splitter),
        ("the embedding model", model, card.model),
        ("the length of a vector", dim, card.dim),
        ("the number of passages", len(library.passages), card.passages),
        ("the text that is indexed", _lines_sha256(library), card.passages_sha256),
    )
    for part, expected, found in in_use:
        if expected != found:
            raise StaleIndex(folder, part, expected, found)
    if not folder.name.startswith(card.fingerprint[:16]):
        raise IndexDamaged(folder, "its card belongs to another index.")


@dataclass(frozen=True, slots=True)
class Opened:
    """A store that reads from a copy of its own."""

    store: VectorStore
    copy: PrivateCopy

    def close(self) -> None:
        """Let go of the files and remove the copy."""
        try:
            self.store.close()
        finally:
            self.copy.close()


def open_copy(folder: Path, kind: Kind, sha256: str) -> Opened:
    """The store below ``folder``, in a private copy whose files have this hash."""
    copy = copy_checked(folder / layout.STORE, sha256)
    try:
        return Opened(open_store(kind, copy.folder), copy)
    except IndexNotWritable as error:
        copy.close()
        raise IndexNotOpened(folder, copy.folder, error.reason) from error
    except BaseException:
        copy.close()
        raise


def open_checked(folder: Path, card: IndexCard, ids: Sequence[str]) -> Opened:
    """The store of an index whose every file and vector is the one that was written.

    Raises IndexDamaged or IndexNotOpened.
    """
    _check_passages(folder, card)
    if card.store not in KINDS:
        raise IndexDamaged(folder, f"its card names an unknown kind of store ({card.store}).")
    opened = open_copy(folder, card.store, card.store_sha256)
    try:
        found, rows = opened.store.vectors()
        if opened.store.count() != card.entries or found != tuple(sorted(ids)):
            raise IndexDamaged(folder, f"it holds {len(found)} vectors for {len(ids)} texts.")
        if digest(found, rows) != card.vectors_sha256:
            raise IndexDamaged(folder, "its vectors are not those that were written.")
        probe(folder, opened.store)
    except BaseException:
        opened.close()
        raise
    return opened


def probe(folder: Path, store: VectorStore) -> None:
    """IndexDamaged unless the nearest neighbour of a passage is that passage."""
    ids, rows = store.vectors()
    for place in range(0, len(ids), max(1, len(ids) // PROBES)):
        hits = store.nearest(rows[place], 1)
        if not hits or not same(rows[ids.index(hits[0][0])], rows[place]):
            raise IndexDamaged(folder, f"a search does not find {ids[place]}.")


def _check_passages(folder: Path, card: IndexCard) -> None:
    try:
        content = (folder / layout.PASSAGES).read_bytes()
    except FileNotFoundError:
        raise IndexDamaged(folder, f"{layout.PASSAGES} is missing.") from None
    except OSError as error:
        raise IndexDamaged(folder, f"{layout.PASSAGES} can't be read ({error}).") from error
    if hashlib.sha256(content).hexdigest() != card.passages_sha256:
        raise IndexDamaged(folder, f"{layout.PASSAGES} has been altered.")


def _lines_sha256(library: Library) -> str:
    lines = layout.passage_lines(library)
    return hashlib.sha256(lines.encode("utf-8")).hexdigest()
