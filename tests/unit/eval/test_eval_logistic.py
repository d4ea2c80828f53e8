"""The regression that the three fits share."""

from __future__ import annotations

import numpy as np
import pytest

from eval.logistic import as_table, fit_logistic


def test_what_a_row_lacks_is_zero() -> None:
    table = as_table([{"a": 1.0}, {"b": 2.0, "c": 9.0}], ["b", "a"])

    assert table.tolist() == [[0.0, 1.0], [2.0, 0.0]]


def test_weights_are_for_the_features_as_they_are() -> None:
    rng = np.random.default_rng(1)
    table = rng.normal((50.0, 0.0), (10.0, 1.0), (4000, 2))
    chance = 1 / (1 + np.exp(-(0.2 * (table[:, 0] - 50) - 1.5 * table[:, 1] - 0.5)))
    wanted = rng.random(4000) < chance

    weights, intercept = fit_logistic(table, wanted, ["large", "small"], penalty=1000.0)

    assert weights["large"] == pytest.approx(0.2, abs=0.03)
    assert weights["small"] == pytest.approx(-1.5, abs=0.15)
    assert intercept == pytest.approx(-10.5, abs=1.6)


def test_a_row_of_no_share_counts_for_nothing() -> None:
    table = np.array([[0.0], [1.0], [0.0], [1.0]])
    wanted = np.array([False, True, True, False])
    shares = np.array([1.0, 1.0, 0.0, 0.0])

    weights, _ = fit_logistic(table, wanted, ["only"], penalty=1.0, shares=100 * shares)

    assert weights["only"] > 1
