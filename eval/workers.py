"""Questions asked by several processes, each with a system of its own.

The parent hands out one question after the other. A process that dies, or that takes too long
and is ended, costs the question that it was asked; another one takes its place.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnProcess
from typing import TYPE_CHECKING, Any

from corpus.errors import GuidelineError
from eval.errors import WorkersError
from eval.model import Case, Observation
from eval.observing import failed_observation, observation_of

if TYPE_CHECKING:
    from eval.system import System

DEATHS = 3
"""So many processes in a row may end by themselves before one of them has answered anything."""
OPENING_S = 600.0
"""A process that has not opened its system by then has hung."""
LEAVING_S = 10.0

Seen = Generator[tuple[Case, Observation], None, None]


@dataclass(frozen=True, slots=True)
class _Opened:
    """A process says that it takes questions."""


@dataclass(frozen=True, slots=True)
class _NotOpened:
    """A process says why it can't take questions."""

    reason: str


class _Ended(Exception):
    """A process is gone."""


@dataclass(eq=False)
class _Worker:
    """One process, and what it is doing since when."""

    process: SpawnProcess
    connection: Connection[Any, Any]
    deadline: float
    case: Case | None = None  # None while it opens its system

    def ask(self, case: Case, patience_s: float) -> None:
        self.case = case
        self.deadline = time.monotonic() + patience_s
        with suppress(OSError):  # it is gone: the next look finds out
            self.connection.send(case)

    def told(self) -> Any:
        """What it sends; _Ended when it is gone."""
        try:
            return self.connection.recv()
        except (EOFError, OSError) as error:
            raise _Ended from error

    def retire(self) -> None:
        """Let it end by itself: nothing is left to ask."""
        self.connection.close()

    def end(self) -> None:
        """End it, whatever it does."""
        self.connection.close()
        self.process.kill()
        self.process.join(LEAVING_S)

    def how_it_ended(self) -> str:
        self.process.join(LEAVING_S)
        code = self.process.exitcode
        if code is None or code >= 0:
            return f"with exit code {code}"
        return f"by signal {-code} ({signal.Signals(-code).name})"


@dataclass
class Crew:
    """Processes that open a system and answer with it.

    ``open_system`` is called in each process, so it has to be one that can be pickled; what it
    raises as GuidelineError stops the run. A question may take ``patience_s``.
    """

    open_system: Callable[[], System]
    size: int
    patience_s: float
    opening_s: float = OPENING_S
    _workers: list[_Worker] = field(default_factory=list)
    _retired: list[_Worker] = field(default_factory=list)
    _deaths: int = 0

    def observe(self, cases: Sequence[Case]) -> Seen:
        """Each case with what was observed, as they come in; close it to end the processes.

        Raises WorkersError where a system can't be opened, or ``DEATHS`` processes in a row end
        with nothing answered.
        """
        waiting = deque(cases)
        try:
            while wanted := len(waiting) + self._busy():
                while len(self._workers) < min(self.size, wanted):
                    self._workers.append(_started(self.open_system, self.opening_s))
                for worker in self._speaking():
                    yield from self._heard(worker, waiting)
                for worker in self._late():
                    yield from self._gave_up(worker)
        finally:
            self._disband()

    def _busy(self) -> int:
        return sum(worker.case is not None for worker in self._workers)

    def _speaking(self) -> list[_Worker]:
        """The processes that have something to say, waited for until the first is late."""
        by_connection = {worker.connection: worker for worker in self._workers}
        first_late = min(worker.deadline for worker in self._workers)
        ready = wait(list(by_connection), timeout=max(0.0, first_late - time.monotonic()))
        return [worker for connection, worker in by_connection.items() if connection in ready]

    def _late(self) -> list[_Worker]:
        """Those whose time is up and that have nothing to say: an answer in time counts."""
        now = time.monotonic()
        return [w for w in self._workers if w.deadline <= now and not w.connection.poll()]

    def _heard(self, worker: _Worker, waiting: deque[Case]) -> Seen:
        try:
            message = worker.told()
        except _Ended:
            yield from self._died(worker)
            return
        if isinstance(message, _NotOpened):
            raise WorkersError(message.reason)
        answered = worker.case
        if waiting:
            worker.ask(waiting.popleft(), self.patience_s)
        else:
            worker.retire()
            self._workers.remove(worker)
            self._retired.append(worker)
        if answered is not None:
            self._deaths = 0
            yield answered, message

    def _died(self, worker: _Worker) -> Seen:
        how = worker.how_it_ended()
        worker.end()
        self._workers.remove(worker)
        self._deaths += 1
        if worker.case is not None:
            why = f"The process that was asked ended {how} before it answered."
            yield worker.case, failed_observation(worker.case, why)
        if self._deaths >= DEATHS:
            raise WorkersError(
                f"{DEATHS} processes in a row ended before one of them answered anything, the last "
                f"{how}. See what they wrote above; if memory is short, use fewer --workers. The "
                "same command goes on where it stopped."
            )

    def _gave_up(self, worker: _Worker) -> Seen:
        worker.end()
        self._workers.remove(worker)
        if worker.case is None:
            raise WorkersError(
                f"A process was not ready to answer after {self.opening_s:g} s. Run it again with "
                "fewer --workers, or when the machine has less to do."
            )
        why = f"No answer within {self.patience_s:g} s (--patience): its process was ended."
        yield worker.case, failed_observation(worker.case, why)

    def _disband(self) -> None:
        for worker in self._workers:
            worker.end()
        for worker in self._retired:
            worker.process.join(LEAVING_S)
            worker.end()
        self._workers.clear()
        self._retired.clear()


def _started(open_system: Callable[[], System], opening_s: float) -> _Worker:
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(theirs, open_system), daemon=True)
    with _keyboard_ignored():
        process.start()
    theirs.close()
    return _Worker(process, ours, time.monotonic() + opening_s)


@contextmanager
def _keyboard_ignored() -> Iterator[None]:
    """Ctrl-C goes to every process of a terminal; one that starts in here leaves it to us."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


# ----------------------------------------------------------------- in the other process


def _serve(connection: Connection[Any, Any], open_system: Callable[[], System]) -> None:
    """Answer until the connection is closed."""
    from tqdm import tqdm

    # Its own lock is a semaphore of the system, which outlives a process that is killed.
    tqdm.set_lock(threading.RLock())
    threading.Thread(target=_end_with_parent, daemon=True).start()
    try:
        system = open_system()
    except GuidelineError as error:
        connection.send(_NotOpened(str(error)))
        return
    with suppress(EOFError, OSError):
        connection.send(_Opened())
        while True:
            connection.send(observation_of(connection.recv(), system))


def _end_with_parent() -> None:
    """A parent that was killed closes nothing down: nobody waits for this answer any more."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)
