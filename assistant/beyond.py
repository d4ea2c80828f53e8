"""What a question speaks of that lies beyond a library: other diseases, and silent matters.

The words stand in ``beyond.toml`` and are those of any hospital. A word that the library itself
uses is none of another subject.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from corpus.library import Library
from corpus.mentions import mentions
from corpus.model import Passage

WORDS = Path(__file__).with_name("beyond.toml")


@dataclass(frozen=True, slots=True)
class Matter:
    """Something that can be asked of a drug or disease, and words of texts that speak of it."""

    name: str
    asked: tuple[str, ...]
    held: tuple[str, ...]


def other_conditions(text: str, library: Library) -> tuple[str, ...]:
    """The diseases and fields that a text names and that no statement of the library names.

    What the library only mentions ("kidney transplant") is another subject as well.
    """
    if not mentions(text, _conditions(library)):
        return ()
    return tuple(word for word in _conditions(library) if mentions(text, (word,)))


def silent_on(text: str, passages: Iterable[Passage]) -> tuple[str, ...]:
    """The matters that a text asks about and that none of the passages speaks of."""
    asked = [matter for matter in _matters() if mentions(text, matter.asked)]
    if not asked:
        return ()
    texts = [passage.text for passage in passages]
    return tuple(
        matter.name for matter in asked if not any(mentions(said, matter.held) for said in texts)
    )


@lru_cache(maxsize=4)
def _conditions(library: Library) -> tuple[str, ...]:
    vocabulary = library.vocabulary
    own = [w for terms in vocabulary.terms.values() for t in terms.values() for w in t.words]
    texts = [passage.text for passage in library.passages.values()]
    said = "\n".join([*texts, *own, *vocabulary.subject_words, *vocabulary.abbreviations])
    listed = (word for word in _content()["conditions"] if not mentions(said, (word,)))
    return tuple(dict.fromkeys((*vocabulary.mentioned_only, *listed)))


@cache
def _matters() -> tuple[Matter, ...]:
    return tuple(
        Matter(entry["name"], tuple(entry["asked"]), tuple(entry["held"]))
        for entry in _content()["matter"]
    )


@cache
def _content() -> dict[str, list]:  # type: ignore[type-arg]
    return tomllib.loads(WORDS.read_text("utf-8"))
