"""When and how a dose is given: frequency, duration, infusion time, number of doses, route."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from assistant.dosing.model import Bound, Frequency, Kind
from assistant.dosing.numerals import ANY_NUMBER, value_of
from assistant.dosing.tokens import Token, Tokens
from assistant.dosing.units import unit_at

TIME = r"(?:minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|mths?|mo|years?|yrs?|d|h|w)(?![A-Za-z/])"
_TIME_UNIT = {"mi": "min", "h": "h", "d": "d", "w": "wk", "mo": "mo", "mt": "mo", "y": "y"}
_B = rf"(?P<low>{ANY_NUMBER})(?:\s?(?:-|to|or|and|~)\s?(?P<high>{ANY_NUMBER}))?"


def time_unit(word: str) -> str:
    """``hrs`` as "h", ``weeks`` as "wk"; years as "y"."""
    word = word.lower()
    return _TIME_UNIT.get(word[:2]) or _TIME_UNIT[word[:1]]


def bound_of(match: re.Match[str], unit: str = "") -> Bound:
    """The value or range that a pattern found under ``low`` and ``high``."""
    low = value_of(match["low"])
    high = value_of(match["high"]) if match["high"] else low
    return Bound(low, high, unit)


def _whole(value: Fraction | None) -> int | None:
    return int(value) if value is not None and value.denominator == 1 else None


# ---------------------------------------------------------------------------- frequency

_HOW_OFTEN = {"once": 1, "twice": 2, "thrice": 3}
_LATIN: tuple[tuple[str, Frequency], ...] = (
    (r"(?i:b\.?i\.?d)\b\.?|(?i:b\.?d)\b\.?(?!\.)", Frequency(2, 1, "d")),
    (r"(?i:t\.?i\.?d)\b\.?|(?i:t\.?d\.?s)\b\.?", Frequency(3, 1, "d")),
    (r"(?i:q\.?i\.?d)\b\.?|(?i:q\.?d\.?s)\b\.?", Frequency(4, 1, "d")),
    (r"(?i:q\.?o\.?d|e\.?o\.?d)\b\.?", Frequency(1, 2, "d")),
    (r"(?i:q\s?(?:hs|am|pm|d|day|daily|24|od))\b\.?|q\.d\.|(?:O\.?D|od|o\.d)\b\.?", Frequency(1, 1, "d")),
    (r"(?i:q\s?(?:w|wk|week|weekly))\b", Frequency(1, 1, "wk")),
    (r"(?i:q\s?(?:h|hr|hour))\b", Frequency(1, 1, "h")),
    (r"(?i:q\s?(?:mo|month|monthly))\b", Frequency(1, 1, "mo")),
    (r"(?i:biw)\b", Frequency(2, 1, "wk")),
    (r"(?i:tiw)\b", Frequency(3, 1, "wk")),
    (r"(?i:nocte|mane|hs)\b", Frequency(1, 1, "d")),
)  # fmt: skip
_LATIN_RE = re.compile(r"(?<![A-Za-z0-9./-])(?:" + "|".join(f"({p})" for p, _ in _LATIN) + ")")
_Q = re.compile(
    r"(?<![A-Za-z])[qQ]\.?\s?(?P<low>\d{1,3})(?:\s?(?:-|to)\s?(?P<high>\d{1,3}))?\s?-?\s?"
    r"(?P<unit>(?i:hours?|hourly|hrs?|h|days?|d|weeks?|weekly|wks?|w|months?|mo|minutes?|min))(?![A-Za-z])"
)
_PERIODS = (
    r"(?:days?|daily|d|weeks?|weekly|wks?|months?|monthly|hours?|hourly|nights?|nightly|mornings?|evenings?|(?<!every\s)24\s?h(?:ours|r)?)"
    r"(?![A-Za-z])"
)
_TIMES = re.compile(
    rf"""(?<![A-Za-z\d.])(?i:
      (?:(?P<word>once|twice|thrice)(?:\s?(?:or|to|-)\s?(?P<word2>twice|thrice|three\stimes))?
        |(?P<low>{ANY_NUMBER})(?:\s?(?:-|to|or)\s?(?P<high>{ANY_NUMBER}))?\s?(?:times|time|x|×)
        |(?P<doses>{ANY_NUMBER})\sdoses(?=\s?(?:a|per|each|every|/)))
      (?P<link>\s(?:an?|per|each|every|in)\s|\s?/\s?|\s?-\s?|\s|(?<=[x×]))
      (?P<unit>{_PERIODS}))""",
    re.VERBOSE,
)
_TWICE_ON = re.compile(r"(?i:\b(?P<word>twice|thrice)(?=\son\s(?:the\sfirst\s)?day\b))")
_DAYS_A_WEEK = re.compile(
    rf"(?i:\b(?P<low>{ANY_NUMBER})(?:\s?(?:-|to|or)\s?(?P<high>{ANY_NUMBER}))?\s(?:consecutive\s|alternate\s)?"
    r"(?:days|times)\s?(?:\s(?:a|per|each|of\sthe|every)\s|/\s?)week\b)"
)
_EVERY = re.compile(
    rf"""(?<![A-Za-z])(?i:(?:once\s|given\s)?every\s?
      (?:(?P<other>other|second|2nd|alternate)\s|(?P<third>third|3rd)\s|(?P<fourth>fourth|4th)\s
        |(?P<low>{ANY_NUMBER})(?:\s?(?:-|to|or)\s?(?P<high>{ANY_NUMBER}))?\s?-?\s?)?
      (?P<unit>hours?|hourly|hrs?|h|days?|d|weeks?|weekly|wks?|w|months?|monthly|mo|nights?|mornings?|evenings?|minutes?|min)
      (?![A-Za-z]))""",
    re.VERBOSE,
)
_ALTERNATE = re.compile(
    r"(?i:\b(?:on\s)?(?:alternat(?:e|ing)[\s-](?P<a>days?|weeks?)|(?:each|once\severy)\sother\s(?P<b>day|week)))\b"
)
_HOURLY = re.compile(
    rf"(?i:(?<![\w.])(?P<low>{ANY_NUMBER})(?:\s?(?:-|to)\s?(?P<high>{ANY_NUMBER}))?(?:-(?P<unit>hourly|weekly|monthly|daily)|\s(?P<unit2>hourly))\b)"
)
_BOTH = re.compile(
    r"(?i:\b(?:(?:every|each|in\sthe)\s)?morning(?:s)?\sand\s(?:(?:every|each|at|in\sthe)\s)?(?:evening|night|bedtime)s?\b)"
)
_ADVERB = re.compile(
    r"(?<![A-Za-z-])(?i:(?P<d>(?:once-?)?daily|nightly|each\sday|every\sday|a\sday|per\sday|at\snight|at\sbedtime)"
    r"|(?P<w>(?:once-?)?weekly|each\sweek|per\sweek|a\sweek)|(?P<m>monthly|each\smonth|per\smonth)"
    r"|(?P<f>fortnightly|every\sfortnight)|(?P<h>hourly)|(?P<s>semi-?weekly)"
    r"|(?P<ambiguous>bi-?weekly|bi-?monthly))(?![A-Za-z])"
)
_MEAL = re.compile(
    r"(?i:\b(?:(?:with|after|before|at)\s(?:breakfast|lunch|dinner|supper)"
    r"|in\sthe\s(?:morning|evening|afternoon)|(?:every|each)\s(?:morning|evening|night))\b)"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?"
_WEEKDAYS = re.compile(
    rf"(?i:\b(?:on\s)?{_WEEKDAY}(?:\s?(?:,\s?and|,|and|/|&|or|\s)\s?{_WEEKDAY}){{0,6}}\b)"
)
_REJECTED = re.compile(
    r"(?i:\b(?:instead\sof|rather\sthan|not|and\snot|in\splace\sof|never)\s(?:[a-z]+\s)?)\Z"
)
_NOT_FREQUENCY = re.compile(
    r"(?i:\s(?:dose|dosage|dosing\s(?:of|is|was)|total|maximum|max|amount|intake|totals?|requirement)s?\b)"
)


_COUNTED_DOSES = re.compile(r"\s(?:doses|infusions|injections|cycles|pulses|courses)\b")
_NUMBER_BEFORE = re.compile(rf"{ANY_NUMBER}\s\Z")


def find_frequencies(tokens: Tokens) -> None:
    """Claim every frequency; ``biweekly`` has none and is marked ambiguous."""
    steps: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Frequency | None]], ...] = (
        (_Q, _interval),
        (_DAYS_A_WEEK, _times_a_week),
        (_TIMES, _times),
        (_TWICE_ON, lambda m: Frequency(_HOW_OFTEN[m["word"].lower()], 1, "d")),
        (_BOTH, lambda m: Frequency(2, 1, "d")),
        (_EVERY, _every),
        (_ALTERNATE, lambda m: Frequency(1, 2, time_unit(m["a"] or m["b"]))),
        (_HOURLY, _hourly),
        (_LATIN_RE, _latin),
        (_ADVERB, _adverb),
    )
    for pattern, read in steps:
        for match in pattern.finditer(tokens.text):
            _claim(tokens, match, read)
    for match in _WEEKDAYS.finditer(tokens.text):
        days = re.findall(rf"(?i:{_WEEKDAY})", match.group())
        if len(days) > 1 or match.group().lower().startswith("on "):
            _claim(tokens, match, lambda m, n=len(days): Frequency(n, 1, "wk"))  # type: ignore[misc]
    for match in _MEAL.finditer(tokens.text):
        if tokens.free(*match.span()):
            tokens.claim(
                Token(
                    Kind.FREQUENCY,
                    *match.span(),
                    what="meal",
                    value=Frequency(1, 1, "d"),
                    silent=True,
                )
            )


def _claim(
    tokens: Tokens, match: re.Match[str], read: Callable[[re.Match[str]], Frequency | None]
) -> None:
    text, (start, end) = tokens.text, match.span()
    if not tokens.free(start, end):
        return
    ambiguous = match.re is _ADVERB and bool(match["ambiguous"])
    counted = match.re is _ADVERB and _COUNTED_DOSES.match(text, end)
    if counted and _NUMBER_BEFORE.search(text[max(0, start - 12) : start]):
        return  # "4 weekly doses" is read as a number of doses
    frequency = None if ambiguous else read(match)
    if frequency is None and not ambiguous:
        return
    what = "freq"
    if ambiguous:
        what = "freq_ambiguous"
    elif _REJECTED.search(text[max(0, start - 24) : start]):
        what = "freq_rejected"
    elif (
        match.re is _ADVERB
        and _NOT_FREQUENCY.match(text, end)
        and not (
            frequency is not None
            and frequency.unit != "d"
            and re.match(r"\sdoses?\b", text[end : end + 7])
        )
    ):
        what = "per_word"  # "daily dose of 40 mg": an amount per day
    elif match.re is _ADVERB and match.group().startswith(("a ", "per ", "each ")):
        what = "freq_loose"
    number = re.search(r"\d|once|twice|thrice|times|one|two|three|four", match.group(), re.I)
    tokens.claim(
        Token(Kind.FREQUENCY, start, end, what=what, value=frequency, silent=number is None)
    )


def _unit_of(word: str) -> str:
    word = word.lower()
    if word.startswith(("night", "morning", "evening", "24")):
        return "d"
    return time_unit(word)


def _interval(match: re.Match[str]) -> Frequency | None:
    high = match["high"]
    return Frequency(
        1, int(match["low"]), time_unit(match["unit"]), None, int(high) if high else None
    )


def _times(match: re.Match[str]) -> Frequency | None:
    unit = _unit_of(match["unit"])
    if match["word"]:
        n: int | None = _HOW_OFTEN[match["word"].lower()]
        more = match["word2"]
        top = _HOW_OFTEN.get(more.lower(), 3) if more else None
    else:
        n = _whole(value_of(match["low"] or match["doses"]))
        top = _whole(value_of(match["high"])) if match["high"] else None
    return None if n is None else Frequency(n, 1, unit, top)


def _times_a_week(match: re.Match[str]) -> Frequency | None:
    n = _whole(value_of(match["low"]))
    top = _whole(value_of(match["high"])) if match["high"] else None
    return None if n is None else Frequency(n, 1, "wk", top)


def _every(match: re.Match[str]) -> Frequency | None:
    unit = _unit_of(match["unit"])
    for name, period in (("other", 2), ("third", 3), ("fourth", 4)):
        if match[name]:
            return Frequency(1, period, unit)
    if not match["low"]:
        if match["unit"].lower() in {"h", "d", "w", "min", "mo"}:
            return None
        return Frequency(1, 1, unit)
    low = _whole(value_of(match["low"]))
    high = _whole(value_of(match["high"])) if match["high"] else None
    return None if low is None else Frequency(1, low, unit, None, high)


def _hourly(match: re.Match[str]) -> Frequency | None:
    low = _whole(value_of(match["low"]))
    high = _whole(value_of(match["high"])) if match["high"] else None
    unit = _unit_of(match["unit"] or match["unit2"])
    return None if low is None else Frequency(1, low, unit, None, high)


def _latin(match: re.Match[str]) -> Frequency | None:
    return _LATIN[match.lastindex - 1][1] if match.lastindex else None


def _adverb(match: re.Match[str]) -> Frequency | None:
    if match["f"]:
        return Frequency(1, 2, "wk")
    if match["s"]:
        return Frequency(2, 1, "wk")
    for name, unit in (("d", "d"), ("w", "wk"), ("m", "mo"), ("h", "h")):
        if match[name]:
            return Frequency(1, 1, unit)
    return None


# ------------------------------------------------- duration, infusion time, number of doses

_ABOUT = (
    r"(?:(?P<upto>up\sto|at\smost|max(?:imum)?(?:\sof)?|a\smaximum\sof|no\smore\sthan|≤|<)\s?"
    r"|(?P<atleast>at\sleast|a\sminimum\sof|minimum\sof|≥|>)\s?"
    r"|(?:about|approximately|approx\.|a\stotal\sof|another|a\sfurther|a\smedian\sof|a\speriod\sof|a|the\sfirst|the\snext"
    r"|the\sinitial|further|only|at)\s){0,2}"
)
_FOR = re.compile(
    rf"(?<![A-Za-z])(?i:(?:for|×|x|during|lasting)\s?(?:the\s)?{_ABOUT}(?:between\s)?{_B}\s?-?\s?(?:consecutive\s|more\s)?(?P<unit>{TIME}))"
)
_SHORTHAND = re.compile(r"(?i:\b(?:for|x|×)\s?(?P<low>\d{1,2})(?P<high>(?!))?/(?P<unit>7|52|12)\b)")
_COURSE = re.compile(
    rf"(?i:(?<![\w.]){_B}(?:-|\s)(?P<unit>{TIME})\s(?:course|treatment|regimen|pulse|therapy)s?\b)"
)
_OVER = re.compile(
    rf"(?i:\b(?:over|infused\sin|infusion\sof|run\sin\sover)\s(?!(?:the\s)?(?:past|last|previous)){_ABOUT}{_B}\s?-?\s?"
    r"(?P<unit>minutes?|mins?|hours?|hrs?|h|days?|d|weeks?|wks?)(?![A-Za-z/]))"
)
_INFUSION = re.compile(
    rf"(?i:(?<![\w.]){_B}\s?-?\s?(?P<unit>minutes?|mins?|hours?|hrs?|h|days?)[\s-](?:continuous\s|iv\s|intravenous\s)?infusions?\b)"
)
_NOUN = r"(?:doses|dose|infusions|infusion|cycles|cycle|injections|injection|administrations|applications|courses|treatments|pulses)"
_COUNT = re.compile(
    rf"(?i:(?<![A-Za-z\d.])(?:(?:for|x|×)\s?)?{_ABOUT}{_B}\s(?P<adverb>weekly\s|daily\s|monthly\s)?(?:further\s|additional\s|consecutive\s|planned\s|more\s|equal\s)?"
    rf"(?P<noun>{_NOUN})(?![A-Za-z]))"
)
_CROSS = re.compile(
    r"(?<![A-Za-z\d])[x×]\s?(?P<low>\d{1,2})(?:\s?-\s?(?P<high>\d{1,2}))?(?![\d.,/^]*\d|[A-Za-z/^]|\s?(?:upper|uln|normal|times))",
    re.I,
)
_SINGLE = re.compile(
    r"(?i:\b(?:as\sa\s|a\s)?(?:single[\s-](?:dose|infusion|injection|administration)|one-(?:off|time)(?:\sdose)?|single)\b"
    r"(?=\s\d)|\bone\sdose\b|\bonce(?:\sonly)?\b(?!\s(?:daily|weekly|the\b|a\s|per\s|every|stable|in\s|controlled|there|response))|\bstat\b)"
)
_DIVIDED = re.compile(
    rf"(?i:\b(?:in|into|as)\s(?P<low>{ANY_NUMBER})(?:\s?(?:-|to|or)\s?(?P<high>{ANY_NUMBER}))?\s(?:equally\s|equal\s|evenly\s)?"
    r"(?:(?:divided|split|separate)\s)?(?:daily\s)?(?:doses|portions|administrations)\b)"
)
_DIVIDED_LOOSE = re.compile(
    r"(?i:\b(?:in\s(?:equally\s)?(?:divided|split)\sdoses|divided|÷)(?![A-Za-z]))"
)


def find_durations(tokens: Tokens) -> None:
    """Claim durations, infusion and split times, divided doses and numbers of doses."""
    text = tokens.text
    for match in _DIVIDED.finditer(text):
        tokens.try_claim(Kind.COUNT, *match.span(), what="divided", value=bound_of(match))
    for match in _SHORTHAND.finditer(text):
        unit = {"7": "d", "52": "wk", "12": "mo"}[match["unit"]]
        value = value_of(match["low"])
        tokens.try_claim(
            Kind.DURATION, *match.span(), what="duration", value=Bound(value, value, unit)
        )
    for pattern, what in (
        (_OVER, "over"),
        (_INFUSION, "over"),
        (_FOR, "duration"),
        (_COURSE, "duration"),
    ):
        for match in pattern.finditer(text):
            unit = time_unit(match["unit"])
            if unit == "y" or _is_age(text, match.end()):
                continue
            bound = _bounded(match, bound_of(match, unit))
            named = "over" if unit == "min" else what
            tokens.try_claim(Kind.DURATION, *match.span(), what=named, value=bound)
    for match in _COUNT.finditer(text):
        _claim_count(tokens, match)
    for match in _CROSS.finditer(text):
        tokens.try_claim(Kind.COUNT, *match.span(), what="count", value=bound_of(match))
    for match in _SINGLE.finditer(text):
        one = Bound(Fraction(1), Fraction(1))
        tokens.try_claim(Kind.COUNT, *match.span(), what="count", value=one, silent=True)
    for match in _DIVIDED_LOOSE.finditer(text):
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
    rf"(?i:(?<![\w.,]){_B}\s?-?\s?(?P<unit>days?|d|weeks?|wks?|months?|hours?|hrs?|h)(?![A-Za-z/-]))"
)
_AMOUNT_NEXT = re.compile(r"\s?:?\s?\d[\d.,-]*\s?(?:mg|g|µg|mcg|ug|units?|mL|IU)\b")
_NOT_DURATION = re.compile(
    r"(?i:\s?-?(?:after|before|later|post|of\sage|apart|interval|old|prior|from|since|in|survival|of)\b)"
)


def find_bare_durations(tokens: Tokens) -> None:
    """``100 mg twice daily 7 days``: a time that follows a frequency or an amount directly."""
    text = tokens.text
    ends = {t.end for t in tokens.all if t.what in {"freq", "quantity", "route"}}
    for match in _BARE.finditer(text):
        start, end = match.span()
        gap = next((k for k in (1, 2) if start - k in ends), None)
        if gap is None or text[start - gap : start] not in {" ", ", "}:
            continue
        if (
            _NOT_DURATION.match(text, end)
            or unit_at(text, end + 1)
            or _AMOUNT_NEXT.match(text, end)
        ):
            continue
        unit = time_unit(match["unit"])
        tokens.try_claim(Kind.DURATION, start, end, what="duration", value=bound_of(match, unit))


# ---------------------------------------------------------------------------- route

_ROUTES: tuple[tuple[str, str], ...] = (
    (r"(?i:intravenous(?:ly)?)|IV|iv|I\.V\.?|i\.v\.?|(?i:ivi|ivpb)|Iv", "IV"),
    (r"(?i:by\smouth|per\sos|oral(?:ly)?)|PO|po|P\.O\.?|p\.o\.?|(?i:enteral(?:ly)?)", "PO"),
    (r"(?i:subcutaneous(?:ly)?|sub-?cut(?:an)?|subq)|SC|sc|SQ|sq|S\.C\.?|s\.c\.?|SubQ|s/c|S/C|SUBQ", "SC"),
    (r"(?i:intramuscular(?:ly)?)|IM|im|I\.M\.?|i\.m\.?", "IM"),
    (r"(?i:intrathecal(?:ly)?)|IT|I\.T\.?|i\.t\.?|i/t", "IT"),
    (r"(?i:inhaled|inhale|nebuli[sz]ed|by\sinhalation|via\snebuli[sz]er|inhalation)|INH|neb", "INH"),
)  # fmt: skip
_ROUTE = re.compile(
    r"(?<![A-Za-z\d-])(?:" + "|".join(f"({p})" for p, _ in _ROUTES) + r")(?![A-Za-z\d])"
)
_NOT_ROUTE = re.compile(
    r"(?i:\b(?:stage|grade|phase|factor|type|class|level|category|group|table|part|figure|not|never|non|avoid)\s(?:for\s)?)\Z"
)


def find_routes(tokens: Tokens) -> None:
    """Claim every route that stands free; "stage IV" and "never IV" are none."""
    for match in _ROUTE.finditer(tokens.text):
        if match.lastindex is None or not tokens.free(*match.span()):
            continue
        if _NOT_ROUTE.search(tokens.text[max(0, match.start() - 14) : match.start()]):
            continue
        tokens.claim(
            Token(
                Kind.NAME,
                *match.span(),
                what="route",
                value=_ROUTES[match.lastindex - 1][1],
                silent=True,
            )
        )
