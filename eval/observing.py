"""A case x a system -> what was observed; nothing heavy is imported here."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from corpus.errors import GuidelineError
from eval.model import Case, Observation, Observed

if TYPE_CHECKING:
    from eval.system import System


def observation_of(case: Case, system: System) -> Observation:
    """What the system did with a case; a follow-up with key facts is asked in full as well."""
    asked = observe(case, system)
    full = asked_in_full(case)
    return Observation(asked=asked, in_full=observe(full, system) if full else None)


def failed_observation(case: Case, error: str) -> Observation:
    """The observation of a case that nobody answered."""
    failure = Observed(outcome=None, error=error)
    return Observation(asked=failure, in_full=failure if asked_in_full(case) else None)


def asked_in_full(case: Case) -> Case | None:
    """The follow-up as a question of its own, without the conversation before it."""
    if not (case.full and case.key_facts):
        return None
    return replace(case, question=replace(case.question, text=case.full, history=()))


def observe(case: Case, system: System) -> Observed:
    """What the system did; its failure is an observation like any other."""
    try:
        answered = system.answer(case.question)
        return replace(answered, ranking=tuple(dict.fromkeys(system.rank(case.question))))
    except GuidelineError as error:
        return Observed(outcome=None, error=str(error))
    except Exception as error:  # noqa: BLE001 - a crash is what an evaluation has to report
        return Observed(outcome=None, error=f"{type(error).__name__}: {error}")
