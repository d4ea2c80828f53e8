"""What code says today, kept to be compared: every wording once, and a hash of all of it.

A change is something to read and approve, as with the approved answers:
GOLDEN=approve python -m pytest FILE. The wordings show what changed; the hashes, one for each
group, make sure that nothing else did.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable
from pathlib import Path

FOLDER = Path(__file__).parent / "unit" / "dosing" / "golden"
_ID = re.compile(r"\b[a-z][\w-]*(?:\.[\w-]+)+\b|'[^']*'")  # of a rule, or a quote
_SENTENCE = re.compile(r"(?<=[.;)]) ")
_NUMBER = re.compile(r"\d[\d.,/]*")


Line = tuple[str, str, tuple[str, ...]]  # its group, what it is about, what is said of it


def characterised(name: str, lines: Iterable[Line]) -> tuple[str, str]:
    """The kept text of a name and the text of these lines, to be compared."""
    text = _text(lines)
    path = FOLDER / f"{name}.txt"
    if os.environ.get("GOLDEN") == "approve":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return path.read_text(encoding="utf-8"), text


def _text(lines: Iterable[Line]) -> str:
    wordings: dict[str, str] = {}
    groups: dict[str, tuple[int, hashlib._Hash]] = {}
    for group, about, said in lines:
        for sentence in (part for text in said for part in _SENTENCE.split(text)):
            wordings.setdefault(_ID.sub("@", _NUMBER.sub("#", sentence)), f"{about}: {sentence}")
        count, digest = groups.setdefault(group, (0, hashlib.sha256()))
        digest.update(f"{about}: {said}\n".encode())
        groups[group] = (count + 1, digest)
    hashes = (f"{g}: {n} lines, {h.hexdigest()[:16]}" for g, (n, h) in groups.items())
    return "\n".join([*wordings.values(), "", *hashes]) + "\n"
