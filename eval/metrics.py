"""The measures, as functions from plain values to numbers.  (pure)

Each says what it means, what happens at its edges, and where it comes from. A measure that
is undefined raises ValueError; the caller decides that such a case is not counted.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from collections.abc import Set as AbstractSet

import numpy as np
import numpy.typing as npt

_Floats = npt.NDArray[np.float64]
Scores = Sequence[float] | _Floats

Z_95 = 1.959963984540054  # the 97.5 % point of the standard normal distribution
RESAMPLES = 2000
SEED = 20_250_101


# ------------------------------------------------------------------------------- ranking


def recall_at_k(ranking: Sequence[str], relevant: AbstractSet[str], k: int) -> float:
    """Share of the relevant passages found in the first k, 0..1, higher is better.

    With more than k relevant passages it can't reach 1. A passage listed twice counts once.
    Raises ValueError when nothing is relevant: such questions are scored by whether the
    answer abstains. Source: Manning, Raghavan & Schütze 2008, ch. 8.

    >>> recall_at_k(["a", "x", "b"], {"a", "b"}, k=2)
    0.5
    """
    if not relevant:
        raise ValueError("recall is undefined without a relevant passage")
    return len(relevant & set(ranking[:k])) / len(relevant)


def reciprocal_rank(ranking: Sequence[str], relevant: AbstractSet[str]) -> float:
    """1 / rank of the first relevant passage, 0 when none is found; its mean is the MRR.

    Raises ValueError when nothing is relevant. Source: Voorhees 1999 (TREC-8).

    >>> reciprocal_rank(["x", "a", "b"], {"a", "b"})
    0.5
    """
    if not relevant:
        raise ValueError("the reciprocal rank is undefined without a relevant passage")
    return next((1 / rank for rank, id_ in enumerate(ranking, 1) if id_ in relevant), 0.0)


def ndcg_at_k(ranking: Sequence[str], relevant: AbstractSet[str], k: int) -> float:
    """Discounted gain of the first k, as a share of the best possible order, 0..1.

    Relevance is yes or no; the gain at rank r is 1 / log2(r + 1). The ideal list holds
    min(k, number of relevant) passages. Raises ValueError when nothing is relevant or k < 1.
    Source: Järvelin & Kekäläinen 2002.

    >>> round(ndcg_at_k(["x", "a"], {"a"}, k=10), 4)
    0.6309
    """
    if not relevant or k < 1:
        raise ValueError("nDCG needs a relevant passage and k of at least 1")
    first: dict[str, int] = {}
    for rank, id_ in enumerate(ranking[:k], 1):
        first.setdefault(id_, rank)
    gain = sum(1 / math.log2(first[id_] + 1) for id_ in sorted(relevant) if id_ in first)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(k, len(relevant)) + 1))
    return min(1.0, gain / ideal)


# ----------------------------------------------------------------------------- key facts


def is_found(
    carriers: AbstractSet[str],
    shown: Collection[str],
    positions: AbstractSet[str] = frozenset(),
    *,
    both_sides: bool = False,
) -> bool:
    """Whether a key fact is among the shown passages.

    ``carriers`` are the passages that carry the fact. A fact on which sources differ
    (``both_sides``) needs two different passages that carry it or hold a position on the
    same question (``positions``). A fact that nothing carries is never found.

    >>> is_found({"a"}, ["x", "a"])
    True
    >>> is_found({"a", "b"}, ["a", "a"], both_sides=True)
    False
    >>> is_found({"a"}, ["a", "b"], {"a", "b"}, both_sides=True)
    True
    """
    if not both_sides:
        return bool(carriers & set(shown))
    return bool(carriers) and len((carriers | positions) & set(shown)) >= 2


def key_fact_recall(found: Sequence[bool]) -> float:
    """Share of a question's key facts that the answer shows, 0..1, higher is better.

    A fact that the library lacks counts as missed. Raises ValueError without a key fact.
    Source: nugget recall of the TREC question answering track (Voorhees 2003).

    >>> key_fact_recall([True, False, True, True])
    0.75
    """
    if not found:
        raise ValueError("key-fact recall is undefined without a key fact")
    return sum(found) / len(found)


# ------------------------------------------------------------------------- answerability


def auroc(positive: Scores, negative: Scores) -> float:
    """The chance that a wanted item scores above an unwanted one, 0..1; ties count half.

    By counts of lower scores, so that a bootstrap of it takes no minutes. Raises ValueError
    unless there is one of each. Source: Hanley & McNeil 1982.

    >>> auroc([2.0, 3.0], [1.0, 2.0])
    0.875
    """
    wanted, unwanted = _both(positive, negative)
    unwanted = np.sort(unwanted)
    lower = np.searchsorted(unwanted, wanted, side="left")
    lower_or_tied = np.searchsorted(unwanted, wanted, side="right")
    return float((lower + lower_or_tied).sum() / (2 * len(wanted) * len(unwanted)))


def false_positives_at(positive: Scores, negative: Scores, recall: float) -> float:
    """Share of the unwanted items at or above the threshold that keeps this recall, 0..1.

    The threshold is the highest score that keeps at least ``recall`` of the wanted items
    ("FPR at 95 % TPR"). Raises ValueError unless there is one of each and recall is in 0..1.

    >>> false_positives_at([1.0, 2.0, 3.0, 4.0], [0.5, 2.5], recall=0.75)
    0.5
    """
    wanted, unwanted = _both(positive, negative)
    if not 0 < recall <= 1:
        raise ValueError("a recall lies above 0 and at most at 1")
    kept = math.ceil(recall * len(wanted) - 1e-9)
    threshold = np.sort(wanted)[len(wanted) - kept]
    return float((unwanted >= threshold).mean())


def _both(positive: Scores, negative: Scores) -> tuple[_Floats, _Floats]:
    if not len(positive) or not len(negative):
        raise ValueError("a comparison needs a wanted and an unwanted item")
    return np.asarray(positive, dtype=np.float64), np.asarray(negative, dtype=np.float64)


# ------------------------------------------------------------------------------- support


def is_unaltered(document: str, start: int, end: int, sha256: str) -> bool:
    """Whether a passage, read from its document by offset, has the hash it was indexed with.

    Offsets are half-open and count characters. Source: own definition.

    >>> digest = hashlib.sha256(b"Give 10 mg.").hexdigest()
    >>> text = "Before. Give 10 mg. After."
    >>> is_unaltered(text, 8, 19, digest), is_unaltered(text, 7, 19, digest)
    (True, False)
    """
    return hashlib.sha256(document[start:end].encode("utf-8")).hexdigest() == sha256


def is_verbatim(claim: str, document: str, start: int, end: int, sha256: str) -> bool:
    """Whether a sentence stands, letter by letter, in the passage that it cites.

    The passage is read again from its document by offset, and has to have the hash that it
    was indexed with. An empty sentence is not supported. Source: own definition, after
    "attributable to identified sources" (Rashkin et al. 2023), made literal.

    >>> text = "Before. Give 10 mg. After."
    >>> digest = hashlib.sha256(b"Give 10 mg.").hexdigest()
    >>> is_verbatim("Give 10 mg.", text, 8, 19, digest)
    True
    >>> is_verbatim("Give 10 g.", text, 8, 19, digest)
    False
    """
    found = bool(claim) and claim in document[start:end]
    return found and is_unaltered(document, start, end, sha256)


_UNIT = (
    r"(?:mg|g|kg|µg|mcg|micrograms?|ng|units?|IU|U|mL|dL|L|mmol|micromol|µmol|mEq|cm|m²|m2|%|"
    r"min|h|hours?|days?|weeks?|months?|years?|doses?)"
)
_NUMBER = re.compile(
    rf"(?<![\w.])(?<![A-Za-z]-)\d+(?:[.,]\d+)*(?:\s?{_UNIT}(?:/(?:kg|m²|m2|dose|day|week|h|hour|min|mL|dL|L))*"
    r"(?![\w]))?"
)


def numbers_of(text: str) -> tuple[str, ...]:
    """The numbers of a text, each with the unit that follows it; spaces are taken out.

    Independent of the dose reader, which it is there to check. Words ("two") and fractions
    are not read; "HLH-94" and "F047" hold no number of their own.

    >>> numbers_of("Give 10 mg/m2/day for 2 weeks, 1.5 g/L at most (HLH-94).")
    ('10mg/m2/day', '2weeks', '1.5g/L')
    """
    return tuple(re.sub(r"\s", "", match.group()) for match in _NUMBER.finditer(text))


def unsupported_numbers(claim: str, passages: Sequence[str]) -> tuple[str, ...]:
    """The numbers of a sentence that no cited passage holds with the same unit.

    Without a cited passage every number is unsupported.

    >>> unsupported_numbers("10 mg then 5 g", ["10 mg, later 5 mg"])
    ('5g',)
    """
    held = {number for passage in passages for number in numbers_of(passage)}
    return tuple(number for number in numbers_of(claim) if number not in held)


# ----------------------------------------------------------------------------- intervals


def wilson_interval(events: int, n: int) -> tuple[float, float]:
    """95 % interval of a share, both ends in 0..1.

    Raises ValueError unless 0 <= events <= n and n > 0.
    Source: Wilson 1927; recommended over the normal interval by Brown, Cai & DasGupta 2001.

    >>> [round(end, 3) for end in wilson_interval(5, 10)]
    [0.237, 0.763]
    """
    if n <= 0 or not 0 <= events <= n:
        raise ValueError(f"{events} of {n} is not a share")
    share, z2 = events / n, Z_95 * Z_95
    middle = (share + z2 / (2 * n)) / (1 + z2 / n)
    half = Z_95 / (1 + z2 / n) * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low = 0.0 if events == 0 else max(0.0, middle - half)
    high = 1.0 if events == n else min(1.0, middle + half)
    return low, high


def bootstrap_interval(
    values: Sequence[float], *, resamples: int = RESAMPLES, seed: int = SEED
) -> tuple[float, float]:
    """95 % percentile interval of a mean; the same values give the same interval.

    Cases are drawn with replacement, seeded. One value gives that value twice. Raises
    ValueError without a value. Source: Efron & Tibshirani 1993, ch. 13.

    >>> bootstrap_interval([0.25, 0.25, 0.25])
    (0.25, 0.25)
    """
    if not values:
        raise ValueError("no value to draw from")
    array = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(seed).integers(0, len(array), size=(resamples, len(array)))
    low, high = np.percentile(array[draws].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def bootstrap_of_two(
    statistic: Callable[[Scores, Scores], float],
    positive: Scores,
    negative: Scores,
    *,
    resamples: int = RESAMPLES,
    seed: int = SEED,
) -> tuple[float, float]:
    """95 % percentile interval of a statistic of two groups, such as ``auroc``; seeded.

    Each group is drawn with replacement from itself, so that both keep their size. Raises
    ValueError unless there is one of each. Source: Efron & Tibshirani 1993, ch. 8.

    >>> bootstrap_of_two(auroc, [2.0, 3.0], [0.0, 1.0])
    (1.0, 1.0)
    """
    wanted, unwanted = _both(positive, negative)
    random = np.random.default_rng(seed)
    drawn = [
        statistic(
            wanted[random.integers(0, len(wanted), len(wanted))],
            unwanted[random.integers(0, len(unwanted), len(unwanted))],
        )
        for _ in range(resamples)
    ]
    low, high = np.percentile(drawn, [2.5, 97.5])
    return float(low), float(high)


def percentile(values: Sequence[float], percent: float) -> float:
    """The value below which that share of the values lies, interpolated between neighbours.

    Raises ValueError without a value or outside 0..100. Source: Hyndman & Fan 1996, type 7.

    >>> percentile([1.0, 2.0, 3.0, 4.0], 50)
    2.5
    """
    if not values or not 0 <= percent <= 100:
        raise ValueError("a percentile needs a value, and a percent between 0 and 100")
    return float(np.percentile(np.asarray(values, dtype=np.float64), percent))


def rate_text(events: int, n: int) -> str:
    """A count of unwanted events in words: ``0 of 150 (<3/150 = 2.0 %)``.

    With no event the upper 95 % limit is about 3/n. Source: the rule of three,
    Hanley & Lippman-Hand 1983.

    >>> rate_text(0, 150), rate_text(3, 150), rate_text(0, 0)
    ('0 of 150 (<3/150 = 2.0 %)', '3 of 150 (0.7–5.7 %)', 'none counted')
    """
    if n == 0:
        return "none counted"
    if events == 0:
        return f"0 of {n} (<3/{n} = {min(100.0, 300 / n):.1f} %)"
    low, high = wilson_interval(events, n)
    return f"{events} of {n} ({100 * low:.1f}–{100 * high:.1f} %)"


def counts_by(pairs: Sequence[tuple[str, str]]) -> Mapping[tuple[str, str], int]:
    """How often each (expected, observed) pair occurs, in the order of first sight.

    >>> dict(counts_by([("a", "x"), ("a", "x"), ("b", "x")]))
    {('a', 'x'): 2, ('b', 'x'): 1}
    """
    counts: dict[tuple[str, str], int] = {}
    for pair in pairs:
        counts[pair] = counts.get(pair, 0) + 1
    return counts
