"""The text format: what it reads, and the sentence that each mistake gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import Role, SourceRef, Verification
from corpus.split import split
from tests.builders import HEADER, STATEMENT, a_statement, parsed


def test_a_sound_document_is_read_with_headings_sources_and_facets() -> None:
    body = "# Treatment\n\n## Severe\n\n" + a_statement(
        "1.1",
        "Adults: dexamethasone 10 mg/m² once daily.",
        source="Author2024; Author2024 via Reprint2025",
        verified="second-hand",
        role="dose",
        drugs="dexamethasone",
        population="adult",
        line="first, salvage",
        facts="F001, F002",
        core="yes",
    )

    document = parsed(body).document

    assert document is not None
    (statement,) = document.statements
    assert statement.heading == ("Treatment", "Severe")
    assert statement.sources == (
        SourceRef("Author2024"),
        SourceRef("Author2024", "Reprint2025"),
    )
    assert statement.verification is Verification.SECOND_HAND
    assert statement.role is Role.DOSE
    assert statement.facets.population == ("adult",)
    assert statement.facets.line == ("first", "salvage")
    assert statement.facts == ("F001", "F002")
    assert statement.core


def test_a_heading_of_the_same_level_ends_the_one_before() -> None:
    body = "# A\n\n## B\n\n" + STATEMENT + "\n# C\n\n" + STATEMENT.replace("[1.1]", "[2.1]")

    document = parsed(body).document

    assert document is not None
    assert [s.heading for s in document.statements] == [("A", "B"), ("C",)]


@given(
    texts=st.lists(
        st.text(
            st.characters(blacklist_categories=("Cc", "Cs", "Zl", "Zp", "Zs")),
            min_size=1,
            max_size=30,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_every_passage_is_a_verbatim_slice_of_its_document(texts: list[str]) -> None:
    body = "\n".join(a_statement(f"1.{i}", f"x{text}") for i, text in enumerate(texts))

    document = parsed(body).document

    assert document is not None
    passages = list(split(document))
    assert [p.text for p in passages] == [f"x{text}" for text in texts]
    assert all(document.text[p.span.start : p.span.end] == p.text for p in passages)


@pytest.mark.parametrize(
    ("header", "body", "message"),
    [
        ("", STATEMENT, "The document has no header"),
        (HEADER.replace("year = 2024\n", ""), STATEMENT, "The header has no 'year'"),
        (HEADER.replace('"guideline"', '"folder"'), STATEMENT, "Unknown kind 'folder'"),
        (HEADER.replace("2024\nkind", '"soon"\nkind'), STATEMENT, "The year is not a number"),
        (HEADER.replace("title =", "title ="[:3]), STATEMENT, "The header can't be read"),
        (HEADER.replace("+++\n\n", 'colour = "red"\n+++\n\n'), STATEMENT, "entry 'colour'"),
        (HEADER, "", "The document has no statement"),
        (HEADER, STATEMENT + "\n" + STATEMENT, "Statement number 1.1 stands twice"),
        (HEADER, a_statement("1", "Text.", source="Nobody1900"), "unknown source 'Nobody1900'"),
        (HEADER, STATEMENT.replace("  source: Author2024\n", ""), "has no source"),
        (HEADER, STATEMENT.replace("  role: dose\n", ""), "has no role"),
        (HEADER, a_statement("1", "Text.", drugs="unobtainium"), "unknown drug 'unobtainium'"),
        (HEADER, a_statement("1", "Text.", topic="gossip"), "unknown topic 'gossip'"),
        (HEADER, a_statement("1", "Text.", line="third"), "has an unknown line 'third'"),
        (HEADER, a_statement("1", "Text.", colour="red"), "Unknown field 'colour'"),
        (HEADER, a_statement("1", "Text.", facts=""), "'facts' is empty"),
        (HEADER, a_statement("1", "word " * 61), "more than 60 words"),
        (HEADER, a_statement("1", "Text.", core="perhaps"), "'core: perhaps'"),
        (HEADER, STATEMENT + "loose words\n", "neither a heading nor a statement"),
        (
            HEADER,
            a_statement("1", "Give dexamethasone 10 mg/m² daily.", verified="background"),
            "gives a dose that was read in no source",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place_and_its_remedy(
    header: str, body: str, message: str
) -> None:
    result = parsed(body, header)

    assert result.document is None
    assert any(message in problem.what for problem in result.problems), result.problems
    assert all(p.path == "example-2024.md" and p.line > 0 for p in result.problems)
    assert all(p.remedy.endswith(".") for p in result.problems)


def test_all_mistakes_are_named_in_one_run() -> None:
    body = a_statement("1", "Text.", topic="gossip") + "\n" + a_statement("2", "Text.", role="x")

    problems = parsed(body).problems

    assert [p.line for p in problems] == [12, 18]


def test_a_laboratory_value_in_background_knowledge_is_no_dose() -> None:
    body = a_statement("1", "Fibrinogen below 150 mg/dL is common.", verified="background")

    assert parsed(body).problems == ()


@given(st.text(max_size=300))
def test_no_text_makes_the_parser_raise(text: str) -> None:
    parsed(text)
    parsed(text, header="")
