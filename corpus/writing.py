"""How statements are written: the closed lists of ``writing.toml``, read and checked."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.errors import CorpusError

DEFAULT = Path(__file__).with_name("writing.toml")

_UNITS = ("amount", "size", "time", "activity", "volume", "per")
_WORDS = (
    "counted",
    "outcome",
    "schedule",
    "schedule_after",
    "before_time",
    "age",
    "named",
    "statistic",
    "score",
    "filler",
    "stop",
    "frequency",
    "study",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Writing:
    """Units, the words that say what a number is, and abbreviations to avoid.

    ``abbreviations`` maps each to the words to write instead.
    """

    units: Mapping[str, frozenset[str]]
    words: Mapping[str, frozenset[str]]
    abbreviations: Mapping[str, str]

    def is_unit(self, word: str) -> bool:
        """Whether the word is a unit that can stand after a number by itself."""
        return any(word in self.units[kind] for kind in ("amount", "size", "time", "activity"))


@lru_cache(maxsize=4)
def load_writing(path: Path = DEFAULT) -> Writing:
    """Read the lists; CorpusError names the file and what is missing or misspelt."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
        return Writing(
            units={name: frozenset(raw["units"][name]) for name in _UNITS},
            words={name: frozenset(raw["words"][name]) for name in _WORDS},
            abbreviations=dict(raw["abbreviations"]),
        )
    except FileNotFoundError:
        raise CorpusError(f"{path} is missing. Restore the lists of words.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CorpusError(f"{path.name} is not valid TOML: {error}. Correct that line.") from error
    except (KeyError, TypeError) as error:
        raise CorpusError(f"{path.name}: an entry is missing or misspelt: {error}.") from error
