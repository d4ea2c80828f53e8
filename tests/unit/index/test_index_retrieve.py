"""The retriever over its ports."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.library import Library, load_library
from index.hashing import HashingEmbedder
from index.keyword import Bm25Search
from index.memory import MemoryStore
from index.model import entries, indexed_text, searched_text
from index.retrieve import Retriever
from tests.builders_index import a_library_of


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return a_library_of(tmp_path_factory.mktemp("library") / "library", 130)


def a_retriever(library: Library, *, weight: float = 0.5, pool: int = 20) -> Retriever:
    embedder, store = HashingEmbedder(64), MemoryStore()
    ids = tuple(library.passages)
    texts = [indexed_text(p) for p in library.passages.values()]
    store.add(ids, texts, embedder.embed(texts))
    return Retriever(
        library.passages,
        embedder=embedder,
        store=store,
        keyword=Bm25Search(ids, texts),
        weight=weight,
        pool=pool,
    )


def test_passages_come_best_first_with_ranks_from_1(library: Library) -> None:
    hits = a_retriever(library).search("platelets in children weekly", 7)

    assert [hit.rank for hit in hits] == list(range(1, 8))
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)


def test_a_longer_search_begins_with_the_shorter_one(library: Library) -> None:
    retriever = a_retriever(library)

    assert retriever.search("platelets", 10)[:3] == retriever.search("platelets", 3)


def test_the_pool_is_the_whole_ranking_by_id(library: Library) -> None:
    retriever = a_retriever(library, pool=20)

    pool = retriever.scores("platelets weekly")
    found = retriever.search("platelets weekly", 20)

    assert tuple(pool.values())[:20] == found
    assert 20 <= len(pool) <= 40
    assert all(name == hit.passage.id for name, hit in pool.items())


def test_asking_for_more_than_the_pool_goes_deeper(library: Library) -> None:
    assert len(a_retriever(library, pool=5).search("platelets", 100)) == 100


def test_what_only_one_side_found_has_no_score_of_the_other(library: Library) -> None:
    pool = a_retriever(library, pool=10).scores("platelets")

    assert all(hit.dense is not None or hit.keyword is not None for hit in pool.values())
    assert any(hit.dense is None for hit in pool.values()) or any(
        hit.keyword is None for hit in pool.values()
    )


@pytest.mark.parametrize("query", ["", "   ", "\n"])
def test_an_empty_query_finds_nothing(library: Library, query: str) -> None:
    assert a_retriever(library).search(query, 5) == ()
    assert a_retriever(library).scores(query) == {}


@pytest.mark.parametrize("k", [0, -1])
def test_nothing_asked_for_is_nothing_found(library: Library, k: int) -> None:
    assert a_retriever(library).search("platelets", k) == ()


def test_a_query_of_unknown_words_still_finds_by_meaning(library: Library) -> None:
    hits = a_retriever(library).search("zebra", 3)

    assert len(hits) == 3
    assert all(hit.keyword is None for hit in hits)


def test_the_keyword_query_replaces_the_words_only(library: Library) -> None:
    retriever = a_retriever(library)

    plain = retriever.scores("plt")
    spelled_out = retriever.scores("plt", keyword_query="plt platelets")

    assert not any(hit.keyword for hit in plain.values())
    assert any(hit.keyword for hit in spelled_out.values())
    for name, hit in plain.items():
        assert name not in spelled_out or spelled_out[name].dense in (hit.dense, None)


def test_the_core_of_a_query_moves_its_meaning_and_not_its_words(library: Library) -> None:
    retriever = a_retriever(library, pool=130)

    def scores(core: str) -> dict[str, tuple[float | None, float | None]]:
        hits = retriever.search("ferritin and platelets", 130, core=core)
        return {hit.passage.id: (hit.dense, hit.keyword) for hit in hits}

    plain, cored, same = scores(""), scores("platelets"), scores("ferritin and platelets")
    assert {id_: keyword for id_, (_, keyword) in plain.items()} == {
        id_: keyword for id_, (_, keyword) in cored.items()
    }
    assert any(cored[id_][0] != dense for id_, (dense, _) in plain.items())
    for id_, (dense, _) in plain.items():
        assert same[id_][0] == pytest.approx(dense)


def test_the_same_query_gives_the_same_answer(library: Library) -> None:
    assert a_retriever(library).search("ferritin", 30) == a_retriever(library).search(
        "ferritin", 30
    )


def test_a_weight_outside_0_to_1_is_refused(library: Library) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        a_retriever(library, weight=1.5)


def test_the_indexed_text_is_the_headings_then_the_passage(library: Library) -> None:
    passage = next(iter(library.passages.values()))

    assert indexed_text(passage) == "Follow-up\n" + passage.text


def test_a_question_written_for_a_passage_finds_it_by_meaning(tmp_path: Path) -> None:
    library = a_library_of(tmp_path / "library", 130)
    wanted = tuple(library.passages)[77]
    folder = library.folder / "asked"
    folder.mkdir()
    number = library.passages[wanted].statement.number
    (folder / "example-2024.toml").write_text(f'"{number}" = ["zebra quokka"]\n', "utf-8")
    again = load_library(library.folder)
    embedder, store, texts = HashingEmbedder(64), MemoryStore(), entries(again)
    store.add(tuple(texts), tuple(texts.values()), embedder.embed(tuple(texts.values())))
    searched = [searched_text(again, id_) for id_ in again.passages]
    retriever = Retriever(
        again.passages,
        embedder=embedder,
        store=store,
        keyword=Bm25Search(tuple(again.passages), searched),
    )

    best, *others = retriever.search("zebra quokka", 5)

    assert best.passage.id == wanted
    assert best.asked == pytest.approx(1.0)
    assert all(hit.asked is None for hit in others)
    assert len(texts) == 131


def test_a_passage_with_questions_is_as_near_as_both_together(tmp_path: Path) -> None:
    """One without any is not held back for it."""

    class Store:
        """Two passages as near by themselves; a question of the first lies farther."""

        def nearest(self, vector: object, k: int) -> list[tuple[str, float]]:
            return [(first, 0.8), (second, 0.8), (f"{first}?1", 0.6), (third, 0.5)]

    library = a_library_of(tmp_path / "library", 3)
    first, second, third = library.passages
    retriever = Retriever(
        library.passages,
        embedder=HashingEmbedder(64),
        store=Store(),  # type: ignore[arg-type]
        keyword=Bm25Search(tuple(library.passages), ["a", "b", "c"]),
        weight=1.0,
        asked=[first],
    )

    hits = {hit.passage.id: hit for hit in retriever.search("zebra", 3)}

    assert list(hits) == [second, first, third]
    # 0.8, the mean of 0.8 and 0.6, and 0.5, moved to 0..1.
    assert hits[first].score == pytest.approx((0.7 - 0.5) / 0.3)
    assert (hits[first].dense, hits[first].asked) == (0.8, 0.6)
