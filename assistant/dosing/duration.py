"""For how long, over what time and how many times a dose is given."""

from __future__ import annotations

import re
from fractions import Fraction

from assistant.dosing.model import Bound, Kind
from assistant.dosing.numerals import ANY_NUMBER, value_of
from assistant.dosing.times import BOUND, TIME, bound_of, time_unit
from assistant.dosing.tokens import Token, Tokens
from assistant.dosing.units import unit_at

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


def find_round_durations(tokens: Tokens) -> None:
    """Claim "for a week" before "a week" is taken for a frequency."""
    for match in _FOR_A.finditer(tokens.text) if tokens.says("for a") else ():
        length = Fraction(2) if match["unit"].lower() == "fortnight" else Fraction(1)
        unit = "mo" if match["unit"].lower() == "month" else "wk"
        bound = Bound(length, length, unit)
        tokens.try_claim(Kind.DURATION, *match.span(), what="duration", value=bound, silent=True)


def find_durations(tokens: Tokens) -> None:
    """Claim durations, infusion and split times, divided doses and numbers of doses."""
    text = tokens.text
    if tokens.says("doses", "portions", "administrations"):
        for match in _DIVIDED.finditer(text):
            tokens.try_claim(Kind.COUNT, *match.span(), what="divided", value=bound_of(match))
    for match in _SHORTHAND.finditer(text) if tokens.says("/7", "/52", "/12") else ():
        unit = {"7": "d", "52": "wk", "12": "mo"}[match["unit"]]
        value = value_of(match["low"])
        tokens.try_claim(
            Kind.DURATION, *match.span(), what="duration", value=Bound(value, value, unit)
        )
    for pattern, what, stems in (
        (_WEEKS_OF, "duration", ("complet", "finish", "give", "after")),
        (_OVER, "over", ("over ", "infus", "run in")),
        (_INFUSION, "over", ("infusion",)),
        (_FOR, "duration", ("for", "during", "lasting", "course length", "duration", "x", "×")),
        (_COURSE, "duration", ("course", "treatment", "regimen", "pulse", "therap", "total")),
    ):
        for match in pattern.finditer(text) if tokens.says(*stems) else ():
            unit = time_unit(match["unit"])
            if unit == "y" or _is_age(text, match.end()):
                continue
            if what == "duration" and _STATE.search(
                text, max(0, match.start() - 20), match.start()
            ):
                continue
            if pattern is _OVER and _TAPERED.search(
                text[max(0, match.start() - 30) : match.start()]
            ):
                continue
            bound = _bounded(match, bound_of(match, unit))
            named = "over" if unit == "min" else what
            tokens.try_claim(Kind.DURATION, *match.span(), what=named, value=bound)
    if tokens.counted and tokens.says(*_COUNT_STEMS):
        for match in _COUNT.finditer(text):
            _claim_count(tokens, match)
    for match in _CROSS.finditer(text) if tokens.numerals and tokens.says("x", "×") else ():
        tokens.try_claim(Kind.COUNT, *match.span(), what="count", value=bound_of(match))
    for match in _SINGLE.finditer(text) if tokens.says("single", "one", "once", "stat") else ():
        one = Bound(Fraction(1), Fraction(1))
        tokens.try_claim(Kind.COUNT, *match.span(), what="count", value=one, silent=True)
    for match in _DIVIDED_LOOSE.finditer(text) if tokens.says("divided", "split", "÷") else ():
        tokens.try_claim(
            Kind.COUNT, *match.span(), what="divided", value=Bound(None, None), silent=True
        )


def _claim_count(tokens: Tokens, match: re.Match[str]) -> None:
    start, end = match.span()
    if match["noun"].lower() in {"dose", "cycle", "infusion", "injection"} and (
        value_of(match["low"]) != 1 or match["high"] is not None
    ):
        return
    if match["noun"].lower() in {"dose", "infusion", "injection", "cycle"} and "-" in match.group():
        return
    if not tokens.free(start, end):
        return
    adverb = (match["adverb"] or "").strip().lower()
    unit = {"weekly": "wk", "daily": "d", "monthly": "mo"}.get(adverb)
    token = Token(
        Kind.COUNT,
        start,
        end,
        what="count",
        value=_bounded(match, bound_of(match)),
        subject=unit or "",
    )
    tokens.claim(token)


def _bounded(match: re.Match[str], bound: Bound) -> Bound:
    groups = match.groupdict()
    if groups.get("upto") and not groups.get("high"):
        return Bound(None, bound.high, bound.unit)
    if groups.get("atleast") and not groups.get("high"):
        return Bound(bound.low, None, bound.unit)
    return bound


def _is_age(text: str, end: int) -> bool:
    return re.match(r"\s?(?:of\sage|old|-old)\b", text[end : end + 8]) is not None


_BARE = re.compile(
    rf"(?i:(?<![\w.,]){BOUND}\s?-?\s?(?P<unit>days?|d|weeks?|wks?|months?|hours?|hrs?"
    rf"|h)(?![A-Za-z/-]))"
)
_AMOUNT_NEXT = re.compile(r"\s?:?\s?\d[\d.,-]*\s?(?:mg|g|µg|mcg|ug|units?|mL|IU)\b")
_NOT_DURATION = re.compile(
    r"(?i:\s?-?(?:after|before|later|post|of\sage|apart|interval|old|prior|from|since|in"
    r"|survival|of)\b)"
)


def find_bare_durations(tokens: Tokens) -> None:
    """``100 mg twice daily 7 days``: a time that follows a frequency or an amount directly."""
    text = tokens.text
    ends = {t.end for t in tokens.all if t.what in {"freq", "quantity", "route"}}
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
