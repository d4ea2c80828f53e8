"""Knowing when not to answer: what the library does not cover, and what an answer lacks."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.drafting.confirmed import confirms
from assistant.drafting.former import only_superseded
from assistant.drafting.granted import takes_for_granted
from assistant.drafting.premise import against, faults
from assistant.drafting.unsaid import unsaid
from assistant.emergency import SEEK_HELP, tells_of_distress
from assistant.model import Evidence, Likelihood, Outcome, Refusal, Understanding
from assistant.scope import out_of_scope
from corpus.library import Library
from corpus.model import Passage, Role

# A drug that no statement speaks of as a drug ("after pembrolizumab") does not matter where a
# statement is as likely as this, in logits, to answer.
CLEARLY_ANSWERED = 4.5
# Where a question names neither the subject nor a drug of the library, and has other words, it is
# declined below these odds (in logits) that the library answers it.
LIKELY_BESIDE = 0.0
COMPARE = (
    "What the question takes for granted was not confirmed: hold it against the statement that "
    "stands first."
)
DOUBT = (
    "What stands nearest to the question is quoted below: read whether it speaks of what you ask."
)


@dataclass(frozen=True, slots=True)
class Finding:
    """Whether a question is answered, and if not simply so, which class of reason and which."""

    outcome: Outcome = Outcome.ANSWERED
    refusal: Refusal | None = None
    reason: str = ""


@dataclass(frozen=True)
class Coverage:
    """What a library can be asked, by what was found for a question."""

    library: Library

    def declined(self, evidence: Evidence) -> Finding | None:
        """Why a question is not answered at all; None when it is."""
        understanding, judged = evidence.understanding, evidence.answerable
        text = evidence.question.text
        if tells_of_distress(text):
            return Finding(Outcome.DECLINED, Refusal.EMERGENCY, SEEK_HELP)
        request = out_of_scope(text)
        if request:
            return Finding(
                Outcome.DECLINED,
                Refusal.OUTSIDE_SCOPE,
                f"This asks {request}. The library can only say what guidelines state: ask for "
                "the dose, the monitoring or the treatment itself.",
            )
        drugs = understanding.named("drug")
        known = [d for d in drugs if d not in understanding.unknown_drugs]
        likeliest = max(evidence.logits.values(), default=-math.inf)
        if _asks_for_all(understanding):
            return None
        unsure = understanding.asks_dose or likeliest < CLEARLY_ANSWERED
        # "HLH after pembrolizumab": not a drug to be given, but what the library has a subtype for.
        unsure = unsure and (understanding.asks_dose or not understanding.narrow_subtypes)
        if drugs and not known and not self._akin(understanding) and unsure:
            return self._not_held(evidence, self._unknown_drugs(understanding))
        held = understanding.on_subject or known or understanding.narrow_subtypes
        other = judged.conditions or (not held and understanding.foreign)
        beside = bool(other) and not understanding.on_subject
        if judged.likelihood is Likelihood.UNLIKELY or (
            beside and judged.likelihood is Likelihood.DOUBTFUL and judged.logit < LIKELY_BESIDE
        ):
            said = judged.conditions or judged.matters or judged.words
            reason = f"{self.nothing()} It says nothing of: {', '.join(said)}." if said else ""
            if beside:
                return Finding(Outcome.DECLINED, Refusal.OUTSIDE_SCOPE, reason)
            return self._not_held(evidence, reason or self.nothing())
        return None

    def _not_held(self, evidence: Evidence, reason: str) -> Finding:
        former = only_superseded(evidence, self.library)
        if former:
            return Finding(Outcome.DECLINED, Refusal.SUPERSEDED, former)
        return Finding(Outcome.DECLINED, Refusal.NOT_IN_LIBRARY, reason)

    def _unknown_drugs(self, understanding: Understanding) -> str:
        names = ", ".join(self.library.drugs[d].name for d in understanding.unknown_drugs)
        akin = ", ".join(self._akin(understanding))
        other = f" It holds {akin}: do not take its doses for this one." if akin else ""
        return f"The library says nothing about {names}.{other}"

    def _akin(self, understanding: Understanding) -> tuple[str, ...]:
        """Names of covered drugs that are another form of one asked about and not covered.

        "Amphotericin B" where the library holds the liposomal one: a reader may mean either.
        """
        asked = [self.library.drugs[d].name.lower() for d in understanding.unknown_drugs]
        covered = sorted(self.library.drugs[d].name for d in self.library.drugs_covered)
        return tuple(n for n in covered if any(f" {a}" in n.lower() for a in asked))

    def nothing(self) -> str:
        """That the library does not cover a question, and what it holds."""
        return (
            "The library does not cover this question. It holds statements on "
            f"{self.library.vocabulary.title}."
        )

    def limits(self, evidence: Evidence) -> Finding:
        """Answered, or limited with the sentence that says what is missing or wrong."""
        understanding, judged = evidence.understanding, evidence.answerable
        wrong = self._premise(evidence.question.text)
        if wrong:
            return Finding(Outcome.LIMITED, Refusal.WRONG_PREMISE, wrong)
        former = only_superseded(evidence, self.library)
        if former:
            return Finding(Outcome.LIMITED, Refusal.SUPERSEDED, former)
        if understanding.unknown_drugs:
            return self._limited(self._unknown_drugs(understanding))
        left_open = unsaid(evidence, self.library)
        if left_open:
            return self._limited(left_open)
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
                return self._limited(f"The library holds no dose statement for {names}.")
        if judged.matters:
            return self._limited(
                f"No statement found speaks of this: {', '.join(judged.matters)}. "
                "The nearest statements stand below."
            )
        if self.is_doubtful(evidence):
            return Finding(Outcome.LIMITED, Refusal.DOUBTFUL, DOUBT)
        return Finding()

    def is_doubtful(self, evidence: Evidence) -> bool:
        """Whether what was found may speak of something else: then nothing is a bottom line."""
        doubtful = evidence.answerable.likelihood is Likelihood.DOUBTFUL
        return doubtful and not _asks_for_all(evidence.understanding)

    def unconfirmed(self, text: str, shown: Sequence[Passage]) -> str:
        """Why a reader has to compare what a question takes for granted; "" where nothing is.

        ``shown`` are the statements of the answer, in their order.
        """
        if not any(confirms(passage, text, self.library) for passage in shown):
            said = against(text, shown[0], self.library)
            if said:
                return said
        if takes_for_granted(text) and not confirms(shown[0], text, self.library):
            return COMPARE
        return ""

    def _premise(self, text: str) -> str:
        """The doses of a question that no statement of the library gives; "" without any."""
        wrong = faults(text, self.library)
        if not wrong:
            return ""
        said = "; ".join(f"{fault.words} {fault.kind}" for fault in wrong)
        return f"No statement of the library gives {said}. What it gives stands below."

    def _limited(self, reason: str) -> Finding:
        return Finding(Outcome.LIMITED, Refusal.NOT_IN_LIBRARY, reason)


def _asks_for_all(understanding: Understanding) -> bool:
    """Whether a question asks for what the library is there to say: "the whole plan?"."""
    return understanding.asks_plan and understanding.on_subject
