"""What only a superseded document says: it is named, and its text is not shown as current."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from assistant.model import Evidence
from assistant.relevance import relevance_of
from corpus.editions import find_successor
from corpus.library import Library
from corpus.model import Passage
from index.keyword import tokens

# Shares of a question's words, by their weight: as much of it a superseded statement has to
# cover, and so much more than any statement that is in force.
COVERED, MORE = 0.6, 0.25


@dataclass(frozen=True, slots=True)
class _Former:
    """A statement of a superseded document, the stems in it, and the edition after it."""

    passage: Passage
    stems: frozenset[str]
    successor: str


def only_superseded(evidence: Evidence, library: Library) -> str:
    """A sentence that names the superseded document that alone speaks of this; "" if none does.

    Judged by the words of the question, since superseded text is in no index.
    """
    former = _former(library)
    if not former:
        return ""
    understanding = evidence.understanding
    drugs = set(understanding.named("drug"))
    model = relevance_of(library)
    rarest = max(model.idf.values(), default=1.0)
    asked = {
        stem: model.idf.get(stem, rarest)
        for stem in tokens(understanding.keyword_query)
        if len(stem) > 1
    }
    mass = sum(asked.values())
    if not mass:
        return ""

    def covered(stems: Iterable[str]) -> float:
        return math.fsum(asked.get(stem, 0.0) for stem in set(stems)) / mass

    on_drug = [f for f in former if not drugs or drugs & set(f.passage.statement.facets.drugs)]
    best = max(on_drug, key=lambda f: (covered(f.stems), f.passage.id), default=None)
    now = max((covered(model.words[r.passage.id]) for r in evidence.pool), default=0.0)
    if best is None or covered(best.stems) < max(COVERED, now + MORE):
        return ""
    document = library.all_documents[best.passage.document_id]
    return (
        f"Only a superseded document speaks of this: {document.title}. It was superseded by "
        f"{best.successor}, which is in force and does not say it. Superseded text is not shown: "
        "the setting as_of opens the library as of an earlier day."
    )


@lru_cache(maxsize=4)
def _former(library: Library) -> tuple[_Former, ...]:
    found = []
    for document in library.all_documents.values():
        successor = find_successor(document, library.all_documents, None)
        if successor is None or document.id in library.documents:
            continue
        found += [
            _Former(passage, frozenset(tokens(passage.text)), successor.title)
            for passage in library.all_passages.values()
            if passage.document_id == document.id
        ]
    return tuple(found)
