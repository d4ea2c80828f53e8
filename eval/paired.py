"""Whether two systems differ on the same questions.  (pure)"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

RESAMPLES = 10_000
SEED = 20_250_101


def paired_p_value(
    ours: Sequence[float], theirs: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED
) -> float:
    """How often a difference of means as large as this one comes about by chance, two-sided.

    Question by question the two values are swapped at random (Fisher's randomisation test, the
    one that Smucker, Allan & Carterette 2007 recommend for retrieval). The observed order counts
    as one of the draws, so that p is never 0. Same values, same p. Raises ValueError unless both
    have as many values, and at least one.

    >>> paired_p_value([1.0, 1.0], [1.0, 1.0])
    1.0
    """
    if not ours or len(ours) != len(theirs):
        raise ValueError(f"{len(ours)} and {len(theirs)} values can't be paired")
    differences = np.asarray(ours, dtype=np.float64) - np.asarray(theirs, dtype=np.float64)
    observed = abs(differences.sum())
    random = np.random.default_rng(seed)
    extreme = 1
    for _ in range(resamples):
        signs = random.integers(0, 2, size=len(differences)) * 2 - 1
        # A difference that rounding alone makes smaller is no smaller one.
        extreme += abs((signs * differences).sum()) >= observed - 1e-12
    return float(extreme / (resamples + 1))
