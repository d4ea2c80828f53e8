"""Workings, schedules and results as plain data; exact values as texts, never binary floats."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.dosing.calculators.result import Result
from assistant.dosing.model import decimal_text
from assistant.dosing.patient import ScheduleTable, Step, Working, render_working
from assistant.dosing.patient.model import Span
from assistant.dosing.patient.schedule import ScheduleRow


def working_json(working: Working) -> dict[str, Any]:
    """A working with every step; ``text`` is the block as it is printed."""
    return {
        "rule": working.rule_id,
        "rule_version": working.rule_version,
        "table_version": working.table_version,
        "drug": working.drug,
        "reviewed": working.reviewed,
        "reviewers": list(working.reviewers),
        "patient": working.patient,
        "steps": [_step(step) for step in working.steps],
        "dose": _span(working.dose),
        "kind": working.kind,
        "frequency": working.frequency.to_record() if working.frequency else None,
        "notices": list(working.notices),
        "text": render_working(working),
    }


def _step(step: Step) -> dict[str, Any]:
    return {
        "name": step.name,
        "label": step.label,
        "formula": step.formula,
        "inputs": {item.name: _span(item.value) for item in step.inputs},
        "operation": step.operation,
        "output": _span(step.output),
        "text": step.text,
        "note": step.note,
    }


def _span(span: Span | None) -> dict[str, Any] | None:
    if span is None:
        return None
    low = None if span.low is None else decimal_text(span.low)
    return {"low": low, "high": decimal_text(span.high), "unit": span.unit}


def schedule_json(table: ScheduleTable, notices: Sequence[str]) -> dict[str, Any]:
    """The rows of a schedule, the workings behind them, and what was refused."""
    return {
        "regimen": table.regimen,
        "name": table.name,
        "counts_in": "weeks" if table.by_weeks else "days",
        "rows": [_row(row) for row in table.rows],
        "workings": [working_json(working) for working in table.workings],
        "refused": [
            {"rule": rule, "code": refusal.code, "message": refusal.message}
            for rule, refusal in table.refusals
        ],
        "notices": list(notices),
    }


def _row(row: ScheduleRow) -> dict[str, Any]:
    return {
        "first": row.first or None,
        "last": row.last,
        "from": _day(row.from_date),
        "to": _day(row.to_date),
        "rule": row.rule,
        "drug": row.drug,
        "dose": row.dose,
        "frequency": row.frequency,
        "doses": _span(row.doses),
        "total": _span(row.total),
        "note": row.note,
    }


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def result_json(result: Result) -> dict[str, Any]:
    """The result of a calculator; ``value`` is unrounded."""
    return {
        "calculator": result.calculator,
        "label": result.label,
        "value": None if result.value is None else f"{result.value:f}",
        "printed": result.value_text,
        "unit": result.unit,
        "conclusion": result.conclusion,
        "formula": list(result.formula),
        "inputs": [{"label": label, "value": value} for label, value in result.inputs],
        "lines": [{"label": line.label, "value": line.value} for line in result.lines],
        "sources": [
            {"key": s.key, "via": s.via, "verification": s.verification, "part": s.part}
            for s in result.sources
        ],
        "caveats": list(result.caveats),
    }
