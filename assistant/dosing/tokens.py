"""Which characters have been explained, and by what: each digit belongs to one token."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from assistant.dosing.model import Bound, DoseRole, Frequency, Kind


@dataclass(slots=True, eq=False)
class Token:
    """A stretch of the normalised text with one meaning; ``value`` depends on ``what``."""

    kind: Kind
    start: int
    end: int
    what: str = ""
    value: Any = None
    silent: bool = False  # holds no number, so it is not listed among the numbers
    subject: str = ""
    cmp: str = ""


@dataclass(slots=True, eq=False)
class Quantity:
    """An amount with its unit as scanned, before anything is attached to it."""

    start: int
    end: int
    low: Fraction | None
    high: Fraction | None
    unit: str
    basis: str = ""
    per: str = ""
    kind: Kind = Kind.DOSE
    flags: list[str] = field(default_factory=list)
    units_per_dose: Bound | None = None
    role: DoseRole | None = None
    cmp: str = "="
    cumulative: bool = False
    relative_noun: str = ""
    # Filled by attachment.
    drug: str | None = None
    freq: Frequency | None = None
    routes: list[str] = field(default_factory=list)
    route_at: int | None = None
    duration: Bound | None = None
    over: Bound | None = None
    count: Bound | None = None
    divided: Bound | None = None
    days: str = ""
    weeks: str = ""
    population: str = ""
    conditions: list[str] = field(default_factory=list)
    phases: list[Frequency] = field(default_factory=list)
    parts: list[tuple[int, int]] = field(default_factory=list)

    def flag(self, name: str) -> None:
        """Add a flag once."""
        if name not in self.flags:
            self.flags.append(name)


class Tokens:
    """The tokens of one text; a character is claimed at most once."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.all: list[Token] = []
        self._taken = bytearray(len(text))

    def free(self, start: int, end: int) -> bool:
        """Whether no token holds any character of ``[start, end)``."""
        return not any(self._taken[start:end])

    def claim(self, token: Token) -> Token:
        """Add a token; its characters are taken from now on."""
        self._taken[token.start : token.end] = b"\x01" * (token.end - token.start)
        self.all.append(token)
        return token

    def try_claim(self, kind: Kind, start: int, end: int, **more: Any) -> Token | None:
        """Add a token unless one of its characters is already taken."""
        if start >= end or not self.free(start, end):
            return None
        return self.claim(Token(kind, start, end, **more))

    def of(self, *whats: str) -> Iterable[Token]:
        """The tokens with one of these ``what`` values, in text order."""
        return sorted((t for t in self.all if t.what in whats), key=lambda t: t.start)
