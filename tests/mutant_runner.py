"""Runs the tests against one mutant after another: a pytest plugin for ``tests.mutate``.

The tests are imported once. Each mutant then has a forked process of its own in which nothing has
been computed yet, so no cache holds what the unchanged code found. Only tests of files that reach
the mutated function are run, up to the first failure; the quick ones that often failed go first.
"""

from __future__ import annotations

import functools
import gc
import json
import os
import pickle
import resource
import signal
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import Phase, settings
from mutmut.mutation import trampoline

PLAN, RESULT = "MUTATION_PLAN", "MUTATION_RESULT"  # in the environment: files of JSON
CHILDREN = "MUTATION_CHILDREN"
MEMORY = 6 * 2**30  # bytes, of one process
SLACK, FACTOR = 5.0, 10.0  # CPU seconds of a test: so many, and so many times its usual ones
SURVIVED, KILLED = 0, 1  # exit codes


class Outcome(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"
    UNREACHED = "unreached"
    AT_IMPORT = "at import"  # survived, but its function is called before any test runs


@dataclass
class Reach:
    """Which tests reach which function, and how long each takes, by index of the test."""

    tests: dict[str, set[int]] = field(default_factory=lambda: defaultdict(set))
    seconds: list[float] = field(default_factory=list)


@dataclass(eq=False)  # pytest keeps its plugins in sets
class Runner:
    """The plugin. ``imported``: files of tests whose collection calls a function, by function.

    "" stands for all of them: the function was called before any file was collected.
    """

    mutants: Sequence[str]
    result: Path
    children: int
    called: set[str]
    imported: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    outcomes: dict[str, Outcome] = field(default_factory=dict)
    kills: Counter[int] = field(default_factory=Counter)
    tried: Counter[int] = field(default_factory=Counter)

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(
        self, collector: pytest.Collector
    ) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """Note what is called before any test runs."""
        self._imported("")
        report = yield
        self._imported(str(collector.path) if isinstance(collector, pytest.Module) else "")
        return report

    def _imported(self, file: str) -> None:
        for function in self.called:
            self.imported[function].add(file)
        self.called.clear()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Take the place of the ordinary run of the tests."""
        reach = self._reach(session)
        running: dict[int, tuple[str, list[int]]] = {}
        for mutant in self.mutants:
            tests = self._tests(mutant, reach, session)
            if not tests:
                self._note(mutant, Outcome.UNREACHED)
                continue
            while len(running) >= self.children:
                self._wait(running)
            pid = os.fork()
            if not pid:
                trampoline.set_mutant_under_test(mutant)
                _run(session, tests, reach.seconds, self.result.with_suffix(f".{os.getpid()}"))
            running[pid] = mutant, tests
        while running:
            self._wait(running)
        found = {m: [o, sorted(self.imported[_function(m)])] for m, o in self.outcomes.items()}
        self.result.write_text(json.dumps(found), encoding="utf-8")
        return True

    def _wait(self, running: dict[int, tuple[str, list[int]]]) -> None:
        pid, status = os.wait()
        code, (mutant, tests) = os.waitstatus_to_exitcode(status), running.pop(pid)
        note = self.result.with_suffix(f".{pid}")
        if code == KILLED:
            killer = int(note.read_text())
            note.unlink()
            self.kills[killer] += 1
            tests = tests[: tests.index(killer) + 1]
        self.tried.update(tests)
        known = {SURVIVED: Outcome.SURVIVED, KILLED: Outcome.KILLED}
        self._note(mutant, known.get(code, Outcome.TIMED_OUT))

    def _note(self, mutant: str, outcome: Outcome) -> None:
        if outcome in (Outcome.SURVIVED, Outcome.UNREACHED) and _function(mutant) in self.imported:
            outcome = Outcome.AT_IMPORT
        self.outcomes[mutant] = outcome
        print(f"{time.strftime('%H:%M:%S')} {outcome} {mutant}", flush=True)

    def _reach(self, session: pytest.Session) -> Reach:
        """Run all tests once, in a process of its own, and note what they call."""
        with tempfile.NamedTemporaryFile() as answer:
            pid = os.fork()
            if not pid:
                _explore(session, Path(answer.name))
            _, status = os.waitpid(pid, 0)
            if status:
                pytest.exit("the tests fail on the unchanged code", returncode=3)
            found: Reach = pickle.loads(Path(answer.name).read_bytes())
            return found

    def _tests(self, mutant: str, reach: Reach, session: pytest.Session) -> list[int]:
        """The tests that call the function, then the others of their files: they may share what
        one of them computed. Each part by what it cost and killed so far."""
        direct = reach.tests.get(_function(mutant), set())
        files = {session.items[test].path for test in direct}
        beside = {i for i, item in enumerate(session.items) if item.path in files} - direct

        def price(test: int) -> float:
            chance = (self.kills[test] + 0.1) / (self.tried[test] + 1)
            return (0.002 + reach.seconds[test]) / chance

        return [*sorted(direct, key=price), *sorted(beside, key=price)]


def _function(mutant: str) -> str:
    return mutant.partition("__mutmut_")[0]


def _explore(session: pytest.Session, answer: Path) -> None:
    """In a forked process: what each test calls, with no cache from the tests of another file."""
    reach, called = Reach(), set[str]()
    _record(called)
    _silence()
    for index, item in enumerate(session.items):
        if not index or item.path != session.items[index - 1].path:
            _forget()
        start = time.process_time()
        _test(session, index, session.items[index + 1 : index + 2])
        reach.seconds.append(time.process_time() - start)
        for function in called:
            reach.tests[_function(function)].add(index)
        called.clear()
    reach.tests = dict(reach.tests)
    answer.write_bytes(pickle.dumps(reach))
    os._exit(1 if session.testsfailed else 0)


def _run(
    session: pytest.Session, tests: Sequence[int], seconds: Sequence[float], note: Path
) -> None:
    """In a forked process: the tests one after another, up to the first that fails."""
    _silence()
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    for index, following in zip(tests, [*tests[1:], None], strict=True):
        signal.setitimer(signal.ITIMER_PROF, SLACK + FACTOR * seconds[index])
        _test(session, index, [] if following is None else [session.items[following]])
        if session.testsfailed:
            note.write_text(str(index))
            os._exit(KILLED)
    os._exit(SURVIVED)


def _test(session: pytest.Session, index: int, following: Sequence[pytest.Item]) -> None:
    item = session.items[index]
    item.config.hook.pytest_runtest_protocol(item=item, nextitem=next(iter(following), None))


def _forget() -> None:
    for value in gc.get_objects():
        if isinstance(value, functools._lru_cache_wrapper):
            value.cache_clear()


def _silence() -> None:
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.dup2(nowhere, 2)


def _record(called: set[str]) -> None:
    """Let every mutated function note its name when it is called."""

    def note(name: str, caller: str | None = None) -> None:
        called.add(name)

    recorder: Callable[..., None] = note
    trampoline.record_trampoline_hit = recorder
    trampoline.set_mutant_under_test("stats")


def pytest_configure(config: pytest.Config) -> None:
    """No time is spent on the smallest failing example, and every run tries the same ones."""
    settings.register_profile(
        "mutation",
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.explicit, Phase.generate),
    )
    settings.load_profile("mutation")
    plan = os.environ.get(PLAN)
    if plan:
        runner = Runner(
            json.loads(Path(plan).read_text(encoding="utf-8")),
            Path(os.environ[RESULT]),
            int(os.environ.get(CHILDREN, "1")),
            _CALLED,
        )
        config.pluginmanager.register(runner)


_CALLED: set[str] = set()
if PLAN in os.environ:  # before pytest reads a conftest, which imports what is mutated
    _record(_CALLED)
