"""The bands of ages, weights and clearances to which a statement is restricted, and who fits."""

from __future__ import annotations

import math
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
_WEIGHTS = re.compile(
    r"\b(?:under|below) (?P<below>\d+(?:\.\d+)?) kg\b"
    r"|\b(?P<low>\d+(?:\.\d+)?) kg (?:and|or) (?:over|above|more)\b"
)

_CLEARANCE = re.compile(r"\bcreatinine clearance\b", re.IGNORECASE)
_RATES = re.compile(
    r"\b(?:(?P<end>below|under|above|over) (?:about )?)?(?P<low>\d+)(?:[–-](?P<high>\d+))? mL/min\b"
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


@lru_cache(maxsize=8192)
def weight_band(text: str) -> tuple[Fraction | None, Fraction | None] | None:
    """The half-open band in kilograms before a statement's colon; None without exactly one.

    >>> [str(end) for end in weight_band("Examplitis, 45 kg or more: 100 mg.")]
    ['45', 'None']
    """
    head, colon, _ = text.partition(":")
    found = [match.groupdict() for match in _WEIGHTS.finditer(head)] if colon else []
    if len(found) != 1:
        return None
    low, below = found[0]["low"], found[0]["below"]
    return Fraction(low) if low else None, Fraction(below) if below else None


@lru_cache(maxsize=8192)
def clearance_bands(text: str) -> tuple[tuple[float, float], ...]:
    """The ranges of creatinine clearance, in mL/min, that a statement speaks of.

    >>> clearance_bands("Half dose at creatinine clearance 15–30 mL/min; below 15 mL/min avoid.")
    ((15.0, 30.0), (0.0, 15.0))
    """
    if not _CLEARANCE.search(text):
        return ()
    found = []
    for match in _RATES.finditer(text):
        one, above = float(match["low"]), match["end"] in {"above", "over"}
        if match["high"]:
            found.append((one, float(match["high"])))
        elif match["end"]:
            found.append((one, math.inf) if above else (0.0, one))
    return tuple(found)


def is_for(
    text: str,
    age_years: float | None,
    weight_kg: float | None,
    clearance: float | None = None,
) -> bool | None:
    """Whether a patient lies in the bands to which a statement is restricted.

    ``clearance`` of creatinine in mL/min. None where the statement has no band, or where what it
    asks for is not known of the patient.
    """
    known = ((age_band(text), age_years), (weight_band(text), weight_kg))
    fits = [_inside(band, value) for band, value in known if band and value is not None]
    rates = clearance_bands(text)
    if rates and clearance is not None:
        fits.append(any(low <= clearance <= high for low, high in rates))
    return all(fits) if fits else None


def _inside(band: tuple[Fraction | None, Fraction | None], value: float) -> bool:
    low, below = band
    return not (low is not None and value < low) and not (below is not None and value >= below)
