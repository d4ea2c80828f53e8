"""A drug asked for by a route that the library forbids: the warning is the whole answer.

A dose of the same drug by another route, beside that warning or above it, could be given by the
route that was asked for.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dosing import DoseRole
from assistant.dosing.route import routes_in
from assistant.model import Evidence
from assistant.readings import readings_of
from corpus.library import Library
from corpus.model import Passage, Role

_FORBIDS = frozenset({Role.CONTRAINDICATION, Role.WARNING})
_NO = re.compile(r"\b(?:never|not|fatal|avoid|contraindicat\w*|do not)\b", re.IGNORECASE)


def forbidden_by_route(evidence: Evidence, library: Library) -> tuple[Passage, ...]:
    """The statements that forbid a drug asked about by the route asked for; often none.

    A drug that any statement gives by that route is not forbidden by it.
    """
    understanding = evidence.understanding
    asked = routes_in(evidence.question.text) or routes_in(understanding.keyword_query)
    if not asked:
        return ()
    found: list[Passage] = []
    for drug in understanding.named("drug"):
        on_drug = [p for p in library.passages.values() if drug in p.statement.facets.drugs]
        for route in sorted(asked - _given(drug, on_drug, library)):
            found += [p for p in on_drug if _forbids(p, route)]
    return tuple(dict.fromkeys(found))


def reason(forbidden: Sequence[Passage], library: Library) -> str:
    """What the reader is told above the statements."""
    drugs = dict.fromkeys(d for p in forbidden for d in p.statement.facets.drugs)
    names = ", ".join(library.drugs[drug].name for drug in drugs)
    return f"The library forbids {names} by the route asked for: no dose is shown."


def _given(drug: str, passages: Sequence[Passage], library: Library) -> frozenset[str]:
    readings = readings_of(library)
    return frozenset(
        route
        for passage in passages
        for dose in readings[passage.id].parsed.doses
        if dose.drug == drug and dose.role is not DoseRole.REJECTED
        for route in dose.routes
    )


def _forbids(passage: Passage, route: str) -> bool:
    return (
        passage.statement.role in _FORBIDS
        and route in routes_in(passage.text)
        and _NO.search(passage.text) is not None
    )
