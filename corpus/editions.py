"""Which edition of a document is in force: dates and the newer edition that each names.

A document may say from when it holds (``valid_from``; else from 1 January of its year) and
which document supersedes it. Whether anyone approved the newer edition does not matter here:
an old text does not become current again because the new one still waits for its review.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Set
from datetime import date

from corpus.errors import NothingInForce, Problem
from corpus.model import Document, Review
from corpus.review import LEVELS, is_at_least


def has_begun(document: Document, as_of: date | None) -> bool:
    """Whether it holds already on that day; without a day, always."""
    return as_of is None or document.starts <= as_of


def successors(document: Document, documents: Mapping[str, Document]) -> Iterator[Document]:
    """The editions after this one, next first; a circle is walked once."""
    seen = {document.id}
    next_id = document.superseded_by
    while next_id is not None and next_id not in seen and next_id in documents:
        seen.add(next_id)
        yield documents[next_id]
        next_id = documents[next_id].superseded_by


def find_successor(
    document: Document, documents: Mapping[str, Document], as_of: date | None
) -> Document | None:
    """The nearest newer edition that has begun on that day; without a day, the next one."""
    return next((d for d in successors(document, documents) if has_begun(d, as_of)), None)


def is_in_force(
    document: Document, documents: Mapping[str, Document], as_of: date | None = None
) -> bool:
    """Whether it has begun and no newer edition has, on that day."""
    return has_begun(document, as_of) and find_successor(document, documents, as_of) is None


def in_force(
    documents: Mapping[str, Document], as_of: date | None, least_review: Review
) -> dict[str, Document]:
    """The documents that answers may use, in the order given.

    A rejected one never is. Raises NothingInForce when nothing is left, with the reason.
    """
    current = {d.id: d for d in documents.values() if is_in_force(d, documents, as_of)}
    chosen = {d.id: d for d in current.values() if is_at_least(d.review, least_review)}
    if chosen or not documents:
        return chosen
    if not current:
        raise NothingInForce(
            f"No document of the library is in force on {as_of}: the first begins on "
            f"{min(d.starts for d in documents.values())}. Set 'as_of' to a later date, or to "
            '"" for no date.'
        )
    counts = ", ".join(
        f"{count} {status}" for status in Review if (count := _count(current, status)) > 0
    )
    day = f" in force on {as_of}" if as_of else " in force"
    raise NothingInForce(
        f"No document of the library{day} may be used: the least review status 'least_review' is "
        f"'{least_review}', and the documents are {counts}. Record reviews with: python -m corpus "
        f"review DOCUMENT STATUS --by NAME --role ROLE"
        + (", or set 'least_review' lower." if least_review != LEVELS[0] else ".")
    )


def edition_problems(documents: Mapping[str, Document], unreadable: Set[str]) -> list[Problem]:
    """Every mistake in what the documents say of each other.

    ``unreadable`` are ids of documents that are there but could not be read: they are not
    called unknown.
    """
    problems: list[Problem] = []
    reported: set[str] = set()
    for document in documents.values():
        target = document.superseded_by
        if target is None or target in unreadable:
            continue
        line = line_of(document, "superseded_by")
        if target not in documents:
            what = f"'superseded_by' names an unknown document '{target}'."
            remedy = "Add that document, correct its id, or leave the line out."
            problems.append(Problem(document.path, line, what, remedy))
            continue
        chain = [document, *successors(document, documents)]
        if chain[-1].superseded_by == document.id:
            if document.id not in reported:
                ids = " > ".join(f"'{d.id}'" for d in (*chain, document))
                what = f"The editions supersede each other in a circle: {ids}."
                remedy = "Take 'superseded_by' out of the newest edition."
                problems.append(Problem(document.path, line, what, remedy))
            reported.update(d.id for d in chain)
        elif documents[target].starts < document.starts:
            what = (
                f"It is superseded by '{target}', which begins earlier "
                f"({documents[target].starts}, this one {document.starts})."
            )
            remedy = "Correct 'superseded_by', or give both documents their 'valid_from'."
            problems.append(Problem(document.path, line, what, remedy))
    return problems


def line_of(document: Document, key: str) -> int:
    """The line on which the header has this entry; 1 when it has not."""
    found = re.search(rf"^[ \t]*[\"']?{key}[\"']?[ \t]*=", document.text, re.MULTILINE)
    return document.text.count("\n", 0, found.start()) + 1 if found else 1


def _count(documents: Mapping[str, Document], status: Review) -> int:
    return sum(d.review is status for d in documents.values())
