"""The one age band to which a statement is restricted, and whether a patient falls outside it."""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

_MONTHS, _WEEKS, _DAYS = Fraction(12), Fraction(1461, 28), Fraction(1461, 4)  # in a year
_PER_YEAR = {"y": Fraction(1), "m": _MONTHS, "w": _WEEKS, "d": _DAYS}
_UNIT = r"(?P<unit>year|month|week|day)s?"
# Only wordings whose ends are plain. "2-3 years" may or may not include the third birthday.
_BANDS = (
    re.compile(rf"\b(?P<low>\d+) to (?:under|below) (?P<below>\d+) {_UNIT}\b"),
    re.compile(rf"\b(?:under|below|younger than) (?P<below>\d+) {_UNIT}\b"),
    re.compile(rf"\b(?P<low>\d+) {_UNIT} (?:and|or) (?:over|older|above|more)\b"),
)


@lru_cache(maxsize=8192)
def age_band(text: str) -> tuple[Fraction | None, Fraction | None] | None:
    """The half-open band in years before a statement's colon; None without exactly one.

    >>> [str(end) for end in age_band("CNS disease, 1 to under 2 years: 8 mg.")]
    ['1', '2']
    """
    head, colon, _ = text.partition(":")
    found: dict[tuple[int, int], tuple[Fraction | None, Fraction | None]] = {}
    for pattern in _BANDS if colon else ():
        for match in pattern.finditer(head):
            if any(start < match.end() and match.start() < end for start, end in found):
                continue  # "1 to under 2 years" holds "under 2 years"
            scale = _PER_YEAR[match["unit"][0]]
            ends = match.groupdict()
            low, below = ends.get("low"), ends.get("below")
            found[match.span()] = (
                Fraction(low) / scale if low else None,
                Fraction(below) / scale if below else None,
            )
    return next(iter(found.values())) if len(found) == 1 else None


def is_for_another_age(text: str, age_years: float) -> bool:
    """Whether a statement is restricted to an age band in which this age does not lie."""
    band = age_band(text)
    if band is None:
        return False
    low, below = band
    return (low is not None and age_years < low) or (below is not None and age_years >= below)
