"""``python -m eval.bench.public_sets FOLDER``: our retriever on public medical collections.

FOLDER holds scifact, bioasq, medquad and pubmedqa, each as its README there says; one that is
missing is named and left out. What each gives: SciFact claims and abstracts, BioASQ questions
and snippets, MedQuAD questions and answers, PubMedQA questions and the abstracts they came from.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.settings import FILE, load_settings
from assistant.wiring import embedder_of
from corpus.errors import GuidelineError
from corpus.shell import leave_with
from eval.collection import Collection, lines_of, load_collection
from eval.retrieval import SYSTEMS, RetrievalRun, as_json, render, run_collection
from eval.writing import write_report

EVERY = 8
"""MedQuAD asks 14,646 questions: each so-manieth is asked, all answers are searched."""


def scifact(folder: Path) -> Collection:
    """Claims of the training split and the abstracts that speak of them."""
    return load_collection(
        folder / "corpus.jsonl.gz", folder / "queries.train.jsonl", folder / "qrels.train.tsv"
    )


def bioasq(folder: Path) -> Collection:
    """Questions of experts and the snippets that they marked as evidence."""
    return load_collection(
        folder / "snippets.jsonl.gz", folder / "questions.jsonl.gz", folder / "qrels.tsv.gz"
    )


def medquad(folder: Path) -> Collection:
    """Consumers' questions and the answers to them; the same question has several answers."""
    rows = list(_json_lines(folder / "qa.jsonl.gz"))
    answers: dict[str, set[str]] = {}
    for row in rows:
        answers.setdefault(" ".join(row["question"].split()), set()).add(row["_id"])
    asked = {f"q{at}": text for at, text in enumerate(answers) if at % EVERY == 0}
    return Collection(
        passages={row["_id"]: row["answer"] for row in rows},
        queries=asked,
        relevant={id_: frozenset(answers[text]) for id_, text in asked.items()},
    )


def pubmedqa(folder: Path) -> Collection:
    """Research questions and the abstract, without its conclusion, from which each came."""
    rows = list(_json_lines(folder / "dev.jsonl.gz"))
    return Collection(
        passages={row["_id"]: "\n".join(row["contexts"]) for row in rows},
        queries={row["_id"]: row["question"] for row in rows},
        relevant={row["_id"]: frozenset({row["_id"]}) for row in rows},
    )


SETS: Mapping[str, Callable[[Path], Collection]] = {
    "scifact": scifact,
    "bioasq": bioasq,
    "medquad": medquad,
    "pubmedqa": pubmedqa,
}


def held_out(collection: Collection) -> Collection:
    """The half of the questions on which nothing was fitted, chosen by the hash of the id.

    ``index.fusion.DENSE_WEIGHT`` and the measure of words were chosen on the other half.
    """
    kept = {id_: text for id_, text in collection.queries.items() if not _is_fitted_on(id_)}
    return replace(
        collection, queries=kept, relevant={id_: collection.relevant[id_] for id_ in kept}
    )


def _is_fitted_on(id_: str) -> bool:
    return hashlib.sha256(id_.encode()).digest()[0] % 2 == 0


def main(argv: Sequence[str] | None = None) -> int:
    """Print a report for each set that is there, and a summary."""
    parser = argparse.ArgumentParser(
        prog="python -m eval.bench.public_sets",
        description="Our retriever on public collections: on the half of the questions on which "
        "nothing was fitted. Results are kept as JSON among the reports.",
    )
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("sets", nargs="*", metavar="SET", help=", ".join(SETS))
    arguments = parser.parse_args(argv)
    data, chosen = arguments.folder, arguments.sets or list(SETS)
    settings = load_settings(FILE, {})
    runs: dict[str, RetrievalRun] = {}
    for name in chosen:
        if name not in SETS or not (data / name).is_dir():
            print(f"{name}: not in {data}; left out.", file=sys.stderr)
            continue
        try:
            runs[name] = run_collection(
                held_out(SETS[name](data / name)),
                embedder_of(settings, adapted=False),
                settings.data / "collections",
                weight=settings.dense_weight,
            )
            write_report(settings.data / "reports" / f"retrieval-{name}.json", as_json(runs[name]))
        except GuidelineError as error:
            print(error, file=sys.stderr)
            return 1
        print(render(runs[name]).replace("# Retrieval", f"# {name}", 1))
    print("\n".join(_summary(runs)))
    return 0


def _summary(runs: Mapping[str, RetrievalRun]) -> Iterator[str]:
    yield "| set | questions | nDCG@10: bm25 | dense | hybrid | gain over the better | p |"
    yield "|---|---|---|---|---|---|---|"
    for name, run in runs.items():
        cells = " | ".join(f"{run.mean(system, 'nDCG@10'):.3f}" for system in SYSTEMS)
        gain, p = run.gain()
        yield f"| {name} | {len(run.collection.queries):,} | {cells} | {gain:+.3f} | {p:.4f} |"


def _json_lines(path: Path) -> Iterator[Mapping[str, Any]]:
    for _, line in lines_of(path):
        yield json.loads(line)


if __name__ == "__main__":
    leave_with(main)
