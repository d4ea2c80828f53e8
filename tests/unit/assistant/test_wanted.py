"""What a question's own words ask to stand on top."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.drafting.wanted import forbidden, roles_on_top
from assistant.model import Question
from assistant.settings import Settings
from assistant.wiring import open_assistant
from corpus.library import BUNDLED, Library, load_library
from corpus.model import Role

DAPSONE = "pneumocystis-prophylaxis-adult:1.4"
AFTER_A_REACTION = "pneumocystis-prophylaxis-australia-children:1.3"


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(BUNDLED)


def test_a_dose_brings_what_forbids_it_after_a_reaction_to_an_allergic_patient(
    library: Library,
) -> None:
    shown = [library.passages[DAPSONE]]

    found = list(forbidden("he is allergic to sulfa", shown, library))

    assert [passage.id for passage in found] == [AFTER_A_REACTION]


def test_without_an_allergy_nothing_is_forbidden_for_one(library: Library) -> None:
    shown = [library.passages[DAPSONE], library.passages[AFTER_A_REACTION]]

    assert list(forbidden("dapsone dose in an adult", shown, library)) == []


def test_a_contraindication_that_is_no_reaction_says_nothing_of_an_allergy(
    library: Library,
) -> None:
    kidney = library.passages["etoposide-pharmacology-studies:2.2"]
    assert kidney.statement.role is Role.CONTRAINDICATION

    assert kidney not in list(forbidden("etoposide allergy", [kidney], library))


@pytest.mark.parametrize(
    "turns",
    [
        ("PJP prophylaxis in an adult allergic to sulfa drugs",),
        ("pjp prophylaxis adult HLH what dose", "allergic to sulfa"),
    ],
)
def test_h25_an_answer_for_an_allergic_patient_begins_with_what_is_forbidden(
    bundled_data: Path, turns: tuple[str, ...]
) -> None:
    assistant = open_assistant(Settings(data=bundled_data))
    *history, text = turns

    draft = assistant.drafter.draft(assistant.find(Question(text=text, history=tuple(history))))

    assert draft.claims[0].cites == (AFTER_A_REACTION,)
    assert any("dapsone 100 mg" in claim.text for claim in draft.claims[1:])


@pytest.mark.parametrize(
    ("text", "role", "wanted"),
    [
        ("contraindicated in pregnancy?", Role.CONTRAINDICATION, True),
        ("contraindicated in pregnancy?", Role.EVIDENCE, False),
        ("allergic to it", Role.CONTRAINDICATION, False),  # one of the kidney answers no allergy
        ("how long is it given?", Role.STOP_RULE, True),
        ("how long is it given?", Role.EVIDENCE, False),
        ("can I give it?", Role.RECOMMENDATION, True),
        ("can I give it?", Role.WARNING, False),
    ],
)
def test_the_words_of_a_question_ask_for_a_role(text: str, role: Role, wanted: bool) -> None:
    assert (role in roles_on_top(text)) is wanted


def test_other_words_ask_for_none() -> None:
    assert roles_on_top("etoposide dose") == frozenset()
