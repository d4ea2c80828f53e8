"""Metrics against examples worked by hand, and properties that hold for any input."""

from __future__ import annotations

import doctest
import hashlib
import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import metrics
from eval.metrics import (
    auroc,
    bootstrap_interval,
    bootstrap_of_two,
    is_found,
    is_verbatim,
    key_fact_recall,
    ndcg_at_k,
    numbers_of,
    percentile,
    rate_text,
    recall_at_k,
    reciprocal_rank,
    unsupported_numbers,
    wilson_interval,
)

IDS = st.text("abcdefgh", min_size=1, max_size=1)
RANKINGS = st.lists(IDS, unique=True, max_size=8)
RELEVANT = st.frozensets(IDS, min_size=1, max_size=8)


def test_the_examples_in_the_docstrings_hold() -> None:
    results = doctest.testmod(metrics)

    assert results.failed == 0
    assert results.attempted >= 14


# ------------------------------------------------------------------ examples by hand


def test_recall_counts_the_relevant_passages_of_the_first_k() -> None:
    assert recall_at_k(["a", "x", "b", "c"], {"a", "b", "c", "d"}, k=3) == 0.5


def test_the_reciprocal_rank_is_zero_when_nothing_relevant_is_found() -> None:
    assert reciprocal_rank(["x", "y"], {"a"}) == 0
    assert reciprocal_rank(["x", "y", "z", "a"], {"a"}) == 0.25


def test_ndcg_by_hand_for_ranks_one_and_three_of_two_relevant() -> None:
    # gain 1/log2(2) + 1/log2(4) = 1.5; ideal 1/log2(2) + 1/log2(3) = 1.63093
    assert ndcg_at_k(["a", "x", "b"], {"a", "b"}, k=10) == pytest.approx(1.5 / 1.6309297536)


def test_the_ideal_list_of_ndcg_ends_at_k() -> None:
    relevant = {str(n) for n in range(30)}

    assert ndcg_at_k([str(n) for n in range(5)], relevant, k=5) == 1


def test_ranking_metrics_are_undefined_without_a_relevant_passage() -> None:
    measures: tuple[Callable[[], float], ...] = (
        lambda: recall_at_k(["a"], set(), 5),
        lambda: reciprocal_rank(["a"], set()),
        lambda: ndcg_at_k(["a"], set(), 5),
        lambda: key_fact_recall([]),
    )
    for measure in measures:
        with pytest.raises(ValueError, match=r"undefined|needs"):
            measure()


def test_a_disagreement_is_found_only_when_two_passages_show_it() -> None:
    carriers, positions = {"a"}, {"a", "b", "c"}

    assert not is_found(carriers, ["a"], positions, both_sides=True)
    assert not is_found(carriers, ["a", "a", "x"], positions, both_sides=True)
    assert is_found(carriers, ["b", "c"], positions, both_sides=True)
    assert is_found(carriers, ["a"], positions)


def test_a_fact_that_nothing_carries_is_never_found() -> None:
    assert not is_found(set(), ["a", "b"])
    assert not is_found(set(), ["a", "b"], {"a", "b"}, both_sides=True)


def test_a_quote_is_refused_when_the_document_moved_or_changed() -> None:
    digest = hashlib.sha256(b"Give 10 mg.").hexdigest()

    assert is_verbatim("Give 10 mg.", "Give 10 mg.", 0, 11, digest)
    assert not is_verbatim("Give 10 mg.", " Give 10 mg.", 0, 11, digest)
    assert not is_verbatim("Give 10 mg.", "Give 70 mg.", 0, 11, digest)
    assert not is_verbatim("", "Give 10 mg.", 0, 11, digest)


def test_a_number_carries_the_unit_that_follows_it() -> None:
    text = "Etoposide 50–100 mg/m2 once weekly; creatinine clearance 15-50 mL/min; 1,5 g/m² in all."

    assert numbers_of(text) == ("50", "100mg/m2", "15", "50mL/min", "1,5g/m²")


def test_the_slip_of_a_unit_is_an_unsupported_number() -> None:
    passage = "Methotrexate 12 mg by age, 2 doses."

    assert unsupported_numbers("Methotrexate 12 mg", [passage]) == ()
    assert unsupported_numbers("Methotrexate 12 g", [passage]) == ("12g",)
    assert unsupported_numbers("Methotrexate 120 mg", [passage]) == ("120mg",)
    assert unsupported_numbers("Methotrexate 12 mg", []) == ("12mg",)


