"""A patient's dose from one rule, worked out line by line, or refused with the reason.

A working is a proposal with its arithmetic, never an instruction. Nothing is applied that the
rule does not state, no unit is guessed, and no disease is known here.
"""

from assistant.dosing.patient.calculate import calculate
from assistant.dosing.patient.cited import among_rivals, rivals, rules_of, working_of
from assistant.dosing.patient.model import CalculationPolicy, Patient, Plan, Step, Working
from assistant.dosing.patient.needs import missing_inputs
from assistant.dosing.patient.read import patient_from_units, read_patient
from assistant.dosing.patient.render import render_refusal, render_working, working_lines
from assistant.dosing.patient.schedule import ScheduleTable, schedule
from assistant.dosing.patient.schedule_text import render_schedule

__all__ = [
    "CalculationPolicy",
    "Patient",
    "Plan",
    "ScheduleTable",
    "Step",
    "Working",
    "among_rivals",
    "calculate",
    "missing_inputs",
    "patient_from_units",
    "read_patient",
    "render_refusal",
    "render_schedule",
    "render_working",
    "rivals",
    "rules_of",
    "schedule",
    "working_lines",
    "working_of",
]
