"""Settings -> a ready assistant; the one place that picks implementations."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.answer import Answer, compose
from assistant.answerable import Answerability
from assistant.audit import audit_lines
from assistant.chain import Timed, build_chain
from assistant.check import Gate
from assistant.dosing.patient import CalculationPolicy
from assistant.dosing.table.model import Table
from assistant.drafting.port import Drafter
from assistant.drafting.quote import QuotingDrafter
from assistant.errors import InputError, QuestionUnreadable
from assistant.library import open_library
from assistant.model import CheckedAnswer, Draft, Evidence, Outcome, Question, Understanding
from assistant.orders import LibraryChecker, OrderCheck
from assistant.record import RecordFile, record_of
from assistant.relevance import Relevance, relevance_of
from assistant.rules import open_rules
from assistant.settings import Settings
from assistant.stated import stated_patient
from assistant.understanding import asked_without, understand
from assistant.workings import work_out
from corpus.library import Library
from index.adapter import adapter_of
from index.model import Retrieved
from index.open import Index, open_index
from index.ports import Embedder

# LangChain can send traces to a service; no request leaves this machine.
_NO_TRACING = ("LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING_V2")


@dataclass(frozen=True)
class Assistant:
    """Everything that answers questions, opened and checked."""

    settings: Settings
    library: Library
    rules: Table
    index: Index
    drafter: Drafter
    clock: Callable[[], datetime] = datetime.now

    @cached_property
    def chain(self) -> Any:
        """The LangChain runnable, Question -> Timed[Answer]."""
        return build_chain(self.find, self._draft, self.gate.check, self._record)

    @cached_property
    def gate(self) -> Gate:
        """The check that every answer passes."""
        return Gate(self.library, self.rules, lambda: self.clock().date())

    def ask(self, question: Question) -> Timed[Answer]:
        """Answer one question; recorded before it is returned.

        Raises InputError for a choice that is no rule and no regimen.
        """
        for choice in question.choices:
            if choice not in self.rules.rules and choice not in self.rules.regimens:
                raise InputError(
                    f"There is no rule or regimen '{choice[:100]}'. "
                    "See them all: python -m assistant rules list."
                )
        result: Timed[Answer] = self.chain.invoke(question)
        return result

    def warm(self) -> None:
        """Load the model and read every passage, so that the first question does not wait."""
        self.find(Question(text=self.library.vocabulary.subject))
        self.gate.warm()

    def search(self, query: str, k: int) -> tuple[Retrieved, ...]:
        """The k passages nearest to a query, best first, with nothing composed."""
        return self.index.search(query, k)

    def check(self, text: str, source: str | None = None) -> OrderCheck:
        """What each number of a text is worth against ``source``, or the whole library."""
        return self._checker.check(text, source)

    @cached_property
    def _checker(self) -> LibraryChecker:
        return LibraryChecker(self.library)

    @cached_property
    def relevance(self) -> Relevance:
        """The model that orders what was found."""
        return relevance_of(self.library)

    @cached_property
    def answerability(self) -> Answerability:
        """The model that says whether what was found is good enough."""
        return Answerability.load(self.relevance)

    def find(self, question: Question) -> Evidence:
        """What the library holds on a question, the likeliest to answer it first."""
        stated = stated_patient(question)
        question = replace(question, patient=stated.patient)
        try:
            understanding = understand(question, self.library)
        except QuestionUnreadable as error:
            return Evidence(question=question, understanding=_unreadable(error), pool=())
        measured = tuple(filter(None, (*stated.blood, stated.patient.creatinine)))
        understanding = asked_without(understanding, measured)
        pool = self.index.search(
            understanding.query,
            self.settings.pool,
            keyword_query=understanding.keyword_query,
            core=understanding.core,
        )
        logits = self.relevance.logits(understanding, pool)
        order = sorted(pool, key=lambda found: (-logits[found.passage.id], found.passage.id))
        ranked = tuple(replace(found, rank=rank) for rank, found in enumerate(order, 1))
        return Evidence(
            question=question,
            understanding=understanding,
            pool=ranked,
            logits=logits,
            blood=stated.blood,
            answerable=self.answerability.judge(question.text, understanding, ranked, logits),
        )

    def _draft(self, evidence: Evidence) -> Draft:
        if evidence.understanding.unreadable:
            return Draft(
                evidence=evidence,
                outcome=Outcome.DECLINED,
                reason=evidence.understanding.unreadable,
                claims=(),
                passages={},
            )
        return self.drafter.draft(evidence)

    def answer_as_of(self, question: Question, day: datetime) -> Answer:
        """The answer that a question got on a day, from the library of today; not recorded."""
        gate = Gate(self.library, self.rules, day.date)
        return self._composed(gate.check(self._draft(self.find(question))), day)

    def _composed(self, checked: CheckedAnswer, now: datetime) -> Answer:
        policy = CalculationPolicy(self.settings.calculations)
        return compose(
            checked,
            self.library,
            self.rules,
            index=self.index.card.fingerprint[:16],
            mode=self.drafter.name,
            calculations=work_out(checked, self.library, self.rules, policy, now.date()),
        )

    def _record(self, checked: CheckedAnswer) -> Answer:
        now = self.clock()
        answer = self._composed(checked, now)
        record = record_of(checked, answer, self.index.card.model)
        lines = audit_lines(checked, record["record"], self.rules.version)
        # What was checked is on file before the answer that rests on it.
        RecordFile(self.settings.audit_folder).append_all(lines, now)
        RecordFile(self.settings.record_folder).append(record, now)
        return answer


def _unreadable(error: QuestionUnreadable) -> Understanding:
    return Understanding(
        query="",
        keyword_query="",
        asked={},
        plan=None,
        on_subject=False,
        carried=False,
        asks_dose=False,
        unreadable=str(error),
    )


def embedder_of(
    settings: Settings, *, adapted: bool = True, threads: int | None = None
) -> Embedder:
    """The embedder that the settings name; nothing heavy is imported before its first use.

    Not ``adapted``, it is the model as published, for texts of other collections.
    Vectors made with another number of ``threads`` may differ in their last bits.
    """
    from index.encoder import SentenceEncoder

    if settings.model:
        folder, sha256 = Path(settings.model), settings.model_sha256 or None
        return SentenceEncoder(folder, sha256=sha256, threads=threads)
    adapter = adapter_of(settings.library) if adapted else None
    return SentenceEncoder(adapter=adapter, threads=threads)


def open_assistant(settings: Settings, *, threads: int | None = None) -> Assistant:
    """Load the library and open its index; every failure is a GuidelineError.

    ``threads`` are those of the embedding model.
    """
    for variable in _NO_TRACING:
        os.environ[variable] = "false"
    library = open_library(settings)
    # A broken rule file stops the start, not the first question.
    rules = open_rules(library)
    index = open_index(
        settings.index_folder,
        library,
        embedder_of(settings, threads=threads),
        weight=settings.dense_weight,
        pool=settings.pool,
    )
    return Assistant(
        settings=settings,
        library=library,
        rules=rules,
        index=index,
        drafter=QuotingDrafter(library),
    )
