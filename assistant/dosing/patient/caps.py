"""Steps 4 to 6: maxima per dose and per day, rounding, and the maxima once more."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assistant.dosing.calculators.errors import RefusalCode
from assistant.dosing.model import Frequency
from assistant.dosing.patient.amounts import (
    amount,
    fixed,
    half_away,
    number,
    pair,
    signed_percent,
    unit_words,
)
from assistant.dosing.patient.eligible import refuse
from assistant.dosing.patient.model import Input, Span, Step, StepName
from assistant.dosing.patient.size import Size
from assistant.dosing.rates import rates
from assistant.dosing.table.model import Amount, DoseKind, DoseRange, Rule
from assistant.dosing.units import convert

_FLOOR = "floor"
MOST_CHANGE_PERCENT = Fraction(10)  # section 10 allows no rounding by more, whatever a rule says
_A_DAY = {"h": Fraction(24), "min": Fraction(1440)}  # of the time unit of a rate


@dataclass(frozen=True, slots=True)
class Cap:
    """One maximum, in the dose's unit and counted as the dose is; ``hard`` ones refuse."""

    value: Fraction
    text: str
    hard: bool


def counted_unit(dose: DoseRange) -> str:
    """The unit of an amount for one patient: "mg", or "ug/min" of a rate."""
    return f"{dose.unit}/{dose.per}" if dose.per else dose.unit


def caps_of(
    rule: Rule, dose: DoseRange, size: Size, frequencies: tuple[Frequency, ...]
) -> tuple[Cap, ...]:
    """Every maximum of the rule for this size, as an amount per dose, day or course.

    Where a frequency leaves a choice, a daily maximum is shared among the most doses a day
    and a single maximum counts for the fewest.
    """
    found = []
    unit = unit_words(counted_unit(dose))
    if dose.hard_max is not None:
        value = dose.hard_max * size.value
        text = f"max {number(value)} {unit}"
        if size.unit:
            text = (
                f"max {number(dose.hard_max)} {per_size_words(dose, size.unit)} × "
                f"{_size_text(size)} = {number(value)} {unit}"
            )
        found.append(Cap(value, text, hard=True))
    fewest, most = doses_per_day(frequencies)
    split = rule.schedule.split_over
    calculate = rule.calculate
    if calculate and calculate.max_single is not None:
        count = fewest if dose.kind is DoseKind.PER_DAY else Fraction(1)
        if dose.kind is DoseKind.RATE:
            raise refuse(
                RefusalCode.LIMIT,
                f"{rule.id} gives a rate, and its maximum counts per dose, so it can't be "
                "checked. Ask a pharmacist.",
            )
        found.append(_cap(rule, dose, calculate.max_single, size, "per dose", count))
    if calculate and calculate.max_daily is not None:
        count = Fraction(1)
        if dose.kind is DoseKind.PER_ADMINISTRATION:
            count = 1 / most
        elif dose.kind is DoseKind.PER_COURSE and split is not None and split.unit == "d":
            count = max(split.low or Fraction(1), Fraction(1))
        elif dose.kind is DoseKind.RATE:
            count = 1 / _A_DAY[dose.per]
        found.append(_cap(rule, dose, calculate.max_daily, size, "per day", count))
    return tuple(found)


