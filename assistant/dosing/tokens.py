"""Which characters have been explained, and by what: each digit belongs to one token."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

from assistant.dosing.model import Bound, DoseRole, Frequency, Kind
from assistant.dosing.numerals import WORD_NUMBER

_WORD = re.compile(r"[A-Za-z]+")
_DIGITS = re.compile(r"\d\d*+")
_COUNTED = re.compile(rf"(?<!\d)\.?\d|\b{WORD_NUMBER}")
_SPACED = re.compile(r"\d \d{3}")


def any_case(words: str) -> frozenset[str]:
    """Each word of a list in lower case, in capitals and with one capital."""
    return frozenset(v for w in words.split() for v in (w, w.upper(), w.capitalize()))


_NUMBER_WORDS = any_case(
    "one two three four five six seven eight nine ten eleven twelve fifteen twenty thirty fifty"
    " hundred half quarter"
)


def count_numerals(text: str) -> int:
    """How many numerals a text holds, in digits or in words."""
    return sum(1 for _ in _COUNTED.finditer(text))


def _numeral_start(text: str, at: int) -> int:
    """Where the numeral with these digits begins: at the point of ".5", but not of "1.5"."""
    naked = at and text[at - 1] == "." and not (at > 1 and text[at - 2].isdecimal())
    return at - 1 if naked else at


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
    guessed: bool = False  # its kind rests on the words beside it alone


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
    change: int | None = None  # of a share: -1 what is cut by it, 1 raised by it, 0 left
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
    days_at: tuple[int, int] | None = None
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
    """The tokens of one text; a character is claimed at most once.

    Most patterns of the reader begin with a number or hold one of a few words. They are tried
    at the numbers, or when such a word is there: a search of every character for each of them
    takes ten times as long.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.lower = text.lower()
        self.words = frozenset(_WORD.findall(text))
        self.numerals = tuple(_numeral_start(text, m.start()) for m in _DIGITS.finditer(text))
        self.all: list[Token] = []
        self._taken = bytearray(len(text))

    @cached_property
    def counted(self) -> tuple[int, ...]:
        """Where a numeral begins, in digits or in words."""
        if _NUMBER_WORDS.isdisjoint(map(str.lower, self.words)):
            return self.numerals
        return tuple(m.start() for m in _COUNTED.finditer(self.text))

    @cached_property
    def has_spaced(self) -> bool:
        """Whether a number such as ``1 000`` can be there at all."""
        return _SPACED.search(self.text) is not None

    def says(self, *stems: str) -> bool:
        """Whether one of these lower-case strings stands anywhere, in any case."""
        for stem in stems:  # noqa: SIM110 - any() costs three times as much here
            if stem in self.lower:
                return True
        return False

    def holds(self, words: frozenset[str]) -> bool:
        """Whether one of these words stands in the text, written as here."""
        return not self.words.isdisjoint(words)

    def matches(self, pattern: re.Pattern[str], stems: Sequence[str]) -> Iterator[re.Match[str]]:
        """All matches of a pattern that can't be there without one of these strings."""
        if self.says(*stems):
            return pattern.finditer(self.text)
        return iter(())

    def at_numbers(
        self, pattern: re.Pattern[str], starts: Sequence[int], *, compared: bool = False
    ) -> Iterator[re.Match[str]]:
        """Matches that begin at one of these numbers, none inside another.

        ``compared``: with the ``<`` or ``>`` before the number.
        """
        text, last = self.text, 0
        for start in starts:
            if start < last:
                continue
            match = None
            if compared and start:
                sign = start - 2 if text[start - 1] == " " else start - 1
                if sign >= last and text[sign] in "<>≤≥=":
                    match = pattern.match(text, sign)
            match = match or pattern.match(text, start)
            if match is not None:
                last = match.end()
                yield match

    def unclaimed(self, starts: Sequence[int] | None = None) -> tuple[int, ...]:
        """The numerals that no token holds yet: of ``starts``, else those in digits."""
        taken = self._taken
        return tuple(at for at in (self.numerals if starts is None else starts) if not taken[at])

    def free(self, start: int, end: int) -> bool:
        """Whether no token holds any character of ``[start, end)``."""
        return self._taken.find(1, start, end) < 0

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
