"""Amounts of which the number or the unit was garbled, as by the scan of a page: "lO mg"."""

from __future__ import annotations

import re

from assistant.dosing.model import Kind
from assistant.dosing.tokens import Quantity, Tokens
from assistant.dosing.unit_phrase import unit_from
from assistant.dosing.units import unit_at

_OCR_NUMBER = re.compile(
    r"(?<![A-Za-z\d.,-])(?=[OolIS|\d.,]*\d)(?=[\d.,]*[OolIS|])[OolIS|\d][OolIS|\d.,]{0,8}\s?"
    r"(?=(?:mg|g|µg|mcg|ug|ng|kg|mL|ml|mmol|units?|IU)(?![A-Za-z]))"
)
# A digit with one of these letters before or after it, or with a point in between.
_OCR_SIGN = re.compile(
    r"\d(?:[.,\d]{0,9}[OolIS|]|(?<=[OolIS|]\d)|(?<=[OolIS|][.,]\d)|(?<=[.,][.,]\d))"
)
_OCR_UNIT = re.compile(
    r"\d(?<![\w.,-].)\d*(?:[.,]\d+)?(?:\s?-\s?\d+(?:[.,]\d+)?)?\s?(?P<unit>(?:rng|mq|m9|rnq|nng|mgr"
    r"|mcq|rncg"
    r"|ug9|rnl|mi9|ing(?=\s?/))(?![a-z])|(?:mg|µg|mcg|mmol|mEq)[A-Za-zµ]{1,12})"
)


_CUT_OFF = re.compile(
    r"(?<=[\]?*#_])\d[\d.,]*\s?(?=(?:mg|g|µg|mcg|ug|ng|mL|ml|mmol|units?|IU)(?![A-Za-z]))"
)


def find_misread(tokens: Tokens) -> list[Quantity]:
    """Claim every garbled amount; it has no value and says by a flag what can't be read."""
    text = tokens.text
    found: list[Quantity] = []
    if _OCR_SIGN.search(text):
        for match in _OCR_NUMBER.finditer(text):
            found += _unreadable(tokens, match, "unreadable_number")
    for match in _CUT_OFF.finditer(text):
        found += _unreadable(tokens, match, "unreadable_number")
    for match in _OCR_UNIT.finditer(text):
        found += _unreadable(tokens, match, "unreadable_unit")
    return found


def _unreadable(tokens: Tokens, match: re.Match[str], flag: str) -> list[Quantity]:
    start, end = match.span()
    unit = ""
    if flag == "unreadable_number":
        spelled = unit_from(tokens.text, end)
        if spelled is None:
            return []
        unit, end = spelled.code, spelled.end
        quantity = Quantity(start, end, None, None, unit, spelled.basis, spelled.per)
    else:
        if unit_at(tokens.text, match.start("unit")) is not None:
            return []
        quantity = Quantity(start, end, None, None, unit)
    if tokens.try_claim(Kind.DOSE, start, end, what="quantity") is None:
        return []
    quantity.flag(flag)
    return [quantity]
