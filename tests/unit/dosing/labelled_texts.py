"""The texts of the labelled sets that may be looked at, for the tests that keep what is said."""

from __future__ import annotations

import json
import re
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


# What one word, unit or sign of a text is changed into, to read and to compare what comes out:
# each pair is tried in both directions.
_SWAPPED = (
    *(("daily", "monthly"), ("weekly", "daily"), ("twice", "thrice"), ("once", "twice")),
    *(("day", "week"), ("week", "month"), ("days", "cycles"), ("hours", "minutes")),
    *(("hour", "day"), ("qd", "qw"), ("bd", "tds"), ("bid", "qod"), ("doses", "weeks")),
    *(("mg", "g"), ("mg", "mcg"), ("kg", "m2"), ("m²", "kg"), ("mL", "L"), ("units", "mg")),
    *(("IV", "PO"), ("SC", "IM"), ("intravenously", "orally"), ("infusion", "tablet")),
    *(("up to", "at least"), ("maximum", "minimum"), ("max", "total"), ("below", "above")),
    *(("<", ">"), ("≤", "≥"), ("not", "then"), ("stop", "start"), ("increase", "reduce")),
    *(("adults", "children"), ("adult", "child"), ("years", "months"), ("kg", "years")),
    *(("and", "or"), ("then", "or"), ("for", "over"), ("to", "or"), ("of", "plus"), ("on", "in")),
    *(("every", "for"), ("per", "and"), ("with", "without"), ("from", "by"), ("if", "until")),
    *(("etoposide", "anakinra"), ("dexamethasone", "prednisolone"), ("ferritin", "platelets")),
    *(("Hb", "haemoglobin"), ("platelets", "plt"), ("sCD25", "IL-2R"), ("ANC", "neutrophils")),
    *(("creatinine clearance", "CrCl"), ("rituximab", "methotrexate"), ("dose", "course")),
)
_SWAPS = tuple(
    (re.compile(rf"(?<![A-Za-z]){re.escape(word)}(?![A-Za-z])"), other)
    for pair in _SWAPPED
    for word, other in (pair, pair[::-1])
)
_FIRST_NUMBER = re.compile(r"\d+")


def swapped(text: str, most: int) -> list[str]:
    """A text with one of its words or its first number changed, in so many ways at the most.

    Which ways depends on the length of the text, so that every change is tried somewhere.
    """
    changed = [p.sub(other, text, count=1) for p, other in _SWAPS if p.search(text)]
    changed += [
        _FIRST_NUMBER.sub(str(n), text, count=1) for n in (0, 3) if _FIRST_NUMBER.search(text)
    ]
    changed += [text.replace(sign, ". ") for sign in (", ", "; ", " (") if sign in text]
    first = len(text) % max(1, len(changed))
    return [each for each in (changed[first:] + changed[:first])[:most] if each != text]
