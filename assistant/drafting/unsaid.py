"""What a question asks of a drug and no statement says: "how long?", "how fast?".

A part of a question that the library leaves open is named in the answer, or the reader takes the
nearest statement for the answer to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.model import Evidence
from corpus.library import Library
from corpus.model import Passage, Role

# A result of a study is no rule: "fever was gone after 1 day" is not how long a drug is given.
_NO_RULE = frozenset({Role.EVIDENCE, Role.DEFINITION})


@dataclass(frozen=True)
class _Kind:
    """Something that is asked of a drug, how it is asked, and how a statement answers it."""

    says: str  # as the sentence to the reader ends, with the drug
    asked: re.Pattern[str]
    answered: re.Pattern[str]
    topics: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{pattern})", re.IGNORECASE)


_KINDS = (
    _Kind(
        says="how long {} is given",
        asked=_words(r"how long\b|(?:for )?how many (?:days|weeks|months)\b|duration\b"),
        answered=_words(
            r"\d+[- ](?:days?|weeks?|months?|doses)\b|days? \d|until\b|continue[sd]?\b|course|"
            r"cycles?\b|stop"
        ),
        topics=frozenset({"duration"}),
        roles=frozenset({Role.STOP_RULE}),
    ),
    _Kind(
        says="how fast {} is infused",
        asked=_words(r"how fast\b|infusion (?:rate|time|speed)|over how (?:long|many)\b"),
        answered=_words(r"infus|over \d|rate\b|inject"),
    ),
)


def unsaid(evidence: Evidence, library: Library) -> str:
    """One sentence for what this turn asks of its drugs and no statement says; often empty."""
    missing = list(_missing(evidence, library))
    return f"The library does not say {' or '.join(missing)}." if missing else ""


def _missing(evidence: Evidence, library: Library) -> Iterator[str]:
    understanding = evidence.understanding
    if "drug" in understanding.carried_facets:
        return
    for kind in _KINDS:
        if not kind.asked.search(evidence.question.text):
            continue
        for drug in understanding.named("drug"):
            if drug in understanding.unknown_drugs:
                continue
            on_drug = (p for p in library.passages.values() if drug in p.statement.facets.drugs)
            if not any(_answers(passage, kind) for passage in on_drug):
                yield kind.says.format(library.drugs[drug].name)


def _answers(passage: Passage, kind: _Kind) -> bool:
    statement = passage.statement
    if statement.role in _NO_RULE:
        return False
    named = statement.facets.topic in kind.topics or statement.role in kind.roles
    return named or bool(kind.answered.search(passage.text))
