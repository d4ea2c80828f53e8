"""Library -> a finished index folder; running it twice changes nothing.

A build writes into a folder of its own, reads everything back, and only then lets CURRENT
point to it. Whatever happens before that, the index built before goes on serving.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from corpus.library import Library
from corpus.split import VERSION as SPLITTER
from index import layout
from index.copy import tree_sha256
from index.errors import EmptyLibrary, IndexDamaged, IndexUnusable
from index.model import SCHEMA, IndexCard, entries
from index.open import compare, open_checked, open_copy, wanted_fingerprint
from index.ports import Embedder, Vectors
from index.stores import Kind, create_store
from index.vectors import digest, same

Progress = Callable[[int, int], None]
"""Called with (texts done, texts in all)."""

EMBED_AT_ONCE = 128
KEPT = 2
"""Finished indexes to keep: the one that serves, and the one before it, which a reader
may have open."""


@dataclass(frozen=True, slots=True)
class Built:
    """The index that serves after a build; ``changed`` is False when it did before."""

    folder: Path
    card: IndexCard
    changed: bool


def build_index(
    library: Library,
    embedder: Embedder,
    root: Path,
    *,
    progress: Progress | None = None,
    store: Kind = "chroma",
    built_at: str = "",
    code: str = "",
) -> Built:
    """Make sure that ``root`` serves an index of this library by this embedder.

    An index that is already there and sound is left as it is; a damaged one is built
    again. Raises IndexLocked, IndexNotWritable, EmptyLibrary, and ModelUnusable from the
    embedder.
    """
    if not library.passages:
        raise EmptyLibrary(library.folder)
    with layout.writing(root):
        root.mkdir(parents=True, exist_ok=True)
        with layout.writer_lock(root):
            layout.remove_leftovers(root)
            found = _sound(library, embedder, root, store)
            if found is None:
                folder, card = _build(library, embedder, root, store, progress, built_at, code)
                found = Built(folder, card, changed=True)
            if not _serves(root, found.folder):
                layout.point_to(root, found.folder)
                found = Built(found.folder, found.card, changed=True)
            if found.changed:
                _remove_old(root, found.folder)
            return found


def _build(
    library: Library,
    embedder: Embedder,
    root: Path,
    store: Kind,
    progress: Progress | None,
    built_at: str,
    code: str,
) -> tuple[Path, IndexCard]:
    draft = root / f"{layout.BUILDING}{os.getpid()}-{secrets.token_hex(4)}"
    try:
        draft.mkdir()
        texts = entries(library)
        ids = tuple(texts)
        lines = layout.passage_lines(library)
        layout.write_file(draft / layout.PASSAGES, lines)
        rows = _embed(embedder, tuple(texts.values()), progress)
        store_sha256, vectors_sha256 = _write_store(draft, store, ids, tuple(texts.values()), rows)
        card = IndexCard(
            schema=SCHEMA,
            library_id=library.vocabulary.id,
            corpus=library.fingerprint,
            splitter=SPLITTER,
            model=embedder.name,
            dim=embedder.dim,
            store=store,
            passages=len(library.passages),
            entries=len(ids),
            passages_sha256=hashlib.sha256(lines.encode("utf-8")).hexdigest(),
            store_sha256=store_sha256,
            vectors_sha256=vectors_sha256,
            built_at=built_at,
            code=code,
        )
        open_checked(draft, card, ids).close()
        layout.write_card(draft, card)
        layout.sync_tree(draft)
        folder = layout.free_name(root, card.fingerprint)
        draft.rename(folder)
        layout.sync(root)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder, card


def _embed(embedder: Embedder, texts: Sequence[str], progress: Progress | None) -> Vectors:
    rows = np.empty((len(texts), embedder.dim), dtype=np.float32)
    for start in range(0, len(texts), EMBED_AT_ONCE):
        part = slice(start, start + EMBED_AT_ONCE)
        rows[part] = embedder.embed(texts[part])
        if progress is not None:
            progress(min(part.stop, len(texts)), len(texts))
    return rows


def _write_store(
    folder: Path, kind: Kind, ids: Sequence[str], texts: Sequence[str], rows: Vectors
) -> tuple[str, str]:
    """Write the vectors and read them back; the hash of the files, and of the vectors."""
    writer = create_store(kind, folder / layout.STORE)
    try:
        writer.add(ids, texts, rows)
    finally:
        writer.close()
    store_sha256 = tree_sha256(folder / layout.STORE)
    opened = open_copy(folder, kind, store_sha256)
    try:
        found, stored = opened.store.vectors()
        order = sorted(range(len(ids)), key=ids.__getitem__)
        if found != tuple(ids[i] for i in order) or not same(stored, rows[order]):
            raise IndexDamaged(folder, "what was written could not be read back.")
        return store_sha256, digest(found, stored)
    finally:
        opened.close()


def _sound(library: Library, embedder: Embedder, root: Path, store: Kind) -> Built | None:
    """A finished index of exactly these parts with nothing wrong in it, newest first."""
    wanted = wanted_fingerprint(library, embedder.name, store)
    for folder in reversed(layout.finished_folders(root)):
        if not folder.name.startswith(wanted[:16]):
            continue
        try:
            card = layout.read_card(folder)
            compare(folder, card, library, embedder.name, embedder.dim)
            open_checked(folder, card, tuple(entries(library))).close()
        except IndexUnusable:
            continue
        return Built(folder, card, changed=False)
    return None


def _serves(root: Path, folder: Path) -> bool:
    try:
        return layout.current_folder(root) == folder
    except IndexUnusable:
        return False


def _remove_old(root: Path, serving: Path) -> None:
    others = [folder for folder in layout.finished_folders(root) if folder != serving]
    for folder in others[: len(others) - (KEPT - 1)]:
        shutil.rmtree(folder, ignore_errors=True)
