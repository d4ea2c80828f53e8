"""The creatinine clearance by which statements are chosen: as said, or by Cockcroft–Gault.

It only orders and leaves out what holds for another clearance; what is worked out for a patient is
worked out by the dosing module, from values with their dates.
"""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.dosing.calculators.body import Sex
from assistant.dosing.calculators.convert import Analyte, Measured, read_value
from assistant.dosing.calculators.errors import CalculationRefused
from assistant.dosing.calculators.kidney import cockcroft_gault
from assistant.model import Question
from assistant.stated import about_another

_DIALYSIS = re.compile(
    r"(?P<no>\b(?:no|not(?: yet)?(?: on)?|without|off) )?"
    r"\b(?:(?:ha?emo)?dialy\w+|crrt|cvvhd?f?|ha?emofiltration)\b",
    re.IGNORECASE,
)


def clearance_of(question: Question) -> float | None:
    """In mL/min, 0 on dialysis; None where neither it nor what it takes for an adult is said."""
    patient = question.patient
    if _on_dialysis(question):
        return 0.0  # what holds on dialysis is written for the lowest clearances
    if patient.crcl_ml_min is not None:
        return patient.crcl_ml_min
    if patient.age_years is None or patient.weight_kg is None or patient.sex not in set(Sex):
        return None
    creatinine = read_value(patient.creatinine or "", Analyte.CREATININE)
    if not isinstance(creatinine, Measured):
        return None
    try:
        value = cockcroft_gault(
            Decimal(str(patient.age_years)),
            Decimal(str(patient.weight_kg)),
            creatinine.decimal,
            Sex(patient.sex),
        )
    except CalculationRefused:
        return None
    return float(value)


def _on_dialysis(question: Question) -> bool:
    """Whether a turn on this patient speaks of dialysis; the last that does decides."""
    said = False
    turns = (*question.history[question.patient_since :], question.text)
    for turn, other in zip(turns, about_another(turns), strict=True):
        found = [match["no"] is None for match in _DIALYSIS.finditer(turn)]
        said = any(found) if found or other else said
    return said
