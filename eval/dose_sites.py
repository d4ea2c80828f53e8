"""Where an answer about a dose can go wrong: the places of a text, found without the dose reader.

What the reader overlooks is mutated all the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import combinations

Change = tuple[int, int, str]  # half-open span of the text, and what replaces it

NUM = r"\d+(?:,\d{3})*(?:\.\d+)?"
DASH = r"[-–]"
UNIT = r"(?:mg|g|µg|mcg|micrograms|units|U)"
AMOUNT = re.compile(
    rf"(?<![\w.,–/-])(?P<low>{NUM})(?:(?P<dash>{DASH}|\sto\s)(?P<high>{NUM}))?(?=\s?{UNIT}\b)"
)
PHRASE = re.compile(
    rf"(?<![\w.,–/-])(?P<amount>{NUM}(?:{DASH}{NUM})?)\s(?P<unit>{UNIT}(?:/(?:kg|m²|m2))?)\b"
)


def plain(value: Decimal) -> str:
    """A number as an answer would write it: no exponent, no trailing zeros.

    >>> plain(Decimal("1.50")), plain(Decimal("1E+3"))
    ('1.5', '1000')
    """
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def value_of(number: str) -> Decimal:
    """The value of a number as the library writes it, "1,500"."""
    return Decimal(number.replace(",", ""))


def numbers_of(text: str) -> Iterator[tuple[int, int]]:
    """Every number that is an amount, or an end of one."""
    for match in AMOUNT.finditer(text):
        yield match.span("low")
        if match["high"]:
            yield match.span("high")
    for match in re.finditer(rf"(?<=\d/)({NUM})(?=\s?{UNIT}\b)", text):
        yield match.span(1)
    for match in re.finditer(rf"(?<![\w.,–/-])({NUM})(?=/{NUM}\s?{UNIT}\b)", text):
        yield match.span(1)


def scaled(factor: str) -> Callable[[str], Iterator[Change]]:
    """Every amount times a factor, one end of a range at a time."""

    def changes(text: str) -> Iterator[Change]:
        for start, end in numbers_of(text):
            yield start, end, plain(value_of(text[start:end]) * Decimal(factor))

    return changes


def whole_range_scaled(text: str) -> Iterator[Change]:
    for match in AMOUNT.finditer(text):
        if match["high"]:
            low, high = (value_of(match[name]) * 10 for name in ("low", "high"))
            yield *match.span(), f"{plain(low)}{match['dash']}{plain(high)}"


def point_removed(text: str) -> Iterator[Change]:
    for start, end in numbers_of(text):
        if "." in text[start:end]:
            yield start, end, text[start:end].replace(".", "").lstrip("0")


def point_moved(text: str) -> Iterator[Change]:
    for start, end in numbers_of(text):
        digits = text[start:end].replace(",", "")
        if "." not in digits and len(digits) >= 2:
            yield start, end, f"{digits[:1]}.{digits[1:]}"
        elif "." in digits:
            yield start, end, plain(Decimal(digits) * 10)


def digit_changed(text: str) -> Iterator[Change]:
    for start, end in numbers_of(text):
        for at in range(start, end):
            if text[at].isdigit():
                other = str((int(text[at]) + 3) % 10)
                if other == "0" and at == start:
                    other = "7"
                yield at, at + 1, other


def digit_added(text: str) -> Iterator[Change]:
    for _, end in numbers_of(text):
        yield end, end, "0" if "." not in text[end - 3 : end] else "5"


def digits_swapped(text: str) -> Iterator[Change]:
    for start, end in numbers_of(text):
        for at in range(start, end - 1):
            pair = text[at : at + 2]
            if pair.isdigit() and pair[0] != pair[1]:
                yield at, at + 2, pair[::-1]


def range_end_changed(text: str) -> Iterator[Change]:
    for match in AMOUNT.finditer(text):
        if match["high"]:
            high, low = value_of(match["high"]), value_of(match["low"])
            yield *match.span("high"), plain(high + (high - low) / 2)
            yield *match.span("low"), plain(low + (high - low) / 2)
            yield *match.span("low"), plain(low / 2)


def range_collapsed(text: str) -> Iterator[Change]:
    for match in AMOUNT.finditer(text):
        if match["high"]:
            yield *match.span(), match["low"]
            yield *match.span(), match["high"]


def range_widened(text: str) -> Iterator[Change]:
    for match in AMOUNT.finditer(text):
        if match["high"]:
            low, high = value_of(match["low"]) / 2, value_of(match["high"]) * 2
            yield *match.span(), f"{plain(low)}–{plain(high)}"
        else:
            yield *match.span(), f"{match['low']}–{plain(value_of(match['low']) * 2)}"
            yield *match.span(), f"{plain(value_of(match['low']) / 2)}–{match['low']}"


Changes = Callable[[str], Iterator[Change]]


def replaced(pattern: str, other: str = "") -> Changes:
    """Every match by one fixed text; without one, nothing is left of it."""
    compiled = re.compile(pattern)

    def changes(text: str) -> Iterator[Change]:
        for match in compiled.finditer(text):
            yield *match.span(), other

    return changes


def swapped(table: Mapping[str, str], before: str = r"\b", after: str = r"\b") -> Changes:
    """Every key of the table by its value, in either case, between two patterns."""
    keys = "|".join(re.escape(key) for key in sorted(table, key=len, reverse=True))
    compiled = re.compile(f"{before}(?P<word>(?i:{keys})){after}")

    def changes(text: str) -> Iterator[Change]:
        for match in compiled.finditer(text):
            word = match["word"]
            other = table[word] if word in table else table[word.lower()]
            if word[:1].isupper() and word[1:].islower():
                other = other[:1].upper() + other[1:]
            yield *match.span("word"), other

    return changes


def both(*pairs: tuple[str, str]) -> dict[str, str]:
    """A table that reads in both directions."""
    return dict(pairs) | {b: a for a, b in pairs}


def number_near(before: str, after: str, factor: str = "2") -> Callable[[str], Iterator[Change]]:
    """Every number between two patterns, changed; both ends of a range, one at a time."""
    compiled = re.compile(rf"{before}(?P<low>{NUM})(?:(?:{DASH}|\sto\s)(?P<high>{NUM}))?{after}")

    def changes(text: str) -> Iterator[Change]:
        for match in compiled.finditer(text):
            for name in ("low", "high"):
                if match[name]:
                    yield *match.span(name), plain(value_of(match[name]) * Decimal(factor) + 1)

    return changes


_DAY_LIST = re.compile(
    rf"\b(?:[Dd]ays?|[Ww]eeks?)\s(?P<list>\d+(?:(?:{DASH}|,\s|,|\sand\s)\d+)*)(?!\d*\syears)"
)


def day_changed(text: str) -> Iterator[Change]:
    for match in _DAY_LIST.finditer(text):
        for number in re.finditer(r"\d+", match["list"]):
            start = match.start("list") + number.start()
            yield start, start + len(number.group()), str(int(number.group()) + 1)


def _swap(text: str, one: tuple[int, int], other: tuple[int, int]) -> Change:
    (a, b), (c, d) = sorted((one, other))
    return a, d, text[c:d] + text[b:c] + text[a:b]


def amounts_permuted(text: str) -> Iterator[Change]:
    found = list(PHRASE.finditer(text))
    for one, other in combinations(found, 2):
        if one["amount"] != other["amount"] and one["unit"] == other["unit"]:
            yield _swap(text, one.span("amount"), other.span("amount"))


def days_permuted(text: str) -> Iterator[Change]:
    found = list(_DAY_LIST.finditer(text))
    for one, other in combinations(found, 2):
        if one["list"] != other["list"]:
            yield _swap(text, one.span("list"), other.span("list"))


_PERCENTS = re.compile(
    rf"(?P<a>{NUM})(?P<au>\s?%|\smL\S*)?(?:\s\([^)]*\))?\s(?:against|versus|vs\.?)\s(?P<b>{NUM})"
)


def pair_swapped(text: str) -> Iterator[Change]:
    for match in _PERCENTS.finditer(text):
        if match["a"] != match["b"]:
            yield _swap(text, match.span("a"), match.span("b"))


CAP = re.compile(
    r"\s\((?:maximum|not exceeding|max\.?)\s[^)]*\)"
    rf"|,\s(?:maximum|up to|at most)\s{NUM}\s{UNIT}[^,;.)]*"
    rf"|\s(?:up to)\s{NUM}\s{UNIT}\S*(?=\.|,|\Z)"
)


def removed(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Change]]:
    def changes(text: str) -> Iterator[Change]:
        for match in pattern.finditer(text):
            yield *match.span(), ""

    return changes


def negation_made(text: str) -> Iterator[Change]:
    for match in AMOUNT.finditer(text):
        if text[: match.start()].endswith(" "):
            yield match.start(), match.start(), "not "


def dose_added(text: str) -> Iterator[Change]:
    yield len(text), len(text), " Also give 35 mg."
    yield len(text), len(text), " The maximum is 37 mg/kg."
    for match in PHRASE.finditer(text):
        yield match.end(), match.end(), " or 37 mg/kg"
