"""Sections of the page made from other results: of retrieval on a collection, of peers.  (pure)

Either what ``python -m eval retrieval --json`` wrote, or
``{"kind": "peers", "set", "systems": {system: {"means", "intervals", "ms"}}, "tests": [...]}``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.charts import Bar, bar_chart
from eval.drawing import Axis
from eval.markup import Table, paragraph, table
from eval.metrics import bootstrap_interval
from eval.scales import number_text

FEW = 3  # files that a heading can name


@dataclass(frozen=True, slots=True)
class Compared:
    """A paired test over the same questions; ``gain`` is what the first has more."""

    system: str
    against: str
    measure: str
    gain: float
    p: float


@dataclass(frozen=True, slots=True)
class Measured:
    """Systems by their measures: means, intervals where they are known, times, paired tests."""

    title: str
    what: str
    means: Mapping[str, Mapping[str, float]]  # by system, then by measure
    intervals: Mapping[tuple[str, str], tuple[float, float]]
    ms: Mapping[str, tuple[float, float]]  # median and 95th percentile, by system
    tests: tuple[Compared, ...] = ()


def parse_others(name: str, results: object) -> Measured:
    """Other results as what the page shows of them; ValueError says what is wrong with them."""
    if not isinstance(results, dict):
        raise ValueError("it holds no JSON object")
    try:
        if results.get("kind") == "peers":
            return _peers(results)
        if "means" in results and "questions" in results:
            return _retrieval(name, results)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ValueError(f"an entry is missing or is not what it should be ({error})") from error
    raise ValueError("it holds results neither of `python -m eval retrieval --json` nor of peers")


def _retrieval(name: str, results: Mapping[str, Any]) -> Measured:
    means = _means(results["means"])
    questions = results["questions"]
    intervals = {
        (system, measure): bootstrap_interval([float(q[system][measure]) for q in questions])
        for system, measures in means.items()
        for measure in measures
        if questions
    }
    return Measured(
        title=f"Our retriever on {name.removeprefix('retrieval-')}",
        what=f"{len(questions):,} questions; model {results['model']}, share of the meaning "
        f"{float(results['weight']):g}. Words alone (bm25), meaning alone (dense), both (hybrid).",
        means=means,
        intervals=intervals,
        ms={},
        tests=_tests(results),
    )


def _peers(results: Mapping[str, Any]) -> Measured:
    systems = results["systems"]
    intervals = {
        (system, measure): (float(ends[0]), float(ends[1]))
        for system, entry in systems.items()
        for measure, ends in entry.get("intervals", {}).items()
    }
    ms = {
        system: (float(entry["ms"]["p50"]), float(entry["ms"]["p95"]))
        for system, entry in systems.items()
        if entry.get("ms")
    }
    return Measured(
        title=f"Beside other systems: {_named(str(results['set']))}",
        what="The same questions put to each system; the tests are paired over questions.",
        means=_means({system: entry["means"] for system, entry in systems.items()}),
        intervals=intervals,
        ms=ms,
        tests=_tests(results),
    )


def _named(files: str) -> str:
    """The question files by name, or how many they are."""
    names = files.split(", ")
    return files if len(names) <= FEW else f"{len(names)} files of questions"


def _tests(results: Mapping[str, Any]) -> tuple[Compared, ...]:
    return tuple(
        Compared(
            system=str(test["system"]),
            against=str(test["against"]),
            measure=str(test["measure"]),
            gain=float(test["gain"]),
            p=float(test["p"]),
        )
        for test in results.get("tests", [])
    )


def _means(table_of: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, float]]:
    return {
        str(system): {str(measure): float(value) for measure, value in measures.items()}
        for system, measures in table_of.items()
    }


def other(key: str, measured: Measured) -> str:
    """The table, the charts and the tests of other results; ``key`` makes its ids unique."""
    tests = Table(
        ("systems", "measure", "gain", "p"),
        tuple(
            (f"{t.system} against {t.against}", t.measure, f"{t.gain:+.3f}", f"{t.p:.4f}")
            for t in measured.tests
        ),
    )
    return "".join(
        (
            paragraph(measured.what),
            table(_table(measured)),
            _charts(key, measured),
            table(tests) if measured.tests else "",
        )
    )


def _measures(measured: Measured) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m for means in measured.means.values() for m in means))


def _table(measured: Measured) -> Table:
    measures = _measures(measured)
    timed = ("ms, median (95th percentile)",) if measured.ms else ()
    rows = []
    for system, means in measured.means.items():
        cells = [_cell(means.get(m), measured.intervals.get((system, m))) for m in measures]
        if timed:
            median, late = measured.ms.get(system, (None, None))
            cells.append(f"{number_text(median, 1)} ({number_text(late, 1)})")
        rows.append((system, *cells))
    return Table(("system", *measures, *timed), tuple(rows))


def _cell(value: float | None, interval: tuple[float, float] | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" + (f" [{interval[0]:.3f}–{interval[1]:.3f}]" if interval else "")


def _charts(key: str, measured: Measured) -> str:
    """One chart for each measure that is a share, a bar for each system; the others have none."""
    charts = (
        bar_chart(
            key=f"{key}-{at}",
            title=measure,
            description="The measure for each system, with its 95 % interval where it is known.",
            axis=Axis("value", low=0.0, high=1.0, decimals=3),
            bars=_bars(measure, measured),
        )
        for at, measure in enumerate(_measures(measured), 1)
        if _bars(measure, measured)
    )
    return f'<div class="figures">{"".join(charts)}</div>'


def _bars(measure: str, measured: Measured) -> Sequence[Bar]:
    found = [(s, means[measure]) for s, means in measured.means.items() if measure in means]
    if not all(0 <= value <= 1 for _, value in found):
        return []
    return [
        Bar(system, value, *measured.intervals.get((system, measure), (None, None)))
        for system, value in found
    ]
