"""The vectors of a collection, kept on disk in parts: a long run goes on where it stopped."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from corpus.model import sha256
from eval.writing import written_below
from index.ports import Embedder, Vectors

PART = 512  # texts


def embedded(
    texts: Sequence[str],
    embedder: Embedder,
    folder: Path,
    progress: Callable[[int], None] = lambda done: None,
) -> Vectors:
    """Unit rows in the order of the texts, (n, dim); what an earlier run wrote is not redone.

    A part is named by its texts and the model, so that it serves nobody else's run, and is
    written whole or not at all. ``progress`` is told how many texts are done.
    """
    parts: list[Vectors] = []
    for start in range(0, len(texts), PART):
        some = texts[start : start + PART]
        parts.append(_part(some, embedder, folder))
        progress(start + len(some))
    return np.concatenate(parts) if parts else np.zeros((0, embedder.dim), np.float32)


def _part(texts: Sequence[str], embedder: Embedder, folder: Path) -> Vectors:
    name = sha256("\0".join((embedder.name, *texts)))[:24]
    path = folder / f"{name}.npy"
    kept = _read(path, (len(texts), embedder.dim))
    if kept is not None:
        return kept
    rows = embedder.embed(texts)
    with written_below(path):
        folder.mkdir(parents=True, exist_ok=True)
        unfinished = folder / f".{name}.{os.getpid()}.npy"
        np.save(unfinished, rows, allow_pickle=False)
        unfinished.replace(path)
    return rows


def _read(path: Path, shape: tuple[int, int]) -> Vectors | None:
    """The rows kept there; None where there are none, or not these."""
    try:
        rows = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    return rows if rows.shape == shape and rows.dtype == np.float32 else None
