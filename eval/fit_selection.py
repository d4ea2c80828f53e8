"""Fitting how likely a statement is a part of the answer, given the order in which it stands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.drafting.selection import AT_LEAST, MOST, features
from assistant.model import Length
from eval.fit_order import FOLDS, Item, cross_validated, names_of
from eval.logistic import Table, as_table, fit_logistic

PENALTY = 0.05  # C of scikit-learn


def fitted_selection(items: Sequence[Item]) -> tuple[dict[str, float], float]:
    """The weights and the intercept; prints what the limits cost on questions not fitted on.

    The order's logits are held out: of weights that never saw the question.
    """
    rows = _rows(items)
    names = sorted({name for of_item in rows for values in of_item for name in values})
    chances = _held_out(items, rows, names)
    for length in Length:
        print(f"{length}, at least {AT_LEAST[length]}: {_cost(items, chances, AT_LEAST[length])}")
    return _fit(items, rows, names)


def _rows(items: Sequence[Item]) -> list[list[dict[str, float]]]:
    order = cross_validated(items, names_of(items))
    return [
        features(
            item.case.question.text,
            item.understanding,
            list(item.features),
            [float(logit) for logit in logits + item.beside],
        )
        for item, logits in zip(items, order, strict=True)
    ]


def _fit(
    items: Sequence[Item], rows: Sequence[list[dict[str, float]]], names: Sequence[str]
) -> tuple[dict[str, float], float]:
    # Every statement counts alike: weighed classes would give no probabilities.
    table = np.concatenate([as_table(of_item, names) for of_item in rows])
    wanted = np.concatenate([item.wanted for item in items])
    return fit_logistic(table, wanted, names, penalty=PENALTY)


def _held_out(
    items: Sequence[Item], rows: Sequence[list[dict[str, float]]], names: Sequence[str]
) -> list[Table]:
    result: list[Table] = [np.zeros(0)] * len(items)
    for fold in range(FOLDS):
        seen = [i for i in range(len(items)) if i % FOLDS != fold]
        weights, intercept = _fit([items[i] for i in seen], [rows[i] for i in seen], names)
        for i in range(fold, len(items), FOLDS):
            logits = as_table(rows[i], names) @ [weights[n] for n in names] + intercept
            result[i] = 1 / (1 + np.exp(-logits))
    return result


def _cost(items: Sequence[Item], chances: Sequence[Table], least: float) -> str:
    """Statements a question, the share of them that carries a key fact, and of those found."""
    shown = hits = 0
    found = []
    for item, of_item in zip(items, chances, strict=True):
        best = np.argsort(-of_item, kind="stable")[:MOST]
        taken = [k for k in best if of_item[k] >= least or k == best[0]]
        right = int(item.wanted[taken].sum())
        shown, hits = shown + len(taken), hits + right
        found.append(right / int(item.wanted.sum()))
    return (
        f"{shown / len(items):.1f} statements, {100 * hits / shown:.1f} % carry a key fact, "
        f"{100 * float(np.mean(found)):.1f} % of those that do are shown"
    )
