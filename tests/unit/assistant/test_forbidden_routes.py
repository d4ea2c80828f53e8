"""A drug asked for by a route that the library forbids gets the warning, and no dose."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.model import Outcome, Question, Refusal
from assistant.settings import Settings
from assistant.wiring import Assistant, open_assistant


@pytest.fixture(scope="module")
def assistant(bundled_data: Path) -> Assistant:
    return open_assistant(Settings(data=bundled_data))


@pytest.mark.parametrize(
    ("text", "history"),
    [
        ("give me intrathecal vincristine dose", ()),
        ("IT vincristine, how many mg?", ()),
        ("vincristine i/t dose 70 kg", ()),
        ("and the dose?", ("can vincristine be given intrathecally?",)),
    ],
)
def test_h24_a_fatal_route_is_answered_by_the_warning_alone(
    assistant: Assistant, text: str, history: tuple[str, ...]
) -> None:
    answer = assistant.ask(Question(text=text, history=history)).value

    assert (answer.outcome, answer.refusal) == (Outcome.LIMITED, Refusal.WRONG_PREMISE)
    assert [claim.text for claim in answer.claims] == [
        "Never give vincristine intrathecally: vincristine is fatal by that route."
    ]
    assert answer.reason.endswith("by the route asked for: no dose is shown.")
    assert not answer.doses


@pytest.mark.parametrize(
    "text",
    [
        "intrathecal methotrexate dose in CNS HLH",
        "CHOP doses in lymphoma-associated HLH",
        "IV posaconazole dose",
        "etoposide orally, which dose?",
    ],
)
def test_a_route_that_nothing_forbids_outright_is_answered_with_doses(
    assistant: Assistant, text: str
) -> None:
    answer = assistant.ask(Question(text=text)).value

    assert answer.doses, text
    assert "no dose is shown" not in answer.reason
