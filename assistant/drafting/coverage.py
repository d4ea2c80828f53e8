"""Knowing when not to answer: what the library does not cover, and what an answer lacks."""

from __future__ import annotations

import math
from dataclasses import dataclass

from assistant.drafting.premise import wrong_premises
from assistant.drafting.unsaid import unsaid
from assistant.model import Evidence, Outcome, Understanding
from assistant.scope import out_of_scope
from corpus.library import Library
from corpus.model import Role

# Below these the library is taken not to speak of the question. Cosine of all-MiniLM-L6-v2,
# read off the development questions in eval/cases (docs/evaluation.md shows the curve).
COSINE_ON_SUBJECT = 0.30  # the question names the subject
COSINE_BESIDE_SUBJECT = 0.25  # it names a drug or subtype of the library
COSINE_OFF_SUBJECT = 0.47
# A follow-up as close as this to a question that a statement answers is on the subject, whatever
# else its words are; and a drug that no statement speaks of as a drug ("after pembrolizumab")
# does not matter where a statement is as likely as this, in logits, to answer.
COSINE_OF_A_QUESTION = 0.65
CLEARLY_ANSWERED = 4.5


@dataclass(frozen=True)
class Coverage:
    """What a library can be asked, by what was found for a question."""

    library: Library

    def not_covered(self, evidence: Evidence) -> str:
        """Why the library does not cover the question, or an empty string."""
        understanding = evidence.understanding
        best = max((r.dense or 0.0 for r in evidence.pool), default=0.0)
        other = out_of_scope(evidence.question.text)
        if other:
            return (
                f"This asks {other}. The library can only say what guidelines state: ask for "
                "the dose, the monitoring or the treatment itself."
            )
        drugs = understanding.named("drug")
        known = [d for d in drugs if d not in understanding.unknown_drugs]
        likeliest = max(evidence.logits.values(), default=-math.inf)
        beside = understanding.asks_plan  # "on noradrenaline: the whole plan?"
        unsure = understanding.asks_dose or likeliest < CLEARLY_ANSWERED
        if drugs and not known and not beside and unsure:
            return self._unknown_drugs(understanding)
        nearest = max((r.asked or 0.0 for r in evidence.pool), default=0.0)
        follows = understanding.carried and nearest >= COSINE_OF_A_QUESTION
        follows = follows and not set(understanding.foreign) & set(
            self.library.vocabulary.mentioned_only
        )
        if understanding.foreign and not follows:
            return f"{self.nothing(understanding)} It says nothing of: " + (
                ", ".join(understanding.foreign) + "."
            )
        if understanding.on_subject:
            floor = COSINE_ON_SUBJECT
        elif known or understanding.narrow_subtypes:
            floor = COSINE_BESIDE_SUBJECT
        else:
            floor = COSINE_OFF_SUBJECT
        if best < floor:
            return self.nothing(understanding)
        return ""

    def _unknown_drugs(self, understanding: Understanding) -> str:
        names = ", ".join(self.library.drugs[d].name for d in understanding.unknown_drugs)
        return f"The library says nothing about {names}."

    def nothing(self, understanding: Understanding) -> str:
        return (
            "The library does not cover this question. It holds statements on "
            f"{self.library.vocabulary.title}."
        )

    def limits(self, evidence: Evidence) -> tuple[Outcome, str]:
        """Answered, or limited with the sentence that says what is missing or wrong."""
        understanding = evidence.understanding
        wrong = wrong_premises(evidence.question.text, self.library)
        if wrong:
            return Outcome.LIMITED, (
                f"No statement of the library gives {' or '.join(wrong)} as a dose. "
                "What it gives stands below."
            )
        if understanding.unknown_drugs:
            return Outcome.LIMITED, self._unknown_drugs(understanding)
        left_open = unsaid(evidence, self.library)
        if left_open:
            return Outcome.LIMITED, left_open
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
