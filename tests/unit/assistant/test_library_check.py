"""Candidates of disagreement: found, linked or explained, and explanations kept fresh."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.library_check import (
    Checked,
    check_candidates,
    find_candidates,
    load_explained,
    render_candidates,
)
from corpus.library import load_library
from tests.builders import HEADER, a_statement, write_library

PAIR = ["example-2024:1.1", "other-2024:1.1"]


def two_documents(folder: Path, first: str, second: str) -> Path:
    """A library of two documents with one statement each."""
    return write_library(
        folder,
        {
            "example-2024.md": HEADER + first,
            "other-2024.md": HEADER.replace("example-2024", "other-2024") + second,
        },
    )


def a_dose(text: str, source: str = "Author2024", **fields: str) -> str:
    fields = {"role": "dose", "drugs": "etoposide", "source": source, **fields}
    return a_statement("1.1", text, **fields)


def one(**fields: str) -> str:
    return a_dose("Etoposide 150 mg/m² IV twice weekly.", **fields)


def other(text: str = "Etoposide 100 mg/m² IV once weekly.", **fields: str) -> str:
    return a_dose(text, source="Reprint2025", **fields)


def explain(folder: Path, *entries: str) -> None:
    (folder / "explained.toml").write_text("\n".join(entries), encoding="utf-8")


def an_entry(first: str = PAIR[0], second: str = PAIR[1], why: str = "Other disease.") -> str:
    return f'[[pair]]\nstatements = ["{first}", "{second}"]\nwhy = "{why}"\n'


def test_different_doses_of_two_sources_are_a_candidate(tmp_path: Path) -> None:
    library = load_library(two_documents(tmp_path, one(), other()))

    (candidate,) = find_candidates(library)

    assert candidate.ids == set(PAIR)
    assert (candidate.drug, candidate.doses) == ("etoposide", ("150 mg/m²", "100 mg/m²"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (one(), other("Etoposide 0.15 g/m² IV twice weekly.")),  # the same amount
        (one(), other("Etoposide 150 mg/m² IV 2 times weekly.")),
        (one(disagreement="which-dose"), other(disagreement="which-dose")),
        (one(population="adult"), other(population="child")),
        (one(topic="treatment"), other(topic="monitoring")),
        (one(), other("Etoposide 100 mg/m² by mouth once weekly.")),
        (one(), other("Etoposide 100 mg/m² IV once weekly.", role="evidence")),
        (one(), other("Anakinra 100 mg SC once daily.", drugs="anakinra")),
        (one(), a_dose("Etoposide 100 mg/m² IV once weekly.")),  # one source
        (
            a_dose("Etoposide 150 mg/m² IV once weekly in weeks 1–2."),
            other("Etoposide 100 mg/m² IV once weekly in weeks 3–8."),
        ),
    ],
)
def test_doses_that_do_not_compete_are_no_candidate(
    tmp_path: Path, first: str, second: str
) -> None:
    library = load_library(two_documents(tmp_path, first, second))

    assert find_candidates(library) == ()


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (one(population="adult"), other()),  # an open population is everyone
        (one(), other("Etoposide 4 mg/kg IV twice weekly.")),  # another basis
        (one(), other("Etoposide 150 mg/m² IV once weekly.")),  # another frequency
        (
            a_dose("Etoposide 150 mg/m² IV once weekly in weeks 1–2."),
            other("Etoposide 100 mg/m² IV once weekly in weeks 2–8."),
        ),
    ],
)
def test_doses_that_may_compete_are_a_candidate(tmp_path: Path, first: str, second: str) -> None:
    library = load_library(two_documents(tmp_path, first, second))

    assert len(find_candidates(library)) == 1


def test_an_explained_pair_is_settled(tmp_path: Path) -> None:
    folder = two_documents(tmp_path, one(), other())
    explain(folder, an_entry(*reversed(PAIR)))

    checked = check_candidates(load_library(folder))

    assert checked.is_settled
    assert render_candidates(checked) == (
        "1 pairs of statements with different doses, 1 explained, 0 not; "
        "0 problems in explained.toml."
    )


def test_a_pair_without_explanation_is_printed_with_what_to_do(tmp_path: Path) -> None:
    checked = check_candidates(load_library(two_documents(tmp_path, one(), other())))

    text = render_candidates(checked)

    assert not checked.is_settled
    assert "etoposide: example-2024:1.1 (150 mg/m²) and other-2024:1.1 (100 mg/m²)" in text
    assert "give both statements the same 'disagreement:'" in text


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (
            an_entry(second="other-2024:9.9"),
            "explained.toml:1: The entry names an unknown statement 'other-2024:9.9'. "
            "Correct the id, or remove the entry.",
        ),
        (
            an_entry(second="example-2024:1.2"),
            "explained.toml:1: example-2024:1.1 and example-2024:1.2 are no longer a candidate. "
            "Remove the entry.",
        ),
        (
            an_entry(why=" "),
            'explained.toml:1: The entry does not say why. Add a line: why = "...".',
        ),
        (
            '[[pair]]\nstatements = ["example-2024:1.1"]\nwhy = "x"\n',
            "explained.toml:1: The entry does not name two different statements. "
            'Write: statements = ["document-id:1.2", "other-id:2.1"].',
        ),
        (
            an_entry() + an_entry(),
            "explained.toml:4: The pair example-2024:1.1 and other-2024:1.1 is explained twice. "
            "Keep one of them.",
        ),
    ],
)
def test_an_entry_that_can_not_stand_is_named(tmp_path: Path, entry: str, message: str) -> None:
    folder = two_documents(
        tmp_path, one() + "\n" + a_statement("1.2", "Another statement."), other()
    )
    explain(folder, entry)

    checked = check_candidates(load_library(folder))

    assert message in [str(problem) for problem in checked.problems]


def test_a_file_that_is_not_toml_is_named(tmp_path: Path) -> None:
    explain(tmp_path, "[[pair")

    explained, (problem,) = load_explained(tmp_path)

    assert explained == ()
    assert problem.what.startswith("The file is not valid TOML")


def test_the_command_fails_on_an_unexplained_pair_and_passes_once_it_is_explained(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = two_documents(tmp_path, one(), other())
    environ = {"GUIDELINE_LIBRARY": str(folder)}

    assert main(["library"], environ) == 1
    assert "0 explained, 1 not" in capsys.readouterr().out
    explain(folder, an_entry())
    assert main(["library"], environ) == 0


def test_the_bundled_library_has_no_unexplained_candidate() -> None:
    checked = check_candidates(load_library())

    assert isinstance(checked, Checked)
    assert checked.is_settled, render_candidates(checked)
