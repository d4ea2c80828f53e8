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
from assistant.dosing.windows import look_back, text_before
from corpus.drugs import DrugMention

FORMS = frozenset({"{tablet}", "{capsule}", "{puff}", "{drop}", "{spray}", "{patch}", "{sachet}"})
_SEPARATOR = re.compile(
    r"\s?-{1,2}\s?|-?\s(?:up\s)?to\s|\s?~\s?|,?\s(?:or|and)\s|\s?/\s?|\s?→\s?|,\s(?=\d)"
)
_RANGE_WORDS = {"-", "--", "to", "up to", "~", "- to", "-to"}
_POWER = re.compile(r"\s?[x×*]\s?10(?:\^|[eE])(?P<exponent>\d{1,2})(?!\d)")
_LOST_POWER = re.compile(r"\s?[x×*]\s?10([3-9]|1[0-2])(?![\d.,])")
_TIMES = re.compile(r"\s?[x×*]\s?(?=[\d.])")
_CHANGE = re.compile(
    r"(?i:increas|reduc|taper|titrat|escalat|decreas|rais|lower|chang|switch|mov|wean|step|cut|drop"
    r"|went|go|convert|adjust|doubl|halv|uptitrat|de-?escalat)\w*\b[^.;]{0,60}\Z"
)
_MIXED = re.compile(r"(\d{1,2}) ([13])/([24])(?=\s?-?(?:tab|cap|pill|puff|sachet|patch))")
_BLOOD = re.compile(
    r"\s(?:of\s)?(?:packed|red|platelet|blood|plasma|whole|random|pooled|apheresis|FFP|RBC|PRBC)"
)


_LONGEST = 8  # numerals of one group


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
    unit = unit_from(text, gap(text, scaled.end))
    if unit is None and group.seps:  # "5 mg, 10 patients": the first may have one of its own
        scaled = _scale(text, _Group(group.numerals[:1]))
        unit = unit_from(text, gap(text, scaled.end))
    if unit is None or not tokens.free(at, unit.end):
        return []
    is_bare = not unit.basis and not unit.per
    if unit.code == "U" and is_bare and _BLOOD.match(text, unit.end):
        tokens.claim(Token(Kind.COUNT, at, unit.end))
        return []
    quantities = _build(text, scaled, unit)
    if fused == "fused":
        quantities[0].flag("drug_number_fused")
    quantities = _second_half(tokens, quantities, unit)
    if multiple is not None:
        quantities[0].units_per_dose = multiple
    quantities[0].start = at
    for quantity in quantities:
        tokens.claim(Token(quantity.kind, quantity.start, quantity.end, what="quantity"))
    return quantities


# Words that an amount may be glued to: "dose100 mg".
_GLUED = re.compile(r"(?:(?<![A-Za-z])(?:to|of|is|IV|PO|SC|x|max|at)|dose)\Z")
_LONGEST_GLUED = 4
_IN_A_WORD = re.compile(r"(?<=[^\W_]-)")
_IN_A_NUMBER = re.compile(r"(?<=\d[.,'])")


def _start_kind(text: str, at: int, drug_ends: set[int]) -> str | None:
    """Whether a number may start here: "plain", "fused" to a drug name, or None."""
    before = text[at - 1] if at else " "
    if _IN_A_WORD.match(text, at):
        return "fused" if at - 1 in drug_ends else None
    if before.isalpha() or before in "^_#":
        if at in drug_ends:
            return "fused"
        return "plain" if look_back(_GLUED, text, at, _LONGEST_GLUED) else None
    return None if before.isdigit() or _IN_A_NUMBER.match(text, at) else "plain"


def _group_at(tokens: Tokens, at: int) -> _Group | None:
    """The numerals that share one unit: a range, a list, or a single one."""
    text = tokens.text
    mixed = _MIXED.match(text, at)
    if mixed:
        whole, top, bottom = (int(part) for part in mixed.groups())
        return _Group([Numeral(at, mixed.end(), Fraction(whole * bottom + top, bottom))])
    if tokens.has_spaced:
        spaced = _members(tokens, at, spaced=True)
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
    while len(group.numerals) < _LONGEST:
        sep = _SEPARATOR.match(text, group.end)
        if sep is None:
            break
        following = _spaced_at(text, sep.end(), joined=first_spaced) if spaced else None
        found = found or following is not None
        following = following or numeral_at(text, sep.end())
        if following is None or not tokens.free(following.start, following.end):
            break
        group.seps.append(" ".join(sep.group().split()))
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
    return None if form and _ONE_DIGIT.match(text, at) else numeral


_ONE_DIGIT = re.compile(r"\d ")
_STRENGTH = re.compile(r"\s?-?(?:mg|g|mcg|µg)\s(?:tab|cap|pill)")


