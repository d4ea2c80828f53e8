"""Step 3: the change for organ function or an interacting drug, from one band of the rule."""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from assistant.dosing.calculators.convert import Analyte, find_unit, in_unit
from assistant.dosing.calculators.errors import RefusalCode
from assistant.dosing.model import Frequency
from assistant.dosing.patient.amounts import amount, frequency_words, listed, number
from assistant.dosing.patient.eligible import refuse, reported_by, source_of
from assistant.dosing.patient.kidney import (
    VARIABLES,
    Clearance,
    band_of,
    clearance_of,
    is_indexed,
    shown,
)
from assistant.dosing.patient.model import Input, Patient, Plan, Span, Step, StepName
from assistant.dosing.patient.size import Size, weight_kg
from assistant.dosing.table.model import Action, Adjustment, Rule
from assistant.dosing.units import convert
from corpus.model import Verification

JUDGED = ("weight", "age", "bilirubin", "creatinine")  # besides kidney function
_RELATIVE_UNITS = frozenset({"xULN"})  # a laboratory's own upper limit is no input here


@dataclass(frozen=True, slots=True)
class Adjusted:
    """A dose after the organ-function step, with the lines and notes that it gave."""

    dose: Span
    factor: Fraction
    replaced: bool = False
    interval: Frequency | None = None
    steps: tuple[Step, ...] = ()
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Reading:
    """One variable of a patient, ready to be set against the rule's bands."""

    value: Fraction
    label: str
    text: str
    inputs: tuple[Input, ...]


def adjust(
    rule: Rule, patient: Patient, plan: Plan, dose: Span, size: Size, counted: str
) -> Adjusted:
    """The dose changed by the one adjustment that applies; ``counted`` is "per dose".

    Raises CalculationRefused: CONTEXT where the source gives no dose (a refusing band, or a
    value between two bands), CONFLICT when two changes apply at once, and what the clearance
    raises.
    """
    result = Adjusted(dose, Fraction(1), notices=_not_applied(rule, patient, plan))
    for variable in dict.fromkeys(band.variable for band in rule.adjust if is_judged(band)):
        bands = _bands(rule, variable, plan)
        if not bands:
            continue
        reading = _read(rule, variable, bands, patient, plan)
        at = band_of(bands, reading.value)
        if at is None:
            _refuse_gap(rule, bands, reading)
        band = None if at is None else bands[at]
        result = _apply(rule, band, reading, result, size, counted)
    for band in rule.adjust:
        if band.when and not band.variable and (_holds(band, plan) or _said_of(band, patient)):
            reading = _Reading(Fraction(1), "Adjusted", band.when, ())
            result = _apply(rule, band, reading, result, size, counted)
    return result


def is_judged(band: Adjustment) -> bool:
    """Whether a band is read in a source and asks for a value that a patient here can have."""
    known = band.variable in VARIABLES or (
        band.variable in JUDGED and band.unit not in _RELATIVE_UNITS
    )
    return known and band.verification is not Verification.BACKGROUND


def _bands(rule: Rule, variable: str, plan: Plan) -> tuple[Adjustment, ...]:
    """The bands of a variable; those under a condition that holds come first."""
    bands = [band for band in rule.adjust if band.variable == variable and is_judged(band)]
    under = [band for band in bands if band.when and _holds(band, plan)]
    return (*under, *(band for band in bands if not band.when))


