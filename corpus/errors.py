"""Every error of this program, in one tree.

GuidelineError
├── CorpusError            a library that can't be used
│   ├── LibraryError       mistakes in the text of a library, all of them at once
│   ├── NothingInForce     no document passes the date and review status asked for
│   ├── NotInLibrary       a document or statement that was named is not there
│   ├── ReviewRefused      a review that can't be recorded
│   └── SourceAltered      text that is not what it was when it was indexed
├── RetrievalError         (index.errors)
└── AnswerError            (assistant.errors)

The message of each says what, where, and what to do next. Only ``app.py`` and the
``__main__`` modules catch GuidelineError, to print that sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class GuidelineError(Exception):
    """The base of every expected failure: its text is fit to show to a user."""


class CorpusError(GuidelineError):
    """The library can't be used."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One mistake in a library file: where it is, what is wrong, what to do."""

    path: str
    line: int
    what: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.what} {self.remedy}"


class LibraryError(CorpusError):
    """The library has mistakes; ``problems`` lists every one that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"The library has {count} {noun}:\n{lines}")


class NothingInForce(CorpusError):
    """Every document is superseded, not yet valid, or below the review status asked for."""


class NotInLibrary(CorpusError):
    """A document, statement or file that was named is not there."""


class ReviewRefused(CorpusError):
    """A review that can't be recorded; nothing was written."""


class SourceAltered(CorpusError):
    """A quoted text no longer equals the stored document."""
