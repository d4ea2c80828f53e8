"""Answers of another system: read, matched with the library, judged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from corpus.library import Library
from eval.errors import DataError
from eval.foreign import ForeignJudge, main, read_answers
from eval.judge import Judge
from eval.matching import Matcher
from eval.model import Case, Fate, Observed, Outcome, Question, RefusalClass, Said
from eval.runner import texts_on_disk
from tests.builders import a_library, a_statement

DOSE = "Examplitis in adults: dexamethasone 10 mg/m² once daily for 2 weeks."
OTHER = "Examplitis: watch the blood pressure weekly during dexamethasone."


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return a_library(tmp_path, a_statement("1", DOSE), a_statement("2", OTHER))


def a_case() -> Case:
    return Case(
        id="Q1",
        section="dose",
        question=Question(text="dexamethasone dose in examplitis"),
        expect=(Outcome.ANSWERED,),
        provenance="invented",
        key_facts=("example-2024:1", "example-2024:2"),
        vital=("example-2024:1",),
        file="own.jsonl",
    )


def judged(library: Library, observed: Observed | None) -> Any:
    return ForeignJudge(Judge(library, texts_on_disk(library)), Matcher(library)).judge(
        a_case(), observed
    )


# ------------------------------------------------------------------------------- matching


@pytest.mark.parametrize(
    "text",
    [
        DOSE,
        "For adults with examplitis, once daily dexamethasone 10 mg/m2 is used for 2 weeks.",
        "Hello. In adults examplitis is treated. Dexamethasone 10 mg/m² once daily. It is given "
        "for 2 weeks. Bye.",
    ],
)
def test_a_text_carries_a_statement_in_its_words_or_nearly(library: Library, text: str) -> None:
    assert Matcher(library).carried(text) == ("example-2024:1",)


@pytest.mark.parametrize(
    "text",
    [
        DOSE.replace("10 mg", "100 mg"),
        DOSE.replace("mg/m²", "mg/kg"),
        DOSE.replace("2 weeks", "8 weeks"),
        "Dexamethasone 10 mg/m² for 2 weeks.",
        "",
    ],
)
def test_another_number_or_half_of_the_words_carries_nothing(library: Library, text: str) -> None:
    assert Matcher(library).carried(text) == ()


def test_words_from_all_over_a_page_are_no_statement(library: Library) -> None:
    apart = [
        "Examplitis.",
        "Adults.",
        "Dexamethasone.",
        "10 mg/m² there.",
        "2 weeks here.",
        "Once daily.",
    ]

    assert Matcher(library).carried(" Then. Then. ".join(apart)) == ()


# ------------------------------------------------------------------------------- judging


def test_a_text_without_citations_has_its_facts_but_no_support(library: Library) -> None:
    judgement = judged(
        library, Observed(outcome=Outcome.ANSWERED, said=(Said(text=DOSE, cites=()),))
    )

    assert dict(judgement.fates) == {
        "example-2024:1": Fate.SHOWN,
        "example-2024:2": Fate.NOT_FOUND,
    }
    assert (judgement.fact_recall, judgement.vital_recall) == (0.5, 1.0)
    assert judgement.unsupported == (DOSE,)
    assert "10mg/m²" in judgement.unsupported_numbers


def test_a_cited_sentence_is_judged_as_our_own_is(library: Library) -> None:
    said = (Said(text=DOSE, cites=("example-2024:1",)), Said(text=OTHER, cites=("example-2024:1",)))

    judgement = judged(library, Observed(outcome=Outcome.ANSWERED, said=said))

    assert judgement.fact_recall == 1.0
    assert judgement.unsupported == (OTHER,), "it cites another passage"


def test_a_question_that_was_not_answered_has_failed(library: Library) -> None:
    assert judged(library, None).refusal is RefusalClass.FAILED


# ------------------------------------------------------------------------------- reading


def test_answers_are_read_with_and_without_sentences(tmp_path: Path) -> None:
    path = tmp_path / "answers.jsonl"
    rows = [
        {"id": "Q1", "text": "Some text.", "retrieved": ["a:1", "a:2", "a:1"]},
        {"id": "Q2", "sentences": [{"text": "One.", "cites": ["a:1"]}], "outcome": "limited"},
        {"id": "Q3", "text": "  "},
    ]
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")

    found = read_answers(path)

    assert found["Q1"] == Observed(
        outcome=Outcome.ANSWERED, said=(Said(text="Some text.", cites=()),), ranking=("a:1", "a:2")
    )
    assert found["Q2"].outcome is Outcome.LIMITED
    assert found["Q3"] == Observed(outcome=Outcome.DECLINED)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 1 is no JSON"),
        ("[]", 'an answer is an object with the "id"'),
        ('{"id": "Q", "answer": "x"}', "answer is not known"),
        ('{"id": "Q", "text": "x", "outcome": "maybe"}', "'maybe' is none of answered"),
        ('{"id": "Q", "text": 3}', "not in quotation marks"),
        ('{"id": "Q", "text": "x", "sentences": []}', "either a text or a list"),
        ('{"id": "Q", "sentences": ["x"]}', 'a sentence is an object with a "text"'),
        ('{"id": "Q", "sentences": [{"text": "x", "cites": "a"}]}', "cites is not a list"),
        ('{"id": "Q", "text": "x"}\n{"id": "Q", "text": "y"}', "line 2 answers Q a second time"),
    ],
)
def test_what_is_wrong_with_an_answer_is_said_with_its_line(
    tmp_path: Path, line: str, said: str
) -> None:
    path = tmp_path / "answers.jsonl"
    path.write_text(line, encoding="utf-8")

    with pytest.raises(DataError) as caught:
        read_answers(path)

    assert said in str(caught.value)


def test_the_command_judges_a_file_and_names_answers_to_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    questions, answers = tmp_path / "own.jsonl", tmp_path / "answers.jsonl"
    case = {
        **{"id": "Q1", "section": "dose", "question": "highest score of the HScore?"},
        **{"expect": "answered", "provenance": "invented", "key_facts": ["hscore:1.1"]},
    }
    questions.write_text(json.dumps(case), encoding="utf-8")
    rows = [{"id": "Q1", "text": "No idea."}, {"id": "Q9", "text": "What?"}]
    answers.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")

    assert main([str(questions), str(answers)], {}) == 0
    printed = capsys.readouterr()
    assert "0.000 [0.000–0.000] n=1" in printed.out
    assert "Q9 is answered, but no question has this id." in printed.err
