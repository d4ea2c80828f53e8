"""Judgements -> scores with counts and intervals, for each group and in total.  (pure)"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from eval.metrics import bootstrap_interval, wilson_interval
from eval.model import Judgement, Outcome, RefusalClass, Score

TOTAL = "all questions"

Mean = Callable[[Judgement], float | None]
Rate = Callable[[Judgement], tuple[int, int]]  # events, and out of how many

MEANS: Mapping[str, Mean] = {
    "recall@1": lambda j: j.recall_at_1,
    "recall@5": lambda j: j.recall_at_5,
    "recall@10": lambda j: j.recall_at_10,
    "MRR": lambda j: j.reciprocal_rank,
    "nDCG@10": lambda j: j.ndcg_at_10,
    "key facts in first 10": lambda j: j.facts_at_10,
    "key-fact recall": lambda j: j.fact_recall,
    "vital-fact recall": lambda j: j.vital_recall,
    "apt statements": lambda j: j.apt,
    "statements shown": lambda j: float(len(j.observed.said)) if j.case.key_facts else None,
}


def _complete(j: Judgement) -> tuple[int, int]:
    return (int(j.fact_recall == 1), 1) if j.fact_recall is not None else (0, 0)


def _cited(j: Judgement) -> tuple[int, int]:
    shown = len(j.observed.said)
    return shown - len(j.unsupported), shown


def _precise(j: Judgement) -> tuple[int, int]:
    return j.support.citations - len(j.support.idle), j.support.citations


def _covered(j: Judgement) -> tuple[int, int]:
    shown = len(j.observed.said)
    return shown - len(j.support.uncovered), shown


def _both_sides(j: Judgement) -> tuple[int, int]:
    """Answers, not disagreements: one that leaves a side out counts as one-sided."""
    if not j.linked.differences:
        return 0, 0
    return int(not j.linked.one_sided), 1


def _declined(j: Judgement) -> tuple[int, int]:
    if set(j.case.expect) != {Outcome.DECLINED}:
        return 0, 0
    return int(j.refusal is RefusalClass.RIGHT), 1


def _not_declined(j: Judgement) -> tuple[int, int]:
    if Outcome.DECLINED in j.case.expect:
        return 0, 0
    return int(j.observed.outcome in (Outcome.ANSWERED, Outcome.LIMITED)), 1


RATES: Mapping[str, Rate] = {
    "irrelevant statements": lambda j: (j.grades.count(0), len(j.grades)),
    "complete answers": _complete,
    "right outcome": lambda j: (int(j.refusal is RefusalClass.RIGHT), 1),
    "declined when it should": _declined,
    "answered when it should": _not_declined,
    "citation support": _cited,
    "citation precision": _precise,
    "citation recall": _covered,
    "both sides linked": _both_sides,
    "whole statements": lambda j: (len(j.observed.said) - len(j.cut), len(j.observed.said)),
    # Unwanted events, from here on.
    "unsupported sentences": lambda j: (len(j.unsupported), len(j.observed.said)),
    "unsupported numbers": lambda j: (len(j.unsupported_numbers), j.numbers),
    "altered quotes": lambda j: (len(j.support.altered), j.support.references),
    "doses outside the ledger": lambda j: (len(j.support.outside_ledger), j.support.quantities),
    "ledger outside its source": lambda j: (len(j.support.outside_source), j.support.entries),
    "omitted companions": lambda j: (len(j.linked.omitted), j.linked.companions),
    "omitted, drug asked about": lambda j: (
        len(j.linked.omitted_on_asked),
        j.linked.on_asked,
    ),
    "must-not sentences": lambda j: (
        len(j.forbidden),
        len(j.observed.said) if j.case.must_not else 0,
    ),
    "failed questions": lambda j: (int(j.observed.outcome is None), 1),
}
UNWANTED = (
    "unsupported sentences",
    "unsupported numbers",
    "must-not sentences",
    "failed questions",
)
UNWANTED_BESIDE = (
    "altered quotes",
    "doses outside the ledger",
    "ledger outside its source",
    "omitted companions",
    "omitted, drug asked about",
)


def groups(judgements: Sequence[Judgement]) -> Mapping[str, tuple[Judgement, ...]]:
    """The rows of a report: each file's groups, each file, and everything.

    A file of a single group has one row, and a single file needs no row for everything.
    """
    files: dict[str, dict[str, list[Judgement]]] = {}
    for judgement in judgements:
        rows = files.setdefault(judgement.case.file, {})
        rows.setdefault(judgement.case.group, []).append(judgement)
    result: dict[str, tuple[Judgement, ...]] = {}
    for file, rows in files.items():
        if len(rows) > 1:
            for group, members in rows.items():
                result[f"{file}: {group}"] = tuple(members)
        result[file] = tuple(j for members in rows.values() for j in members)
    if len(files) > 1:
        result[TOTAL] = tuple(judgements)
    return result


def score(judgements: Sequence[Judgement]) -> tuple[Score, ...]:
    """Every metric over every group, in the order of the report."""
    return tuple(
        result
        for group, members in groups(judgements).items()
        for result in (
            *(_mean(group, name, measure, members) for name, measure in MEANS.items()),
            *(_rate(group, name, measure, members) for name, measure in RATES.items()),
        )
    )


def _mean(group: str, metric: str, measure: Mean, members: Sequence[Judgement]) -> Score:
    values = [value for value in map(measure, members) if value is not None]
    if not values:
        return Score(group=group, metric=metric, n=0, events=None, value=None, low=None, high=None)
    low, high = bootstrap_interval(values)
    mean = sum(values) / len(values)
    return Score(
        group=group, metric=metric, n=len(values), events=None, value=mean, low=low, high=high
    )


def _rate(group: str, metric: str, measure: Rate, members: Sequence[Judgement]) -> Score:
    pairs = [measure(member) for member in members]
    events, n = sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs)
    if n == 0:
        return Score(group=group, metric=metric, n=0, events=0, value=None, low=None, high=None)
    low, high = wilson_interval(events, n)
    return Score(
        group=group, metric=metric, n=n, events=events, value=events / n, low=low, high=high
    )
