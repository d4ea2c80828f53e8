"""Several processes that ask: what one bad question costs, and that nothing is left running."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping
from contextlib import closing

import pytest

from eval.errors import WorkersError
from eval.model import Observation, Outcome
from eval.observing import observation_of
from eval.workers import DEATHS, Crew
from tests.builders_systems import (
    HANGS,
    KILLED,
    RAISES,
    Obeying,
    OpenObeying,
    cases_of,
    open_nothing,
)

PATIENCE_S = 5.0
"""An answer takes no time, but the machine may be busy; the question that hangs takes it all."""
UNLIMITED_S = 600.0
FOLLOWS = {"full": "And in full?", "key_facts": ("F001",)}


@pytest.fixture(scope="module")
def seen() -> Mapping[str, Observation]:
    """By question, what two processes observed of good and bad ones."""
    cases = cases_of("one", HANGS, "two", KILLED, "three", RAISES, "four", **FOLLOWS)
    crew = Crew(OpenObeying(), 2, PATIENCE_S)
    return {case.question.text: observation for case, observation in crew.observe(cases)}


def test_a_question_without_an_accident_is_observed_as_in_one_process(
    seen: Mapping[str, Observation],
) -> None:
    for case in cases_of("one", "two", "three", "four", RAISES, **FOLLOWS):
        assert seen[case.question.text] == observation_of(case, Obeying())


def test_a_process_that_is_killed_costs_the_question_it_was_asked(
    seen: Mapping[str, Observation],
) -> None:
    assert seen[KILLED].asked.outcome is None
    assert seen[KILLED].in_full == seen[KILLED].asked
    assert seen[KILLED].error == (
        "The process that was asked ended by signal 9 (SIGKILL) before it answered."
    )


def test_a_question_that_takes_too_long_has_failed(seen: Mapping[str, Observation]) -> None:
    assert seen[HANGS].asked.outcome is None
    assert seen[HANGS].error == "No answer within 5 s (--patience): its process was ended."


def test_nothing_keeps_running_after_the_last_question(seen: Mapping[str, Observation]) -> None:
    assert len(seen) == 7
    assert multiprocessing.active_children() == []


def test_processes_that_end_one_after_the_other_stop_the_run() -> None:
    cases = cases_of(KILLED, KILLED, "one", *[KILLED] * (DEATHS + 1))
    observed = Crew(OpenObeying(), 1, UNLIMITED_S).observe(cases)

    errors = [next(observed)[1].error for _ in range(3 + DEATHS)]
    with pytest.raises(WorkersError, match=r"3 processes in a row ended .* by signal 9"):
        next(observed)

    assert [bool(error) for error in errors] == [True, True, False, True, True, True]
    assert multiprocessing.active_children() == []


def test_a_system_that_does_not_open_stops_the_run_with_its_reason() -> None:
    with pytest.raises(WorkersError, match=r"There is no index\. Build it\."):
        list(Crew(open_nothing, 1, UNLIMITED_S).observe(cases_of("one")))


def test_a_system_that_never_opens_stops_the_run() -> None:
    crew = Crew(OpenObeying(), 1, UNLIMITED_S, opening_s=0.0)

    with pytest.raises(WorkersError, match="not ready to answer after 0 s"):
        list(crew.observe(cases_of("one")))


def test_who_stops_listening_ends_the_processes() -> None:
    with closing(Crew(OpenObeying(), 2, UNLIMITED_S).observe(cases_of("one", HANGS))) as observed:
        case, observation = next(observed)

    assert case.question.text == "one"
    assert observation.asked.outcome is Outcome.ANSWERED
    assert multiprocessing.active_children() == []
