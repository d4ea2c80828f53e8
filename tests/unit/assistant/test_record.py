"""The audit record: whole lines, or none and no answer."""

from __future__ import annotations

import errno
import json
import os
import stat
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path

import pytest

from assistant.errors import RecordError
from assistant.record import RecordFile

NOW = datetime(2026, 3, 4, 5, 6, 7)


def test_a_record_is_one_line_in_a_file_of_its_day(tmp_path: Path) -> None:
    path = RecordFile(tmp_path).append({"question": "zwei\nZeilen ü"}, NOW)

    assert path.name == "2026-03-04.jsonl"
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {"time": "2026-03-04T05:06:07", "question": "zwei\nZeilen ü"}


def test_only_the_owner_can_read_records(tmp_path: Path) -> None:
    path = RecordFile(tmp_path / "records").append({}, NOW)

    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_records_are_appended_never_replaced(tmp_path: Path) -> None:
    records = RecordFile(tmp_path)

    for number in range(3):
        path = records.append({"n": number}, NOW)

    assert [json.loads(line)["n"] for line in path.read_text().splitlines()] == [0, 1, 2]


def test_a_full_disk_leaves_the_earlier_lines_and_no_half_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = RecordFile(tmp_path)
    path = records.append({"n": 0}, NOW)
    before = path.read_bytes()
    write = os.write
    calls = iter([1])

    def half_then_full(descriptor: int, data: bytes) -> int:
        if next(calls, None) is None:
            raise OSError(errno.ENOSPC, "No space left on device")
        return write(descriptor, data[: len(data) // 2])

    monkeypatch.setattr("assistant.record.os.write", half_then_full)
    with pytest.raises(RecordError, match=r"No space left on device.*not shown.*Free space"):
        records.append({"n": 1}, NOW)

    assert path.read_bytes() == before


def test_a_folder_that_can_not_be_made_is_a_clear_sentence(tmp_path: Path) -> None:
    blocker = tmp_path / "records"
    blocker.write_text("a file, not a folder")

    with pytest.raises(RecordError, match="could not be recorded"):
        RecordFile(blocker).append({}, NOW)


def _append_many(folder: str, start: int) -> None:
    for number in range(start, start + 50):
        RecordFile(Path(folder)).append({"n": number, "fill": "x" * 500}, NOW)


def test_two_processes_never_mix_their_lines(tmp_path: Path) -> None:
    context = get_context("spawn")
    writers = [context.Process(target=_append_many, args=(str(tmp_path), s)) for s in (0, 50)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()

    lines = (tmp_path / "2026-03-04.jsonl").read_text().splitlines()
    assert sorted(json.loads(line)["n"] for line in lines) == list(range(100))
