"""A library on one page: what it says, how far that was checked, and what it can not answer.

Pure: a library in, Markdown out. It knows no disease; titles come from ``library.toml``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from corpus.drugs import DrugTable
from corpus.library import Library
from corpus.model import Document, Passage, Review, Role, Verification

ANY = "any"
"""The column of the statements that no population restricts."""

DOSE_ROLES = frozenset({Role.DOSE, Role.PROPHYLAXIS})
# An amount of a drug; a concentration in a body fluid is a laboratory value, not a dose.
_AMOUNT = re.compile(r"\d\s?(?:mg|g|µg|units?|U)\b(?!/(?:dL|mL|L)\b)")


@dataclass(frozen=True, slots=True)
class DrugUse:
    """How often the statements name a drug, and how many of them dose it."""

    drug_id: str
    statements: int
    doses: int


def drug_uses(passages: Iterable[Passage], table: DrugTable) -> tuple[DrugUse, ...]:
    """Every drug of the statements' ``drugs`` fields, by id."""
    statements: Counter[str] = Counter()
    doses: Counter[str] = Counter()
    for passage in passages:
        statements.update(passage.statement.facets.drugs)
        doses.update(dosed_drugs(passage, table))
    return tuple(DrugUse(d, statements[d], doses[d]) for d in sorted(statements))


def dosed_drugs(passage: Passage, table: DrugTable) -> frozenset[str]:
    """Drugs of whose amounts a statement speaks: each amount belongs to the name before it.

    An amount that follows no name belongs to the statement's drug, when it has only one.
    """
    statement = passage.statement
    if statement.role not in DOSE_ROLES:
        return frozenset()
    drugs = statement.facets.drugs
    mentions = [m for m in table.find(passage.text) if m.drug_id in drugs]
    dosed: set[str] = set()
    for amount in _AMOUNT.finditer(passage.text):
        before = [m for m in mentions if m.start < amount.start()]
        if before:
            # "prednisolone or prednisone 100 mg": names joined by "or" share the amount.
            last = before[-1]
            dosed.add(last.drug_id)
            if len(before) > 1 and passage.text[before[-2].end : last.start] == " or ":
                dosed.add(before[-2].drug_id)
        elif len(drugs) == 1:
            dosed.add(drugs[0])
    return frozenset(dosed)


def render_overview(library: Library) -> str:
    """The Markdown page about a library; equal libraries give equal pages."""
    passages = tuple(library.passages.values())
    documents = tuple(library.documents.values())
    parts = [
        _head(library, passages, documents),
        _documents(documents),
        _map(library, passages),
        _treatment_lines(library, passages),
        _gaps(library, passages),
        _verification(library, passages),
        _review(documents),
        _drugs(library, passages),
    ]
    return "\n\n".join(filter(None, ("\n".join(part) for part in parts))) + "\n"


def _head(
    library: Library, passages: Sequence[Passage], documents: Sequence[Document]
) -> Iterator[str]:
    words = [len(p.text.split()) for p in passages]
    yield f"# The library: {library.vocabulary.title}"
    yield ""
    yield "Written by `python -m corpus.coverage`; do not edit."
    yield ""
    yield library.vocabulary.notice
    yield ""
    yield (
        f"{len(documents)} documents, {len(passages)} statements from "
        f"{len(library.bibliography)} sources; a statement has {median(words):g} words "
        f"(median; the longest has {max(words)})."
    )


def _documents(documents: Sequence[Document]) -> Iterator[str]:
    yield "## Documents"
    yield ""
    yield "| document | issuer | edition | year | kind | statements | review |"
    yield "|---|---|---|--:|---|--:|---|"
    for d in documents:
        cells = (
            f"{d.title} (`{d.id}`)",
            d.issuer,
            d.edition,
            str(d.year),
            d.kind,
            str(len(d.statements)),
            d.review,
        )
        yield _row(cells)


def _map(library: Library, passages: Sequence[Passage]) -> Iterator[str]:
    columns = (*library.vocabulary.terms["population"], ANY)
    counts = _counts(passages, "population")
    yield "## Statements by topic and population"
    yield ""
    yield "*Any*: no population restricts the statement. A statement about two populations counts"
    yield "in both. An empty cell is what the library does not answer for that population alone."
    yield ""
    yield _row(("topic", *(_title(library, "population", c) for c in columns[:-1]), "Any"))
    yield "|---|" + "--:|" * len(columns)
    for topic, term in library.vocabulary.terms["topic"].items():
        yield _row((term.title, *(_cell(counts[topic, c]) for c in columns)))


