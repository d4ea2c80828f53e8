"""Roles over a list of doses: who is meant by one word is often open, and is said by a flag."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from assistant.dosing.model import DoseRole
from assistant.dosing.tokens import Quantity
from corpus.drugs import DrugMention

_LIMITS = frozenset({DoseRole.MAXIMUM, DoseRole.MINIMUM, DoseRole.CUMULATIVE_LIMIT})
_PLAIN = frozenset({DoseRole.STATED, DoseRole.RELATIVE})
_AND_OR = re.compile(r"\s?(?:and|or|/)\s?")
_BREAK = re.compile(r"[.;:()]")
_ANEW = re.compile(
    r"\b(?:start|give|given|add|continu|begin|began|now|use|then|switch|commenc|prescrib|receiv|on\b"
    r"|take|with\b|plus\b|we\b|to\b)",
    re.IGNORECASE,
)
_TO = re.compile(r"(?:\s\w+)?\sto\s+(?:\w+\s)?", re.IGNORECASE)
_LONGEST_GAP = 60


def is_split(
    doses: Sequence[Quantity],
    unnamed: str,
    named: Collection[DrugMention],
    cue: re.Pattern[str],
) -> bool:
    """Whether a role stops inside a list: "ramipril 10 mg and spironolactone 25 mg stopped".

    ``doses`` and ``named`` are those of one sentence; ``unnamed`` is the whole text with every
    drug blanked, and ``cue`` finds, in small letters, the words that decide a role.
    """
    for first, second in pairwise(sorted(doses, key=lambda dose: dose.start)):
        gap = unnamed[first.end : second.start]
        if first.role in _LIMITS and _AND_OR.fullmatch(gap):
            return True  # "maximum 2 mg and 50 mg": of two drugs
        if not any(first.end <= drug.start < second.start for drug in named):
            continue
        if first.role is DoseRole.STATED and _TO.fullmatch(gap):
            return True  # "omeprazole 20 mg to lansoprazole 15 mg": the first is left
        if (first.role in _PLAIN) == (second.role in _PLAIN) or len(gap) > _LONGEST_GAP:
            continue
        if not (_BREAK.search(gap) or _ANEW.search(gap) or cue.search(gap.lower())):
            return True
    return False


def is_repeated(
    sentence: str,
    start: int,
    doses: Sequence[Quantity],
    cues: Mapping[str, re.Pattern[str]],
    used: Mapping[DoseRole | None, frozenset[str]],
) -> bool:
    """Whether a kind of word stands beside more amounts than took a role from it.

    ``sentence`` is in small letters and begins at ``start`` of the text; ``used`` says which
    kinds of word each role uses.
    """
    ordered = sorted(doses, key=lambda dose: dose.start)
    starts = [0, *(dose.end - start for dose in ordered)]
    ends = [*(dose.start - start for dose in ordered), len(sentence)]
    between = [sentence[a:b] for a, b in zip(starts, ends, strict=True)]
    for name, cue in cues.items():
        takers = sum(name in used.get(dose.role, frozenset()) for dose in ordered)
        if takers and sum(cue.search(part) is not None for part in between) > takers:
            return True
    return False
