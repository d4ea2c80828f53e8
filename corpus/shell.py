"""Leaving a command as a shell expects it."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import NoReturn


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
