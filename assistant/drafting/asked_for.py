"""What a question names, and whether a statement speaks of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial

from assistant.drafting.parts import parts_asked
from assistant.model import Understanding
from corpus.model import Passage

# "Dose, limits and checks": the dose alone is no answer.
_BESIDE = re.compile(
    r"\b(?:limits?|caps?|ceiling|checks?|monitor(?:ing)?|watch|precautions?|cautions?|warnings?|"
    r"interact(?:s|ions?)?|tests? before|go(?:es)? with|alongside|"
    r"what (?:else|if|about)|side effects?|toxicit(?:y|ies)|adjust(?:ments?|ed)?)\b",
    re.IGNORECASE,
)


def asks_beside(text: str) -> bool:
    """Whether a question about a dose asks for what belongs beside it as well.

    >>> asks_beside("etoposide dose and limits?"), asks_beside("etoposide dose?")
    (True, False)
    """
    return _BESIDE.search(text) is not None


def aspects(understanding: Understanding) -> int:
    """How many things a question asks about; what an earlier turn named is its context."""
    facets = {"drug", "topic", "condition", "severity"} - understanding.carried_facets
    named = {id_ for facet in facets for id_ in understanding.named(facet)}
    if "subtype" not in understanding.carried_facets:
        named |= set(understanding.narrow_subtypes)
    # What is carried along makes several statements nearly as likely as the one that is asked for.
    return len(named) + understanding.carried


def asked_for(understanding: Understanding) -> Iterator[Callable[[Passage], bool]]:
    """Tests for what was asked for by name, each of which one statement has to pass."""
    for drug in understanding.named("drug"):
        yield partial(on_drug, drug)
    for subtype in understanding.narrow_subtypes:
        yield partial(_on_subtype, subtype)
    yield from parts_asked(understanding)


def _on_subtype(subtype: str, passage: Passage) -> bool:
    return subtype in passage.statement.facets.subtype


def on_drug(drug: str, passage: Passage) -> bool:
    """Whether a passage speaks of a drug."""
    return drug in passage.statement.facets.drugs
