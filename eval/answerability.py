"""How well the score of answerability tells what the library answers: curves from logits.  (pure)

``inside`` are the logits of questions that the library answers, ``outside`` those of the others.
"""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from eval.metrics import Z_95, wilson_interval

BINS = 10
"""Bins of equal width for the reliability diagram and the ECE."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bin:
    """Questions whose predicted probability lies in low..high; the last bin holds 1 as well."""

    low: float
    high: float
    count: int
    predicted: float | None  # mean predicted probability; None without a question
    observed: float | None  # share that the library does answer
    interval: tuple[float, float] | None  # 95 %, of that share


def probability(logit: float) -> float:
    """The probability that a logit stands for, 0..1, at any size of it.

    >>> probability(0.0), probability(-800.0), probability(800.0)
    (0.5, 0.0, 1.0)
    """
    if logit < -700:
        return 0.0
    return 1 / (1 + math.exp(-logit)) if logit < 700 else 1.0


def auroc_interval(
    inside: Sequence[float], outside: Sequence[float]
) -> tuple[float, float, float] | None:
    """AUROC with its 95 % interval (value, low, high); None unless there are two of each.

    Normal approximation, cut to 0..1; where every pair is in order, its lower end is that of the
    rule of three. Source: DeLong, DeLong & Clarke-Pearson 1988.

    >>> value, low, high = auroc_interval([2.0, 3.0, 4.0], [0.0, 1.0, 2.5])
    >>> round(value, 3), round(low, 3), round(high, 3)
    (0.889, 0.581, 1.0)
    """
    if len(inside) < 2 or len(outside) < 2:
        return None
    wanted = np.asarray(inside, dtype=np.float64)[:, None]
    other = np.asarray(outside, dtype=np.float64)[None, :]
    wins = (wanted > other) + 0.5 * (wanted == other)
    value = float(wins.mean())
    spread = wins.mean(axis=1).var(ddof=1) / len(inside)
    spread += wins.mean(axis=0).var(ddof=1) / len(outside)
    if value == 1:  # no spread to go by; the rule of three over the fewer of the two
        return 1.0, max(0.0, 1 - 3 / min(len(inside), len(outside))), 1.0
    half = Z_95 * math.sqrt(float(spread))
    return value, max(0.0, value - half), min(1.0, value + half)


def roc(inside: Sequence[float], outside: Sequence[float]) -> tuple[tuple[float, float], ...]:
    """(share of the outside kept, share of the inside kept) at every threshold, from (0, 0).

    Empty unless there is one of each. Source: Fawcett 2006.

    >>> roc([2.0, 3.0], [1.0, 2.0])
    ((0.0, 0.0), (0.0, 0.5), (0.5, 1.0), (1.0, 1.0))
    """
    if not inside or not outside:
        return ()
    wanted, others = sorted(inside), sorted(outside)
    thresholds = sorted({*inside, *outside}, reverse=True)
    kept = ((_share_from(others, t), _share_from(wanted, t)) for t in thresholds)
    return ((0.0, 0.0), *kept)


def errors_at(
    inside: Sequence[float], outside: Sequence[float], threshold: float
) -> tuple[float, float]:
    """(share of the inside below the threshold, share of the outside at or above it).

    Raises ValueError unless there is one of each.

    >>> errors_at([1.0, 3.0], [0.0, 2.0], threshold=2.0)
    (0.5, 0.5)
    """
    if not inside or not outside:
        raise ValueError("both errors need a question of each kind")
    return 1 - _share_from(sorted(inside), threshold), _share_from(sorted(outside), threshold)


def _share_from(rising: Sequence[float], threshold: float) -> float:
    """Share of sorted scores that are at or above a threshold."""
    return (len(rising) - bisect_left(rising, threshold)) / len(rising)


def reliability(
    inside: Sequence[float], outside: Sequence[float], bins: int = BINS
) -> tuple[Bin, ...]:
    """Predicted probability against what is so, in bins of equal width.

    Source: Naeini, Cooper & Hauskrecht 2015.
    """
    pairs = [(probability(score), 1) for score in inside]
    pairs += [(probability(score), 0) for score in outside]
    members: list[list[tuple[float, int]]] = [[] for _ in range(bins)]
    for predicted, answerable in pairs:
        members[min(bins - 1, int(predicted * bins))].append((predicted, answerable))
    return tuple(_bin(at / bins, (at + 1) / bins, found) for at, found in enumerate(members))


def _bin(low: float, high: float, members: Sequence[tuple[float, int]]) -> Bin:
    count, events = len(members), sum(answerable for _, answerable in members)
    if not count:
        return Bin(low=low, high=high, count=0, predicted=None, observed=None, interval=None)
    return Bin(
        low=low,
        high=high,
        count=count,
        predicted=sum(predicted for predicted, _ in members) / count,
        observed=events / count,
        interval=wilson_interval(events, count),
    )


def calibration_error(bins: Sequence[Bin]) -> float | None:
    """Expected calibration error, 0..1: the mean distance of the bins, weighted by their counts.

    None without a question. Source: Naeini, Cooper & Hauskrecht 2015.
    """
    total = sum(b.count for b in bins)
    if not total:
        return None
    return sum(b.count * abs((b.predicted or 0.0) - (b.observed or 0.0)) for b in bins) / total
