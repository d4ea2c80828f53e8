"""Plain text to terminals of the grammar; decides with look-ahead what a number starts.

A number is a FIGURE if an amount unit follows within the range pattern, else a NUM; a number
after a letter and a hyphen, or glued to letters, is part of a name and no number at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from corpus.drugs import find_drugs

from .clean import NAME
from .lexicon import (
    ADJECTIVE_OF,
    BASES,
    CAPITAL_UNITS,
    NUMBERED,
    SIGNS,
    UNITS,
    VOLUMES,
    WORDS,
    Entry,
)


@dataclass(frozen=True, slots=True)
class Terminal:
    """One token: its terminal, its canonical value, and the plain text it came from."""

    type: str
    value: str
    text: str


def _longest_first(words: Sequence[str]) -> str:
    return "|".join(
        re.escape(w).replace(r"\ ", r"\s") for w in sorted(words, key=len, reverse=True)
    )


_UNIT_WORDS = {**UNITS, **VOLUMES, **BASES}
_CASED = {**VOLUMES, **UNITS, **BASES}
_AMOUNT = rf"(?:{_longest_first(list(UNITS))})(?![A-Za-z0-9])"
_MASS = r"(?:mg|g|mcg|ug|ng|units?|IU|U|mmol|mL|ml)\b"

_OCR = re.compile(rf"(?<![\w.])(?=\w*\d)(?=\w*[OolI])[\dOolI]+(?=\s?{_MASS})")
_SCALED = re.compile(r"(\d+(?:\.\d+)?)\s?[x×*]\s?10\^(\d+)")
_POWER = re.compile(r"10\^-?\d+")
_SPACED = re.compile(rf"\d{{1,3}}(?: \d{{3}})+(?=(?:\s?-\s?\d{{1,3}}(?: ?\d{{3}})*)?\s?{_AMOUNT})")
_COMMA_DECIMAL = re.compile(rf"\d+,\d{{1,2}}(?!\d)(?=(?:\s?-\s?\d+(?:,\d+)?)?\s?{_AMOUNT})")
_NUMBER = re.compile(r"\d{1,3}(?:,\d{3})+(?![\d,])(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\d.])\.\d+")
_GLUED = re.compile(r"[A-Za-z]+\w*")
_HYPHEN_WORD = re.compile(r"-(?:year|month|week|day|hour|fold|dose|point|[A-Z]{2,})\w*(?:-\w+)*")
_HOURLY = re.compile(r"-?\s?hourly\b", re.I)
_NAME = re.compile(
    rf"{NAME}|(?:[A-Za-z]+\d*-)+\d+\w*(?:/\d+)*|[A-Za-z]+\d+(?:[A-Za-z]\w*)?(?:/\d+)*"
)
_DRUG_GLUED = re.compile(rf"[A-Za-z]{{4,}}(?=\d+(?:\.\d+)?\s?{_MASS})|[A-Za-z]+(?:-[A-Za-z]+)+")
_Q = re.compile(r"q(?=\s?(?:\d|(?:wk|week|hr?|day)\b))", re.I)
_DAY = re.compile(r"(?:days?|d)(?=\s?-?\d)", re.I)
_WEEK = re.compile(r"(?:weeks?|wks?)(?=\s?\d)", re.I)
_X = re.compile(r"x(?=\s?\d)|x(?=\s?/)", re.I)
_INVERSE = re.compile(r"\^?-1(?![\w.])")
_COMPONENT = re.compile(r"\s?(?:TMP|SMX|elemental|of\sTMP)(?=\s?/)")
_STOP = re.compile(r"[.!?](?=\s+[A-Z¶]|\s*$)")
_MILLION_SQUARED = re.compile(r"\^-2")
_TRAILING = re.compile(r"[A-Za-z]")
_WORD_CASED = re.compile(rf"(?:{_longest_first(list(_CASED))})(?![A-Za-z0-9])")
_WORD = re.compile(
    rf"(?:{_longest_first([w for w in WORDS if w[0].isalpha()])})(?![A-Za-z0-9])", re.I
)
_SYMBOL = re.compile(r"<=|>=|[<>≤≥&]")
_OTHER = re.compile(r"[A-Za-zÀ-ɏα-ω']+|.", re.DOTALL)


def decimal(text: str) -> str:
    """The shortest decimal string of a number as written, thousands commas removed."""
    whole, _, part = text.replace(" ", "").partition(".")
    part = part.rstrip("0")
    whole = whole.replace(",", "").lstrip("0") or "0"
    return f"{whole}.{part}" if part else whole


def lex(text: str) -> list[Terminal]:
    """The terminals of a clean text, in order."""
    return list(_resolve(list(_scan(text))))


def _scan(text: str) -> Iterator[Terminal]:
    drugs = {m.start: m.end for m in find_drugs(text)}
    at, size = 0, len(text)
    last = ""  # type of the token before
    while at < size:
        if text[at] == " ":
            at += 1
            continue
        token, end = _next(text, at, drugs, _in_capitals(text, at), last)
        at = end
        if token is not None:
            last = token.type
            yield token


def _in_capitals(text: str, at: int) -> bool:
    """Whether the text around ``at`` is written in capitals only."""
    around = text[max(0, at - _AROUND) : at + _AROUND]
    return around == around.upper() and sum(c.isalpha() for c in around) > _AROUND // 2


def _next(
    text: str, at: int, drugs: dict[int, int], capitals: bool, last: str
) -> tuple[Terminal | None, int]:
    glued_before = at > 0 and text[at - 1].isalnum()
    if at in drugs:
        end = drugs[at]
        return Terminal("DRUG", text[at:end], text[at:end]), end
    if m := _OCR.match(text, at):
        return Terminal("UNREADABLE", "", m[0]), m.end()
    if text[at].isdigit() or (text[at] == "." and _NUMBER.match(text, at)):
        return _number(text, at, last)
    if last in {"BASIS", "TIME", "PER_WHAT"} and (m := _INVERSE.match(text, at)):
        return Terminal("INVERSE", "-1", m[0]), m.end()
    if last == "UNIT" and (m := _COMPONENT.match(text, at)):
        return None, m.end()
    if not glued_before or last in {"NUM", "Q"}:
        for pattern, kind in ((_Q, "Q"), (_DAY, "DAY"), (_WEEK, "WEEK"), (_X, "TIMES_SIGN")):
            if last in {"SLASH", "PER", "A"} and kind in {"DAY", "WEEK"}:
                continue
            if m := pattern.match(text, at):
                return Terminal(kind, m[0].lower(), m[0]), m.end()
        found = _word(text, at, capitals)
        if found is not None:
            return found
    if m := _DRUG_GLUED.match(text, at):
        return Terminal("WORD", m[0], m[0]), m.end()
    if m := _NAME.match(text, at):
        return Terminal("NAME", m[0], m[0]), m.end()
    if m := _SYMBOL.match(text, at):
        kind = "AND" if m[0] == "&" else "LIMIT"
        return Terminal(kind, m[0], m[0]), m.end()
    if m := _STOP.match(text, at):
        return Terminal("STOP", m[0], m[0]), m.end()
    if text[at] in SIGNS:
        return Terminal(SIGNS[text[at]], text[at], text[at]), at + 1
    m = _OTHER.match(text, at)
    assert m is not None
    return Terminal("WORD", m[0], m[0]), m.end()


def _word(text: str, at: int, capitals: bool) -> tuple[Terminal, int] | None:
    """A unit as written, or a word of the lexicon in any case, whichever is longer."""
    best: tuple[Terminal, int] | None = None
    cased = _WORD_CASED.match(text, at)
    if cased:
        kind, value = _CASED[cased[0]]
        best = Terminal(kind, value, cased[0]), cased.end()
    if capitals and (m := re.compile(r"[A-Z]+2?(?![A-Za-z0-9])").match(text, at)):
        entry: Entry | None = CAPITAL_UNITS.get(m[0])
        if entry and (best is None or m.end() > best[1]):
            best = Terminal(*entry, m[0]), m.end()
    m = _WORD.match(text, at)
    if m and (best is None or m.end() > best[1]):
        word = re.sub(r"\s", " ", m[0].lower())
        if word in {"po", "im", "it", "sc"} and m[0] not in {word.upper(), word}:
            return best
        if word == "it" or (word == "im" and m[0] == "Im"):
            return best
        best = Terminal(*WORDS[word], m[0]), m.end()
    if m is None and text.startswith("IT ", at):
        best = Terminal("ROUTE", "IT", "IT"), at + 2
    if best and best[0].type == "BASIS" and (m := _MILLION_SQUARED.match(text, best[1])):
        return Terminal("BASIS", "m2", m[0]), m.end()
    return best


def _number(text: str, at: int, last: str) -> tuple[Terminal, int]:
    """A number in any of the formats of section 3, or a name that begins with digits."""
    if (m := _SCALED.match(text, at)) and not text.startswith("/", m.end()):
        value = Fraction(m[1]) * 10 ** int(m[2])
        return Terminal("NUM", decimal(str(value)), m[0]), m.end()
    if m := _POWER.match(text, at):
        return Terminal("NAME", m[0], m[0]), m.end()
    may_space = last not in _NO_THOUSANDS or _SPACED_RANGE.search(text[max(0, at - 8) : at])
    if may_space and (m := _SPACED.match(text, at)):
        return Terminal("NUM", decimal(m[0]), m[0]), m.end()
    if m := _COMMA_DECIMAL.match(text, at):
        return Terminal("NUM", decimal(m[0].replace(",", ".")), m[0]), m.end()
    m = _NUMBER.match(text, at)
    assert m is not None
    end = m.end()
    if hourly := _HOURLY.match(text, end):
        return Terminal("HOURLY", decimal(m[0]), m[0] + hourly[0]), hourly.end()
    if compound := _HYPHEN_WORD.match(text, end):
        return Terminal(
            "NAME", text[at : compound.end()], text[at : compound.end()]
        ), compound.end()
    if glued := _GLUED.match(text, end):
        known = _word(text, end, _in_capitals(text, at))
        if known is None and not (_X.match(text, end) or _DAY.match(text, end)):
            return Terminal("NAME", text[at : glued.end()], text[at : glued.end()]), glued.end()
    return Terminal("NUM", decimal(m[0]), m[0]), end


_MAY_TAKE_PER = {
    "UNIT",
    "BASIS",
    "TIME",
    "PER_WHAT",
    "VOLUME",
    "INVERSE",
    "ONCE",
    "TIMES",
    "DOSES",
    "TIMES_SIGN",
}
_AROUND = 12
_NO_THOUSANDS = {"DAY", "WEEK", "DASH", "COMMA", "TIME", "NUM", "EQUALS", "TIMES_SIGN"}
_SPACED_RANGE = re.compile(r"\d \d{3}\s?-\s?\Z")
_JOINS = {"DASH", "TO", "UPTO", "SLASH", "TIMES_SIGN"}
_LIST = {"COMMA", "OR", "AND", "ARROW"}


def _resolve(tokens: list[Terminal]) -> Iterator[Terminal]:
    """Decide by the neighbours what a word or number of several meanings is here."""
    tokens = [t for i, t in enumerate(tokens) if not _is_filler(tokens, i)]
    tokens = [_ordinal(tokens, i) for i in range(len(tokens))]
    figures = _figures(tokens)
    for i, token in enumerate(tokens):
        before = tokens[i - 1].type if i else ""
        after = tokens[i + 1].type if i + 1 < len(tokens) else ""
        kind = token.type
        if i in figures:
            kind = "FIGURE"
        elif kind == "HOURLY":
            yield Terminal("NUM", token.value, token.text)
        elif kind == "UNIT" and token.value == "mL" and before in {"SLASH", "PER"}:
            kind = "VOLUME"
        elif kind == "DAY" and before == "NUM":
            kind, token = "TIME", Terminal("TIME", "d", token.text)
        elif kind == "ADVERB" and _text(tokens, i + 1).split(" ")[0] in ADJECTIVE_OF:
            kind = "WORD"
        elif kind == "PER" and before not in _MAY_TAKE_PER:
            kind = "WORD" if _text(tokens, i - 1) == "not" else "RATE"
        elif kind == "SHARE" and "dose" not in token.text.lower() and not _of_a_dose(tokens, i):
            kind = "WORD"
        elif kind == "UPTO" and _counts_doses(tokens, i):
            kind = "LIMIT"
        elif kind == "SINGLE" and (after == "DASH" or _text(tokens, i + 1) == "doses"):
            kind = "WORD"  # "single-strength", "limit single doses to 30 mg"
        elif kind == "ONCE" and _on_a_day(tokens, i):
            kind, token = "LATIN", Terminal("LATIN", f"{token.value}/1/d", token.text)
        elif kind == "ONCE" and after not in {"ADVERB", "EVERY", "A", "PER", "EACH", "SLASH"}:
            kind = "SINGLE"
        elif kind == "LIMIT" and after not in {"NUM", "UPTO"} and before == "UNIT":
            kind = "TOO_MUCH"
        elif kind == "PER_WHAT" and token.value == "dose" and before not in {"PER", "SLASH", "A"}:
            kind = "DOSES" if before == "NUM" else "DOSE"
        yield Terminal(kind, token.value, token.text)


def _text(tokens: Sequence[Terminal], i: int) -> str:
    return tokens[i].text.lower() if i < len(tokens) else ""


def _of_a_dose(tokens: Sequence[Terminal], i: int) -> bool:
    """Whether "halve" is followed by a drug or by "the ... dose"."""
    return any(t.type == "DRUG" or t.text.lower() == "dose" for t in tokens[i + 1 : i + 4])


def _counts_doses(tokens: Sequence[Terminal], i: int) -> bool:
    """Whether "up to" is followed by a number of doses."""
    following = [t.type for t in tokens[i + 1 : i + 5]]
    return following[:1] == ["NUM"] and "DOSES" in following and "UNIT" not in following


def _on_a_day(tokens: Sequence[Terminal], i: int) -> bool:
    """Whether "twice" is followed by "on day 1"."""
    return _text(tokens, i + 1) == "on" and i + 2 < len(tokens) and tokens[i + 2].type == "DAY"


def _ordinal(tokens: Sequence[Terminal], i: int) -> Terminal:
    """A number after "dose" or "grade" counts or names; it is no amount."""
    token = tokens[i]
    if token.type != "NUM" or i == 0 or tokens[i - 1].text.lower() not in NUMBERED:
        return token
    amount = i + 1 < len(tokens) and tokens[i + 1].type in {"UNIT", "DASH", "TO"}
    each = i > 1 and tokens[i - 2].type in {"SLASH", "PER"}
    return token if amount or each else Terminal("NAME", token.value, token.text)


def _is_filler(tokens: Sequence[Terminal], i: int) -> bool:
    token = tokens[i]
    if token.type == "BODYWEIGHT":
        return True
    if token.text == "on" and i + 1 < len(tokens):  # "on day 0 and on day 4"
        return i > 0 and tokens[i - 1].type == "AND" and tokens[i + 1].type == "DAY"
    return token.type == "FILLER" and i + 1 < len(tokens) and tokens[i + 1].type == "NUM"


def _figures(tokens: Sequence[Terminal]) -> set[int]:
    """Indices of the numbers that start or continue a quantity."""
    found: set[int] = set()
    for i, token in enumerate(tokens):
        if token.type != "NUM" or i in found:
            continue
        numbers, at, seps = [i], i + 1, set[str]()
        while at < len(tokens):
            if tokens[at].type in {"UNIT", "PERCENT"}:
                # "grade 5, 10 mg": a comma alone makes no list, and percentages make none.
                if (tokens[at].type == "PERCENT" and seps) or seps == {"COMMA"}:
                    numbers = numbers[-1:] if seps == {"COMMA"} else []
                found.update(numbers)
                break
            step = at
            if tokens[at].type in _JOINS:
                step = at + 1
            elif tokens[at].type in _LIST:
                seps.add(tokens[at].type)
                step = at + 1
                if step < len(tokens) and tokens[step].type in {"OR", "AND"}:
                    seps.add(tokens[step].type)
                    step += 1
            if step == at or step >= len(tokens) or tokens[step].type != "NUM":
                break
            if (seps or tokens[at].type == "UPTO") and _in_days(tokens, i):
                break
            numbers.append(step)
            at = step + 1
    return found


def _in_days(tokens: Sequence[Terminal], i: int) -> bool:
    """Whether number ``i`` belongs to a list of days or weeks."""
    while i >= 0 and tokens[i].type in {"NUM", *_LIST, "DASH", "TO"}:
        i -= 1
    return i >= 0 and tokens[i].type in {"DAY", "WEEK"}
