"""What every vector store promises; the exact one in memory is the reference."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexDamaged
from index.memory import MemoryStore
from index.ports import Vectors, VectorStore
from index.stores import KINDS, Kind, create_store, open_store

DIM = 24


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    value: Kind = request.param
    return value


@pytest.fixture
def store(kind: Kind, tmp_path: Path) -> Iterator[VectorStore]:
    made = create_store(kind, tmp_path / "store")
    yield made
    made.close()


def rows_of(count: int, dim: int = DIM, seed: int = 0) -> Vectors:
    rows = np.random.default_rng(seed).normal(size=(count, dim)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    return rows


def names_of(count: int) -> list[str]:
    return [f"doc:{n}" for n in range(count)]


def fill(store: VectorStore, count: int, dim: int = DIM) -> Vectors:
    rows = rows_of(count, dim)
    store.add(names_of(count), ["text"] * count, rows)
    return rows


def test_an_empty_store_finds_nothing(store: VectorStore) -> None:
    assert store.count() == 0
    assert store.vectors()[0] == ()
    assert list(store.nearest(rows_of(1)[0], 5)) == []


def test_adding_nothing_changes_nothing(store: VectorStore) -> None:
    store.add([], [], np.zeros((0, DIM), np.float32))

    assert store.count() == 0


def test_every_vector_is_nearest_to_itself_with_cosine_one(store: VectorStore) -> None:
    rows = fill(store, 60)

    for name, row in zip(names_of(60), rows, strict=True):
        ((found, cosine),) = store.nearest(row, 1)
        assert found == name
        assert cosine == pytest.approx(1, abs=1e-6)


def test_adding_twice_changes_nothing(store: VectorStore) -> None:
    rows = fill(store, 30)
    before = store.nearest(rows[3], 10)

    fill(store, 30)

    assert store.count() == 30
    assert store.nearest(rows[3], 10) == before


def test_adding_a_known_id_replaces_its_vector(store: VectorStore) -> None:
    fill(store, 30)
    new = rows_of(1, seed=9)

    store.add(["doc:7"], ["text"], new)

    assert store.count() == 30
    assert store.nearest(new[0], 1)[0][0] == "doc:7"


def test_scores_fall_and_are_cosines(store: VectorStore) -> None:
    rows = fill(store, 60)
    query = rows_of(1, seed=5)[0]

    hits = store.nearest(query, 60)

    assert [score for _, score in hits] == sorted((s for _, s in hits), reverse=True)
    for name, score in hits:
        assert score == pytest.approx(float(rows[int(name[4:])] @ query), abs=1e-6)


def test_equal_vectors_stand_in_the_order_of_their_ids(store: VectorStore) -> None:
    twins = np.repeat(rows_of(1), 90, axis=0)
    names = [f"doc:{n:03}" for n in range(90)]
    store.add(names[::-1], ["text"] * 90, twins)

    hits = store.nearest(twins[0], 5)

    assert [name for name, _ in hits] == names[:5]


def test_it_never_gives_more_than_asked_for_or_stored(store: VectorStore) -> None:
    rows = fill(store, 20)

    assert len(store.nearest(rows[0], 7)) == 7
    assert len(store.nearest(rows[0], 500)) == 20
    assert list(store.nearest(rows[0], 0)) == []
    assert list(store.nearest(rows[0], -1)) == []


@pytest.mark.parametrize(
    ("ids", "rows"),
    [
        (["a", "a"], rows_of(2)),
        (["a"], rows_of(2)),
        (["a"], rows_of(1) * 3),
        (["a"], np.full((1, DIM), np.nan, np.float32)),
        (["a"], rows_of(1)[0]),
    ],
    ids=["an id twice", "too few ids", "not of length one", "not a number", "not a table"],
)
def test_vectors_that_do_not_fit_are_refused(
    store: VectorStore, ids: list[str], rows: Vectors
) -> None:
    with pytest.raises(ValueError, match=r"."):
        store.add(ids, ["text"] * len(ids), rows)

    assert store.count() == 0


def test_vectors_of_another_length_are_refused(store: VectorStore) -> None:
    fill(store, 3)

    with pytest.raises(ValueError, match="another length"):
        store.add(["new"], ["text"], rows_of(1, DIM + 1))


def test_a_store_opened_again_holds_the_same_vectors(kind: Kind, tmp_path: Path) -> None:
    writer = create_store(kind, tmp_path / "store")
    rows = fill(writer, 40)
    hits = writer.nearest(rows[5], 10)
    writer.close()

    reader = open_store(kind, tmp_path / "store")

    assert reader.vectors()[0] == tuple(sorted(names_of(40)))
    assert reader.nearest(rows[5], 10) == hits
    reader.close()


def test_a_folder_renamed_after_writing_opens_under_its_new_name(
    kind: Kind, tmp_path: Path
) -> None:
    for number in (1, 2):  # the same name is written twice, as a build after a build does
        writer = create_store(kind, tmp_path / "draft")
        rows = fill(writer, 40 * number)
        writer.close()
        (tmp_path / "draft").rename(tmp_path / f"final-{number}")

    first = open_store(kind, tmp_path / "final-1")
    second = open_store(kind, tmp_path / "final-2")

    assert (first.count(), second.count()) == (40, 80)
    assert second.nearest(rows[70], 1)[0][0] == "doc:70"
    assert "doc:70" not in dict(first.nearest(rows[70], 40))
    first.close()
    assert second.nearest(rows[71], 1)[0][0] == "doc:71"
    second.close()


def test_closing_twice_is_harmless(kind: Kind, tmp_path: Path) -> None:
    store = create_store(kind, tmp_path / "store")
    fill(store, 3)

    store.close()
    store.close()


def test_a_folder_without_a_store_is_reported_and_stays_empty(kind: Kind, tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="python -m assistant index"):
        open_store(kind, tmp_path)

    assert list(tmp_path.iterdir()) == []


def test_several_threads_get_the_answers_of_one(store: VectorStore) -> None:
    rows = fill(store, 300)
    alone = [store.nearest(row, 20) for row in rows[:80]]

    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda row: store.nearest(row, 20), rows[:80]))

    assert together == alone


@pytest.mark.parametrize("count", [17, 117, 1500])
def test_every_store_finds_exactly_what_the_exact_one_finds(
    kind: Kind, tmp_path: Path, count: int
) -> None:
    exact = MemoryStore()
    other = create_store(kind, tmp_path / "store")
    for store in (exact, other):
        fill(store, count, dim=96)

    for query in rows_of(25, dim=96, seed=3):
        expected, found = exact.nearest(query, 100), other.nearest(query, 100)
        assert [name for name, _ in found] == [name for name, _ in expected]
        assert [s for _, s in found] == pytest.approx([s for _, s in expected], abs=1e-6)
    other.close()
