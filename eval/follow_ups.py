"""Judgements -> what follow-ups lose against the same questions in full, as Markdown.  (pure)"""

from __future__ import annotations

from collections.abc import Sequence

from eval.metrics import bootstrap_interval
from eval.model import Judgement


def render_follow_ups(judgements: Sequence[Judgement]) -> str:
    """A row for each file with such questions; empty where there is none."""
    asked = [j for j in judgements if j.recall_in_full is not None]
    if not asked:
        return ""
    lines = [
        "## Follow-ups",
        "",
        "Key-fact recall of the follow-up in its conversation, and of the same question in full "
        "without one. Paired; the interval is that of the difference.",
        "",
        "| questions | asked after another | asked in full | difference |",
        "|---|---|---|---|",
    ]
    for file in dict.fromkeys(j.case.file for j in asked):
        lines.append(_row(file, [j for j in asked if j.case.file == file]))
    return "\n".join(lines)


def _row(file: str, members: Sequence[Judgement]) -> str:
    after = [j.fact_recall or 0.0 for j in members]
    in_full = [j.recall_in_full or 0.0 for j in members]
    differences = [a - b for a, b in zip(after, in_full, strict=True)]
    low, high = bootstrap_interval(differences)
    count = len(members)
    means = (sum(values) / count for values in (after, in_full, differences))
    first, second, difference = means
    return (
        f"| {file} | {first:.3f} | {second:.3f} | {difference:+.3f} [{low:+.3f} to {high:+.3f}] "
        f"n={count} |"
    )
