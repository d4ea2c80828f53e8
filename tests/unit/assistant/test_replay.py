"""A recorded answer is made again, to the byte."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from assistant.errors import InputError
from assistant.model import Length, Patient, Question
from assistant.replay import find_record, question_of_record, replay
from assistant.settings import Settings
from assistant.wiring import Assistant, open_assistant

QUESTION = Question(
    text="and for him, 20 kg?",
    history=("Etoposide dose in HLH?", "what about a 6-year-old?"),
    patient=Patient(height_cm=115.0),
    patient_since=1,
    length=Length.BRIEF,
)


@pytest.fixture
def assistant(bundled_data: Path, tmp_path: Path) -> Assistant:
    opened = open_assistant(Settings(data=bundled_data))
    # The index of the session, the records of this test.
    return replace(
        opened,
        settings=replace(opened.settings, data=tmp_path),
        clock=lambda: datetime(2026, 3, 4, 5, 6, 7),
    )


def test_the_answer_of_a_record_is_made_again_and_not_recorded_twice(assistant: Assistant) -> None:
    shown = assistant.ask(QUESTION).value
    folder = assistant.settings.record_folder
    (line,) = next(folder.glob("*.jsonl")).read_text("utf-8").splitlines()

    record = find_record(folder, json.loads(line)["record"][:8])
    made = replay(assistant, record)

    assert question_of_record(record).text == QUESTION.text
    assert question_of_record(record).length is Length.BRIEF
    assert question_of_record(record).patient_since == 1
    assert made.answer == shown
    assert made.differs == ()
    assert not made.other_index
    assert len(next(folder.glob("*.jsonl")).read_text("utf-8").splitlines()) == 1


def test_what_is_not_as_recorded_is_named(assistant: Assistant) -> None:
    assistant.ask(QUESTION)
    record = json.loads(next(assistant.settings.record_folder.glob("*.jsonl")).read_text("utf-8"))
    other = {**record, "shown": {**record["shown"], "reason": "x", "index": "y", "gone": 1}}

    made = replay(assistant, other)

    assert made.differs == ("reason", "index", "gone")
    assert made.other_index


def test_no_record_and_several_are_refused_in_words(assistant: Assistant) -> None:
    folder = assistant.settings.record_folder
    assistant.ask(QUESTION)
    assistant.ask(replace(QUESTION, text="and the dexamethasone?"))

    with pytest.raises(InputError, match="There is no record 'zz'"):
        find_record(folder, "zz")
    with pytest.raises(InputError, match="2 records begin with ''"):
        find_record(folder, "")
