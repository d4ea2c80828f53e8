"""Cases x systems -> one value for each measure, and what the values amount to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from eval.foreign import ForeignJudge
from eval.metrics import bootstrap_interval, percentile, recall_at_k, wilson_interval
from eval.model import Case, Judgement, Observed, Outcome
from eval.paired import paired_p_value
from eval.peers.port import Baseline
from eval.peers.stuffing import words_of
from eval.refusals import is_as_if_inside
from eval.runner import observe
from eval.system import System

FACTS = "key-fact recall"
SAME = ", at our words"
"""Ends the name of a measure that was taken with as many words as our answer has."""
SHARES = ("answered though unanswerable", "and as if inside")
MEASURES = (
    *(FACTS, FACTS + SAME, "vital-fact recall", "vital-fact recall" + SAME),
    *("words shown", "words shown" + SAME, "MRR", "recall@10", "nDCG@10", *SHARES),
)


@dataclass(frozen=True, slots=True)
class Scored:
    """One question: by system the measures that are defined for it, and the milliseconds."""

    case: Case
    values: Mapping[str, Mapping[str, float]]
    ms: Mapping[str, float]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Mean:
    """A mean over ``n`` questions with its 95 % interval."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """Ours against another system, question by question; ``gain`` above 0 is in our favour."""

    against: str
    measure: str
    n: int
    gain: float
    p: float


def ask_all(
    cases: Iterable[Case],
    ours: System | None,
    baselines: Mapping[str, Baseline],
    judge: ForeignJudge,
    name: str,
) -> tuple[Scored, ...]:
    """Ask every system every question; a system that fails shows nothing.

    With ``ours``, called ``name``, each baseline answers once more within the words of our answer.
    """
    return tuple(_asked(case, ours, baselines, judge, name) for case in cases)


def _asked(
    case: Case,
    ours: System | None,
    baselines: Mapping[str, Baseline],
    judge: ForeignJudge,
    name: str,
) -> Scored:
    observed: dict[str, Observed] = {}
    short: dict[str, Observed] = {}
    if ours is not None:
        observed[name] = short[name] = observe(case, ours)
    for system, baseline in baselines.items():
        observed[system] = observe(case, baseline)
        if ours is not None and observed[system].outcome is not None:
            short[system] = baseline.within(case.question, words_of(observed[name]))
    return Scored(
        case=case,
        values={
            system: values_of(judge, case, seen, short.get(system))
            for system, seen in observed.items()
        },
        ms={system: seen.elapsed_ms for system, seen in observed.items()},
        errors={system: seen.error for system, seen in observed.items() if seen.error},
    )


def values_of(
    judge: ForeignJudge, case: Case, observed: Observed, short: Observed | None
) -> Mapping[str, float]:
    """The measures of one answer that are defined for its question.

    ``short`` is the answer within our words, None where there is none.
    """
    judged = judge.judge(case, observed)
    relevant = frozenset[str]().union(*(judge.judge_of.carriers(f) for f in case.key_facts))
    values: dict[str, float | None] = {
        FACTS: judged.fact_recall,
        "vital-fact recall": judged.vital_recall,
        "MRR": judged.reciprocal_rank,
        "recall@10": recall_at_k(observed.ranking, relevant, 10) if relevant else None,
        "nDCG@10": judged.ndcg_at_10,
        "words shown": float(words_of(observed)) if case.key_facts else None,
        **_shares(judged),
    }
    if short is not None:
        judged = judge.judge(case, replace(short, ranking=observed.ranking))
        values[FACTS + SAME] = judged.fact_recall
        values["vital-fact recall" + SAME] = judged.vital_recall
        values["words shown" + SAME] = float(words_of(short)) if case.key_facts else None
    return {measure: value for measure, value in values.items() if value is not None}


def _shares(judged: Judgement) -> Mapping[str, float | None]:
    if set(judged.case.expect) != {Outcome.DECLINED}:
        return dict.fromkeys(SHARES)
    shown = judged.observed.outcome in (Outcome.ANSWERED, Outcome.LIMITED)
    return dict(zip(SHARES, (float(shown), float(is_as_if_inside(judged))), strict=True))


def splits_of(scored: Sequence[Scored]) -> Mapping[str, tuple[Scored, ...]]:
    """The questions of each split that are not all of them, then all."""
    parts = {s: tuple(q for q in scored if q.case.split == s) for s in ("dev", "test")}
    some = {name: part for name, part in parts.items() if part and len(part) < len(scored)}
    return {**some, "all": tuple(scored)}


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


def compared(scored: Sequence[Scored], ours: str, against: str) -> tuple[Comparison, ...]:
    """Ours against another system on key-fact recall, at its default and at our words."""
    return tuple(
        Comparison(against=against, measure=measure, n=len(pairs), gain=_gain(pairs), p=p)
        for measure in (FACTS, FACTS + SAME)
        if (pairs := _pairs(scored, ours, against, measure))
        for p in [paired_p_value([a for a, _ in pairs], [b for _, b in pairs])]
    )


def _pairs(
    scored: Sequence[Scored], ours: str, against: str, measure: str
) -> list[tuple[float, float]]:
    both = ((q.values[ours], q.values[against]) for q in scored)
    return [(a[measure], b[measure]) for a, b in both if measure in a and measure in b]


def _gain(pairs: Sequence[tuple[float, float]]) -> float:
    return sum(a - b for a, b in pairs) / len(pairs)


def times_of(scored: Sequence[Scored]) -> Mapping[str, Mapping[str, float]]:
    """Median and 95th percentile of the milliseconds that each system took for a question."""
    systems = scored[0].ms if scored else ()
    times = {system: [q.ms[system] for q in scored] for system in systems}
    return {
        system: {"p50": percentile(ms, 50), "p95": percentile(ms, 95)}
        for system, ms in times.items()
    }
