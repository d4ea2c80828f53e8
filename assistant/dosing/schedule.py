"""Days and weeks of a plan: "days 1, 8 and 15", "d1-14", "weeks 1-2"; read before amounts."""

from __future__ import annotations

import re

from assistant.dosing.model import Kind
from assistant.dosing.tokens import Tokens
from assistant.dosing.units import cuts_amount
from assistant.dosing.windows import text_before

_AMOUNT = (
    r"(?!\.?\d|,\d{3}"
    r"|\s?-?(?:k?g|mg|µg|mcg|ug|ng|mL|ml|units?|IU|U|mmol|mEq|tab|cap|puff)(?![a-z]))"
)
_NUMBER = rf"\d{{1,3}}{_AMOUNT}"
_SEP = r"(?:\s?(?:,\s?(?:and|or)|,|-|&|\+|/|→)\s?|\s(?:to|and|through|thru|or|until)\s)"
_DAY = r"(?:[Dd]ays?|DAYS?|[dD])"
_WEEK = r"(?:[Ww]eeks?|WEEKS?|[Ww]ks?|WKS?)"


def _pattern(label: str) -> re.Pattern[str]:
    return re.compile(
        rf"(?<![A-Za-z0-9./])(?=[CDWdw])(?P<cycle>C\d{{1,2}})?(?P<label>{label})(?P<gap>[ .-]?\+?)"
        rf"(?P<list>-?{_NUMBER}(?:{_SEP}(?:(?:on\s)?{label}\s?)?-?{_NUMBER}){{0,15}})(?!,\d)"
        rf"(?P<open>\s?onwards?|\+(?![\d]))?"
    )


_DAYS, _WEEKS = _pattern(_DAY), _pattern(_WEEK)
_CYCLE = re.compile(
    r"(?i:\b(?:cycles?|courses?|months?|years?|visits?|blocks?)\s(?:no\.\s?)?)"
    rf"\d{{1,2}}(?:{_SEP}\d{{1,2}}){{0,8}}(?![\d.,]*\d|\s?-?(?:k?g|mg|µg|mcg|mL|ml|units?"
    rf"|%)(?![a-z])|\s?(?:days|times|weeks|x|×))"
)
_NUMBER_BEFORE = re.compile(r"(?:(?<![m^])\d|one|two|three|four|five|six|seven)[ -]?\Z")
_DEADLINE = re.compile(
    r"\b(?:by|before|after|within|until|till|at|than|post|since|reaching)\s\Z", re.I
)
_AT = re.compile(r"\bat\s\Z", re.I)
_OPEN = re.compile(r"\b(?:from|starting|beginning|start)\s(?:on\s|at\s|in\s)?\Z", re.I)
_VITAMIN = re.compile(r"(?:vitamin|Rh|hepatitis|type|group|arm)\s\Z", re.IGNORECASE)
_BEFORE_SYMBOL = re.compile(r"(?:\A|[,;(\s])\Z")
_REACH = 14  # characters before a day or week that can turn its sense
_SYMBOL_GAPS = frozenset({"", " ", "+"})  # "d1", "d 1", "d+1": not "d-1", "d.1"
# Each pattern, what it finds, and strings without one of which it can't match.
_STEPS = ((_DAYS, "days", ("d",)), (_WEEKS, "weeks", ("week", "wk")))
_CYCLE_STEMS = ("cycle", "course", "month", "year", "visit", "block")


def find_schedules(tokens: Tokens) -> None:
    """Claim every list of days or weeks; the value is its canonical form ("1-5,14")."""
    text = tokens.text
    if not tokens.numerals:
        return
    for pattern, what, stems in _STEPS:
        for match in tokens.matches(pattern, stems):
            _claim(tokens, match, what)
    for match in tokens.matches(_CYCLE, _CYCLE_STEMS):
        if not cuts_amount(text, match.end()):
            tokens.try_claim(Kind.SCHEDULE, *match.span())


def _claim(tokens: Tokens, match: re.Match[str], what: str) -> None:
    text = tokens.text
    before = text_before(text, match.start(), _REACH)
    label = match["label"]
    if len(label) == 1 and (match["gap"] not in _SYMBOL_GAPS or _VITAMIN.search(before)):
        return
    if _NUMBER_BEFORE.search(before) and len(label) > 1:
        return  # "for 3 days 4 times daily"
    if cuts_amount(text, match.end()):
        return
    if label == "d" and match["gap"] and not _BEFORE_SYMBOL.search(before):
        return
    value = canonical_days(match["list"])
    if not value:
        return
    # "Reassess at week 8" is a deadline, "5 mg/kg at weeks 0, 2 and 6" a plan.
    silent = _DEADLINE.search(before) and not ("," in value and _AT.search(before))
    kind = Kind.TIME_WINDOW if silent else Kind.SCHEDULE
    if match["open"] or (_OPEN.search(before) and value.isdigit()):
        value = f"{value}-" if value.isdigit() else value
    tokens.try_claim(kind, *match.span(), what="deadline" if silent else what, value=value)


def canonical_days(written: str) -> str:
    """``1 to 5, 14 and 21`` as "1-5,14,21"; days in the order written.

    >>> canonical_days("1, D8 and D15")
    '1,8,15'
    """
    plain = _LINK.sub(lambda m: _LINKS.get(m.group(), ""), written)
    parts = [part for part in plain.split(",") if part]
    return ",".join(parts) if all(map(_SPAN.fullmatch, parts)) else ""


_LINK = re.compile(r"[A-Za-z]+|\s+|[→&+/]")  # the words "day" and "on" fall away
_LINKS = {
    **dict.fromkeys(("to", "through", "thru", "until", "→"), "-"),
    **dict.fromkeys(("and", "or", "&", "+", "/"), ","),
}
_SPAN = re.compile(r"-?\d{1,3}(?:--?\d{1,3})?")


_ENDS = re.compile(r"(-?\d+)(?:-(-?\d+))?")
_LONGEST = 1000  # days of one span


def day_set(days: str) -> frozenset[int] | str:
    """The days that a canonical list names; the string itself for an open end ("19-")."""
    found: set[int] = set()
    for part in days.split(","):
        ends = _ENDS.fullmatch(part)
        if ends is None:
            return days
        low = int(ends.group(1))
        high = int(ends.group(2) or low)
        if high < low or high - low > _LONGEST:
            return days
        found.update(range(low, high + 1))
    return frozenset(found)
