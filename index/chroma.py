"""Chroma, in this process and in one folder; the only importer of chromadb.

Never a server, never Chroma's own embedding. Chroma proposes candidates; their cosines
are computed here, because its float32 distances are off by up to 1e-6 and would break
ties differently from the exact store.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.errors import IndexDamaged, IndexNotWritable, RetrievalError
from index.ports import Hit, Vectors
from index.vectors import best, by_score, checked_batch, in_order

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.models.Collection import Collection

COLLECTION = "passages"
DATABASE = "chroma.sqlite3"
BATCH = 200
HNSW = {
    "space": "cosine",
    "ef_construction": 400,
    "ef_search": 2000,
    "max_neighbors": 32,
    "num_threads": 1,
}
"""Chroma's search is approximate. Measured on random vectors, the hardest case: with
ef_search 2000 it found all of the exact 100 nearest up to 5,000 passages (300: 99.95 %),
for about 1 ms more."""
SPARE = 16
"""Candidates asked for beyond k, so that a tie at the border is seen."""

# SQLite's result codes as Chroma prints them: read-only, I/O error on a full disk, full.
_NOT_WRITABLE = re.compile(r"\(code: (8|13|778|1032|1544)\)|readonly|read-only|disk is full")


class ChromaStore:
    """Approximate nearest neighbours by Chroma's HNSW graph, scored exactly."""

    def __init__(
        self, folder: Path, client: ClientAPI, collection: Collection, *, new: bool
    ) -> None:
        self._folder = folder
        self._new = new
        self._client = client
        self._collection = collection
        self._loaded: tuple[tuple[str, ...], Vectors, dict[str, int]] | None = None

    @classmethod
    def create(cls, folder: Path) -> ChromaStore:
        """An empty store in a new folder."""
        with _chroma_errors(folder, new=True):
            client = _client(folder)
            configuration: Any = {"hnsw": HNSW}
            collection = client.create_collection(
                COLLECTION, embedding_function=None, configuration=configuration
            )
        return cls(folder, client, collection, new=True)

    @classmethod
    def open(cls, folder: Path) -> ChromaStore:
        """The store in a finished folder; IndexDamaged when it can't be read."""
        if not (folder / DATABASE).is_file():  # Chroma would make a new one
            raise IndexDamaged(folder, f"{DATABASE} is missing.")
        with _chroma_errors(folder, new=False):
            client = _client(folder)
            try:
                collection = client.get_collection(COLLECTION, embedding_function=None)
                _refuse_foreign(folder, collection.configuration_json)
                store = cls(folder, client, collection, new=False)
                store.vectors()
            except BaseException:
                client.close()
                raise
        return store

    def add(self, ids: Sequence[str], texts: Sequence[str], vectors: Vectors) -> None:
        """Add or replace by id: adding twice changes nothing."""
        rows = checked_batch(ids, texts, vectors)
        if len(rows) and self.count() and rows.shape[1] != self.vectors()[1].shape[1]:
            raise ValueError("vectors of another length are stored already")
        self._loaded = None
        with _chroma_errors(self._folder, new=self._new):
            for start in range(0, len(ids), BATCH):
                part = slice(start, start + BATCH)
                self._collection.upsert(
                    ids=list(ids[part]), documents=list(texts[part]), embeddings=rows[part]
                )

    def nearest(self, vector: Vectors, k: int) -> Sequence[Hit]:
        """At most k, best first, with cosine similarity (-1..1); ties by id."""
        ids, rows, place = self._load()
        if k <= 0 or not ids:
            return ()
        wanted = k + SPARE
        while wanted < len(ids):
            found = self._candidates(vector, wanted)
            if len(found) < wanted:
                break  # the graph gave less than there is: compare with everything
            places = [place[i] for i in found]
            hits = sorted(best(found, rows[places], vector, len(found)), key=by_score)
            if hits[-1][1] < hits[k - 1][1]:
                return tuple(hits[:k])
            wanted *= 2  # everything down to the last candidate ties with the k-th
        return best(ids, rows, vector, k)

    def vectors(self) -> tuple[tuple[str, ...], Vectors]:
        """Everything stored: the ids in their order, and their rows (n, dim)."""
        ids, rows, _ = self._load()
        return ids, rows

    def count(self) -> int:
        """How many ids are stored."""
        with _chroma_errors(self._folder, new=self._new):
            return int(self._collection.count())

    def close(self) -> None:
        """Let Chroma write what is pending and close its files."""
        with _chroma_errors(self._folder, new=self._new):
            self._client.close()

    def _candidates(self, vector: Vectors, wanted: int) -> list[str]:
        query = np.asarray(vector, dtype=np.float32).reshape(1, -1)
        with _chroma_errors(self._folder, new=self._new):
            answer = self._collection.query(query_embeddings=query, n_results=wanted, include=[])
        return list(answer["ids"][0])

    def _load(self) -> tuple[tuple[str, ...], Vectors, dict[str, int]]:
        if self._loaded is None:
            with _chroma_errors(self._folder, new=self._new):
                answer = self._collection.get(include=["embeddings"])
            rows = dict(zip(answer["ids"], answer["embeddings"], strict=True))
            ids, table = in_order(rows)
            self._loaded = ids, table, {passage_id: place for place, passage_id in enumerate(ids)}
        return self._loaded


def _client(folder: Path) -> ClientAPI:
    import chromadb
    from chromadb.config import Settings

    return chromadb.PersistentClient(
        path=str(folder),
        settings=Settings(anonymized_telemetry=False, allow_reset=False),
    )


def _refuse_foreign(folder: Path, configuration: dict[str, Any]) -> None:
    """A stored configuration may name a model to load: ours never does."""
    named = (configuration.get("embedding_function") or {}).get("name")
    if named is not None:
        raise IndexDamaged(folder, f"it names an embedding function of its own ({named}).")
    space = (configuration.get("hnsw") or {}).get("space")
    if space != "cosine":
        raise IndexDamaged(folder, f"its distance is {space}, not cosine.")


@contextmanager
def _chroma_errors(folder: Path, *, new: bool) -> Iterator[None]:
    """Chroma's errors in our words: a new store can't be damaged, only badly written."""
    from chromadb.errors import ChromaError

    try:
        yield
    except RetrievalError:
        raise
    except (ChromaError, OSError, RuntimeError, ValueError, KeyError, TypeError) as error:
        if new or _NOT_WRITABLE.search(str(error)):
            raise IndexNotWritable(folder, str(error)) from error
        raise IndexDamaged(folder, f"Chroma can't read it ({error}).") from error
