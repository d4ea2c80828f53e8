"""For how long, over what time and how many times a dose is given."""

from __future__ import annotations

import re
from fractions import Fraction

from assistant.dosing.model import Bound, Kind
from assistant.dosing.numerals import ANY_NUMBER, value_of
from assistant.dosing.times import BOUND, TIME, bound_of, time_unit
from assistant.dosing.tokens import Tokens
from assistant.dosing.units import unit_at
from assistant.dosing.windows import look_back

_ABOUT = (
    r"(?:(?P<upto>up\sto|at\smost|max(?:imum)?(?:\sof)?|a\smaximum\sof|no\smore\sthan|≤|<)\s?"
    r"|(?P<atleast>at\sleast|a\sminimum\sof|minimum\sof|≥|>)\s?"
    r"|(?:about|approximately|approx\.|a\stotal\sof|another|a\sfurther|a\smedian\sof"
    r"|a\speriod\sof|a|the\sfirst|the\snext"
    r"|the\sinitial|further|only|at)\s){0,2}"
)
_FOR = re.compile(
    rf"(?<![A-Za-z])(?i:(?:for|×|x|during"
    rf"|lasting|course\slength|duration)\s?(?:the\s)?{_ABOUT}(?:between\s)?{BOUND}\s?-?\s?(?:consecutive\s"
    rf"|more\s)?(?P<unit>{TIME}))"
)
_FOR_A = re.compile(
    r"(?i:\bfor\s(?:a|another|a\sfurther)\s(?P<unit>week|fortnight|month))(?![A-Za-z])"
)
# "complete 6 weeks of ceftriaxone"
_WEEKS_OF = re.compile(
    rf"(?i:\b(?:complet\w*|finish\w*|give|after)\s(?:a\s)?(?<![\w.]){BOUND}\s(?P<unit>days?|weeks?|months?)"
    rf"(?=\sof\s[a-z]))"
)
_SHORTHAND = re.compile(r"(?i:\b(?:for|x|×)\s?(?P<low>\d{1,2})(?P<high>(?!))?/(?P<unit>7|52|12)\b)")
_COURSE = re.compile(
    rf"(?i:(?<![\w.]){BOUND}(?:-|\s)(?P<unit>{TIME})\s(?:course|treatment|regimen|pulse"
    rf"|therapy|total)s?\b)"
)
_OVER = re.compile(
    rf"(?i:\b(?:over|infused\sin|infusion\sof|run\sin\sover)\s(?!(?:the\s)?(?:past|last"
    rf"|previous)){_ABOUT}{BOUND}\s?-?\s?"
    r"(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?)(?![A-Za-z/]))"
)
_INFUSION = re.compile(
    rf"(?i:(?<![\w.]){BOUND}\s?-?\s?(?P<unit>minutes?|mins?|hours?|hrs?|h"
    rf"|days?)(?=[\s-](?:continuous\s|iv\s|intravenous\s)?infusions?\b))"
)
_NOUN = (
    r"(?:doses|dose|infusions|infusion|cycles|cycle|injections|injection|administrations"
    r"|applications|courses|treatments|pulses)"
)
_COUNT = re.compile(
    rf"(?i:(?<![A-Za-z\d.])(?=[\d.<>≤≥×aefhmnoqstux])(?:(?:for|x|×)\s?)?{_ABOUT}{BOUND}\s(?P<adverb>weekly\s|daily\s"
    rf"|monthly\s)?(?:further\s|additional\s|consecutive\s|planned\s|more\s|equal\s)?"
    rf"(?P<noun>{_NOUN})(?![A-Za-z]))"
)
_COUNT_STEMS = (
    *("dose", "infusion", "cycle", "injection", "administrations", "applications", "courses"),
    *("treatments", "pulses"),
)
_CROSS = re.compile(
    r"(?<![A-Za-z\d])[x×]\s?(?P<low>\d{1,2})(?:\s?-\s?(?P<high>\d{1,2}))?(?![\d.,/^]*\d"
    r"|[A-Za-z/^]|\s?(?:upper|uln|normal|times))",
    re.I,
)
_SINGLE = re.compile(
    r"(?i:\b(?=[aos])(?:(?<!maximum\s)(?<!max\s)(?<!max\.\s)(?<!highest\s)\b(?:as\sa\s|a\s)?(?:single[\s-](?:dose|infusion|injection|administration)|one-(?:off"
    r"|time)(?:\sdose)?|single(?=\s\d))\b"
    r"|\bone\sdose\b|\bonce(?:\sonly)?\b(?!\s(?:daily|weekly|the\b|a\s|per\s|every"
    r"|stable|in\s|afebrile|controlled|there|response))|\bstat\b))"
)
_DIVIDED = re.compile(
    rf"(?i:\b(?:in|into|as)\s(?P<low>{ANY_NUMBER})(?:\s?(?:-|to"
    rf"|or)\s?(?P<high>{ANY_NUMBER}))?\s(?:equally\s|equal\s|evenly\s)?"
    r"(?:(?:divided|split|separate)\s)?(?:daily\s)?(?:doses|portions|administrations)\b)"
)
_DIVIDED_LOOSE = re.compile(
    r"(?i:\b(?:in\s(?:equally\s)?(?:divided|split)\sdoses|divided|÷)(?![A-Za-z]))"
)


