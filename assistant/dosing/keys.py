"""The canonical wording of a number, so that two texts can be compared literally."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from assistant.dosing.model import Bound, Frequency, Kind, decimal_text
from assistant.dosing.numerals import WORD_NUMBER, numeral_at, value_of
from assistant.dosing.schedule import day_set
from assistant.dosing.tokens import Token
from assistant.dosing.windows import text_before

_WORDS = re.compile(rf"\b{WORD_NUMBER}")
_LEADING = re.compile(
    r"^(?:up to|at least|at most|no more than|within|after|before|in|by|until|every|for|about"
    r"|aged?|ages|of|between|the|at|over|a|approximately|around|is|was)\s+"
)
# Each pattern, what it becomes, and a string without which it can't be there.
_SAME = (
    (r"years?|yrs?|\by\b|y/o|yo\b", "y", "y"),
    (r"months?|mths?", "mo", "m"),
    (r"weeks?|wks?", "wk", "w"),
    (r"days?|\bd\b", "d", "d"),
    (r"hours?|hrs?|hourly", "h", "h"),
    (r"minutes?|mins?", "min", "min"),
    (r"micrograms?|mcg|ug|µg", "µg", "g"),
    (r"milligrams?", "mg", "milligram"),
    (r"\bml\b", "ml", "ml"),
    (r"per cent|percent", "%", "per"),
    (r"\bm\^2", "m2", "m^2"),
    (r"microlit(?:re|er)", "µl", "microlit"),
    (r"\bper\b", "/", "per"),
    (r"versus|vs\.?", "vs", "v"),
    (r"against|compared (?:with|to)", "vs", "a"),
    (r"-olds?\b| olds?\b| of age\b", "", "o"),
    (r"or (?:more|over|older|above)|and (?:over|older|above)", "+", "o"),
    (r"or (?:less|fewer|below|younger)", "-max", "or "),
)
_SAME_UNITS = tuple((re.compile(pattern), code, stem) for pattern, code, stem in _SAME)
_BELOW = re.compile(
    r"(?i:\b(?:below|less\sthan|under|fewer\sthan|lower\sthan|younger\sthan|fall(?:s"
    r"|ing)?\sbelow)\s(?:the\s|about\s|a\s)?)\Z|<\s?\Z"
)
_ABOVE = re.compile(
    r"(?i:\b(?:above|more\sthan|over|greater\sthan|exceed(?:s|ing|ed)?|higher\sthan|older\sthan"
    r"|beyond)\s(?:the\s|about\s|a\s)?)\Z|>\s?\Z"
)
_LEAST = re.compile(
    r"(?i:\b(?:at\sleast|no\sless\sthan|not\sless\sthan|minimum(?:\sof)?|from)\s)\Z|≥\s?\Z"
)
_MOST = re.compile(
    r"(?i:\b(?:at\smost|up\sto|no\smore\sthan|not\smore\sthan|maximum(?:\sof)?"
    r"|not\sexceeding)\s)\Z|≤\s?\Z"
)
_OR_MORE = re.compile(
    r"\s?(?i:or\s(?:more|over|older|above|higher|greater)|and\s(?:over|older|above)|\+)"
)
_OR_LESS = re.compile(r"\s?(?i:or\s(?:less|lower|below|fewer|younger)|and\s(?:below|younger))")


_TIMES = {"once": "1 times", "twice": "2 times", "thrice": "3 times"}
_OFTEN = re.compile("once|twice|thrice")
_SPACES = re.compile(r"[\s-]+")
_LABELS = frozenset({"days", "weeks", "deadline"})
_UNCOMPARED = frozenset({Kind.NAME, Kind.CITATION, Kind.REFERENCE, Kind.FREQUENCY, Kind.DOSE})
_COMPARATORS = {"<": "<", ">": ">", "≤": "<=", "≥": ">="}
_CUES = ((_LEAST, ">="), (_MOST, "<="), (_BELOW, "<"), (_ABOVE, ">"))
_BEFORE, _AFTER = 30, 20  # characters beside a value in which it is compared
_NO_SIGNS = str.maketrans("", "", "<>≤≥=")


def key_of(written: str, kind: Kind) -> str:
    """The number in one spelling: digits plain, units short, no space.

    >>> key_of("58-year-old", Kind.AGE)
    '58y'
    """
    if written.isdigit() and len(written) < 4:
        return written
    text = written.lower()
    if kind in {Kind.NAME, Kind.CITATION, Kind.REFERENCE}:
        return _SPACES.sub("", text)
    if any(c.isalpha() for c in text):
        text = _WORDS.sub(lambda m: _digits(m.group()), text)
        text = _OFTEN.sub(lambda m: _TIMES[m.group()], text)
    text = _plain_numbers(text)
    text = text.translate(_NO_SIGNS).strip()
    while (shorter := _LEADING.sub("", text)) != text:
        text = shorter
    if any(c.isalpha() for c in text):
        for pattern, code, stem in _SAME_UNITS:
            if stem in text:
                text = pattern.sub(code, text)
    text = _JOINING.sub("-", text)
    return _EDGES.sub("", text).replace("--", "-")


def key_of_token(text: str, token: Token) -> str:
    """The key of a token: from its value where it has one, else from its wording."""
    value = token.value
    if token.kind is Kind.DOSE:
        return ""  # doses are compared field by field
    if isinstance(value, Frequency):
        return frequency_key(value)
    if isinstance(value, Bound):
        ends = [decimal_text(end) for end in (value.low, value.high) if end is not None]
        return "-".join(dict.fromkeys(ends)) + value.unit + token.subject
    if token.what in _LABELS:
        unit = "week" if "w" in text[token.start : token.end].lower() else "day"
        days = day_set(value)
        listed = days if isinstance(days, str) else ",".join(map(str, sorted(days)))
        return f"{unit} {listed}"
    return key_of(text[token.start : token.end], token.kind)


def frequency_key(value: Frequency) -> str:
    """A frequency in one spelling: times per period."""
    n = f"{value.n}-{value.n_max}" if value.n_max else str(value.n)
    period = f"{value.period}-{value.period_max}" if value.period_max else str(value.period)
    return f"{n}/{period}{value.unit}"


def _digits(word: str) -> str:
    value = value_of(word)
    return word if value is None else decimal_text(value)


def _plain_numbers(text: str) -> str:
    out, at = [], 0
    for match in _DIGITS_RUN.finditer(text):
        if match.start() < at:
            continue
        numeral = numeral_at(text, match.start())
        if numeral is None or numeral.value is None or numeral.end > match.end():
            continue
        out.append(text[at : match.start()] + decimal_text(numeral.value))
        at = numeral.end
    return "".join(out) + text[at:]


_SIGN = re.compile(r"[<>≤≥]")
_WORDS_FIRST = re.compile(r"[A-Za-z\s]+")
_WORDS_LAST = re.compile(
    r"\s(?:or|and)\s(?:more|less|over|older|above|below|younger|lower|higher)\Z", re.IGNORECASE
)
_DIGITS_RUN = re.compile(r"\d[\d.,]*\d|\.?\d")
_JOINING = re.compile(r"\s(?:to|or|and)\s")
_EDGES = re.compile(r"[\s⟦⟧()]+")


# How each of the four cues before a value ends.
_CUE_ENDS = (
    *("<", ">", "≤", "≥", "than", "least", "most", "of", "from", "to", "minimum", "maximum"),
    *("exceed", "exceeds", "exceeded", "exceeding", "below", "under", "above", "over", "beyond"),
    *("the", "about", "a"),
)


def comparator_of(text: str, token: Token) -> str:
    """``<``, ``<=``, ``>``, ``>=`` or an empty string: what stands before or after a value."""
    if token.kind in _UNCOMPARED:
        return ""
    inside = text[token.start : token.end]
    sign = _SIGN.search(inside)
    if sign:
        return _COMPARATORS[sign.group()]
    before = text_before(text, token.start, _BEFORE) + _opening(inside)
    near = before.rstrip().lower()
    after = _closing(inside) + text[token.end : token.end + _AFTER]
    if near.endswith(_CUE_ENDS):
        for pattern, cmp in _CUES:
            if pattern.search(before):
                return cmp
    if _OR_MORE.match(after):
        return ">="
    return "<=" if _OR_LESS.match(after) else ""


def _opening(inside: str) -> str:
    match = _WORDS_FIRST.match(inside)
    return match.group() if match else ""


def _closing(inside: str) -> str:
    match = _WORDS_LAST.search(inside)
    return match.group() if match else ""


_LINK = re.compile(
    r"[^.;\d]{0,60}\b(?:vs\.?|versus|against|compared\s(?:with|to))[^.;\d]{0,40}", re.IGNORECASE
)


_LINKING = ("vs", "VS", "Vs", "ersus", "ERSUS", "gainst", "GAINST", "ompared", "OMPARED")


def pairs_of(text: str, tokens: Sequence[Token]) -> dict[int, str]:
    """For each number set against another ("90.2% vs 56.5%"), which side it is on and the other."""
    pairs: dict[int, str] = {}
    for i, (first, second) in enumerate(pairwise(tokens)):
        unsure = Kind.UNKNOWN in {first.kind, second.kind} or first.guessed or second.guessed
        if first.kind is not second.kind and not unsure:
            continue
        between = text[first.end : second.start]
        if any(w in between for w in _LINKING) and _LINK.fullmatch(text, first.end, second.start):
            a = key_of(text[first.start : first.end], first.kind)
            b = key_of(text[second.start : second.end], second.kind)
            pairs.setdefault(i, f"{a}>{b}")
            pairs[i + 1] = f"{a}>{b}"
    return pairs
