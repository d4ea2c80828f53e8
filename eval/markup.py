"""Escaped HTML for the evaluation page: tables, figures, boxes that scroll by themselves.  (pure)

Whatever comes from a question, a passage or a file name goes through :func:`escaped`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of text under their columns; the first cell of a row names it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]

    def markdown(self) -> str:
        """The table in Markdown; a bar in a cell is escaped."""
        lines = [self.columns, *self.rows]
        cells = [" | ".join(cell.replace("|", "\\|") for cell in line) for line in lines]
        return "\n".join(
            [f"| {cells[0]} |", "|---" * len(self.columns) + "|", *(f"| {c} |" for c in cells[1:])]
        )


def escaped(text: object) -> str:
    """Text that no browser takes for markup, without control characters.

    >>> escaped("<script>&'")
    '&lt;script&gt;&amp;&#x27;'
    """
    return html.escape(_CONTROL.sub("�", str(text)))


def table(data: Table, *, caption: str = "") -> str:
    """An HTML table in a box that scrolls by itself; the first cell of a row is its head.

    A cell between pairs of asterisks is strong, as in Markdown.
    """
    head = "".join(f'<th scope="col">{escaped(column)}</th>' for column in data.columns)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in data.rows)
    named = f"<caption>{escaped(caption)}</caption>" if caption else ""
    label = escaped(caption or data.columns[0])
    return (
        f'<div class="scroll" tabindex="0" role="region" aria-label="Table: {label}">'
        f"<table>{named}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def _cells(row: Sequence[str]) -> str:
    first, *others = row
    return f'<th scope="row">{_strong(first)}</th>' + "".join(
        f"<td>{_strong(text)}</td>" for text in others
    )


def _strong(text: str) -> str:
    if text.startswith("**") and text.endswith("**") and len(text) > 4:
        return f"<strong>{escaped(text[2:-2])}</strong>"
    return escaped(text)


def folded(summary: str, body: str) -> str:
    """Something that a click opens; print shows it open (``page.css``)."""
    return f"<details><summary>{escaped(summary)}</summary>{body}</details>"


def figure(
    *, title: str, drawing: str, data: Table, note: str = "", legend: str = "", wide: bool = False
) -> str:
    """A drawing under its title, its legend and note, and its data as a table that opens."""
    kind = "figure wide" if wide else "figure"
    said = f'<p class="note">{escaped(note)}</p>' if note else ""
    return (
        f'<figure class="{kind}"><figcaption>{escaped(title)}</figcaption>{legend}'
        f'<div class="scroll" tabindex="0" role="region" aria-label="Chart: {escaped(title)}">'
        f"{drawing}</div>{said}{folded('Data', table(data, caption=title))}</figure>"
    )


def paragraph(text: str, kind: str = "") -> str:
    """A paragraph of plain text."""
    return f'<p class="{kind}">{escaped(text)}</p>' if kind else f"<p>{escaped(text)}</p>"


def items(texts: Sequence[str]) -> str:
    """A list of plain texts; empty where there is none."""
    return "<ul>" + "".join(f"<li>{escaped(t)}</li>" for t in texts) + "</ul>" if texts else ""