def doses_per_day(frequencies: tuple[Frequency, ...]) -> tuple[Fraction, Fraction]:
    """The fewest and the most doses on a day of treatment; never below one.

    >>> doses_per_day((Frequency(2, 1, "d"),))
    (Fraction(2, 1), Fraction(2, 1))
    """
    found = [rate for freq in frequencies if (rate := rates(freq, "d")) is not None]
    fewest = min((low.numerator // low.denominator for low, _ in found), default=1)
    most = max((-(-high.numerator // high.denominator) for _, high in found), default=1)
    return Fraction(max(fewest, 1)), Fraction(max(most, 1))


def per_size_words(dose: DoseRange, basis: str) -> str:
    """The unit of the rule's own amount: "mg/m²", "micrograms/kg/min"."""
    per = f"{unit_words(dose.unit)}/{'m²' if basis == 'm2' else basis}"
    return f"{per}/{dose.per}" if dose.per else per


def _cap(rule: Rule, dose: DoseRange, cap: Amount, size: Size, per: str, count: Fraction) -> Cap:
    value = convert(cap.value, cap.unit, dose.unit)
    if value is None or cap.basis not in {"", size.unit}:
        raise refuse(
            RefusalCode.LIMIT,
            f"The maximum of {rule.id} is in another unit or basis than its dose, so it can't "
            "be checked. Ask a pharmacist.",
        )
    whole = value * size.value if cap.basis else value
    text = f"max {number(whole)} {unit_words(dose.unit)} {per}"
    if cap.basis:
        text = (
            f"max {number(value)} {unit_words(f'{dose.unit}/{size.unit}')} × {_size_text(size)} "
            f"= {number(whole)} {unit_words(dose.unit)} {per}"
        )
    if count != 1:
        what = f"/ {number(1 / count)}" if count < 1 else f"× {number(count)}"
        text += f" {what} = {number(whole * count)} {unit_words(dose.unit)}"
    return Cap(whole * count, text, hard=False)


def _size_text(size: Size) -> str:
    places = fixed(size.value, 2) if size.unit == "m2" else number(size.value)
    return f"{places} {unit_words(size.unit) if size.unit != 'm2' else 'm²'}"


def apply_caps(rule: Rule, dose: Span, caps: tuple[Cap, ...], counted: str) -> tuple[Span, Step]:
    """The dose held below every maximum, and the printed line.

    Raises CalculationRefused (LIMIT) when the dose lies beyond a hard limit: a hard limit is
    never silently turned into a dose.
    """
    now, parts = dose, []
    for cap in caps:
        if now.high <= cap.value:
            parts.append(f"{cap.text}: not reached")
            continue
        if cap.hard:
            raise refuse(
                RefusalCode.LIMIT,
                f"{amount(now)} {counted} is beyond the hard limit of {rule.id} "
                f"({cap.text}). Nothing is proposed.",
            )
        now = _held(now, cap.value)
        parts.append(f"{cap.text}: reached, the dose is {amount(now)} {counted}")
    step = Step(
        name=StepName.CAPS,
        label="Caps",
        formula="min(dose, maximum)",
        inputs=tuple(Input("maximum", Span(c.value, c.value, dose.unit)) for c in caps),
        operation="capped" if now != dose else "not reached" if caps else "none stated",
        output=now,
        text="; ".join(parts) or "none stated",
    )
    return now, step


def _held(dose: Span, most: Fraction) -> Span:
    low = None if dose.low is None else min(dose.low, most)
    return Span(low, min(dose.high, most), dose.unit)


def round_dose(rule: Rule, dose: Span, caps: tuple[Cap, ...]) -> tuple[Span, Step]:
    """The dose rounded to the rule's step, if the change is allowed; never above a maximum.

    Without a step nothing is rounded. A dose that rounding would carry over a maximum is
    rounded down instead.
    """
    calculate = rule.calculate
    if calculate is None or calculate.round_step is None:
        return dose, _rounding(dose, dose, "none", "not rounded: the rule gives no step")
    given = calculate.round_step
    step = convert(given.value, given.unit, dose.unit)
    if step is None:
        return dose, _rounding(dose, dose, "none", "not rounded: the step is in another unit")
    most = min((cap.value for cap in caps), default=None)
    ends = [end for end in (dose.low, dose.high) if end is not None]
    near = [_near(end, step, most) for end in ends]
    words = f"step {number(step)} {unit_words(dose.unit)}"
    allowed = min(calculate.max_change_percent, MOST_CHANGE_PERCENT)
    if any(abs(new - old) * 100 > allowed * old for old, new in zip(ends, near, strict=True)):
        said = f"not rounded: the {words} would change it by more than {number(allowed)}%"
        return dose, _rounding(dose, dose, "none", said)
    rounded = Span(None if dose.low is None else near[0], near[-1], dose.unit)
    changes = [signed_percent(new, old) for old, new in zip(ends, near, strict=True)]
    if dose.low == dose.high:
        changes = changes[:1]
    text = f"{amount(rounded)} ({words}; {' / '.join(changes)})"
    down = [old for old, new in zip(ends, near, strict=True) if new < half_away(old, step)]
    if down and most is not None:
        text += f", rounded down: {number(half_away(down[-1], step))} would pass {number(most)}"
    return rounded, _rounding(dose, rounded, _FLOOR if down else "half away", text, step)


def _near(value: Fraction, step: Fraction, most: Fraction | None) -> Fraction:
    near = half_away(value, step)
    if most is not None and near > most:
        return most // step * step
    return near


def _rounding(
    before: Span, after: Span, operation: str, text: str, step: Fraction | None = None
) -> Step:
    inputs = [Input("dose", before)]
    if step is not None:
        inputs.append(Input("step", Span(step, step, before.unit)))
    return Step(
        name=StepName.ROUNDING,
        label="Rounded",
        formula="nearest multiple of the step, half away from zero",
        inputs=tuple(inputs),
        operation=operation,
        output=after,
        text=text,
        note=pair(after.low, after.high),
    )
