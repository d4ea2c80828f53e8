"""Two rankings -> one, by a weighted sum of scaled scores.  (pure)"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from index.ports import Hit
from index.vectors import by_score

DENSE_WEIGHT = 0.5
"""Share of the meaning in the sum; the rest is the words. Best of 0.4, 0.5 and 0.6 on
the development data of SciFact, BioASQ and PubMedQA, and above rank fusion on all of them."""
SCORE_DECIMALS = 9


def fuse(
    dense: Sequence[Hit], keyword: Sequence[Hit], weight: float = DENSE_WEIGHT
) -> tuple[Hit, ...]:
    """The union of both lists, best first, with scores 0..1; ties by id.

    Each list is scaled so that its best is 1 and its worst 0; what a list does not hold
    counts as its worst. ``weight`` (0..1) is the share of the dense list.

    >>> fuse([("a", 0.9), ("b", 0.5)], [("b", 7.0), ("c", 3.0)])
    (('a', 0.5), ('b', 0.5), ('c', 0.0))
    """
    if not 0 <= weight <= 1:
        raise ValueError(f"the dense weight is {weight}; it must lie between 0 and 1")
    meaning, words = scaled(dense), scaled(keyword)
    sums = {
        passage_id: weight * meaning.get(passage_id, 0.0)
        + (1 - weight) * words.get(passage_id, 0.0)
        for passage_id in {*meaning, *words}
    }
    hits = ((passage_id, round(total, SCORE_DECIMALS)) for passage_id, total in sums.items())
    return tuple(sorted(hits, key=by_score))


def scaled(hits: Iterable[Hit]) -> Mapping[str, float]:
    """Scores moved to 0..1, best 1, worst 0; all 1 where they do not differ."""
    scores = dict(hits)
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {passage_id: (score - low) / (high - low) for passage_id, score in scores.items()}
