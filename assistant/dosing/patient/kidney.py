"""The clearance that a rule's bands ask for: measured, de-indexed, or by Cockcroft–Gault."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from assistant.dosing.calculators.decimals import to_decimal
from assistant.dosing.calculators.errors import RefusalCode
from assistant.dosing.calculators.kidney import (
    REFERENCE_SURFACE_M2,
    clearance_by_weight,
)
from assistant.dosing.patient.amounts import fixed, half_away, listed
from assistant.dosing.patient.eligible import ADULT_YEARS, refuse
from assistant.dosing.patient.model import Dated, Input, Patient, Plan, Span
from assistant.dosing.patient.size import named_weight, surface_m2
from assistant.dosing.table.model import Adjustment, Rule
from corpus.model import Verification

PLAIN_UNIT, INDEXED_UNIT = "mL/min", "mL/min/1.73 m²"
VARIABLES = ("creatinine_clearance", "gfr_indexed")
AUC = "AUC"  # a dose for a target area under the curve depends on the clearance
_GUARD = Fraction(1, 10**12)  # a clearance of exactly 50 stays 50 after decimal division
_MOST_DECIMALS = 3
REFERENCE_SURFACE = Fraction(REFERENCE_SURFACE_M2)


@dataclass(frozen=True, slots=True)
class Clearance:
    """One clearance, how it came about, and what it would be with other weights."""

    value: Fraction
    unit: str
    how: str  # "measured", "actual weight"
    inputs: tuple[Input, ...]
    others: tuple[tuple[str, Fraction], ...] = ()  # kind of weight -> mL/min
    caution: str = ""


def is_indexed(unit: str) -> bool:
    """Whether a unit counts per 1.73 m2."""
    return "1.73" in unit


def kidney_bands(rule: Rule) -> tuple[Adjustment, ...]:
    """The bands of kidney function that may be applied: those read in a source."""
    return tuple(
        band
        for band in rule.adjust
        if band.variable in VARIABLES and band.verification is not Verification.BACKGROUND
    )


def needs_clearance(rule: Rule) -> bool:
    """Whether the dose depends on kidney function at all."""
    return bool(kidney_bands(rule)) or (rule.dose is not None and rule.dose.unit == AUC)


def only_indexed(rule: Rule) -> bool:
    """Whether the rule asks for a rate per 1.73 m2 and for nothing else."""
    bands = kidney_bands(rule)
    return bool(bands) and all(is_indexed(band.unit) for band in bands)


def kidney_source(rule: Rule, patient: Patient) -> Dated | None:
    """The measurement from which the rule's kidney function is taken, in order of preference."""
    given = (patient.clearance, patient.egfr)
    if only_indexed(rule):
        given = (patient.egfr, patient.clearance)
    return given[0] or given[1] or patient.creatinine


def is_direct(rule: Rule, patient: Patient) -> bool:
    """Whether the kidney function is given as the rule asks for it, so that nothing converts it."""
    return (patient.egfr if only_indexed(rule) else patient.clearance) is not None


def check_stable(rule: Rule, patient: Patient) -> None:
    """Raises CalculationRefused (UNSTABLE) when no clearance is valid and the rule needs one."""
    judged = any(
        band.variable == "creatinine" and band.verification is not Verification.BACKGROUND
        for band in rule.adjust
    )
    if not (judged or needs_clearance(rule)):
        return
    why = []
    if patient.dialysis:
        why.append("the patient is on dialysis")
    if patient.creatinine_changing:
        why.append("the creatinine is changing or there is acute kidney injury")
    if why:
        raise refuse(
            RefusalCode.UNSTABLE,
            f"{rule.id} changes the dose with kidney function, and no estimate of it is valid: "
            f"{listed(why)}. Ask a pharmacist.",
        )


def check_child(rule: Rule, patient: Patient) -> None:
    """Raises CalculationRefused (CHILD_CLEARANCE) when only Cockcroft–Gault is left under 18."""
    if not needs_clearance(rule) or patient.clearance or patient.egfr or patient.age is None:
        return
    if patient.age.completed_years < ADULT_YEARS and not only_indexed(rule):
        raise refuse(
            RefusalCode.CHILD_CLEARANCE,
            f"Cockcroft–Gault is not valid under 18 years; the patient is {patient.age.words} "
            "old. Give a measured clearance in mL/min, or a filtration rate in "
            "mL/min/1.73 m² (bedside Schwartz) with weight and height.",
        )


def clearance_of(
    rule: Rule, bands: tuple[Adjustment, ...], patient: Patient, plan: Plan
) -> Clearance:
    """The clearance in the unit of some bands; in mL/min without bands.

    Raises CalculationRefused: INDEXED_GFR without a surface, CONFLICT when actual, ideal and
    adjusted weight fall into different bands and none was chosen.
    """
    indexed = bool(bands) and is_indexed(bands[0].unit)
    unit = INDEXED_UNIT if indexed else PLAIN_UNIT
    given, other = patient.clearance, patient.egfr
    if indexed:
        given, other = other, given
    if given is not None:
        how = "given per 1.73 m²" if indexed else "measured"
        return Clearance(given.value, unit, how, (_input("clearance", given.value, unit),))
    if other is not None:
        return _converted(unit, other.value, patient)
    if indexed:
        raise refuse(
            RefusalCode.MISSING,
            f"{rule.id} needs a filtration rate per 1.73 m². Give it in mL/min/1.73 m².",
        )
    return _cockcroft_gault(rule, bands, patient, plan)


