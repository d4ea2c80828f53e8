"""Units of time and the bounds that are given in them, shared by all readers of times."""

from __future__ import annotations

import re

from assistant.dosing.model import Bound
from assistant.dosing.numerals import ANY_NUMBER, value_of

TIME = (
    r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|mths?|mo|years?|yrs?|d|h"
    r"|w)(?![A-Za-z/])"
)
_TIME_UNIT = {"mi": "min", "h": "h", "d": "d", "w": "wk", "mo": "mo", "mt": "mo", "y": "y"}
BOUND = rf"(?P<low>{ANY_NUMBER})(?:\s?(?:-|to|or|and|~)\s?(?P<high>{ANY_NUMBER}))?"


def time_unit(word: str) -> str:
    """``hrs`` as "h", ``weeks`` as "wk"; years as "y"."""
    word = word.lower()
    return _TIME_UNIT.get(word[:2]) or _TIME_UNIT[word[:1]]


def bound_of(match: re.Match[str], unit: str = "") -> Bound:
    """The value or range that a pattern found under ``low`` and ``high``."""
    low = value_of(match["low"])
    high = value_of(match["high"]) if match["high"] else low
    return Bound(low, high, unit)
