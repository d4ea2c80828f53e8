"""Which statements belong in the answer to a question, as labellers graded them beforehand.

A file of ``eval/grades`` holds one JSON object a line: ``{"id": question, "grades": {passage: 0 |
1 | 2}}``. 2 answers the question or a part of it, 1 belongs beside that answer, 0 is irrelevant.
A passage without a grade is not judged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from eval.errors import DataError

FOLDER = Path(__file__).with_name("grades")

Grades = Mapping[str, Mapping[str, int]]
"""By question and passage."""


def grade_files(folder: Path = FOLDER) -> tuple[Path, ...]:
    """The files of grades, in the order of their names."""
    return tuple(sorted(folder.glob("*.jsonl")))


def load_grades(folder: Path = FOLDER) -> Grades:
    """Every grade of the files of a folder; DataError names the line of a bad one."""
    grades: dict[str, Mapping[str, int]] = {}
    for path in grade_files(folder):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
            try:
                entry = json.loads(line)
                id_, given = entry["id"], dict(entry["grades"])
            except (ValueError, KeyError, TypeError) as error:
                raise DataError(path, f"line {number} holds no grades ({error}).") from error
            wrong = [f"{name}: {grade}" for name, grade in given.items() if grade not in (0, 1, 2)]
            if wrong or id_ in grades:
                why = "; ".join(wrong) or f"grades the question {id_} for the second time"
                raise DataError(path, f"line {number}: {why}.")
            grades[id_] = given
    return grades
