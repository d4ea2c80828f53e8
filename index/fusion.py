"""Meaning and words -> one ranking, by a weighted sum.  (pure)"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from index.ports import Hit
from index.vectors import by_score

DENSE_WEIGHT = 0.69
"""Share of the meaning in the sum; the rest is the words. Fitted on the development halves of
SciFact, MedQuAD, BioASQ and PubMedQA together; between 0.65 and 0.72 little changes."""
SCORE_DECIMALS = 9


def fuse(
    meaning: Mapping[str, float], cover: Mapping[str, float], weight: float = DENSE_WEIGHT
) -> tuple[Hit, ...]:
    """What either mapping holds, best first, with scores 0..1 (best 1, worst 0); ties by id.

    ``meaning`` holds cosines (-1..1) and ``cover`` the share of the query's words that a passage
    holds (0..1): both are summed as they are, so that a side which hardly tells the passages apart
    hardly counts. What a mapping lacks counts as its lowest. ``weight`` (0..1) is the share
    of the meaning.

    >>> fuse({"a": 0.9, "b": 0.5, "c": 0.5}, {"a": 0.0, "b": 1.0, "c": 0.0}, 0.5)
    (('b', 1.0), ('a', 0.4), ('c', 0.0))
    """
    if not 0 <= weight <= 1:
        raise ValueError(f"the dense weight is {weight}; it must lie between 0 and 1")
    low, few = min(meaning.values(), default=0.0), min(cover.values(), default=0.0)
    sums = {
        id_: weight * meaning.get(id_, low) + (1 - weight) * cover.get(id_, few)
        for id_ in {*meaning, *cover}
    }
    hits = ((id_, round(score, SCORE_DECIMALS)) for id_, score in scaled(sums.items()).items())
    return tuple(sorted(hits, key=by_score))


def fuse_hits(
    near: Sequence[Hit],
    words: Sequence[Hit],
    cover: Callable[[Iterable[str]], Mapping[str, float]],
    depth: int,
    weight: float = DENSE_WEIGHT,
) -> tuple[Hit, ...]:
    """Two lists as one: the first ``depth`` of the meaning, and all that the words propose.

    ``near`` may be longer than ``depth``, so that the cosine of what only the words propose is
    known; ``cover`` gives the share of the query's words for any ids.
    """
    proposed = {id_ for id_, _ in (*near[:depth], *words)}
    return fuse(known(near, proposed), cover(proposed), weight)


def known(hits: Sequence[Hit], ids: Iterable[str]) -> Mapping[str, float]:
    """The scores of these ids in a list; what lies below its end counts as the lowest of it.

    >>> known([("a", 0.9), ("b", 0.4)], ["a", "z"])
    {'a': 0.9, 'z': 0.4}
    """
    scores = dict(hits)
    low = min(scores.values(), default=0.0)
    return {id_: scores.get(id_, low) for id_ in ids}


def scaled(hits: Iterable[Hit]) -> Mapping[str, float]:
    """Scores moved to 0..1, best 1, worst 0; all 1 where they do not differ."""
    scores = dict(hits)
    if not scores:
        return {}
    low, high = min(scores.values()), max(scores.values())
    if high == low:
        return dict.fromkeys(scores, 1.0)
    return {passage_id: (score - low) / (high - low) for passage_id, score in scores.items()}
