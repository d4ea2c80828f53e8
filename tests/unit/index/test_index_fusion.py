"""Two rankings become one: scale, weight, ties."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import fuse, scaled
from index.ports import Hit

IDS = st.sampled_from([f"d:{n}" for n in range(12)])
LISTS = st.dictionaries(IDS, st.floats(-1, 60, allow_nan=False), max_size=10).map(
    lambda scores: tuple(sorted(scores.items(), key=lambda hit: (-hit[1], hit[0])))
)
WEIGHTS = st.floats(0, 1)


@given(dense=LISTS, keyword=LISTS, weight=WEIGHTS)
def test_every_passage_of_either_list_is_there_once(
    dense: tuple[Hit, ...], keyword: tuple[Hit, ...], weight: float
) -> None:
    found = [name for name, _ in fuse(dense, keyword, weight)]

    assert sorted(found) == sorted({*dict(dense), *dict(keyword)})


@given(dense=LISTS, keyword=LISTS, weight=WEIGHTS)
def test_scores_lie_between_0_and_1_and_fall_with_ties_in_the_order_of_ids(
    dense: tuple[Hit, ...], keyword: tuple[Hit, ...], weight: float
) -> None:
    hits = fuse(dense, keyword, weight)

    assert all(0 <= score <= 1 for _, score in hits)
    assert list(hits) == sorted(hits, key=lambda hit: (-hit[1], hit[0]))


@given(dense=LISTS, keyword=LISTS, weight=WEIGHTS, data=st.data())
def test_the_order_in_which_a_list_is_given_does_not_matter(
    dense: tuple[Hit, ...], keyword: tuple[Hit, ...], weight: float, data: st.DataObject
) -> None:
    shuffled = data.draw(st.permutations(dense)), data.draw(st.permutations(keyword))

    assert fuse(*shuffled, weight) == fuse(dense, keyword, weight)


@given(dense=LISTS, keyword=LISTS, weight=WEIGHTS)
def test_swapping_the_lists_and_the_weight_gives_the_same_ranking(
    dense: tuple[Hit, ...], keyword: tuple[Hit, ...], weight: float
) -> None:
    there = dict(fuse(dense, keyword, weight))
    back = dict(fuse(keyword, dense, 1 - weight))

    assert back == pytest.approx(there, abs=1e-6)


@given(dense=LISTS, keyword=LISTS, weight=WEIGHTS)
def test_what_is_best_in_both_lists_is_best(
    dense: tuple[Hit, ...], keyword: tuple[Hit, ...], weight: float
) -> None:
    best = [("best", 100.0)]

    hits = fuse([*best, *dense], [*best, *keyword], weight)

    assert dict(hits)["best"] == hits[0][1] == 1


@given(scores=LISTS, factor=st.integers(1, 8), shift=st.integers(-5, 5))
def test_the_unit_of_a_score_does_not_matter(
    scores: tuple[Hit, ...], factor: int, shift: int
) -> None:
    moved = [(name, score * factor + shift) for name, score in scores]

    if len({s for _, s in scores}) == len({s for _, s in moved}):
        assert scaled(moved) == pytest.approx(scaled(scores), abs=1e-6)


def test_scores_that_do_not_differ_all_count_fully() -> None:
    assert scaled([("a", 3.0), ("b", 3.0)]) == {"a": 1.0, "b": 1.0}


def test_no_list_gives_no_passage() -> None:
    assert fuse([], []) == ()


def test_at_weight_1_the_words_only_add_passages_at_the_foot() -> None:
    hits = fuse([("a", 0.9), ("b", 0.4), ("c", 0.2)], [("z", 9.0), ("c", 1.0)], weight=1)

    assert [name for name, _ in hits] == ["a", "b", "c", "z"]


@pytest.mark.parametrize("weight", [-0.1, 1.1, float("nan")])
def test_a_weight_outside_0_to_1_is_refused(weight: float) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        fuse([], [], weight)
