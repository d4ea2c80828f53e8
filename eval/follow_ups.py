"""Judgements -> what follow-ups lose against the same questions in full, as Markdown.  (pure)"""

from __future__ import annotations

from collections.abc import Sequence

from eval.markup import Table
from eval.metrics import bootstrap_interval
from eval.model import Judgement

WHAT = (
    "Key-fact recall of the follow-up in its conversation, and of the same question in full "
    "without one. Paired; the interval is that of the difference."
)


def render_follow_ups(judgements: Sequence[Judgement]) -> str:
    """A row for each file with such questions; empty where there is none."""
    found = follow_up_table(judgements)
    return f"## Follow-ups\n\n{WHAT}\n\n{found.markdown()}" if found.rows else ""


def follow_up_table(judgements: Sequence[Judgement]) -> Table:
    """A row for each file whose follow-ups were asked in full as well; it may have none."""
    asked = [j for j in judgements if j.recall_in_full is not None]
    files = dict.fromkeys(j.case.file for j in asked)
    rows = tuple(_row(file, [j for j in asked if j.case.file == file]) for file in files)
    return Table(("questions", "asked after another", "asked in full", "difference"), rows)


def _row(file: str, members: Sequence[Judgement]) -> tuple[str, ...]:
    after = [j.fact_recall or 0.0 for j in members]
    in_full = [j.recall_in_full or 0.0 for j in members]
    differences = [a - b for a, b in zip(after, in_full, strict=True)]
    low, high = bootstrap_interval(differences)
    count = len(members)
    means = (sum(values) / count for values in (after, in_full, differences))
    first, second, difference = means
    said = f"{difference:+.3f} [{low:+.3f} to {high:+.3f}] n={count}"
    return file, f"{first:.3f}", f"{second:.3f}", said
