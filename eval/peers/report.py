"""What was scored -> Markdown and JSON; the same scores give the same bytes.  (pure)"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from eval.peers.scoring import MEASURES
from eval.peers.summary import Comparison, Mean, Summary

DECIMALS = 6
READ_FIRST = """\
Every system gets the same questions and is judged by the same program: a key fact counts where a
sentence cites a statement that carries it, or where the text holds nearly all words and every
number of one. **No baseline has a language model here**: a pipeline that would stuff its chunks
into a prompt shows those chunks to the reader, and that text is what is scored. `bm25`, `dense`
and `hybrid` show the first 10 statements, `langchain` the first 4 chunks of 1,000 characters,
`txtai` the first 3 paragraphs, each as the library's files have them, lines of metadata and all.
More text recalls more, so each baseline is also cut to the words that our answer to the same
question has (its quoted sentences, without headings, notices and sources); where ours shows
nothing, it shows nothing. A follow-up is searched together with the turns before it; values of a
patient that a form would hold are not told to the baselines. The MRR reads 100 chunks; a chunk
ranks the statements that it holds whole, in their order."""

TESTS = "A gain above 0 is in our favour; p is that of a paired randomisation test."


def render(name: str, summaries: Mapping[str, Summary]) -> str:
    """The report in Markdown: for each split the measures, then ours against the others."""
    blocks = ["# Baselines", f"Questions: {name}.", READ_FIRST]
    for split, summary in summaries.items():
        blocks += [f"## {split}: {summary.questions:,} questions", _means(summary.means)]
        if summary.tests:
            blocks += [TESTS, _tests(summary.tests)]
    return "\n\n".join(blocks) + "\n"


def _means(means: Mapping[str, Mapping[str, Mean]]) -> str:
    counted = {m: mean.n for by_measure in means.values() for m, mean in by_measure.items()}
    measures = [measure for measure in MEASURES if measure in counted]
    head = " | ".join(f"{measure} (n={counted[measure]:,})" for measure in measures)
    rows = [f"| system | {head} |", "|---" * (len(measures) + 1) + "|"]
    for system, by_measure in means.items():
        cells = (_cell(by_measure.get(measure), measure) for measure in measures)
        rows.append(f"| {system} | {' | '.join(cells)} |")
    return "\n".join(rows)


def _tests(tests: Sequence[Comparison]) -> str:
    rows = ["| ours against | measure | n | ours | theirs | gain | p |", "|---" * 7 + "|"]
    for test in tests:
        ours, theirs = test.means
        rows.append(
            f"| {test.against} | {test.measure} | {test.n} | {ours:.3f} | {theirs:.3f} | "
            f"{test.gain:+.3f} | {test.p:.4f} |"
        )
    return "\n".join(rows)


def _cell(mean: Mean | None, measure: str) -> str:
    if mean is None:
        return "–"
    decimals = 0 if measure.startswith("words") else 3
    value, low, high = (f"{x:.{decimals}f}" for x in (mean.value, mean.low, mean.high))
    return f"{value} [{low}–{high}]"


def as_json(
    name: str, model: str, summaries: Mapping[str, Summary], public: Sequence[Mapping[str, Any]]
) -> str:
    """Means, intervals and tests over all questions and by split, without any time."""
    whole = {
        "kind": "peers",
        "set": name,
        "model": model,
        **_figures(summaries["all"]),
        "splits": {s: _figures(summary) for s, summary in summaries.items() if s != "all"},
        "public": list(public),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _figures(summary: Summary) -> Mapping[str, Any]:
    return {
        "questions": summary.questions,
        "systems": {
            system: {
                "means": {m: _short(mean.value) for m, mean in by_measure.items()},
                "intervals": {
                    m: [_short(mean.low), _short(mean.high)] for m, mean in by_measure.items()
                },
                "n": {m: mean.n for m, mean in by_measure.items()},
            }
            for system, by_measure in summary.means.items()
        },
        "tests": [
            {
                "system": test.system,
                "against": test.against,
                "measure": test.measure,
                "n": test.n,
                "gain": _short(test.gain),
                "p": _short(test.p),
            }
            for test in summary.tests
        ],
    }


def times_json(times: Mapping[str, Mapping[str, float]]) -> str:
    """The milliseconds of a question by system: another file, since no two runs agree."""
    plain = {
        "kind": "peers-times",
        "systems": {
            system: {"ms": {at: round(ms, 3) for at, ms in figures.items()}}
            for system, figures in times.items()
        },
    }
    return json.dumps(plain, indent=1) + "\n"


def times_text(times: Mapping[str, Mapping[str, float]]) -> str:
    """The same in a line for each system."""
    return "\n".join(
        f"{system}: median {figures['p50']:.1f} ms a question, 95th percentile "
        f"{figures['p95']:.1f} ms"
        for system, figures in times.items()
    )


def _short(value: float) -> float:
    return round(value, DECIMALS)
