"""Checks of writing: each kind of mistake, with the exact sentence that it gets."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.checks import check_documents
from corpus.drugs import load_drugs
from corpus.library import load_library
from corpus.model import Document
from corpus.vocabulary import Term, Vocabulary, load_vocabulary
from tests.builders import HEADER, LIBRARY_TOML, a_statement, a_vocabulary, parsed

DRUGS = "dexamethasone"


def checked(text: str, drugs: str = DRUGS, **fields: str) -> list[str]:
    """What the checks say of one statement, "what remedy", without its place."""
    document = a_document(a_statement("1.1", text, drugs=drugs, **fields))
    problems = check_documents([document], load_drugs(), a_plain_vocabulary())
    assert all(p.path == "example-2024.md" and p.line == 12 for p in problems)
    return [f"{p.what} {p.remedy}" for p in problems]


def a_document(*statements: str, document_id: str = "example-2024") -> Document:
    document = parsed("\n".join(statements), HEADER.replace("example-2024", document_id)).document
    assert document is not None
    return document


def a_plain_vocabulary(*terms: Term, plain_names: tuple[str, ...] = ()) -> Vocabulary:
    """The vocabulary of the tests with only these disagreements."""
    plain = a_vocabulary()
    disagreements = {term.id: term for term in terms}
    return replace(
        plain, terms={**plain.terms, "disagreement": disagreements}, plain_names=plain_names
    )


def a_disagreement(**changes: object) -> Term:
    term = Term(
        id="which-dose",
        title="Which dose",
        question="Which dose is given?",
        differs=("population",),
        line=21,
    )
    return replace(term, **changes)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "Give dexamethasone 10 daily.",
            "Statement 1.1 has a number without a unit: '10' in 'dexamethasone 10 daily.'. "
            "Add its unit, or the word that says what it is ('3 doses', 'day 3', 'grade 3').",
        ),
        (
            "Dexamethasone .5 mg daily.",
            "Statement 1.1 writes '.5' without a zero before the point. "
            "Write '0.5': a point at the beginning is easily overlooked.",
        ),
        (
            "Dexamethasone 5.0 mg daily.",
            "Statement 1.1 writes an amount with a trailing zero: '5.0 mg'. "
            "Write '5': read without its point, it is ten times the dose.",
        ),
        (
            "Dexamethasone 5mg daily.",
            "Statement 1.1 has no space between number and unit: '5mg'. Put a space between them.",
        ),
        (
            "Dexamethasone 5-10 mg daily.",
            "Statement 1.1 writes a range with a hyphen: '5-10'. Write '5–10' with an en dash.",
        ),
        (
            "Dexamethasone 400 mcg daily.",
            "Statement 1.1 uses the error-prone abbreviation 'mcg'. Write µg.",
        ),
        (
            "Dexamethasone 400 ug daily.",
            "Statement 1.1 uses the error-prone abbreviation 'ug'. Write µg.",
        ),
        (
            "Dexamethasone 4 mg QD.",
            "Statement 1.1 uses the error-prone abbreviation 'QD'. Write daily.",
        ),
        (
            "Dexamethasone 4 mg QOD.",
            "Statement 1.1 uses the error-prone abbreviation 'QOD'. Write every other day.",
        ),
        (
            "Dexamethasone 4 mg IT.",
            "Statement 1.1 uses the error-prone abbreviation 'IT'. Write intrathecal.",
        ),
    ],
)
def test_each_slip_of_writing_gets_its_sentence(text: str, message: str) -> None:
    assert message in checked(text)


def test_an_abbreviation_of_two_drugs_names_both() -> None:
    found = checked("Give MP 40 mg, AZA 50 mg, CTX 500 mg and MS 1 g daily.")

    assert found[:4] == [
        "Statement 1.1 uses the abbreviation 'MP', which can mean methylprednisolone or "
        "mercaptopurine. Write the name in full.",
        "Statement 1.1 uses the abbreviation 'AZA', which can mean azacitidine or "
        "azathioprine. Write the name in full.",
        "Statement 1.1 uses the abbreviation 'CTX', which can mean cyclophosphamide or "
        "ceftriaxone or cetuximab. Write the name in full.",
        "Statement 1.1 uses the abbreviation 'MS', which can mean morphine or magnesium "
        "sulfate. Write the name in full.",
    ]


def test_a_letter_for_units_is_named() -> None:
    assert checked("Heparin 5000 U daily.", drugs="heparin") == [
        "Statement 1.1 has a number without a unit: '5000' in 'Heparin 5000 U daily.'. Add its "
        "unit, or the word that says what it is ('3 doses', 'day 3', 'grade 3').",
        "Statement 1.1 abbreviates units: '5000 U'. Write 'units' or 'international units': a U "
        "is read as a zero.",
    ]


def test_a_drug_that_the_drugs_line_leaves_out_is_named() -> None:
    assert checked("Give dexamethasone or prednisolone 40 mg daily.") == [
        "Statement 1.1 names prednisolone, which is not in its 'drugs:' line. "
        "Add 'prednisolone' to the line '  drugs: ...' below it."
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Dexamethasone 0.5–10 mg/m² by mouth once daily on days 1–5 (maximum 1,000 mg).",
        "Dexamethasone at triglycerides 3.0 mmol/L, sCD25 2,400 U/mL and AST 30 U/L.",
        "The ruxolitinib trial gives dexamethasone 5 mg/m² twice daily.",
        "Dexamethasone beside other drugs (ciclosporin and others) in 27.0% of patients.",
        "Dexamethasone since 2024-06-01, after HLH-94 and at 1.73 m².",
    ],
)
def test_sound_writing_passes(text: str) -> None:
    assert checked(text) == []


def test_a_component_of_a_listed_combination_need_not_be_listed() -> None:
    text = "Give trimethoprim 320 mg with sulfamethoxazole 1,600 mg daily."

    assert checked(text, drugs="trimethoprim-sulfamethoxazole") == []


def test_a_plain_name_of_the_library_is_no_abbreviation() -> None:
    document = a_document(a_statement("1.1", "The MS score is -2.1 or more."))
    vocabulary = a_plain_vocabulary(plain_names=("MS score",))

    assert check_documents([document], load_drugs(), vocabulary) == ()
    assert check_documents([document], load_drugs(), a_plain_vocabulary()) != ()


def test_all_slips_of_all_statements_are_named_in_one_run() -> None:
    document = a_document(
        a_statement("1.1", "Dexamethasone 5.0mg QD.", drugs=DRUGS),
        a_statement("1.2", "Prednisolone 10 daily.", drugs=DRUGS),
    )

    problems = check_documents([document], load_drugs(), a_plain_vocabulary())

    assert [(p.line, p.what[:13]) for p in problems] == [
        (12, "Statement 1.1"),
        (12, "Statement 1.1"),
        (12, "Statement 1.1"),
        (19, "Statement 1.2"),
        (19, "Statement 1.2"),
    ]


@pytest.mark.parametrize(
    ("term", "message"),
    [
        (
            a_disagreement(differs=("mood",)),
            "Disagreement 'which-dose' differs in 'mood', which is unknown. Use one of: "
            "population, edition, indication, phase, basis, true conflict.",
        ),
        (
            a_disagreement(differs=()),
            "Disagreement 'which-dose' does not say what differs. Add a line: differs = [...].",
        ),
        (
            a_disagreement(question=""),
            "Disagreement 'which-dose' has no question. Add a line: question = \"...?\".",
        ),
        (
            a_disagreement(),
            "Disagreement 'which-dose' is linked by statements of one document only. Link the "
            "other position with 'disagreement: which-dose', or mark the statement that names "
            "both with 'compares: yes'.",
        ),
    ],
)
def test_a_disagreement_that_is_not_complete_is_named(term: Term, message: str) -> None:
    document = a_document(a_statement("1.1", "One dose.", disagreement="which-dose"))

    problems = check_documents([document], load_drugs(), a_plain_vocabulary(term))

    assert message in [f"{p.what} {p.remedy}" for p in problems]
    assert {(p.path, p.line) for p in problems} == {("library.toml", 21)}


def test_a_disagreement_of_two_documents_or_of_one_comparison_is_complete() -> None:
    one = a_document(a_statement("1.1", "One dose.", disagreement="which-dose"))
    other = a_document(
        a_statement("1.1", "Another dose.", disagreement="which-dose"), document_id="other-2024"
    )
    comparing = a_document(
        a_statement("1.1", "Both doses.", disagreement="which-dose", compares="yes")
    )
    vocabulary = a_plain_vocabulary(a_disagreement())

    assert check_documents([one, other], load_drugs(), vocabulary) == ()
    assert check_documents([comparing], load_drugs(), vocabulary) == ()


def test_the_line_of_a_disagreement_is_read_from_the_file(tmp_path: Path) -> None:
    path = tmp_path / "library.toml"
    path.write_text(LIBRARY_TOML, encoding="utf-8")

    term = load_vocabulary(path).term("disagreement", "which-dose")

    assert LIBRARY_TOML.splitlines()[term.line - 1] == "[[disagreement]]"


@pytest.mark.parametrize(
    ("companion", "message"),
    [
        (
            "example-2024:9.9",
            "Statement 1.1 names an unknown companion 'example-2024:9.9'. Name a statement as "
            "'document-id:1.2', with an id that exists.",
        ),
        (
            "example-2024:1.1",
            "Statement 1.1 names itself as its companion. "
            "Remove it from the line '  companions: ...'.",
        ),
    ],
)
def test_a_companion_that_is_not_there_is_named(companion: str, message: str) -> None:
    assert checked("Text.", companions=companion) == [message]


def test_every_disagreement_of_the_bundled_library_is_linked() -> None:
    library = load_library()

    linked = {p.statement.disagreement for p in library.passages.values()}

    assert set(library.vocabulary.terms["disagreement"]) <= linked


def test_the_bundled_library_is_written_soundly_and_checked_within_two_seconds() -> None:
    library = load_library()
    start = time.perf_counter()

    problems = check_documents(library.documents.values(), library.drugs, library.vocabulary)

    took_s = time.perf_counter() - start
    print(f"{len(library.passages)} statements checked in {took_s:.2f} s")
    assert problems == ()
    assert took_s < 2


@given(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Zs")), max_size=120))
def test_no_text_makes_the_checks_raise(text: str) -> None:
    document = a_document(a_statement("1.1", f"x{text}"))

    check_documents([document], load_drugs(), a_plain_vocabulary())
