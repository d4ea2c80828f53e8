"""A library about another disease: everything works, and the code knows no disease."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.drafting.quote import QuotingDrafter
from assistant.model import Outcome
from assistant.rules import open_rules
from assistant.settings import ROOT, Settings
from assistant.wiring import Assistant
from corpus.library import load_library
from index.build import build_index
from index.hashing import HashingEmbedder
from index.open import open_index
from tests.builders import HEADER, a_question, a_statement

FOLDER = ROOT / "tests" / "fixtures" / "library-sickle-cell"


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    """A whole assistant over the second library, with the hashing embedder and exact search."""
    settings = Settings(library=FOLDER, data=tmp_path_factory.mktemp("var"), store="memory")
    library, embedder = load_library(FOLDER), HashingEmbedder()
    build_index(library, embedder, settings.index_folder, store="memory")
    return Assistant(
        settings=settings,
        library=library,
        rules=open_rules(library),
        index=open_index(settings.index_folder, library, embedder),
        drafter=QuotingDrafter(library),
        clock=lambda: datetime(2026, 3, 4, 5, 6, 7),
    )


def answered(assistant: Assistant, question: str) -> Answer:
    return assistant.ask(a_question(question)).value


def test_a_second_library_loads_without_a_problem() -> None:
    library = load_library(FOLDER)

    assert 12 <= len(library.passages) <= 20
    assert library.vocabulary.id != load_library().vocabulary.id


@pytest.mark.parametrize(
    ("question", "statement"),
    [
        ("Starting dose of hydroxyurea in an adult with sickle cell anaemia?", "3.1"),
        ("Hydroxyurea dose in a child with sickle cell disease?", "3.3"),
        ("Adult with sickle cell disease and CKD: hydroxyurea starting dose?", "3.2"),
        ("Neutropenia on hydroxyurea in sickle cell disease, what now?", "4.4"),
        ("Hydroxyurea in a pregnant woman with sickle cell disease?", "5.1"),
    ],
)
def test_a_question_of_the_second_topic_is_answered_with_its_citation(
    second: Assistant, question: str, statement: str
) -> None:
    answer = answered(second, question)

    assert answer.outcome is Outcome.ANSWERED
    cited = {reference.passage_id for reference in answer.references}
    assert f"nhlbi-hydroxyurea-2014:{statement}" in cited


def test_a_broad_question_of_the_second_topic_follows_the_plan_of_its_library(
    second: Assistant,
) -> None:
    answer = answered(second, "How is sickle cell anaemia treated?")

    (plan,) = second.library.vocabulary.plans
    shown = dict.fromkeys(claim.section for claim in answer.claims)
    assert list(shown) == [section.title for section in plan.sections]


@pytest.mark.parametrize(
    "question",
    [
        "How is hemophagocytic lymphohistiocytosis treated?",
        "Etoposide dose in HLH with creatinine clearance 30 mL/min?",
    ],
)
def test_a_question_of_the_first_topic_is_declined_by_the_second(
    second: Assistant, question: str
) -> None:
    answer = answered(second, question)

    assert answer.outcome is Outcome.DECLINED
    assert answer.claims == ()


def test_the_library_in_the_writing_guide_loads_as_it_is_printed(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "writing-guidelines.md").read_text(encoding="utf-8")
    (settings,) = re.findall(r"```toml\n(.*?)```", guide, re.DOTALL)
    (source,) = re.findall(r"```json\n(.*?)```", guide, re.DOTALL)
    (tmp_path / "documents").mkdir()
    (tmp_path / "library.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "bibliography.json").write_text(f"[{source}]", encoding="utf-8")
    text = HEADER + a_statement("1.1", "Adults with examplitis rest.", population="adult")
    (tmp_path / "documents" / "example-2024.md").write_text(text, encoding="utf-8")

    library = load_library(tmp_path)

    assert list(library.passages) == ["example-2024:1.1"]


def test_the_code_names_no_disease_of_the_library_and_none_of_its_drugs() -> None:
    library = load_library()
    words = {*library.vocabulary.subject_words, *library.drugs_covered}

    hits = {hit for path in _code() for hit in _words_in(path, words)}

    assert hits == set()


def _code() -> Iterator[Path]:
    """The modules of the program; tests and the data of libraries are not code."""
    for package in ("corpus", "index", "assistant"):
        yield from sorted((ROOT / package).rglob("*.py"))
    yield from sorted((ROOT / "eval").glob("*.py"))
    yield ROOT / "app.py"


def _words_in(path: Path, words: Iterable[str]) -> Iterator[str]:
    """Every such word in a name or a string; comments and docstrings explain by example."""
    spelled = "|".join(
        r"[ _-]".join(re.escape(part) for part in re.split(r"[ -]", word))
        for word in sorted(words, key=len, reverse=True)
    )
    pattern = re.compile(rf"(?<![a-z0-9])(?:{spelled})(?![a-z0-9])", re.IGNORECASE)
    tree = ast.parse(path.read_text(encoding="utf-8"))
    explained = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and ast.get_docstring(node) is not None
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            said = "" if id(node) in explained else node.value
        else:
            said = getattr(node, "id", None) or getattr(node, "name", None) or ""
        for match in pattern.finditer(str(said)):
            yield f"{path.relative_to(ROOT)}: {match.group()}"
