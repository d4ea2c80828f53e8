"""The plug point for what is evaluated, and our own chain behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from assistant.model import Likelihood, Outcome, Question
from assistant.settings import Settings
from assistant.setup_index import ensure_index
from assistant.wiring import Assistant, open_assistant
from eval.model import Observed, Said

BY_RULE = -99.0  # the score of what a rule declines, in logits: below every other


class System(Protocol):
    """Something that ranks passages for a question and answers it."""

    def rank(self, question: Question) -> Sequence[str]:
        """Passage ids, best first, none twice; none for a text that is no question."""
        ...

    def answer(self, question: Question) -> Observed:
        """What is shown for the question; its ranking is left empty."""
        ...


@dataclass(frozen=True)
class ChainSystem:
    """The real chain, seen from outside: nothing in it is replaced."""

    assistant: Assistant

    def rank(self, question: Question) -> Sequence[str]:
        """What the chain finds for this question, in its order."""
        return tuple(found.passage.id for found in self.assistant.find(question).pool)

    def answer(self, question: Question) -> Observed:
        """The answer as a reader gets it: outcome, sentences and their citations."""
        timed = self.assistant.ask(question)
        answer = timed.value
        passages = {reference.n: reference.passage_id for reference in answer.references}
        return Observed(
            outcome=answer.outcome,
            said=tuple(
                Said(
                    text=claim.text,
                    cites=tuple(passages.get(n, f"reference {n}") for n in claim.citations),
                )
                for claim in answer.claims
            ),
            withheld=tuple(str(item["passage_id"]) for item in answer.withheld),
            refusal=answer.refusal,
            notices=tuple(str(notice.kind) for notice in answer.notices),
            offered=answer.nearest,
            ledger=tuple((dose.drug or "", dose.text, dose.passage_id) for dose in answer.doses),
            answerable=self._answerable(question, answer.outcome),
            elapsed_ms=sum(elapsed for _, elapsed in timed.timings_ms),
        )

    def _answerable(self, question: Question, outcome: Outcome) -> float | None:
        """The score that decides: the lowest of all where a rule declined before the model."""
        evidence = self.assistant.find(question)
        if evidence.understanding.unreadable:
            return None
        judged = evidence.answerable
        by_rule = outcome is Outcome.DECLINED and judged.likelihood is not Likelihood.UNLIKELY
        return BY_RULE if by_rule else judged.logit


def open_for_evaluation(settings: Settings, records: Path) -> Assistant:
    """The assistant of these settings; its audit records go below ``records``.

    Evaluation asks hundreds of made-up questions: they don't belong in the audit log.
    """
    ensure_index(settings)
    assistant = open_assistant(settings)
    return replace(assistant, settings=replace(settings, data=records))
