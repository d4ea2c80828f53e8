"""Whether a question tells of an emergency that is going on, or of a person in distress.

The wordings stand in ``emergency.toml``. What is said then names no telephone number: which one
to call is known where the question is asked, and not here.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

WORDINGS = Path(__file__).with_name("emergency.toml")
CALL = (
    "This is a reference work and no help in an emergency. If a patient is in danger now, call "
    "the local emergency or resuscitation team first."
)
SEEK_HELP = (
    "If you or somebody near you may be in danger, please seek help from a person at once: the "
    "local emergency service, or somebody who is with you. This library can't help with that."
)


def tells_of_emergency(text: str) -> bool:
    """Whether a patient seems to be in danger while the question is asked.

    >>> tells_of_emergency("BP 60/30, what now?"), tells_of_emergency("BP target in adults")
    (True, False)
    """
    return _matches("emergency", text)


def tells_of_distress(text: str) -> bool:
    """Whether the writer may harm himself, or has.

    >>> tells_of_distress("I want to die"), tells_of_distress("how many patients die")
    (True, False)
    """
    return _matches("distress", text)


def _matches(kind: str, text: str) -> bool:
    line = " ".join(text.replace("\u2019", "'").split())
    return any(pattern.search(line) for pattern in _patterns()[kind])


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], ...]]:
    content = tomllib.loads(WORDINGS.read_text("utf-8"))
    return {
        kind: tuple(re.compile(wording, re.IGNORECASE) for wording in wordings)
        for kind, wordings in content.items()
    }
