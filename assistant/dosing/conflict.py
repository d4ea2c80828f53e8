"""Sources that give different doses for the same drug, people, indication and phase.

A difference in any of these is no conflict: each dose is then shown with its context.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import combinations

from assistant.dosing.fields import match_doses
from assistant.dosing.model import Dose, DoseRole
from assistant.dosing.passage import PassageReading

_CONSENSUS = re.compile(
    r"(?i:\b(?:recommended|standard|established|correct|accepted|usual)\s(?:[\w-]+\s){0,3}"
    r"(?:dos(?:e|es|age|ing)|regimen|schedule)\b|\ball\s(?:guidelines|sources)\b|\bconsensus\b)"
)


@dataclass(frozen=True, slots=True)
class Conflict:
    """Passages of different documents that disagree on the dose of one drug."""

    drug: str
    passages: tuple[str, ...]


def find_conflicts(
    passages: Mapping[str, PassageReading],
    may_conflict: Callable[[PassageReading, PassageReading], bool] | None = None,
) -> tuple[Conflict, ...]:
    """Every real disagreement among some passages, by pairs, in their order.

    ``may_conflict`` says of which two it can be one at all: of the same people, indication and
    phase unless given. Passages of one document never conflict.
    """
    may_conflict = may_conflict or _same_situation
    found = []
    for (one, a), (other, b) in combinations(passages.items(), 2):
        if a.document == b.document or not may_conflict(a, b):
            continue
        found += [Conflict(drug, (one, other)) for drug in drugs_in_conflict(a, b)]
    return tuple(found)


def drugs_in_conflict(a: PassageReading, b: PassageReading) -> tuple[str, ...]:
    """The drugs of which two passages state doses that don't fit each other.

    Whether they speak of the same people and use is for the caller to know.
    """
    drugs = dict.fromkeys(d.drug for d in a.parsed.doses if d.drug)
    return tuple(drug for drug in drugs if _disagree(_stated(a, drug), _stated(b, drug)))


def claims_consensus(text: str) -> bool:
    """Whether a sentence speaks as if all sources agreed.

    >>> claims_consensus("The recommended dose is 1 g/kg.")
    True
    """
    return _CONSENSUS.search(text) is not None


def _same_situation(a: PassageReading, b: PassageReading) -> bool:
    return (
        set(a.population) == set(b.population)
        and set(a.indication) == set(b.indication)
        and a.phase == b.phase
    )


def _stated(passage: PassageReading, drug: str) -> list[Dose]:
    return [d for d in passage.parsed.doses if d.drug == drug and d.role is DoseRole.STATED]


def _disagree(mine: list[Dose], theirs: list[Dose]) -> bool:
    """No dose of one side fits a dose of the other, and their bases can be compared."""
    pairs = [(a, b) for a in mine for b in theirs if a.basis == b.basis and _one_group(a, b)]
    return bool(pairs) and all(
        match_doses(a, b).differences and match_doses(b, a).differences for a, b in pairs
    )


def _one_group(a: Dose, b: Dose) -> bool:
    return not a.population or not b.population or a.population == b.population
