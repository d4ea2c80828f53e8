"""The measures agree with trec_eval, scikit-learn and SciPy on thousands of random inputs.

trec_eval breaks ties by name, so rankings are handed to it with strictly falling scores.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import pytrec_eval
from scipy import stats
from sklearn.metrics import roc_auc_score, roc_curve

from eval.metrics import (
    auroc,
    bootstrap_interval,
    bootstrap_of_two,
    false_positives_at,
    ndcg_at_k,
    percentile,
    recall_at_k,
    reciprocal_rank,
    wilson_interval,
)

EXACT = 1e-9
CUTS = (1, 3, 5, 10, 20)
Case = tuple[list[str], set[str]]


def rankings(count: int) -> list[Case]:
    """Random rankings of 0 to 40 of 60 passages, with 1 to 30 relevant of which some are absent."""
    random = np.random.default_rng(1)
    names = np.array([f"p{n}" for n in range(60)])
    cases = []
    for _ in range(count):
        shuffled = random.permutation(names)
        ranking = [str(name) for name in shuffled[: random.integers(0, 41)]]
        relevant = {str(name) for name in random.permutation(names)[: random.integers(1, 31)]}
        cases.append((ranking, relevant))
    edges: list[Case] = [
        ([], {"p1"}),  # nothing found
        (["p1"], {"p2"}),  # nothing relevant found
        (["p1", "p2"], {"p1", "p2", "p3"}),  # fewer found than relevant
        ([f"p{n}" for n in range(30)], {f"p{n}" for n in range(30)}),  # more relevant than k
        ([f"p{n}" for n in range(40)], {"p39"}),  # beyond every k
    ]
    return cases + edges


@pytest.fixture(scope="module")
def judged() -> list[tuple[Case, dict[str, float]]]:
    """Rankings with what trec_eval says of each."""
    cases = rankings(3000)
    relevance = {str(n): dict.fromkeys(relevant, 1) for n, (_, relevant) in enumerate(cases)}
    run = {
        str(n): {name: float(len(ranking) - at) for at, name in enumerate(ranking)}
        for n, (ranking, _) in enumerate(cases)
    }
    cuts = ",".join(map(str, CUTS))
    measures = {f"recall.{cuts}", f"ndcg_cut.{cuts}", "recip_rank"}
    found = pytrec_eval.RelevanceEvaluator(relevance, measures).evaluate(run)
    assert len(found) == len(cases)
    return [(case, found[str(n)]) for n, case in enumerate(cases)]


def test_recall_is_that_of_trec_eval(judged: list[tuple[Case, dict[str, float]]]) -> None:
    for (ranking, relevant), theirs in judged:
        for k in CUTS:
            ours = recall_at_k(ranking, relevant, k)
            assert ours == pytest.approx(theirs[f"recall_{k}"], abs=EXACT)


def test_the_reciprocal_rank_is_that_of_trec_eval(
    judged: list[tuple[Case, dict[str, float]]],
) -> None:
    for (ranking, relevant), theirs in judged:
        ours = reciprocal_rank(ranking, relevant)
        assert ours == pytest.approx(theirs["recip_rank"], abs=EXACT)


def test_ndcg_is_that_of_trec_eval(judged: list[tuple[Case, dict[str, float]]]) -> None:
    for (ranking, relevant), theirs in judged:
        for k in CUTS:
            ours = ndcg_at_k(ranking, relevant, k)
            assert ours == pytest.approx(theirs[f"ndcg_cut_{k}"], abs=EXACT)


def groups(count: int) -> list[tuple[list[float], list[float]]]:
    """Scores of wanted and unwanted items, about half of the pairs with many ties."""
    random = np.random.default_rng(2)
    found = []
    for at in range(count):
        wanted = random.normal(1.0, 1.0, random.integers(1, 40))
        unwanted = random.normal(0.0, 1.0, random.integers(1, 40))
        places = at % 2 * 8  # of a score: none is full of ties
        found.append((wanted.round(places).tolist(), unwanted.round(places).tolist()))
    return found


def test_auroc_is_that_of_scikit_learn_with_and_without_ties() -> None:
    for wanted, unwanted in groups(300):
        theirs = roc_auc_score([1] * len(wanted) + [0] * len(unwanted), wanted + unwanted)

        assert auroc(wanted, unwanted) == pytest.approx(theirs, abs=EXACT)


@pytest.mark.parametrize("recall", [0.5, 0.8, 0.95, 1.0])
def test_false_positives_are_those_of_the_curve_of_scikit_learn(recall: float) -> None:
    for wanted, unwanted in groups(300):
        fpr, tpr, _ = roc_curve(
            [1] * len(wanted) + [0] * len(unwanted), wanted + unwanted, drop_intermediate=False
        )
        theirs = fpr[np.argmax(tpr >= recall - 1e-9)]

        assert false_positives_at(wanted, unwanted, recall) == pytest.approx(theirs, abs=EXACT)


def test_wilson_is_that_of_scipy() -> None:
    for n in range(1, 60):
        for events in range(n + 1):
            theirs = stats.binomtest(events, n).proportion_ci(method="wilson")
            assert wilson_interval(events, n) == pytest.approx(tuple(theirs), abs=EXACT)


@pytest.mark.parametrize("draw", [lambda r, n: r.random(n), lambda r, n: r.random(n) ** 4])
@pytest.mark.parametrize("n", [12, 60, 300])
def test_the_bootstrap_of_a_mean_is_near_that_of_scipy(
    draw: Callable[[np.random.Generator, int], np.ndarray], n: int
) -> None:
    values = draw(np.random.default_rng(n), n)
    theirs = stats.bootstrap(
        (values,), np.mean, n_resamples=4000, method="percentile", rng=np.random.default_rng(3)
    ).confidence_interval

    ours = bootstrap_interval(values.tolist())

    assert ours == pytest.approx(tuple(theirs), abs=0.05 * (theirs.high - theirs.low))


def test_the_bootstrap_of_two_groups_is_near_that_of_scipy() -> None:
    random = np.random.default_rng(4)
    wanted, unwanted = random.normal(1.0, 1.0, 80), random.normal(0.0, 1.0, 50)
    theirs = stats.bootstrap(
        (wanted, unwanted),
        auroc,
        n_resamples=2000,
        method="percentile",
        vectorized=False,
        rng=np.random.default_rng(5),
    ).confidence_interval

    ours = bootstrap_of_two(auroc, wanted, unwanted)

    assert ours == pytest.approx(tuple(theirs), abs=0.05 * (theirs.high - theirs.low))


def test_percentiles_are_those_of_scipy() -> None:
    random = np.random.default_rng(6)
    for n in (1, 2, 7, 50):
        values = random.random(n).tolist()
        for percent in (0, 2.5, 50, 95, 100):
            theirs = stats.mstats.mquantiles(values, percent / 100, alphap=1, betap=1)[0]
            assert percentile(values, percent) == pytest.approx(theirs, abs=EXACT)
