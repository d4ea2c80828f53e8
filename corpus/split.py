"""Document -> passages, each a verbatim slice of its document."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.model import Document, Passage

VERSION = "statement/1"
"""Named in the index fingerprint: change it when the cut of the passages changes."""


def split(document: Document) -> Iterator[Passage]:
    """One passage for each statement, in the order of the text."""
    for statement in document.statements:
        yield Passage(
            id=f"{document.id}:{statement.number}",
            document_id=document.id,
            document_title=document.title,
            edition=document.edition,
            year=document.year,
            kind=document.kind,
            review=document.review,
            span=statement.span,
            text=document.text[statement.span.start : statement.span.end],
            statement=statement,
        )
