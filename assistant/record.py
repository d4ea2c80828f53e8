"""The audit record: one JSON line for each answer, appended before it is shown.

Records stay on this machine, in files that only their owner can read. A line is either
whole or absent: when the disk fills in the middle of one, the file is cut back to where it
was, and the answer is not shown.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from assistant.answer import Answer
from assistant.errors import RecordError
from assistant.model import CheckedAnswer
from corpus.model import sha256


@dataclass(frozen=True)
class RecordFile:
    """Appends records to one file a day, ``<folder>/<date>.jsonl``."""

    folder: Path

    def append(self, record: Mapping[str, Any], now: datetime) -> Path:
        """Write one line and return its file; RecordError when it can't be kept whole."""
        return self.append_all([record], now)

    def append_all(self, records: Iterable[Mapping[str, Any]], now: datetime) -> Path:
        """Write one line for each record: all of them, or RecordError and none."""
        time = now.isoformat(timespec="seconds")
        lines = "".join(
            json.dumps({"time": time, **record}, ensure_ascii=False, separators=(",", ":")) + "\n"
            for record in records
        )
        path = self.folder / f"{now:%Y-%m-%d}.jsonl"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        except OSError as error:
            raise _unwritable(path, error) from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            size = os.fstat(descriptor).st_size
            try:
                _write_all(descriptor, lines.encode("utf-8"))
                os.fsync(descriptor)
            except OSError as error:
                os.ftruncate(descriptor, size)
                raise _unwritable(path, error) from error
        finally:
            os.close(descriptor)
        return path


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def _unwritable(path: Path, error: OSError) -> RecordError:
    return RecordError(
        f"The answer could not be recorded in {path} ({error.strerror}), so it is not shown. "
        "Free space or correct the permissions of that folder, then ask again."
    )


def record_of(checked: CheckedAnswer, answer: Answer, model: str) -> dict[str, Any]:
    """The whole story of one answer as plain data: asked, found, written, concluded, shown."""
    evidence = checked.draft.evidence
    shown = answer.to_json()
    story: dict[str, Any] = {
        "question": evidence.question.text,
        "history": list(evidence.question.history),
        "patient": asdict(evidence.question.patient),
        "patient_since": evidence.question.patient_since,
        "choices": list(evidence.question.choices),
        "length": str(evidence.question.length),
        "asked": {facet: list(ids) for facet, ids in evidence.understanding.asked.items()},
        "retrieved": [[r.passage.id, round(r.score, 6)] for r in evidence.pool[:20]],
        "findings": [
            {
                "claim": check.claim,
                "quote": str(check.quote),
                "numbers": [
                    [finding.start, finding.end, finding.text, str(finding.verdict)]
                    for finding in check.findings
                ],
            }
            for check in checked.checks
        ],
        "shown": shown,
        "model": model,
    }
    canonical = json.dumps(story, ensure_ascii=False, sort_keys=True)
    return {"record": sha256(canonical)[:16], **story}
