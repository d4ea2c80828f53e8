"""``python -m eval retrieval``: our retriever on any collection, beside its two halves alone.

The report (Markdown, or JSON with ``--json``) holds, for words alone (BM25), meaning alone
(dense) and both (hybrid): nDCG@10, recall@10, recall@100 and MRR with 95 % intervals, the time
of a question, and whether the hybrid differs from the better of the two by more than chance.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from assistant.settings import FILE, load_settings
from assistant.wiring import embedder_of
from corpus.errors import GuidelineError
from eval.collection import Collection, load_collection
from eval.embedded import embedded
from eval.metrics import (
    bootstrap_interval,
    ndcg_at_k,
    percentile,
    recall_at_k,
    reciprocal_rank,
)
from eval.paired import paired_p_value
from eval.writing import write_report
from index.fusion import fuse_hits
from index.keyword import Bm25Search
from index.memory import MemoryStore
from index.ports import Embedder, Hit
from index.retrieve import ENTRIES, POOL

DEPTH = 100
"""How far down a ranking counts: for recall@100, and for the MRR as well."""
SYSTEMS = ("bm25", "dense", "hybrid")
MEASURES: Mapping[str, Callable[[Sequence[str], frozenset[str]], float]] = {
    "nDCG@10": lambda ranking, relevant: ndcg_at_k(ranking, relevant, 10),
    "recall@10": lambda ranking, relevant: recall_at_k(ranking, relevant, 10),
    "recall@100": lambda ranking, relevant: recall_at_k(ranking, relevant, 100),
    "MRR": reciprocal_rank,
}


@dataclass(frozen=True, slots=True)
class Ranked:
    """What one system did: for each question the ids found, best first, and the milliseconds."""

    rankings: Mapping[str, tuple[str, ...]]
    times_ms: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class RetrievalRun:
    """One collection, every system on it, and what it was run with."""

    collection: Collection
    ranked: Mapping[str, Ranked]
    model: str
    weight: float

    def values(self, system: str, measure: str) -> tuple[float, ...]:
        """One value for each question, in the order of the questions."""
        rankings = self.ranked[system].rankings
        of = MEASURES[measure]
        return tuple(of(rankings[q], self.collection.relevant[q]) for q in self.collection.queries)

    def mean(self, system: str, measure: str) -> float:
        """The mean over the questions."""
        values = self.values(system, measure)
        return sum(values) / len(values)

    @property
    def better_half(self) -> str:
        """Which of words alone and meaning alone has the higher nDCG@10."""
        return max(("bm25", "dense"), key=lambda system: self.mean(system, "nDCG@10"))

    def gain(self) -> tuple[float, float]:
        """What the hybrid gains over the better half in nDCG@10, and the p-value of that."""
        ours, theirs = self.values("hybrid", "nDCG@10"), self.values(self.better_half, "nDCG@10")
        gain = self.mean("hybrid", "nDCG@10") - self.mean(self.better_half, "nDCG@10")
        return gain, paired_p_value(ours, theirs)


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Exit 0 done, 1 failed with a sentence on stderr, 2 wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m eval retrieval",
        description="Our retriever on any collection in the layout of BEIR (.gz is unpacked).",
    )
    parser.add_argument("--corpus", type=Path, required=True, metavar="C.jsonl")
    parser.add_argument("--queries", type=Path, required=True, metavar="Q.jsonl")
    parser.add_argument("--qrels", type=Path, required=True, metavar="R.tsv")
    parser.add_argument("--json", type=Path, metavar="OUT.json", help="write every question")
    arguments = parser.parse_args(argv)
    try:
        settings = load_settings(FILE, environ)
        collection = load_collection(arguments.corpus, arguments.queries, arguments.qrels)
        run = run_collection(
            collection,
            embedder_of(settings, adapted=False),
            settings.data / "collections",
            weight=settings.dense_weight,
        )
        print(render(run), end="")
        if arguments.json is not None:
            write_report(arguments.json, as_json(run))
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The next run goes on from here.", file=sys.stderr)
        return 1
    return 0


def run_collection(
    collection: Collection, embedder: Embedder, folder: Path, *, weight: float
) -> RetrievalRun:
    """Rank the passages for every question; vectors are kept below ``folder``."""
    from tqdm import tqdm

    ids, texts = list(collection.passages), list(collection.passages.values())
    with tqdm(total=len(texts), unit=" passages", file=sys.stderr, disable=None) as bar:
        rows = embedded(texts, embedder, folder, lambda done: bar.update(done - bar.n) and None)
    store = MemoryStore()
    store.add(ids, texts, rows)
    keyword = Bm25Search(ids, texts)
    rankings: dict[str, dict[str, tuple[str, ...]]] = {system: {} for system in SYSTEMS}
    times: dict[str, list[float]] = {system: [] for system in SYSTEMS}
    depth = max(DEPTH, POOL)
    bar = tqdm(collection.queries.items(), unit=" questions", file=sys.stderr, disable=None)
    for id_, text in bar:
        start = time.perf_counter()
        words = keyword.nearest(text, depth)
        after_words = time.perf_counter()
        meaning = store.nearest(embedder.embed([text])[0], ENTRIES * depth)
        after_meaning = time.perf_counter()
        both = fuse_hits(meaning, words, partial(keyword.cover, text), depth, weight)
        end = time.perf_counter()
        for system, hits, took in (
            ("bm25", words, after_words - start),
            ("dense", meaning, after_meaning - after_words),
            ("hybrid", both, end - start),
        ):
            rankings[system][id_] = _first(hits)
            times[system].append(1000 * took)
    return RetrievalRun(
        collection=collection,
        ranked={s: Ranked(rankings[s], tuple(times[s])) for s in SYSTEMS},
        model=embedder.name,
        weight=weight,
    )


def _first(hits: Sequence[Hit]) -> tuple[str, ...]:
    return tuple(id_ for id_, _ in hits[:DEPTH])


def render(run: RetrievalRun) -> str:
    """The report in Markdown. The times differ from run to run, nothing else does."""
    collection = run.collection
    lines = [
        "# Retrieval",
        "",
        f"{len(collection.passages):,} passages, {len(collection.queries):,} questions; model "
        f"{run.model}, share of the meaning {run.weight:g}. A passage judged relevant with any "
        f"score above 0 counts; the MRR looks {DEPTH} deep. In brackets: 95 % interval.",
        "",
        "| system | " + " | ".join(MEASURES) + " | ms a question, median (95th percentile) |",
        "|---" * (len(MEASURES) + 2) + "|",
    ]
    for system in SYSTEMS:
        cells = [_cell(run.values(system, measure)) for measure in MEASURES]
        times = run.ranked[system].times_ms
        cells.append(f"{percentile(times, 50):.1f} ({percentile(times, 95):.1f})")
        lines.append(f"| {system} | {' | '.join(cells)} |")
    gain, p = run.gain()
    lines += [
        "",
        f"Hybrid against {run.better_half}, the better half, in nDCG@10: {gain:+.3f}, "
        f"p = {p:.4f} (paired randomisation test).",
        "",
    ]
    return "\n".join(lines)


def _cell(values: Sequence[float]) -> str:
    low, high = bootstrap_interval(values)
    return f"{sum(values) / len(values):.3f} [{low:.3f}–{high:.3f}]"


def as_json(run: RetrievalRun) -> str:
    """Every question with its ranking and its measures; the same bytes for the same run."""
    values = {(s, m): run.values(s, m) for s in SYSTEMS for m in MEASURES}
    questions = [
        {
            "id": id_,
            "relevant": sorted(run.collection.relevant[id_]),
            **{
                system: {
                    "first": list(run.ranked[system].rankings[id_][:10]),
                    **{m: values[system, m][at] for m in MEASURES},
                }
                for system in SYSTEMS
            },
        }
        for at, id_ in enumerate(run.collection.queries)
    ]
    means = {system: {m: run.mean(system, m) for m in MEASURES} for system in SYSTEMS}
    gain, p = run.gain()
    test = {"system": "hybrid", "against": run.better_half, "measure": "nDCG@10"}
    whole = {
        "model": run.model,
        "weight": run.weight,
        "means": means,
        "tests": [{**test, "gain": gain, "p": p}],
        "questions": questions,
    }
    return json.dumps(whole, ensure_ascii=False, indent=1) + "\n"
