"""The figures of the README: written from results, kept as a file, and nowhere else by hand.

``python -m eval report RUN.json --with OTHER.json ... --readme README.md`` writes them between two
marks of the README and, as tables of text, into docs/figures.json. A test holds the one against
the other, so that no figure of the README is one that no report had.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.errors import DataError
from eval.headline import headlines, load_targets, summary_table
from eval.markup import Table
from eval.model import Run
from eval.page_others import Compared, Measured

START, END = "<!-- figures: written by python -m eval report -->", "<!-- end of figures -->"
KEPT = Path("docs") / "figures.json"
FINGERPRINTS = ("library", "index", "code")
SHOWN = (
    *("key-fact recall", "key-fact recall, at our words", "words shown"),
    *("answered though unanswerable", "nDCG@10", "recall@10", "recall@100", "MRR"),
)
"""The measures of other results that the README has room for."""
SHORT = 12  # characters of a fingerprint


def figures_of(run: Run, others: Sequence[Measured]) -> Mapping[str, Any]:
    """What the README shows of a run and of other results, as text."""
    summary = summary_table(headlines(run.judgements, load_targets()))
    return {
        "questions": len(run.judgements),
        "fingerprints": {
            name: run.fingerprints[name][:SHORT]
            for name in FINGERPRINTS
            if name in run.fingerprints
        },
        "tables": [
            _entry("The bundled questions", summary),
            *(_entry(other.title, _table(other)) for other in others),
        ],
    }


def _entry(title: str, table: Table) -> Mapping[str, Any]:
    return {"title": title, "columns": table.columns, "rows": table.rows}


def _table(measured: Measured) -> Table:
    """The means without their intervals, which the report has, and how ours compares to each."""
    had = {measure for means in measured.means.values() for measure in means}
    measures = tuple(measure for measure in SHOWN if measure in had)
    compared = {(test.against, test.measure): test for test in measured.tests}
    tested = tuple(m for m in measures if any(test.measure == m for test in measured.tests))
    rows = tuple(
        (
            system,
            *(_cell(means.get(measure)) for measure in measures),
            *(_test(compared.get((system, measure))) for measure in tested),
        )
        for system, means in measured.means.items()
    )
    return Table(("system", *measures, *(f"{m}: ours against it" for m in tested)), rows)


def _test(test: Compared | None) -> str:
    return "" if test is None else f"{test.gain:+.3f}, p = {test.p:.4f}"


def _cell(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if value <= 1 else f"{value:.0f}"


def block(figures: Mapping[str, Any]) -> str:
    """The figures in Markdown, between their marks."""
    named = ", ".join(f"{name} `{value}`" for name, value in figures["fingerprints"].items())
    parts = [START, f"{figures['questions']:,} questions; {named}."]
    for entry in figures["tables"]:
        table = Table(tuple(entry["columns"]), tuple(map(tuple, entry["rows"])))
        parts += [f"**{entry['title']}**", table.markdown()]
    return "\n\n".join([*parts, END])


def replaced(readme: str, figures: Mapping[str, Any]) -> str:
    """The README with these figures; ValueError where it does not hold the two marks, once each."""
    before, start, rest = readme.partition(START)
    _, end, after = rest.partition(END)
    if not start or not end or START in rest or END in after:
        raise ValueError(f"it needs the lines {START} and {END}, once and in this order")
    return before + block(figures) + after


def as_json(figures: Mapping[str, Any]) -> str:
    """The figures as they are kept."""
    return json.dumps(figures, ensure_ascii=False, indent=1) + "\n"


def load_figures(path: Path) -> Mapping[str, Any]:
    """Kept figures; DataError where the file holds none."""
    try:
        figures: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        block(figures)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DataError(path, f"it holds no figures ({error}).") from error
    return figures
