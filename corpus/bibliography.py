"""bibliography.json -> Bibliography: every source that a library may name.

The file is CSL-JSON, which reference managers read and write; ``corpus.csl`` reads its fields.
What CSL has no field for (what was actually read, the evidence level as printed) stands under
``custom``, the place that CSL keeps free for it. Why it is printed here and not by the citation
library: docs/decisions/0003-a-citation-library-reads-and-we-print.md.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeAlias

from corpus.csl import FIELDS, Unreadable, read_date, read_names, read_text
from corpus.errors import LibraryError, Problem
from corpus.model import Kind, SourceRef, Verification

BACKGROUND = "background"
"""The one kind of source that no document can have: general knowledge, read nowhere."""

KINDS = (*(kind.value for kind in Kind), BACKGROUND)
MAX_AUTHORS = 6  # ICMJE: the first six authors, then "et al."

# The form of each identifier, and an example of it to show to who wrote another.
_FORMS = {
    "DOI": (re.compile(r"10\.\d{4,9}/\S+"), "10.1182/blood.2018894618, with no address before it"),
    "PMID": (re.compile(r"\d{1,8}"), "34605776"),
    "PMCID": (re.compile(r"PMC\d+"), "PMC5785801"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One entry of the bibliography; a field is None when it was not printed or not seen."""

    key: str
    kind: str  # one of KINDS
    type: str  # the CSL type: "article-journal", "webpage", "chapter", "figure", "document"
    title: str
    authors: tuple[str, ...] = ()  # "von Bahr Greenwood T"; only those printed
    et_al: bool = False  # there are more authors than those printed
    container: str | None = None
    year: str | None = None  # as printed: "2019", "2004-2011", "about 2018"
    volume: str | None = None
    issue: str | None = None
    page: str | None = None
    doi: str | None = None
    pmid: str | None = None
    pmcid: str | None = None
    url: str | None = None
    publisher: str | None = None
    document_type: str | None = None
    evidence_level: str | None = None
    read: str | None = None  # what was really read: "abstract", "table", "not read"
    part_of: str | None = None  # key of the source of which this is a figure or a table


Bibliography: TypeAlias = Mapping[str, Source]
"""The sources by key, read-only; ``get`` gives None for a key that is not there."""


def load_bibliography(path: Path) -> Bibliography:
    """Read ``bibliography.json``; LibraryError lists every mistake in it at once."""
    name = path.name
    try:
        text = path.read_text(encoding="utf-8")
        raw = json.loads(text)
    except FileNotFoundError:
        remedy = "Restore the file, or point the setting 'library' at another folder."
        raise LibraryError([Problem(name, 1, f"{path} is missing.", remedy)]) from None
    except (json.JSONDecodeError, UnicodeDecodeError) as error:
        what, line = f"The file is not valid JSON: {error}.", getattr(error, "lineno", 1)
        raise LibraryError([Problem(name, line, what, "Correct that line.")]) from error
    if not isinstance(raw, list):
        what = "The file is not a list of entries."
        raise LibraryError([Problem(name, 1, what, "Put the entries between '[' and ']'.")])
    return MappingProxyType(_parse_entries(raw, _lines(text), name))


def _parse_entries(raw: list[Any], lines: Iterator[int], path: str) -> dict[str, Source]:
    problems: list[Problem] = []
    sources: dict[str, Source] = {}
    found: dict[str, int] = {}
    for entry, line in zip(raw, lines, strict=True):
        key = entry.get("id") if isinstance(entry, dict) else None
        label = f"Entry '{key}'" if key else "Entry"

        def problem(what: str, remedy: str, line: int = line, label: str = label) -> None:
            problems.append(Problem(path, line, f"{label} {what}", remedy))

        if not isinstance(entry, dict) or not isinstance(entry.get("custom", {}), dict):
            problem("or its 'custom' is not an object.", "Put its fields between '{' and '}'.")
            continue
        source = _parse_entry(entry, entry.get("custom", {}), problem)
        if source.key in found:
            what = f"stands twice, first in line {found[source.key]}."
            problem(what, "Keep one of them, or rename one.")
        elif source.key:
            found[source.key] = line
            sources[source.key] = source
    for key, source in sources.items():
        if source.part_of is not None and source.part_of not in sources:
            what = f"Entry '{key}' is part of '{source.part_of}', which is not in the file."
            problems.append(Problem(path, found[key], what, "Add it, or correct the key."))
    if problems:
        raise LibraryError(sorted(problems, key=lambda problem: problem.line))
    return sources


