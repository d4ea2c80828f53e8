"""How a question was understood, in one line, and what could be asked next."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.model import Outcome, Question
from assistant.settings import Settings
from assistant.wiring import Assistant, open_assistant
from eval.load import FOLDER, load_cases


@pytest.fixture(scope="module")
def assistant(bundled_data: Path) -> Assistant:
    return open_assistant(Settings(data=bundled_data))


def asked(assistant: Assistant, text: str, *history: str) -> Answer:
    return assistant.ask(Question(text=text, history=history)).value


def test_what_is_asked_and_about_whom_stands_in_one_line(assistant: Assistant) -> None:
    answer = asked(assistant, "etoposide dose, EBV-HLH, 34F 62 kg, CrCl 25, ferritin 40k")

    assert answer.understood == (
        "dose; etoposide; dose reduction, kidney and liver; treating the trigger; EBV; adult; "
        "kidney impairment; 34 years, 62 kg, female, creatinine clearance 25 mL/min, ferritin 40k"
    )


def test_what_an_earlier_turn_supplied_is_said_to_come_from_there(assistant: Assistant) -> None:
    answer = asked(assistant, "and in renal failure?", "Anakinra dose in an adult with MAS?")

    own, carried = answer.understood.split("; as before: ")
    assert "kidney impairment" in own
    assert carried == "dose, anakinra, MAS, adult"
    assert answer.carried


def test_a_text_that_is_no_question_is_understood_as_nothing(assistant: Assistant) -> None:
    assert asked(assistant, "?!").understood == ""


def test_a_dose_is_worked_out_from_what_the_question_says_of_the_patient(
    assistant: Assistant,
) -> None:
    answer = asked(assistant, "dexamethasone dose for HLH in a 6-year-old, 20 kg, 115 cm")

    shown = " ".join(text for item in answer.calculations for _, text in item.lines)
    assert "20 kg" in shown
    assert "6 years" in shown


@pytest.mark.parametrize(
    ("text", "history"),
    [
        ("etoposide dose in HLH", ()),
        ("How do I treat secondary HLH?", ()),
        ("and in renal failure?", ("etoposide dose for an adult with sHLH?",)),
    ],
)
def test_each_suggestion_is_answered_in_the_same_conversation(
    assistant: Assistant, text: str, history: tuple[str, ...]
) -> None:
    answer = asked(assistant, text, *history)

    assert 1 <= len(answer.suggestions) <= 3
    for suggestion in answer.suggestions:
        follow_up = asked(assistant, suggestion, *history, text)
        assert follow_up.outcome is not Outcome.DECLINED
        assert follow_up.claims != answer.claims


def test_every_suggestion_of_every_kind_of_question_is_answered(assistant: Assistant) -> None:
    files = ("hard-dev", "wide-dev", "follow-dev", "single-dev", "clinician-questions")
    cases = load_cases([FOLDER / f"{name}.jsonl" for name in files])
    suggested = 0
    for case in cases[::12]:  # all of them take minutes
        question = case.question
        answer = assistant.ask(question).value
        for suggestion in answer.suggestions:
            history = (*question.history, question.text)
            follow_up = assistant.ask(replace(question, text=suggestion, history=history)).value
            suggested += 1
            assert follow_up.outcome is not Outcome.DECLINED, (case.id, suggestion)

    assert suggested > 25


def test_a_topic_is_named_by_its_title(assistant: Assistant) -> None:
    for topic in assistant.library.vocabulary.terms["topic"].values():
        question = Question(text=f"And {topic.title.lower()}?", history=("Etoposide in HLH?",))
        assert topic.id in assistant.find(question).understanding.named("topic"), topic.title


def test_nothing_is_suggested_where_nothing_more_was_found(assistant: Assistant) -> None:
    assert asked(assistant, "Who won the cup final?").suggestions == ()
    assert asked(assistant, "hscore cut off").suggestions == ()
