"""How likely a passage answers a question: a logistic model over a few plain features.

The features say how near the wordings are, and how the facets of the statement lie to those
that the question names. The weights stand in ``relevance.toml``; ``python -m eval fit`` fits
them on the development questions. The model orders and cuts; it never writes. A second set of
weights says how likely a statement belongs in a section of a broad answer, where the section
decides what is wanted and the wording of the question says little.
"""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path

from assistant.ages import is_for
from assistant.model import Understanding
from corpus.library import Library
from corpus.model import Kind, Passage, Role, Verification
from index.keyword import tokens
from index.model import Retrieved, searched_text

WEIGHTS = Path(__file__).with_name("relevance.toml")
# Set by hand, for safety: a dose of another age band must not stand in for the patient's.
OTHER_AGE = -6.0
SAME_AGE = 0.5
# Set by hand on the development follow-ups: what the last turn itself says is what is asked, and
# the rest of the conversation, which has more words, must not drown it.
OWN_WORDS = 2.5
_DOSE_ROLES = (Role.DOSE, Role.ADJUSTMENT)
# Known of what the search found and of nothing else, or of no use without the wording.
ONLY_OF_THE_FOUND = ("dense", "asked", "best", "keyword", "keyword_absolute", "numbers")
PREFERRED = "preferred"


