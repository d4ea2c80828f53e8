"""What is asked of a drug and no statement says is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.drafting.unsaid import unsaid
from assistant.model import Evidence, Question
from assistant.understanding import understand
from corpus.library import Library, load_library
from tests.builders import a_library, a_statement

LIBRARY = load_library()
DOSE = {"drugs": "dexamethasone", "role": "dose"}


def left_open(text: str, library: Library = LIBRARY, history: tuple[str, ...] = ()) -> str:
    question = Question(text=text, history=history)
    understanding = understand(question, library)
    return unsaid(Evidence(question=question, understanding=understanding, pool=()), library)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("how long is anakinra given in HLH", "how long anakinra is given"),
        ("rituximab in EBV-HLH: dose and infusion rate?", "how fast rituximab is infused"),
        ("anakinra dose in HLH, and for how many weeks?", "how long anakinra is given"),
    ],
)
def test_what_no_statement_says_of_the_drug_is_named(text: str, said: str) -> None:
    assert left_open(text) == f"The library does not say {said}."


@pytest.mark.parametrize(
    "text",
    [
        "how long is etoposide given in HLH",
        "how long do I give doxycycline for ehrlichia HLH",
        "how fast is etoposide infused",
        "for how many weeks is rituximab given in EBV-HLH",
        "anakinra dose in HLH",
        "how long does HLH treatment last",
    ],
)
def test_nothing_is_named_where_a_statement_answers_or_no_drug_is_asked_about(text: str) -> None:
    assert left_open(text) == ""


def test_the_days_of_a_study_are_not_how_long_a_drug_is_given(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_statement("1", "Examplitis: dexamethasone 10 mg/m² daily.", **DOSE),
        a_statement(
            "2",
            "Fever was gone after 3 days of dexamethasone.",
            drugs="dexamethasone",
            role="evidence",
        ),
    )

    assert left_open("how long is dexamethasone given in examplitis", library)


def test_a_drug_of_an_earlier_turn_is_left_to_the_answer() -> None:
    assert left_open("for how long?", history=("anakinra dose in HLH",)) == ""
