"""A dose for a target area under the curve: amount = AUC × (GFR + 25), GFR at most 125."""

from __future__ import annotations

from fractions import Fraction

from assistant.dosing.calculators.kidney import GFR_CAP
from assistant.dosing.patient.amounts import amount, fixed, half_away, number, pair
from assistant.dosing.patient.kidney import clearance_of, is_indexed, kidney_bands
from assistant.dosing.patient.model import Input, Patient, Plan, Span, Step, StepName
from assistant.dosing.patient.size import Size
from assistant.dosing.patient.total import PER
from assistant.dosing.table.model import DoseRange, Rule

AUC_AMOUNT = "mg"  # the formula counts AUC in mg/mL × min and gives mg
_OFFSET = Fraction(25)  # mL/min
_MOST = Fraction(GFR_CAP)


def auc_dose(rule: Rule, dose: DoseRange, patient: Patient, plan: Plan) -> tuple[Size, Step]:
    """What a target AUC is multiplied by, from a clearance rounded to 1 mL/min, and the line.

    Raises what the clearance raises.
    """
    bands = tuple(band for band in kidney_bands(rule) if not is_indexed(band.unit))
    clearance = clearance_of(rule, bands, patient, plan)
    others = "".join(f"; {fixed(value, 0)} with {kind}" for kind, value in clearance.others)
    found = half_away(clearance.value, Fraction(1))
    rate = min(found, _MOST)
    factor = rate + _OFFSET
    low = None if dose.low is None else dose.low * factor
    out = Span(low, dose.high * factor, AUC_AMOUNT)
    held = "" if found <= _MOST else f", held at {number(_MOST)}"
    step = Step(
        name=StepName.DOSE,
        label="Dose",
        formula="AUC × (GFR + 25)",
        inputs=(
            Input("target", Span(dose.low, dose.high, "AUC")),
            Input("clearance", Span(rate, rate, "mL/min")),
        ),
        operation="multiply",
        output=out,
        text=(
            f"AUC {pair(dose.low, dose.high)} × ({number(rate)} + 25) = {amount(out)} "
            f"{PER[dose.kind]}  (clearance {number(found)} mL/min, {clearance.how}{others}{held})"
        ),
    )
    return Size(factor, "", None), step
