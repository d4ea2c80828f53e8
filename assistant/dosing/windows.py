"""Looking back from a place in a text, no further than a number of characters."""

from __future__ import annotations

import re


def text_before(text: str, at: int, reach: int) -> str:
    """The text before a place, as far as the reach."""
    return text[max(0, at - reach) : at]


def look_back(pattern: re.Pattern[str], text: str, at: int, reach: int) -> re.Match[str] | None:
    r"""A match of a pattern within the reach; ``\Z`` stands for the place.

    What lies beyond the reach still decides whether a word begins there.
    """
    return pattern.search(text, max(0, at - reach), at)
