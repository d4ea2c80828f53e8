"""What the values of all questions amount to: means, intervals, tests and times.  (pure)"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from eval.metrics import bootstrap_interval, percentile, wilson_interval
from eval.paired import paired_p_value
from eval.peers.scoring import FACTS, MEASURES, SAME, SHARES, Scored


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over ``n`` questions with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems on the same ``n`` questions; ``gain`` is the mean of the first less the other."""

    system: str
    against: str
    measure: str
    n: int
    means: tuple[float, float]
    p: float

    @property
    def gain(self) -> float:
        """Above 0 where the first system is the better one."""
        return self.means[0] - self.means[1]


@dataclass(frozen=True, slots=True)
class Summary:
    """Some questions; ``means`` by system and measure, without those that no question has."""

    questions: int
    means: Mapping[str, Mapping[str, Mean]]
    tests: tuple[Comparison, ...]


def summaries(scored: Sequence[Scored], ours: str) -> Mapping[str, Summary]:
    """The questions of each split that are not all of them, then all; at least one question.

    ``ours`` is tested against every other system on key-fact recall, at its default and at our
    words.
    """
    parts = {s: tuple(q for q in scored if q.case.split == s) for s in ("dev", "test")}
    some = {name: part for name, part in parts.items() if part and len(part) < len(scored)}
    return {name: _summary(part, ours) for name, part in {**some, "all": tuple(scored)}.items()}


def _summary(scored: Sequence[Scored], ours: str) -> Summary:
    systems = tuple(scored[0].values)
    return Summary(
        questions=len(scored),
        means={
            system: {m: mean for m in MEASURES if (mean := mean_of(scored, system, m))}
            for system in systems
        },
        tests=tuple(
            test
            for system in systems
            if ours in systems and system != ours
            for test in _compared(scored, ours, system)
        ),
    )


def mean_of(scored: Sequence[Scored], system: str, measure: str) -> Mean | None:
    """The mean with its interval (Wilson's for a share); None where nothing is defined."""
    values = [q.values[system][measure] for q in scored if measure in q.values[system]]
    if not values:
        return None
    if measure in SHARES:
        low, high = wilson_interval(round(sum(values)), len(values))
    else:
        low, high = bootstrap_interval(values)
    return Mean(value=sum(values) / len(values), low=low, high=high, n=len(values))


def _compared(scored: Sequence[Scored], system: str, against: str) -> Iterator[Comparison]:
    for measure in (FACTS, FACTS + SAME):
        both = [(q.values[system], q.values[against]) for q in scored]
        pairs = [(a[measure], b[measure]) for a, b in both if measure in a and measure in b]
        if pairs:
            ours, theirs = [a for a, _ in pairs], [b for _, b in pairs]
            yield Comparison(
                system=system,
                against=against,
                measure=measure,
                n=len(pairs),
                means=(sum(ours) / len(ours), sum(theirs) / len(theirs)),
                p=paired_p_value(ours, theirs),
            )


def times_of(scored: Sequence[Scored]) -> Mapping[str, Mapping[str, float]]:
    """Median and 95th percentile of the milliseconds that each system took for a question."""
    times = {system: [q.ms[system] for q in scored] for system in scored[0].ms}
    return {
        system: {"p50": percentile(ms, 50), "p95": percentile(ms, 95)}
        for system, ms in times.items()
    }
