"""What every command shares: days as options, files written whole, leaving as a shell expects."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NoReturn


def calendar_day(text: str) -> date:
    """The day of an option such as ``--on 2024-05-31``, for ``type=`` of argparse."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        day = None
    if day is None or day.isoformat() != text:
        raise argparse.ArgumentTypeError(f"'{text}' is not a date such as 2024-05-31")
    return day


def write_whole(path: Path, text: str) -> None:
    """Write a text so that the file appears whole or stays as it was. Raises OSError."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        partial.write_text(text, encoding="utf-8")
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def leave_with(main: Callable[[], int]) -> NoReturn:
    """Run a command and exit with its code; a reader that stops reading (``| head``) is fine."""
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:
        # Python flushes stdout once more on the way out; give it somewhere to go.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 0
    raise SystemExit(code)
