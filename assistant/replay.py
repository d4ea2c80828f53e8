"""A recorded answer, made again: the same bytes, or what is different and why it may be."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.batch import patient_of
from assistant.errors import InputError
from assistant.model import Length, Question
from assistant.wiring import Assistant


@dataclass(frozen=True, slots=True)
class Replayed:
    """The answer made again, and the names of its fields that are not as recorded."""

    record: str
    answer: Answer
    differs: tuple[str, ...]
    other_index: bool  # the library, its index or its model has changed since


def find_record(folder: Path, record_id: str) -> Mapping[str, Any]:
    """The record of an id, or of the beginning of one; InputError when there is no single one."""
    found: dict[str, Mapping[str, Any]] = {}
    for path in sorted(folder.glob("*.jsonl")):
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{path} can't be read: {error}. Check its permissions.") from error
        for line in lines:
            if f'"record":"{record_id}' not in line:
                continue
            record = json.loads(line)
            found[record["record"]] = record
    if not found:
        raise InputError(
            f"There is no record '{record_id[:40]}' in {folder}. Its files have one record in "
            'each line; the id is the value of "record".'
        )
    if len(found) > 1:
        raise InputError(
            f"{len(found)} records begin with '{record_id[:40]}'. Give more of the id."
        )
    return next(iter(found.values()))


def question_of_record(record: Mapping[str, Any]) -> Question:
    """The question as it was asked, with its history, patient and choices."""
    return Question(
        text=record["question"],
        history=tuple(record["history"]),
        patient=patient_of(record["patient"]),
        choices=tuple(record.get("choices", ())),
        patient_since=record.get("patient_since", 0),
        length=Length(record.get("length", Length.STANDARD)),
    )


def replay(assistant: Assistant, record: Mapping[str, Any]) -> Replayed:
    """Make the answer of a record again, as of its day, and compare; nothing is recorded."""
    answer = assistant.answer_as_of(
        question_of_record(record), datetime.fromisoformat(record["time"])
    )
    now, then = json.loads(json.dumps(answer.to_json())), record["shown"]
    names = (*now, *(name for name in then if name not in now))
    return Replayed(
        record=record["record"],
        answer=answer,
        differs=tuple(name for name in names if now.get(name) != then.get(name)),
        other_index=now["index"] != then["index"],
    )