# "afebrile for 24 hours": how long a patient has been well, not how long a dose is given.
_STATE = re.compile(r"(?i:\b(?:afebrile|febrile|stable|negative|unwell|free)\s?\Z)")
_TAPERED = re.compile(r"(?i:\b(?:taper|wean|withdraw|reduc|tail|decreas)\w*(?:\s\w+)?\s?\Z)")


_ROUND = {
    "week": (Fraction(1), "wk"),
    "fortnight": (Fraction(2), "wk"),
    "month": (Fraction(1), "mo"),
}
_SHORT_STEMS = ("/7", "/52", "/12")
_SHORT_UNITS = {"7": "d", "52": "wk", "12": "mo"}  # 5/7 is five days
# Each pattern, what it finds, and strings without one of which it can't match.
_STEPS = (
    (_WEEKS_OF, "duration", ("complet", "finish", "give", "after")),
    (_OVER, "over", ("over ", "infus", "run in")),
    (_INFUSION, "over", ("infusion",)),
    (_FOR, "duration", ("for", "during", "lasting", "course length", "duration", "x", "×")),
    (_COURSE, "duration", ("course", "treatment", "regimen", "pulse", "therap", "total")),
)
_DIVIDED_STEMS = ("doses", "portions", "administrations")
_SINGLE_STEMS = ("single", "one", "once", "stat")
_LOOSE_STEMS = ("divided", "split", "÷")
_ONE = Bound(Fraction(1), Fraction(1))
_STATE_REACH = 20  # characters before a time in which a state is looked for
_TAPER_REACH = 30  # and in which a taper is


def find_round_durations(tokens: Tokens) -> None:
    """Claim "for a week" before "a week" is taken for a frequency."""
    for match in tokens.matches(_FOR_A, ("for a",)):
        weeks, unit = _ROUND[match["unit"].lower()]
        bound = Bound(weeks, weeks, unit)
        tokens.try_claim(Kind.DURATION, *match.span(), what="duration", value=bound, silent=True)


