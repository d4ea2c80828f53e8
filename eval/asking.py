"""Cases -> what was observed of each: here or by several processes, kept in a journal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from eval.journal import Journal
from eval.machine import usable_cores
from eval.model import Case, Observation
from eval.observing import observation_of
from eval.workers import Crew

if TYPE_CHECKING:
    from eval.system import System

MOST_WORKERS = 4
"""Each holds a model of its own, about 0.8 GB."""
PATIENCE_S = 60.0


def default_workers() -> int:
    """One process for each core that may be used, up to ``MOST_WORKERS``."""
    return min(MOST_WORKERS, usable_cores())


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """How questions are asked; none of it changes what is observed.

    ``patience_s`` is for one question, and holds with two workers or more. ``fresh`` asks again
    what an interrupted run has asked already.
    """

    workers: int = field(default_factory=default_workers)
    patience_s: float = PATIENCE_S
    fresh: bool = False


def ask(
    cases: Sequence[Case], open_system: Callable[[], System], journal: Journal, asking: Asking
) -> tuple[Observation, ...]:
    """What was observed of each case, in the order of the cases; progress goes to stderr.

    What the journal knows is not asked again; with one worker the system is opened in this
    process. Raises WorkersError and what ``open_system`` raises.
    """
    from tqdm import tqdm

    known = [(case, journal.known(case)) for case in cases]
    seen = {case.id: observation for case, observation in known if observation is not None}
    missing = [case for case in cases if case.id not in seen]
    if seen:
        print(
            f"{len(seen)} of {len(cases)} answers are taken over from a run that was interrupted; "
            "--fresh asks them again.",
            file=sys.stderr,
        )
    bar = tqdm(total=len(cases), initial=len(seen), unit="question", file=sys.stderr, disable=None)
    with bar, closing(_observed(missing, open_system, asking)) as observed:
        for case, observation in observed:
            journal.append(case, observation)
            seen[case.id] = observation
            if observation.error:
                tqdm.write(f"{case.id} failed: {observation.error}", file=sys.stderr)
            bar.update()
    return tuple(seen[case.id] for case in cases)


def _observed(
    cases: Sequence[Case], open_system: Callable[[], System], asking: Asking
) -> Generator[tuple[Case, Observation], None, None]:
    if not cases:
        return
    if asking.workers > 1:
        size = min(asking.workers, len(cases))
        yield from Crew(open_system, size, asking.patience_s).observe(cases)
        return
    system = open_system()
    for case in cases:
        yield case, observation_of(case, system)
