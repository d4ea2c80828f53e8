"""What may vouch for a dose that someone wants to give."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.orders import LibraryChecker
from corpus.library import load_library
from tests.builders import HEADER, a_library, a_statement, write_library

ORDER = "dexamethasone 300 mg/m² twice weekly"
TEXT = "Examplitis: dexamethasone 150–300 mg/m² twice weekly."


def state(folder: Path, **fields: str) -> str:
    """The state of the order against a library whose only statement gives this dose."""
    library = a_library(folder, a_statement("1", TEXT, drugs="dexamethasone", **fields))
    return LibraryChecker(library).check(ORDER).state


@pytest.mark.parametrize("role", ["dose", "recommendation", "dose-adjustment"])
def test_advice_vouches_for_an_order(tmp_path: Path, role: str) -> None:
    assert state(tmp_path, role=role) == "WITHIN_RANGE"


@pytest.mark.parametrize("role", ["warning", "evidence", "definition"])
def test_a_dose_that_a_warning_or_a_study_names_vouches_for_no_order(
    tmp_path: Path, role: str
) -> None:
    assert state(tmp_path, role=role) == "UNKNOWN_DRUG"


def test_a_summary_alone_vouches_for_no_order(tmp_path: Path) -> None:
    header = HEADER.replace('"guideline"', '"summary"')
    body = a_statement("1", TEXT, drugs="dexamethasone", role="dose")
    write_library(tmp_path, {"example-2024.md": header + body})

    assert LibraryChecker(load_library(tmp_path)).check(ORDER).state == "UNKNOWN_DRUG"
