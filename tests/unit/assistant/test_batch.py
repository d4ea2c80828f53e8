"""Batches: order kept, bad lines named, nothing half-written."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from assistant.batch import (
    patient_of,
    patient_text,
    question_of,
    read_lines,
    run_batch,
    text_and_source_of,
)
from assistant.errors import InputError


def _echo(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {"question": question_of(entry).text}


def test_a_bad_line_gets_an_error_and_the_rest_go_on(tmp_path: Path) -> None:
    lines = [
        '{"id": 1, "question": "a"}',
        "{broken",
        '{"id": 3}',
        "[]",
        '{"id": 5, "question": "e"}',
    ]
    out = tmp_path / "out.jsonl"

    failed = run_batch(lines, _echo, out)

    results = [json.loads(line) for line in out.read_text().splitlines()]
    assert failed == 3
    assert [r["id"] for r in results] == [1, None, 3, None, 5]
    assert results[1]["line"] == 2
    assert "is not JSON" in results[1]["error"]
    assert "no 'question'" in results[2]["error"]
    assert "not a JSON object" in results[3]["error"]


def test_a_run_that_stops_leaves_the_earlier_file_as_it_was(tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    out.write_text("earlier")

    def stop(entry: Mapping[str, Any]) -> dict[str, Any]:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_batch(['{"id": 1}'], stop, out)

    assert out.read_text() == "earlier"
    assert [p.name for p in tmp_path.iterdir()] == ["out.jsonl"]


def test_a_folder_that_is_not_there_is_a_clear_sentence(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="can't be written"):
        run_batch([], _echo, tmp_path / "missing" / "out.jsonl")


def test_blank_lines_and_a_byte_order_mark_are_skipped(tmp_path: Path) -> None:
    path = tmp_path / "in.jsonl"
    path.write_bytes(b'\xef\xbb\xbf{"id": 1}\n\n{"id": 2}\n')

    assert read_lines(path) == ['{"id": 1}', '{"id": 2}']


@pytest.mark.parametrize(
    ("content", "message"), [(b"\xff\xfe", "not UTF-8"), (None, "can't be read")]
)
def test_a_file_that_can_not_be_read_is_named(
    tmp_path: Path, content: bytes | None, message: str
) -> None:
    path = tmp_path / "in.jsonl"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(InputError, match=message):
        read_lines(path)


def test_patient_values_are_taken_by_the_unit_in_their_name() -> None:
    patient = patient_of({"weight_kg": 70, "age": 68, "creatinine": "1.9 mg/dL", "shoe": 43})

    assert (patient.weight_kg, patient.age_years, patient.creatinine) == (70.0, 68.0, "1.9 mg/dL")


@pytest.mark.parametrize(
    "raw",
    [
        [1],
        {"weight_kg": "70 kg"},
        {"weight_kg": True},
        {"weight_kg": -70},
        {"weight_kg": float("nan")},
        {"weight_kg": float("inf")},
        {"weight_kg": 10**400},
    ],
)
def test_a_patient_in_the_wrong_form_is_refused(raw: object) -> None:
    with pytest.raises(InputError):
        patient_of(raw)


@pytest.mark.parametrize("history", ["a", [1], {"a": 1}])
def test_a_history_in_the_wrong_form_is_refused(history: object) -> None:
    with pytest.raises(InputError, match="history"):
        question_of({"question": "q", "history": history})


def test_a_line_to_check_needs_a_text() -> None:
    assert text_and_source_of({"text": "a"}) == ("a", None)
    with pytest.raises(InputError, match="no 'text'"):
        text_and_source_of({})
    with pytest.raises(InputError, match="'source'"):
        text_and_source_of({"text": "a", "source": 1})


def test_a_patient_of_the_command_line_is_the_json_of_a_batch_line() -> None:
    assert patient_text('{"weight_kg": 62, "previous": "etoposide 0 mg/m2"}') == patient_of(
        {"weight_kg": 62, "previous": "etoposide 0 mg/m2"}
    )
    assert patient_text(None) == patient_of(None)
    with pytest.raises(InputError, match="The patient is not JSON"):
        patient_text('{"weight_kg": 62')


@pytest.mark.parametrize("choices", ["etoposide.x", [1], {"a": 1}])
def test_choices_that_are_no_list_of_texts_are_refused(choices: object) -> None:
    with pytest.raises(InputError, match="'choices' has to be a list"):
        question_of({"question": "x", "choices": choices})
