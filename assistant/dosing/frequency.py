"""How often a dose is given: "twice weekly", "q12h", "every other day", "BID"."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from assistant.dosing.model import Frequency, Kind
from assistant.dosing.numerals import ANY_NUMBER, value_of
from assistant.dosing.times import time_unit
from assistant.dosing.tokens import Token, Tokens, any_case
from assistant.dosing.windows import look_back


def _whole(value: Fraction | None) -> int | None:
    return int(value) if value is not None and value.denominator == 1 else None


_HOW_OFTEN = {"once": 1, "twice": 2, "thrice": 3}
_LATIN: tuple[tuple[str, Frequency], ...] = (
    (r"(?i:b\.?i\.?d)\b\.?|(?i:b\.?d)\b\.?(?!\.)", Frequency(2, 1, "d")),
    (r"(?i:t\.?i\.?d)\b\.?|(?i:t\.?d\.?s)\b\.?", Frequency(3, 1, "d")),
    (r"(?i:q\.?i\.?d)\b\.?|(?i:q\.?d\.?s)\b\.?", Frequency(4, 1, "d")),
    (r"(?i:q\.?o\.?d|e\.?o\.?d)\b\.?", Frequency(1, 2, "d")),
    (
        r"(?i:q\s?(?:hs|am|pm|d|day|daily|24|od))\b\.?|q\.d\.|(?:O\.?D|od"
        r"|o\.d)\b\.?", Frequency(1, 1, "d")),
    (r"(?i:q\s?(?:w|wk|week|weekly))\b", Frequency(1, 1, "wk")),
    (r"(?i:q\s?(?:h|hr|hour))\b", Frequency(1, 1, "h")),
    (r"(?i:q\s?(?:mo|month|monthly))\b", Frequency(1, 1, "mo")),
    (r"(?i:biw)\b", Frequency(2, 1, "wk")),
    (r"(?i:tiw)\b", Frequency(3, 1, "wk")),
    (r"(?i:nocte|mane|hs)\b|(?:(?<=g )|(?<=units ))ON(?=\s?(?:[,.;)\n]|\Z))", Frequency(1, 1, "d")),
)  # fmt: skip
_LATIN_RE = re.compile(r"(?<![A-Za-z0-9./-])(?:" + "|".join(f"({p})" for p, _ in _LATIN) + ")")
_Q = re.compile(
    r"(?<![A-Za-z])[qQ]\.?\s?(?P<low>\d{1,3})(?:\s?(?:-|to)\s?(?P<high>\d{1,3}))?\s?-?\s?"
    r"(?P<unit>(?i:hours?|hourly|hrs?|h|days?|d|weeks?|weekly|wks?|w|months?|mo|minutes?"
    r"|min))(?![A-Za-z])"
)
_Q_HOURS = re.compile(r"(?<![A-Za-z])[qQ](?P<low>4|6|8|12|24|48)(?![\w.,-]*\w)")
_CROSS = re.compile(r"(?i:(?<![\w.])[x×]\s?(?P<low>\d)\s?/\s?(?P<unit>week|wk|day|d)\b)")
_PERIODS = (
    r"(?:days?|daily|d|weeks?|weekly|wks?|months?|monthly|hours?|hourly|nights?|nightly"
    r"|mornings?|evenings?|(?<!every\s)24\s?h(?:ours|r)?)"
    r"(?![A-Za-z])"
)
_TIMES = re.compile(
    rf"""(?<![A-Za-z\d.])(?i:(?=[\d.aefhnoqst])
      (?:(?P<word>once|twice|thrice)(?:\s?(?:or|to|-)\s?(?P<word2>twice|thrice|three\stimes))?
        |(?P<low>{ANY_NUMBER})(?:\s?(?:-|to|or)\s?(?P<high>{ANY_NUMBER}))?\s?(?:times|time|x|×)
        |(?P<doses>{ANY_NUMBER})\sdoses(?=\s?(?:a|per|each|every|/)))
      (?P<link>\s(?:an?|per|each|every|in)\s|\s?/\s?|\s?-\s?|\s|(?<=[x×]))
      (?P<unit>{_PERIODS}))""",
    re.VERBOSE,
)
_TWICE_ON = re.compile(r"(?i:\b(?P<word>twice|thrice)(?=\son\s(?:the\sfirst\s)?day\b))")
_DAYS_A_WEEK = re.compile(
    rf"(?i:\b(?=[\d.aefhnoqst])(?P<low>{ANY_NUMBER})(?:\s?(?:-|to|or)\s?(?P<high>{ANY_NUMBER}))?\s(?:consecutive\s"
    rf"|alternate\s)?"
    r"(?:days|times)\s?(?:\s(?:a|per|each|of\sthe|every)\s|/\s?)week\b)"
)
_EVERY = re.compile(
    rf"""(?<![A-Za-z])(?i:(?=[ego])(?:once\s|given\s)?every\s?
      (?:(?P<other>other|second|2nd|alternate)\s|(?P<third>third|3rd)\s|(?P<fourth>fourth|4th)\s
        |(?P<low>{ANY_NUMBER})(?:\s?(?:-|to|or)\s?(?P<high>{ANY_NUMBER}))?\s?-?\s?)?
      (?P<unit>hours?|hourly|hrs?|h|days?|d|weeks?|weekly|wks?|w|months?|monthly|mo|nights?
        |mornings?|evenings?|minutes?|min)
      (?![A-Za-z]))""",
    re.VERBOSE,
)
_ALTERNATE = re.compile(
    r"(?i:\b(?:on\s)?(?:alternat(?:e|ing)[\s-](?P<a>days?|weeks?)|(?:each"
    r"|once\severy)\sother\s(?P<b>day|week)))\b"
)
_HOURLY = re.compile(
    rf"(?i:(?<![\w.])(?P<low>{ANY_NUMBER})(?:\s?(?:-"
    rf"|to)\s?(?P<high>{ANY_NUMBER}))?(?:-(?P<unit>hourly|weekly|monthly|daily)"
    rf"|\shourly|\s?-?hrly)\b)"
)
_BOTH = re.compile(
    r"(?i:\b(?:(?:every|each|in\sthe)\s)?morning(?:s)?\sand\s(?:(?:every|each|at"
    r"|in\sthe)\s)?(?:evening|night|bedtime)s?\b)"
)
_ADVERB = re.compile(
    r"(?<![A-Za-z-])(?i:(?=[abdefhmnopsw])(?:(?P<d>(?:once-?)?daily|nightly|each\sday|every\sday|a\sday|per\sday"
    r"|at\snight|at\sbedtime)"
    r"|(?P<w>(?:once-?)?weekly|each\sweek|per\sweek|a\sweek)|(?P<m>monthly|each\smonth|per\smonth)"
    r"|(?P<f>fortnightly|every\sfortnight)|(?P<h>hourly)|(?P<s>semi-?weekly)"
    r"|(?P<ambiguous>bi-?weekly|bi-?monthly)))(?![A-Za-z])"
)
_MEAL = re.compile(
    r"(?i:\b(?:(?:with|after|before|at)\s(?:breakfast|lunch|dinner|supper)"
    r"|in\sthe\s(?:morning|evening|afternoon)|(?:every|each)\s(?:morning|evening|night))\b)"
)
_WEEKDAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?"
_WEEKDAYS = re.compile(
    rf"(?i:\b(?P<on>on\s)?{_WEEKDAY}(?:\s?(?:,\s?and|,|and|/|&|or|\s)\s?{_WEEKDAY}){{0,6}}\b)"
)
_WEEKDAY_RE = re.compile(rf"(?i:{_WEEKDAY})")
_DAY_STEMS = "mon tue tues wed wednes thu thur thurs fri sat satur sun"
_DAY_NAMES = any_case(" ".join(f"{s} {s}day {s}days" for s in _DAY_STEMS.split()))
_REJECTED = re.compile(
    r"(?i:\b(?:instead\sof|rather\sthan|not|and\snot|in\splace\sof|never)\s(?:[a-z]+\s)?)\Z"
)
_NOT_FREQUENCY = re.compile(
    r"(?i:\s(?:dose|dosage|dosing\s(?:of|is|was)|total|maximum|max|amount|intake|totals?"
    r"|requirement)s?\b)"
)
_OF_A_CHECK = re.compile(r"(?i:\s(?:blood|counts?|levels?|monitoring)\b)")


_SAYS_HOW_OFTEN = re.compile(r"\d|once|twice|thrice|times|one|two|three|four", re.IGNORECASE)
_COUNTED_DOSES = re.compile(r"\s(?:doses|infusions|injections|cycles|pulses|courses)\b")
_NUMBER_BEFORE = re.compile(rf"{ANY_NUMBER}\s\Z")
_DOSES = re.compile(r"\sdoses?\b")
_LOOSE = ("a ", "per ", "each ")
_NUMBER_REACH = 12  # characters before an adverb in which a number of doses is looked for
_REJECTED_REACH = 24  # and before a frequency, in which "instead of" is
_MEAL_STEMS = ("breakfast", "lunch", "dinner", "supper", "ning", "noon", "night")
_DAILY = Frequency(1, 1, "d")
_SYMBOLS = frozenset({"h", "d", "w", "min", "mo"})


def find_frequencies(tokens: Tokens) -> None:
    """Claim every frequency; ``biweekly`` has none and is marked ambiguous."""
    for pattern, stems, read in _STEPS:
        for match in tokens.matches(pattern, stems):
            _claim(tokens, match, read)
    if tokens.holds(_LATIN_WORDS):
        for match in _LATIN_RE.finditer(tokens.text):
            _claim(tokens, match, _latin)
    for match in tokens.matches(_ADVERB, _ADVERB_STEMS):
        _claim(tokens, match, _adverb)
    if tokens.holds(_DAY_NAMES):
        for match in _WEEKDAYS.finditer(tokens.text):
            _claim(tokens, match, _weekdays)
    for match in tokens.matches(_MEAL, _MEAL_STEMS):
        tokens.try_claim(Kind.FREQUENCY, *match.span(), what="meal", value=_DAILY, silent=True)


def _claim(
    tokens: Tokens, match: re.Match[str], read: Callable[[re.Match[str]], Frequency | None]
) -> None:
    text, (start, end) = tokens.text, match.span()
    if not tokens.free(start, end):
        return
    adverb = match.re is _ADVERB
    if (
        adverb
        and _COUNTED_DOSES.match(text, end)
        and look_back(_NUMBER_BEFORE, text, start, _NUMBER_REACH)
    ):
        return  # "4 weekly doses" is read as a number of doses
    ambiguous = adverb and match["ambiguous"] is not None
    frequency = read(match)
    if frequency is None and not ambiguous:
        return
    what = "freq"
    if ambiguous:
        what = "freq_ambiguous"
    elif look_back(_REJECTED, text, start, _REJECTED_REACH) or _OF_A_CHECK.match(text, end):
        what = ""  # "not daily", "monthly blood counts": no rhythm of a drug
    elif adverb and _NOT_FREQUENCY.match(text, end) and (match["d"] or not _DOSES.match(text, end)):
        what = "per_word"  # "daily dose of 40 mg": an amount per day
    elif adverb and match.group().startswith(_LOOSE):
        what = "freq_loose"
    number = _SAYS_HOW_OFTEN.search(match.group())
    tokens.claim(
        Token(Kind.FREQUENCY, start, end, what=what, value=frequency, silent=number is None)
    )


def _high(match: re.Match[str]) -> int | None:
    return _whole(value_of(match["high"])) if match["high"] else None


def _unit_of(word: str) -> str:
    word = word.lower()
    if word.startswith(("night", "morning", "evening", "24")):
        return "d"
    return time_unit(word)


def _interval(match: re.Match[str]) -> Frequency | None:
    high = int(match["high"]) if match["high"] else None
    return Frequency(1, int(match["low"]), time_unit(match["unit"]), period_max=high)


def _times(match: re.Match[str]) -> Frequency | None:
    unit = _unit_of(match["unit"])
    if match["word"]:
        n: int | None = _HOW_OFTEN[match["word"].lower()]
        more = match["word2"]
        top = _HOW_OFTEN.get(more.lower(), 3) if more else None
    else:
        n = _whole(value_of(match["low"] or match["doses"]))
        top = _high(match)
    return None if n is None else Frequency(n, 1, unit, top)


def _times_a_week(match: re.Match[str]) -> Frequency | None:
    n = _whole(value_of(match["low"]))
    return None if n is None else Frequency(n, 1, "wk", _high(match))


def _every(match: re.Match[str]) -> Frequency | None:
    unit = _unit_of(match["unit"])
    for name, period in (("other", 2), ("third", 3), ("fourth", 4)):
        if match[name]:
            return Frequency(1, period, unit)
    if not match["low"]:
        if match["unit"].lower() in _SYMBOLS:
            return None
        return Frequency(1, 1, unit)
    low = _whole(value_of(match["low"]))
    return None if low is None else Frequency(1, low, unit, period_max=_high(match))


def _hourly(match: re.Match[str]) -> Frequency | None:
    low = _whole(value_of(match["low"]))
    unit = _unit_of(match["unit"] or "hourly")
    return None if low is None else Frequency(1, low, unit, period_max=_high(match))


def _weekdays(match: re.Match[str]) -> Frequency | None:
    days = len(_WEEKDAY_RE.findall(match.group()))
    if days == 1 and not match["on"]:
        return None  # "Monday" alone may be the day on which something was said
    return Frequency(days, 1, "wk")


_BY_GROUP: dict[int | None, Frequency] = {i: f for i, (_, f) in enumerate(_LATIN, start=1)}


def _latin(match: re.Match[str]) -> Frequency | None:
    return _BY_GROUP[match.lastindex]


_ADVERBS: dict[str | None, Frequency | None] = {
    "d": _DAILY,
    "w": Frequency(1, 1, "wk"),
    "m": Frequency(1, 1, "mo"),
    "f": Frequency(1, 2, "wk"),
    "h": Frequency(1, 1, "h"),
    "s": Frequency(2, 1, "wk"),
    "ambiguous": None,
}


def _adverb(match: re.Match[str]) -> Frequency | None:
    return _ADVERBS[match.lastgroup]


# Each pattern, the strings without one of which it can't match, and what it reads.
_Read = Callable[[re.Match[str]], Frequency | None]
_STEPS: tuple[tuple[re.Pattern[str], tuple[str, ...], _Read], ...] = (
    (_Q, ("q",), _interval),
    (_Q_HOURS, ("q",), lambda m: Frequency(1, int(m["low"]), "h")),
    (_DAYS_A_WEEK, ("week",), _times_a_week),
    (_TIMES, ("once", "twice", "thrice", "time", "x", "×", "doses"), _times),
    (_CROSS, ("x", "×"), lambda m: Frequency(int(m["low"]), 1, time_unit(m["unit"]))),
    (_TWICE_ON, ("twice", "thrice"), lambda m: Frequency(_HOW_OFTEN[m["word"].lower()], 1, "d")),
    (_BOTH, ("morning",), lambda m: Frequency(2, 1, "d")),
    (_EVERY, ("every",), _every),
    (
        _ALTERNATE,
        ("alternat", "each other", "every other"),
        lambda m: Frequency(1, 2, time_unit(m["a"] or m["b"])),
    ),
    (_HOURLY, ("hourly", "hrly", "weekly", "monthly", "daily"), _hourly),
)
_ADVERB_STEMS = ("daily", "night", " day", "week", "month", "hourly", "bedtime")
_LATIN_WORDS = any_case(
    "b bid bd t tid tds q qid qds qod e eod qhs qam qpm qd qday qdaily qod qw qwk qweek qweekly"
    " qh qhr qhour qmo qmonth qmonthly o od biw tiw nocte mane hs"
)
