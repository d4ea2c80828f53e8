"""Amounts with their units: the lexer decides where one starts, the rest is regular.

A quantity keeps every denominator, or carries ``unparsed_tail``: losing ``/m²`` would turn
10 mg/m² into 10 mg.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from assistant.dosing.misread import find_misread
from assistant.dosing.model import Bound, DoseRole, Kind
from assistant.dosing.numerals import Numeral, numeral_at, spaced_thousands_at
from assistant.dosing.tokens import Quantity, Token, Tokens
from assistant.dosing.unit_phrase import UnitPhrase, gap, unit_from
from assistant.dosing.units import convert
from corpus.drugs import DrugMention

FORMS = frozenset({"{tablet}", "{capsule}", "{puff}", "{drop}", "{spray}", "{patch}", "{sachet}"})
_SEPARATOR = re.compile(
    r"\s?-{1,2}\s?|-?\s(?:up\s)?to\s|\s?~\s?|,?\s(?:or|and)\s|\s?/\s?|\s?→\s?|,\s(?=\d)"
)
_RANGE_WORDS = {"-", "--", "to", "up to", "~", "- to", "-to"}
_POWER = re.compile(r"\s?[x×*]\s?10(?:\^|[eE])(\d{1,2})(?!\d)")
_LOST_POWER = re.compile(r"\s?[x×*]\s?10([3-9]|1[0-2])(?![\d.,])")
_TIMES = re.compile(r"\s?[x×*]\s?(?=[\d.])")
_CHANGE = re.compile(
    r"(?i:increas|reduc|taper|titrat|escalat|decreas|rais|lower|chang|switch|mov|wean|step|cut|drop"
    r"|went|go|convert|adjust|doubl|halv|uptitrat|de-?escalat)\w*\b[^.;]{0,60}\Z"
)
_COUNTED = re.compile(r"\s?(?:x\s|×\s?|of\s|by\s)?(?=[\d.]+\s?-?(?:mg|g|mcg|µg|units?)\b)")
_MIXED = re.compile(r"(\d{1,2}) ([13])/([24])(?=\s?-?(?:tab|cap|pill|puff|sachet|patch))")
_BLOOD = re.compile(
    r"\s(?:of\s)?(?:packed|red|platelet|blood|plasma|whole|random|pooled|apheresis|FFP|RBC|PRBC)"
)


@dataclass(slots=True)
class _Group:
    """The numerals before one unit, with the separators between them."""

    numerals: list[Numeral]
    seps: list[str] = field(default_factory=list)

    @property
    def end(self) -> int:
        return self.numerals[-1].end


def scan(tokens: Tokens, drugs: Sequence[DrugMention]) -> list[Quantity]:
    """Every quantity of the text in order; each claims its characters."""
    if not tokens.counted:
        return []
    found = find_misread(tokens)
    ends = {d.end for d in drugs}
    last = 0
    for at in tokens.counted:
        if at >= last and (quantities := _quantities_at(tokens, at, ends)):
            found += quantities
            last = max(q.end for q in quantities)
    found.sort(key=lambda q: q.start)
    return found


def _quantities_at(tokens: Tokens, at: int, drug_ends: set[int]) -> list[Quantity]:
    text = tokens.text
    fused = _start_kind(text, at, drug_ends)
    if fused is None or not tokens.free(at, at + 1):
        return []
    group = _group_at(tokens, at)
    if group is None:
        return []
    multiple, group = _multiple(tokens, group)
    scaled = _scale(text, group)
    unit_start = gap(text, scaled.end)
    while True:
        unit = unit_from(text, unit_start)
        if unit or len(group.numerals) == 1:
            break
        group = _Group(group.numerals[:1])
        scaled = _scale(text, group)
        unit_start = gap(text, scaled.end)
    if unit is None or not tokens.free(at, unit.end):
        return []
    is_bare = not unit.basis and not unit.per
    if unit.code == "U" and is_bare and _BLOOD.match(text, unit.end):
        tokens.claim(Token(Kind.COUNT, at, unit.end, what="count"))
        return []
    quantities = _build(text, scaled, unit)
    if fused == "fused":
        quantities[0].flag("drug_number_fused")
    quantities = _second_half(tokens, quantities, unit)
    if multiple is not None:
        quantities[0].units_per_dose = multiple
    start = at
    for i, quantity in enumerate(quantities):
        quantity.start = start if i == 0 else quantity.start
        tokens.claim(Token(quantity.kind, quantity.start, quantity.end, what="quantity"))
    return quantities


_SHORT_WORD = re.compile(r"[A-Za-z]{1,4}\Z")


def _start_kind(text: str, at: int, drug_ends: set[int]) -> str | None:
    """Whether a number may start here: "plain", "fused" to a drug name, or None."""
    before = text[at - 1] if at else " "
    if before in "-" and at >= 2 and text[at - 2].isalnum():
        return "fused" if at - 1 in drug_ends else None
    if before.isalpha() or before in "^_#":
        if at in drug_ends:
            return "fused"
        word = _SHORT_WORD.search(text, max(0, at - 5), at)
        small = {"to", "of", "is", "IV", "PO", "SC", "x", "dose", "max", "at"}
        return "plain" if word and word.group() in small else None
    if before.isdigit() or (before in ".,'" and at >= 2 and text[at - 2].isdigit()):
        return None
    return "plain"


def _group_at(tokens: Tokens, at: int) -> _Group | None:
    """The numerals that share one unit: a range, a list, or a single one."""
    text = tokens.text
    mixed = _MIXED.match(text, at) if "/" in text[at + 3 : at + 5] else None
    if mixed:
        whole, top, bottom = (int(part) for part in mixed.groups())
        return _Group([Numeral(at, mixed.end(), Fraction(whole * bottom + top, bottom))])
    spaced = _members(tokens, at, spaced=True) if tokens.has_spaced else None
    if spaced and unit_from(text, gap(text, spaced.end)) is not None:
        return spaced
    return _members(tokens, at, spaced=False)


def _members(tokens: Tokens, at: int, *, spaced: bool) -> _Group | None:
    """The numerals of a group; ``spaced``: with 1 000 as one number, None without such a one."""
    text = tokens.text
    first = _spaced_at(text, at) if spaced else None
    found = first_spaced = first is not None
    first = first or numeral_at(text, at)
    if first is None:
        return None
    group = _Group([first])
    while len(group.numerals) < 8:
        sep = _SEPARATOR.match(text, group.end)
        if sep is None:
            break
        following = _spaced_at(text, sep.end(), joined=first_spaced) if spaced else None
        found = found or following is not None
        following = following or numeral_at(text, sep.end())
        if following is None or not tokens.free(following.start, following.end):
            break
        group.seps.append(" ".join(sep.group().replace(",", " , ").split()) or "-")
        group.numerals.append(following)
    if len(group.numerals) == 2 and group.seps == [", and"] and _ORDINAL.search(text, 0, at):
        return None  # "at dose 14, and 3 g/m2": the first is no amount
    return group if found or not spaced else None


_ORDINAL = re.compile(r"(?i:\b(?:dose|day|week|cycle)\s)\Z")


def _spaced_at(text: str, at: int, *, joined: bool = False) -> Numeral | None:
    """``1 000``, but not the two numbers of "2 500 mg tablets"; ``joined``: "40 000-60 000"."""
    numeral = spaced_thousands_at(text, at, joined=joined)
    if numeral is None:
        return None
    form = _STRENGTH.match(text, numeral.end)
    return None if form and text[at + 1] == " " else numeral


_STRENGTH = re.compile(r"\s?-?(?:mg|g|mcg|µg)\s(?:tab|cap|pill)")


_OF_FORMS = re.compile(r"[\d.,]+\s?-?(?:mg|g|mcg|µg|units?)\s(?:tab|cap|pill|vial|puff)")


def _multiple(tokens: Tokens, group: _Group) -> tuple[Bound | None, _Group]:
    """``2 x 500 mg`` and ``two 500 mg tablets``: two units, then the amount of one."""
    text = tokens.text
    if len(group.numerals) != 1 or group.numerals[0].value is None:
        return None, group
    first = group.numerals[0]
    following = text[first.end : first.end + 2].lstrip()[:1]
    if following not in "x×*ob." and not following.isdigit():
        return None, group
    if _POWER.match(text, first.end) or _LOST_POWER.match(text, first.end):
        return None, group
    times = _TIMES.match(text, first.end)
    end = times.end() if times else None
    if end is None:
        counted = _COUNTED.match(text, first.end)
        if not counted or (
            not counted.group().strip(" ") and text[first.end : first.end + 1] != " "
        ):
            return None, group
        end = counted.end()
        if not _OF_FORMS.match(text, end):
            return None, group
    if first.value is None or first.value > 20 or first.value.denominator > 2:
        return None, group
    rest = _group_at(tokens, end)
    if rest is None or unit_from(text, gap(text, rest.end)) is None:
        return None, group
    return Bound(first.value, first.value), rest


def _scale(text: str, group: _Group) -> _Group:
    """Powers of ten applied: ``5 × 10^6 IU`` is five million."""
    end = group.end
    if text[end : end + 2].lstrip()[:1] not in "x×*":
        return group
    power = _POWER.match(text, end)
    if power:
        factor = 10 ** int(power.group(1))
        scaled = [
            Numeral(n.start, power.end(), None if n.value is None else n.value * factor, n.flags)
            for n in group.numerals
        ]
        return _Group(scaled, group.seps)
    lost = _LOST_POWER.match(text, end)
    if lost:
        last = Numeral(group.numerals[0].start, lost.end(), None, ("unreadable_number",))
        return _Group([last])
    return group


_BETWEEN = re.compile(r"\bbetween\s\Z", re.IGNORECASE)


def _build(text: str, group: _Group, unit: UnitPhrase) -> list[Quantity]:
    """The quantities of one group: ranges stay pairs, lists become several."""
    flags = list(unit.flags) + [f for n in group.numerals for f in n.flags]
    numerals, seps = group.numerals, group.seps
    if unit.code in FORMS and len(numerals) >= 2 and seps[-1] == "/":
        return _fraction(group, unit)
    pairs: list[tuple[Numeral, Numeral, bool]] = []
    i = 0
    while i < len(numerals):
        if i < len(seps) and seps[i] in _RANGE_WORDS:
            chained = i + 1 < len(seps) and seps[i + 1] in _RANGE_WORDS
            pairs.append((numerals[i], numerals[i + 1], chained))
            i += 3 if chained else 2
        else:
            pairs.append((numerals[i], numerals[i], False))
            i += 1
    # "aged 5 or 6, 100 mg": after a mere comma the numbers before it may be no amounts at all.
    lists = [sep for sep in seps if sep not in _RANGE_WORDS]
    if lists[-1:] == [","]:
        flags.append("elided_unit")
    before = text[max(0, numerals[0].start - 70) : numerals[0].start]
    first, last, chained = pairs[0]
    if (
        len(pairs) == 1
        and first is not last
        and not chained
        and _from_to(before, seps[0], first, last)
    ):
        pairs = [(first, first, False), (last, last, False)]
    if len(numerals) == 2 and seps == ["and"] and _BETWEEN.search(before):
        pairs = [(numerals[0], numerals[1], False)]
    if unit.code in FORMS and len(numerals) == 2 and seps == ["or"]:
        pairs = [(numerals[0], numerals[1], False)]
    quantities = []
    for low, high, chained in pairs:
        end = unit.end if high is numerals[-1] else high.end
        quantity = Quantity(low.start, end, low.value, high.value, unit.code, unit.basis, unit.per)
        quantity.kind = unit.kind
        for flag in flags:
            quantity.flag(flag)
        if chained or low.value is None or high.value is None:
            quantity.low = quantity.high = None
            quantity.flag("unreadable_number")
        elif low is not high and low.value > high.value:
            quantity.flag("inverted_range")
        quantities.append(quantity)
    if len(quantities) == 2 and pairs[0][0] is first and seps[0] in {"to", "up to"}:
        quantities[0].role = DoseRole.PREVIOUS
    return quantities


def _from_to(before: str, sep: str, low: Numeral, high: Numeral) -> bool:
    """``reduce from 10 to 5 mg`` is a change, not a range."""
    if sep != "to" or low.value is None or high.value is None:
        return False
    if low.value > high.value:
        return True
    return bool(re.search(r"\bfrom\s\Z", before) and _CHANGE.search(before))


def _fraction(group: _Group, unit: UnitPhrase) -> list[Quantity]:
    """``1/2 tablet`` and ``1 1/2 tablets``."""
    top, bottom = group.numerals[-2], group.numerals[-1]
    quantity = Quantity(group.numerals[0].start, unit.end, None, None, unit.code, "", unit.per)
    if len(group.numerals) == 2 and top.value is not None and bottom.value in {2, 4}:
        quantity.low = quantity.high = top.value / bottom.value
        return [quantity]
    quantity.flag("unreadable_number")
    return [quantity]


_TO = re.compile(r"\s?-{1,2}\s?|\sto\s|\s?~\s?")


def _second_half(tokens: Tokens, quantities: list[Quantity], unit: UnitPhrase) -> list[Quantity]:
    """``5 mg/m2 to 10 mg/m2``: one range in two units; ``from 40 mg to 20 mg``: a change."""
    text = tokens.text
    if len(quantities) != 1 or quantities[0].low != quantities[0].high:
        return quantities
    one = quantities[0]
    sep = _TO.match(text, unit.end)
    if sep is None or one.low is None or "unparsed_tail" in one.flags:
        return quantities
    numeral = numeral_at(text, sep.end())
    if numeral is None or numeral.value is None or not tokens.free(sep.end(), numeral.end):
        return quantities
    other = unit_from(text, gap(text, numeral.end))
    if other is None or other.kind != unit.kind or not tokens.free(numeral.start, other.end):
        return quantities
    first = convert(one.low, unit.code, other.code)
    if first is None or (unit.basis and other.basis and unit.basis != other.basis):
        return quantities
    if unit.per and other.per and unit.per != other.per:
        return quantities
    before = text[max(0, one.start - 70) : one.start]
    # With the unit at both ends, "from 40 mg to 20 mg" is a change, whatever the verb.
    changed = re.search(r"\bfrom\s\Z", before)
    if sep.group().strip() == "to" and (changed or first > numeral.value):
        one.role = DoseRole.PREVIOUS
        second = Quantity(
            numeral.start,
            other.end,
            numeral.value,
            numeral.value,
            other.code,
            other.basis,
            other.per,
        )
        for flag in (*numeral.flags, *other.flags):
            second.flag(flag)
        return [one, second]
    high = convert(numeral.value, other.code, unit.code)
    one.high, one.end = high, other.end
    one.basis, one.per = unit.basis or other.basis, unit.per or other.per
    for flag in (*numeral.flags, *other.flags):
        one.flag(flag)
    if unit.code != other.code:
        one.flag("mixed_unit_range")
    if high is not None and one.low > high:
        one.flag("inverted_range")
    return [one]


_LARGEST_AUC = 20  # mg/mL·min, of carboplatin; the AUC of an antibiotic is in the hundreds
_AUC = re.compile(r"\bAUC\s?(?:=|of|:)?\s?(?=\d)|\bauc(?=[1-9])")


def scan_auc(tokens: Tokens) -> list[Quantity]:
    """``AUC 5`` and ``AUC 5-6``: a target that is dosed by."""
    found: list[Quantity] = []
    if tokens.words.isdisjoint(("AUC", "auc")):
        return found
    for match in _AUC.finditer(tokens.text):
        group = _group_at(tokens, match.end())
        if group is None or not tokens.free(match.start(), group.end):
            continue
        low = group.numerals[0]
        if low.value is None or low.value > _LARGEST_AUC:  # an exposure to aim at, not to dose by
            tokens.claim(Token(Kind.LAB, match.start(), group.end, what="lab", subject="auc"))
            continue
        high = group.numerals[1] if group.seps[:1] in (["-"], ["to"]) else low
        quantity = Quantity(match.start(), high.end, low.value, high.value, "AUC")
        tokens.claim(Token(Kind.DOSE, match.start(), high.end, what="quantity"))
        found.append(quantity)
    return found