def _read(
    rule: Rule, variable: str, bands: tuple[Adjustment, ...], patient: Patient, plan: Plan
) -> _Reading:
    if variable in VARIABLES:
        clearance = clearance_of(rule, bands, patient, plan)
        return _Reading(
            clearance.value, "Kidney", _say_clearance(clearance, bands), clearance.inputs
        )
    if variable == "weight" and patient.weight is not None:
        kg = weight_kg(patient.weight)
        return _Reading(kg, "Adjusted", f"weight {number(kg)} kg", _one("weight", kg, "kg"))
    if variable == "age" and patient.age is not None:
        years = patient.age.years
        return _Reading(years, "Adjusted", f"age {patient.age.words}", _one("age", years, "years"))
    for name, analyte, label, given in (
        ("bilirubin", Analyte.BILIRUBIN, "Liver", patient.bilirubin),
        ("creatinine", Analyte.CREATININE, "Kidney", patient.creatinine),
    ):
        unit = find_unit(bands[0].unit, analyte) if variable == name else None
        if unit is not None and given is not None:
            value = in_unit(given.value, unit)
            text = f"{name} {shown(value, bands)} {unit.name}"
            return _Reading(value, label, text, _one(name, value, unit.name))
    raise refuse(
        RefusalCode.MISSING,
        f"The {variable} is missing: {rule.id} changes the dose with it. Give it with its unit.",
    )


def _one(name: str, value: Fraction, unit: str) -> tuple[Input, ...]:
    return (Input(name, Span(value, value, unit)),)


def _say_clearance(clearance: Clearance, bands: tuple[Adjustment, ...]) -> str:
    value = shown(clearance.value, bands)
    parts = [clearance.how]
    by_text: dict[str, list[str]] = {}
    for kind, other in clearance.others:
        by_text.setdefault(shown(other, bands), []).append(kind)
    parts += [f"{text} with {listed(kinds, 'or')}" for text, kinds in by_text.items()]
    if clearance.caution:
        parts.append(clearance.caution)
    name = "GFR" if is_indexed(clearance.unit) else "CrCl"
    return f"{name} {value} {clearance.unit} ({'; '.join(parts)})"


def _refuse_gap(rule: Rule, bands: tuple[Adjustment, ...], reading: _Reading) -> None:
    above = any(band.low is not None and band.low >= reading.value for band in bands)
    below = any(band.high is not None and band.high <= reading.value for band in bands)
    where = "between two of its bands"
    if above != below:
        where = "beyond its last band" if below else "below its first band"
    # Better organ function than any band describes needs no change; worse is not known to.
    worse = {"bilirubin": below, "creatinine": below}
    worse |= dict.fromkeys(VARIABLES, above)
    if (above and below) or worse.get(bands[0].variable, False):
        raise refuse(
            RefusalCode.CONTEXT,
            f"{rule.id} says nothing for {reading.text}: it lies {where}. Ask a pharmacist.",
        )


def _apply(
    rule: Rule,
    band: Adjustment | None,
    reading: _Reading,
    before: Adjusted,
    size: Size,
    counted: str,
) -> Adjusted:
    notices = before.notices
    if band is not None and band.verification is Verification.SECOND_HAND:
        source = source_of(rule, band.source)
        notices = (*notices, f"the change for {reading.text} is reported by {reported_by(source)}")
    if band is None or band.action is Action.NONE:
        step = _step(reading, "none", before.dose, f"{reading.text}: no change")
        return replace(before, steps=(*before.steps, step), notices=notices)
    if band.action is Action.REFUSE:
        raise refuse(
            RefusalCode.CONTEXT,
            f"Nothing is calculated for {reading.text}: {band.note or 'the source gives no dose'} "
            f"({reported_by(source_of(rule, band.source))}).",
        )
    if before.factor != 1 or before.replaced or before.interval is not None:
        raise refuse(
            RefusalCode.CONFLICT,
            f"Two changes of {rule.id} apply at once, the second for {reading.text}, and no "
            "source says how they combine. Ask a pharmacist.",
        )
    dose, factor, interval = before.dose, Fraction(1), None
    if band.action is Action.MULTIPLY:
        factor = band.factor if band.factor is not None else factor
        dose = dose.scaled(factor)
        said = f"× {_factor(factor)} = {amount(dose)} {counted}"
    elif band.action is Action.REPLACE:
        dose = _replacement(rule, band, size)
        said = f"{amount(dose)} {counted} instead"
    else:
        interval = band.interval
        said = f"given {frequency_words(interval)}" if interval else "no change"
    step = _step(reading, str(band.action), dose, f"{reading.text}: {said}", factor)
    return Adjusted(
        dose, factor, band.action is Action.REPLACE, interval, (*before.steps, step), notices
    )


