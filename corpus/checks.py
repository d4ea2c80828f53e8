"""Checks of how statements are written, beyond what the parser needs to read them.

Pure: documents in, problems out, all of them in one run. What is a unit, an abbreviation to
avoid or a word of counting is data (``writing.toml``, ``drugs.toml``, ``library.toml``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from corpus.drugs import DrugMention, DrugTable
from corpus.errors import Problem
from corpus.model import Document, Span, Statement
from corpus.numbers import Meaning, read_numbers
from corpus.vocabulary import DIFFERS, Vocabulary
from corpus.writing import Writing, load_writing

VOCABULARY_FILE = "library.toml"

_NAKED = re.compile(r"(?<![\w.])\.\d+")
_HYPHEN_RANGE = re.compile(
    r"(?<![\w.,/^-])(?P<low>\d[\d,]*(?:\.\d+)?) ?[-‐‑] ?(?P<high>\d[\d,]*(?:\.\d+)?)(?![\w-])"
)
_ACTIVITY = re.compile(r"\d[\d,.]* ?(?:U|IU|u|iu|i\.u\.|I\.U\.)(?![\w/²])")
_DOSE_AFTER = re.compile(r"[^.;()]{0,40}?\d ?(?:mg|g|µg|ng|units?|mmol|mL)\b(?!/(?:dL|mL|L)\b)")
_AROUND = 18  # characters shown on each side of a number without unit


@dataclass(frozen=True, slots=True)
class _Rules:
    """Everything that the checks of one statement look up."""

    drugs: DrugTable
    writing: Writing
    plain: re.Pattern[str] | None
    ambiguous: Mapping[str, tuple[str, ...]]
    shunned: re.Pattern[str]
    glued: re.Pattern[str]
    trailing: re.Pattern[str]


def check_documents(
    documents: Iterable[Document],
    drugs: DrugTable,
    vocabulary: Vocabulary,
    writing: Writing | None = None,
) -> tuple[Problem, ...]:
    """Every mistake of writing in these documents, in the order of their text."""
    documents = tuple(documents)
    rules = _rules(drugs, vocabulary, writing or load_writing())
    problems = [
        problem
        for document in documents
        for statement in document.statements
        for problem in _check_statement(document.path, statement, rules)
    ]
    problems.extend(_check_companions(documents))
    problems.extend(_check_disagreements(documents, vocabulary))
    return tuple(problems)


def check_statements(
    path: str,
    statements: Sequence[Statement],
    drugs: DrugTable,
    vocabulary: Vocabulary,
    writing: Writing | None = None,
) -> tuple[Problem, ...]:
    """Every mistake of writing in statements of one file that may have other mistakes too."""
    rules = _rules(drugs, vocabulary, writing or load_writing())
    return tuple(p for s in statements for p in _check_statement(path, s, rules))


def _rules(drugs: DrugTable, vocabulary: Vocabulary, writing: Writing) -> _Rules:
    ambiguous: dict[str, tuple[str, ...]] = {}
    for drug in drugs.drugs.values():
        for alias, others in drug.ambiguous_with.items():
            names = (drug.name, *(drugs.name_of(other) for other in others))
            ambiguous[alias] = tuple(dict.fromkeys((*ambiguous.get(alias, ()), *names)))
    shunned = _any_of((*ambiguous, *writing.abbreviations))
    units = _any_of(writing.units["amount"] | writing.units["time"] | writing.units["activity"])
    masses = _any_of(writing.units["amount"])
    return _Rules(
        drugs=drugs,
        writing=writing,
        plain=re.compile(_any_of(vocabulary.plain_names)) if vocabulary.plain_names else None,
        ambiguous=ambiguous,
        shunned=re.compile(rf"(?<![^\W\d])(?<!-)(?:{shunned})(?![\w²]|-\w)"),
        glued=re.compile(rf"(?<![\w.])\d[\d,.]*(?:{units})(?![\w])"),
        trailing=re.compile(rf"(?<![\w.,])\d[\d,]*\.\d*0 ?(?:{masses})(?![\w²])(?!/(?:dL|mL|L)\b)"),
    )


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=lambda w: (-len(w), w)))


# ------------------------------------------------------------------ one statement


def _check_statement(path: str, statement: Statement, rules: _Rules) -> Iterator[Problem]:
    text = statement.text
    if rules.plain:  # names that only look like an abbreviation or a drug; same offsets
        text = rules.plain.sub(lambda m: "-" * len(m.group()), text)
    mentions = rules.drugs.find(text)
    for what, remedy in (
        *_numbers_without_unit(statement.text, mentions, rules),
        *_figures(text, rules),
        *_abbreviations(text, rules),
        *_unlisted_drugs(statement, text, mentions, rules),
    ):
        yield Problem(path, statement.line, f"Statement {statement.number} {what}", remedy)


def _numbers_without_unit(
    text: str, mentions: Sequence[DrugMention], rules: _Rules
) -> Iterator[tuple[str, str]]:
    places = [Span(m.start, m.end) for m in mentions]
    for number in read_numbers(text, places, rules.writing):
        if number.meaning is Meaning.NONE:
            yield (
                f"has a number without a unit: '{number.text}' in "
                f"'{_around(text, number.start, number.end)}'.",
                "Add its unit, or the word that says what it is ('3 doses', 'day 3', 'grade 3').",
            )


def _around(text: str, start: int, end: int) -> str:
    """The words around a place, whole words only."""
    left = text[max(0, start - _AROUND) : start]
    right = text[end : end + _AROUND]
    if start > _AROUND:
        left = left.partition(" ")[2]
    if end + _AROUND < len(text):
        right = right.rpartition(" ")[0]
    return (left + text[start:end] + right).strip()


def _figures(text: str, rules: _Rules) -> Iterator[tuple[str, str]]:
    for match in _NAKED.finditer(text):
        found = match.group()
        yield (
            f"writes '{found}' without a zero before the point.",
            f"Write '0{found}': a point at the beginning is easily overlooked.",
        )
    for match in rules.trailing.finditer(text):
        found = match.group()
        digits = re.match(r"[\d,.]+", found)
        shorter = digits.group().rstrip("0").rstrip(".") if digits else found
        yield (
            f"writes an amount with a trailing zero: '{found}'.",
            f"Write '{shorter}': read without its point, it is ten times the dose.",
        )
    for match in rules.glued.finditer(text):
        yield (
            f"has no space between number and unit: '{match.group()}'.",
            "Put a space between them.",
        )
    for match in _HYPHEN_RANGE.finditer(text):
        low, high = match.group("low"), match.group("high")
        if len(low) == 4 and len(high) == 2:
            continue  # a year and month
        yield (
            f"writes a range with a hyphen: '{match.group()}'.",
            f"Write '{low}–{high}' with an en dash.",
        )
    for match in _ACTIVITY.finditer(text):
        yield (
            f"abbreviates units: '{match.group()}'.",
            "Write 'units' or 'international units': a U is read as a zero.",
        )


def _abbreviations(text: str, rules: _Rules) -> Iterator[tuple[str, str]]:
    for found in dict.fromkeys(m.group() for m in rules.shunned.finditer(text)):
        if found in rules.ambiguous:
            meanings = " or ".join(rules.ambiguous[found])
            yield (
                f"uses the abbreviation '{found}', which can mean {meanings}.",
                "Write the name in full.",
            )
        else:
            yield (
                f"uses the error-prone abbreviation '{found}'.",
                f"Write {rules.writing.abbreviations[found]}.",
            )


def _unlisted_drugs(
    statement: Statement, text: str, mentions: Sequence[DrugMention], rules: _Rules
) -> Iterator[tuple[str, str]]:
    listed = statement.facets.drugs
    for drug_id in dict.fromkeys(m.drug_id for m in mentions if not m.ambiguous):
        if drug_id in listed or any(f"-{drug_id}-" in f"-{other}-" for other in listed):
            continue  # listed, or a component of a listed combination
        places = [m for m in mentions if m.drug_id == drug_id]
        if all(_is_an_aside(text, place, rules) for place in places):
            continue
        yield (
            f"names {rules.drugs.name_of(drug_id)}, which is not in its 'drugs:' line.",
            f"Add '{drug_id}' to the line '  drugs: ...' below it.",
        )


def _is_an_aside(text: str, place: DrugMention, rules: _Rules) -> bool:
    """Whether the drug only names a study or test, or stands in brackets without an amount."""
    after = re.match(r"[\s-]*([^\W\d_]+)", text[place.end :])
    if after and after.group(1).lower() in rules.writing.words["study"]:
        return True
    before = text[: place.start]
    in_brackets = before.count("(") > before.count(")")
    return in_brackets and not _DOSE_AFTER.match(text[place.end :])


# ------------------------------------------------------------------ across documents


def _check_companions(documents: Sequence[Document]) -> Iterator[Problem]:
    known = {f"{d.id}:{s.number}" for d in documents for s in d.statements}
    for document in documents:
        for statement in document.statements:
            own = f"{document.id}:{statement.number}"
            label = f"Statement {statement.number}"
            for companion in statement.companions:
                if companion == own:
                    what = f"{label} names itself as its companion."
                    remedy = "Remove it from the line '  companions: ...'."
                    yield Problem(document.path, statement.line, what, remedy)
                elif companion not in known:
                    what = f"{label} names an unknown companion '{companion}'."
                    remedy = "Name a statement as 'document-id:1.2', with an id that exists."
                    yield Problem(document.path, statement.line, what, remedy)


def _check_disagreements(
    documents: Sequence[Document], vocabulary: Vocabulary
) -> Iterator[Problem]:
    for term in vocabulary.terms["disagreement"].values():
        label = f"Disagreement '{term.id}'"
        for value in term.differs:
            if value not in DIFFERS:
                what = f"{label} differs in '{value}', which is unknown."
                remedy = f"Use one of: {', '.join(DIFFERS)}."
                yield Problem(VOCABULARY_FILE, term.line, what, remedy)
        if not term.differs:
            what, remedy = f"{label} does not say what differs.", "Add a line: differs = [...]"
            yield Problem(VOCABULARY_FILE, term.line, what, f"{remedy}.")
        if not term.question:
            what = f"{label} has no question."
            yield Problem(VOCABULARY_FILE, term.line, what, 'Add a line: question = "...?".')
        linked = [
            (document.id, statement)
            for document in documents
            for statement in document.statements
            if statement.disagreement == term.id
        ]
        documents_linked = {document_id for document_id, _ in linked}
        if len(documents_linked) == 1 and not any(s.compares for _, s in linked):
            what = f"{label} is linked by statements of one document only."
            remedy = (
                f"Link the other position with 'disagreement: {term.id}', or mark the statement "
                "that names both with 'compares: yes'."
            )
            yield Problem(VOCABULARY_FILE, term.line, what, remedy)
