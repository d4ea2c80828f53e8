"""The floors hold for the system as it is, and for none that was made worse on purpose."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from assistant.drafting.coverage import Coverage
from assistant.model import Draft, Evidence, Question
from assistant.settings import Settings
from assistant.wiring import Assistant
from eval.errors import DataError
from eval.gate import FLOORS, Missed, load_floors, misses
from eval.judge import Judge
from eval.model import Observed, Said
from eval.runner import run_cases, texts_on_disk
from eval.system import ChainSystem, System, open_for_evaluation


@pytest.fixture(scope="module")
def assistant(bundled_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    records = tmp_path_factory.mktemp("records")
    return open_for_evaluation(Settings(data=bundled_data), records)


def missed(system: System, assistant: Assistant) -> dict[str, Missed]:
    floors = load_floors()
    judge = Judge(assistant.library, texts_on_disk(assistant.library))
    judgements = run_cases(floors.cases(fast=True), system, judge)
    return {miss.measure: miss for miss in misses(judgements, floors)}


@dataclass(frozen=True)
class Spoilt:
    """The real chain, its answers spoilt before anyone sees them."""

    assistant: Assistant
    spoil: Callable[[Sequence[Said]], Sequence[Said]]

    def rank(self, question: Question) -> Sequence[str]:
        return ChainSystem(self.assistant).rank(question)

    def answer(self, question: Question) -> Observed:
        observed = ChainSystem(self.assistant).answer(question)
        return replace(observed, said=tuple(self.spoil(observed.said)))


class TenFold:
    """A writer that is wrong: ten times each amount."""

    name = "ten-fold"

    def __init__(self, assistant: Assistant) -> None:
        self._inner = assistant.drafter

    def draft(self, evidence: Evidence) -> Draft:
        draft = self._inner.draft(evidence)
        claims = (
            replace(c, text=re.sub(r"\b(\d+)(?= mg)", r"\g<1>0", c.text)) for c in draft.claims
        )
        return replace(draft, claims=tuple(claims))


@dataclass(frozen=True)
class Unchecked:
    """What a writer wrote is shown as it stands."""

    assistant: Assistant

    def rank(self, question: Question) -> Sequence[str]:
        return ChainSystem(self.assistant).rank(question)

    def answer(self, question: Question) -> Observed:
        draft = self.assistant.drafter.draft(self.assistant.find(question))
        said = tuple(Said(text=claim.text, cites=claim.cites) for claim in draft.claims)
        return Observed(outcome=draft.outcome, said=said)


def test_the_system_as_it_is_reaches_every_floor(assistant: Assistant) -> None:
    assert missed(ChainSystem(assistant), assistant) == {}


def test_statements_cut_at_200_characters_do_not_pass(assistant: Assistant) -> None:
    def cut(said: Sequence[Said]) -> Sequence[Said]:
        return [replace(each, text=each.text[:200]) for each in said]

    assert "whole statements" in missed(Spoilt(assistant, cut), assistant)


def test_a_wrong_writer_without_the_check_does_not_pass_and_with_it_shows_no_wrong_number(
    assistant: Assistant,
) -> None:
    wrong = replace(assistant, drafter=TenFold(assistant))

    without = missed(Unchecked(wrong), wrong)
    checked = missed(ChainSystem(wrong), wrong)

    assert {"unsupported numbers", "unsupported sentences", "citation support"} <= set(without)
    assert "unsupported numbers" not in checked


def test_a_system_that_never_declines_does_not_pass(
    assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Coverage, "declined", lambda self, evidence: None)

    assert "declined when it should" in missed(ChainSystem(assistant), assistant)


def test_citations_in_another_order_do_not_pass(assistant: Assistant) -> None:
    def shuffled(said: Sequence[Said]) -> Sequence[Said]:
        cites = [each.cites for each in said]
        return [
            replace(each, cites=other)
            for each, other in zip(said, [*cites[1:], *cites[:1]], strict=True)
        ]

    assert {"citation support", "unsupported sentences"} <= set(
        missed(Spoilt(assistant, shuffled), assistant)
    )


def test_an_evaluation_that_lost_its_questions_is_no_pass() -> None:
    floors = load_floors()

    found = misses((), floors)

    assert [miss.measure for miss in found] == list(floors.at_least)
    assert str(found[0]) == "key-fact recall: nothing was counted, wanted at least " + (
        f"{floors.at_least['key-fact recall']:g}"
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"MRR"', '"MMR"', "MMR is no measure"),
        ("every = 4", "every = 0", "every is below 1"),
        ("every = 4", "", "it holds no floors"),
        ("[at_least]", "[at_least", "it holds no floors"),
    ],
)
def test_a_wrong_file_of_floors_is_named(tmp_path: Path, old: str, new: str, said: str) -> None:
    text = FLOORS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "gate.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(DataError, match=said):
        load_floors(path)
