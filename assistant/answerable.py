"""Whether a library holds an answer: a logistic model over what was found and what was asked.

The relevance of a passage says which one is best; this says whether the best is good enough.
Weights and thresholds stand in ``answerable.toml``; ``python -m eval fit`` fits them on the
development questions. The model declines or marks an answer as limited; it never writes.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

from assistant.beyond import other_conditions, silent_on
from assistant.model import Answerable, Likelihood, Understanding
from assistant.relevance import Relevance
from assistant.words import EVERYDAY, foreign_words
from corpus.model import Passage
from index.keyword import tokens
from index.model import Retrieved

WEIGHTS = Path(__file__).with_name("answerable.toml")
# For a library on which no weights were fitted: below these it is taken not to speak of the
# question. Cosine of all-MiniLM-L6-v2, read off the development questions in eval/cases.
COSINE_ON_SUBJECT = 0.30  # the question names the subject
COSINE_BESIDE_SUBJECT = 0.25  # it names a drug or subtype of the library
COSINE_OFF_SUBJECT = 0.47
# A follow-up as close as this to a question that a statement answers is on the subject, whatever
# else its words are.
COSINE_OF_A_QUESTION = 0.65
# Other diseases, silent matters and foreign words of a question.
_Beyond = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]
NEAREST = 5  # passages whose words together are held against those of the question
ABOUT = 10  # passages found that are read for a matter when the question names no known drug


@dataclass(frozen=True)
class Answerability:
    """The model for one library; ``weights`` are by feature name, in logits.

    Below ``decline_below`` a question is declined; from ``answer_from`` on it is answered;
    between them the nearest statements are shown as a limited answer.
    """

    relevance: Relevance
    weights: Mapping[str, float]
    intercept: float
    decline_below: float = 0.0
    answer_from: float = 0.0
    fitted_on: str = ""  # id of the library; scores of another one are not comparable

    @classmethod
    def load(cls, relevance: Relevance, path: Path = WEIGHTS) -> Answerability:
        """The model whose weights and thresholds stand in a file."""
        content = tomllib.loads(path.read_text("utf-8"))
        thresholds = content["thresholds"]
        return cls(
            relevance,
            content["weights"],
            content["intercept"],
            thresholds["decline_below"],
            thresholds["answer_from"],
            content["library"],
        )

    def judge(
        self,
        text: str,
        understanding: Understanding,
        pool: Sequence[Retrieved],
        logits: Mapping[str, float],
    ) -> Answerable:
        """What the model says of a question whose ``pool`` is ordered, the likeliest first."""
        vocabulary = self.relevance.library.vocabulary
        if self.fitted_on and self.fitted_on != vocabulary.id:
            return _by_cosine(understanding, pool, vocabulary.mentioned_only)
        beyond = self._beyond(text, understanding, pool)
        values = self._features(text, understanding, pool, logits, beyond)
        logit = self.intercept + sum(self.weights.get(n, 0.0) * v for n, v in values.items())
        likelihood = Likelihood.LIKELY
        if logit < self.answer_from and not _is_plain_dose(understanding, beyond):
            likelihood = Likelihood.DOUBTFUL
        if logit < self.decline_below and not _in_own_words(understanding, beyond):
            likelihood = Likelihood.UNLIKELY
        return Answerable(likelihood, round(logit, 6), *beyond)

    def features(
        self,
        text: str,
        understanding: Understanding,
        pool: Sequence[Retrieved],
        logits: Mapping[str, float],
    ) -> dict[str, float]:
        """The features of a question, by name."""
        beyond = self._beyond(text, understanding, pool)
        return self._features(text, understanding, pool, logits, beyond)

    def _beyond(
        self, text: str, understanding: Understanding, pool: Sequence[Retrieved]
    ) -> _Beyond:
        """Other diseases, silent matters and foreign words of a question."""
        library = self.relevance.library
        return (
            other_conditions(text, library),
            silent_on(text, self._about(understanding, pool)),
            foreign_words(text, library),
        )

    def _about(self, understanding: Understanding, pool: Sequence[Retrieved]) -> Sequence[Passage]:
        """The statements that would have to speak of what is asked: those on its drugs."""
        drugs = set(understanding.named("drug")) - set(understanding.unknown_drugs)
        passages = self.relevance.library.passages.values()
        on_drug = [p for p in passages if drugs & set(p.statement.facets.drugs)]
        return on_drug or [found.passage for found in pool[:ABOUT]]

    def _features(
        self,
        text: str,
        understanding: Understanding,
        pool: Sequence[Retrieved],
        logits: Mapping[str, float],
        beyond: _Beyond,
    ) -> dict[str, float]:
        conditions, matters, foreign = beyond
        words = self._content_words(understanding.keyword_query)
        heard = [self._held(found, words) for found in pool[:NEAREST]]
        together = set[str]().union(*heard)
        mass = sum(words.values()) or 1.0
        drugs = understanding.named("drug")
        asked = max((found.asked or 0.0 for found in pool), default=0.0)
        return {
            "likeliest": max(logits.values(), default=-self._most),
            "asked": asked,
            "nearest": max([asked, *(found.dense or 0.0 for found in pool)]),
            "asked_of_first": (pool[0].asked or 0.0) if pool else 0.0,
            "keyword": max((found.keyword or 0.0 for found in pool), default=0.0) / 20,
            "cover": max((sum(words[w] for w in held) for held in heard), default=0.0) / mass,
            "cover_together": sum(words[w] for w in together) / mass,
            "covered": sum(words[w] for w in together) / 20,
            "foreign": len(foreign) / max(1, len(self._content_words(text))),
            "other_condition": float(min(2, len(conditions))),
            "silent_matter": float(bool(matters)),
            "unknown_drug": float(bool(understanding.unknown_drugs)),
            "only_unknown_drugs": float(
                bool(drugs) and set(drugs) <= set(understanding.unknown_drugs)
            ),
            "narrow_subtype": float(bool(understanding.narrow_subtypes)),
            "population": float(bool(understanding.named("population"))),
            "condition": float(bool(understanding.named("condition"))),
            "plan": float(understanding.plan is not None),
            "asks_dose": float(understanding.asks_dose),
            "carried": float(understanding.carried),
        }

    def _content_words(self, text: str) -> dict[str, float]:
        """The stems of a text that carry meaning, each with its weight by rarity.

        A stem that no passage holds weighs as much as the rarest one.
        """
        stems = dict.fromkeys(tokens(text))
        return {
            stem: self.relevance.idf.get(stem, self._most)
            for stem in stems
            if len(stem) > 1 and not stem[0].isdigit() and stem not in _everyday()
        }

    def _held(self, found: Retrieved, words: Mapping[str, float]) -> set[str]:
        return set(words) & self.relevance.words[found.passage.id]

    @cached_property
    def _most(self) -> float:
        return max(self.relevance.idf.values(), default=1.0)


def _in_own_words(understanding: Understanding, beyond: _Beyond) -> bool:
    """Whether a drug of the library is asked about in its own terms, and nothing strange is named.

    However short and odd the wording ("BP 60/30 in HLH, etoposide dose?"), the drug is looked up. A
    follow-up ("and if it drops to 10?") names next to nothing: what it leans on stands for it.
    """
    conditions, matters, foreign = beyond
    if conditions or matters:
        return False
    known = set(understanding.named("drug")) - set(understanding.unknown_drugs)
    if understanding.carried and (known or understanding.on_subject):
        return True  # the turns before it were on the subject
    dose = understanding.asks_dose and understanding.on_subject
    topic = bool(understanding.named("topic")) and not foreign
    return bool(known) and (dose or topic)


def _is_plain_dose(understanding: Understanding, beyond: _Beyond) -> bool:
    """Whether the dose of such a drug is asked for, and every word is known."""
    dose = understanding.asks_dose and understanding.on_subject
    return dose and not beyond[2] and _in_own_words(understanding, beyond)


@cache
def _everyday() -> frozenset[str]:
    return frozenset(stem for word in EVERYDAY for stem in tokens(word))


def _by_cosine(
    understanding: Understanding, pool: Sequence[Retrieved], mentioned_only: Sequence[str]
) -> Answerable:
    """The plain rule: words of something else, or nothing near enough."""
    foreign = understanding.foreign
    nearest = max((found.asked or 0.0 for found in pool), default=0.0)
    follows = understanding.carried and nearest >= COSINE_OF_A_QUESTION
    if foreign and not (follows and not set(foreign) & set(mentioned_only)):
        return Answerable(Likelihood.UNLIKELY, words=foreign)
    floor = COSINE_OFF_SUBJECT
    if understanding.on_subject:
        floor = COSINE_ON_SUBJECT
    elif set(understanding.named("drug")) - set(understanding.unknown_drugs) or (
        understanding.narrow_subtypes
    ):
        floor = COSINE_BESIDE_SUBJECT
    best = max((found.dense or 0.0 for found in pool), default=0.0)
    return Answerable(Likelihood.LIKELY if best >= floor else Likelihood.UNLIKELY)
