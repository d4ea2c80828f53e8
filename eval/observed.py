"""Observation <-> plain JSON values; the way there and back loses nothing.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from eval.model import Observation, Observed, Outcome, Said


def to_plain(observation: Observation) -> dict[str, Any]:
    """Values that JSON holds, times included.

    >>> to_plain(Observation(asked=Observed(outcome=Outcome.DECLINED)))["asked"]["outcome"]
    'declined'
    """
    return {
        "asked": _plain(observation.asked),
        "in_full": None if observation.in_full is None else _plain(observation.in_full),
    }


def from_plain(plain: Mapping[str, Any]) -> Observation:
    """The observation that ``to_plain`` wrote; ValueError where it is none."""
    try:
        in_full = plain["in_full"]
        return Observation(
            asked=_observed(plain["asked"]),
            in_full=None if in_full is None else _observed(in_full),
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"no observation ({error})") from error


def _plain(observed: Observed) -> dict[str, Any]:
    outcome = observed.outcome
    return {**asdict(observed), "outcome": None if outcome is None else str(outcome)}


def _observed(plain: Mapping[str, Any]) -> Observed:
    values = {name: _frozen(value) for name, value in plain.items()}
    if values["outcome"] is not None:
        values["outcome"] = Outcome(values["outcome"])
    values["said"] = tuple(
        Said(**{name: _frozen(value) for name, value in said.items()}) for said in plain["said"]
    )
    return Observed(**values)


def _frozen(value: Any) -> Any:
    return tuple(map(_frozen, value)) if isinstance(value, list) else value
