"""Fitting whether a question takes something for granted, from its wording alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.drafting.granted import WEIGHTS, features
from eval.logistic import Table, as_table, fit_logistic
from eval.metrics import auroc
from eval.model import Case

FOLDS = 5
PENALTY = 0.01  # C of scikit-learn: smaller is a stronger penalty
LEAST = 3  # questions that hold a run of words
MOST_COMPARED = 0.1  # of the questions that take nothing for granted
SECTIONS = frozenset({"wrong-premise", "right-premise"})


def fit_granted(cases: Sequence[Case]) -> None:
    """Fit, print how well it does on questions it did not see, and write granted.toml."""
    asked = [case for case in cases if case.section in SECTIONS or _is_plain(case)]
    rows = [features(case.question.text) for case in asked]
    wanted = np.array([case.section in SECTIONS for case in asked])
    scores = _held_out(rows, wanted)
    plain = np.sort(scores[~wanted])
    threshold = round(float(plain[int((1 - MOST_COMPARED) * len(plain))]), 2)
    caught = float((scores[wanted] >= threshold).mean())
    print(
        f"{len(asked)} development questions, {int(wanted.sum())} take something for granted; five "
        f"folds: AUROC {auroc(list(scores[wanted]), list(plain)):.3f}; from {threshold} on "
        f"{100 * caught:.1f} % of them and {100 * MOST_COMPARED:.0f} % of the others"
    )
    weights, intercept = _fit(rows, wanted)
    lines = [
        "# Written by `python -m eval fit`; in logits, for assistant/drafting/granted.py.",
        f"intercept = {intercept}",
        f"threshold = {threshold}",
        "",
        "[weights]",
        *(f'"{name}" = {w}' for name, w in weights),
    ]
    WEIGHTS.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"written: {WEIGHTS.name}")


def _is_plain(case: Case) -> bool:
    return bool(case.key_facts) and case.refusal is None


def _held_out(rows: Sequence[dict[str, float]], wanted: npt.NDArray[np.bool_]) -> Table:
    result = np.zeros(len(rows))
    places = np.arange(len(rows))
    for fold in range(FOLDS):
        seen = places % FOLDS != fold
        weights, intercept = _fit([rows[i] for i in places[seen]], wanted[seen])
        names = [name for name, _ in weights]
        of_fold = as_table([rows[i] for i in places[~seen]], names)
        result[~seen] = of_fold @ [w for _, w in weights] + intercept
    return result


def _fit(
    rows: Sequence[dict[str, float]], wanted: npt.NDArray[np.bool_]
) -> tuple[list[tuple[str, float]], float]:
    """The weights that are not 0, by name, and the intercept."""
    counts = Counter(name for row in rows for name in row)
    names = sorted(name for name, n in counts.items() if n >= LEAST)
    weights, intercept = fit_logistic(as_table(rows, names), wanted, names, penalty=PENALTY)
    return [(name, weights[name]) for name in names if weights[name]], intercept
