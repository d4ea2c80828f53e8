"""The texts of the labelled sets that may be looked at, for the tests that keep what is said."""

from __future__ import annotations

import json
from pathlib import Path

FIXTURES = Path(__file__).parents[2] / "fixtures" / "dosing"
LABELLED = (
    *("labelled", "set2-development", "set2-heldout", "set3-development", "set4-development"),
    *("set5-development", "set6-development", "set7-development", "open_list", "orders"),
)  # the held-out set stays shut


def texts_of(name: str) -> list[str]:
    """The texts of one set, in order."""
    lines = (FIXTURES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines]


def all_texts() -> list[str]:
    """The texts of all sets, each once."""
    return list(dict.fromkeys(text for name in LABELLED for text in texts_of(name)))
