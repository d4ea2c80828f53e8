"""Questions made from the installed library."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.load import load_cases
from eval.model import Outcome
from eval.new import AT_MOST, UNKNOWN, main, questions
from tests.builders import a_library, a_statement

DOSE = {"drugs": "dexamethasone", "role": "dose"}


def of(section: str, entries: list[dict[str, object]]) -> list[dict[str, object]]:
    return [entry for entry in entries if entry["section"] == section]


def test_each_kind_of_question_names_what_answers_it(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        "# First treatment\n\n"
        + a_statement("1", "Examplitis: dexamethasone 10 mg/m² daily.", **DOSE),
        a_statement("2", "Examplitis: dexamethasone 6 mg daily.", **DOSE),
        a_statement("3", "Examplitis: watch the blood pressure."),
    )

    made = [dict(entry) for entry in questions(library)]

    (dose,) = of("dose", made)
    assert dose["question"] == "Which dose of dexamethasone is given in examplitis?"
    assert dose["key_facts"] == dose["vital"] == ["example-2024:1|example-2024:2"]
    (section,) = of("section", made)
    assert str(section["question"]).endswith("say about First treatment?")
    assert section["key_facts"] == ["example-2024:1", "example-2024:2", "example-2024:3"]
    unknown = of("unanswerable", made)
    assert len(unknown) == UNKNOWN
    assert not any("dexamethasone" in str(entry["question"]) for entry in unknown)
    assert {entry["expect"] for entry in unknown} == {"declined"}
    assert {entry["split"] for entry in unknown} == {"dev", "test"}


def test_a_section_of_many_statements_is_no_question(tmp_path: Path) -> None:
    few = [a_statement(str(n), f"Examplitis: measure {n}.") for n in range(1, AT_MOST + 1)]
    more = a_statement(str(AT_MOST + 1), "Examplitis: one more measure.")
    heading = "# First treatment\n\n"

    asked = questions(a_library(tmp_path / "few", heading, *few))
    unasked = questions(a_library(tmp_path / "many", heading, *few, more))

    assert len(of("section", [dict(entry) for entry in asked])) == 1
    assert of("section", [dict(entry) for entry in unasked]) == []


def test_the_questions_of_the_bundled_library_are_a_question_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "new" / "own.jsonl"

    assert main([str(out)], {}) == 0
    cases = load_cases((out,))

    assert f"{len(cases)} questions are in {out}." in capsys.readouterr().out
    assert {case.section for case in cases} == {"section", "dose", "disagreement", "unanswerable"}
    differing = [case for case in cases if case.section == "disagreement"]
    assert differing
    assert all(case.both_sides for case in differing)
    unknown = [case for case in cases if case.section == "unanswerable"]
    assert {case.expect for case in unknown} == {(Outcome.DECLINED,)}


def test_a_file_that_exists_is_not_written_over(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "own.jsonl"
    out.write_text("mine", encoding="utf-8")

    assert main([str(out)], {}) == 1
    assert out.read_text(encoding="utf-8") == "mine"
    assert "exists. Name a new file" in capsys.readouterr().err
