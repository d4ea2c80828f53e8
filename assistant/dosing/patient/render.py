"""A working or a refusal as plain text, one labelled line for each step."""

from __future__ import annotations

from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.patient.eligible import NOT_REVIEWED
from assistant.dosing.patient.model import Working

_WIDTH = 9  # of a label with the space after it


def working_lines(working: Working) -> tuple[tuple[str, str], ...]:
    """Label and text of each line: rule, patient, the steps, then what must be said with it."""
    review = ", ".join(f"reviewed by {name}" for name in working.reviewers) or NOT_REVIEWED
    table = f"table {working.table_version}, " if working.table_version else ""
    return (
        ("Rule", f"{working.rule_id} v{working.rule_version} ({table}{review})"),
        ("Patient", working.patient),
        *((step.label, step.text) for step in working.steps),
        *(("Note", notice) for notice in working.notices),
    )


def render_working(working: Working) -> str:
    """The block of a working, one labelled line below the other."""
    lines = working_lines(working)
    return "\n".join(f"{label.ljust(_WIDTH)}{text}" for label, text in lines)


def render_refusal(refusal: Refusal) -> str:
    """The sentence of a refusal under its label: "Refused  UNIT_MISSING: ..."."""
    return f"{'Refused'.ljust(_WIDTH)}{refusal}"