def _treatment_lines(library: Library, passages: Sequence[Passage]) -> Iterator[str]:
    lines = library.vocabulary.terms["line"]
    if not lines:
        return
    counts = _counts(passages, "line")
    yield "## Statements by topic and line of treatment"
    yield ""
    yield "Only statements that say for which line of treatment they hold; the others hold for any,"
    yield "or their source does not say. A statement about two lines counts in both."
    yield ""
    yield _row(("topic", *(term.title for term in lines.values())))
    yield "|---|" + "--:|" * len(lines)
    for topic, term in library.vocabulary.terms["topic"].items():
        if any(counts[topic, line] for line in lines):
            yield _row((term.title, *(_cell(counts[topic, line]) for line in lines)))


def _gaps(library: Library, passages: Sequence[Passage]) -> Iterator[str]:
    yield "## What the library can not answer"
    yield ""
    yield "Topics without a statement about that population or subtype. Statements that name none"
    yield "still apply; a topic that has none of these either is in bold."
    for facet, heading in (("population", "Populations"), ("subtype", "Subtypes")):
        values = library.vocabulary.terms[facet]
        if not values:
            continue
        counts = _counts(passages, facet)
        yield ""
        yield f"### {heading}"
        yield ""
        for value in values:
            yield f"- {_title(library, facet, value)}: {_gap(library, counts, value)}."


def _gap(library: Library, counts: Counter[tuple[str, str]], value: str) -> str:
    """The topics without a statement, or, when they are most, those that have one."""
    topics = library.vocabulary.terms["topic"]
    filled = [term.title for topic, term in topics.items() if counts[topic, value]]
    if not filled:
        return "nothing on any topic"
    if len(filled) < len(topics) / 2:
        return f"nothing except on {'; '.join(filled)}"
    missing = [
        term.title if counts[topic, ANY] else f"**{term.title}**"
        for topic, term in topics.items()
        if not counts[topic, value]
    ]
    return f"nothing on {'; '.join(missing)}" if missing else "no topic is empty"


def _verification(library: Library, passages: Sequence[Passage]) -> Iterator[str]:
    counts = Counter((p.statement.facets.topic, p.statement.verification) for p in passages)
    yield "## How far the statements were checked"
    yield ""
    yield _row(("topic", "statements", *(str(v) for v in Verification)))
    yield "|---|--:|" + "--:|" * len(Verification)
    for topic, term in library.vocabulary.terms["topic"].items():
        total = sum(counts[topic, v] for v in Verification)
        shares = (_share(counts[topic, v], total) for v in Verification)
        yield _row((term.title, str(total), *shares))
    totals = Counter(p.statement.verification for p in passages)
    shares = (_share(totals[v], len(passages)) for v in Verification)
    yield _row(("**All**", str(len(passages)), *shares))


def _review(documents: Sequence[Document]) -> Iterator[str]:
    counts = Counter(d.review for d in documents)
    yield "## Review"
    yield ""
    for status in Review:
        yield f"- {status}: {counts[status]} of {len(documents)} documents"
    if not counts[Review.APPROVED]:
        yield ""
        yield "No document has been approved by a clinician."


def _drugs(library: Library, passages: Sequence[Passage]) -> Iterator[str]:
    uses = drug_uses(passages, library.drugs)
    yield "## Drugs"
    yield ""
    yield "A dose statement has the role dose or prophylaxis and gives an amount of that drug."
    yield ""
    yield "| drug | statements | dose statements |"
    yield "|---|--:|--:|"
    for use in uses:
        if use.doses:
            yield _row((library.drugs.name_of(use.drug_id), str(use.statements), str(use.doses)))
    without = [library.drugs.name_of(use.drug_id) for use in uses if not use.doses]
    yield ""
    yield f"Named without a dose statement: {', '.join(without) if without else 'none'}."


def _counts(passages: Iterable[Passage], facet: str) -> Counter[tuple[str, str]]:
    counts: Counter[tuple[str, str]] = Counter()
    for passage in passages:
        facets = passage.statement.facets
        values: tuple[str, ...] = getattr(facets, facet)
        counts.update((facets.topic, value) for value in values or (ANY,))
    return counts


def _title(library: Library, facet: str, value: str) -> str:
    return library.vocabulary.term(facet, value).title


def _row(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _cell(count: int) -> str:
    return str(count) if count else ""


def _share(count: int, total: int) -> str:
    return f"{count} ({count / total:.0%})" if count else ""
