"""The journal of a run: what was observed so far, so that an interrupted run goes on.

One JSON object a line: ``question`` (a hash of what was asked), ``file`` and ``id`` of the case
for a reader, and ``seen``, the observation. A line is appended after each question. A line that
was not written to its end, or can't be read, is a question that was not asked.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from corpus.model import sha256
from eval.errors import JournalInUse
from eval.model import Case, Observation
from eval.observed import from_plain, to_plain
from eval.observing import asked_in_full
from eval.writing import written_below


@dataclass(frozen=True)
class Journal:
    """An open journal, locked against other runs; ``kept`` is what it held when it was opened."""

    path: Path
    descriptor: int
    kept: Mapping[str, Observation]

    def known(self, case: Case) -> Observation | None:
        """What an interrupted run observed; None where it did not ask, or the question failed."""
        seen = self.kept.get(question_key(case))
        return None if seen is None or seen.error else seen

    def append(self, case: Case, observation: Observation) -> None:
        """Keep one observation; ReportError where the file can't be written."""
        line = {
            "question": question_key(case),
            "file": case.file,
            "id": case.id,
            "seen": to_plain(observation),
        }
        data = json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n"
        with written_below(self.path):
            while data:
                data = data[os.write(self.descriptor, data) :]

    def remove(self) -> None:
        """Forget it: the run is complete."""
        with written_below(self.path):
            self.path.unlink(missing_ok=True)


@contextmanager
def open_journal(path: Path, *, fresh: bool = False) -> Iterator[Journal]:
    """The journal of a run, made where there is none, empty where the run begins ``fresh``.

    Raises JournalInUse while another process holds it, ReportError where it can't be written.
    """
    descriptor = _locked(path)
    try:
        with written_below(path):
            whole = b"" if fresh else path.read_bytes()
            end = whole.rfind(b"\n") + 1
            os.ftruncate(descriptor, end)  # what follows was cut off in the middle of a line
        yield Journal(path, descriptor, _read(whole[:end]))
    finally:
        os.close(descriptor)


def question_key(case: Case) -> str:
    """Hex SHA-256 of what is asked: a question that changed in any way has another."""
    full = asked_in_full(case)
    asked = {"question": asdict(case.question), "in_full": full.question.text if full else None}
    return sha256(json.dumps(asked, sort_keys=True))


def _locked(path: Path) -> int:
    """The file opened for appending, with the lock that ends with this process."""
    while True:
        with written_below(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_open_there(descriptor, path):
                return descriptor
        except BlockingIOError as error:
            os.close(descriptor)
            raise JournalInUse(path) from error
        os.close(descriptor)


def _is_open_there(descriptor: int, path: Path) -> bool:
    """Whether the open file still has this name: a run that ended takes its journal away."""
    try:
        return os.path.samestat(os.fstat(descriptor), path.stat())
    except FileNotFoundError:
        return False


def _read(whole: bytes) -> dict[str, Observation]:
    kept: dict[str, Observation] = {}
    for line in whole.splitlines():
        try:
            entry = json.loads(line)
            kept[str(entry["question"])] = from_plain(entry["seen"])
        except (ValueError, KeyError, TypeError):
            continue
    return kept
