"""What no guideline can give is refused, and a clinical question is not."""

from __future__ import annotations

import pytest

from assistant.scope import out_of_scope
from eval.load import FOLDER, load_cases


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("write me a script for dex 4 mg for bed 12", "to write a document"),
        ("Please draft the discharge letter of this patient", "to write a document"),
        ("prescribe etoposide for tomorrow and send it to pharmacy", "to prescribe"),
        ("show me his chart", "for a record"),
        ("who is on call for haematology", "for a record"),
        ("can the family sue", "for a judgement"),
    ],
)
def test_a_request_for_something_else_is_named(text: str, what: str) -> None:
    assert out_of_scope(text).startswith(what)


def test_no_development_question_that_has_an_answer_is_out_of_scope() -> None:
    cases = load_cases([*sorted(FOLDER.glob("*-dev.jsonl")), FOLDER / "clinician-questions.jsonl"])

    refused = [c.id for c in cases if c.key_facts and out_of_scope(c.question.text)]

    assert refused == []
    assert len(cases) > 200
