"""What a broken rules table raises: every mistake at once, each with file, key and remedy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpus.errors import GuidelineError


@dataclass(frozen=True, slots=True, order=True)
class TableProblem:
    """One mistake: the file, the key path (rule id first), what is wrong, what to do."""

    file: str
    key: str
    what: str
    remedy: str

    def __str__(self) -> str:
        where = f"{self.file}: {self.key}" if self.key else self.file
        return f"{where}: {self.what} {self.remedy}"


class TableError(GuidelineError):
    """The rules table can't be used; ``problems`` lists every mistake that was found."""

    def __init__(self, problems: Sequence[TableProblem]) -> None:
        self.problems = tuple(problems)
        count = len(self.problems)
        noun = "problem" if count == 1 else "problems"
        lines = "\n".join(str(problem) for problem in self.problems)
        super().__init__(f"The rules table has {count} {noun}:\n{lines}")


@dataclass(slots=True)
class Problems:
    """Collects mistakes while the files are read, so that one start shows them all."""

    found: list[TableProblem] = field(default_factory=list)

    def add(self, file: str, key: str, what: str, remedy: str) -> None:
        """Note one mistake; ``what`` and ``remedy`` are whole sentences."""
        problem = TableProblem(file, key, what, remedy)
        if problem not in self.found:
            self.found.append(problem)