@dataclass(frozen=True)
class Relevance:
    """The model for one library; ``weights`` are by feature name, in logits.

    ``plan``: those of a statement in a section of a broad answer.
    """

    library: Library
    weights: Mapping[str, float]
    intercept: float
    plan: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def load(cls, library: Library, path: Path = WEIGHTS) -> Relevance:
        """The model whose weights stand in a file."""
        content = tomllib.loads(path.read_text("utf-8"))
        return cls(library, content["weights"], content["intercept"], content.get("plan", {}))

    def logits(
        self, understanding: Understanding, pool: tuple[Retrieved, ...]
    ) -> Mapping[str, float]:
        """For each found passage the logarithm of its odds to answer; higher is better."""
        own, asked_drugs = frozenset(tokens(understanding.own)), set(understanding.named("drug"))
        return {
            found.passage.id: round(
                self.intercept
                + sum(
                    self.weights[name] * value
                    for name, value in values.items()
                    if value and name in self.weights
                )
                + _bands(found.passage.text, understanding)
                + OWN_WORDS * self._own(found.passage, own, asked_drugs),
                6,
            )
            for found, values in zip(pool, self.features(understanding, pool), strict=True)
        }

    @property
    def preferred(self) -> float:
        """What each facet counts that a section prefers, in logits."""
        return self.plan.get(PREFERRED, 0.0)

    def in_plan(
        self, understanding: Understanding, pool: tuple[Retrieved, ...]
    ) -> Mapping[str, float]:
        """For every statement of the library how likely it belongs in a broad answer, in logits.

        Comparable within a question only.
        """
        everything = self.with_the_rest(pool)
        return {
            found.passage.id: round(
                sum(self.plan[name] * v for name, v in values.items() if v and name in self.plan)
                + _bands(found.passage.text, understanding),
                6,
            )
            for found, values in zip(
                everything, self.features(understanding, everything), strict=True
            )
        }

    def with_the_rest(self, pool: tuple[Retrieved, ...]) -> tuple[Retrieved, ...]:
        """What was found, and after it every other statement, as not found."""
        have = {found.passage.id for found in pool}
        return pool + tuple(
            Retrieved(passage=passage, score=0.0, rank=0, dense=None, asked=None, keyword=None)
            for id_, passage in self.library.passages.items()
            if id_ not in have
        )

    def features(
        self, understanding: Understanding, pool: tuple[Retrieved, ...]
    ) -> list[dict[str, float]]:
        """The features of each found passage, in the order of the pool."""
        asked = frozenset(tokens(understanding.keyword_query))
        mass = sum(self.idf.get(word, 0.0) for word in asked) or 1.0
        numbers = [word for word in asked if word[0].isdigit()]
        most = max((found.keyword or 0.0 for found in pool), default=0.0) or 1.0
        result = []
        for found in pool:
            shared = asked & self.words[found.passage.id]
            values = {
                "dense": found.dense or 0.0,
                "asked": found.asked or 0.0,
                "best": max(found.dense or 0.0, found.asked or 0.0),
                "fused": found.score,
                "keyword": (found.keyword or 0.0) / most,
                "keyword_absolute": (found.keyword or 0.0) / 20,
                "cover": sum(self.idf[word] for word in shared) / mass,
                "numbers": sum(word in shared for word in numbers) / max(1, len(numbers)),
            }
            result.append(values | self._facets(found.passage, understanding))
        return result

    def _own(self, passage: Passage, own: frozenset[str], asked_drugs: set[str]) -> float:
        """How much of what a follow-up says itself stands in a passage, by weight of words.

        None for a passage on other drugs: "and in renal failure?" does not ask of them.
        """
        drugs = set(passage.statement.facets.drugs)
        if asked_drugs and drugs and not asked_drugs & drugs:
            return 0.0
        mass = sum(self.idf.get(word, 0.0) for word in own)
        shared = own & self.words[passage.id]
        return sum(self.idf[word] for word in shared) / mass if mass else 0.0

    def _facets(self, passage: Passage, understanding: Understanding) -> dict[str, float]:
        facets, statement = passage.statement.facets, passage.statement
        values = {
            "core": statement.core,
            "summary": passage.kind is Kind.SUMMARY,
            "second_hand": statement.verification is Verification.SECOND_HAND,
            "background": statement.verification is Verification.BACKGROUND,
            "topic": facets.topic in understanding.named("topic"),
            "topic_other": bool(understanding.named("topic"))
            and facets.topic not in understanding.named("topic"),
            "dose_asked": understanding.asks_dose and statement.role in _DOSE_ROLES,
            "dose_asked_other": understanding.asks_dose and statement.role not in _DOSE_ROLES,
        }
        for role in Role:
            values[f"role_{role}"] = statement.role is role
            values[f"action_{role}"] = understanding.asks_action and statement.role is role
        asked_drugs, drugs = set(understanding.named("drug")), set(facets.drugs)
        other = bool(asked_drugs) and bool(drugs) and not asked_drugs & drugs
        values |= {
            "drug_other": other,
            # "Bad kidneys, any problem?" of one drug: what holds for another is no answer.
            "drug_other_condition": other and bool(understanding.named("condition")),
            "drug_other_dosing": other and statement.role in _DOSE_ROLES,
            "drug": bool(asked_drugs & drugs),
            "drug_missing": bool(asked_drugs) and not asked_drugs & drugs,
            "drug_extra": bool(asked_drugs) and bool(drugs - asked_drugs),
            "drug_unasked": not asked_drugs and bool(drugs),
        }
        for facet in ("subtype", "population", "severity", "condition"):
            asked, stated = set(understanding.named(facet)), set(getattr(facets, facet))
            values |= {
                facet: bool(asked & stated),
                f"{facet}_other": bool(stated) and bool(asked) and not asked & stated,
                f"{facet}_unasked": bool(stated) and not asked,
                f"{facet}_missing": bool(asked) and not stated,
            }
        narrow = set(understanding.narrow_subtypes)
        values["subtype_narrow"] = bool(narrow & set(facets.subtype))
        values["subtype_narrow_missing"] = bool(narrow) and not narrow & set(facets.subtype)
        usual = set(self.library.vocabulary.usual_population)
        values["population_unusual"] = (
            not understanding.named("population")
            and bool(facets.population)
            and not usual & set(facets.population)
        )
        return {name: float(value) for name, value in values.items()}

    @cached_property
    def words(self) -> Mapping[str, frozenset[str]]:
        """The stems by which each passage is searched, its questions included."""
        return {
            id_: frozenset(tokens(searched_text(self.library, id_)))
            for id_ in self.library.passages
        }

    @cached_property
    def idf(self) -> Mapping[str, float]:
        """Weight of a word by the passages that hold it (as in BM25)."""
        counts = Counter(word for words in self.words.values() for word in words)
        n = len(self.words)
        return {word: math.log(1 + (n - df + 0.5) / (df + 0.5)) for word, df in counts.items()}


@lru_cache(maxsize=4)
def relevance_of(library: Library) -> Relevance:
    """The model of a library, read once."""
    return Relevance.load(library)


def _bands(text: str, understanding: Understanding) -> float:
    fits = is_for(text, *understanding.measures)
    if fits is None:
        return 0.0
    return SAME_AGE if fits else OTHER_AGE
