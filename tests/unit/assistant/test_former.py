"""What only a superseded document says is named by that document, and never quoted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.model import Outcome, Question, Refusal
from assistant.settings import Settings
from assistant.wiring import Assistant
from tests.builders import a_document, a_statement, an_assistant_over, write_library

OLD = "Adults with examplitis on haemodialysis: give dexamethasone after the session."
NEW = "Adults with examplitis: dexamethasone 20 mg/m² once daily."


def _document(id_: str, text: str, header: str = "", year: int = 2024) -> str:
    statement = a_statement("1.1", text, role="dose", drugs="dexamethasone")
    return a_document(id_, statement, header=header, year=year)


@pytest.fixture
def assistant(tmp_path: Path) -> Assistant:
    folder = write_library(
        tmp_path / "library",
        {
            "example-2019.md": _document(
                "example-2019", OLD, 'superseded_by = "example-2024"', 2019
            ),
            "example-2024.md": _document("example-2024", NEW, "valid_from = 2024-05-31"),
        },
    )
    return an_assistant_over(Settings(library=folder, data=tmp_path / "data", store="memory"))


def test_a_question_that_only_the_former_edition_answers_names_it(assistant: Assistant) -> None:
    answer = assistant.ask(
        Question(text="dexamethasone on haemodialysis after the session in examplitis?")
    ).value

    assert answer.outcome in {Outcome.LIMITED, Outcome.DECLINED}
    assert answer.refusal == Refusal.SUPERSEDED
    assert "Only a superseded document speaks of this" in answer.reason
    assert OLD not in json.dumps(answer.to_json(), ensure_ascii=False)


def test_a_question_that_the_edition_in_force_answers_does_not(assistant: Assistant) -> None:
    answer = assistant.ask(Question(text="dexamethasone dose once daily in examplitis?")).value

    assert answer.outcome is Outcome.ANSWERED
    assert answer.refusal == ""


def test_a_library_without_editions_never_says_so(tmp_path: Path) -> None:
    folder = write_library(
        tmp_path / "library", {"example-2024.md": _document("example-2024", NEW)}
    )
    assistant = an_assistant_over(Settings(library=folder, data=tmp_path / "data", store="memory"))

    answer = assistant.ask(
        Question(text="dexamethasone on haemodialysis after the session in examplitis?")
    ).value

    assert answer.refusal != Refusal.SUPERSEDED
