"""Every text on which the two readers are compared, each under a lasting name.

The held-out half of the labelled set is not among them.
"""

from __future__ import annotations

import json
import random
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.unit.dosing.test_dosing_library import statements

from .agreement import Difference

_HERE = Path(__file__).parent
_FIXTURES = _HERE.parents[2] / "fixtures" / "dosing"
_FILES = ("open_list", "labelled", "set2-development")


def texts() -> dict[str, str]:
    """Name to text: "library/hlh-94-trial:1.1", "open_list/A01", "labelled/12"."""
    found = {f"library/{name}": text for name, text, _ in statements()}
    for file in _FILES:
        lines = (_FIXTURES / f"{file}.jsonl").read_text("utf-8").splitlines()
        for number, line in enumerate(lines, start=1):
            case = json.loads(line)
            found[f"{file}/{case.get('id', number)}"] = case["text"]
    return found


def accepted() -> dict[tuple[str, Difference], str]:
    """The listed differences, each with the reason why both readings may stand."""
    listed = tomllib.loads((_HERE / "accepted_differences.toml").read_text("utf-8"))
    return {
        (
            entry["text"],
            Difference(entry["field"], tuple(entry["first"]), tuple(entry["second"])),
        ): entry["reason"]
        for entry in listed.get("difference", [])
    }


def shuffled(count: int, seed: int) -> Iterator[str]:
    """Strings of two to five stretches of one to seven words, cut from texts with a number."""
    choose = random.Random(seed)
    sources = [text.split(" ") for text in texts().values() if any(map(str.isdigit, text))]
    for _ in range(count):
        parts = []
        for _ in range(choose.randint(2, 5)):
            words = choose.choice(sources)
            start = choose.randrange(len(words))
            parts += words[start : start + choose.randint(1, 7)]
        yield " ".join(parts)
