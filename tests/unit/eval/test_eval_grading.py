"""Grades of statements are read from files that say what is wrong with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.library import BUNDLED, load_library
from eval.errors import DataError
from eval.grading import load_grades
from eval.load import default_files, load_cases


def test_grades_are_read_by_question_and_passage(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"id": "Q1", "grades": {"d:1": 2, "d:2": 0}}\n', "utf-8")

    assert load_grades(tmp_path) == {"Q1": {"d:1": 2, "d:2": 0}}


@pytest.mark.parametrize(
    ("second", "reason"),
    [
        ("{", "holds no grades"),
        ('{"id": "Q2"}', "holds no grades"),
        ('{"id": "Q2", "grades": {"d:1": 3}}', "d:1: 3"),
        ('{"id": "Q1", "grades": {}}', "for the second time"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, second: str, reason: str) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"id": "Q1", "grades": {{}}}}\n{second}\n', "utf-8")

    with pytest.raises(DataError, match=f"line 2.*{reason}"):
        load_grades(tmp_path)


def test_the_grades_of_this_repository_are_of_its_questions_and_statements() -> None:
    questions = {case.id for case in load_cases(default_files()) if case.key_facts}
    passages = set(load_library(BUNDLED).passages)
    grades = load_grades()

    assert set(grades) <= questions
    assert {passage for given in grades.values() for passage in given} <= passages
