"""Judgements -> how well it is known when not to answer, in classes, as Markdown.  (pure)"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from eval.answerability import auroc_interval
from eval.markup import Table
from eval.metrics import Scores, auroc, bootstrap_of_two, false_positives_at, rate_text
from eval.model import Case, Judgement, Outcome, Refusal

KEPT = 0.95  # of the answerable questions, where the share of false answers is read
STEPS = tuple(step / 2 for step in range(-8, 9))  # thresholds of the curve, in logits
_BEYOND = frozenset({Refusal.NOT_IN_LIBRARY, Refusal.OUTSIDE_SCOPE})


def is_answerable(case: Case) -> bool | None:
    """Whether the library answers a question; None where its file leaves it open.

    Unanswerable is what may only be declined, and what the library lacks. An emergency that may
    be declined or answered is neither.
    """
    if Outcome.DECLINED not in case.expect:
        return True
    if case.refusal in _BEYOND or set(case.expect) == {Outcome.DECLINED}:
        return False
    return None


def render_refusals(judgements: Sequence[Judgement]) -> str:
    """The classes, the curve and the premises; empty where no question is of a class."""
    scored = [j for j in judgements if j.observed.answerable is not None]
    if not scored and not any(j.case.refusal for j in judgements):
        return ""
    blocks = ["## Knowing when not to answer", _outcomes(judgements), _curve(scored)]
    blocks += [_classes(judgements), _said(judgements)]
    return "\n\n".join(block for block in blocks if block)


def _outcomes(judgements: Sequence[Judgement]) -> str:
    return "\n".join(f"- {name}: {rate_text(k, n)}" for name, k, n in outcome_counts(judgements))


def outcome_counts(judgements: Sequence[Judgement]) -> tuple[tuple[str, int, int], ...]:
    """False refusals, and what lies outside the library and was answered as if inside.

    Each with its name, how often it happened and out of how many questions.
    """
    inside = [j for j in judgements if is_answerable(j.case)]
    outside = [j for j in judgements if is_answerable(j.case) is False]
    refused = sum(j.observed.outcome is Outcome.DECLINED for j in inside)
    as_inside = sum(map(is_as_if_inside, outside))
    shown_below = "something shown below words that say what it lacks"
    return (
        ("answerable and declined", refused, len(inside)),
        (
            "answerable, and shown below the words that the library may not answer",
            sum(map(_is_doubted, inside)),
            len(inside),
        ),
        ("outside the library and answered as if inside", as_inside, len(outside)),
        (f"outside the library, and {shown_below}", sum(map(_is_warned, outside)), len(outside)),
    )


def is_as_if_inside(judgement: Judgement) -> bool:
    """Whether something is shown, and no word above it says that the library may lack it."""
    shown = judgement.observed.outcome in (Outcome.ANSWERED, Outcome.LIMITED)
    return shown and not _is_warned(judgement)


def _is_warned(judgement: Judgement) -> bool:
    """Whether something is shown below the words that not all, or perhaps nothing, is there."""
    limited = judgement.observed.outcome is Outcome.LIMITED
    return limited and judgement.observed.refusal in (Refusal.NOT_IN_LIBRARY, Refusal.DOUBTFUL)


def _is_doubted(judgement: Judgement) -> bool:
    return judgement.observed.refusal == Refusal.DOUBTFUL


def _curve(scored: Sequence[Judgement]) -> str:
    """AUROC of the score that decides with its interval, and both errors at each threshold."""
    inside, outside = answerable_scores(scored)
    if not inside or not outside:
        return ""
    interval = auroc_interval(inside, outside)
    ends = f" [{interval[1]:.3f}–{interval[2]:.3f}]" if interval else ""
    least, most = bootstrap_of_two(_false_positives, inside, outside)
    head = (
        f"AUROC of answerability {auroc(inside, outside):.3f}{ends} "
        f"({len(inside)} answerable, {len(outside)} not); where {100 * KEPT:.0f} % of the "
        f"answerable are kept, {100 * _false_positives(inside, outside):.1f} % "
        f"[{100 * least:.1f}–{100 * most:.1f}] of the others are."
    )
    lines = ["| threshold | answerable below it | outside, at or above it |", "|---|---|---|"]
    for step in STEPS:
        below = sum(score < step for score in inside)
        above = sum(score >= step for score in outside)
        lines.append(f"| {step} | {below} of {len(inside)} | {above} of {len(outside)} |")
    return f"{head}\n\n" + "\n".join(lines)


def answerable_scores(judgements: Sequence[Judgement]) -> tuple[list[float], list[float]]:
    """The logits of the questions that the library answers, and those of the others."""
    scored = [(j.case, j.observed.answerable) for j in judgements]
    inside = [score for case, score in scored if score is not None and is_answerable(case)]
    outside = [
        score for case, score in scored if score is not None and is_answerable(case) is False
    ]
    return inside, outside


def _false_positives(inside: Scores, outside: Scores) -> float:
    return false_positives_at(inside, outside, KEPT)


def _classes(judgements: Sequence[Judgement]) -> str:
    rows = class_rows(judgements)
    if not rows:
        return ""
    columns = ("class", "questions", "right outcome", *map(str, Outcome))
    return Table(columns, rows).markdown()


def class_rows(judgements: Sequence[Judgement]) -> tuple[tuple[str, ...], ...]:
    """For each class that occurs: its name, how many questions, how many right, each outcome."""
    rows = []
    for name in [*map(str, Refusal), ""]:
        members = [j for j in judgements if str(j.case.refusal or "") == name]
        if members:
            right = sum(j.observed.outcome in j.case.expect for j in members)
            counts = [sum(j.observed.outcome is outcome for j in members) for outcome in Outcome]
            rows.append((name or "none of them", *map(str, (len(members), right, *counts))))
    return tuple(rows)


def _said(judgements: Sequence[Judgement]) -> str:
    return "\n".join(f"- {name}: {k} of {n}" for name, k, n in said_counts(judgements))


def said_counts(judgements: Sequence[Judgement]) -> tuple[tuple[str, int, int], ...]:
    """Whether what belongs to a class was said: premises corrected, values and help named.

    Each with its name, how often it was said and out of how many questions.
    """
    wrong = _of(judgements, Refusal.WRONG_PREMISE)
    others = [j for j in judgements if j.case.refusal is None and j.case.key_facts]
    measures: list[tuple[str, Sequence[Judgement], Callable[[Judgement], bool]]] = [
        (
            "wrong premises corrected: called wrong or put up for comparison, and a key fact shown",
            wrong,
            is_corrected,
        ),
        ("wrong premises called wrong", wrong, _is_called_wrong),
        ("wrong premises with a key fact shown", wrong, lambda j: bool(j.fact_recall)),
        ("questions without a class that were called wrong", others, _is_called_wrong),
        ("questions without a class that were put up for comparison", others, _is_compared),
        (
            "missing values named",
            _of(judgements, Refusal.MISSING_VALUE),
            lambda j: Refusal.MISSING_VALUE in j.observed.notices,
        ),
        (
            "emergencies with the call for help",
            _of(judgements, Refusal.EMERGENCY),
            lambda j: Refusal.EMERGENCY in (*j.observed.notices, j.observed.refusal),
        ),
    ]
    return tuple(
        (name, sum(map(holds, members)), len(members))
        for name, members, holds in measures
        if members
    )


def is_corrected(judgement: Judgement) -> bool:
    """Whether an answer does not let the premise stand, and shows what the library says."""
    held = _is_called_wrong(judgement) or _is_compared(judgement)
    return held and bool(judgement.fact_recall)


def _is_called_wrong(judgement: Judgement) -> bool:
    return judgement.observed.refusal == Refusal.WRONG_PREMISE


def _is_compared(judgement: Judgement) -> bool:
    return Refusal.UNCONFIRMED in judgement.observed.notices


def _of(judgements: Sequence[Judgement], refusal: Refusal) -> list[Judgement]:
    return [j for j in judgements if j.case.refusal is refusal]
