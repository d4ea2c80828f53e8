"""The page about a library: what it holds, how far it was checked, what it does not answer."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.coverage import DOCS
from corpus.library import load_library
from corpus.overview import dosed_drugs, drug_uses, render_overview
from tests.builders import a_library, a_statement, first_passage

FIXTURES = Path(__file__).parents[2] / "fixtures"


def test_the_library_page_is_up_to_date() -> None:
    page = (DOCS / "library.md").read_text(encoding="utf-8")

    assert page == render_overview(load_library()), "Run: python -m corpus.coverage"


def test_the_map_counts_a_statement_under_each_of_its_populations(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_statement("1.1", "Adults and children with examplitis rest.", population="adult, child"),
        a_statement("1.2", "Adults with examplitis rest.", population="adult"),
        a_statement("1.3", "Examplitis passes."),
    )

    page = render_overview(library)

    assert "| topic | adult | child | Any |" in page
    assert "| Treatment | 2 | 1 | 1 |" in page


def test_the_page_counts_the_statements_that_say_their_line_of_treatment(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_statement("1.1", "First rest, and rest again if that fails.", line="first, salvage"),
        a_statement("1.2", "First rest.", line="first"),
        a_statement("1.3", "Examplitis passes."),
    )

    page = render_overview(library)

    assert "| topic | First line | Salvage |\n|---|--:|--:|\n| Treatment | 2 | 1 |\n\n" in page


def test_a_library_without_lines_of_treatment_has_no_table_of_them() -> None:
    page = render_overview(load_library(FIXTURES / "library-sickle-cell"))

    assert "line of treatment" not in page
    assert "\n\n\n" not in page


def test_a_topic_that_nobody_speaks_of_is_named_as_a_gap(tmp_path: Path) -> None:
    library = a_library(
        tmp_path, a_statement("1.1", "Adults with examplitis rest.", population="adult")
    )

    page = render_overview(library)

    assert "| Monitoring |  |  |  |" in page
    assert "- adult: nothing on **Monitoring**." in page
    assert "- child: nothing on any topic." in page


def test_the_page_gives_the_share_of_each_verification_and_the_review_state(
    tmp_path: Path,
) -> None:
    library = a_library(
        tmp_path,
        a_statement("1.1", "Examplitis passes."),
        a_statement("1.2", "Examplitis may stay.", verified="background"),
    )

    page = render_overview(library)

    assert "| Treatment | 2 | 1 (50%) |  | 1 (50%) |" in page
    assert "- submitted: 1 of 1 documents" in page
    assert "No document has been approved by a clinician." in page


@pytest.mark.parametrize(
    ("text", "drugs", "dosed"),
    [
        ("Give dexamethasone 10 mg/m² daily.", "dexamethasone", {"dexamethasone"}),
        ("Give 10 mg daily.", "dexamethasone", {"dexamethasone"}),
        ("With fluconazole give etoposide 5 mg.", "fluconazole, etoposide", {"etoposide"}),
        (
            "Give prednisolone or prednisone 100 mg.",
            "prednisolone, prednisone",
            {"prednisolone", "prednisone"},
        ),
        ("Give dexamethasone to a trough of 200 mg/L.", "dexamethasone", set()),
        ("Give dexamethasone early.", "dexamethasone", set()),
    ],
)
def test_an_amount_belongs_to_the_drug_before_it(
    tmp_path: Path, text: str, drugs: str, dosed: set[str]
) -> None:
    library = a_library(tmp_path, a_statement("1.1", text, role="dose", drugs=drugs))

    assert dosed_drugs(first_passage(library), library.drugs) == dosed


def test_a_drug_named_without_a_dose_statement_is_listed_apart(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_statement("1.1", "Give dexamethasone 10 mg.", role="dose", drugs="dexamethasone"),
        a_statement("1.2", "Etoposide 150 mg has been tried.", role="evidence", drugs="etoposide"),
    )

    uses = drug_uses(library.passages.values(), library.drugs)

    assert [(use.drug_id, use.statements, use.doses) for use in uses] == [
        ("dexamethasone", 1, 1),
        ("etoposide", 1, 0),
    ]
    assert "Named without a dose statement: etoposide." in render_overview(library)
