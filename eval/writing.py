"""Reports and results, written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from corpus.shell import write_whole
from eval.errors import ReportError


def write_report(path: Path, text: str) -> None:
    """The whole file or none of it, its folder made where it is missing; or ReportError."""
    with written_below(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, text)


@contextmanager
def written_below(path: Path) -> Iterator[None]:
    """Says which file could not be written, and what to do, in place of the system's error."""
    try:
        yield
    except OSError as error:
        raise ReportError(
            f"{path} can't be written: {error.strerror}. Choose a folder with space and "
            "permission to write, then run it again."
        ) from error
