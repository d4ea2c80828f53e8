"""A run -> Markdown and JSON. The same run gives the same bytes: no clock, no path.  (pure)"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from eval.dose_rates import render_dose_rates
from eval.follow_ups import render_follow_ups
from eval.metrics import counts_by, rate_text
from eval.model import Fate, Judgement, Outcome, RefusalClass, Run, Score
from eval.refusals import render_refusals
from eval.scores import TOTAL, UNWANTED, UNWANTED_BESIDE

WORST = 20
DECIMALS = 6

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


def render_report(run: Run, worst: int = WORST) -> str:
    """The whole report as Markdown."""
    table = {(score.group, score.metric): score for score in run.scores}
    rows = tuple(dict.fromkeys(score.group for score in run.scores))
    blocks = [
        "# Evaluation",
        "No language model judged anything here, and no clinician reviewed the key facts. Each "
        "cell: value, 95 % interval, number counted. A dash: nothing to count.",
        _failures(run),
        "## Finding passages",
        _table(rows, FINDING, table),
        "## Composing answers",
        _table(rows, ANSWERING, table),
        "## Answering and declining",
        _table(rows, OUTCOMES, table),
        _confusion(run.judgements),
        render_refusals(run.judgements),
        render_follow_ups(run.judgements),
        "## What must not happen",
        _unwanted(rows, UNWANTED, table),
        "## What stands behind and beside the sentences",
        _table(rows, BEHIND, table),
        _unwanted(rows, UNWANTED_BESIDE, table),
        render_dose_rates(run.dose_rates),
        "## Where key facts are lost",
        _losses(run.judgements),
        "## The worst items",
        _worst(run.judgements, worst),
        "## What was measured",
        _measured(run),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def render_json(run: Run) -> str:
    """Everything that was observed and scored, as JSON."""
    plain = {
        "command": run.command,
        "fingerprints": dict(run.fingerprints),
        "altered_documents": list(run.altered),
        "scores": [_score_json(score) for score in run.scores],
        "dose_rates": [asdict(rate) for rate in run.dose_rates],
        "cases": [_case_json(judgement) for judgement in run.judgements],
    }
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


# -------------------------------------------------------------------------------- tables


def _table(
    rows: Sequence[str], metrics: Sequence[str], table: Mapping[tuple[str, str], Score]
) -> str:
    lines = ["| questions | " + " | ".join(metrics) + " |", "|---" * (len(metrics) + 1) + "|"]
    for row in rows:
        scores = [table[row, metric] for metric in metrics]
        if any(score.n for score in scores):
            lines.append(f"| {_row(row)} | " + " | ".join(map(_cell, scores)) + " |")
    return "\n".join(lines)


def _cell(score: Score) -> str:
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


def _unwanted(
    rows: Sequence[str], metrics: Sequence[str], table: Mapping[tuple[str, str], Score]
) -> str:
    lines = ["| questions | " + " | ".join(metrics) + " |", "|---" * (len(metrics) + 1) + "|"]
    for row in rows:
        if ": " in row:
            continue
        scores = [table[row, metric] for metric in metrics]
        cells = (rate_text(score.events or 0, score.n) for score in scores)
        lines.append(f"| {_row(row)} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _confusion(judgements: Sequence[Judgement]) -> str:
    observed = [*map(str, Outcome), "failed"]
    pairs = [
        (" or ".join(map(str, j.case.expect)), str(j.observed.outcome or "failed"))
        for j in judgements
    ]
    counts = counts_by(pairs)
    lines = ["| right would be | " + " | ".join(observed) + " |", "|---" * 5 + "|"]
    for expected in sorted({pair[0] for pair in pairs}):
        cells = [str(counts.get((expected, outcome), 0)) for outcome in observed]
        lines.append(f"| {expected} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _losses(judgements: Sequence[Judgement]) -> str:
    fates = [(j.case.file, str(fate)) for j in judgements for _, fate in j.fates]
    counts = counts_by(fates)
    lines = ["| key facts of | " + " | ".join(map(str, Fate)) + " |", "|---" * 7 + "|"]
    for file in dict.fromkeys(file for file, _ in fates):
        cells = [str(counts.get((file, str(fate)), 0)) for fate in Fate]
        lines.append(f"| {file} | " + " | ".join(cells) + " |")
    return "\n".join(lines) if fates else "No question names a key fact."


# --------------------------------------------------------------------------------- items


def badness(judgement: Judgement) -> tuple[float, ...]:
    """Sort key: the worst item first."""
    return (
        -float(judgement.refusal is RefusalClass.FAILED),
        -float(len(judgement.unsupported) + len(judgement.forbidden)),
        -float(judgement.refusal is RefusalClass.WRONGLY_ANSWERED),
        judgement.fact_recall if judgement.fact_recall is not None else 1.0,
        -float(judgement.refusal is not RefusalClass.RIGHT),
        -float(len(judgement.missed)),
    )


def is_flawed(judgement: Judgement) -> bool:
    """Whether there is anything to say about an item."""
    return bool(
        judgement.refusal is not RefusalClass.RIGHT
        or judgement.missed
        or judgement.unsupported
        or judgement.unsupported_numbers
        or judgement.forbidden
    )


def _worst(judgements: Sequence[Judgement], count: int) -> str:
    flawed = [j for j in judgements if is_flawed(j)]
    hidden = sum(j.case.split == "test" for j in flawed)
    listed = sorted((j for j in flawed if j.case.split != "test"), key=badness)[:count]
    blocks = [_item(j) for j in listed]
    if hidden:
        blocks.append(
            f"{hidden} more of the test split are not listed: they are there to measure, not to "
            "tune on. `--json` holds them."
        )
    return "\n\n".join(blocks) or "None."


def _item(judgement: Judgement) -> str:
    case = judgement.case
    outcome = judgement.observed.outcome or "failed"
    question = " ".join(case.question.text.split())
    lines = [f"**{case.id}** ({case.section}) “{question}”: {outcome}"]
    if judgement.refusal is not RefusalClass.RIGHT:
        lines.append(f"- {judgement.refusal}")
    if judgement.observed.error:
        lines.append("- error: " + " ".join(judgement.observed.error.split()))
    if judgement.fates:
        shown = len(judgement.fates) - len(judgement.missed)
        lines.append(f"- key facts shown: {shown} of {len(judgement.fates)}")
    for fate in Fate:
        facts = [fact for fact, its_fate in judgement.missed if its_fate is fate]
        if facts:
            lines.append(f"- {fate}: {', '.join(facts)}")
    lines += [f"- unsupported: {text}" for text in judgement.unsupported]
    lines += [f"- unsupported number: {number}" for number in judgement.unsupported_numbers]
    lines += [f"- must not be said: {text}" for text in judgement.forbidden]
    return "\n".join(lines)


def _failures(run: Run) -> str:
    if not run.altered:
        return ""
    return "**Documents on disk differ from those loaded:** " + ", ".join(run.altered) + "."


def _measured(run: Run) -> str:
    lines = [f"- {name}: `{value}`" for name, value in run.fingerprints.items()]
    count = len(run.judgements)
    return "\n".join([f"- questions: {count}", *lines, f"- command: `{run.command}`"])


# ---------------------------------------------------------------------------------- JSON


def _score_json(score: Score) -> dict[str, Any]:
    return {
        "group": score.group,
        "metric": score.metric,
        "n": score.n,
        "events": score.events,
        "value": _rounded(score.value),
        "low": _rounded(score.low),
        "high": _rounded(score.high),
    }


def _case_json(judgement: Judgement) -> dict[str, Any]:
    case, observed = judgement.case, judgement.observed
    return {
        "id": case.id,
        "file": case.file,
        "section": case.section,
        "split": case.split,
        "question": case.question.text,
        "expect": [str(outcome) for outcome in case.expect],
        "outcome": str(observed.outcome) if observed.outcome else None,
        "class": str(judgement.refusal),
        "refusal": observed.refusal,
        "notices": list(observed.notices),
        "answerable": _rounded(observed.answerable),
        "error": observed.error,
        "recall@5": _rounded(judgement.recall_at_5),
        "reciprocal_rank": _rounded(judgement.reciprocal_rank),
        "ndcg@10": _rounded(judgement.ndcg_at_10),
        "vital_recall": _rounded(judgement.vital_recall),
        "key_facts_in_first_10": _rounded(judgement.facts_at_10),
        "key_fact_recall": _rounded(judgement.fact_recall),
        "key_fact_recall_in_full": _rounded(judgement.recall_in_full),
        "apt": _rounded(judgement.apt),
        "key_facts": {fact: str(fate) for fact, fate in judgement.fates},
        "retrieved": list(observed.ranking[:20]),
        "shown": [list(said.cites) for said in observed.said],
        "withheld": list(observed.withheld),
        "unsupported": list(judgement.unsupported),
        "numbers": judgement.numbers,
        "unsupported_numbers": list(judgement.unsupported_numbers),
        "must_not": list(judgement.forbidden),
        "support": asdict(judgement.support),
        "linked": asdict(judgement.linked),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, DECIMALS)


__all__ = ["TOTAL", "badness", "is_flawed", "render_json", "render_report"]
