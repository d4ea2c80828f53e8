"""How well a passage fits a section: the retrieval score, moved by its facets.

It orders what a plan, a disagreement or a dose brings with it, found by the search or not. What
answers a question without a plan is ordered by ``assistant.relevance``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from assistant.ages import is_for
from assistant.model import Understanding
from corpus.model import Kind, Passage, Role, Verification
from index.model import Retrieved

# Added to the fused score (0..1). Set by hand on the development questions of eval/cases; what
# matters is their order, not their size.
DRUG_MATCH = 0.35
DRUG_MISSING = -0.30
TOPIC_MATCH = 0.15
FACET_MATCH = 0.15
CARRIED = 0.4  # weight of what only an earlier turn names
CONDITION_MATCH = 0.30  # a condition is what such a question is about
NARROW_SUBTYPE = 0.20  # more, for a subtype that few statements speak of
OTHER_SUBTYPE = -0.20
OTHER_POPULATION = -0.30
UNASKED_POPULATION = -0.12
# Worse than any match is good: a dose of another age band must not stand in for the patient's.
OTHER_AGE = -2.0
AGE_MATCH = 0.20
DOSE_ASKED = 0.10
# To a question that asks what to do, a study's result is background.
ACTION = {
    Role.RECOMMENDATION: 0.08,
    Role.DOSE: 0.08,
    Role.EVIDENCE: -0.15,
    Role.DEFINITION: -0.15,
}
CORE = 0.10
SUMMARY = -0.08
SECOND_HAND = -0.01
BACKGROUND = -0.05

_TOKEN = re.compile(r"[a-z0-9.]+")


def fit(
    passage: Passage,
    found: Retrieved | None,
    understanding: Understanding,
    usual_population: tuple[str, ...] = (),
) -> float:
    """Score of a passage for a question; higher is better, comparable within a question.

    ``usual_population``: who is meant when a question names nobody.
    """
    facets = passage.statement.facets
    score = found.score if found is not None else 0.0
    asked_drugs = set(understanding.named("drug"))
    if asked_drugs:
        # A question on several topics names a drug for one of them.
        missing = DRUG_MISSING / max(1, len(understanding.named("topic")))
        score += DRUG_MATCH if asked_drugs & set(facets.drugs) else missing
    if facets.topic in understanding.named("topic"):
        score += TOPIC_MATCH * _weight("topic", understanding)
    subtype = _subtype(set(facets.subtype), set(understanding.named("subtype")))
    subtype += NARROW_SUBTYPE * bool(set(facets.subtype) & set(understanding.narrow_subtypes))
    score += subtype * _weight("subtype", understanding)
    score += _population(
        set(facets.population), set(understanding.named("population")), set(usual_population)
    )
    score += _bands(passage.text, understanding)
    if set(understanding.named("severity")) & set(facets.severity):
        score += FACET_MATCH
    if set(understanding.named("condition")) & set(facets.condition):
        score += CONDITION_MATCH
    if understanding.asks_dose and passage.statement.role in (Role.DOSE, Role.ADJUSTMENT):
        score += DOSE_ASKED
    if understanding.asks_action or understanding.asks_dose:
        score += ACTION.get(passage.statement.role, 0.0)
    score += CORE if passage.statement.core else 0.0
    score += SUMMARY if passage.kind is Kind.SUMMARY else 0.0
    if passage.statement.verification is Verification.SECOND_HAND:
        score += SECOND_HAND
    elif passage.statement.verification is Verification.BACKGROUND:
        score += BACKGROUND
    return score


def _weight(facet: str, understanding: Understanding) -> float:
    """What an earlier turn named is context; what this one names is the question."""
    return CARRIED if facet in understanding.carried_facets else 1.0


def _subtype(stated: set[str], asked: set[str]) -> float:
    if not stated:
        return 0.0
    if stated & asked:
        return FACET_MATCH
    return OTHER_SUBTYPE


def _population(stated: set[str], asked: set[str], usual: set[str]) -> float:
    if not stated:
        return 0.0
    if not asked:
        return 0.0 if not usual or stated & usual else UNASKED_POPULATION
    return FACET_MATCH if stated & asked else OTHER_POPULATION


def _bands(text: str, understanding: Understanding) -> float:
    fits = is_for(text, *understanding.measures)
    if fits is None:
        return 0.0
    return AGE_MATCH if fits else OTHER_AGE


def facet_values(passage: Passage, facet: str) -> tuple[str, ...]:
    """The values of a facet of the passage's statement, by the facet's name."""
    if facet == "disagreement":
        question = passage.statement.disagreement
        return (question,) if question else ()
    values = getattr(passage.statement.facets, facet)
    return (values,) if isinstance(values, str) else values


def meets(passage: Passage, wanted: Mapping[str, tuple[str, ...]]) -> int:
    """How many of the wanted facets the passage has one of the values of."""
    return sum(
        bool(set(values) & set(facet_values(passage, facet))) for facet, values in wanted.items()
    )


def tokens(text: str) -> frozenset[str]:
    """Words and numbers of a text, for comparing statements with each other."""
    return frozenset(_TOKEN.findall(text.lower()))


def same_content(one: Passage, other: Passage) -> bool:
    """Whether two statements say so nearly the same that a reader needs only one.

    Statements that hold different numbers, or speak of different drugs, are never folded: "reduce
    tacrolimus" does not say what becomes of ciclosporin.
    """
    if set(one.statement.facets.drugs) != set(other.statement.facets.drugs):
        return False
    first, second = tokens(one.text), tokens(other.text)
    if {t for t in first if t[0].isdigit()} != {t for t in second if t[0].isdigit()}:
        return False
    return len(first & second) >= 0.6 * len(first | second)


def without_repeats(ranked: Iterable[Passage], limit: int, taken: list[Passage]) -> list[Passage]:
    """The first ``limit`` passages that repeat neither each other nor ``taken``."""
    chosen: list[Passage] = []
    for passage in ranked:
        if len(chosen) >= limit:
            break
        if any(p.id == passage.id or same_content(p, passage) for p in (*taken, *chosen)):
            continue
        chosen.append(passage)
    return chosen
