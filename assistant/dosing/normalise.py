"""One spelling for every way of typing a number or a unit, with a map back to the raw text.

Unicode compatibility folding is never applied: it turns 10⁹ into 109. Each character is
handled by name instead, and each character of the result knows where it came from.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

CITATION_OPEN, CITATION_CLOSE = "\u27e6", "\u27e7"  # ⟦4,5⟧

_SUPER = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+", strict=True))
_FRACTIONS = {
    "½": "5",
    "¼": "25",
    "¾": "75",
    "⅕": "2",
    "⅖": "4",
    "⅗": "6",
    "⅘": "8",
    "⅛": "125",
    "⅜": "375",
    "⅝": "625",
    "⅞": "875",
}
_SAME: dict[str, str] = {
    **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d\u2043", "-"),
    **dict.fromkeys("\u2044\u2215\u29f8", "/"),
    **dict.fromkeys("×✕✖╳⨯", "×"),
    **dict.fromkeys("→➔➜➝➞⇒⟶⟹►▶➙", "→"),
    **dict.fromkeys("⩽≦≲", "≤"),
    **dict.fromkeys("⩾≧≳", "≥"),
    **dict.fromkeys("∼～˜≈≃", "~"),
    **dict.fromkeys("‘’‛′ʼ`´", "'"),
    **dict.fromkeys("“”„″«»", '"'),
    "\u03bc": "µ",
    "㎎": "mg",
    "㎏": "kg",
    "㎍": "µg",
    "㎖": "mL",
    "㎗": "dL",
    "㎡": "m2",
    "㎜": "mm",
    "㎝": "cm",
    "ℓ": "L",
    "٪": "%",
    "\u066b": ".",
    "\u066c": ",",
}
_DROPPED = frozenset(
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\u2061\u2062\u2063\u2064\ufeff\u180e\u034f\u202a"
    "\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufe0e\ufe0f"
)
_MIDDOTS = "·∙⋅‧•"

_MARKUP = re.compile(
    r"""
      <sup>(?P<sup>[^<>]{1,30})</sup>
    | \[\[c:(?P<cite>[^\]\n]{1,40})\]\]
    | </?(?:sup|sub|b|i|u|em|strong|span|p|br|li|ul|td|tr|th|div|small)\b[^<>]{0,120}>
    | &(?:nbsp|thinsp|ensp|emsp|lt|gt|le|ge|micro|mu|times|plusmn|frac12|frac14|frac34|ndash
        |mdash|minus|middot|sup2|sup3|deg|amp|rarr|\#\d{1,5}|\#x[0-9a-fA-F]{1,5});
    | \\(?:mathrm|text|textrm|mathbf|mathit|operatorname|rm)\s?(?=[{\s])
    | \\(?P<latex>leq|le|geq|ge|times|cdot|mu|sim|approx|rightarrow|to|pm)(?![A-Za-z])
    | \\[,;:!\ %()\[\]]
    | \*\*+ | __+
    | \^\{(?P<power>[-+0-9]{1,4})\}
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LATEX = {
    "leq": "≤",
    "le": "≤",
    "geq": "≥",
    "ge": "≥",
    "times": "×",
    "cdot": "·",
    "mu": "µ",
    "sim": "~",
    "approx": "~",
    "rightarrow": "→",
    "to": "→",
    "pm": "±",
}
_DOLLARS = re.compile(r"\$(?=[^$\n]{0,200}\\)[^$\n]{1,200}\$")


@dataclass(frozen=True, slots=True)
class Normal:
    """The normalised text; character i came from ``raw[starts[i]:ends[i]]``."""

    raw: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """The raw offsets of the normalised slice ``[start, end)``, which is not empty."""
        return self.starts[start], self.ends[end - 1]


@dataclass(slots=True)
class _Piece:
    """One output character with the raw slice that it stands for."""

    char: str
    start: int
    end: int
    super: bool = False


# Characters that another one stands for, one for one, so that no offset moves.
_ONE_FOR_ONE = str.maketrans(
    {char: plain for char, plain in _SAME.items() if len(plain) == 1}
    | dict.fromkeys("\u00a0\u2007\u2009\u202f\u2002\u2003\u2008\u200a", " ")
)
_SQUARED = re.compile(r"(?<=[/ ])m²(?![⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺])")
# What else has to be rewritten; other characters beyond ASCII may have to be.
_NEEDS_WORK = re.compile(
    r"<[/a-zA-Z=]|>=|[-=]>|&[a-zA-Z#]|[\\*_^{}$`]|\[\["
    r"|[^\x00-\x7fµ≤≥×→~°±€£√àáâäåæçèéêëíîïñóôöøúûüßα-ωÀ-ÖØ-Þ]"
)

_LINE_HYPHEN = re.compile(r"-\n")
_UNEVEN_SPACE = re.compile(r"(?: (?=\s)|[^\S ])\s*+")  # a run that is not one space


def normalise(raw: str) -> Normal:
    """The text in one spelling: ASCII dashes and digits, one space, ``m2``, ``10^9``."""
    plain = raw if raw.isascii() else _SQUARED.sub("m2", raw.translate(_ONE_FOR_ONE))
    if not _NEEDS_WORK.search(plain):
        if " ".join(plain.split()) == plain:
            return Normal(raw, plain, range(len(raw)), range(1, len(raw) + 1))
        if not _LINE_HYPHEN.search(plain):
            return _evenly_spaced(raw, plain)
    pieces = _superscripts(list(_spell(raw)))
    pieces = _joined(pieces)
    pieces = _spaced(pieces)
    return Normal(
        raw,
        "".join(p.char for p in pieces),
        tuple(p.start for p in pieces),
        tuple(p.end for p in pieces),
    )


def _spell(raw: str) -> Iterator[_Piece]:
    """Characters one by one, mark-up removed and typographic variants made plain."""
    dollars = {i for m in _DOLLARS.finditer(raw) for i in (m.start(), m.end() - 1)}
    at = 0
    for match in _MARKUP.finditer(raw):
        yield from _plain(raw, at, match.start(), dollars)
        yield from _markup(match)
        at = match.end()
    yield from _plain(raw, at, len(raw), dollars)


# Tags and what stands in their place; others fall away.
_SPACING = {
    **dict.fromkeys(("<br", "<p>", "<li", "<tr", "<di"), "\n"),
    **dict.fromkeys(("<td", "<th"), " "),
}


def _markup(match: re.Match[str]) -> Iterator[_Piece]:
    start, end = match.span()
    whole = match.group()
    inner = match.group("sup") or match.group("power")
    if inner is not None:
        begin = match.start("sup" if match.group("sup") else "power")
        for i, char in enumerate(inner):
            yield _Piece(_SAME.get(char, char), begin + i, begin + i + 1, super=True)
    elif match.group("cite") is not None:
        yield _Piece(CITATION_OPEN, start, match.start("cite"))
        for i, char in enumerate(match.group("cite")):
            yield _Piece(char, match.start("cite") + i, match.start("cite") + i + 1)
        yield _Piece(CITATION_CLOSE, match.end("cite"), end)
    elif match.group("latex"):
        yield _Piece(_LATEX[match.group("latex").lower()], start, end)
    elif whole.startswith("&"):
        yield from _letter(html.unescape(whole)[:1] or " ", start, end)
    elif whole[:3].lower() in _SPACING:
        yield _Piece(_SPACING[whole[:3].lower()], start, end)
    elif len(whole) == 2 and whole[0] == "\\":
        yield _Piece("%" if whole[1] == "%" else " ", start, end)


_COMMAND_REACH = 40  # characters before a brace in which its command begins


def _plain(raw: str, start: int, end: int, dollars: set[int]) -> Iterator[_Piece]:
    for i in range(start, end):
        char = raw[i]
        if i in dollars or char in _DROPPED:
            continue
        if char in "{}" and "\\" in raw[max(0, i - _COMMAND_REACH) : i]:
            continue
        before, after = raw[i - 1 : i], raw[i + 1 : i + 2]
        if char == "*" and not (before.isdigit() and after.isdigit()):
            if before.isspace() and after.isspace():
                yield _Piece("*", i, i + 1)
            continue
        if char == "_" and not (before.isalnum() and after.isalnum()):
            continue
        if char in _MIDDOTS and before.isdigit() and after.isdigit():
            yield _Piece(".", i, i + 1)
            continue
        yield from _letter(char, i, i + 1)


def _letter(char: str, start: int, end: int) -> Iterator[_Piece]:
    if char in _SUPER:
        yield _Piece(_SUPER[char], start, end, super=True)
    elif char in _FRACTIONS:
        yield _Piece("½", start, end)  # kept whole until the number before it is known
        for digit in _FRACTIONS[char]:
            yield _Piece(digit, start, end)
    elif char in _SAME:
        for plain in _SAME[char]:
            yield _Piece(plain, start, end)
    elif "\uff01" <= char <= "\uff5e":
        yield _Piece(chr(ord(char) - 0xFEE0), start, end)
    else:
        yield _Piece(char, start, end)


def _superscripts(pieces: list[_Piece]) -> list[_Piece]:
    """Raised digits: part of a unit, a power of ten, or a citation; vulgar fractions too."""
    out: list[_Piece] = []
    i = 0
    while i < len(pieces):
        piece = pieces[i]
        if piece.char == "½" and not piece.super:
            if not (out and out[-1].char.isdigit()):
                out.append(_Piece("0", piece.start, piece.end))
            out.append(_Piece(".", piece.start, piece.end))
            i += 1
            continue
        if not piece.super:
            out.append(piece)
            i += 1
            continue
        j = i
        while j < len(pieces) and pieces[j].super:
            j += 1
        out.extend(_raised(out, pieces[i:j]))
        i = j
    return out


_UNIT_TAIL = re.compile(
    r"(?:\A|[^A-Za-z])(?:kg|mg|g|µg|mcg|ng|m|cm|mm|d|day|h|hr|min|wk|s|L|l|dL|mL|dose)\Z"
)


_TAIL = 5  # characters at most of the unit before raised digits


def _raised(out: list[_Piece], run: list[_Piece]) -> list[_Piece]:
    before = "".join(p.char for p in out[-_TAIL:])
    text = "".join(p.char for p in run)
    if before[-1:].isdigit():
        caret = _Piece("^", run[0].start, run[0].start)
        return [caret, *run]
    if _UNIT_TAIL.search(before):
        if before.endswith("m") and text[0] in "23":
            rest = run[1:]
            return [run[0], *(rest if text[1:2] in _SIGNS else _cited(rest))]
        if text in _INVERSE:
            return run
    return _cited(run)


_SIGNS = ("-", "+")
_INVERSE = ("-1", "-2")


def _cited(run: list[_Piece]) -> list[_Piece]:
    if not any(p.char.isdigit() for p in run):
        return run
    first, last = run[0], run[-1]
    return [
        _Piece(CITATION_OPEN, first.start, first.start),
        *run,
        _Piece(CITATION_CLOSE, last.end, last.end),
    ]


_PAIRS = {"<=": "≤", ">=": "≥", "->": "→", "=>": "→"}


def _joined(pieces: list[_Piece]) -> list[_Piece]:
    """Words hyphenated at the end of a line made whole; ``<=`` and ``>=`` made one sign."""
    out: list[_Piece] = []
    i = 0
    while i < len(pieces):
        piece = pieces[i]
        following = pieces[i + 1].char if i + 1 < len(pieces) else ""
        sign = _PAIRS.get(piece.char + following)
        if sign is not None:
            out.append(_Piece(sign, piece.start, pieces[i + 1].end))
            i += 2
            continue
        if piece.char == "-" and following == "\n" and out and out[-1].char.islower():
            j = i + 1
            while j < len(pieces) and pieces[j].char.isspace():
                j += 1
            if j < len(pieces) and pieces[j].char.islower():
                i = j
                continue
        out.append(piece)
        i += 1
    return out


_LINE_ENDS = "\n\x0b\x0c\x85\u2028\u2029"
_MARK = 5  # characters at most of a mark that begins a new item
_LIST_MARK = re.compile(r"(?:[-•*▪◦]|\d{1,2}[.)])\s|[A-Z#|]")


def _one_space(run: str, coming: str) -> str:
    """A run of white space as one; a line end stays where a new item or sentence begins."""
    breaks = sum(run.count(end) for end in _LINE_ENDS)
    new_item = breaks > 1 or (breaks == 1 and _LIST_MARK.match(coming) is not None)
    return "\n" if new_item else " "


def _evenly_spaced(raw: str, plain: str) -> Normal:
    """The result for a text of which only the white space has to be rewritten."""
    parts: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for match in _UNEVEN_SPACE.finditer(plain):
        start, end = match.span()
        coming = plain[end : end + _MARK]
        parts += [plain[at:start], _one_space(match.group(), coming)]
        starts += [*range(at, start), start]
        ends += [*range(at + 1, start + 1), end]
        at = end
    parts.append(plain[at:])
    starts += range(at, len(plain))
    ends += range(at + 1, len(plain) + 1)
    return Normal(raw, "".join(parts), starts, ends)


def _spaced(pieces: list[_Piece]) -> list[_Piece]:
    """White space made even in a text that had to be rewritten."""
    out: list[_Piece] = []
    i = 0
    while i < len(pieces):
        if not pieces[i].char.isspace():
            out.append(pieces[i])
            i += 1
            continue
        j = i
        while j < len(pieces) and pieces[j].char.isspace():
            j += 1
        run = "".join(p.char for p in pieces[i:j])
        coming = "".join(p.char for p in pieces[j : j + _MARK])
        out.append(_Piece(_one_space(run, coming), pieces[i].start, pieces[j - 1].end))
        i = j
    return out
