"""The sections of the page on what was found and what was shown.  (pure)"""

from __future__ import annotations

from collections.abc import Sequence

from eval.charts import Bar, Series, bar_chart, line_chart
from eval.drawing import Axis
from eval.follow_ups import WHAT, follow_up_table
from eval.headline import HELD_OUT, Figure, Target, Targets, mean_figure, mean_of, recalls_at
from eval.markup import folded, paragraph, table
from eval.model import Judgement, Run
from eval.tables import ANSWERING, FINDING, OUTCOMES, recall_table, score_table

DEEPEST = 20  # the results keep 20 passages of a ranking
_SHARE = Axis("share of the relevant passages", low=0.0, high=1.0, percent=True)


def finding(run: Run, targets: Targets) -> str:
    """Recall@k over all, by split and by kind; the ranking measures of each file."""
    judgements = run.judgements
    blocks = [
        paragraph(
            "A passage is relevant when it carries a key fact of the question. With more than k "
            "relevant passages recall@k can't reach 100 %, as in many broad questions."
        )
    ]
    if recalls_at(judgements, 1):
        curves = _by_split(judgements) + _by_kind(judgements, targets)
        blocks += [f'<div class="figures">{curves}</div>', table(recall_table(judgements, targets))]
    else:
        blocks.append(paragraph("These results do not say which passages are relevant."))
    blocks.append(folded("Ranking measures of each file", table(score_table(run, FINDING))))
    return "".join(blocks)


def _by_split(judgements: Sequence[Judgement]) -> str:
    tuned = [j for j in judgements if j.case.split != HELD_OUT]
    held_out = [j for j in judgements if j.case.split == HELD_OUT]
    series = [
        _curve(name, members, band=True)
        for name, members in (("development questions", tuned), ("test split", held_out))
        if recalls_at(members, 1)
    ]
    return line_chart(
        key="recall-split",
        title="Recall@k: development questions and test split",
        description="Share of the relevant passages among the first k, k from 1 to 20, with 95 % "
        "intervals.",
        x=Axis("k: passages looked at", low=0.0, high=float(DEEPEST)),
        y=_SHARE,
        series=series,
        note="Bands: 95 % intervals, drawn over questions. The two hold different questions, so "
        "they differ by more than what was tuned.",
        points_at=3,
    )


def _by_kind(judgements: Sequence[Judgement], targets: Targets) -> str:
    series = [
        _curve(f"{name} ({len(recalls_at(members, 1)):,})", members, band=False)
        for name, members in targets.by_kind(judgements).items()
        if recalls_at(members, 1)
    ]
    return line_chart(
        key="recall-kind",
        title="Recall@k by kind of question",
        description="Share of the relevant passages among the first k, k from 1 to 20, one line "
        "for each kind of question.",
        x=Axis("k: passages looked at", low=0.0, high=float(DEEPEST)),
        y=_SHARE,
        series=series,
        note="In brackets: questions with a relevant passage. Intervals stand in the table below.",
        points_at=3,
    )


def _curve(name: str, members: Sequence[Judgement], *, band: bool) -> Series:
    depths = range(1, DEEPEST + 1)
    if not band:
        means = [(float(k), _mean(recalls_at(members, k))) for k in depths]
        return Series(name, tuple(means))
    found = [(float(k), mean_figure(recalls_at(members, k))) for k in depths]
    known = [(k, figure) for k, figure in found if figure is not None]
    return Series(
        name,
        tuple((k, figure.value) for k, figure in known),
        tuple((figure.low, figure.high) for _, figure in known),
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else float("nan")


def answering(run: Run, targets: Targets) -> str:
    """Key facts shown by kind, vital ones, and the measures of an answer for each file."""
    wanted = {target.measure: target for target in targets.targets}
    charts = "".join(
        _facts(key, measure, what, run.judgements, targets, wanted.get(measure))
        for key, measure, what in (
            ("key-facts", "key-fact recall", "key facts that the answer shows"),
            ("vital-facts", "vital-fact recall", "vital key facts that the answer shows"),
        )
    )
    follow_ups = follow_up_table(run.judgements)
    return "".join(
        (
            paragraph(
                "Vital are the key facts without which an answer is unsafe or useless; not "
                "every file names them. How much an answer holds beside the key facts stands "
                "in the table as apt and irrelevant statements."
            ),
            f'<div class="figures">{charts}</div>' if charts else "",
            folded("Measures of an answer for each file", table(score_table(run, ANSWERING))),
            folded("Outcome and citations for each file", table(score_table(run, OUTCOMES))),
            "<h3>Follow-ups</h3>" + paragraph(WHAT) + table(follow_ups) if follow_ups.rows else "",
        )
    )


def _facts(
    key: str,
    measure: str,
    what: str,
    judgements: Sequence[Judgement],
    targets: Targets,
    target: Target | None,
) -> str:
    rows = [
        (name, mean_of(measure, members)) for name, members in targets.by_kind(judgements).items()
    ]
    held_out = [j for j in judgements if j.case.split == HELD_OUT]
    rows += [
        ("test split only", mean_of(measure, held_out)),
        ("all questions", mean_of(measure, judgements)),
    ]
    bars = [_bar(name, figure) for name, figure in rows if figure is not None]
    if not bars:
        return ""
    return bar_chart(
        key=key,
        title=f"{measure[0].upper()}{measure[1:]} by kind of question",
        description=f"Share of the {what}, mean over questions, with 95 % intervals.",
        axis=Axis("share shown, mean over questions", low=0.0, high=1.0, percent=True),
        bars=bars,
        wanted=target.at_least if target else None,
        note="Whiskers: 95 % intervals (bootstrap over questions).",
    )


def _bar(name: str, figure: Figure) -> Bar:
    return Bar(name, figure.value, figure.low, figure.high, f"{figure.n:,} questions")
