"""One TOML table read key by key: each value typed, each key that nobody asked for an error."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from fractions import Fraction
from typing import TypeVar

from assistant.dosing.table.errors import Problems

Choice = TypeVar("Choice", bound=StrEnum)

_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?")


def parse_number(text: str) -> Fraction | None:
    """An exact value from a plain decimal string, "1.25"; None for any other wording.

    >>> parse_number("1.25")
    Fraction(5, 4)
    """
    return Fraction(text) if _NUMBER.fullmatch(text) else None


class Fields:
    """A table of a rule file; mistakes go to ``problems`` and a harmless value comes back."""

    __slots__ = ("_asked", "_raw", "file", "key", "problems")

    def __init__(self, raw: Mapping[str, object], file: str, key: str, problems: Problems) -> None:
        self._raw = raw
        self._asked: set[str] = set()
        self.file = file
        self.key = key
        self.problems = problems

    def problem(self, key: str, what: str, remedy: str) -> None:
        """Note a mistake under a key of this table; "" for the table itself."""
        path = ".".join(part for part in (self.key, key) if part != "")
        self.problems.add(self.file, path, what, remedy)

    def has(self, key: str) -> bool:
        """Whether the file gives the key; asking doesn't count as reading it."""
        return key in self._raw

    def _get(self, key: str) -> object:
        self._asked.add(key)
        return self._raw.get(key)

    def close(self) -> None:
        """Report every key that nothing has asked for."""
        for key in self._raw.keys() - self._asked:
            near = get_close_matches(key, self._asked, n=1)
            remedy = f"Did you mean '{near[0]}'?" if near else "Remove it."
            self.problem(key, "This key is not known.", remedy)

    def _missing(self, key: str) -> None:
        self.problem(key, "This key is missing.", "Add it.")

    def text(self, key: str, *, required: bool = False) -> str:
        """A string; "" where it is absent."""
        value = self._get(key)
        if value is None:
            if required:
                self._missing(key)
            return ""
        if not isinstance(value, str):
            remedy = f'Put it in quotation marks: "{value}".'
            self.problem(key, f"{value} is not text.", remedy)
            return ""
        if required and not value.strip():
            self.problem(key, "The text is empty.", "Fill it in.")
        return value

    def word(self, key: str, allowed: Collection[str], *, default: str | None = None) -> str:
        """One string of a closed list; ``default`` where it is absent, else it is required."""
        value = self.text(key, required=default is None)
        if not value:
            if default and self._raw.get(key) == "":
                self.problem(key, "The text is empty.", "Fill it in, or leave it out.")
            return default or ""
        if value not in allowed:
            self.problem(key, f"'{value}' is not known.", f"Use one of: {', '.join(allowed)}.")
            return default or ""
        return value

    def choice(self, key: str, kind: type[Choice], default: Choice | None = None) -> Choice:
        """A member of an enumeration."""
        words = [str(member) for member in kind]
        word = self.word(key, words, default=None if default is None else str(default))
        return kind(word) if word in words else next(iter(kind))

    def flag(self, key: str, *, required: bool = False) -> bool:
        """true or false; false where it is absent."""
        value = self._get(key)
        if value is None:
            if required:
                self._missing(key)
            return False
        if not isinstance(value, bool):
            self.problem(key, f"{value} is not true or false.", "Write true or false.")
            return False
        return value

    def whole(self, key: str, *, default: int | None = None) -> int:
        """A whole number above 0, written without quotation marks; 1 after a mistake."""
        value = self._get(key)
        if value is None:
            if default is None:
                self._missing(key)
            return default or 1
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            self.problem(key, f"{value} is not a whole number above 0.", "Correct it.")
            return 1
        return value

    def optional_whole(self, key: str) -> int | None:
        """A whole number above 0, or None where it is absent."""
        return self.whole(key) if self.has(key) else None

    def number(self, key: str, *, required: bool = False) -> Fraction | None:
        """An exact value; in the file it is a string, so that no binary fraction creeps in."""
        value = self._get(key)
        if value is None:
            if required:
                self._missing(key)
            return None
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            what = f"{value} is a number; values are strings here, so that they stay exact."
            self.problem(key, what, f'Put it in quotation marks: "{value}".')
            return None
        parsed = parse_number(value) if isinstance(value, str) else None
        if parsed is None:
            self.problem(key, f"'{value}' is not a plain decimal.", 'Write it as "1.25".')
        return parsed

    def day(self, key: str) -> date:
        """A TOML date, required; the first day of the calendar after a mistake."""
        value = self._get(key)
        if value is None:
            self._missing(key)
        elif isinstance(value, date) and not isinstance(value, datetime):
            return value
        else:
            self.problem(key, f"{value} is not a date.", "Write it as 2026-11-27, unquoted.")
        return date.min

    def strings(
        self, key: str, allowed: Collection[str] | None = None, *, required: bool = False
    ) -> tuple[str, ...]:
        """A list of different strings, of a closed list if one is given."""
        value = self._get(key)
        if value is None:
            if required:
                self._missing(key)
            return ()
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            self.problem(key, f"{value} is not a list of texts.", 'Write it as ["one", "two"].')
            return ()
        if required and not value:
            self.problem(key, "The list is empty.", "Add at least one entry.")
        for item in sorted({item for item in value if value.count(item) > 1}):
            self.problem(key, f"'{item}' stands twice.", "Remove one.")
        for item in value:
            if allowed is not None and item not in allowed:
                remedy = f"Use one of: {', '.join(allowed)}."
                self.problem(key, f"'{item}' is not known.", remedy)
        return tuple(v for v in value if allowed is None or v in allowed)

    def table(self, key: str) -> Fields | None:
        """A table within this one, or None where it is absent."""
        value = self._get(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.problem(key, f"{value} is not a table.", "Write it as { key = value }.")
            return None
        return Fields(value, self.file, f"{self.key}.{key}" if self.key else key, self.problems)

    def tables(self, key: str) -> list[Fields]:
        """A list of tables; empty where it is absent."""
        value = self._get(key)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.problem(key, f"{value} is not a list of tables.", "Write [[...]] or [{...}].")
            return []
        path = f"{self.key}.{key}" if self.key else key
        return [
            Fields(item, self.file, f"{path}[{at}]", self.problems)
            for at, item in enumerate(value, start=1)
        ]

    def under(self, key: str) -> Fields:
        """The same table under another key path: a rule is named by its id, not its place."""
        named = Fields(self._raw, self.file, key, self.problems)
        named._asked = self._asked
        return named

    def entries(self) -> list[tuple[str, object]]:
        """Every key with its raw value, for tables whose keys are free; all count as read."""
        self._asked.update(self._raw)
        return list(self._raw.items())
