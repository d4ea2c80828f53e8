"""Days and weeks of a plan: "days 1, 8 and 15", "d1-14", "weeks 1-2"; read before amounts."""

from __future__ import annotations

import re

from assistant.dosing.model import Kind
from assistant.dosing.tokens import Token, Tokens
from assistant.dosing.units import cuts_amount

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


def find_schedules(tokens: Tokens) -> None:
    """Claim every list of days or weeks; the value is its canonical form ("1-5,14")."""
    text = tokens.text
    if not tokens.numerals:
        return
    for pattern, what, stems in ((_DAYS, "days", ("d",)), (_WEEKS, "weeks", ("week", "wk"))):
        for match in pattern.finditer(text) if tokens.says(*stems) else ():
            _claim(tokens, match, what)
    if not tokens.says("cycle", "course", "month", "year", "visit", "block"):
        return
    for match in _CYCLE.finditer(text):
        if cuts_amount(text, match.end()):
            continue
        tokens.try_claim(Kind.SCHEDULE, match.start(), match.end(), what="cycle")


def _claim(tokens: Tokens, match: re.Match[str], what: str) -> None:
    text = tokens.text
    before = text[max(0, match.start() - 14) : match.start()]
    label = match["label"]
    if len(label) == 1 and (match["gap"] not in {"", " ", "+"} or _VITAMIN.search(before)):
        return
    if _NUMBER_BEFORE.search(before) and len(label) > 1:
        return  # "for 3 days 4 times daily"
    if cuts_amount(text, match.end()):
        return
    if label == "d" and match["gap"] and not re.search(r"(?:\A|[,;(\s])\Z", before):
        return
    value = canonical_days(match["list"])
    if not value:
        return
    # "Reassess at week 8" is a deadline, "5 mg/kg at weeks 0, 2 and 6" a plan.
    silent = _DEADLINE.search(before) and not ("," in value and _AT.search(before))
    kind = Kind.TIME_WINDOW if silent else Kind.SCHEDULE
    if match["open"] or (_OPEN.search(before) and value.isdigit()):
        value = f"{value}-" if value.isdigit() else value
    if tokens.free(match.start(), match.end()):
        tokens.claim(
            Token(
                kind, match.start(), match.end(), what="deadline" if silent else what, value=value
            )
        )


def canonical_days(written: str) -> str:
    """``1 to 5, 14 and 21`` as "1-5,14,21"; days in the order written.

    >>> canonical_days("1, D8 and D15")
    '1,8,15'
    """
    plain = re.sub(r"[A-Za-z]+", lambda m: _word(m.group()), written)
    plain = re.sub(r"\s+|→", lambda m: "-" if m.group() == "→" else "", plain)
    plain = re.sub(r"[,&+/]+", ",", plain).strip(",")
    parts = [part for part in plain.split(",") if part]
    for part in parts:
        if not re.fullmatch(r"-?\d{1,3}(?:--?\d{1,3})?", part):
            return ""
    return ",".join(parts)


def _word(word: str) -> str:
    if word in {"to", "through", "thru", "until"}:
        return "-"
    return "," if word in {"and", "or"} else ""


def day_set(days: str) -> frozenset[int] | str:
    """The days that a canonical list names; the string itself for an open end ("19-")."""
    found: set[int] = set()
    for part in days.split(","):
        ends = re.fullmatch(r"(-?\d+)(?:-(-?\d+))?", part)
        if ends is None:
            return days
        low = int(ends.group(1))
        high = int(ends.group(2) or low)
        if high < low or high - low > 1000:
            return days
        found.update(range(low, high + 1))
    return frozenset(found)
