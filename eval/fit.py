"""``python -m eval fit``: fit relevance and answerability on the development questions.

Reads every question file but takes only questions that are not of a test half; prints how well
the order is, each question being judged by weights that were fitted without it (five folds).
Writes assistant/relevance.toml, then assistant/answerable.toml, whose features rest on the order.
Needs scikit-learn, which sentence-transformers brings.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.relevance import WEIGHTS, Relevance
from assistant.settings import FILE, load_settings
from assistant.wiring import Assistant
from eval.fit_answerable import fit_answerability
from eval.fit_plan import broad_questions, fitted, precision_held_out
from eval.judge import Judge
from eval.load import default_files, load_cases
from eval.metrics import reciprocal_rank
from eval.model import Case
from eval.system import open_for_evaluation

FOLDS = 5
PENALTY = 0.001  # C of scikit-learn: smaller is a stronger penalty
DECIMALS = 4
SKIPPED = "outside-heldout.jsonl"
RELEVANCE, PLAN, ANSWERABLE = "relevance", "plan", "answerable"

Table = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Item:
    """One question: the features of what was found, and which of it carries a key fact."""

    case: Case
    ids: tuple[str, ...]
    features: tuple[dict[str, float], ...]
    relevant: frozenset[str]


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Fit, print, write; exit 0 done, 2 wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m eval fit",
        description="Fit the weights by which passages are ordered (relevance.toml), then those "
        "by which a question is taken to be answerable (answerable.toml).",
    )
    parser.add_argument("--only", choices=(RELEVANCE, PLAN, ANSWERABLE), help="fit one of them")
    only = parser.parse_args(argv).only
    files = [path for path in default_files() if path.name != SKIPPED]
    cases = [case for case in load_cases(files) if case.split != "test"]
    with tempfile.TemporaryDirectory() as folder:
        if only != ANSWERABLE:
            assistant = open_for_evaluation(load_settings(FILE, environ), Path(folder))
            _fit_relevance(cases, assistant, only)
        if only in (None, ANSWERABLE):
            # Opened anew: the features are those of the weights just written.
            assistant = open_for_evaluation(load_settings(FILE, environ), Path(folder))
            fit_answerability(cases, assistant)
    return 0


def _fit_relevance(cases: Sequence[Case], assistant: Assistant, only: str | None) -> None:
    """Fit the order of what is found and that of a plan; ``only`` keeps the other as it is."""
    kept = assistant.relevance
    weights, intercept, plan = dict(kept.weights), kept.intercept, dict(kept.plan)
    if only != PLAN:
        weights, intercept = _fitted_order(cases, assistant)
    if only != RELEVANCE:
        broad = broad_questions(cases, assistant)
        precision = precision_held_out(broad)
        print(f"{len(broad)} broad questions: average precision {precision:.3f}, five folds")
        plan = fitted(broad)
    WEIGHTS.write_text(_toml(weights, intercept, plan), "utf-8")
    print(f"written: {WEIGHTS.name}")


def _fitted_order(cases: Sequence[Case], assistant: Assistant) -> tuple[dict[str, float], float]:
    asked = (case for case in cases if case.key_facts)
    items = [item for case in asked if (item := _item(case, assistant)) is not None]
    names = sorted({name for item in items for values in item.features for name in values})
    held_out = _cross_validated(items, names)
    print(f"{len(items)} development questions, {len(names)} features")
    for label, scores in (("as found", None), ("fitted, five folds", held_out)):
        print(f"{label}: MRR {_mrr(items, scores):.3f}")
    return _fit(items, names)


def _item(case: Case, assistant: Assistant) -> Item | None:
    library = assistant.library
    judge = Judge(library, {})
    evidence = assistant.find(case.question)
    # The order in which the search found it: the chain's own is by the weights of today.
    pool = tuple(sorted(evidence.pool, key=lambda found: (-found.score, found.passage.id)))
    relevant = frozenset[str]().union(*(judge.carriers(fact) for fact in case.key_facts))
    ids = tuple(found.passage.id for found in pool)
    if not relevant & set(ids):
        return None
    features = Relevance(library, {}, 0.0).features(evidence.understanding, pool)
    return Item(case, ids, tuple(features), relevant)


def _cross_validated(items: Sequence[Item], names: Sequence[str]) -> list[Table]:
    """The logits of every question's passages, by weights that never saw the question."""
    result: list[Table] = [np.zeros(0)] * len(items)
    for fold in range(FOLDS):
        weights, intercept = _fit([x for i, x in enumerate(items) if i % FOLDS != fold], names)
        for i, item in enumerate(items):
            if i % FOLDS == fold:
                result[i] = _table(item, names) @ [weights[n] for n in names] + intercept
    return result


def _table(item: Item, names: Sequence[str]) -> Table:
    return np.array([[values.get(name, 0.0) for name in names] for values in item.features])


def _fit(items: Sequence[Item], names: Sequence[str]) -> tuple[dict[str, float], float]:
    """Weights by name; every question counts alike, and its two classes as well."""
    from sklearn.linear_model import LogisticRegression  # type: ignore[import-untyped]

    table = np.concatenate([_table(item, names) for item in items])
    wanted = np.concatenate([[id_ in item.relevant for id_ in item.ids] for item in items])
    share = np.concatenate([_shares(item) for item in items])
    mean, spread = table.mean(0), table.std(0) + 1e-6
    model = LogisticRegression(C=PENALTY, max_iter=4000)
    model.fit((table - mean) / spread, wanted, sample_weight=100 * share)
    raw = model.coef_[0] / spread
    intercept = float(model.intercept_[0] - (raw * mean).sum())
    weights = {name: round(float(w), DECIMALS) for name, w in zip(names, raw, strict=True)}
    return weights, round(intercept, DECIMALS)


def _shares(item: Item) -> Table:
    hits = np.array([id_ in item.relevant for id_ in item.ids])
    return np.where(hits, 1 / max(1, hits.sum()), 1 / len(hits))


def _mrr(items: Sequence[Item], scores: Sequence[Table] | None) -> float:
    ranks = []
    for i, item in enumerate(items):
        order = range(len(item.ids)) if scores is None else np.argsort(-scores[i], kind="stable")
        ranks.append(reciprocal_rank([item.ids[k] for k in order], item.relevant))
    return float(np.mean(ranks))


def _toml(weights: Mapping[str, float], intercept: float, plan: Mapping[str, float]) -> str:
    lines = [
        "# Written by `python -m eval fit`; in logits, for the features of assistant/relevance.py.",
        f"intercept = {intercept}",
        "",
        "[weights]",
        *_lines(weights),
        "",
        "# Of a statement in a section of a broad answer.",
        "[plan]",
        *_lines(plan),
    ]
    return "\n".join(lines) + "\n"


def _lines(weights: Mapping[str, float]) -> list[str]:
    return [f'"{name}" = {weight}' for name, weight in sorted(weights.items()) if weight]
