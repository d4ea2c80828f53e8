"""``python -m eval new OUT.jsonl``: questions about the installed library, to evaluate it.

A hospital that installs its own documents gets questions on each section, each drug whose dose a
statement gives, each point on which sources differ, and on drugs that the library does not hold.
They are made from headings, facets and written questions alone, so nobody has to believe a language
model; they are plain, and no replacement for questions that colleagues ask.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.dosing import DoseRole
from assistant.library import open_library
from assistant.readings import readings_of
from assistant.settings import FILE, load_settings
from corpus.errors import GuidelineError
from corpus.library import Library
from corpus.model import Passage, Role
from eval.errors import ReportError
from eval.writing import write_report

PROVENANCE = "made from the installed library by `python -m eval new`; reviewed by nobody"
UNKNOWN = 25
"""So many drugs that the library does not hold are asked about."""
AT_MOST = 8
"""Key facts of a question: a section with more is no single question."""
_SPLIT_OF = ("dev", "test")

Entry = Mapping[str, Any]


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Exit 0 done, 1 failed with a sentence on stderr, 2 wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m eval new", description="Write questions about the installed library."
    )
    parser.add_argument("out", type=Path, metavar="OUT.jsonl")
    arguments = parser.parse_args(argv)
    try:
        if arguments.out.exists():
            raise ReportError(f"{arguments.out} exists. Name a new file, or take it away first.")
        entries = list(questions(open_library(load_settings(FILE, environ))))
        lines = [json.dumps(entry, ensure_ascii=False) for entry in entries]
        write_report(arguments.out, "\n".join(lines) + "\n")
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(entries)} questions are in {arguments.out}. Read them before you use them.")
    return 0


def questions(library: Library) -> Iterator[Entry]:
    """The questions in the format of the question files; the same library, the same questions.

    Every other one of a kind is of the test half.
    """
    for section, found in (
        ("section", _sections(library)),
        ("dose", _doses(library)),
        ("disagreement", _disagreements(library)),
        ("unanswerable", _unknown_drugs(library)),
    ):
        for at, entry in enumerate(found):
            yield {
                "id": f"{section}-{at + 1}",
                "section": section,
                "split": _SPLIT_OF[at % 2],
                **entry,
                "provenance": PROVENANCE,
            }


def _sections(library: Library) -> Iterator[Entry]:
    """What a document says under one of its headings."""
    under: dict[str, list[Passage]] = {}
    for passage in library.passages.values():
        if passage.heading:
            text = f"What does “{passage.document_title}” say about {passage.heading[-1]}?"
            under.setdefault(text, []).append(passage)
    for text, passages in under.items():
        facts = [p.id for p in passages if p.statement.role is not Role.WARNING]
        if 0 < len(facts) <= AT_MOST:
            yield {"question": text, "expect": ["answered", "limited"], "key_facts": facts}


def _doses(library: Library) -> Iterator[Entry]:
    """Which dose of a drug is given for a subtype or a condition; any statement of one will do."""
    readings = readings_of(library)
    giving: dict[tuple[str, str], list[str]] = {}
    for passage in library.passages.values():
        if passage.statement.role is not Role.DOSE:
            continue
        doses = readings[passage.id].parsed.doses
        drugs = dict.fromkeys(d.drug for d in doses if d.drug and d.role is DoseRole.STATED)
        for drug in drugs:
            for about in _about(passage, library):
                giving.setdefault((drug, about), []).append(passage.id)
    for (drug, about), ids in giving.items():
        text = f"Which dose of {library.drugs[drug].name} is given in {about}?"
        facts = ["|".join(ids)]
        entry = {"question": text, "expect": ["answered", "limited"]}
        yield entry | {"key_facts": facts, "vital": facts}


def _about(passage: Passage, library: Library) -> list[str]:
    """What a statement is about, in the words of the library: its subtypes, else its conditions."""
    facets, vocabulary = passage.statement.facets, library.vocabulary
    for facet in ("subtype", "condition"):
        found = [vocabulary.term(facet, id_).title for id_ in getattr(facets, facet)]
        if found:
            return found
    return [vocabulary.subject]


def _disagreements(library: Library) -> Iterator[Entry]:
    """Each point on which sources differ: two positions are needed."""
    holding: dict[str, list[str]] = {}
    for passage in library.passages.values():
        if passage.statement.disagreement:
            holding.setdefault(passage.statement.disagreement, []).append(passage.id)
    for id_, passages in holding.items():
        if len(passages) < 2:
            continue
        fact = passages[0]
        yield {
            "question": library.vocabulary.term("disagreement", id_).question,
            "expect": ["answered", "limited"],
            "key_facts": [fact],
            "both_sides": [fact],
        }


def _unknown_drugs(library: Library) -> Iterator[Entry]:
    """Doses of drugs that the drug table names and no statement speaks of."""
    unknown = [drug for drug in library.drugs.drugs if drug not in library.drugs_covered]
    step = max(1, len(unknown) // UNKNOWN)
    for drug in unknown[::step][:UNKNOWN]:
        name = library.drugs[drug].name
        yield {
            "question": f"Which dose of {name} is given in {library.vocabulary.subject}?",
            "expect": "declined",
            "refusal": "not-in-library",
        }
