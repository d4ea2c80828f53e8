"""Reading one TOML table of a score file: every mistake names the file, the key and why."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeVar

from assistant.dosing.calculators.scores.model import ScoreError

T = TypeVar("T")


class TableReader:
    """One table; what was not asked for when it is closed is an unknown key."""

    def __init__(self, table: Mapping[str, Any], file: str, path: str = "") -> None:
        self._table = dict(table)
        self.file = file
        self.path = path

    def error(self, key: str, reason: str) -> ScoreError:
        """The error of one key of this table."""
        return ScoreError(self.file, f"{self.path}{key}", reason)

    def has(self, key: str) -> bool:
        """Whether the key is there and was not read yet."""
        return key in self._table

    def text(self, key: str, default: str | None = None) -> str:
        """A text that is not empty, or the default."""
        value = self._take(key, default)
        if not isinstance(value, str) or (default is None and not value.strip()):
            raise self.error(key, "A text is expected.")
        return value

    def flag(self, key: str) -> bool:
        """True or false; false when it is not there."""
        value = self._take(key, False)
        if not isinstance(value, bool):
            raise self.error(key, "true or false is expected.")
        return value

    def whole(self, key: str, default: int | None = None) -> int:
        """A whole number, or the default."""
        value = self._take(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.error(key, "A whole number is expected.")
        return value

    def number(self, key: str, default: str | None = None) -> Fraction:
        """A number written as a text ("-2.1"), exact."""
        return self._fraction(key, self.text(key, default))

    def numbers(self, key: str) -> tuple[Fraction, ...]:
        """A list of numbers written as texts, which has to be there."""
        return tuple(self._fraction(key, text) for text in self.texts(key, required=True))

    def texts(self, key: str, *, required: bool = False) -> tuple[str, ...]:
        """A list of texts, possibly empty; one text counts as a list of one."""
        value = self._take(key, None if required else [])
        value = [value] if isinstance(value, str) else value
        if not isinstance(value, list) or not all(isinstance(v, str) and v for v in value):
            raise self.error(key, "A list of texts is expected.")
        return tuple(value)

    def choice(self, key: str, make: Callable[[str], T], default: str | None = None) -> T:
        """A word of a closed list."""
        text = self.text(key, default)
        try:
            return make(text)
        except ValueError:
            raise self.error(key, f"'{text}' is not one of the known words.") from None

    def table(self, key: str) -> TableReader:
        """A table that has to be there."""
        value = self._take(key, None)
        if not isinstance(value, dict):
            raise self.error(key, "A table is expected.")
        return TableReader(value, self.file, f"{self.path}{key}.")

    def tables(self, key: str, *, required: bool = False) -> tuple[TableReader, ...]:
        """A list of tables; at least one when it is required."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(v, dict) for v in value):
            raise self.error(key, "A list of tables is expected.")
        if required and not value:
            raise self.error(key, "At least one is expected.")
        return tuple(
            TableReader(v, self.file, f"{self.path}{key}[{n}].") for n, v in enumerate(value, 1)
        )

    def pairs(self, key: str) -> tuple[tuple[str, str], ...]:
        """A table of texts, in its order."""
        value = self._take(key, {})
        if not isinstance(value, dict) or not all(isinstance(v, str) for v in value.values()):
            raise self.error(key, "A table of texts is expected.")
        return tuple(value.items())

    def close(self) -> None:
        """Refuse what is left."""
        for key in self._table:
            raise self.error(key, "This key is not known here.")

    def _fraction(self, key: str, text: str) -> Fraction:
        try:
            return Fraction(text)
        except (ValueError, ZeroDivisionError):
            raise self.error(key, f"'{text}' is no number.") from None

    def _take(self, key: str, default: object) -> Any:
        if key in self._table:
            return self._table.pop(key)
        if default is None:
            raise self.error(key, "This key is missing.")
        return default
