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
from eval.model import BY_RULE, Observed, Said

THREADS = 1
"""Threads of the embedding model while questions are asked, however many processes ask.

Two threads add in another order than one: vectors differ in their last bits, and the report with
them. One thread each is also what divides the cores among as many processes."""


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
            timings_ms=timed.timings_ms,
        )

    def _answerable(self, question: Question, outcome: Outcome) -> float | None:
        """The score that decides: the lowest of all where a rule declined before the model."""
        evidence = self.assistant.find(question)
        if evidence.understanding.unreadable:
            return None
        judged = evidence.answerable
        by_rule = outcome is Outcome.DECLINED and judged.likelihood is not Likelihood.UNLIKELY
        return BY_RULE if by_rule else judged.logit


def open_for_evaluation(
    settings: Settings, records: Path, *, threads: int | None = None
) -> Assistant:
    """The assistant of these settings; its audit records go below ``records``.

    Evaluation asks hundreds of made-up questions: they don't belong in the audit log.
    ``threads`` are those of the embedding model; without it as many as it takes by itself.
    """
    ensure_index(settings)
    assistant = open_assistant(settings, threads=threads)
    return replace(assistant, settings=replace(settings, data=records))


@dataclass(frozen=True, slots=True)
class OpenChain:
    """Opens the real chain, warm, in the process that calls it: it can be sent to another."""

    settings: Settings
    records: Path

    def __call__(self) -> System:
        """The chain; what can't be opened raises GuidelineError."""
        assistant = open_for_evaluation(self.settings, self.records, threads=THREADS)
        assistant.warm()
        return ChainSystem(assistant)
