"""What was scored -> Markdown and JSON; the same scores give the same bytes.  (pure)"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from eval.peers.scoring import (
    MEASURES,
    Mean,
    Scored,
    compared,
    mean_of,
    splits_of,
)
from eval.peers.systems import OURS

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


def render(name: str, scored: Sequence[Scored]) -> str:
    """The report in Markdown: for each split the measures, then ours against the others."""
    systems = tuple(scored[0].values)
    blocks = [
        "# Baselines",
        f"Questions: {name}.",
        READ_FIRST,
        *(
            block
            for split, questions in splits_of(scored).items()
            for block in _split(split, questions, systems)
        ),
    ]
    return "\n\n".join(blocks) + "\n"


def _split(split: str, scored: Sequence[Scored], systems: Sequence[str]) -> Iterator[str]:
    yield f"## {split}: {len(scored):,} questions"
    means = {(s, m): mean_of(scored, s, m) for s in systems for m in MEASURES}
    measures = [m for m in MEASURES if any(means[s, m] for s in systems)]
    counted = {m: max(mean.n for s in systems if (mean := means[s, m])) for m in measures}
    head = " | ".join(f"{measure} (n={counted[measure]:,})" for measure in measures)
    rows = [f"| system | {head} |", "|---" * (len(measures) + 1) + "|"]
    for system in systems:
        cells = (_cell(means[system, measure], measure) for measure in measures)
        rows.append(f"| {system} | {' | '.join(cells)} |")
    yield "\n".join(rows)
    rows = [
        "| ours against | measure | n | ours | theirs | gain | p |",
        "|---" * 7 + "|",
        *(_comparison(scored, system) for system in systems if OURS in systems and system != OURS),
    ]
    if len(rows) > 2:
        yield (
            "A gain above 0 is in our favour; p is that of a paired randomisation test.\n\n"
            + "\n".join(rows)
        )


def _comparison(scored: Sequence[Scored], system: str) -> str:
    lines = []
    for test in compared(scored, OURS, system):
        ours = mean_of(scored, OURS, test.measure)
        theirs = mean_of(scored, system, test.measure)
        values = " | ".join(f"{mean.value:.3f}" if mean else "–" for mean in (ours, theirs))
        lines.append(
            f"| {system} | {test.measure} | {test.n} | {values} | {test.gain:+.3f} | {test.p:.4f} |"
        )
    return "\n".join(lines)


def _cell(mean: Mean | None, measure: str) -> str:
    if mean is None:
        return "–"
    decimals = 0 if measure.startswith("words") else 3
    value, low, high = (f"{x:.{decimals}f}" for x in (mean.value, mean.low, mean.high))
    return f"{value} [{low}–{high}]"


def as_json(
    name: str, model: str, scored: Sequence[Scored], public: Sequence[Mapping[str, Any]]
) -> str:
    """Means, intervals and tests over all questions and by split, without any time."""
    splits = splits_of(scored)
    whole = {
        "kind": "peers",
        "set": name,
        "model": model,
        **_figures(splits["all"]),
        "splits": {split: _figures(part) for split, part in splits.items() if split != "all"},
        "public": list(public),
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"


def _figures(scored: Sequence[Scored]) -> Mapping[str, Any]:
    systems = tuple(scored[0].values)
    means = {
        system: {m: mean for m in MEASURES if (mean := mean_of(scored, system, m))}
        for system in systems
    }
    return {
        "questions": len(scored),
        "systems": {
            system: {
                "means": {m: _short(mean.value) for m, mean in by_measure.items()},
                "intervals": {
                    m: [_short(mean.low), _short(mean.high)] for m, mean in by_measure.items()
                },
                "n": {m: mean.n for m, mean in by_measure.items()},
            }
            for system, by_measure in means.items()
        },
        "tests": [
            {
                "system": OURS,
                "against": test.against,
                "measure": test.measure,
                "n": test.n,
                "gain": _short(test.gain),
                "p": _short(test.p),
            }
            for system in systems
            if OURS in systems and system != OURS
            for test in compared(scored, OURS, system)
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
