"""One logistic regression, as the three fits of ``python -m eval fit`` use it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

DECIMALS = 4

Table = npt.NDArray[np.float64]


def as_table(rows: Sequence[dict[str, float]], names: Sequence[str]) -> Table:
    """The features as an array of shape (rows, names); what a row lacks is 0."""
    return np.array([[values.get(name, 0.0) for name in names] for values in rows])


def fit_logistic(
    table: Table,
    wanted: npt.NDArray[np.bool_],
    names: Sequence[str],
    *,
    penalty: float,
    shares: Table | None = None,
) -> tuple[dict[str, float], float]:
    """Weights by name, for features as they are, and the intercept.

    ``penalty`` is scikit-learn's C: smaller is stronger. ``shares`` (of the rows) weigh them.
    """
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    mean, spread = table.mean(0), table.std(0) + 1e-6
    model = LogisticRegression(C=penalty, max_iter=4000)
    model.fit((table - mean) / spread, wanted, sample_weight=shares)
    raw = model.coef_[0] / spread
    weights = {name: round(float(w), DECIMALS) for name, w in zip(names, raw, strict=True)}
    return weights, round(float(model.intercept_[0] - (raw * mean).sum()), DECIMALS)
