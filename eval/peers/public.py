"""Retrieval of the frameworks on public collections, beside words, meaning and both."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from eval.collection import Collection
from eval.embedded import embedded
from eval.metrics import bootstrap_interval
from eval.paired import paired_p_value
from eval.peers.port import ChunkIndex, Framework
from eval.peers.vectors import prepare
from eval.retrieval import DEPTH, MEASURES, Ranked, RetrievalRun, run_collection
from index.ports import Embedder

CHUNKS = 3 * DEPTH
"""Chunks that are asked for: several can belong to one passage, whose rank is its first one's."""
OURS = "hybrid"
MEASURE = "nDCG@10"
DECIMALS = 6


def run_public(
    collection: Collection,
    frameworks: Mapping[str, Framework],
    embedder: Embedder,
    folder: Path,
    *,
    weight: float,
) -> RetrievalRun:
    """Rank the passages for every question by our three and by each framework.

    A framework cuts the passages as it would any text. What it leaves whole is not embedded
    again, nor is a question; the times therefore say nothing and are left empty.
    """
    run = run_collection(collection, embedder, folder, weight=weight)
    passages = collection.passages
    rows = embedded(list(passages.values()), embedder, folder)
    known = dict(zip(passages.values(), rows, strict=True))
    known = dict(prepare(list(collection.queries.values()), embedder, folder, known).rows)
    ranked = dict(run.ranked)
    for name, framework in frameworks.items():
        chunks = framework.cut(passages)
        prepared = prepare([chunk.text for chunk in chunks], embedder, folder, known)
        index = framework.open(chunks, prepared)
        rankings = {id_: ranking(index, text) for id_, text in collection.queries.items()}
        ranked[name] = Ranked(rankings, ())
    return replace(run, ranked=ranked)


def ranking(index: ChunkIndex, query: str) -> tuple[str, ...]:
    """The passages in the order of their first chunks, none twice."""
    found = (index.chunks[at].source for at in index.find(query, CHUNKS))
    return tuple(dict.fromkeys(found))[:DEPTH]


def render_public(name: str, run: RetrievalRun) -> str:
    """One set in Markdown: every measure, and our fusion against the others."""
    collection = run.collection
    return "\n".join((*_lines(name, collection, run), ""))


def _lines(name: str, collection: Collection, run: RetrievalRun) -> Iterator[str]:
    yield f"## {name}: {len(collection.passages):,} passages, {len(collection.queries):,} questions"
    yield ""
    yield "| system | " + " | ".join(MEASURES) + f" | {OURS} against it, {MEASURE} | p |"
    yield "|---" * (len(MEASURES) + 3) + "|"
    tests = {test["against"]: test for test in _tests(run)}
    for system in run.ranked:
        cells = [_cell(run.values(system, measure)) for measure in MEASURES]
        test = tests.get(system)
        cells += [f"{test['gain']:+.3f}", f"{test['p']:.4f}"] if test else ["–", "–"]
        yield f"| {system} | {' | '.join(cells)} |"


def _cell(values: Sequence[float]) -> str:
    low, high = bootstrap_interval(values)
    return f"{sum(values) / len(values):.3f} [{low:.3f}–{high:.3f}]"


def public_figures(name: str, run: RetrievalRun) -> Mapping[str, Any]:
    """The same as plain values for JSON."""
    return {
        "kind": "peers",
        "set": name,
        "questions": len(run.collection.queries),
        "systems": {
            system: {
                "means": {m: round(run.mean(system, m), DECIMALS) for m in MEASURES},
                "intervals": {
                    m: [round(end, DECIMALS) for end in bootstrap_interval(run.values(system, m))]
                    for m in MEASURES
                },
            }
            for system in run.ranked
        },
        "tests": list(_tests(run)),
    }


def _tests(run: RetrievalRun) -> Iterator[Mapping[str, Any]]:
    ours = run.values(OURS, MEASURE)
    for system in run.ranked:
        if system == OURS:
            continue
        yield {
            "system": OURS,
            "against": system,
            "measure": MEASURE,
            "gain": round(run.mean(OURS, MEASURE) - run.mean(system, MEASURE), DECIMALS),
            "p": round(paired_p_value(ours, run.values(system, MEASURE)), DECIMALS),
        }
