"""Words that turn the sense of an amount, at every distance from it.

How far the reader looks is a number of characters or of words in each of its files: a text of
every length on both sides of that edge shows where it lies.
"""

from __future__ import annotations

from collections.abc import Iterator

_BEFORE = (
    *("never", "not more than", "avoid", "limit", "cumulative", "from", "stopped", "was on"),
    *("reduce etoposide by", "increase from", "strength", "neonates", "weighing", "saline"),
    *("ferritin", "clearance", "proteinuria", "stage", "within", "monitor", "with", "instead of"),
    *("with concomitant", "zorbifen", "zorbinib", "etoposide", "(max", "and", "day", "two"),
    *("=", "dose", "afebrile", "tapered", "red cells", "in error", "25% of the", "vitamin d"),
)
_AMOUNTS = ("5 mg of etoposide twice weekly IV", "1 000 mg", "25% for 3 days", "5", "etoposide 5 g")
_AFTER = ("is wrong", "max", "mortality", "of the dose", "sodium", "vial", "should be avoided")


def stretched() -> Iterator[tuple[str, str]]:
    """Each word, and a text with it at each distance from an amount: one letter more at a time."""
    for number, word in enumerate(_BEFORE):
        for distance in range(96):
            amount = _AMOUNTS[(number + distance // 24) % len(_AMOUNTS)]
            yield word, f"{word} {_filler(distance)}{amount}"
    for word in _AFTER:
        for distance in range(64):
            gap = _filler(distance)
            yield word, f"etoposide 5 mg {gap}{word} and 25% {gap}{word}"


def _filler(length: int) -> str:
    """Words of seven letters, and a shorter one first."""
    return (("abcdefg " * 12)[-length:].lstrip() if length else "").rjust(length, "x")
