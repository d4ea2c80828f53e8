"""A run -> Markdown and JSON. The same run gives the same bytes: no clock, no path.  (pure)"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from eval.dose_rates import render_dose_rates
from eval.follow_ups import render_follow_ups
from eval.headline import HELD_OUT, headlines, load_targets, summary_table
from eval.model import Fate, Judgement, RefusalClass, Run, Score
from eval.refusals import render_refusals
from eval.scores import UNWANTED, UNWANTED_BESIDE
from eval.tables import (
    ANSWERING,
    BEHIND,
    FINDING,
    OBSERVED,
    OUTCOMES,
    counted,
    losses_by_file,
    outcome_counts_by,
    recall_table,
    score_table,
    unwanted_table,
)

WORST = 20
DECIMALS = 6
HIDDEN = "more of the test split are not listed: they are there to measure, not to tune on."
NO_FACTS = "No question names a key fact."


def render_report(run: Run, worst: int = WORST) -> str:
    """The whole report as Markdown. Raises DataError where the targets can't be read."""
    targets = load_targets()
    judgements = run.judgements
    recalls = recall_table(judgements, targets)
    losses = losses_by_file(judgements)
    blocks = [
        "# Evaluation",
        "No language model judged anything here, and no clinician reviewed the key facts. Each "
        "cell: value, 95 % interval, number counted. A dash: nothing to count.",
        _failures(run),
        "## Summary",
        summary_table(headlines(judgements, targets)).markdown(),
        "## Finding passages",
        score_table(run, FINDING).markdown(),
        recalls.markdown() if recalls.rows else "",
        "## Composing answers",
        score_table(run, ANSWERING).markdown(),
        "## Answering and declining",
        score_table(run, OUTCOMES).markdown(),
        counted(("right would be", *OBSERVED), outcome_counts_by(judgements)).markdown(),
        render_refusals(judgements),
        render_follow_ups(judgements),
        "## What must not happen",
        unwanted_table(run, UNWANTED).markdown(),
        _beside(run),
        render_dose_rates(run.dose_rates),
        "## Where key facts are lost",
        counted(("key facts of", *map(str, Fate)), losses).markdown() if losses else NO_FACTS,
        "## The worst items",
        _worst(judgements, worst),
        "## What was measured",
        _measured(run),
    ]
    return "\n\n".join(block for block in blocks if block) + "\n"


def _beside(run: Run) -> str:
    """Citations, the ledger and what is linked; empty for kept results from before these."""
    tables = (score_table(run, BEHIND), unwanted_table(run, UNWANTED_BESIDE))
    blocks = [table.markdown() for table in tables if table.rows]
    heading = "## What stands behind and beside the sentences"
    return "\n\n".join([heading, *blocks]) if blocks else ""


def render_json(run: Run) -> str:
    """Everything that was observed and scored, as JSON."""
    plain = {
        "command": run.command,
        "fingerprints": dict(run.fingerprints),
        "altered_documents": list(run.altered),
        "scores": [_score_json(score) for score in run.scores],
        "dose_rates": [asdict(rate) for rate in run.dose_rates],
        "cases": [_case_json(judgement) for judgement in run.judgements],
        "passages": dict(run.passages),
    }
    return json.dumps(plain, ensure_ascii=False, indent=1) + "\n"


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


def worst_items(judgements: Sequence[Judgement], count: int) -> tuple[tuple[Judgement, ...], int]:
    """The worst items, worst first, and how many flawed ones of the test split are held back."""
    flawed = [j for j in judgements if is_flawed(j)]
    shown = sorted((j for j in flawed if j.case.split != HELD_OUT), key=badness)
    return tuple(shown[:count]), sum(j.case.split == HELD_OUT for j in flawed)


def passages_of(judgements: Sequence[Judgement]) -> tuple[str, ...]:
    """Ids of the passages that their answers show, and of those that carry what was missed."""
    found: dict[str, None] = {}
    for judgement in judgements:
        carriers = dict(judgement.carriers)
        found.update((id_, None) for said in judgement.observed.said for id_ in said.cites)
        found.update((id_, None) for fact, _ in judgement.missed for id_ in carriers.get(fact, ()))
    return tuple(sorted(found))


def _worst(judgements: Sequence[Judgement], count: int) -> str:
    listed, hidden = worst_items(judgements, count)
    blocks = [_item(j) for j in listed]
    if hidden:
        blocks.append(f"{hidden} {HIDDEN} `--json` holds them.")
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
        "asked": str(case.refusal or ""),
        "refusal": observed.refusal,
        "notices": list(observed.notices),
        "offered": list(observed.offered),
        "answerable": _rounded(observed.answerable),
        "error": observed.error,
        "recall@1": _rounded(judgement.recall_at_1),
        "recall@5": _rounded(judgement.recall_at_5),
        "recall@10": _rounded(judgement.recall_at_10),
        "reciprocal_rank": _rounded(judgement.reciprocal_rank),
        "ndcg@10": _rounded(judgement.ndcg_at_10),
        "vital_recall": _rounded(judgement.vital_recall),
        "key_facts_in_first_10": _rounded(judgement.facts_at_10),
        "key_fact_recall": _rounded(judgement.fact_recall),
        "key_fact_recall_in_full": _rounded(judgement.recall_in_full),
        "apt": _rounded(judgement.apt),
        "key_facts": {fact: str(fate) for fact, fate in judgement.fates},
        "carriers": {fact: list(ids) for fact, ids in judgement.carriers},
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
