"""Judgements and scores -> the tables that the Markdown report and the page share.  (pure)"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.headline import HELD_OUT, Targets, mean_figure, recalls_at
from eval.markup import Table
from eval.metrics import counts_by, rate_text
from eval.model import Fate, Judgement, Outcome, RefusalClass, Run, Score
from eval.scores import TOTAL

FINDING = ("recall@1", "recall@5", "recall@10", "MRR", "nDCG@10", "key facts in first 10")
ANSWERING = (
    "key-fact recall",
    "vital-fact recall",
    "complete answers",
    "apt statements",
    "irrelevant statements",
    "statements shown",
)
OUTCOMES = (
    "right outcome",
    "answered when it should",
    "declined when it should",
    "citation support",
)
BEHIND = ("citation precision", "citation recall", "both sides linked")
DEPTHS = (1, 3, 5, 10, 20)
"""The k of the table of recall@k; the results keep 20 passages of a ranking."""
FAILED = "failed"
OBSERVED = (*map(str, Outcome), FAILED)


def score_table(run: Run, metrics: Sequence[str]) -> Table:
    """The scores of each group of questions; a group without any of them is left out.

    So is a metric that the run was not scored by: kept results may be of an earlier version.
    """
    scores = by_group(run)
    known = {metric for _, metric in scores}
    metrics = [metric for metric in metrics if metric in known]
    rows = []
    for group in groups_of(run):
        found = [scores[group, metric] for metric in metrics]
        if any(score.n for score in found):
            rows.append((_row(group), *map(score_text, found)))
    return Table(("questions", *metrics), tuple(rows))


def by_group(run: Run) -> Mapping[tuple[str, str], Score]:
    """The scores by group and metric."""
    return {(score.group, score.metric): score for score in run.scores}


def groups_of(run: Run) -> tuple[str, ...]:
    """The groups in the order of the report."""
    return tuple(dict.fromkeys(score.group for score in run.scores))


def score_text(score: Score) -> str:
    """Value, 95 % interval and what it was counted over; a dash where nothing was."""
    if score.value is None or score.low is None or score.high is None:
        return "–"
    if score.events is not None:
        percent = f"{100 * score.value:.1f} % [{100 * score.low:.1f}–{100 * score.high:.1f}]"
        return f"{percent} {score.events}/{score.n}"
    decimals = 1 if score.metric == "statements shown" else 3
    low, value, high = (f"{x:.{decimals}f}" for x in (score.low, score.value, score.high))
    return f"{value} [{low}–{high}] n={score.n}"


def _row(group: str) -> str:
    return f"**{group}**" if ": " not in group else group


def recall_table(judgements: Sequence[Judgement], targets: Targets) -> Table:
    """recall@k for each kind of question, the test split, and everything; may have no row."""
    kinds: dict[str, Sequence[Judgement]] = dict(targets.by_kind(judgements))
    kinds["test split only"] = [j for j in judgements if j.case.split == HELD_OUT]
    kinds[f"**{TOTAL}**"] = judgements
    rows = []
    for name, members in kinds.items():
        figures = [mean_figure(recalls_at(members, k)) for k in DEPTHS]
        if all(figures):
            cells = [f"{f.value:.3f} [{f.low:.3f}–{f.high:.3f}]" for f in figures if f]
            rows.append((name, f"{len(recalls_at(members, 1)):,}", *cells))
    return Table(("questions", "n", *(f"recall@{k}" for k in DEPTHS)), tuple(rows))


def unwanted_table(run: Run, metrics: Sequence[str]) -> Table:
    """What must not happen, for each file and in all, by the rule of three where it did not.

    A metric that the run was not scored by is left out, as in ``score_table``; without any there
    is no row.
    """
    scores = by_group(run)
    known = {metric for _, metric in scores}
    metrics = [metric for metric in metrics if metric in known]
    rows = []
    for group in groups_of(run):
        if metrics and ": " not in group:
            found = [scores[group, metric] for metric in metrics]
            rows.append((_row(group), *(rate_text(s.events or 0, s.n) for s in found)))
    return Table(("questions", *metrics), tuple(rows))


def outcome_counts_by(judgements: Sequence[Judgement]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """For each set of right outcomes, how often each of ``OBSERVED`` was observed."""
    pairs = [
        (" or ".join(map(str, j.case.expect)), str(j.observed.outcome or FAILED))
        for j in judgements
    ]
    counts = counts_by(pairs)
    return tuple(
        (expected, tuple(counts.get((expected, outcome), 0) for outcome in OBSERVED))
        for expected in sorted({pair[0] for pair in pairs})
    )


def verdicts_of_classes(judgements: Sequence[Judgement]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """For each class of question, how often each ``RefusalClass`` was the verdict."""
    pairs = [(str(j.case.refusal or "none of them"), str(j.refusal)) for j in judgements]
    counts = counts_by(pairs)
    return tuple(
        (name, tuple(counts.get((name, str(verdict)), 0) for verdict in RefusalClass))
        for name in sorted({pair[0] for pair in pairs})
    )


def losses_by_file(judgements: Sequence[Judgement]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    """For each file, how many of its key facts met each ``Fate``."""
    fates = [(j.case.file, str(fate)) for j in judgements for _, fate in j.fates]
    counts = counts_by(fates)
    return tuple(
        (file, tuple(counts.get((file, str(fate)), 0) for fate in Fate))
        for file in dict.fromkeys(file for file, _ in fates)
    )


def counted(columns: Sequence[str], rows: Sequence[tuple[str, Sequence[int]]]) -> Table:
    """Counts under their names, as a table."""
    return Table(tuple(columns), tuple((name, *map(str, counts)) for name, counts in rows))
