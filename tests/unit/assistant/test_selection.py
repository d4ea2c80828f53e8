"""How many of the found statements an answer holds."""

from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.drafting.selection import AT_LEAST, Selection, features
from assistant.model import Length, Question
from assistant.relevance import Relevance, relevance_of
from assistant.settings import Settings
from assistant.understanding import understand
from assistant.wiring import Assistant, open_assistant
from corpus.library import BUNDLED, Library, load_library
from index.model import Retrieved


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(BUNDLED)


@pytest.fixture(scope="module")
def assistant(bundled_data: Path) -> Assistant:
    return open_assistant(Settings(data=bundled_data))


def found(library: Library, *ids: str) -> tuple[Retrieved, ...]:
    return tuple(
        Retrieved(
            passage=library.passages[i], score=0.5, rank=n, dense=0.4, asked=None, keyword=2.0
        )
        for n, i in enumerate(ids, 1)
    )


def test_a_statement_is_seen_from_the_best_one_and_from_its_question(library: Library) -> None:
    text = "hscore cut-off, and its limits?"
    understanding = understand(Question(text=text), library)

    rows = features(text, understanding, [{"dense": 0.4}, {}, {}, {}], [3.0, 2.5, -1.0, -4.0])

    assert [row["gap"] for row in rows] == [0.0, 0.5, 4.0, 7.0]
    assert [row["logit"] for row in rows] == [3.0, 2.5, -1.0, -4.0]
    assert rows[0]["dense"] == 0.4
    for row in rows:
        assert row["best_logit"] == 3.0
        assert row["gap_to_third"] == 4.0
        assert row["gap_to_sixth"] == 7.0  # of four, the last
        assert row["question_words"] == 5
        assert row["question_marks"] == 2
        assert row["question_dose"] == 0


def test_of_nothing_found_nothing_is_chosen(library: Library) -> None:
    understanding = understand(Question(text="hscore"), library)

    assert features("hscore", understanding, [], []) == []


def test_a_chance_is_the_logistic_of_the_weighted_sum(library: Library) -> None:
    text = "hscore cut-off"
    understanding = understand(Question(text=text), library)
    model = Selection(Relevance(library, {}, 0.0), {"gap": -1.0, "best_logit": 0.5}, -0.25)
    pool = found(library, "hscore:1.1", "hscore:2.4")

    chances = model.chances(text, understanding, pool, {"hscore:1.1": 2.0, "hscore:2.4": 1.0})

    for id_, logit in (("hscore:1.1", 0.75), ("hscore:2.4", -0.25)):
        assert chances[id_] == pytest.approx(1 / (1 + math.exp(-logit)), abs=1e-6)


def test_every_weight_of_the_file_is_of_a_feature(library: Library) -> None:
    understanding = understand(Question(text="etoposide dose in HLH"), library)
    pool = found(library, "hscore:1.1")
    plain = relevance_of(library).features(understanding, pool)
    (row,) = features("etoposide dose in HLH", understanding, plain, [1.0])

    assert set(Selection.load(library).weights) <= set(row)


@pytest.mark.parametrize(
    "text",
    [
        "what is the hscore cut-off?",
        "etoposide in renal failure in an adult with HLH",
        "EBV-HLH: rituximab, antivirals, and when transplant?",
    ],
)
def test_a_longer_answer_holds_what_a_shorter_one_holds(assistant: Assistant, text: str) -> None:
    question = Question(text=text)

    chosen = {}
    for length in Length:
        evidence = assistant.find(replace(question, length=length))
        chances = Selection.load(assistant.library).chances(
            text, evidence.understanding, evidence.pool, evidence.logits
        )
        chosen[length] = {id_ for id_, c in chances.items() if c >= AT_LEAST[length]}

    assert chosen[Length.BRIEF] <= chosen[Length.STANDARD] <= chosen[Length.FULL]
    assert chosen[Length.BRIEF] < chosen[Length.FULL]


def test_a_question_with_one_answer_gets_fewer_statements_than_one_with_several(
    assistant: Assistant,
) -> None:
    def shown(text: str) -> int:
        draft = assistant.drafter.draft(assistant.find(Question(text=text)))
        return len({claim.text for claim in draft.claims})

    one = shown("how fast can etoposide be infused?")
    several = shown("EBV-HLH in an adult: rituximab, antivirals, etoposide timing, transplant?")

    assert one <= 5 < several
