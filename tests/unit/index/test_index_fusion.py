"""Meaning and words become one ranking: weight, scale, ties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import fuse, fuse_hits, known, scaled

IDS = st.sampled_from([f"d:{n}" for n in range(12)])
MEANING = st.dictionaries(IDS, st.floats(-1, 1, allow_nan=False), max_size=10)
COVER = st.dictionaries(IDS, st.floats(0, 1, allow_nan=False), max_size=10)
WEIGHTS = st.floats(0, 1)


@given(meaning=MEANING, cover=COVER, weight=WEIGHTS)
def test_every_passage_of_either_side_is_there_once(
    meaning: dict[str, float], cover: dict[str, float], weight: float
) -> None:
    found = [name for name, _ in fuse(meaning, cover, weight)]

    assert sorted(found) == sorted({*meaning, *cover})


@given(meaning=MEANING, cover=COVER, weight=WEIGHTS)
def test_scores_lie_between_0_and_1_and_fall_with_ties_in_the_order_of_ids(
    meaning: dict[str, float], cover: dict[str, float], weight: float
) -> None:
    hits = fuse(meaning, cover, weight)

    assert all(0 <= score <= 1 for _, score in hits)
    assert list(hits) == sorted(hits, key=lambda hit: (-hit[1], hit[0]))


@given(meaning=MEANING, cover=COVER, weight=WEIGHTS)
def test_the_order_in_which_they_are_given_does_not_matter(
    meaning: dict[str, float], cover: dict[str, float], weight: float
) -> None:
    turned = dict(reversed(meaning.items())), dict(reversed(cover.items()))

    assert fuse(*turned, weight) == fuse(meaning, cover, weight)


@given(meaning=MEANING, cover=COVER, weight=WEIGHTS)
def test_what_is_best_on_both_sides_is_best(
    meaning: dict[str, float], cover: dict[str, float], weight: float
) -> None:
    hits = fuse(meaning | {"best": 1.5}, cover | {"best": 1.5}, weight)

    assert dict(hits)["best"] == hits[0][1] == 1


def test_a_side_that_hardly_tells_passages_apart_hardly_counts() -> None:
    # Scaled by themselves, the cosines would be as far apart as the words.
    hits = fuse({"a": 0.51, "b": 0.50}, {"a": 0.0, "b": 0.5}, 0.69)

    assert [name for name, _ in hits] == ["b", "a"]


def test_what_a_side_lacks_is_its_lowest() -> None:
    lacking = fuse({"a": 0.9, "b": 0.4}, {"a": 0.2, "b": 0.3, "c": 0.8})
    written_out = fuse({"a": 0.9, "b": 0.4, "c": 0.4}, {"a": 0.2, "b": 0.3, "c": 0.8})

    assert lacking == written_out


def test_nothing_gives_nothing() -> None:
    assert fuse({}, {}) == ()
    assert known([], []) == {}


def test_at_weight_1_the_words_only_add_passages_at_the_foot() -> None:
    hits = fuse({"a": 0.9, "b": 0.4, "c": 0.2}, {"z": 0.9, "c": 0.1}, weight=1)

    assert [name for name, _ in hits] == ["a", "b", "c", "z"]


def test_what_lies_beyond_a_list_is_at_most_as_near_as_its_last() -> None:
    assert known([("a", 0.9), ("b", 0.4)], ["b", "z"]) == {"b": 0.4, "z": 0.4}


def test_scores_that_do_not_differ_all_count_fully() -> None:
    assert scaled([("a", 3.0), ("b", 3.0)]) == {"a": 1.0, "b": 1.0}


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_a_weight_outside_0_to_1_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        fuse({}, {}, weight)


def test_the_words_propose_what_the_meaning_puts_too_far_down() -> None:
    near = [("a", 0.9), ("b", 0.8), ("c", 0.1)]
    cover = {"a": 0.0, "b": 0.0, "c": 1.0, "z": 0.0}

    hits = fuse_hits(near, [("c", 3.0), ("z", 1.0)], lambda ids: {i: cover[i] for i in ids}, 1, 0.5)

    # "b" is beyond the depth; "c" has its own cosine though it is beyond it, "z" has the last.
    assert hits == fuse({"a": 0.9, "c": 0.1, "z": 0.1}, {"a": 0.0, "c": 1.0, "z": 0.0}, 0.5)