def _factor(factor: Fraction) -> str:
    return number(factor) if "≈" not in number(factor) else f"({factor})"


def _step(
    reading: _Reading, operation: str, dose: Span, text: str, factor: Fraction = Fraction(1)
) -> Step:
    return Step(
        name=StepName.ORGAN,
        label=reading.label,
        formula="dose × factor",
        inputs=(*reading.inputs, Input("factor", Span(factor, factor, ""))),
        operation=operation,
        output=dose,
        text=text,
    )


def _replacement(rule: Rule, band: Adjustment, size: Size) -> Span:
    rule_dose, new = rule.dose, band.replace
    if rule_dose is None or new is None:
        raise refuse(RefusalCode.NO_DOSE, f"{rule.id} names a replacement without an amount.")
    value = convert(new.value, new.unit, rule_dose.unit)
    if value is None or new.basis not in {"", size.unit}:
        raise refuse(
            RefusalCode.CONTEXT,
            f"The replacement of {rule.id} is in another unit or basis than its dose. "
            "Ask a pharmacist.",
        )
    value = value * size.value if new.basis else value
    return Span(value, value, rule_dose.unit)


def _not_applied(rule: Rule, patient: Patient, plan: Plan) -> tuple[str, ...]:
    notes = []
    for band in rule.adjust:
        if band.verification is Verification.BACKGROUND:
            notes.append(f"not applied, background knowledge only: {say_adjustment(band)}")
        elif band.variable and not is_judged(band):
            notes.append(f"not applied; check before use: {say_adjustment(band)}")
        elif band.when and not (_holds(band, plan) or _said_of(band, patient)):
            notes.append(f"not applied; say so if it holds: {say_adjustment(band)}")
    return tuple(notes)


def _holds(band: Adjustment, plan: Plan) -> bool:
    given = {condition.casefold() for condition in plan.conditions}
    return band.when.casefold() in given and band.verification is not Verification.BACKGROUND


def _said_of(band: Adjustment, patient: Patient) -> bool:
    """Whether a worded band refuses kidney trouble that was said of the patient."""
    said = {"acute kidney injury"} if patient.creatinine_changing else set()
    said |= {"on dialysis", "kidney failure"} if patient.dialysis else set()
    said |= {"kidney impairment"} if said else set()
    refuses = band.action is Action.REFUSE and band.verification is not Verification.BACKGROUND
    return refuses and band.when.casefold() in said


def say_adjustment(band: Adjustment) -> str:
    """A band in words: "creatinine clearance from 15 to 50 mL/min: × 0.75"."""
    where = band.when
    if band.variable:
        ends = []
        if band.low is not None:
            ends.append(f"from {number(band.low)}")
        if band.high is not None:
            ends.append(f"{'to' if band.low is not None else 'below'} {number(band.high)}")
        bounds = f"{band.variable.replace('_', ' ')} {' '.join(ends)} {band.unit}".strip()
        where = f"{bounds} {where}".strip()
    what = band.note or str(band.action)
    if band.action is Action.MULTIPLY and band.factor is not None:
        what = f"× {_factor(band.factor)}"
    elif band.action is Action.REPLACE and band.replace is not None:
        basis = f"/{band.replace.basis}" if band.replace.basis else ""
        new = band.replace
        what = f"{amount(Span(new.value, new.value, new.unit + basis))} instead"
    elif band.action is Action.INTERVAL and band.interval is not None:
        what = f"given {frequency_words(band.interval)}"
    elif band.action is Action.NONE:
        what = "no change"
    return f"{where}: {what}"
