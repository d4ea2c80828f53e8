"""Question files: what a good line holds, and that a bad one is named with its remedy."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.model import Outcome
from eval.errors import CaseFilesError
from eval.load import default_files, load_cases, parse_cases

LINE: dict[str, Any] = {
    "id": "A1",
    "section": "single-fact",
    "question": "dose of examplol?",
    "key_facts": ["F001"],
    "expect": "answered",
    "provenance": "written for this test",
}


def a_line(**changes: Any) -> str:
    """One line of a question file; None takes an entry out."""
    return json.dumps({k: v for k, v in {**LINE, **changes}.items() if v is not None})


def problems(text: str) -> list[str]:
    return [str(problem) for problem in parse_cases(text, "own.jsonl")[1]]


def test_a_whole_line_becomes_a_case() -> None:
    text = a_line(
        history=["first turn"],
        patient={"age_years": 68, "sex": "male", "creatinine": "1.9 mg/dL"},
        key_facts=["F001", "hscore:1.1"],
        both_sides=["F001"],
        expect=["answered", "limited"],
        must_not=["300 mg"],
        split="dev",
    )

    ((case,), found) = parse_cases(text, "own.jsonl")

    assert not found
    assert case.question.history == ("first turn",)
    assert case.question.patient.age_years == 68
    assert case.question.patient.creatinine == "1.9 mg/dL"
    assert case.expect == (Outcome.ANSWERED, Outcome.LIMITED)
    assert (case.file, case.line, case.group) == ("own.jsonl", 1, "dev")


def test_a_question_to_decline_needs_no_key_fact() -> None:
    cases, found = parse_cases(a_line(key_facts=None, expect="declined"), "own.jsonl")

    assert not found
    assert cases[0].expect == (Outcome.DECLINED,)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "The line is not JSON"),
        ('{"id": "A", "id": "B"}', "'id' stands twice"),
        ("[1]", "The line is not a JSON object. Write it as {...}."),
        (a_line(question=None), "The line has no 'question'. Add \"question\": ...."),
        (a_line(question="  "), "'question' is \"  \". Write a text that is not empty."),
        (a_line(keyfacts=[]), "Unknown entry 'keyfacts'. Use one of: id, section"),
        (a_line(id="A 1"), "'A 1' is no id."),
        (a_line(section="Single fact"), "'Single fact' is no section."),
        (a_line(expect="maybe"), "'expect' is \"maybe\". Use one of answered, limited, declined"),
        (a_line(expect=[]), "'expect' is []."),
        (a_line(key_facts=None), 'names no key fact. Add "key_facts"'),
        (a_line(key_facts="F001"), "'key_facts' is not a list of texts."),
        (a_line(key_facts=["F001", "F001"]), "'key_facts' names something twice."),
        (a_line(both_sides=["F002"]), "'both_sides' names F002, which is no key fact."),
        (a_line(vital=["F002"]), "'vital' names F002, which is no key fact."),
        (a_line(refusal="tired"), "'refusal' is \"tired\". Use one of not-in-library"),
        (a_line(full=3), "'full' is not a text."),
        (a_line(must_not=["("]), "The pattern '(' can't be read"),
        (a_line(must_not=["x*"]), "The pattern 'x*' matches any text."),
        (a_line(split="train"), "'split' is \"train\". Write 'dev' or 'test'"),
        (a_line(patient={"weight": 70}), "Unknown patient value 'weight'."),
        (a_line(patient={"weight_kg": -1}), "not '-1'"),
        (a_line(patient={"weight_kg": "70"}), "The patient can't be used"),
        (a_line(patient={"weight_kg": float("nan")}), "not 'nan'"),
        (a_line(patient={"weight_kg": 10**400}), "from 0 to 1,000,000"),
        (a_line(question="\ud800"), "half a character"),
        ("\n", "The file holds no question."),
    ],
)
def test_a_bad_line_is_named_with_its_problem_and_remedy(line: str, said: str) -> None:
    found = problems(line)

    assert any(said in problem for problem in found)
    assert all(problem.startswith("own.jsonl:1: ") for problem in found)


def test_every_mistake_of_every_file_is_listed_at_once(tmp_path: Path) -> None:
    (tmp_path / "one.jsonl").write_text(a_line() + "\n\n" + a_line(id="A2", expect="no") + "\n")
    (tmp_path / "two.jsonl").write_text("oops\n" + a_line(question="other?") + "\n")

    with pytest.raises(CaseFilesError) as raised:
        load_cases([tmp_path / "one.jsonl", tmp_path / "two.jsonl", tmp_path / "none.jsonl"])

    said = str(raised.value)
    assert said.startswith("The question files have 4 problems:")
    assert "one.jsonl:3: 'expect'" in said
    assert "two.jsonl:1: The line is not JSON" in said
    assert "two.jsonl:2: The id 'A1' is already used (one.jsonl:1)." in said
    assert "none.jsonl:1: The file can't be read" in said


def test_the_same_question_twice_is_a_mistake(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text(a_line() + "\n" + a_line(id="A2") + "\n")

    with pytest.raises(CaseFilesError, match=r"own\.jsonl:2: The question is the same as A1"):
        load_cases([path])


def test_two_files_of_one_name_are_a_mistake(tmp_path: Path) -> None:
    for folder, id_ in (("a", "A1"), ("b", "B1")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "own.jsonl").write_text(a_line(id=id_, question=id_) + "\n")

    with pytest.raises(CaseFilesError, match="Two files have this name"):
        load_cases([tmp_path / "a" / "own.jsonl", tmp_path / "b" / "own.jsonl"])


def test_a_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.jsonl"
    path.write_bytes(b"\xff\xfe")

    with pytest.raises(CaseFilesError, match="not UTF-8 text"):
        load_cases([path])


@given(text=st.text(max_size=200))
def test_no_text_makes_the_linter_fall_over(text: str) -> None:
    cases, found = parse_cases(text, "own.jsonl")

    assert found or cases or not text.strip()


def test_the_bundled_questions_have_no_mistake() -> None:
    cases = load_cases(default_files())

    files = {case.file for case in cases}
    clinicians = [case for case in cases if case.file == "clinician-questions.jsonl"]
    outside = [case for case in cases if case.file == "outside.jsonl"]
    assert files == {
        "clinician-questions.jsonl",
        "outside.jsonl",
        "outside-dev.jsonl",
        "outside-test.jsonl",
        "premise-dev.jsonl",
        "premise-right-dev.jsonl",
        "premise-right-test.jsonl",
        "premise-test.jsonl",
        "paraphrases.jsonl",
        "single-dev.jsonl",
        "single-test.jsonl",
        "hard-dev.jsonl",
        "hard-test.jsonl",
        "wide-dev.jsonl",
        "wide-test.jsonl",
        "refuse-dev.jsonl",
        "refuse-test.jsonl",
        "follow-dev.jsonl",
        "follow-test.jsonl",
        "parts-dev.jsonl",
    }
    assert [case.id for case in clinicians] == [f"Q{n:02d}" for n in range(1, 61)]
    assert all(case.expect == (Outcome.DECLINED,) for case in outside)
    assert sum(case.section == "near-miss" for case in outside) == 8
    assert all(case.provenance for case in cases)
