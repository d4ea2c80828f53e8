"""A unit with all its denominators, as it follows a number; nothing of it is dropped."""

from __future__ import annotations

import re
from dataclasses import dataclass

from assistant.dosing.model import Kind
from assistant.dosing.numerals import numeral_at
from assistant.dosing.units import BASES, per_at, unit_at

_PER = re.compile(
    r"\s?/\s?\(?\s?|\s(?i:per)\s|\s(?:an?|each)\s(?=(?:day|week|hour|month|dose)\b(?!\s(?:later|after|before|earlier|apart|prior|ago)))|[·.](?=[a-z])"
)
_INVERSE = re.compile(r"[\s·.]?\s?(?P<unit>kg|m|day|d|h|hr|hour|min|week|wk|dose)\^?-[12](?![\d.])")
_INVERSE_CODES = {"kg": "kg", "m": "m2", "min": "min", "dose": "dose", "week": "wk", "wk": "wk"}
_INVERSE_CODES |= {"day": "d", "d": "d", "h": "h", "hr": "h", "hour": "h"}
_BODY = re.compile(
    r"\s?(?:of\s)?(?:(?:actual|ideal|adjusted|lean|total|real)\s)?"
    r"(?:body\s?-?weight|bodyweight|BW|bw|body\ssurface(?:\sarea)?|BSA|bsa)\b"
)
_NOT_A_RATE = re.compile(
    r"(?i:os|rectum|protocol|oral|ng|peg|nasogastric|mouth|vial|tablet|capsule|ampoule|patient"
    r"|person)\b"
)
_FUSED = re.compile(r",\d{1,2}(?:[,-]\d{1,2}){0,6}(?![\d.]|\s?[a-zµ]*g\b|,\d)")
_LOOSE_BASIS = re.compile(
    r"\s(?:(?:m2|m\^2|kg)(?![A-Za-z\d]|-1)|(?i:(?:square\s?met(?:er|re)|kilogram)s?)\b)"
)
_BAD_TAIL = re.compile(r"\s?/(?!\s?(?:/|\d))|\^|[A-Za-zµ\d]|\s?/\s?\d|,\d|'\d")


@dataclass(frozen=True, slots=True)
class UnitPhrase:
    """A unit with its denominators: what follows a number."""

    end: int
    code: str
    basis: str = ""
    per: str = ""
    kind: Kind = Kind.DOSE
    flags: tuple[str, ...] = ()


# "5 mg TMP/kg/day": the component of a combination that the amount is counted in.
_COMPONENT = re.compile(r"\s[A-Za-z][A-Za-z-]{1,25}(?=\s?/\s?(?:kg|m\^?2)\b)")
_PER_VOLUME = re.compile(r"\s?/\s?\d[\d.,]*\s?(?:mL|ml|ML|L)\b(?!\s?/)")
_CELL = re.compile(r"\s?\|\s?|\sa\s(?=(?:tab|cap|pill|patch|sachet))")


def gap(text: str, at: int) -> int:
    """Past what may stand between a number and its unit: a space, a hyphen, a table border."""
    cell = _CELL.match(text, at)
    if cell:
        return cell.end()
    if text[at : at + 1] in {" ", "-", "\n"}:
        return at + 1
    return at


# Spellings that safety lists warn of.
_FLAGGED = {
    **dict.fromkeys(("U", "u", "IE", "MU"), "U_abbreviation"),
    **dict.fromkeys(("IU", "iu", "UI", "MIU"), "IU_abbreviation"),
    **dict.fromkeys(("µg", "µG", "µmol", "µL", "µl"), "mu_symbol"),
}


def unit_from(text: str, at: int) -> UnitPhrase | None:
    """The unit at this place with all its denominators, and what could not be read."""
    spelled = unit_at(text, at)
    if spelled is None:
        return None
    end, basis, per, kind = spelled.end, "", "", Kind.DOSE
    flag = _FLAGGED.get(text[at:end])
    flags = [flag] if flag else []
    opened = False
    component = _COMPONENT.match(text, end)
    if component and unit_at(text, end + 1) is None:
        end = component.end()
    elif component:  # "10 mg g/kg" has two units: neither is safe
        flags.append("unparsed_tail")
    while True:
        inverse = _INVERSE.match(text, end)
        if inverse:
            code, after = _INVERSE_CODES[inverse["unit"]], inverse.end()
        else:
            link = _PER.match(text, end)
            denominator = per_at(text, link.end()) if link else None
            if link is None or denominator is None:
                break
            opened = opened or "(" in link.group()
            code, after = denominator.code, denominator.end
            if text[after : after + 2] == "-1":
                after += 2
        if code in BASES and not basis:
            basis = code
            body = _BODY.match(text, after)
            after = body.end() if body else after
        elif code == "volume":
            kind = Kind.CONCENTRATION
        elif code == "lab":
            kind = Kind.LAB
        elif code not in BASES and not per:
            per = code
        else:
            flags.append("unparsed_tail")
        end = after
    if opened and text[end : end + 1] == ")":
        end += 1
    strength = _PER_VOLUME.match(text, end)
    if strength and not basis and not per:
        end, kind = strength.end(), Kind.CONCENTRATION
    else:
        end = _tail(text, end, flags)
    return UnitPhrase(end, spelled.code, basis, per, kind, tuple(flags))


_CITED = re.compile(r"\.\d{1,3}(?:[,-]\d{1,3})*(?=\s+[A-Z]|\s*\Z)")
_ALTERNATIVE = re.compile(r"\s?/\s?(?=[\d.]+\s?[A-Za-zµ])")
_LINK = re.compile(r"\s(?i:per)\s")


def _tail(text: str, end: int, flags: list[str]) -> int:
    """I3: what follows a quantity and looks like part of its unit is never dropped."""
    cited = _FUSED.match(text, end) or _CITED.match(text, end)
    if cited:
        flags.append("fused_citation")
        return cited.end()
    alternative = _ALTERNATIVE.match(text, end)
    other = numeral_at(text, alternative.end()) if alternative else None
    if other and unit_at(text, gap(text, other.end)) is not None:
        return end
    link = _LINK.match(text, end)
    if link:
        if not _NOT_A_RATE.match(text, link.end()):
            flags.append("unparsed_tail")
        return end
    if _BAD_TAIL.match(text, end) or _LOOSE_BASIS.match(text, end):
        flags.append("unparsed_tail")
    return end
