"""A score and the answers -> its result, or why there is none. Knows no disease."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from assistant.dosing.calculators.decimals import display, plain, to_decimal
from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.calculators.inputs import Answers, read_answers
from assistant.dosing.calculators.result import Line, Result
from assistant.dosing.calculators.scores import totals
from assistant.dosing.calculators.scores.conditions import Truth, count, holds
from assistant.dosing.calculators.scores.model import (
    Criteria,
    Criterion,
    Cumulative,
    Cutoff,
    Equivalents,
    Linear,
    Points,
    Ratio,
    Score,
    Thresholds,
)
from assistant.dosing.calculators.scores.outcome import Outcome
from assistant.dosing.calculators.scores.points import points_outcome

_WORD: Mapping[Truth, str] = {True: "met", False: "not met", None: "unknown"}


def run_score(score: Score, given: Mapping[str, str]) -> Result | Refusal:
    """Read the answers, calculate, and return the result with its whole working."""
    answers = read_answers(score.inputs, given)
    if isinstance(answers, Refusal):
        return answers
    outcome = _outcome(score, answers)
    if isinstance(outcome, Refusal):
        return outcome
    return Result(
        calculator=score.id,
        label=score.label,
        formula=score.formula,
        inputs=answers.written(),
        lines=outcome.lines,
        value=outcome.value,
        places=score.places,
        unit=outcome.unit or score.unit,
        conclusion=outcome.conclusion,
        sources=score.sources,
        caveats=(*outcome.notes, *answers.absent_notes(), *score.caveats),
    )


def _outcome(score: Score, answers: Answers) -> Outcome | Refusal:
    match score.arithmetic:
        case Points() as points:
            return points_outcome(points, answers)
        case Criteria() as criteria:
            return _criteria(criteria, answers)
        case Linear() as linear:
            return _linear(linear, answers)
        case Thresholds() as thresholds:
            return _thresholds(thresholds, answers)
        case Ratio() as ratio:
            return _ratio(ratio, answers)
        case Cumulative() as cumulative:
            return totals.cumulative_outcome(cumulative, answers)
        case Equivalents() as equivalents:
            return _equivalents(equivalents, answers)


def _criteria(criteria: Criteria, answers: Answers) -> Outcome:
    total = len(criteria.criteria)
    entry = _judged(criteria.entry, answers)
    required = _judged(criteria.required, answers)
    alternatives = _judged(criteria.alternatives, answers)
    judged = _judged(criteria.criteria, answers)
    lines = (
        *(Line(c.label, _WORD[t]) for c, t in (*entry, *required, *alternatives)),
        *(Line(f"{n}. {c.label}", _WORD[t]) for n, (c, t) in enumerate(judged, 1)),
    )
    if any(truth is not True for _, truth in entry):
        return Outcome(lines=lines, conclusion=criteria.words.not_applicable)
    low, high = count(tuple(c.when for c in criteria.criteria), answers)
    unknown, failed = high - low, total - high
    summary = f"{low} of {total} met ({failed} not met, {unknown} unknown"
    summary += f"; maximum possible {high})" if unknown else ")"
    words = criteria.words
    must = [truth for _, truth in required]
    if any(t is True for _, t in alternatives) or (low >= criteria.needed and all(must)):
        conclusion = words.yes
    elif any(t is None for _, t in alternatives) or (high >= criteria.needed and False not in must):
        conclusion = words.open
    else:
        conclusion = words.no
    return Outcome(
        lines=lines,
        value=Decimal(low),
        unit=f"of {total} met",
        conclusion=f"{summary}. {conclusion}",
    )


def _judged(criteria: Sequence[Criterion], answers: Answers) -> tuple[tuple[Criterion, Truth], ...]:
    return tuple((c, holds(c.when, answers)) for c in criteria)


def _linear(linear: Linear, answers: Answers) -> Outcome:
    total = linear.constant
    lines = []
    for term in linear.terms:
        given = answers.values[term.input]
        if isinstance(given, bool):
            factor = Fraction(int(given))
        else:
            factor = answers.needed(term.input).value * term.scale
        product = term.coefficient * factor
        total += product
        label = next(item.label for item in answers.inputs if item.id == term.input)
        amount = f"{plain(factor)} {term.unit}".strip()
        lines.append(Line(label, f"{plain(term.coefficient)} × {amount} = {plain(product)}"))
    return Outcome(
        lines=tuple(lines), value=to_decimal(total), conclusion=said(linear.cutoff, total)
    )


def said(cutoff: Cutoff, value: Fraction) -> str:
    """What a source says of a value against its line."""
    return cutoff.reached if value >= cutoff.at_least else cutoff.not_reached


def _thresholds(thresholds: Thresholds, answers: Answers) -> Outcome:
    applies = _judged(thresholds.applies, answers)
    judged = _judged(thresholds.conditions, answers)
    lines = tuple(Line(c.label, _WORD[truth]) for c, truth in (*applies, *judged))
    if any(truth is not True for _, truth in applies):
        return Outcome(lines=lines, conclusion=thresholds.words.not_applicable)
    positive = all(truth is True for _, truth in judged)
    return Outcome(
        lines=lines, conclusion=thresholds.words.yes if positive else thresholds.words.no
    )


def _ratio(ratio: Ratio, answers: Answers) -> Outcome | Refusal:
    top, bottom = answers.needed(ratio.numerator), answers.needed(ratio.denominator)
    if not bottom.value:
        return Refusal(
            RefusalCode.IMPLAUSIBLE,
            f"{ratio.denominator} is 0: nothing can be divided by it. Check the value.",
        )
    value = to_decimal(top.value / bottom.value)
    return Outcome(
        lines=(Line("Ratio", f"{plain(top.value)} / {plain(bottom.value)}"),),
        value=value,
        conclusion="",
        notes=ratio.context,
    )


def _equivalents(equivalents: Equivalents, answers: Answers) -> Outcome:
    table = dict(equivalents.table)
    drug, amount = answers.text(equivalents.drug), answers.needed(equivalents.amount)
    steps = amount.value / table[drug].value
    return Outcome(
        lines=tuple(
            Line(f"about as much {name}", _about(steps * unit.value))
            for name, unit in equivalents.table
            if name != drug
        )
    )


def _about(milligrams: Fraction) -> str:
    """An approximate amount: whole milligrams from 10 mg, two decimal places below."""
    return f"{display(milligrams, 0 if milligrams >= 10 else 2)} mg"
