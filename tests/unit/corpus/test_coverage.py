"""Every number of the dossier is carried by a statement or left out with a reason."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.coverage import (
    DOCS,
    FILE,
    Coverage,
    Dossier,
    coverage_of,
    load_dossier,
    main,
    render_coverage,
)
from corpus.errors import LibraryError
from corpus.library import BUNDLED, Library, load_library
from tests.builders import a_library, a_statement

THREE = """[[series]]
title = "Facts"
prefix = "F"
digits = 3
last = 3
"""
LEFT_OUT = """
[[left_out]]
number = "{number}"
reason = "Not about examplitis."
"""


def a_dossier(folder: Path, text: str = THREE) -> Dossier:
    path = folder / FILE
    path.write_text(text, encoding="utf-8")
    return load_dossier(path)


def covered(folder: Path, dossier_text: str, *facts: str) -> Coverage:
    """The coverage of a library with one statement for each of ``facts``."""
    library = a_library_with(folder, *facts)
    return coverage_of(a_dossier(folder, dossier_text), library.passages.values())


def a_library_with(folder: Path, *facts: str) -> Library:
    statements = (
        a_statement(f"1.{n}", "Examplitis needs rest.", facts=numbers)
        for n, numbers in enumerate(facts, start=1)
    )
    return a_library(folder / "library", *statements)


def bundled() -> Coverage:
    return coverage_of(load_dossier(BUNDLED / FILE), load_library().passages.values())


def test_every_number_of_the_bundled_dossier_is_placed_or_left_out_with_a_reason() -> None:
    coverage = bundled()

    assert [str(problem) for problem in coverage.problems()] == []
    assert all(reason.strip() for reason in coverage.dossier.left_out.values())


def test_the_bundled_dossier_counts_427_facts_91_dosing_rows_and_20_calculators() -> None:
    series = load_dossier(BUNDLED / FILE).series

    assert [(s.numbers[0], s.numbers[-1]) for s in series] == [
        ("F001", "F427"),
        ("D01", "D91"),
        ("C01", "C20"),
    ]


def test_a_number_that_no_statement_carries_is_missing(tmp_path: Path) -> None:
    coverage = covered(tmp_path, THREE, "F001, F003")

    assert coverage.missing == ("F002",)
    assert "F002 stands in no statement." in str(next(coverage.problems()))


def test_a_number_left_out_with_a_reason_is_not_missing(tmp_path: Path) -> None:
    coverage = covered(tmp_path, THREE + LEFT_OUT.format(number="F002"), "F001", "F003")

    assert coverage.missing == ()
    assert not list(coverage.problems())


@pytest.mark.parametrize("number", ["F001", "F004"])
def test_a_number_left_out_that_is_placed_or_does_not_exist_is_a_problem(
    tmp_path: Path, number: str
) -> None:
    coverage = covered(tmp_path, THREE + LEFT_OUT.format(number=number), "F001, F002, F003")

    assert coverage.contradicted == (number,)
    assert [str(p) for p in coverage.problems()] == [
        f"{FILE}:1: {number} is listed as left out, but is placed or unknown. Delete that entry."
    ]


def test_a_number_that_the_dossier_does_not_know_is_a_problem(tmp_path: Path) -> None:
    coverage = covered(tmp_path, THREE, "F001, F002, F003, F0004")

    assert coverage.unknown == ("F0004",)
    assert "F0004 stands in a statement" in str(next(coverage.problems()))


def test_the_page_shows_each_number_with_its_statements_and_their_verification(
    tmp_path: Path,
) -> None:
    coverage = covered(tmp_path, THREE + LEFT_OUT.format(number="F002"), "F001", "F001, F003")

    page = render_coverage(coverage, "Examplitis")

    assert "| F001 | example-2024:1.1 (read), example-2024:1.2 (read) |" in page
    assert "| F002 | left out |" in page
    assert "- F002: Not about examplitis." in page
    assert "| Facts | 3 | 2 | 1 | 0 |" in page


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("[[series", "not valid TOML"),
        ('[[series]]\ntitle = "Facts"\n', "missing or misspelt"),
        (THREE + '[[left_out]]\nnumber = "F001"\n', "missing or misspelt: 'reason'"),
    ],
)
def test_a_dossier_that_can_not_be_read_says_why(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(LibraryError, match=sentence):
        a_dossier(tmp_path, text)


def test_a_library_without_a_dossier_says_which_file_is_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = a_library_with(tmp_path, "F001")

    assert main([str(library.folder)], docs=tmp_path) == 1
    assert FILE in capsys.readouterr().err


def test_the_command_writes_both_pages_and_fails_on_a_missing_number(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    library = a_library_with(tmp_path, "F001, F002")
    (library.folder / FILE).write_text(THREE, encoding="utf-8")

    status = main([str(library.folder)], docs=tmp_path)

    assert status == 1
    assert "F003 stands in no statement" in capsys.readouterr().err
    assert {p.name for p in tmp_path.glob("*.md")} == {"library-coverage.md", "library.md"}


def test_the_coverage_page_is_up_to_date() -> None:
    page = (DOCS / "library-coverage.md").read_text(encoding="utf-8")

    assert page == render_coverage(bundled(), load_library().vocabulary.title), (
        "Run: python -m corpus.coverage"
    )
