"""How much of an answer is shown, and that what is not shown is offered."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.drafting.beside import SOURCES_DIFFER
from assistant.drafting.length import DOSE_WORDS, STANDARD_WORDS, shortened, words_allowed
from assistant.drafting.plan import BOTTOM_LINE
from assistant.model import Length, Question
from assistant.settings import Settings
from assistant.understanding import understand
from assistant.wiring import Assistant, open_assistant
from corpus.library import load_library
from corpus.model import Passage

LIBRARY = load_library()
TREAT = "How do I treat secondary HLH with pancytopenia?"


@pytest.fixture(scope="module")
def assistant(bundled_data: Path) -> Assistant:
    return open_assistant(Settings(data=bundled_data))


def passages(count: int) -> list[Passage]:
    """Passages of the library with different texts."""
    return list(LIBRARY.passages.values())[:count]


def words(*chosen: Passage) -> int:
    return sum(len(p.text.split()) for p in chosen)


@pytest.mark.parametrize(
    ("text", "allowed"),
    [
        ("etoposide dose in HLH", DOSE_WORDS),
        ("How do I treat HLH?", STANDARD_WORDS),
        ("dose of etoposide and dexamethasone in HLH", STANDARD_WORDS),
        ("etoposide dose in HLH, with its limits and checks", STANDARD_WORDS),
    ],
)
def test_the_dose_of_one_drug_is_a_short_question(text: str, allowed: int) -> None:
    question = Question(text=text)
    understanding = understand(question, LIBRARY)

    def given(length: Length) -> int | None:
        return words_allowed(replace(question, length=length), understanding)

    assert given(Length.STANDARD) == allowed
    assert given(Length.FULL) is None
    assert (given(Length.BRIEF) or 0) < DOSE_WORDS


def test_each_section_gets_its_first_statement_before_one_gets_a_second() -> None:
    a, b, c, d = passages(4)
    sections = [("One", [a, b]), ("Two", [c, d])]

    found = shortened(sections, words(a, c), lambda p: 0.0)

    assert found.sections == [("One", [a]), ("Two", [c])]
    assert found.left_out == (b, d)


def test_of_two_second_statements_the_worthier_one_is_shown() -> None:
    a, b, c, d = passages(4)
    worth = {d.id: 2.0, b.id: 1.0}
    room = words(a, c) + max(words(b), words(d))

    found = shortened([("One", [a, b]), ("Two", [c, d])], room, lambda p: worth.get(p.id, 0.0))

    assert d in found.sections[1][1]


def test_h23_the_bottom_line_always_stands_and_is_not_said_twice() -> None:
    a, b = passages(2)

    found = shortened([(BOTTOM_LINE, [a]), ("One", [a, b])], words(a, b), lambda p: 0.0)

    assert found.sections == [(BOTTOM_LINE, [a]), ("One", [b])]
    assert shortened([(BOTTOM_LINE, [a])], 1, lambda p: 0.0).sections == [(BOTTOM_LINE, [a])]


def test_the_sides_of_a_disagreement_stay_or_go_together() -> None:
    a, b, c = passages(3)
    title = SOURCES_DIFFER + "which first"

    found = shortened([("One", [a]), (title, [b, c])], words(a, b), lambda p: 0.0, whole=[title])

    assert found.sections == [("One", [a])]
    assert found.left_out == (b, c)


def test_h23_a_plan_keeps_within_its_words_and_offers_the_rest(assistant: Assistant) -> None:
    standard = assistant.ask(Question(text=TREAT)).value
    full = assistant.ask(Question(text=TREAT, length=Length.FULL)).value
    brief = assistant.ask(Question(text=TREAT, length=Length.BRIEF)).value

    lengths = [
        sum(len(claim.text.split()) for claim in answer.claims)
        for answer in (brief, standard, full)
    ]

    assert lengths[0] <= 80 < lengths[1] <= STANDARD_WORDS < lengths[2]
    assert len(standard.nearest) > len(full.nearest)
    assert brief.claims[0] == standard.claims[0] == full.claims[0]


@pytest.mark.parametrize(
    ("text", "begins_with"),
    [
        ("dex dose in a 3 year old 14 kg, CNS HLH", "10 mg/m²/day"),
        ("etoposid dosis hlh", "150 mg/m² twice weekly"),
        ("anakinra dose MAS, CrCl 20, 70 kg", "below 30 mL/min"),
        ("62M lymphoma HLH bili 60 crcl 40 etoposide?", "75% of the etoposide dose"),
    ],
)
def test_an_answer_to_a_question_of_the_dose_begins_with_one(
    text: str, begins_with: str, assistant: Assistant
) -> None:
    answer = assistant.ask(Question(text=text)).value

    assert begins_with in answer.claims[0].text


def test_h16_a_dose_under_a_heading_for_other_ages_is_not_chosen_and_so_not_withheld(
    assistant: Assistant,
) -> None:
    question = Question(
        text="what about a 6-year-old, 20 kg, 115 cm? etoposide dose",
        history=("sHLH, pancytopenic, ferritin 40k, what do I start and how much?",),
    )

    answer = assistant.ask(question).value

    assert answer.withheld == ()
    assert "150 mg/m²" in answer.claims[0].text
    assert "ferritin" not in answer.understood
