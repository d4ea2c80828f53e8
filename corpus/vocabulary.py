"""The words of one library: its subject, its topics and facets, its abbreviations.

All of it is data (``library.toml``): the code knows no disease.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpus.errors import LibraryError, Problem

FACETS = ("topic", "population", "subtype", "severity", "condition", "line", "disagreement")
"""The facet tables of library.toml, in the order in which they are documented."""

DIFFERS = ("population", "edition", "indication", "phase", "basis", "true conflict")
"""In what the positions of a disagreement can differ; the last: in nothing but the advice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """One value of a facet, with the words by which a question names it."""

    id: str
    title: str
    words: tuple[str, ...] = ()
    age_from_years: float | None = None
    age_below_years: float | None = None
    broad: bool = False  # a question that names it is still a broad one
    differs: tuple[str, ...] = ()  # of a disagreement: values of DIFFERS
    question: str = ""  # of a disagreement: what its positions answer differently
    line: int = 1

    def ages_overlap(self, other: Term) -> bool:
        """Whether both are age groups and some age belongs to both."""
        groups = (self, other)
        if any(t.age_from_years is None and t.age_below_years is None for t in groups):
            return False
        low = max(t.age_from_years or 0 for t in groups)
        ends = [t.age_below_years for t in groups if t.age_below_years is not None]
        return not ends or low < min(ends)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """Everything a library says about its own words.

    ``mentioned_only``: other subjects that its text mentions and does not cover.
    """

    id: str
    title: str
    subject: str
    subject_words: tuple[str, ...]
    notice: str
    mentioned_only: tuple[str, ...] = ()
    usual_population: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    plain_names: tuple[str, ...] = ()  # names that only look like an abbreviation
    abbreviations: Mapping[str, str] = field(default_factory=dict)
    terms: Mapping[str, Mapping[str, Term]] = field(default_factory=dict)
    plans: tuple[Plan, ...] = ()

    def term(self, facet: str, term_id: str) -> Term:
        """The term of a facet; KeyError when the library does not define it."""
        return self.terms[facet][term_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """One section of an answer plan: which statements belong there and how many.

    ``topics`` and, where given, ``roles``, ``drugs`` and ``conditions`` say which statements
    may stand there; ``prefer`` (facet -> values) which come first.
    """

    title: str
    topics: tuple[str, ...]
    limit: int
    roles: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    any_subtype: bool = False  # also statements about subtypes that were not asked about
    one_per: str = ""  # a facet of whose values each may appear once
    prefer: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    exclude: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How a broad question is answered: its sections in clinical order.

    ``when``: topics that call for it, unless the question names a drug or a subtype treated apart.
    One of the words in ``asks`` ("whole plan") calls for it whatever else is named, with a topic
    of ``about``. ``population``: the groups that it is for; empty for everybody.
    """

    id: str
    when: tuple[str, ...]
    sections: tuple[Section, ...]
    asks: tuple[str, ...] = ()
    about: tuple[str, ...] = ()
    population: tuple[str, ...] = ()


def load_vocabulary(path: Path) -> Vocabulary:
    """Read ``library.toml``; LibraryError names what is missing or misspelt."""
    name = path.name
    try:
        text = path.read_text(encoding="utf-8")
        raw = tomllib.loads(text)
    except FileNotFoundError:
        remedy = "Restore the file, or point the setting 'library' at another folder."
        raise LibraryError([Problem(name, 1, f"{path} is missing.", remedy)]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LibraryError(
            [Problem(name, 1, f"The file is not valid TOML: {error}.", "Correct that line.")]
        ) from error
    try:
        return _vocabulary(raw, _term_lines(text))
    except (KeyError, TypeError) as error:
        raise LibraryError(
            [Problem(name, 1, f"A required entry is missing or misspelt: {error}.", "Add it.")]
        ) from error


def _term_lines(text: str) -> dict[tuple[str, str], int]:
    """The line on which each term begins, by table and id."""
    lines: dict[tuple[str, str], int] = {}
    table, start = "", 1
    for number, line in enumerate(text.splitlines(), start=1):
        if match := re.match(r"\s*\[\[(\w+)\]\]", line):
            table, start = match.group(1), number
        elif match := re.match(r"\s*id\s*=\s*[\"'](.+?)[\"']", line):
            lines[table, match.group(1)] = start
    return lines


def _vocabulary(raw: Mapping[str, Any], lines: Mapping[tuple[str, str], int]) -> Vocabulary:
    library = raw["library"]
    return Vocabulary(
        id=library["id"],
        title=library["title"],
        subject=library["subject"],
        subject_words=tuple(word.lower() for word in library["subject_words"]),
        notice=library["notice"],
        mentioned_only=tuple(w.lower() for w in library.get("mentioned_only", ())),
        usual_population=tuple(library.get("usual_population", ())),
        examples=tuple(library.get("examples", ())),
        plain_names=tuple(library.get("plain_names", ())),
        abbreviations={k.lower(): v for k, v in raw.get("abbreviations", {}).items()},
        terms={facet: _terms(facet, raw.get(facet, ()), lines) for facet in FACETS},
        plans=tuple(_plan(entry) for entry in raw.get("plan", ())),
    )


def _terms(
    facet: str, entries: Sequence[Mapping[str, Any]], lines: Mapping[tuple[str, str], int]
) -> dict[str, Term]:
    return {
        entry["id"]: Term(
            id=entry["id"],
            title=entry.get("title", entry["id"]),
            words=tuple(word.lower() for word in entry.get("words", ())),
            age_from_years=entry.get("age_from_years"),
            age_below_years=entry.get("age_below_years"),
            broad=entry.get("broad", False),
            differs=tuple(entry.get("differs", ())),
            question=entry.get("question", ""),
            line=lines.get((facet, entry["id"]), 1),
        )
        for entry in entries
    }


def _plan(entry: Mapping[str, Any]) -> Plan:
    return Plan(
        id=entry["id"],
        when=tuple(entry["when"]),
        asks=tuple(word.lower() for word in entry.get("asks", ())),
        about=tuple(entry.get("about", entry["when"])),
        population=tuple(entry.get("population", ())),
        sections=tuple(
            Section(
                title=section["title"],
                topics=tuple(section["topics"]),
                limit=section["limit"],
                roles=tuple(section.get("roles", ())),
                drugs=tuple(section.get("drugs", ())),
                conditions=tuple(section.get("conditions", ())),
                any_subtype=section.get("any_subtype", False),
                one_per=section.get("one_per", ""),
                prefer={k: tuple(v) for k, v in section.get("prefer", {}).items()},
                exclude={k: tuple(v) for k, v in section.get("exclude", {}).items()},
            )
            for section in entry["section"]
        ),
    )
