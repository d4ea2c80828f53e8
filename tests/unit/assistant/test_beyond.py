"""Words of other subjects, matters on which a library is silent, and words of an emergency."""

from __future__ import annotations

import pytest

from assistant.beyond import other_conditions, silent_on
from assistant.emergency import tells_of_distress, tells_of_emergency
from corpus.library import BUNDLED, Library, load_library


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(BUNDLED)


def test_a_disease_that_no_statement_names_is_another_subject(library: Library) -> None:
    assert other_conditions("colchicine in acute gout", library) == ("gout",)


@pytest.mark.parametrize("text", ["dose in leishmaniasis", "with lymphoma and pancreatitis"])
def test_a_disease_of_the_statements_is_none(library: Library, text: str) -> None:
    assert other_conditions(text, library) == ()


def test_a_matter_is_silent_only_where_no_passage_speaks_of_it(library: Library) -> None:
    passages = library.passages.values()

    assert silent_on("price of emapalumab", passages) == ("prices",)
    assert silent_on("etoposide infusion rate", passages) == ()
    assert silent_on("etoposide dose", passages) == ()


@pytest.mark.parametrize(
    "text",
    [
        "pt is seizing now on ciclosporin",
        "BP 60/30 what do i give",
        "stopped breathing",
        "GCS 5",
        "she can't breathe",
        "the nurse just gave vincristine by mistake",
    ],
)
def test_an_emergency_that_is_going_on_is_heard(text: str) -> None:
    assert tells_of_emergency(text)


@pytest.mark.parametrize(
    "text",
    [
        "new seizures on ciclosporin: what is the cause?",
        "blood pressure 130/80 on steroids",
        "how is hypotension after etoposide avoided",
        "GCS 15 and well",
        "how many children die before transplant",
    ],
)
def test_a_question_of_a_guideline_is_no_emergency(text: str) -> None:
    assert not tells_of_emergency(text)
    assert not tells_of_distress(text)


@pytest.mark.parametrize("text", ["I want to die", "i\u2019ve taken all my tablets", "kill myself"])
def test_a_person_in_distress_is_heard(text: str) -> None:
    assert tells_of_distress(text)
