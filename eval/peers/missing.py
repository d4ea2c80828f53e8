"""What is said when a framework is not installed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from eval.errors import MissingExtra


@contextmanager
def needed(system: str) -> Iterator[None]:
    """Imports inside of it that fail say which baseline lacks what, and how to install it."""
    try:
        yield
    except ImportError as error:
        raise MissingExtra(system, error.name or str(error)) from error