def _parse_entry(
    entry: Mapping[str, Any], custom: Mapping[str, Any], problem: Callable[[str, str], None]
) -> Source:
    """The source that an entry describes; once a problem is reported it must not be used."""

    def text(name: str, fields: Mapping[str, Any] = entry, needed: str = "") -> str | None:
        value = fields.get(name)
        shown = name if fields is entry else f"custom.{name}"
        if value in (None, "") and needed:
            problem(f"has no {shown}.", needed)
        elif value is not None and not (isinstance(value, str) and value.strip()):
            problem(f"has no readable text as {shown}.", "Write text, or leave it out.")
        if not isinstance(value, str):
            return None
        return read_text(value) if fields is entry else value

    for name in entry:
        if name not in FIELDS:
            problem(
                f"has the unknown field '{name}'.", "Correct its name, or move it into 'custom'."
            )
    kinds = ", ".join(KINDS)
    kind = text("kind", custom, needed=f"Add one of: {kinds}.") or ""
    if kind and kind not in KINDS:
        problem(f"has the unknown kind '{kind}'.", f"Use one of: {kinds}.")
    for name, (form, like) in _FORMS.items():
        value = entry.get(name)
        if isinstance(value, str) and value and not form.fullmatch(value):
            problem(f"has the malformed {name} '{value}'.", f"Write it like {like}.")
    return Source(
        key=text("id", needed="Give it the key by which statements name it.") or "",
        kind=kind,
        type=text("type") or "document",
        title=text("title", needed="Add the title as it is printed.") or "",
        authors=_parse_authors(entry.get("author", []), problem),
        et_al=custom.get("et-al") is True,
        container=text("container-title"),
        year=_parse_year(entry.get("issued"), problem),
        volume=text("volume"),
        issue=text("issue"),
        page=text("page"),
        doi=text("DOI"),
        pmid=text("PMID"),
        pmcid=text("PMCID"),
        url=text("URL"),
        publisher=text("publisher"),
        document_type=text("document_type", custom),
        evidence_level=text("evidence_level", custom),
        read=text("read", custom),
        part_of=text("part_of", custom),
    )


def _parse_authors(raw: Any, problem: Callable[[str, str], None]) -> tuple[str, ...]:
    try:
        return read_names(raw)
    except Unreadable:
        remedy = "Write family and given for each author, or literal for an institution."
        problem("has an author without a family name.", remedy)
        return ()


def _parse_year(issued: Any, problem: Callable[[str, str], None]) -> str | None:
    if issued is None:
        return None
    try:
        return read_date(issued)
    except Unreadable:
        problem("has an unreadable date.", 'Write it like {"date-parts": [[2019]]}.')
        return None


def _lines(text: str) -> Iterator[int]:
    """The line on which each element of the JSON list begins; ``json`` does not keep it."""
    decoder = json.JSONDecoder()
    end = text.index("[") + 1
    while match := re.compile(r"[\s,]*([^\s,\]])").match(text, end):
        yield text.count("\n", 0, match.start(1)) + 1
        _, end = decoder.raw_decode(text, match.start(1))


def vancouver(source: Source) -> str:
    """The reference as medical journals print it, with full page ranges and what is known.

    Source: ICMJE Recommendations; Patrias & Wendling, Citing Medicine, 2nd ed., NLM.
    The date of access is left out, because it was not recorded.
    """
    title = source.title
    in_journal = source.container is not None and source.type != "chapter"
    if source.type == "chapter":
        title += f". In: {source.container}" if source.container else " [chapter]"
    elif not in_journal and source.url and not source.doi:
        title += " [Internet]"
    journal = source.container if in_journal else None
    parts = [_authors(source), title, journal, _imprint(source)]
    # A closing quotation mark does not hide that the title ends with its own mark.
    ends = (".", "?", "!")
    sentences = [p if p.rstrip('"”').endswith(ends) else f"{p}." for p in parts if p]
    return " ".join(filter(None, (*sentences, _address(source))))


def _authors(source: Source) -> str:
    more = source.et_al or len(source.authors) > MAX_AUTHORS
    return ", ".join(source.authors[:MAX_AUTHORS]) + (", et al" if more else "")


def _imprint(source: Source) -> str:
    """Publisher, date, volume, issue and pages: "2019;133(23):2465-2477"."""
    date = source.year or ("" if source.type == "document" else "[date unknown]")
    number = (source.volume or "") + (f"({source.issue})" if source.issue else "")
    if source.type == "chapter":
        pages = f". p. {source.page}" if source.page else ""
    else:
        date += f";{number}" if number else ""
        pages = f":{source.page}" if source.page else ""
    return "; ".join(part for part in (source.publisher, date + pages) if part)


def _address(source: Source) -> str:
    """Where to find it. For a web page the address comes before any number."""
    if source.doi:
        return f"https://doi.org/{source.doi}"
    if source.url and (source.type != "article-journal" or not source.pmid):
        return f"Available from: {source.url}"
    if source.pmid:
        return f"PMID: {source.pmid}."
    return f"PMCID: {source.pmcid}." if source.pmcid else ""


def reported_by(
    ref: SourceRef, bibliography: Bibliography, verification: Verification | None = None
) -> str | None:
    """Whose account of the source was read instead of the source; None when none was.

    A statement that counts as read although its source was read in another text was read in a
    copy of it: a table or figure reproduced there.
    """
    if ref.via is None:
        return None
    source = bibliography.get(ref.via)
    if source is None:
        account = ref.via
    else:
        who = source.publisher or (_authors(source) if source.authors else source.container)
        account = f"{who}, {source.title}" if who else source.title
    if verification is Verification.READ:
        return f"read as reproduced in {account}"
    return f"reported by {account}; not checked against the primary text"
