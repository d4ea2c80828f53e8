"""The default drafter: it has no language model, it chooses statements and quotes them.

A broad question is answered along a plan of the library (its sections in clinical order);
any other question by the statements that fit best, grouped by topic. Statements on which
sources differ bring the other positions with them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from assistant.dosing import parse
from assistant.drafting.plan import BOTTOM_LINE, Sections, along_plan, with_disagreements
from assistant.drafting.rank import fit, without_repeats
from assistant.model import Claim, Draft, Evidence, Outcome, Understanding
from corpus.companions import companions
from corpus.library import Library
from corpus.model import Kind, Passage, Role
from index.model import Retrieved

SOURCES_DIFFER = "Sources differ: "

# Below these the library is taken not to speak of the question. Cosine of all-MiniLM-L6-v2,
# read off the development questions in eval/cases (docs/evaluation.md shows the curve).
COSINE_ON_SUBJECT = 0.30  # the question names the subject
COSINE_BESIDE_SUBJECT = 0.25  # it names a drug or subtype of the library
COSINE_OFF_SUBJECT = 0.47
MAX_STATEMENTS = 9  # of an answer without a plan, before what was asked for by name
RELATIVE_FLOOR = 0.58  # of the best statement's fit
NEAR_BEST = 0.85  # of the best fit: still fit to be the bottom line
# Statements on each topic, drug and subtype that was asked for by name.
OF_A_TOPIC = 3
OF_A_DRUG = 3
OF_A_SUBTYPE = 5
WANTED_FLOOR = 0.25
COMPANION_LIMIT = 5


@dataclass(frozen=True)
class QuotingDrafter:
    """Selects statements from the evidence and the library, and quotes them whole."""

    library: Library
    name: str = "quoted"

    def draft(self, evidence: Evidence) -> Draft:
        """A draft whose every claim is the whole text of the passage that it cites."""
        understanding = evidence.understanding
        missing = self._not_covered(evidence)
        if missing:
            return self._declined(evidence, missing)
        found = {r.passage.id: r for r in evidence.pool}
        plan = next((p for p in self.library.vocabulary.plans if p.id == understanding.plan), None)
        sections = (
            along_plan(plan, self.library, understanding, found)
            if plan
            else self._by_fit(understanding, found)
        )
        if not sections:
            return self._declined(evidence, self._nothing(understanding))
        sections = with_disagreements(
            sections,
            self.library,
            understanding,
            lambda passage: self._fit(passage, found, understanding),
            SOURCES_DIFFER,
        )
        chosen = [(title, passage) for title, passages in sections for passage in passages]
        outcome, reason = self._limits(understanding, [p for _, p in chosen])
        return Draft(
            evidence=evidence,
            outcome=outcome,
            reason=reason,
            claims=tuple(
                Claim(section=title, text=passage.text, cites=(passage.id,))
                for title, passage in chosen
            ),
            passages={passage.id: passage for _, passage in chosen},
        )

    # ------------------------------------------------------------------ knowing when not to

    def _not_covered(self, evidence: Evidence) -> str:
        """Why the library does not cover the question, or an empty string."""
        understanding = evidence.understanding
        best = max((r.dense or 0.0 for r in evidence.pool), default=0.0)
        drugs = understanding.named("drug")
        known = [d for d in drugs if d not in understanding.unknown_drugs]
        if drugs and not known and not understanding.named("topic"):
            return self._unknown_drugs(understanding)
        if drugs and not known:
            return self._unknown_drugs(understanding)
        if understanding.foreign:
            return f"{self._nothing(understanding)} It says nothing of: " + (
                ", ".join(understanding.foreign) + "."
            )
        if understanding.on_subject:
            floor = COSINE_ON_SUBJECT
        elif known or understanding.narrow_subtypes:
            floor = COSINE_BESIDE_SUBJECT
        else:
            floor = COSINE_OFF_SUBJECT
        if best < floor:
            return self._nothing(understanding)
        return ""

    def _unknown_drugs(self, understanding: Understanding) -> str:
        names = ", ".join(self.library.drugs[d].name for d in understanding.unknown_drugs)
        return f"The library says nothing about {names}."

    def _nothing(self, understanding: Understanding) -> str:
        return (
            "The library does not cover this question. It holds statements on "
            f"{self.library.vocabulary.title}."
        )

    def _declined(self, evidence: Evidence, reason: str) -> Draft:
        nearest = [r.passage for r in evidence.pool[:3]]
        return Draft(
            evidence=evidence,
            outcome=Outcome.DECLINED,
            reason=reason,
            claims=(),
            passages={p.id: p for p in nearest},
            nearest=tuple(p.id for p in nearest),
        )

    def _limits(
        self, understanding: Understanding, chosen: Sequence[Passage]
    ) -> tuple[Outcome, str]:
        """Answered, or limited with the sentence that says what is missing."""
        if understanding.unknown_drugs:
            return Outcome.LIMITED, self._unknown_drugs(understanding)
        asked = understanding.named("drug")
        if understanding.asks_dose and asked:
            without = [
                self.library.drugs[drug].name
                for drug in asked
                if not any(
                    drug in p.statement.facets.drugs
                    and p.statement.role in (Role.DOSE, Role.ADJUSTMENT)
                    for p in self.library.passages.values()
                )
            ]
            if without:
                names = ", ".join(without)
                return Outcome.LIMITED, f"The library holds no dose statement for {names}."
        return Outcome.ANSWERED, ""

    # -------------------------------------------------------------------------- composing

    def _fit(
        self, passage: Passage, found: Mapping[str, Retrieved], understanding: Understanding
    ) -> float:
        usual = self.library.vocabulary.usual_population
        return fit(passage, found.get(passage.id), understanding, usual)

    def _by_fit(self, understanding: Understanding, found: Mapping[str, Retrieved]) -> Sections:
        scores = {id_: self._fit(r.passage, found, understanding) for id_, r in found.items()}
        ranked = sorted((r.passage for r in found.values()), key=lambda p: (-scores[p.id], p.id))
        if not ranked or scores[ranked[0].id] <= 0:
            return []
        floor = RELATIVE_FLOOR * scores[ranked[0].id]
        best = without_repeats((p for p in ranked if scores[p.id] >= floor), MAX_STATEMENTS, [])
        for wanted, count in _asked_for(understanding):
            # Each topic, drug and subtype that was asked for by name is answered, however
            # well another one fits.
            more = (p for p in ranked if wanted(p) and scores[p.id] > WANTED_FLOOR)
            best += without_repeats(more, count - sum(map(wanted, best)), best)
        # Of the statements that fit about as well as the best, the one on the topic asked
        # about, and then the one that the editor marked, is the bottom line.
        near = [p for p in best if scores[p.id] >= NEAR_BEST * scores[best[0].id]]
        asked = understanding.named("topic")
        first = max(
            near,
            key=lambda p: (
                _sets_limit(p, understanding),
                p.statement.facets.topic in asked,
                p.kind is not Kind.SUMMARY,
                p.statement.core,
            ),
        )
        rest = [p for p in best if p.id != first.id]
        sections = [(BOTTOM_LINE, [first]), *self._by_topic(rest)]
        return sections + self._beside_doses(understanding, found, best)

    def _beside_doses(
        self,
        understanding: Understanding,
        found: Mapping[str, Retrieved],
        shown: list[Passage],
    ) -> Sections:
        """What a reader of the doses shown must not miss, by the drugs that were asked about."""
        if not understanding.asks_dose:
            return []
        sections: Sections = []
        for drug in understanding.named("drug")[:2]:
            beside = {
                companion.id: companion
                for passage in shown
                if _on_drug(drug, passage)
                for companion in companions(passage, self.library)
                if _on_drug(drug, companion) or companion.id in passage.statement.companions
            }
            ranked = sorted(
                beside.values(), key=lambda p: (-self._fit(p, found, understanding), p.id)
            )
            chosen = without_repeats(ranked, COMPANION_LIMIT, shown)
            if chosen:
                shown = [*shown, *chosen]
                sections.append((f"Also with {self.library.drugs[drug].name}", chosen))
        return sections

    def _by_topic(self, passages: Sequence[Passage]) -> Sections:
        topics: dict[str, list[Passage]] = {}
        for passage in passages:
            topics.setdefault(passage.statement.facets.topic, []).append(passage)
        terms = self.library.vocabulary.terms["topic"]
        return [(terms[topic].title, group) for topic, group in topics.items()]


def _sets_limit(passage: Passage, understanding: Understanding) -> bool:
    """Whether a passage gives the limit that the question asks for, of a drug that it names."""
    return understanding.asks_limit is not None and any(
        dose.role is understanding.asks_limit and dose.drug in understanding.named("drug")
        for dose in parse(passage.text, context_drugs=passage.statement.facets.drugs).doses
    )


def _asked_for(
    understanding: Understanding,
) -> Iterator[tuple[Callable[[Passage], bool], int]]:
    """Tests for what was asked for by name, each with the number of statements due to it."""
    for topic in understanding.named("topic"):
        yield partial(_on_topic, topic), OF_A_TOPIC
    for drug in understanding.named("drug"):
        yield partial(_on_drug, drug), OF_A_DRUG
    for subtype in understanding.narrow_subtypes:
        yield partial(_on_subtype, subtype), OF_A_SUBTYPE


def _on_topic(topic: str, passage: Passage) -> bool:
    return passage.statement.facets.topic == topic


def _on_subtype(subtype: str, passage: Passage) -> bool:
    return subtype in passage.statement.facets.subtype


def _on_drug(drug: str, passage: Passage) -> bool:
    return drug in passage.statement.facets.drugs
