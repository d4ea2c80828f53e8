"""A guideline document in our text format -> Document, with every mistake named.

The format is meant for an ordinary editor::

    +++
    id = "example-2024"
    title = "Example guideline"
    ...
    +++

    # First treatment

    [1.1] One statement on one line, in plain words.
      source: Author2024 via Reprint2025; Other2020
      verified: read
      role: dose
      topic: first-treatment
      drugs: examplol

``docs/writing-guidelines.md`` explains each field.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from corpus.errors import Problem
from corpus.model import (
    Document,
    Facets,
    Kind,
    Review,
    Role,
    SourceRef,
    Span,
    Statement,
    Verification,
)
from corpus.vocabulary import Vocabulary

HEADER_KEYS = ("id", "title", "issuer", "edition", "year", "kind", "licence", "review")
OPTIONAL_HEADER_KEYS = ("doi", "pmid", "valid_from", "superseded_by")
REQUIRED_FIELDS = ("source", "verified", "role", "topic")
FIELDS = (
    *REQUIRED_FIELDS,
    "drugs",
    "population",
    "subtype",
    "severity",
    "condition",
    "line",
    "facts",
    "disagreement",
    "compares",
    "core",
    "companions",
)
MAX_WORDS = 60

_HEADER = re.compile(r"\A\+\+\+\n(.*?\n)\+\+\+\n", re.DOTALL)
_STATEMENT = re.compile(r"\[(\d+(?:\.\d+)*)\] (\S.*)")
_HEADING = re.compile(r"(#{1,4}) (\S.*)")
_FIELD = re.compile(r"  ([a-z]+): ?(.*)")
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
# An amount of a drug; a concentration in a body fluid is a laboratory value, not a dose.
_DOSE = re.compile(
    r"\d\s?(?:mg|g|µg|mcg|micrograms?|ng|units?|IU|U|mmol|mEq)\b(?!/(?:dL|mL|L)\b)", re.IGNORECASE
)

E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Names:
    """What a document may refer to: vocabulary, sources and drugs."""

    vocabulary: Vocabulary
    is_source: Callable[[str], bool]
    is_drug: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Parsed:
    """A document, or None when its header is unusable, and every mistake found."""

    document: Document | None
    problems: tuple[Problem, ...]
    statements: tuple[Statement, ...] = ()  # those that could be read, also without a document


def parse_document(text: str, path: str, names: Names) -> Parsed:
    """Read one document; never raises for a mistake in the text, but lists all of them."""
    problems: list[Problem] = []
    match = _HEADER.match(text)
    if not match:
        remedy = "Start the file with a line '+++', the header, and another line '+++'."
        return Parsed(None, (Problem(path, 1, "The document has no header.", remedy),))
    header = _parse_header(match.group(1), path, problems)
    statements = tuple(_parse_statements(text, match.end(), path, names, problems))
    if not statements and not problems:
        problems.append(
            Problem(
                path,
                1,
                "The document has no statement.",
                "Add one: a line '[1.1] Its text', and its fields below.",
            )
        )
    if header is None or problems:
        return Parsed(None, tuple(problems), statements)
    return Parsed(
        Document(
            **header,
            text=text,
            statements=statements,
            path=path,
        ),
        (),
        statements,
    )


def _parse_header(block: str, path: str, problems: list[Problem]) -> dict[str, Any] | None:
    before = len(problems)
    try:
        raw = tomllib.loads(block)
    except tomllib.TOMLDecodeError as error:
        problems.append(
            Problem(path, 2, f"The header can't be read: {error}.", "Correct that header line.")
        )
        return None
    for key in HEADER_KEYS:
        if key not in raw:
            problems.append(
                Problem(path, 2, f"The header has no '{key}'.", f"Add a line: {key} = ...")
            )
    for key in raw:
        if key not in HEADER_KEYS + OPTIONAL_HEADER_KEYS:
            known = ", ".join(HEADER_KEYS + OPTIONAL_HEADER_KEYS)
            problems.append(
                Problem(path, 2, f"Unknown header entry '{key}'.", f"Use one of: {known}.")
            )
    if len(problems) > before:
        return None
    kind = _choice(Kind, str(raw["kind"]), "kind", path, 2, problems)
    if raw["review"] != Review.SUBMITTED:
        what = f"The header says review = '{raw['review']}', but only 'submitted' may stand here."
        remedy = (
            'Write review = "submitted", and record a review with: '
            f"python -m corpus review {raw['id']} STATUS --by NAME --role ROLE."
        )
        problems.append(Problem(path, _header_line(block, "review"), what, remedy))
    _check_edition(raw, block, path, problems)
    if not _ID.fullmatch(str(raw["id"])):
        remedy = "Use small letters, digits and hyphens."
        problems.append(Problem(path, 2, f"'{raw['id']}' is not a document id.", remedy))
    if type(raw["year"]) is not int or not 1000 <= raw["year"] <= 9999:
        problems.append(
            Problem(path, 2, "The year is not a number.", "Write it as four digits, unquoted.")
        )
    if len(problems) > before:
        return None
    return {**raw, "kind": kind, "review": Review.SUBMITTED, "edition": str(raw["edition"])}


def _check_edition(raw: dict[str, Any], block: str, path: str, problems: list[Problem]) -> None:
    # A TOML date with a time is a datetime, which Python also calls a date.
    if type(raw.get("valid_from", date.min)) is not date:
        what = f"'valid_from' is not a date: '{raw['valid_from']}'."
        remedy = "Write it as year-month-day, unquoted: valid_from = 2024-05-31."
        problems.append(Problem(path, _header_line(block, "valid_from"), what, remedy))
    successor = raw.get("superseded_by", "a")
    if not isinstance(successor, str) or not _ID.fullmatch(successor):
        what = f"'superseded_by' is not a document id: '{successor}'."
        remedy = "Write the id of the newer edition in quotes, or leave the line out."
        problems.append(Problem(path, _header_line(block, "superseded_by"), what, remedy))


def _header_line(block: str, key: str) -> int:
    """The line of the file on which a header entry stands; 2, where the header begins, if none."""
    found = re.search(rf"^[ \t]*[\"']?{key}[\"']?[ \t]*=", block, re.MULTILINE)
    return 2 + block.count("\n", 0, found.start()) if found else 2


def _choice(
    enum: type[E], value: str, what: str, path: str, line: int, problems: list[Problem]
) -> E | None:
    try:
        return enum(value)
    except ValueError:
        known = ", ".join(enum)
        problems.append(Problem(path, line, f"Unknown {what} '{value}'.", f"Use one of: {known}."))
        return None


def _parse_statements(
    text: str, start: int, path: str, names: Names, problems: list[Problem]
) -> Iterator[Statement]:
    heading: list[str] = []
    seen: dict[str, int] = {}
    offset = start
    line_number = text.count("\n", 0, start) + 1
    lines = text[start:].splitlines(keepends=True)
    index = 0
    while index < len(lines):
        line = lines[index].rstrip("\r\n")
        if match := _HEADING.fullmatch(line):
            level = len(match.group(1))
            heading = [*heading[: level - 1], match.group(2).strip()]
        elif match := _STATEMENT.fullmatch(line.rstrip()):
            fields, used = _parse_fields(lines, index + 1, path, line_number, problems)
            begin = offset + match.start(2)
            statement = _statement(
                number=match.group(1),
                text=match.group(2),
                span=Span(begin, begin + len(match.group(2))),
                heading=tuple(heading),
                fields=fields,
                path=path,
                line=line_number,
                names=names,
                problems=problems,
            )
            number = match.group(1)
            if number in seen:
                what = f"Statement number {number} stands twice (first in line {seen[number]})."
                problems.append(Problem(path, line_number, what, "Give this one its own number."))
            seen.setdefault(number, line_number)
            if statement is not None:
                yield statement
            for skipped in lines[index + 1 : index + 1 + used]:
                offset += len(skipped)
                line_number += 1
            offset += len(lines[index])
            line_number += 1
            index += 1 + used
            continue
        elif line.strip():
            what = f"This line is neither a heading nor a statement: '{line.strip()[:40]}'."
            remedy = (
                "Start a statement with its number in brackets, '[1.1] ', and a heading with '# '."
            )
            problems.append(Problem(path, line_number, what, remedy))
        offset += len(lines[index])
        line_number += 1
        index += 1


def _parse_fields(
    lines: list[str], start: int, path: str, statement_line: int, problems: list[Problem]
) -> tuple[dict[str, str], int]:
    fields: dict[str, str] = {}
    used = 0
    for line in lines[start:]:
        match = _FIELD.fullmatch(line.rstrip())
        if not match:
            break
        used += 1
        name, value = match.group(1), match.group(2).strip()
        if name not in FIELDS:
            what = f"Unknown field '{name}'."
            problems.append(
                Problem(path, statement_line + used, what, f"Use one of: {', '.join(FIELDS)}.")
            )
        elif name in fields:
            problems.append(
                Problem(path, statement_line + used, f"'{name}' stands twice.", "Keep one of them.")
            )
        elif not value:
            what = f"'{name}' is empty."
            problems.append(
                Problem(path, statement_line + used, what, "Fill it or delete the line.")
            )
        else:
            fields[name] = value
    return fields, used


def _statement(
    *,
    number: str,
    text: str,
    span: Span,
    heading: tuple[str, ...],
    fields: dict[str, str],
    path: str,
    line: int,
    names: Names,
    problems: list[Problem],
) -> Statement | None:
    before = len(problems)
    label = f"Statement {number}"

    def problem(what: str, remedy: str) -> None:
        problems.append(Problem(path, line, f"{label} {what}", remedy))

    for name in REQUIRED_FIELDS:
        if name not in fields:
            problem(f"has no {name}.", f"Add a line '  {name}: ...' below it.")
    if len(text.split()) > MAX_WORDS:
        problem(f"has more than {MAX_WORDS} words.", "Split it into two statements.")
    if len(problems) > before:
        return None

    sources = tuple(_parse_source(part) for part in _split(fields["source"], ";"))
    for ref in sources:
        for key in filter(None, (ref.key, ref.via)):
            if not names.is_source(key):
                problem(
                    f"names an unknown source '{key}'.",
                    "Add it to bibliography.json, or correct the spelling.",
                )
    verification = _choice(Verification, fields["verified"], "verified", path, line, problems)
    role = _choice(Role, fields["role"], "role", path, line, problems)
    if verification is Verification.BACKGROUND and _DOSE.search(text):
        problem(
            "gives a dose that was read in no source.",
            "Background knowledge never carries a dose: name a source that was read, "
            "or leave the amount out.",
        )
    facets: dict[str, tuple[str, ...]] = {}
    for name in ("population", "subtype", "severity", "condition", "line"):
        facets[name] = _known(fields.get(name, ""), name, names.vocabulary, problem)
    topic = _known(fields["topic"], "topic", names.vocabulary, problem)
    if len(topic) > 1:
        problem("has two topics.", "Choose the one under which a reader would look.")
    disagreement = _known(fields.get("disagreement", ""), "disagreement", names.vocabulary, problem)
    drugs = tuple(_split(fields.get("drugs", ""), ","))
    for drug in drugs:
        if not names.is_drug(drug):
            problem(f"names an unknown drug '{drug}'.", "Add it to drugs.toml, or correct it.")
    for name in ("core", "compares"):
        if fields.get(name, "yes") != "yes":
            problem(
                f"says '{name}: {fields[name]}'.", f"Write '{name}: yes' or leave the line out."
            )
    if "compares" in fields and "disagreement" not in fields:
        problem("compares positions on no question.", "Add a line '  disagreement: ...'.")
    if len(problems) > before:
        return None
    assert verification is not None
    assert role is not None
    return Statement(
        number=number,
        text=text,
        span=span,
        heading=heading,
        sources=sources,
        verification=verification,
        role=role,
        facets=Facets(topic=topic[0], drugs=drugs, **facets),
        facts=tuple(_split(fields.get("facts", ""), ",")),
        disagreement=disagreement[0] if disagreement else None,
        compares="compares" in fields,
        core="core" in fields,
        companions=tuple(_split(fields.get("companions", ""), ",")),
        line=line,
    )


def _known(
    value: str, facet: str, vocabulary: Vocabulary, problem: Callable[[str, str], None]
) -> tuple[str, ...]:
    values = tuple(_split(value, ","))
    known = vocabulary.terms[facet]
    for item in values:
        if item not in known:
            problem(f"has an unknown {facet} '{item}'.", f"Use one of: {', '.join(known)}.")
    return tuple(item for item in values if item in known)


def _split(value: str, separator: str) -> Iterable[str]:
    return (part.strip() for part in value.split(separator) if part.strip())


def _parse_source(value: str) -> SourceRef:
    key, _, via = value.partition(" via ")
    return SourceRef(key.strip(), via.strip() or None)
