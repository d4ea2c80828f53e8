"""``python -m eval compare A.json B.json``: what changed from one run to another.

Both are results that ``python -m eval --json`` wrote. Questions are paired by file and id; each
measure is compared over the questions that both runs asked, with a paired randomisation test,
and every question whose outcome, key facts or shown passages changed is listed.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.errors import GuidelineError
from eval.errors import DataError
from eval.paired import paired_p_value

Item = Mapping[str, Any]
LISTED = 40
MEASURES: Mapping[str, Callable[[Item], float | None]] = {
    "recall@5": lambda item: item["recall@5"],
    "MRR": lambda item: item["reciprocal_rank"],
    "nDCG@10": lambda item: item["ndcg@10"],
    "key facts in first 10": lambda item: item["key_facts_in_first_10"],
    "key-fact recall": lambda item: item["key_fact_recall"],
    "vital-fact recall": lambda item: item["vital_recall"],
    "apt statements": lambda item: item["apt"],
    "right outcome": lambda item: float(item["class"] == "right"),
    "statements shown": lambda item: float(len(item["shown"])),
    "unsupported sentences": lambda item: float(len(item["unsupported"])),
    "unsupported numbers": lambda item: float(len(item["unsupported_numbers"])),
}
"""The measures of the report; a question for which one is undefined in either run is left out."""


@dataclass(frozen=True, slots=True)
class Results:
    """One run as it was written: its questions by file and id, and what it ran on."""

    name: str
    fingerprints: Mapping[str, str]
    items: Mapping[tuple[str, str], Item]


def main(argv: Sequence[str], _environ: Mapping[str, str]) -> int:
    """Exit 0 done, 1 a file can't be used, 2 wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m eval compare",
        description="What changed between two runs, with paired tests.",
    )
    parser.add_argument("before", type=Path, metavar="A.json")
    parser.add_argument("after", type=Path, metavar="B.json")
    arguments = parser.parse_args(argv)
    try:
        print(render(load(arguments.before), load(arguments.after)), end="")
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def load(path: Path) -> Results:
    """The results of one run; DataError where the file is none of ours."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        items = {(item["file"], item["id"]): item for item in whole["cases"]}
        for item in items.values():
            for measure in MEASURES.values():
                measure(item)
        return Results(path.name, dict(whole["fingerprints"]), items)
    except OSError as error:
        raise DataError(path, f"it can't be read ({error.strerror}).") from error
    except (ValueError, KeyError, TypeError) as error:
        raise DataError(path, "it holds no results of `python -m eval --json`.") from error


def render(before: Results, after: Results) -> str:
    """The comparison in Markdown; the same two files give the same bytes."""
    both = [key for key in before.items if key in after.items]
    lines = [
        f"# {before.name} and {after.name}",
        "",
        f"{len(both)} questions in both, {len(before.items) - len(both)} only in the first, "
        f"{len(after.items) - len(both)} only in the second.",
        "",
        *_fingerprints(before, after),
        "",
        "| measure | questions | before | after | change | p |",
        "|---|---|---|---|---|---|",
    ]
    for name, measure in MEASURES.items():
        pairs = [(measure(before.items[key]), measure(after.items[key])) for key in both]
        known = [(a, b) for a, b in pairs if a is not None and b is not None]
        if known:
            lines.append(_row(name, [a for a, _ in known], [b for _, b in known]))
    return "\n".join([*lines, "", *_changes(before, after, both)]) + "\n"


def _row(name: str, before: Sequence[float], after: Sequence[float]) -> str:
    first, second = sum(before) / len(before), sum(after) / len(after)
    chance = paired_p_value(after, before)
    means = f"{first:.3f} | {second:.3f} | {second - first:+.3f}"
    return f"| {name} | {len(before)} | {means} | {chance:.4f} |"


def _fingerprints(before: Results, after: Results) -> list[str]:
    names = dict.fromkeys((*before.fingerprints, *after.fingerprints))
    changed = [n for n in names if before.fingerprints.get(n) != after.fingerprints.get(n)]
    if not changed:
        return ["Library, index, code, settings and questions are the same."]
    return ["Not the same in both: " + ", ".join(changed) + "."]


def _changes(before: Results, after: Results, both: Sequence[tuple[str, str]]) -> list[str]:
    found = [
        f"- {key[0]} {key[1]}: {said}"
        for key in both
        if (said := _change(before.items[key], after.items[key]))
    ]
    lines = [f"## Questions that changed: {len(found)}", "", *found[:LISTED]]
    if len(found) > LISTED:
        lines.append(f"- and {len(found) - LISTED} more")
    return lines


def _change(old: Item, new: Item) -> str:
    said = []
    if old["outcome"] != new["outcome"]:
        said.append(f"{old['outcome'] or 'failed'} → {new['outcome'] or 'failed'}")
    for what, first, second in (("lost", old, new), ("found", new, old)):
        facts = [f for f, fate in first["key_facts"].items() if fate == "shown"]
        changed = [f for f in facts if second["key_facts"].get(f) != "shown"]
        if changed:
            said.append(f"{what} {', '.join(changed)}")
    if not said and old["shown"] != new["shown"]:
        said.append(
            f"shows {len(new['shown'])} instead of {len(old['shown'])} statements, or others"
        )
    return "; ".join(said)