def find_durations(tokens: Tokens) -> None:
    """Claim durations, infusion and split times, divided doses and numbers of doses."""
    text = tokens.text
    for match in tokens.matches(_DIVIDED, _DIVIDED_STEMS):
        tokens.try_claim(Kind.COUNT, *match.span(), what="divided", value=bound_of(match))
    for match in tokens.matches(_SHORTHAND, _SHORT_STEMS):
        value = value_of(match["low"])
        bound = Bound(value, value, _SHORT_UNITS[match["unit"]])
        tokens.try_claim(Kind.DURATION, *match.span(), what="duration", value=bound)
    for pattern, what, stems in _STEPS:
        for match in tokens.matches(pattern, stems):
            unit = time_unit(match["unit"])
            if unit == "y" or _is_age(text, match.end()):
                continue
            state = look_back(_STATE, text, match.start(), _STATE_REACH)
            if what == "duration" and state:
                continue
            if pattern is _OVER and look_back(_TAPERED, text, match.start(), _TAPER_REACH):
                continue
            bound = _bounded(match, bound_of(match, unit))
            named = "over" if unit == "min" else what
            tokens.try_claim(Kind.DURATION, *match.span(), what=named, value=bound)
    for match in tokens.matches(_COUNT, _COUNT_STEMS) if tokens.counted else ():
        _claim_count(tokens, match)
    for match in tokens.matches(_CROSS, ("x", "×")):
        tokens.try_claim(Kind.COUNT, *match.span(), what="count", value=bound_of(match))
    for match in tokens.matches(_SINGLE, _SINGLE_STEMS):
        tokens.try_claim(Kind.COUNT, *match.span(), what="count", value=_ONE, silent=True)
    for match in tokens.matches(_DIVIDED_LOOSE, _LOOSE_STEMS):
        shares = Bound(None, None)
        tokens.try_claim(Kind.COUNT, *match.span(), what="divided", value=shares, silent=True)


_ONE_ONLY = frozenset({"dose", "cycle", "infusion", "injection"})
_EACH = {"weekly": "wk", "daily": "d", "monthly": "mo"}


def _claim_count(tokens: Tokens, match: re.Match[str]) -> None:
    if match["noun"].lower() in _ONE_ONLY and (
        value_of(match["low"]) != 1 or match["high"] is not None
    ):
        return
    unit = _EACH[match["adverb"].strip().lower()] if match["adverb"] else ""
    bound = _bounded(match, bound_of(match))
    tokens.try_claim(Kind.COUNT, *match.span(), what="count", value=bound, subject=unit)


def _bounded(match: re.Match[str], bound: Bound) -> Bound:
    groups = match.groupdict()
    if groups.get("upto") and not groups.get("high"):
        return Bound(None, bound.high, bound.unit)
    if groups.get("atleast") and not groups.get("high"):
        return Bound(bound.low, None, bound.unit)
    return bound


_OF_AGE = re.compile(r"\s?(?:of\sage|old|-old)\b")


def _is_age(text: str, end: int) -> bool:
    return _OF_AGE.match(text, end) is not None


_BARE = re.compile(
    rf"(?i:(?<![\w.,]){BOUND}\s?-?\s?(?P<unit>days?|d|weeks?|wks?|months?|hours?|hrs?"
    rf"|h)(?![A-Za-z/-]))"
)
_AMOUNT_NEXT = re.compile(r"\s?:?\s?\d[\d.,-]*\s?(?:mg|g|µg|mcg|ug|units?|mL|IU)\b")
_NOT_DURATION = re.compile(
    r"(?i:\s?-?(?:after|before|later|post|of\sage|apart|interval|old|prior|from|since|in"
    r"|survival|of)\b)"
)


_FOLLOWED = frozenset({"freq", "quantity", "route"})


def find_bare_durations(tokens: Tokens) -> None:
    """``100 mg twice daily 7 days``: a time that follows a frequency or an amount directly."""
    text = tokens.text
    ends = {t.end for t in tokens.all if t.what in _FOLLOWED}
    starts = sorted(
        end + len(gap) for end in ends for gap in (" ", ", ") if text.startswith(gap, end)
    )
    for match in tokens.at_numbers(_BARE, starts):
        start, end = match.span()
        if (
            _NOT_DURATION.match(text, end)
            or unit_at(text, end + 1)
            or _AMOUNT_NEXT.match(text, end)
        ):
            continue
        unit = time_unit(match["unit"])
        tokens.try_claim(Kind.DURATION, start, end, what="duration", value=bound_of(match, unit))
