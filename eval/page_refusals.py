"""The sections of the page on knowing when not to answer, and on verdicts.  (pure)"""

from __future__ import annotations

from collections.abc import Sequence

from eval.answerability import auroc_interval, calibration_error, errors_at, reliability, roc
from eval.charts import Series, heat_map, line_chart
from eval.drawing import Axis
from eval.headline import HELD_OUT
from eval.markup import Table, items, paragraph, table
from eval.metrics import false_positives_at, rate_text
from eval.model import BY_RULE, Judgement, Outcome, RefusalClass
from eval.refusals import (
    KEPT,
    answerable_scores,
    class_rows,
    outcome_counts,
    said_counts,
)
from eval.tables import OBSERVED, outcome_counts_by, verdicts_of_classes

THRESHOLDS = tuple(step / 4 for step in range(-24, 33))
"""Of the curve of both errors, in logits."""
_APART = 0.01  # how far two drawn points of the ROC are apart at least
_SHARE = Axis("share of the questions", low=0.0, high=1.0, percent=True)


def refusals(judgements: Sequence[Judgement]) -> str:
    """What was wrongly declined and wrongly answered, the three curves, and the classes."""
    counts = Table(
        ("questions", "how often, with the 95 % interval"),
        tuple((name, rate_text(k, n)) for name, k, n in outcome_counts(judgements)),
    )
    blocks = [
        paragraph(
            "There are three states: declined; the nearest statements, shown below the words that "
            "the library may not answer; answered. Whether a question may only be declined was "
            "written down by its author beforehand."
        ),
        table(counts),
        _curves(judgements),
    ]
    classes = class_rows(judgements)
    if len(classes) > 1:
        columns = ("class", "questions", "right outcome", *map(str, Outcome))
        blocks += ["<h3>By class of question</h3>", table(Table(columns, classes))]
    said = said_counts(judgements)
    blocks.append(items([f"{name}: {k} of {n}" for name, k, n in said]))
    return "".join(blocks)


def _curves(judgements: Sequence[Judgement]) -> str:
    inside, outside = answerable_scores(judgements)
    if not inside or not outside:
        return paragraph("Both answerable and other questions are needed to draw the curves.")
    found = auroc_interval(inside, outside)
    rate = false_positives_at(inside, outside, KEPT)
    area = f"AUROC {found[0]:.3f} [{found[1]:.3f}–{found[2]:.3f}]. " if found else ""
    head = (
        f"{area}Where {100 * KEPT:.0f} % of the {len(inside):,} answerable questions are kept, "
        f"{100 * rate:.1f} % of the {len(outside):,} others are (FPR@95)."
    )
    drawn = _errors(inside, outside) + _roc(judgements) + _reliability(inside, outside)
    return paragraph(head) + f'<div class="figures">{drawn}</div>'


def _errors(inside: Sequence[float], outside: Sequence[float]) -> str:
    both = [(t, errors_at(inside, outside, t)) for t in THRESHOLDS]
    return line_chart(
        key="refusal-curve",
        title="Both errors at each threshold of answerability",
        description="Share of the answerable questions below the threshold, and share of the "
        "others at or above it, over thresholds in logits.",
        x=Axis("threshold, in logits"),
        y=_SHARE,
        series=(
            Series("answerable, below it: doubted or declined", tuple((t, e[0]) for t, e in both)),
            Series("not answerable, at or above it", tuple((t, e[1]) for t, e in both)),
        ),
        note="A higher threshold answers fewer questions from outside the library, and doubts more "
        "from inside it.",
        points_at=8,
    )


def _roc(judgements: Sequence[Judgement]) -> str:
    tuned = [j for j in judgements if j.case.split != HELD_OUT]
    held_out = [j for j in judgements if j.case.split == HELD_OUT]
    curves = [
        Series(name, thinned(roc(*answerable_scores(members))))
        for name, members in (("development questions", tuned), ("test split", held_out))
    ]
    return line_chart(
        key="roc",
        title="Receiver operating characteristic",
        description="Share of the answerable questions kept against the share of the others kept, "
        "over all thresholds. The diagonal is chance.",
        x=Axis("share of the others kept", low=0.0, high=1.0, percent=True),
        y=Axis("share of the answerable kept", low=0.0, high=1.0, percent=True),
        series=[curve for curve in curves if curve.points],
        diagonal=True,
        note="Dotted: chance. The score was fitted on development questions.",
        points_at=12,
    )


def thinned(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    """A curve without points that no eye tells from the one before; its ends are kept."""
    kept: list[tuple[float, float]] = []
    for at, point in enumerate(points):
        last = at == len(points) - 1
        if (
            not kept
            or last
            or max(abs(a - b) for a, b in zip(kept[-1], point, strict=True)) >= (_APART)
        ):
            kept.append(point)
    return tuple(kept)


def _reliability(inside: Sequence[float], outside: Sequence[float]) -> str:
    judged = [score for score in inside if score > BY_RULE]
    others = [score for score in outside if score > BY_RULE]
    by_rule = len(inside) + len(outside) - len(judged) - len(others)
    bins = reliability(judged, others)
    filled = [b for b in bins if b.predicted is not None and b.observed is not None and b.interval]
    error = calibration_error(bins)
    counts = ", ".join(f"{b.count:,}" for b in bins)
    said = f"Expected calibration error {error:.3f}. " if error is not None else ""
    return line_chart(
        key="reliability",
        title="Predicted and observed answerability",
        description="Observed share of answerable questions against the mean predicted "
        "probability, in ten bins, with 95 % intervals. The diagonal is perfect calibration.",
        x=Axis("predicted probability", low=0.0, high=1.0, percent=True),
        y=Axis("observed share that the library answers", low=0.0, high=1.0, percent=True),
        series=(
            Series(
                "observed",
                tuple((b.predicted or 0.0, b.observed or 0.0) for b in filled),
                tuple(b.interval for b in filled if b.interval),
            ),
        ),
        diagonal=True,
        note=f"{said}Questions in the ten bins, from 0 to 100 %: {counts}. {by_rule:,} that a rule "
        "declines have no probability and are left out. True of this mix of questions alone: a "
        "ward asks another.",
    )


def outcomes(judgements: Sequence[Judgement]) -> str:
    """Two matrices: right outcome against observed one, class of question against verdict."""
    verdicts = verdicts_of_classes(judgements)
    expected = outcome_counts_by(judgements)
    right = frozenset(
        (row, column)
        for row, (name, _) in enumerate(expected)
        for column, outcome in enumerate(OBSERVED)
        if outcome in name.split(" or ")
    )
    matrices = heat_map(
        key="confusion",
        title="Outcome: what would be right, and what was observed",
        description="Counts of questions: rows are the outcomes that would be right, columns the "
        "outcome observed. Outlined cells are right.",
        corner="right would be",
        columns=OBSERVED,
        rows=expected,
        outlined=right,
        note="Outlined: right. In brackets: share of the row.",
    )
    if len(verdicts) > 1:
        matrices += heat_map(
            key="verdicts",
            title="Verdict by class of question",
            description="Counts of questions: rows are the classes of question, columns how the "
            "outcome compares with the right one. The first column is right.",
            corner="class of question",
            columns=tuple(map(str, RefusalClass)),
            rows=verdicts,
            outlined=frozenset((row, 0) for row in range(len(verdicts))),
            note="Outlined: right. In brackets: share of the row.",
        )
    return matrices
