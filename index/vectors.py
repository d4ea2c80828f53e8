"""Arithmetic that every vector store shares, so that all of them rank alike.  (pure)"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from index.ports import Hit, Vectors

Scores: TypeAlias = npt.NDArray[np.float64]

UNIT_TOLERANCE = 1e-3
SAME_VECTOR_TOLERANCE = 1e-6
"""A store may normalise again: that moves a component by less than this."""
SCORE_DECIMALS = 9
"""Cosines closer than this are a tie, so rounding can't reorder equal passages."""


def checked_batch(ids: Sequence[str], texts: Sequence[str], vectors: Vectors) -> Vectors:
    """The rows as float32; ValueError unless they are one finite unit row for each id."""
    rows = np.ascontiguousarray(vectors, dtype=np.float32)
    if rows.ndim != 2 or not len(ids) == len(texts) == len(rows):
        raise ValueError(
            f"{len(ids)} ids, {len(texts)} texts and vectors of shape {rows.shape} don't match"
        )
    if len(set(ids)) != len(ids):
        raise ValueError("an id stands twice in one call")
    if len(rows) and not np.allclose(np.linalg.norm(rows, axis=1), 1, atol=UNIT_TOLERANCE):
        raise ValueError("vectors must be finite and of length 1")
    return rows


def in_order(rows: Mapping[str, Vectors]) -> tuple[tuple[str, ...], Vectors]:
    """The ids in their order, and their rows as one table (n, dim)."""
    ids = tuple(sorted(rows))
    table = np.array([rows[i] for i in ids], dtype=np.float32)
    return ids, table if ids else np.zeros((0, 0), np.float32)


def best(ids: Sequence[str], rows: Vectors, vector: Vectors, k: int) -> tuple[Hit, ...]:
    """The k ids with the highest cosine, best first; ties by id."""
    if k <= 0 or not len(ids):
        return ()
    scores = cosines(rows, vector)
    # Everything that could be among the first k, ties at the border included.
    border = np.partition(scores, -k)[-k] if k < len(ids) else scores.min()
    hits = [(ids[i], float(scores[i])) for i in map(int, np.flatnonzero(scores >= border))]
    return tuple(sorted(hits, key=by_score)[:k])


def cosines(rows: Vectors, vector: Vectors) -> Scores:
    """Cosine of each unit row to a unit vector, the same in whatever group it is asked.

    A matrix product would sum in an order that depends on the number of rows; this sums
    each row by itself, in double precision.
    """
    query = np.asarray(vector, dtype=np.float64).reshape(-1)
    scores = (np.asarray(rows, dtype=np.float64) * query).sum(axis=1)
    rounded: Scores = np.round(np.clip(scores, -1.0, 1.0), SCORE_DECIMALS)
    return rounded


def by_score(hit: Hit) -> tuple[float, str]:
    """Sort key: best first, ties by id."""
    return (-hit[1], hit[0])


def digest(ids: Sequence[str], rows: Vectors) -> str:
    """Hex SHA-256 over the ids and their rows, as little-endian float32."""
    total = hashlib.sha256("\n".join(ids).encode("utf-8"))
    total.update(np.ascontiguousarray(rows, dtype="<f4").tobytes())
    return total.hexdigest()


def same(left: Vectors, right: Vectors) -> bool:
    """Whether two sets of rows are equal but for the rounding of a second normalisation."""
    return left.shape == right.shape and bool(
        np.allclose(left, right, rtol=0, atol=SAME_VECTOR_TOLERANCE)
    )
