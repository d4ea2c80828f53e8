"""What a question's own words ask to stand on top: a role, or what an allergy forbids."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from corpus.companions import companions
from corpus.library import Library
from corpus.model import Passage, Role

_AGAINST = re.compile(r"\b(?:contraindicat|must not|avoid)", re.IGNORECASE)
# "Allergic to it": what must not be given then comes before what may.
_ALLERGIC = re.compile(r"\b(?:allerg|intoleran|hypersensitiv|anaphyla)", re.IGNORECASE)
_REACTION = re.compile(r"\b(?:allerg|reaction|hypersensitiv|anaphyla)", re.IGNORECASE)
# "Can I give it?": a recommendation answers, and a warning on its own does not.
_MAY = re.compile(
    r"\b(?:can|may|could|should|shall) (?:i|we|she|he|they|you)\b|"
    r"\b(?:is|are) (?:it|they|\w+) (?:ok|okay|safe|allowed|possible)\b|\bever ok\b|\ballowed\b",
    re.IGNORECASE,
)
# "How long?": a rule answers, and what happened in a study does not.
_HOW_LONG = re.compile(r"\b(?:how long|how many (?:days|weeks|months))\b", re.IGNORECASE)
_AN_ANSWER = frozenset(
    {Role.RECOMMENDATION, Role.DOSE, Role.ADJUSTMENT, Role.CONTRAINDICATION, Role.STOP_RULE}
)
_A_RULE = _AN_ANSWER - {Role.CONTRAINDICATION} | {Role.MONITORING, Role.PROPHYLAXIS}


def roles_on_top(text: str) -> frozenset[Role]:
    """The roles of which the first statement should be; none where the words say nothing of it."""
    if _AGAINST.search(text):
        return frozenset({Role.CONTRAINDICATION})
    if _HOW_LONG.search(text):
        return _A_RULE
    return _AN_ANSWER if _MAY.search(text) else frozenset()


def forbidden(text: str, shown: Sequence[Passage], library: Library) -> Iterator[Passage]:
    """What speaks of reactions to a drug, where a question names an allergy, the nearest first.

    Those shown come before the contraindications of the doses shown.
    """
    if not _ALLERGIC.search(text):
        return
    beside = (c for passage in shown for c in companions(passage, library))
    for passage in (*shown, *beside):
        against = passage.statement.role in {Role.CONTRAINDICATION, Role.WARNING}
        if against and _REACTION.search(passage.text):
            yield passage
