"""What a question says as if it were so: its wording, its doses and its figures."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import lru_cache

from assistant.dosing import Dose, Kind, Parsed, TextTooLong, parse
from assistant.dosing.units import canonical
from assistant.orders.library_doses import LibraryDoses
from corpus.library import Library

_TAG = (
    r"(?:is|are|was|were|do|does|did|has|can|could|should|would|wo)n'?t "
    r"(?:it|he|she|they|we|you)"
)
# Wordings that take something for granted or ask for a yes.
ASSERTED = re.compile(
    r"\b(?:confirm|correct|am i right|is (?:it|that) (?:right|true)|is it not|surely|obviously"
    rf"|{_TAG}|does it\s*\?|true|since|because|bc|so|agreed?|fine|safe|that'?s|given that|of course"
    r"|i (?:heard|read|thought|think|believe|was told|am told)|told|apparently|supposed(?:ly)?"
    r"|according to|as per|verify|double.?check|just checking|sanity check|always|y/n)\b|\Aas\b"
    r"|\b(?:right|yes|yeah|no|ok(?:ay)?)\s*(?:\?|pls\b|please\b|\Z)",
    re.IGNORECASE,
)
NOT = re.compile(
    r"\b(?:not|never|no|none|cannot|without|avoid\w*|wrong|reject\w*|contraindicat\w+|\w+n't"
    r"|(?:is|are|was|were|do|does|did|has|have|had|ca|could|should|would|wo|must)nt)\b",
    re.IGNORECASE,
)
# From the smallest body to the largest.
_BODIES = {"kg": (Fraction(1, 2), Fraction(200)), "m2": (Fraction(1, 10), Fraction(5, 2))}
_NOT_FIGURES = frozenset({Kind.NAME, Kind.AGE, Kind.BODY_SIZE, Kind.CITATION, Kind.DOSE})
FIGURE = re.compile(r"(?<![\w.,])\d+(?:[, ]\d{3}(?!\d))*(?:\.\d+)?(?![\w]*-?\d)")
_RANGE = re.compile(r"(\d+(?:[, ]\d{3})*(?:\.\d+)?)\s?[–-]\s?(\d+(?:[, ]\d{3})*(?:\.\d+)?)")
_OF_SO_MANY = re.compile(r"\bof\s\Z", re.IGNORECASE)  # the 8 of "3 of 8"
_YEAR = re.compile(r"(?:19|20)\d\d")
_YEAR_OF = re.compile(
    r"\s(?:\w+\s)?(?:criteri|label|protocol|trial|guid|recommend|study)", re.IGNORECASE
)


def stands_in(figure: str, own: Sequence[str], said: str) -> bool:
    """Whether a figure is one of a statement's, or lies in one of its ranges."""
    value = _value(figure)
    return value in map(_value, own) or any(
        _value(low) <= value <= _value(high) for low, high in _RANGE.findall(said)
    )


def figures(text: str) -> Iterator[str]:
    """The figures of a text that are neither a dose, an age, a size nor part of a name.

    A total that doses amount to is a figure, since it is no dose.
    """
    said = read(text)
    others = [(d.start, d.end) for d in said.doses if not d.cumulative]
    others += [(n.start, n.end) for n in said.numbers if n.kind in _NOT_FIGURES]
    totals = [(d.start, d.end) for d in said.doses if d.cumulative]
    for match in FIGURE.finditer(text):
        at = match.start()
        total = any(start <= at < end for start, end in totals)
        if _YEAR.fullmatch(match[0]) and _YEAR_OF.match(text, match.end()):
            continue
        if _OF_SO_MANY.search(text, 0, at) or (at and text[at - 1] in "+-/"):
            continue
        if total or not any(start <= at < end for start, end in others):
            yield match[0]


def sizes_of_body(dose: Dose, doses: Sequence[Dose]) -> Iterator[bool]:
    """For each dose by size that stands before an amount of its drug: is the amount for some body?

    "8 mg/kg = 576 mg" is for 72 kg; "150 mg/m2, so 1500 mg" would be for 10 m².
    """
    for other in doses:
        before = other.drug == dose.drug and other.end <= dose.start and not dose.basis
        if before and other.basis in _BODIES and dose.high and other.high:
            amount, dimension = canonical(dose.high, dose.unit)
            for_one, same = canonical(other.high, other.unit)
            if dimension == same:
                least, most = _BODIES[other.basis]
                yield least <= amount / for_one <= most


def read(text: str) -> Parsed:
    """What the reader finds; nothing in a text that is too long for it."""
    try:
        return parse(text)
    except TextTooLong:
        return Parsed(text=text)


def _value(figure: str) -> Fraction:
    return Fraction(re.sub("[, ]", "", figure))


@lru_cache(maxsize=4)
def library_doses(library: Library) -> LibraryDoses:
    """The doses of a library by drug, read once."""
    return LibraryDoses(library)
