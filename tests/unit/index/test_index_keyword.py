"""Words of clinical text: what counts as one, and what is found by it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.keyword import Bm25Search, tokens

PASSAGES = {
    "a:1": "HLH-94: dexamethasone 10 mg/m² daily for 2 weeks.",
    "a:2": "Etoposide 150 mg/m² twice weekly in the first 2 weeks.",
    "a:3": "Soluble IL-2 receptor above 2,400 U/mL supports the diagnosis.",
    "a:4": "Anakinra 100 mg daily; adjust at creatinine clearance below 30 mL/min.",
    "a:5": "Neutrophils below 0.5 × 10⁹/L: consider filgrastim.",
}


@pytest.fixture
def search() -> Bm25Search:
    return Bm25Search(tuple(PASSAGES), tuple(PASSAGES.values()))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("HLH-94", ["hlh-94", "hlh"]),
        ("HLH94", ["hlh-94", "hlh"]),
        ("HLH‑94", ["hlh-94", "hlh"]),  # non-breaking hyphen
        ("IL-2", ["il-2", "il"]),
        ("mg/m2", ["mg/m2", "mg", "m2"]),
        ("mg/m²", ["mg/m2", "mg", "m2"]),
        ("0.25 mg", ["0.25", "mg"]),
        ("10,000", ["10000"]),
        ("10 000", ["10000"]),
        ("10⁹/L", ["10^9", "l"]),
        ("1.5 × 10⁶", ["1.5", "10^6"]),
        ("µg", ["μg"]),
        ("Still's disease", ["still", "diseas"]),
        ("Still’s disease", ["still", "diseas"]),
        ("50–100 mg", ["50", "100", "mg"]),
        ("2019, 2020", ["2019", "2020"]),
        ("IT methotrexate", ["it", "methotrex"]),
        ("ALL", ["all"]),
        ("not", ["not"]),
        ("what is the", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_these_words(text: str, expected: list[str]) -> None:
    assert tokens(text) == expected


def test_a_power_of_ten_is_not_read_as_another_number() -> None:
    assert "109" not in tokens("10⁹/L")
    assert "10^9" not in tokens("109/L")


@given(st.text())
def test_any_text_can_be_cut(text: str) -> None:
    assert all(word == word.lower() and " " not in word for word in tokens(text))


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("hlh94", "a:1"),
        ("etoposide", "a:2"),
        ("etoposides", "a:2"),
        ("il-2", "a:3"),
        ("2400", "a:3"),
        ("creatinine clearance 30", "a:4"),
        ("neutrophil", "a:5"),
    ],
)
def test_a_query_finds_the_passage_with_its_words(
    search: Bm25Search, query: str, first: str
) -> None:
    assert search.nearest(query, 3)[0][0] == first


def test_only_passages_that_share_a_word_are_found(search: Bm25Search) -> None:
    hits = search.nearest("dexamethasone", 100)

    assert [name for name, _ in hits] == ["a:1"]
    assert hits[0][1] > 0


@pytest.mark.parametrize("query", ["", "   ", "zebra", "what is the", "???"])
def test_a_query_without_a_known_word_finds_nothing(search: Bm25Search, query: str) -> None:
    assert list(search.nearest(query, 10)) == []


def test_it_gives_at_most_k_best_first(search: Bm25Search) -> None:
    hits = search.nearest("mg daily weeks", 2)

    assert len(hits) == 2
    assert hits[0][1] >= hits[1][1]
    assert list(search.nearest("mg", 0)) == []


def test_equal_passages_stand_in_the_order_of_their_ids() -> None:
    names = ["b:2", "a:1", "c:3", "a:0"]

    hits = Bm25Search(names, ["ferritin daily"] * 4).nearest("ferritin", 3)

    assert [name for name, _ in hits] == ["a:0", "a:1", "b:2"]


def test_nothing_to_search_finds_nothing() -> None:
    assert list(Bm25Search([], []).nearest("ferritin", 5)) == []
    assert list(Bm25Search(["a"], ["the of"]).nearest("the", 5)) == []


def test_several_threads_get_the_answers_of_one(search: Bm25Search) -> None:
    queries = [text for text in PASSAGES.values() for _ in range(40)]
    alone = [search.nearest(query, 5) for query in queries]

    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda query: search.nearest(query, 5), queries)) == alone


# -------------------------------------------------------------------------------- coverage


def test_the_share_of_the_words_of_a_query_counts_rare_ones_most() -> None:
    ids = ("a", "b", "c", "d")
    texts = ("etoposide dose", "dose of ferritin", "dose", "dose of dexamethasone")
    search = Bm25Search(ids, texts)

    cover = search.cover("etoposide dose", ids)

    assert cover["a"] == pytest.approx(1.0)
    assert 0 < cover["b"] == cover["c"] < 0.1  # "dose" stands everywhere
    assert tuple(cover) == ids


def test_neither_repeats_nor_length_move_the_share() -> None:
    search = Bm25Search(("a", "b"), ("etoposide", "etoposide etoposide and many other words"))

    assert search.cover("etoposide", ("a", "b")) == {"a": 1.0, "b": 1.0}


@pytest.mark.parametrize("query", ["", "zebra", "of the"])
def test_a_query_of_no_known_word_is_covered_by_nothing(query: str) -> None:
    assert Bm25Search(("a",), ("etoposide",)).cover(query, ("a",)) == {"a": 0.0}


def test_an_unknown_word_takes_nothing_from_the_share() -> None:
    search = Bm25Search(("a", "b"), ("etoposide", "ferritin"))

    assert search.cover("etoposide zebra", ("a", "b")) == {"a": 1.0, "b": 0.0}
