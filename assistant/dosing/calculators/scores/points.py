"""Sum of points, with what the source prints about the sum and what unknown items leave open."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.calculators.inputs import Answers
from assistant.dosing.calculators.result import Line
from assistant.dosing.calculators.scores.conditions import holds, inputs_of
from assistant.dosing.calculators.scores.model import Category, Item, Points, PrintedTable
from assistant.dosing.calculators.scores.outcome import Outcome


def points_outcome(points: Points, answers: Answers) -> Outcome | Refusal:
    """The sum; where items are unknown, the sum without them and with all their points.

    Refuses MISSING for an unknown item that the score can't do without, and CONFLICT where
    the answers put an item into two categories.
    """
    lines: list[Line] = []
    unknown: list[Item] = []
    found: list[int] = []
    for item in points.items:
        category = category_of(item, answers)
        if isinstance(category, Refusal):
            return category
        if category is None:
            unknown.append(item)
            lines.append(Line(item.label, f"unknown: {item.least} of possible {item.most} points"))
        else:
            found.append(category.points)
            lines.append(Line(f"{item.label} ({category.label})", f"{category.points} points"))
    low = sum(found) + sum(item.least for item in unknown)
    high = sum(found) + sum(item.most for item in unknown)
    lines.append(Line("Sum", f"{' + '.join(str(p) for p in found)} = {sum(found)}"))
    names = [f"{item.without} ({item.least} of possible {item.most} points)" for item in unknown]
    scores = {f"{low} {', '.join(names)}".strip(): low}
    if unknown:
        scores[f"{high} with all {high - low} points of it"] = high
    said = [_said(points, name if unknown else "", value) for name, value in scores.items()]
    return Outcome(
        lines=tuple(lines),
        value=Decimal(low),
        conclusion=" ".join(said),
        notes=(points.cutoff.note,) if points.cutoff and points.cutoff.note else (),
    )


def category_of(item: Item, answers: Answers) -> Category | Refusal | None:
    """The one category into which the answers put an item; None when it may be unknown."""
    truths = [(category, holds(category.when, answers)) for category in item.categories]
    met = [category for category, truth in truths if truth]
    if len(met) == 1:
        return met[0]
    if met:
        labels = " and ".join(f"'{category.label}'" for category in met)
        return Refusal(
            RefusalCode.CONFLICT,
            f"{item.label}: the answers say {labels}. Give only one of them.",
        )
    if item.may_be_unknown:
        return None
    names = dict.fromkeys(n for c in item.categories for n in inputs_of(c.when))
    wanted = ", ".join(
        i.label for i in answers.inputs if i.id in names and answers.values.get(i.id) is None
    )
    return Refusal(RefusalCode.MISSING, f"{item.label}: {item.ask or f'give {wanted}'}.")


def printed_at(table: PrintedTable, score: Fraction) -> str:
    """What the source prints at a score, or at the two printed scores around it."""
    if score <= table.scores[0]:
        return table.values[0]
    if score >= table.scores[-1]:
        return table.values[-1]
    above = next(i for i, printed in enumerate(table.scores) if printed >= score)
    if table.scores[above] == score:
        return table.values[above]
    low, high = above - 1, above
    return (
        f"between {table.values[low]} (printed at {table.scores[low]}) and "
        f"{table.values[high]} (printed at {table.scores[high]})"
    )


def _said(points: Points, name: str, score: int) -> str:
    parts = []
    if points.cutoff:
        reached = score >= points.cutoff.at_least
        parts.append(points.cutoff.reached if reached else points.cutoff.not_reached)
    if points.printed:
        parts.append(f"{points.printed.label} {printed_at(points.printed, Fraction(score))}")
    words = "; ".join(parts)
    return f"{name}: {words}." if name else f"{words}."
