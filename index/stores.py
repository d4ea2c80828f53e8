"""The kinds of vector store that an index can be kept in, by name."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, get_args

from index.chroma import ChromaStore
from index.memory import MemoryStore
from index.ports import VectorStore

Kind = Literal["chroma", "memory"]
KINDS: tuple[Kind, ...] = get_args(Kind)


def create_store(kind: Kind, folder: Path) -> VectorStore:
    """An empty store of this kind in a new folder."""
    return ChromaStore.create(folder) if kind == "chroma" else MemoryStore.create(folder)


def open_store(kind: Kind, folder: Path) -> VectorStore:
    """The store of this kind in a finished folder; IndexDamaged when it can't be read."""
    return ChromaStore.open(folder) if kind == "chroma" else MemoryStore.open(folder)