def test_the_wilson_interval_of_published_examples() -> None:
    # Newcombe 1998, table I, method 3: 81/263, 15/148, 0/20.
    for events, n, expected in (
        (81, 263, (0.2553, 0.3662)),
        (15, 148, (0.0624, 0.1605)),
        (0, 20, (0.0, 0.1611)),
    ):
        assert wilson_interval(events, n) == pytest.approx(expected, abs=5e-5)


def test_an_impossible_share_has_no_interval() -> None:
    for events, n in ((0, 0), (3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="not a share"):
            wilson_interval(events, n)


def test_no_event_prints_the_rule_of_three() -> None:
    assert rate_text(0, 540) == "0 of 540 (<3/540 = 0.6 %)"
    assert rate_text(0, 1) == "0 of 1 (<3/1 = 100.0 %)"


# ----------------------------------------------------------------------- properties


@given(ranking=RANKINGS, relevant=RELEVANT, k=st.integers(1, 10))
def test_ranking_metrics_lie_between_0_and_1(
    ranking: list[str], relevant: frozenset[str], k: int
) -> None:
    for value in (
        recall_at_k(ranking, relevant, k),
        reciprocal_rank(ranking, relevant),
        ndcg_at_k(ranking, relevant, k),
    ):
        assert 0 <= value <= 1


@given(relevant=RELEVANT)
def test_a_perfect_ranking_scores_1(relevant: frozenset[str]) -> None:
    ranking = [*sorted(relevant), "x", "y"]

    assert recall_at_k(ranking, relevant, len(relevant)) == 1
    assert reciprocal_rank(ranking, relevant) == 1
    assert ndcg_at_k(ranking, relevant, 10) == 1


@given(ranking=RANKINGS, relevant=RELEVANT, k=st.integers(1, 10))
def test_recall_grows_with_k(ranking: list[str], relevant: frozenset[str], k: int) -> None:
    assert recall_at_k(ranking, relevant, k) <= recall_at_k(ranking, relevant, k + 1)


@given(ranking=st.lists(IDS, unique=True, min_size=2, max_size=8), relevant=RELEVANT)
def test_moving_a_relevant_passage_up_never_lowers_a_score(
    ranking: list[str], relevant: frozenset[str]
) -> None:
    for place in range(1, len(ranking)):
        if ranking[place] not in relevant or ranking[place - 1] in relevant:
            continue
        better = list(ranking)
        better[place - 1], better[place] = better[place], better[place - 1]

        assert ndcg_at_k(better, relevant, 10) > ndcg_at_k(ranking, relevant, 10)
        assert reciprocal_rank(better, relevant) >= reciprocal_rank(ranking, relevant)


@given(n=st.integers(1, 500), data=st.data())
def test_the_wilson_interval_holds_its_share(n: int, data: st.DataObject) -> None:
    events = data.draw(st.integers(0, n))

    low, high = wilson_interval(events, n)

    assert 0 <= low <= events / n <= high <= 1
    assert (1 - high, 1 - low) == pytest.approx(wilson_interval(n - events, n))


@given(values=st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_the_bootstrap_is_seeded_and_stays_within_the_values(values: list[float]) -> None:
    low, high = bootstrap_interval(values, resamples=200)

    assert (low, high) == bootstrap_interval(values, resamples=200)
    assert min(values) - 1e-9 <= low <= high <= max(values) + 1e-9


@given(values=st.lists(st.floats(0, 1000), min_size=1, max_size=30))
def test_the_median_splits_the_values(values: list[float]) -> None:
    median = percentile(values, 50)

    assert min(values) <= median <= max(values)
    assert sum(value < median for value in values) <= math.ceil(len(values) / 2)


@given(text=st.text(max_size=80))
def test_a_sentence_supports_its_own_numbers(text: str) -> None:
    assert unsupported_numbers(text, [text]) == ()


def test_the_interval_of_two_groups_by_hand() -> None:
    # Both wanted are drawn as the low one and both unwanted as the high one 1 time in 16.
    assert bootstrap_of_two(auroc, [2.0, -2.0], [-3.0, 1.0]) == (0.0, 1.0)
    assert bootstrap_of_two(auroc, [2.0, 3.0], [0.0, 1.0]) == (1.0, 1.0)
    with pytest.raises(ValueError, match="wanted"):
        bootstrap_of_two(auroc, [1.0], [])
