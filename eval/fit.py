"""``python -m eval fit``: fit the assistant's small models on the development questions.

Reads every question file but takes only questions that are not of a test half; prints how well
each does on questions that it was not fitted on (five folds). Writes assistant/relevance.toml, the
selection.toml and answerable.toml whose features rest on it, and granted.toml, which rests on the
wording alone. Needs scikit-learn, which sentence-transformers brings.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.drafting import selection
from assistant.relevance import WEIGHTS
from assistant.settings import FILE, load_settings
from assistant.wiring import Assistant
from eval.fit_answerable import fit_answerability
from eval.fit_granted import fit_granted
from eval.fit_order import fitted_order, items_of
from eval.fit_plan import broad_questions, fitted, precision_held_out
from eval.fit_selection import fitted_selection
from eval.load import default_files, load_cases
from eval.model import Case
from eval.system import open_for_evaluation

RELEVANCE, PLAN, SELECTION, ANSWERABLE, GRANTED = PARTS = (
    "relevance",
    "plan",
    "selection",
    "answerable",
    "granted",
)


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Fit, print, write; exit 0 done, 2 wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m eval fit",
        description="Fit the weights by which passages are ordered (relevance.toml), those by "
        "which they are chosen (selection.toml), those by which a question is taken to be "
        "answerable (answerable.toml), and those of a wording that takes something for granted.",
    )
    parser.add_argument("--only", choices=PARTS, help="fit one of them")
    only = parser.parse_args(argv).only
    cases = [case for case in load_cases(default_files()) if case.split != "test"]
    with tempfile.TemporaryDirectory() as folder:
        if only in (None, RELEVANCE, PLAN):
            _fit_relevance(cases, _opened(environ, folder), only)
        # Opened anew: the features are those of the weights just written.
        if only in (None, SELECTION):
            _fit_selection(cases, _opened(environ, folder))
        if only in (None, ANSWERABLE):
            fit_answerability(cases, _opened(environ, folder))
    if only in (None, GRANTED):
        fit_granted(cases)
    return 0


def _opened(environ: Mapping[str, str], folder: str) -> Assistant:
    return open_for_evaluation(load_settings(FILE, environ), Path(folder))


def _fit_relevance(cases: Sequence[Case], assistant: Assistant, only: str | None) -> None:
    """Fit the order of what is found and that of a plan; ``only`` keeps the other as it is."""
    kept = assistant.relevance
    weights, intercept, plan = dict(kept.weights), kept.intercept, dict(kept.plan)
    if only != PLAN:
        weights, intercept = fitted_order(items_of(cases, assistant))
    if only != RELEVANCE:
        broad = broad_questions(cases, assistant)
        precision = precision_held_out(broad)
        print(f"{len(broad)} broad questions: average precision {precision:.3f}, five folds")
        plan = fitted(broad)
    of_plan = ["", "# Of a statement in a section of a broad answer.", "[plan]", *_lines(plan)]
    _write(WEIGHTS, "assistant/relevance.py", weights, intercept, of_plan)


def _fit_selection(cases: Sequence[Case], assistant: Assistant) -> None:
    weights, intercept = fitted_selection(items_of(cases, assistant))
    _write(selection.WEIGHTS, "assistant/drafting/selection.py", weights, intercept)


def _write(
    path: Path,
    module: str,
    weights: Mapping[str, float],
    intercept: float,
    more: Sequence[str] = (),
) -> None:
    lines = [
        f"# Written by `python -m eval fit`; in logits, for the features of {module}.",
        f"intercept = {intercept}",
        "",
        "[weights]",
        *_lines(weights),
        *more,
    ]
    path.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"written: {path.name}")


def _lines(weights: Mapping[str, float]) -> list[str]:
    return [f'"{name}" = {weight}' for name, weight in sorted(weights.items()) if weight]
