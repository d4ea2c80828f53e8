"""Whether a text names something by one of the words that a vocabulary gives for it."""

from __future__ import annotations

import re
from functools import lru_cache


def spelled(text: str) -> str:
    """A text as words are looked up in it: lower case, plain apostrophes, hyphens and spaces."""
    line = " ".join(text.lower().split())
    return re.sub(r"[\u2018\u2019]", "'", re.sub(r"[\u2010-\u2015]", "-", line))


@lru_cache(maxsize=4096)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str] | None:
    if not words:
        return None
    # "monitor" stands for monitors, monitored and monitoring too; short words stand as they are.
    forms = [
        re.escape(word) + ("(?:s|es|ed|ing)?" if len(word) > 4 and word.isalpha() else "")
        for word in sorted(words, key=len, reverse=True)
    ]
    # "csf" is not named by "g-csf".
    return re.compile(rf"(?<![a-z0-9])(?<!\b[a-z]-)(?:{'|'.join(forms)})(?![a-z0-9])")


def mentions(text: str, words: tuple[str, ...]) -> bool:
    """Whether one of the words stands in the text.

    >>> mentions("Monitoring of ferritin", ("monitor",)), mentions("G-CSF", ("csf",))
    (True, False)
    """
    pattern = _pattern(words)
    return bool(pattern and pattern.search(spelled(text)))


def without(text: str, words: tuple[str, ...]) -> str:
    """The text in one line, with each of the words taken out.

    >>> without("Dose of IV etoposide", ("dose", "iv"))
    'of etoposide'
    """
    line = " ".join(text.split())
    pattern, low = _pattern(words), spelled(line)
    if pattern is None:
        return line
    if len(low) != len(line):  # a letter whose small form is two letters
        line = low
    kept, end = [], 0
    for match in pattern.finditer(low):
        kept.append(line[end : match.start()])
        end = match.end()
    return " ".join(" ".join([*kept, line[end:]]).split())
