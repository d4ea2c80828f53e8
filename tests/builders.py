"""Values for tests: each builder says only what matters, the rest is plain."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from assistant.drafting.quote import QuotingDrafter
from assistant.library import open_library
from assistant.model import Claim, Draft, Evidence, Outcome, Question
from assistant.rules import open_rules
from assistant.settings import Settings
from assistant.understanding import understand
from assistant.wiring import Assistant
from corpus.drugs import load_drugs
from corpus.library import Library, load_library
from corpus.model import Passage
from corpus.parse import Names, Parsed, parse_document
from corpus.vocabulary import Term, Vocabulary
from index.build import build_index
from index.hashing import HashingEmbedder
from index.model import Retrieved
from index.open import open_index

HEADER = """+++
id = "example-2024"
title = "Example guideline"
issuer = "Example Society"
edition = "2024"
year = 2024
kind = "guideline"
licence = "Own words."
review = "submitted"
+++

"""

STATEMENT = """[1.1] Adults with examplitis: dexamethasone 10 mg/m² once daily.
  source: Author2024
  verified: read
  role: dose
  topic: treatment
  drugs: dexamethasone
"""


def a_vocabulary(**terms: tuple[str, ...]) -> Vocabulary:
    """A vocabulary about examplitis; ``terms`` adds ids to a facet."""
    facets: dict[str, tuple[str, ...]] = {
        "topic": ("treatment", "monitoring"),
        "population": ("adult", "child"),
        "subtype": ("primary",),
        "severity": ("severe",),
        "condition": ("renal-impairment",),
        "line": ("first", "salvage"),
        "disagreement": ("which-dose",),
        **terms,
    }
    return Vocabulary(
        id="examplitis",
        title="Examplitis",
        subject="examplitis",
        subject_words=("examplitis",),
        notice="Nobody reviewed this.",
        terms={
            facet: {id_: Term(id=id_, title=id_.capitalize(), words=(id_,)) for id_ in ids}
            for facet, ids in facets.items()
        },
    )


def names(sources: tuple[str, ...] = ("Author2024", "Reprint2025")) -> Names:
    """What a test document may refer to."""
    drugs = load_drugs()
    return Names(
        vocabulary=a_vocabulary(),
        is_source=lambda key: key in sources,
        is_drug=lambda drug: drug in drugs,
    )


def parsed(body: str = STATEMENT, header: str = HEADER) -> Parsed:
    """A document with this body, read as ``example-2024.md``."""
    return parse_document(header + body, "example-2024.md", names())


LIBRARY_TOML = """[library]
id = "examplitis"
title = "Examplitis"
subject = "examplitis"
subject_words = ["examplitis"]
notice = "Nobody reviewed this."
[[topic]]
id = "treatment"
title = "Treatment"
words = ["treat", "treatment"]
[[topic]]
id = "monitoring"
title = "Monitoring"
words = ["monitor", "monitoring"]
[[population]]
id = "adult"
words = ["adult"]
age_from_years = 18
[[population]]
id = "child"
words = ["child"]
age_below_years = 18
[[line]]
id = "first"
title = "First line"
[[line]]
id = "salvage"
title = "Salvage"
[[disagreement]]
id = "which-dose"
title = "Which dose"
question = "Which dose is given?"
differs = ["population"]
"""

BIBLIOGRAPHY = """[
 {"id": "Author2024", "type": "article-journal", "title": "Examplitis: a guideline",
  "author": [{"family": "Author", "given": "A"}], "container-title": "J Ex",
  "issued": {"date-parts": [[2024]]}, "DOI": "10.1000/example",
  "custom": {"kind": "guideline"}},
 {"id": "Reprint2025", "type": "webpage", "title": "A page on examplitis",
  "custom": {"kind": "summary"}}
]
"""


def write_library(folder: Path, documents: Mapping[str, str] | None = None) -> Path:
    """A small valid library on disk; ``documents`` maps file names to whole texts."""
    (folder / "documents").mkdir(parents=True)
    (folder / "library.toml").write_text(LIBRARY_TOML, encoding="utf-8")
    (folder / "bibliography.json").write_text(BIBLIOGRAPHY, encoding="utf-8")
    for name, text in (documents or {"example-2024.md": HEADER + STATEMENT}).items():
        (folder / "documents" / name).write_text(text, encoding="utf-8")
    return folder


def a_document(document_id: str, *statements: str, header: str = "", year: int = 2024) -> str:
    """The text of a document with these statements; ``header`` adds lines to the plain one."""
    head = HEADER.replace("example-2024", document_id).replace("year = 2024", f"year = {year}")
    if header:
        head = head.replace("\n+++\n\n", f"\n{header}\n+++\n\n")
    return head + ("\n".join(statements) or STATEMENT)


def a_library(folder: Path, *statements: str) -> Library:
    """A library of one document with these statements (text and fields), read from disk."""
    body = "\n".join(statements) if statements else STATEMENT
    write_library(folder, {"example-2024.md": HEADER + body})
    return load_library(folder)


def a_statement(number: str, text: str, **fields: str) -> str:
    """One statement in the text format; ``fields`` override or add to the plain ones."""
    lines = {
        "source": "Author2024",
        "verified": "read",
        "role": "recommendation",
        "topic": "treatment",
        **fields,
    }
    return "\n".join([f"[{number}] {text}", *(f"  {k}: {v}" for k, v in lines.items())]) + "\n"


def an_assistant(folder: Path, *statements: str) -> Assistant:
    """A whole assistant over a small library, with the hashing embedder and exact search."""
    settings = Settings(library=folder / "library", data=folder / "var", store="memory")
    a_library(settings.library, *statements)
    return an_assistant_over(settings)


def an_assistant_over(settings: Settings, *, build: bool = True) -> Assistant:
    """A whole assistant as the settings say, its index built first unless ``build`` is False."""
    library = open_library(settings)
    embedder = HashingEmbedder()
    if build:
        build_index(library, embedder, settings.index_folder, store="memory")
    index = open_index(settings.index_folder, library, embedder)
    return Assistant(
        settings=settings,
        library=library,
        rules=open_rules(library),
        index=index,
        drafter=QuotingDrafter(library),
        clock=lambda: datetime(2026, 3, 4, 5, 6, 7),
    )


def a_question(text: str, *history: str) -> Question:
    """A question with its earlier turns."""
    return Question(text=text, history=history)


def an_evidence(library: Library, text: str = "examplitis treatment") -> Evidence:
    """A question with every passage of the library as its pool, in order, scores falling."""
    question = a_question(text)
    passages = list(library.passages.values())
    return Evidence(
        question=question,
        understanding=understand(question, library),
        pool=tuple(
            Retrieved(
                passage=p,
                score=1 - i / len(passages),
                rank=i + 1,
                dense=0.8,
                asked=None,
                keyword=1.0,
            )
            for i, p in enumerate(passages)
        ),
    )


def a_draft(library: Library, *claims: Claim) -> Draft:
    """A draft of these claims over the whole library."""
    return Draft(
        evidence=an_evidence(library),
        outcome=Outcome.ANSWERED,
        reason="",
        claims=claims,
        passages=library.passages,
    )


def a_claim(text: str, *cites: str, section: str = "Treatment") -> Claim:
    """One claim citing passage ids."""
    return Claim(section=section, text=text, cites=cites)


def first_passage(library: Library) -> Passage:
    """The first passage of a library."""
    return next(iter(library.passages.values()))
