"""Fitting the weights by which statements are ordered in the sections of a broad answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.drafting.plan import belonging
from assistant.drafting.rank import meets
from assistant.relevance import ONLY_OF_THE_FOUND, PREFERRED
from assistant.wiring import Assistant
from eval.judge import Judge
from eval.logistic import Table, as_table, fit_logistic
from eval.model import Case

FOLDS = 5
PENALTY = 0.001  # C of scikit-learn; twelve questions ask for a strong one


@dataclass(frozen=True)
class Broad:
    """One broad question: the features of what may stand in its sections, and what should."""

    features: tuple[dict[str, float], ...]
    wanted: npt.NDArray[np.bool_]


def broad_questions(cases: Sequence[Case], assistant: Assistant) -> list[Broad]:
    """The questions that a plan answers and some statement of its sections too."""
    found = (_broad(case, assistant) for case in cases)
    return [item for item in found if item is not None and item.wanted.any()]


def _broad(case: Case, assistant: Assistant) -> Broad | None:
    library, model = assistant.library, assistant.relevance
    evidence = assistant.find(case.question)
    plans = {plan.id: plan for plan in library.vocabulary.plans}
    plan = plans.get(evidence.understanding.plan or "")
    if plan is None:
        return None
    judge = Judge(library, {})
    relevant = frozenset[str]().union(*(judge.carriers(fact) for fact in case.key_facts))
    everything = model.with_the_rest(evidence.pool)
    features = dict(
        zip(
            (found.passage.id for found in everything),
            model.features(evidence.understanding, everything),
            strict=True,
        )
    )
    rows, wanted = [], []
    for section in plan.sections:
        for passage in belonging(section, library, evidence.understanding):
            values = {k: v for k, v in features[passage.id].items() if k not in ONLY_OF_THE_FOUND}
            rows.append(values | {PREFERRED: float(meets(passage, section.prefer))})
            wanted.append(passage.id in relevant)
    return Broad(tuple(rows), np.array(wanted, dtype=bool))


def fitted(items: Sequence[Broad]) -> dict[str, float]:
    """The weights by feature; every question counts alike, and its two classes as well."""
    names = sorted({name for item in items for values in item.features for name in values})
    table = np.concatenate([as_table(item.features, names) for item in items])
    wanted = np.concatenate([item.wanted for item in items])
    shares = np.concatenate(
        [np.where(i.wanted, 1 / i.wanted.sum(), 1 / len(i.wanted)) for i in items]
    )
    return fit_logistic(table, wanted, names, penalty=PENALTY, shares=100 * shares)[0]


def precision_held_out(items: Sequence[Broad]) -> float:
    """Mean average precision in the sections, each question by weights that never saw it."""
    scores = []
    for fold in range(FOLDS):
        weights = fitted([item for i, item in enumerate(items) if i % FOLDS != fold])
        names = list(weights)
        for item in items[fold::FOLDS]:
            scores.append(
                _precision(as_table(item.features, names) @ list(weights.values()), item.wanted)
            )
    return float(np.mean(scores))


def _precision(scores: Table, wanted: npt.NDArray[np.bool_]) -> float:
    hits = wanted[np.argsort(-scores, kind="stable")]
    return float((np.cumsum(hits) / np.arange(1, len(hits) + 1))[hits].mean())
