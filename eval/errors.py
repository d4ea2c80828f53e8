"""Errors of the evaluation, below corpus.errors.GuidelineError.

EvaluationError
├── CaseFilesError   mistakes in the question files, all of them at once
├── DataError        a file of labels or measurements that can't be used
├── JournalInUse     another run of the same questions is under way
├── MissingExtra     a baseline's packages are not installed
├── ReportError      a report could not be written
└── WorkersError     the processes that ask the questions can't be kept running
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from corpus.errors import GuidelineError, Problem


class EvaluationError(GuidelineError):
    """The evaluation can't be run or its report can't be written."""


class CaseFilesError(EvaluationError):
    """The question files have mistakes; ``problems`` lists every one that was found."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"The question files have {count} {noun}:\n{lines}")


class DataError(EvaluationError):
    """A file of labels, examples or measurements can't be read as what it should be."""

    def __init__(self, path: Path, reason: str) -> None:
        self.path = path
        self.reason = reason
        super().__init__(f"{path} can't be used: {reason} Correct it, or take it away.")


class MissingExtra(EvaluationError):
    """A baseline needs packages that only an extra installs."""

    def __init__(self, system: str, package: str) -> None:
        self.system = system
        self.package = package
        super().__init__(
            f"The baseline '{system}' needs {package}, which is not installed. Install it with "
            "pip install -e '.[peers]', or leave it out with --systems."
        )


class ReportError(EvaluationError):
    """A report or result file could not be written."""


class JournalInUse(EvaluationError):
    """Another process asks the same questions at this moment, and keeps its journal open."""

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(
            f"Another evaluation of these questions is under way ({path} is in use). "
            "Wait until it is done, or stop it; then run this one again."
        )


class WorkersError(EvaluationError):
    """The processes that ask the questions don't open, or end one after the other."""
