"""The role of statement that a question's own words ask to stand on top."""

from __future__ import annotations

import re

from corpus.model import Role

# "Allergic to it": what must not be given then comes before what may.
_AGAINST = re.compile(
    r"\b(?:allerg|intoleran|hypersensitiv|anaphyla|contraindicat|must not|avoid)", re.IGNORECASE
)
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
