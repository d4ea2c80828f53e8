"""Fit the model of answerability on development questions, and choose its thresholds.

An item is a question with what was found for it; it is answerable when its file does not allow
that it be declined, and unanswerable when the file asks that it be declined, or allows it because
the library lacks the answer. What no guideline can meet is told by words, before the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.answerable import WEIGHTS, Answerability
from assistant.scope import out_of_scope
from assistant.wiring import Assistant
from eval.metrics import auroc
from eval.model import Case
from eval.refusals import is_answerable

FOLDS = 5
PENALTY = 0.3  # C of scikit-learn: smaller is a stronger penalty
DECIMALS = 4
# The share of the answerable development questions that may be declined, and the share that may be
# answered only below the words that the library may not say it.
MOST_DECLINED, MOST_DOUBTED = 0.01, 0.15

Table = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Item:
    """The features of one question, and whether the library answers it."""

    case: Case
    features: dict[str, float]
    answerable: bool


def items_of(cases: Sequence[Case], assistant: Assistant) -> list[Item]:
    """The questions that can be fitted on."""
    model = Answerability(assistant.relevance, {}, 0.0)
    items = []
    for case in cases:
        answerable = is_answerable(case)
        if answerable is None or out_of_scope(case.question.text):
            continue
        evidence = assistant.find(case.question)
        if evidence.understanding.unreadable:
            continue
        features = model.features(
            evidence.question.text, evidence.understanding, evidence.pool, evidence.logits
        )
        items.append(Item(case, features, answerable))
    return items


def fit_answerability(cases: Sequence[Case], assistant: Assistant) -> None:
    """Fit, print how well it does on questions it did not see, and write answerable.toml."""
    items = items_of(cases, assistant)
    names = sorted(items[0].features)
    held_out = _cross_validated(items, names)
    wanted = [item.answerable for item in items]
    decline = _threshold(held_out, wanted, MOST_DECLINED)
    answer = max(decline, _threshold(held_out, wanted, MOST_DOUBTED))
    positive = [s for s, w in zip(held_out, wanted, strict=True) if w]
    negative = [s for s, w in zip(held_out, wanted, strict=True) if not w]
    print(
        f"{len(items)} development questions, {len(positive)} of them answerable; five folds: "
        f"AUROC {auroc(positive, negative):.3f}; declined below {decline}, answered from {answer}, "
        f"as {100 * float(np.mean([s >= answer for s in negative])):.1f} % of the others are too"
    )
    weights, intercept = _fit(items, names)
    WEIGHTS.write_text(
        _toml(assistant.library.vocabulary.id, weights, intercept, decline, answer), "utf-8"
    )
    print(f"written: {WEIGHTS.name}")


def _table(items: Sequence[Item], names: Sequence[str]) -> Table:
    return np.array([[item.features[name] for name in names] for item in items])


def _fit(items: Sequence[Item], names: Sequence[str]) -> tuple[dict[str, float], float]:
    """Weights by name; the two classes count alike."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    table = _table(items, names)
    mean, spread = table.mean(0), table.std(0) + 1e-6
    model = LogisticRegression(C=PENALTY, class_weight="balanced", max_iter=4000)
    model.fit((table - mean) / spread, [item.answerable for item in items])
    raw = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - (raw * mean).sum())
    weights = {name: round(float(w), DECIMALS) for name, w in zip(names, raw, strict=True)}
    return weights, round(intercept, DECIMALS)


def _cross_validated(items: Sequence[Item], names: Sequence[str]) -> list[float]:
    """The logit of every question by weights that never saw it; folds by its place."""
    result = [0.0] * len(items)
    for fold in range(FOLDS):
        rest = [item for at, item in enumerate(items) if at % FOLDS != fold]
        weights, intercept = _fit(rest, names)
        for at, item in enumerate(items):
            if at % FOLDS == fold:
                values = item.features
                result[at] = intercept + sum(weights[name] * values[name] for name in names)
    return result


def _threshold(scores: Sequence[float], wanted: Sequence[bool], most: float) -> float:
    """The highest threshold below which at most this share of the wanted questions lies."""
    positive = sorted(s for s, w in zip(scores, wanted, strict=True) if w)
    return float(np.floor(positive[int(most * len(positive))] * 100) / 100)


def _toml(
    library: str, weights: dict[str, float], intercept: float, decline: float, answer: float
) -> str:
    lines = [
        "# Written by `python -m eval fit`; in logits, by feature of assistant/answerable.py.",
        f'library = "{library}"  # on which they were fitted',
        f"intercept = {intercept}",
        "",
        "[thresholds]",
        f"decline_below = {decline}",
        f"answer_from = {answer}",
        "",
        "[weights]",
        *(f'"{name}" = {weight}' for name, weight in sorted(weights.items()) if weight),
    ]
    return "\n".join(lines) + "\n"
