"""A schedule as aligned text: its rows, what could not be worked out, what must be said."""

from __future__ import annotations

from assistant.dosing.patient.amounts import amount, pair
from assistant.dosing.patient.schedule import ScheduleRow, ScheduleTable


def render_schedule(table: ScheduleTable) -> str:
    """The table as aligned text, then why a patient's dose is missing where it is."""
    head = ["Week" if table.by_weeks else "Days"]
    dated = any(row.from_date for row in table.rows)
    if dated:
        head.append("Dates")
    head += ["Drug", "Dose", "How often", "Doses", "Total"]
    body = [head]
    for row in table.rows:
        cells = [_when(row)]
        if dated:
            cells.append(_dates(row))
        cells += [
            row.drug,
            row.dose or "none stated",
            row.frequency,
            "" if row.doses is None else pair(row.doses.low, row.doses.high),
            "" if row.total is None else amount(row.total),
        ]
        if not row.dose and row.doses is not None:
            cells[-4] = "none this week" if table.by_weeks else "none"
        cells[-1] += f"  {row.note}" if row.note else ""
        body.append(cells)
    widths = [max(len(line[at]) for line in body) for at in range(len(head))]
    lines = [table.name]
    lines += [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in body
    ]
    lines += [f"{rule}: not worked out. {refusal}" for rule, refusal in table.refusals]
    notices = dict.fromkeys(
        (*(notice for w in table.workings for notice in w.notices), *table.notices)
    )
    lines += [f"Note: {notice}" for notice in notices]
    return "\n".join(lines)


def _when(row: ScheduleRow) -> str:
    if not row.first:
        return "see note" if row.note else "not named"
    if row.last is None:
        return f"from {row.first}"
    return f"{row.first}" if row.first == row.last else f"{row.first}–{row.last}"


def _dates(row: ScheduleRow) -> str:
    if row.from_date is None:
        return ""
    if row.to_date is None:
        return f"from {row.from_date}"
    return f"{row.from_date}" if row.from_date == row.to_date else f"{row.from_date}–{row.to_date}"
