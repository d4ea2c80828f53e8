"""What every evaluated system promises: our chain, and what it is measured against."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from assistant.wiring import Assistant
from eval.model import Outcome, Question
from eval.peers.stuffing import words_of
from eval.peers.systems import BASELINES, OURS, open_baselines
from eval.system import ChainSystem, System
from index.hashing import HashingEmbedder
from tests.builders import a_statement, an_assistant

DOSE = a_statement(
    "1.2",
    "Adults with examplitis: dexamethasone 10 mg/m² once daily.",
    role="dose",
    drugs="dexamethasone",
)
OTHERS = (
    a_statement("1.1", "Adults with examplitis: measure ferritin weekly during treatment."),
    a_statement("1.3", "Children with examplitis: give no live vaccine during treatment."),
)
ASKED = Question(text="Examplitis in an adult: dexamethasone 10 mg/m² once daily?")
EVERY = (OURS, *BASELINES)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return an_assistant(tmp_path_factory.mktemp("systems"), OTHERS[0], DOSE, OTHERS[1])


@pytest.fixture(scope="module")
def systems(assistant: Assistant, tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, System]:
    return {OURS: ChainSystem(assistant), **baselines(assistant, tmp_path_factory.mktemp("kept"))}


def baselines(assistant: Assistant, folder: Path) -> Mapping[str, System]:
    return open_baselines(BASELINES, assistant.library, HashingEmbedder, folder, weight=0.5)


@pytest.mark.parametrize("name", EVERY)
def test_a_ranking_holds_statements_of_the_library_and_none_twice(
    systems: Mapping[str, System], assistant: Assistant, name: str
) -> None:
    ranking = systems[name].rank(ASKED)

    assert ranking
    assert set(ranking) <= set(assistant.library.passages)
    assert len(set(ranking)) == len(ranking)


@pytest.mark.parametrize("name", EVERY)
def test_an_answer_holds_the_text_of_the_first_passage(
    systems: Mapping[str, System], assistant: Assistant, name: str
) -> None:
    first = systems[name].rank(ASKED)[0]
    answer = systems[name].answer(ASKED)

    assert answer.outcome is Outcome.ANSWERED
    assert any(
        assistant.library.passages[first].text in said.text and first in said.cites
        for said in answer.said
    )


@pytest.mark.parametrize("name", EVERY)
def test_the_best_match_is_the_statement_that_was_asked_for(
    systems: Mapping[str, System], name: str
) -> None:
    answer = systems[name].answer(ASKED)

    assert "example-2024:1.2" in {id_ for said in answer.said for id_ in said.cites}


def test_systems_that_are_opened_again_say_the_same(
    systems: Mapping[str, System], assistant: Assistant, tmp_path: Path
) -> None:
    for name, again in baselines(assistant, tmp_path).items():
        assert again.rank(ASKED) == systems[name].rank(ASKED), name
        assert again.answer(ASKED) == systems[name].answer(ASKED), name


@pytest.mark.parametrize("name", BASELINES)
@pytest.mark.parametrize("words", [0, 1, 7])
def test_a_baseline_shows_no_more_words_than_it_may(
    assistant: Assistant, tmp_path: Path, name: str, words: int
) -> None:
    (baseline,) = open_baselines(
        [name], assistant.library, HashingEmbedder, tmp_path, weight=0.5
    ).values()

    short = baseline.within(ASKED, words)

    assert words_of(short) == words
    assert (short.outcome is Outcome.DECLINED) == (words == 0)
