"""The values a library is made of: documents, statements, passages and their sources.

All are frozen. A passage is always a verbatim slice of its document, so that whatever is
quoted later can be compared, by offset and hash, with what the editor wrote.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


def sha256(text: str) -> str:
    """Hex SHA-256 of the UTF-8 bytes of ``text``."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


class Kind(StrEnum):
    """What sort of publication a document reports."""

    GUIDELINE = "guideline"
    CONSENSUS = "consensus"
    PROTOCOL = "protocol"
    TRIAL = "trial"
    STUDY = "study"
    LABEL = "label"
    REVIEW = "review"
    REFERENCE = "reference"
    SUMMARY = "summary"


class Role(StrEnum):
    """What a statement does for the reader."""

    RECOMMENDATION = "recommendation"
    DOSE = "dose"
    ADJUSTMENT = "dose-adjustment"
    CONTRAINDICATION = "contraindication"
    MONITORING = "monitoring"
    PROPHYLAXIS = "prophylaxis"
    STOP_RULE = "stop-rule"
    WARNING = "warning"
    EVIDENCE = "evidence"
    DEFINITION = "definition"


class Verification(StrEnum):
    """How far a statement was checked against the source that it names.

    ``read``: read in the stored text of the named source.
    ``second-hand``: read only in another text that reports the named source.
    ``background``: general knowledge that was read nowhere; it never carries a dose.
    """

    READ = "read"
    SECOND_HAND = "second-hand"
    BACKGROUND = "background"


class Review(StrEnum):
    """Whether a clinician has approved a document: the text as it stands now."""

    SUBMITTED = "submitted"
    UNDER_REVIEW = "under-review"
    APPROVED = "approved"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """Half-open character range ``[start, end)`` of a document's text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SourceRef:
    """A bibliography key, and the key of the text in which it was read, if another."""

    key: str
    via: str | None = None

    def __str__(self) -> str:
        return f"{self.key} via {self.via}" if self.via else self.key


@dataclass(frozen=True, slots=True, kw_only=True)
class Facets:
    """What a statement speaks of; every value is an id of the library's vocabulary."""

    topic: str
    drugs: tuple[str, ...] = ()
    population: tuple[str, ...] = ()
    subtype: tuple[str, ...] = ()
    severity: tuple[str, ...] = ()
    condition: tuple[str, ...] = ()
    line: tuple[str, ...] = ()  # of treatment: first, salvage, a bridge to transplant


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One numbered statement as the editor wrote it, with where it comes from."""

    number: str
    text: str
    span: Span
    heading: tuple[str, ...]
    sources: tuple[SourceRef, ...]
    verification: Verification
    role: Role
    facets: Facets
    facts: tuple[str, ...] = ()
    disagreement: str | None = None
    compares: bool = False  # names the positions of a disagreement in one sentence
    core: bool = False
    companions: tuple[str, ...] = ()  # ids of statements that belong beside it
    line: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One source guideline, protocol, label or group of studies, in our own words."""

    id: str
    title: str
    issuer: str
    edition: str
    year: int
    kind: Kind
    licence: str
    review: Review
    text: str
    statements: tuple[Statement, ...]
    doi: str | None = None
    pmid: str | None = None
    path: str = ""
    valid_from: date | None = None
    superseded_by: str | None = None

    @property
    def starts(self) -> date:
        """The first day on which it holds: ``valid_from``, or 1 January of its year."""
        return self.valid_from or date(self.year, 1, 1)

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the text as it stands in the file."""
        return sha256(self.text)


WITHIN = " › "
"""Stands between a document and its headings where a place is named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """The smallest thing an answer may cite: a verbatim slice of one edition."""

    id: str
    document_id: str
    document_title: str
    edition: str
    year: int
    kind: Kind
    review: Review
    span: Span
    text: str
    statement: Statement

    @property
    def heading(self) -> tuple[str, ...]:
        """Headings above the statement, outermost first."""
        return self.statement.heading

    @property
    def place(self) -> str:
        """Where it stands, for a reader: its document, then the headings."""
        return WITHIN.join((self.document_title, *self.heading))

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the quoted text."""
        return sha256(self.text)
