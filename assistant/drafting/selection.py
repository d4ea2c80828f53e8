"""How many of the found statements an answer holds: those likely enough to be a part of it.

A second logistic model beside ``assistant.relevance``, which orders: it says how likely a
statement is a part of the answer, from the order's own logit, the distance to the best one and
what the question is like. It is calibrated, so that one limit serves a question with one answer
and a question with ten. The weights stand in ``selection.toml``; ``python -m eval fit`` fits them.
"""

from __future__ import annotations

import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from assistant.drafting.asked_for import aspects
from assistant.model import Length, Understanding
from assistant.relevance import Relevance, relevance_of
from corpus.library import Library
from index.model import Retrieved

WEIGHTS = Path(__file__).with_name("selection.toml")
# The least probability of a statement that is shown, by the length that the reader chose. At the
# standard length about one in six: on the development questions a higher limit loses key facts, and
# a lower one shows more that nobody asked for.
AT_LEAST = {Length.BRIEF: 0.3, Length.STANDARD: 0.16, Length.FULL: 0.05}
MOST = 18  # statements, however many are likely


@dataclass(frozen=True)
class Selection:
    """The model for one library; ``weights`` are by feature name, in logits."""

    relevance: Relevance
    weights: Mapping[str, float]
    intercept: float

    @classmethod
    def load(cls, library: Library, path: Path = WEIGHTS) -> Selection:
        """The model whose weights stand in a file."""
        content = tomllib.loads(path.read_text("utf-8"))
        return cls(relevance_of(library), content["weights"], content["intercept"])

    def chances(
        self,
        text: str,
        understanding: Understanding,
        pool: tuple[Retrieved, ...],
        logits: Mapping[str, float],
    ) -> Mapping[str, float]:
        """The probability (0..1) of each found passage to be a part of the answer, by id.

        ``text`` is the question as asked; ``logits`` are those of ``Relevance`` for the pool.
        """
        plain = self.relevance.features(understanding, pool)
        values = features(text, understanding, plain, [logits[f.passage.id] for f in pool])
        return {
            found.passage.id: _probability(
                self.intercept
                + sum(
                    self.weights[name] * v for name, v in of.items() if v and name in self.weights
                )
            )
            for found, of in zip(pool, values, strict=True)
        }


def features(
    text: str,
    understanding: Understanding,
    plain: list[dict[str, float]],
    logits: list[float],
) -> list[dict[str, float]]:
    """The features of each passage: its own, where it stands in the order, and the question's."""
    order = sorted(logits, reverse=True)
    if not order:
        return []
    best = order[0]
    of_question = {
        "question_aspects": float(aspects(understanding)),
        "question_words": float(len(text.split())),
        "question_marks": float(text.count("?") + text.count(",")),
        "question_dose": float(understanding.asks_dose),
        "question_action": float(understanding.asks_action),
        "best_logit": best,
        "gap_to_third": best - order[min(2, len(order) - 1)],
        "gap_to_sixth": best - order[min(5, len(order) - 1)],
    }
    return [
        own | of_question | {"logit": logit, "gap": best - logit}
        for own, logit in zip(plain, logits, strict=True)
    ]


def _probability(logit: float) -> float:
    return round(1 / (1 + math.exp(-logit)), 6)


@lru_cache(maxsize=4)
def selection_of(library: Library) -> Selection:
    """The model of a library, read once."""
    return Selection.load(library)