def _converted(unit: str, value: Fraction, patient: Patient) -> Clearance:
    surface = surface_m2(patient)
    indexed = is_indexed(unit)
    have, want = (PLAIN_UNIT, INDEXED_UNIT) if indexed else (INDEXED_UNIT, PLAIN_UNIT)
    if surface is None:
        raise refuse(
            RefusalCode.INDEXED_GFR,
            f"The kidney function is given in {have}, the rule asks for {want}. Give weight and "
            f"height to convert it, or a value in {want}.",
        )
    factor = REFERENCE_SURFACE / surface if indexed else surface / REFERENCE_SURFACE
    shown = f"{fixed(surface, 2)} m²"
    how = f"× 1.73 / {shown}" if indexed else f"× {shown} / 1.73"
    inputs = (_input("rate", value, have), Input("surface", Span(surface, surface, "m2")))
    return Clearance(value * factor, unit, f"{fixed(value, 1)} {how}", inputs)


def _cockcroft_gault(
    rule: Rule, bands: tuple[Adjustment, ...], patient: Patient, plan: Plan
) -> Clearance:
    compared = clearances_by_weight(patient)
    values = {kind: value for kind, (value, _) in compared.items()}
    named = rule.calculate.weight if rule.calculate else "actual"
    kind = plan.kidney_weight or named
    if kind not in values:
        raise refuse(
            RefusalCode.CONTEXT,
            f"There is no clearance with {kind} weight for this patient: ideal and adjusted weight "
            f"are not valid below 152.4 cm. Choose {listed(values, 'or')}.",
        )
    if not plan.kidney_weight and len({band_of(bands, v) for v in values.values()}) > 1:
        shown = listed(f"{fixed(v, 1)} mL/min with {k} weight" for k, v in values.items())
        raise refuse(
            RefusalCode.CONFLICT,
            f"The kind of weight decides the dose: the clearance is {shown}, in different bands "
            f"of {rule.id}. Choose the weight; nothing is chosen here.",
        )
    years = Fraction(patient.age.completed_years if patient.age else 0)
    creatinine = patient.creatinine.value if patient.creatinine else Fraction(0)
    weight = compared[kind][1]
    return Clearance(
        values[kind],
        PLAIN_UNIT,
        f"{kind} weight{', chosen by the user' if plan.kidney_weight else ''}",
        (
            Input("age", Span(years, years, "years")),
            Input("weight", Span(weight, weight, "kg")),
            Input("creatinine", Span(creatinine, creatinine, "mg/dL")),
        ),
        tuple((k, v) for k, v in values.items() if k != kind),
        "" if len(values) > 1 else "ideal weight is not valid below 152.4 cm",
    )


def clearances_by_weight(patient: Patient) -> dict[str, tuple[Fraction, Fraction]]:
    """Cockcroft–Gault in mL/min and the weight in kg, by kind of weight.

    Below 152.4 cm only the actual weight has one.

    Raises CalculationRefused (MISSING) without age, sex, height, weight or creatinine.
    """
    age, sex, creatinine, height = patient.age, patient.sex, patient.creatinine, patient.height
    if age is None or sex is None or creatinine is None or height is None:
        raise refuse(
            RefusalCode.MISSING,
            "The clearance needs age, sex, height, weight and creatinine. Give them.",
        )
    compared = clearance_by_weight(
        age_years=Decimal(age.completed_years),
        height_cm=to_decimal(height.value),
        weight_kg=to_decimal(named_weight(patient, "actual")),
        creatinine_mg_dl=to_decimal(creatinine.value),
        sex=sex,
    )
    weights = dict(compared.weights_kg)
    return {
        kind: (half_away(Fraction(value), _GUARD), Fraction(weights[kind]))
        for kind, value in compared.values
    }


def holds(band: Adjustment, value: Fraction) -> bool:
    """Whether a value lies in a band, by the ends that the source includes."""
    above = band.low is None or value > band.low or (value == band.low and not band.low_open)
    below = band.high is None or value < band.high or (value == band.high and band.high_closed)
    return above and below


def band_of(bands: Iterable[Adjustment], value: Fraction) -> int | None:
    """The position of the band that holds a value; None when none does."""
    return next((at for at, band in enumerate(bands) if holds(band, value)), None)


def shown(value: Fraction, bands: Iterable[Adjustment]) -> str:
    """A value with the fewest decimals that leave it on its side of every band's end.

    A clearance of 49.6 next to a band that ends at 50 is printed as 49.6, not as 50.
    """
    ends = [end for band in bands for end in (band.low, band.high) if end is not None]
    for places in range(_MOST_DECIMALS):
        near = half_away(value, Fraction(1, 10**places))
        if all((near > end) - (near < end) == (value > end) - (value < end) for end in ends):
            return fixed(value, places)
    return fixed(value, _MOST_DECIMALS)


def _input(name: str, value: Fraction, unit: str) -> Input:
    return Input(name, Span(value, value, unit))
