"""Where each number of the dossier stands in the library, and what is missing.

A library may name the dossier from which it was written (``dossier.toml``): series of
numbers, each carried by a statement or left out with a reason. ``python -m corpus.coverage``
writes docs/library-coverage.md and docs/library.md, and fails when a number is missing.
"""

from __future__ import annotations

import argparse
import sys
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import GuidelineError, LibraryError, Problem
from corpus.library import BUNDLED, load_library
from corpus.model import Passage, Verification
from corpus.overview import render_overview

FILE = "dossier.toml"
DOCS = Path(__file__).resolve().parent.parent / "docs"


@dataclass(frozen=True, slots=True)
class Series:
    """Numbers of one kind in their order; ``names`` where the dossier has only headings."""

    title: str
    numbers: tuple[str, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Every number that a library has to carry, and those left out with the reason why."""

    series: tuple[Series, ...]
    left_out: Mapping[str, str]

    @property
    def numbers(self) -> tuple[str, ...]:
        """All numbers, series by series."""
        return tuple(number for series in self.series for number in series.numbers)


@dataclass(frozen=True, slots=True)
class Coverage:
    """The statements that carry each number of a dossier."""

    dossier: Dossier
    placed: Mapping[str, tuple[Passage, ...]]  # only numbers that a statement carries
    unknown: tuple[str, ...]  # carried by a statement, but not in the dossier

    @property
    def missing(self) -> tuple[str, ...]:
        """Numbers that are neither placed nor left out with a reason."""
        dossier = self.dossier
        return tuple(
            n for n in dossier.numbers if n not in self.placed and n not in dossier.left_out
        )

    @property
    def contradicted(self) -> tuple[str, ...]:
        """Numbers said to be left out that a statement carries, or that do not exist."""
        numbers = set(self.dossier.numbers)
        return tuple(n for n in self.dossier.left_out if n in self.placed or n not in numbers)

    def problems(self, path: str = FILE) -> Iterator[Problem]:
        """What has to be mended before the library may say that it is complete."""
        for number in self.missing:
            what = f"{number} stands in no statement."
            remedy = f"Add it to the 'facts' of a statement, or to {FILE} with the reason."
            yield Problem(path, 1, what, remedy)
        for number in self.contradicted:
            what = f"{number} is listed as left out, but is placed or unknown."
            yield Problem(path, 1, what, "Delete that entry.")
        for number in self.unknown:
            what = f"{number} stands in a statement, but not in the dossier."
            yield Problem(path, 1, what, "Correct the 'facts' of the statement.")


def load_dossier(path: Path) -> Dossier:
    """Read ``dossier.toml``; LibraryError names what is missing or misspelt."""
    try:
        return _dossier(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        remedy = "Restore the file; it lists the numbers that the library has to carry."
        raise LibraryError([Problem(path.name, 1, f"{path} is missing.", remedy)]) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        what = f"The file is not valid TOML: {error}."
        raise LibraryError([Problem(path.name, 1, what, "Correct that line.")]) from error
    except (KeyError, TypeError) as error:
        what = f"A required entry is missing or misspelt: {error}."
        raise LibraryError([Problem(path.name, 1, what, "Add it.")]) from error


def _dossier(raw: Mapping[str, Any]) -> Dossier:
    return Dossier(
        series=tuple(_series(entry) for entry in raw["series"]),
        left_out={entry["number"]: entry["reason"] for entry in raw.get("left_out", ())},
    )


def _series(entry: Mapping[str, Any]) -> Series:
    names = entry.get("names", ())
    last = len(names) or entry["last"]
    numbers = tuple(f"{entry['prefix']}{n:0{entry['digits']}d}" for n in range(1, last + 1))
    return Series(
        title=entry["title"],
        numbers=numbers,
        names=dict(zip(numbers, names, strict=True)) if names else {},
    )


def coverage_of(dossier: Dossier, passages: Iterable[Passage]) -> Coverage:
    """Find the statements that carry each number, in the order of the passages."""
    placed: dict[str, list[Passage]] = {}
    for passage in passages:
        for number in passage.statement.facts:
            placed.setdefault(number, []).append(passage)
    known = set(dossier.numbers)
    return Coverage(
        dossier=dossier,
        placed={n: tuple(placed[n]) for n in dossier.numbers if n in placed},
        unknown=tuple(n for n in placed if n not in known),
    )


def render_coverage(coverage: Coverage, title: str) -> str:
    """The Markdown table of every number and its statements."""
    lines = [
        f"# Coverage of the dossier: {title}",
        "",
        "Written by `python -m corpus.coverage`; do not edit.",
        "",
        "Each number of the clinical dossier and the statements that carry it. The mark after a",
        "statement says how far it was checked: *read* in the named source, *second-hand* in a",
        "text that reports the source, or *background*, read in no source.",
        "",
        "| | numbers | placed | left out | missing |",
        "|---|--:|--:|--:|--:|",
    ]
    for series in coverage.dossier.series:
        placed = sum(n in coverage.placed for n in series.numbers)
        left_out = sum(n in coverage.dossier.left_out for n in series.numbers)
        missing = sum(n in coverage.missing for n in series.numbers)
        lines.append(
            f"| {series.title} | {len(series.numbers)} | {placed} | {left_out} | {missing} |"
        )
    lines += ["", "Numbers by the best mark among their statements:", ""]
    lines += ["| | read | second-hand | background |", "|---|--:|--:|--:|"]
    for series in coverage.dossier.series:
        best = Counter(_best(coverage.placed[n]) for n in series.numbers if n in coverage.placed)
        cells = " | ".join(str(best[v]) for v in Verification)
        lines.append(f"| {series.title} | {cells} |")
    lines += ["", "## Left out", ""]
    reasons = coverage.dossier.left_out
    lines += [f"- {number}: {reason}" for number, reason in reasons.items()] or ["None."]
    for series in coverage.dossier.series:
        lines += ["", f"## {series.title}", "", *_table(series, coverage)]
    return "\n".join(lines) + "\n"


def _best(passages: Sequence[Passage]) -> Verification:
    order = list(Verification)
    return min((p.statement.verification for p in passages), key=order.index)


def _table(series: Series, coverage: Coverage) -> Iterator[str]:
    named = bool(series.names)
    yield "| number | name | statements |" if named else "| number | statements |"
    yield "|---|---|---|" if named else "|---|---|"
    for number in series.numbers:
        cells = [number, series.names[number]] if named else [number]
        where = ", ".join(
            f"{p.id} ({p.statement.verification})" for p in coverage.placed.get(number, ())
        )
        if not where:
            where = "left out" if number in coverage.dossier.left_out else "**missing**"
        yield "| " + " | ".join([*cells, where]) + " |"


def main(argv: Sequence[str] | None = None, docs: Path = DOCS) -> int:
    """Write both pages; exit 0, or 1 when a number is missing or the library is not sound."""
    parser = argparse.ArgumentParser(prog="python -m corpus.coverage", description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=BUNDLED)
    arguments = parser.parse_args(argv)
    try:
        library = load_library(arguments.folder)
        dossier = load_dossier(arguments.folder / FILE)
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    coverage = coverage_of(dossier, library.passages.values())
    pages = {
        "library-coverage.md": render_coverage(coverage, library.vocabulary.title),
        "library.md": render_overview(library),
    }
    for name, text in pages.items():
        (docs / name).write_text(text, encoding="utf-8")
        print(f"Wrote {docs / name}.")
    problems = list(coverage.problems())
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    raise SystemExit(main())
