"""Cases x systems -> one value for each measure that a question has."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from eval.foreign import ForeignJudge
from eval.metrics import recall_at_k
from eval.model import Case, Judgement, Observed, Outcome
from eval.observing import observe
from eval.peers.port import Baseline
from eval.peers.stuffing import words_of
from eval.refusals import is_as_if_inside
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
        if ours is not None:
            failed = observed[system].outcome is None
            words = words_of(observed[name])
            short[system] = observed[system] if failed else baseline.within(case.question, words)
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
