"""Documents as plain text for a terminal: the list of all, and one to read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from difflib import get_close_matches

from corpus.bibliography import reported_by, vancouver
from corpus.editions import find_successor, has_begun
from corpus.errors import NotInLibrary
from corpus.library import Library
from corpus.model import WITHIN, Document, Statement, Verification
from corpus.review import entries_of

VERIFICATION = {
    Verification.READ: "read in the text of the source",
    Verification.SECOND_HAND: "second-hand, not read in the source itself",
    Verification.BACKGROUND: "background knowledge, read nowhere",
}
_WIDE = 24  # characters of an edition in the list
_SHOWN = 8  # statement numbers or ids to offer when one is not found


def find_document(library: Library, document_id: str) -> Document:
    """The document of this id, whatever its state; NotInLibrary names ids that are alike."""
    found = library.all_documents.get(document_id)
    if found is None:
        near = get_close_matches(document_id, library.all_documents, n=3)
        like = f" Did you mean {' or '.join(near)}?" if near else ""
        raise NotInLibrary(
            f"The library holds no document '{document_id}'.{like} "
            "See them all with: python -m corpus list"
        )
    return found


def standing(document: Document, library: Library, as_of: date | None) -> str:
    """Whether it is in force on that day, in words; without a day, whether superseded."""
    successor = find_successor(document, library.all_documents, as_of)
    if not has_begun(document, as_of):
        return f"not yet in force (from {document.starts})"
    if successor is not None:
        return f"superseded by {successor.id} from {successor.starts}"
    return "in force" + (f" from {document.valid_from}" if document.valid_from else "")


def render_list(library: Library, as_of: date | None = None) -> str:
    """One line for each document, and a line that counts them."""
    head = ("document", "edition", "year", "kind", "statements", "review", "standing")
    rows = [
        (
            d.id,
            d.edition if len(d.edition) <= _WIDE else d.edition[: _WIDE - 1] + "…",
            str(d.year),
            str(d.kind),
            str(len(d.statements)),
            str(d.review),
            standing(d, library, as_of),
        )
        for d in library.all_documents.values()
    ]
    widths = [max(len(row[i]) for row in (head, *rows)) for i in range(len(head))]
    lines = [
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in (head, *rows)
    ]
    statements = sum(len(d.statements) for d in library.all_documents.values())
    day = f" Standing on {as_of}." if as_of else ""
    return "\n".join([*lines, "", f"{len(rows)} documents, {statements} statements.{day}"])


def render_document(
    document: Document, library: Library, number: str | None = None, as_of: date | None = None
) -> str:
    """A document to read, or one statement of it; NotInLibrary when it has no such number."""
    statements: Sequence[Statement] = document.statements
    if number is not None:
        statements = [s for s in statements if s.number == number]
        if not statements:
            numbers = [s.number for s in document.statements]
            more = ", …" if len(numbers) > _SHOWN else ""
            raise NotInLibrary(
                f"'{document.id}' has no statement {number}. "
                f"It has {', '.join(numbers[:_SHOWN])}{more}."
            )
    lines = [*_head(document, library, as_of)]
    heading: tuple[str, ...] = ()
    for statement in statements:
        if statement.heading != heading:
            heading = statement.heading
            lines += ["", WITHIN.join(heading)]
        lines += ["", *_statement(statement, library)]
    return "\n".join(lines)


def _head(document: Document, library: Library, as_of: date | None) -> Iterator[str]:
    yield document.title
    yield f"{document.issuer}. Edition {document.edition}, {document.year}, {document.kind}."
    yield f"Standing: {standing(document, library, as_of)}."
    yield f"Review: {document.review}."
    for entry in entries_of(document, library.reviews):
        comment = f": {entry.comment}" if entry.comment else ""
        yield f"  {entry.on} {entry.status}, by {entry.by}, {entry.role}{comment}"
    yield f"Text: {document.path}, SHA-256 {document.sha256}"


def _statement(statement: Statement, library: Library) -> Iterator[str]:
    yield f"[{statement.number}] {statement.text}"
    yield f"  Role: {statement.role}. Verification: {VERIFICATION[statement.verification]}."
    for ref in statement.sources:
        report = reported_by(ref, library.bibliography, statement.verification)
        account = f" ({report})" if report else ""
        yield f"  Source: {vancouver(library.bibliography[ref.key])}{account}"