_MOST_UNITS = 20
# "two 500 mg tablets", "2 of 500 mg tablets"
_OF_FORMS = re.compile(
    r"(?:\s?(?:of|by)\s| )(?=[\d.]+\s?-?(?:mg|g|mcg|µg|units?)\s(?:tab|cap|pill|vial|puff))"
)


def _multiple(tokens: Tokens, group: _Group) -> tuple[Bound | None, _Group]:
    """``2 x 500 mg`` and ``two 500 mg tablets``: two units, then the amount of one."""
    text = tokens.text
    first = group.numerals[0]
    if len(group.numerals) > 1 or first.value is None:
        return None, group
    if first.value > _MOST_UNITS or first.value.denominator > 2:
        return None, group
    counted = _TIMES.match(text, first.end) or _OF_FORMS.match(text, first.end)
    if counted is None or _POWER.match(text, first.end) or _LOST_POWER.match(text, first.end):
        return None, group
    rest = _group_at(tokens, counted.end())
    if rest is None or unit_from(text, gap(text, rest.end)) is None:
        return None, group
    return Bound(first.value, first.value), rest


def _scale(text: str, group: _Group) -> _Group:
    """Powers of ten applied: ``5 × 10^6 IU`` is five million."""
    power = _POWER.match(text, group.end)
    if power:
        factor = 10 ** int(power["exponent"])
        scaled = [
            Numeral(n.start, power.end(), n.value and n.value * factor, n.flags)
            for n in group.numerals
        ]
        return _Group(scaled, group.seps)
    lost = _LOST_POWER.match(text, group.end)
    if lost:
        return _Group([Numeral(group.numerals[0].start, lost.end(), None, ("unreadable_number",))])
    return group


_BETWEEN = re.compile(r"\bbetween\s\Z", re.IGNORECASE)


def _build(text: str, group: _Group, unit: UnitPhrase) -> list[Quantity]:
    """The quantities of one group: ranges stay pairs, lists become several."""
    flags = list(unit.flags) + [f for n in group.numerals for f in n.flags]
    numerals, seps = group.numerals, group.seps
    if unit.code in FORMS and seps[-1:] == ["/"]:
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
    first, last = numerals[0], numerals[-1]
    before = text_before(text, first.start, _BEFORE)
    changed = seps == ["to"] and _from_to(before, first, last)
    if changed:
        pairs = [(first, first, False), (last, last, False)]
    elif (seps == ["and"] and _BETWEEN.search(before)) or (seps == ["or"] and unit.code in FORMS):
        pairs = [(first, last, False)]
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
    if changed:
        quantities[0].role = DoseRole.PREVIOUS
    return quantities


_BEFORE = 70  # characters before an amount in which the verb of a change is looked for
_FROM = re.compile(r"\bfrom\s\Z")


def _from_to(before: str, low: Numeral, high: Numeral) -> bool:
    """``reduce from 10 to 5 mg`` is a change, not a range."""
    if low.value is None or high.value is None:
        return False
    falls = low.value > high.value
    return falls or bool(_FROM.search(before) and _CHANGE.search(before))


_PARTS = (2, 4)  # that a tablet is broken into


def _fraction(group: _Group, unit: UnitPhrase) -> list[Quantity]:
    """``1/2 tablet`` and ``1 1/2 tablets``."""
    top, bottom = group.numerals[-2], group.numerals[-1]
    quantity = Quantity(group.numerals[0].start, unit.end, None, None, unit.code, "", unit.per)
    if len(group.numerals) == 2 and top.value is not None and bottom.value in _PARTS:
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
    # With the unit at both ends, "from 40 mg to 20 mg" is a change, whatever the verb.
    changed = look_back(_FROM, text, one.start, _BEFORE)
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


_AUC_RANGES = (["-"], ["to"])


def scan_auc(tokens: Tokens) -> list[Quantity]:
    """``AUC 5`` and ``AUC 5-6``: a target that is dosed by."""
    found: list[Quantity] = []
    for match in tokens.matches(_AUC, ("auc",)):
        group = _group_at(tokens, match.end())
        if group is None or not tokens.free(match.start(), group.end):
            continue
        low = group.numerals[0]
        if low.value is None or low.value > _LARGEST_AUC:  # an exposure to aim at, not to dose by
            tokens.claim(Token(Kind.LAB, match.start(), group.end, subject="auc"))
            continue
        high = group.numerals[1] if group.seps[:1] in _AUC_RANGES else low
        quantity = Quantity(match.start(), high.end, low.value, high.value, "AUC")
        tokens.claim(Token(Kind.DOSE, match.start(), high.end, what="quantity"))
        found.append(quantity)
    return found
