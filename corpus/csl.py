"""The fields of a CSL-JSON entry as citeproc-py reads them; the one file that knows it.

CSL allows more than one way to write a name, a date and a text: particles and suffixes, an
institution as an author, a range or a phrase as a date, ``<span class="nocase">`` in a title.
The library knows them all. It reads anything, though, also a list as a title; so whoever calls
this looks first whether a value has the right JSON type.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from citeproc import VARIABLES
from citeproc.source import Date, DateRange, LiteralDate
from citeproc.source.json import CiteProcJSON

FIELDS = frozenset({"id", "type", "custom", *(name.replace("_", "-") for name in VARIABLES)})
"""The fields that are read; any other would be passed over without a word."""

_NAME_PARTS = ("literal", "family", "given", "dropping-particle", "non-dropping-particle", "suffix")
_READER = CiteProcJSON([])


class Unreadable(Exception):
    """A value that CSL has no such form for; the caller names the entry and the remedy."""


def read_text(value: str) -> str:
    """The text without the marks by which CSL protects its capitals."""
    # Nearly no text has such marks, and the library takes each text apart to look for them.
    return str(_READER.parse_string(value)) if "<" in value else value


def read_names(raw: Any) -> tuple[str, ...]:
    """Names as Vancouver style prints them: "von Bahr Greenwood T", "Roe AB Jr", "WHO".

    Raises Unreadable where one has neither a family name nor stands as a whole (``literal``).
    """
    if not isinstance(raw, list) or not all(_is_name(name) for name in raw):
        raise Unreadable
    # Marks for sorting and the like are left out: they do not change what is printed.
    known = [{part: name[part] for part in _NAME_PARTS if part in name} for name in raw]
    return tuple(_printed(name.parts()) for name in _READER.parse_names(known))


def _is_name(name: Any) -> bool:
    if not isinstance(name, Mapping):
        return False
    parts = [name[part] for part in _NAME_PARTS if part in name]
    whole = name.get("family") or name.get("literal")
    return bool(whole) and all(isinstance(part, str) for part in parts)


def _printed(parts: tuple[str | None, ...]) -> str:
    given, family, dropping, non_dropping, suffix = parts
    return " ".join(filter(None, (dropping, non_dropping, family, _initials(given or ""), suffix)))


def _initials(given: str) -> str:
    """ "Carl Erik", "C. E." and "CE" are all CE."""
    words = given.replace(".", " ").replace("-", " ").split()
    return "".join(word if word.isupper() else word[0].upper() for word in words)


def read_date(raw: Any) -> str:
    """A date as one would print it: a year, two years, an estimate or a phrase.

    Raises Unreadable for one that CSL has no such form for, or that holds no year.
    """
    try:
        date = _READER.parse_date(raw)
    except (AttributeError, TypeError, ValueError) as error:
        raise Unreadable from error
    match date:
        case LiteralDate():
            return str(date["text"])
        case DateRange():
            years = [date["begin"]["year"], date["end"]["year"]]
        case Date():
            years = [date["year"]]
        case _:
            raise Unreadable
    if not all(isinstance(year, int) for year in years):
        raise Unreadable
    return ("about " if date["circa"] else "") + "-".join(f"{year:04d}" for year in years)
