"""What a reader of a dose must not miss: the limits and cautions of the same drug.

Found from the facets of the statements, so that a new statement joins by itself; a statement
may also name companions outright (``companions: other-document:1.2``). Pure.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from functools import lru_cache

from corpus.library import Library
from corpus.model import Passage, Role, Statement
from corpus.vocabulary import Term, Vocabulary


class Companion(StrEnum):
    """Why a statement belongs beside a dose, the most urgent first."""

    CONTRAINDICATION = "contraindication"
    CAP = "cap"
    CUMULATIVE_LIMIT = "cumulative limit"
    KIDNEY = "kidney rule"
    LIVER = "liver rule"
    MONITORING = "monitoring"
    PROPHYLAXIS = "prophylaxis"


_ORDER = {kind: place for place, kind in enumerate(Companion)}
_GIVES_A_DOSE = {Role.DOSE, Role.ADJUSTMENT, Role.PROPHYLAXIS}
_SETS_A_LIMIT = {Role.DOSE, Role.ADJUSTMENT, Role.STOP_RULE, Role.WARNING, Role.RECOMMENDATION}
_RULES = _SETS_A_LIMIT | {Role.CONTRAINDICATION}
_OF_ONE_INDICATION = {Companion.CAP, Companion.CUMULATIVE_LIMIT}
_CAP = re.compile(
    r"\b(?:maximum|at most|no more than|not exceed|highest|upper limit|limit|cap)\b"
    r"[^.;]{0,80}?\d[\d,.]* ?(?:mg|g|µg|units?)\b",
    re.IGNORECASE,
)
_CUMULATIVE = re.compile(r"\b(?:cumulative|lifetime)\b", re.IGNORECASE)
_KIDNEY = ("renal", "kidney")
_LIVER = ("hepatic", "liver")


@lru_cache(maxsize=4096)
def companions(passage: Passage, library: Library) -> tuple[Passage, ...]:
    """The statements to set beside this one: those it names, then core ones, then by kind.

    Empty for a statement that gives no dose and names none. A statement of another population
    is left out. One of another subtype is used only where its kind would be missing, and never
    for a cap or a cumulative limit, which belong to an indication.
    """
    named = [library.passages[i] for i in passage.statement.companions if i in library.passages]
    by_kind = companions_by_kind(passage, library)
    places = {id_: place for place, id_ in enumerate(library.passages)}
    urgency: dict[str, tuple[bool, int, bool, int]] = {}
    found: dict[str, Passage] = {}
    for kind, group in by_kind.items():
        for other in group:
            found.setdefault(other.id, other)
            urgency.setdefault(
                other.id,
                (
                    not other.statement.core,
                    _ORDER[kind],
                    other.document_id != passage.document_id,
                    places[other.id],
                ),
            )
    rest = sorted(found.values(), key=lambda p: urgency[p.id])
    return tuple({p.id: p for p in (*named, *rest)}.values())


def companions_by_kind(
    passage: Passage, library: Library
) -> Mapping[Companion, tuple[Passage, ...]]:
    """The companions found from the facets, by kind, the most urgent kind first."""
    if passage.statement.role not in _GIVES_A_DOSE:
        return {}
    same: dict[Companion, list[Passage]] = {kind: [] for kind in Companion}
    elsewhere: dict[Companion, list[Passage]] = {kind: [] for kind in Companion}
    for other in library.passages.values():
        if other.id == passage.id or not _same_people(passage, other, library.vocabulary):
            continue
        if not set(other.statement.facets.drugs) & set(passage.statement.facets.drugs):
            continue
        fits = _meet(passage.statement.facets.subtype, other.statement.facets.subtype)
        for kind in kinds(other.statement, library.vocabulary):
            if kind is Companion.PROPHYLAXIS and passage.statement.role is Role.PROPHYLAXIS:
                continue  # another way of the same prophylaxis
            if fits:
                same[kind].append(other)
            elif kind not in _OF_ONE_INDICATION:
                elsewhere[kind].append(other)
    return {
        kind: tuple(same[kind] or elsewhere[kind])
        for kind in Companion
        if same[kind] or elsewhere[kind]
    }


def kinds_missing(passage: Passage, library: Library) -> tuple[Companion, ...]:
    """The kinds on which neither this dose statement nor any companion says anything.

    Empty for a statement that gives no dose.
    """
    if passage.statement.role not in _GIVES_A_DOSE:
        return ()
    said = set(kinds(passage.statement, library.vocabulary))
    for companion in companions(passage, library):
        said |= kinds(companion.statement, library.vocabulary)
    return tuple(kind for kind in Companion if kind not in said)


def kinds(statement: Statement, vocabulary: Vocabulary) -> frozenset[Companion]:
    """As which companions the statement can stand beside a dose; often none."""
    role, text = statement.role, statement.text
    conditions = [vocabulary.terms["condition"].get(c) for c in statement.facets.condition]
    tests = {
        Companion.CONTRAINDICATION: role is Role.CONTRAINDICATION,
        Companion.CAP: role in _SETS_A_LIMIT and bool(_CAP.search(text)),
        Companion.CUMULATIVE_LIMIT: role in _SETS_A_LIMIT and bool(_CUMULATIVE.search(text)),
        Companion.KIDNEY: role in _RULES and any(_speaks_of(t, _KIDNEY) for t in conditions),
        Companion.LIVER: role in _RULES and any(_speaks_of(t, _LIVER) for t in conditions),
        Companion.MONITORING: role is Role.MONITORING,
        Companion.PROPHYLAXIS: role is Role.PROPHYLAXIS,
    }
    return frozenset(kind for kind, holds in tests.items() if holds)


def _speaks_of(term: Term | None, words: tuple[str, ...]) -> bool:
    if term is None:
        return False
    said = {*term.id.split("-"), *(part for word in term.words for part in word.split())}
    return bool(said & set(words))


def _same_people(passage: Passage, other: Passage, vocabulary: Vocabulary) -> bool:
    """Whether the populations share a value or their ages overlap; an empty one is everyone."""
    one, two = passage.statement.facets.population, other.statement.facets.population
    if _meet(one, two):
        return True
    terms = vocabulary.terms["population"]
    return any(terms[a].ages_overlap(terms[b]) for a in one for b in two)


def _meet(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    return not one or not other or bool(set(one) & set(other))
