"""``python -m eval report EVALUATION.json --out OUT.html``: a kept run as a page, once more.

The page, and the Markdown report beside it, are made from the results alone: nothing is asked
again. ``--with`` adds sections from other results.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from corpus.errors import GuidelineError
from eval.errors import DataError
from eval.figures import KEPT, as_json, figures_of, replaced
from eval.kept import run_of
from eval.page import render_html
from eval.page_others import Measured, parse_others
from eval.report import WORST, render_report
from eval.writing import write_report


def main(argv: Sequence[str], _environ: Mapping[str, str]) -> int:
    """Exit 0 done, 1 a file can't be used or written, 2 wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m eval report",
        description="A kept run as one HTML page, and the Markdown report beside it.",
    )
    parser.add_argument("results", type=Path, metavar="EVALUATION.json")
    parser.add_argument("--times", type=Path, metavar="T.json", help="the run's times.json")
    parser.add_argument(
        "--with",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        dest="others",
        metavar="OTHER.json",
        help="results of `python -m eval retrieval --json`, or of peers",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="OUT.html")
    parser.add_argument(
        "--readme",
        type=Path,
        metavar="README.md",
        help="write the figures between its two marks, and into docs/figures.json beside it",
    )
    parser.add_argument("--worst", type=int, default=WORST, metavar="N", help="items to list")
    arguments = parser.parse_args(argv)
    if arguments.worst < 0:
        parser.error("--worst takes 0 or more")
    if arguments.out.suffix != ".html":
        parser.error("--out takes a name that ends in .html")
    try:
        results = load_results(arguments.results)
        times = load_times(arguments.times) if arguments.times else None
        others = [load_others(path) for path in arguments.others]
        page = render_html(results, times, others, arguments.worst)
        write_report(arguments.out, page)
        write_report(
            arguments.out.with_suffix(".md"), render_report(run_of(results), arguments.worst)
        )
        if arguments.readme is not None:
            write_figures(arguments.readme, figures_of(run_of(results), others))
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"Written: {arguments.out} and {arguments.out.with_suffix('.md').name}", file=sys.stderr)
    return 0


def write_figures(readme: Path, figures: Mapping[str, object]) -> None:
    """The figures into a README and beside it; DataError, and nothing is written, without marks."""
    try:
        text = replaced(readme.read_text(encoding="utf-8"), figures)
    except (OSError, ValueError) as error:
        raise DataError(readme, f"{error}.") from error
    write_report(readme.parent / KEPT, as_json(figures))
    write_report(readme, text)


def load_results(path: Path) -> Mapping[str, object]:
    """Results of ``python -m eval``; DataError where the file holds none."""
    results = _json(path)
    try:
        if not isinstance(results, dict):
            raise ValueError("no JSON object")
        run_of(results)
    except ValueError as error:
        reason = f"it holds no results of `python -m eval --json` ({error})."
        raise DataError(path, reason) from error
    return results


def load_times(path: Path) -> Mapping[str, float]:
    """Milliseconds by question id from a run's times; DataError where the file holds none.

    ``ms`` is a number, or an object whose ``total`` is one; a question whose ``ms`` is null has
    failed and no time.
    """
    entries = _json(path)
    try:
        if not isinstance(entries, list):
            raise TypeError("no list")
        found = {str(entry["id"]): entry["ms"] for entry in entries}
        return {
            id_: float(ms["total"] if isinstance(ms, dict) else ms)
            for id_, ms in found.items()
            if ms is not None
        }
    except (KeyError, TypeError, ValueError) as error:
        reason = 'it holds no times: a list of {"id", "ms"} is needed.'
        raise DataError(path, reason) from error


def load_others(path: Path) -> Measured:
    """Other results for a section of their own; DataError says what is wrong with them."""
    try:
        return parse_others(path.stem, _json(path))
    except ValueError as error:
        raise DataError(path, f"{error}.") from error


def _json(path: Path) -> object:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DataError(path, f"it can't be read ({error.strerror}).") from error
    except ValueError as error:
        raise DataError(path, f"it is no JSON ({error}).") from error
