"""Fitting the order of what is found: which passages carry a key fact of the question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.model import Understanding
from assistant.relevance import Relevance
from assistant.wiring import Assistant
from eval.judge import Judge
from eval.logistic import Table, as_table, fit_logistic
from eval.metrics import reciprocal_rank
from eval.model import Case

FOLDS = 5
PENALTY = 0.001  # C of scikit-learn: smaller is a stronger penalty


@dataclass(frozen=True)
class Item:
    """One question: the features of what was found, and which of it carries a key fact."""

    case: Case
    ids: tuple[str, ...]
    features: tuple[dict[str, float], ...]
    relevant: frozenset[str]
    understanding: Understanding
    beside: Table  # what the chain adds to the logit of each that is not fitted (bands, own words)

    @property
    def wanted(self) -> npt.NDArray[np.bool_]:
        """Which of what was found carries a key fact, in its order."""
        return np.array([id_ in self.relevant for id_ in self.ids], dtype=bool)


def items_of(cases: Sequence[Case], assistant: Assistant) -> list[Item]:
    """The questions with a key fact that the search finds."""
    asked = (case for case in cases if case.key_facts)
    return [item for case in asked if (item := _item(case, assistant)) is not None]


def names_of(items: Sequence[Item]) -> list[str]:
    """The features of any of them."""
    return sorted({name for item in items for values in item.features for name in values})


def fitted_order(items: Sequence[Item]) -> tuple[dict[str, float], float]:
    """The weights and the intercept; prints how good the order is on questions not fitted on."""
    held_out = cross_validated(items, names_of(items))
    print(f"{len(items)} development questions, {len(names_of(items))} features")
    for label, scores in (("as found", None), ("fitted, five folds", held_out)):
        print(f"{label}: MRR {_mrr(items, scores):.3f}")
    return _fit(items, names_of(items))


def _item(case: Case, assistant: Assistant) -> Item | None:
    library = assistant.library
    judge = Judge(library, {})
    evidence = assistant.find(case.question)
    # The order in which the search found it: the chain's own is by the weights of today.
    pool = tuple(sorted(evidence.pool, key=lambda found: (-found.score, found.passage.id)))
    relevant = frozenset[str]().union(*(judge.carriers(fact) for fact in case.key_facts))
    ids = tuple(found.passage.id for found in pool)
    if not relevant & set(ids):
        return None
    features = Relevance(library, {}, 0.0).features(evidence.understanding, pool)
    model = assistant.relevance
    plain = as_table(features, list(model.weights)) @ list(model.weights.values())
    beside = np.array([evidence.logits[id_] for id_ in ids]) - plain - model.intercept
    return Item(case, ids, tuple(features), relevant, evidence.understanding, beside)


def cross_validated(items: Sequence[Item], names: Sequence[str]) -> list[Table]:
    """The logits of every question's passages, by weights that never saw the question."""
    result: list[Table] = [np.zeros(0)] * len(items)
    for fold in range(FOLDS):
        weights, intercept = _fit([x for i, x in enumerate(items) if i % FOLDS != fold], names)
        for i, item in enumerate(items):
            if i % FOLDS == fold:
                result[i] = as_table(item.features, names) @ [weights[n] for n in names] + intercept
    return result


def _fit(items: Sequence[Item], names: Sequence[str]) -> tuple[dict[str, float], float]:
    """Weights by name; every question counts alike, and its two classes as well."""
    table = np.concatenate([as_table(item.features, names) for item in items])
    wanted = np.concatenate([item.wanted for item in items])
    shares = np.concatenate([_shares(item) for item in items])
    return fit_logistic(table, wanted, names, penalty=PENALTY, shares=100 * shares)


def _shares(item: Item) -> Table:
    hits = item.wanted
    return np.where(hits, 1 / max(1, hits.sum()), 1 / len(hits))


def _mrr(items: Sequence[Item], scores: Sequence[Table] | None) -> float:
    ranks = []
    for i, item in enumerate(items):
        order = range(len(item.ids)) if scores is None else np.argsort(-scores[i], kind="stable")
        ranks.append(reciprocal_rank([item.ids[k] for k in order], item.relevant))
    return float(np.mean(ranks))
