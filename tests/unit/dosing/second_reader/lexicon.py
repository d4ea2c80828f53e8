"""The words that the second reader knows, each with its terminal and its canonical value.

Units are matched as written, all other words in any case. Sources: sections 3 to 5 of the
dosing specification.
"""

from __future__ import annotations

from collections.abc import Mapping

Entry = tuple[str, str]  # terminal, canonical value


def _all(terminal: str, **values: str) -> dict[str, Entry]:
    return {
        word.strip(): (terminal, value)
        for value, words in values.items()
        for word in words.split("|")
    }


def _same(terminal: str, words: str) -> dict[str, Entry]:
    return {word: (terminal, word) for word in words.split("|")}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _units() -> dict[str, Entry]:
    names = {
        "g": "g|gm|gms|gram|grams|gramme|grammes",
        "mg": "mg|mgs|milligram|milligrams|milligramme|milligrammes|mg.",
        "ug": "ug|mcg|mcgs|microgram|micrograms|microgramme|microgrammes|micro g",
        "ng": "ng|nanogram|nanograms",
        "U": "U|unit|units|Units|Unit",
        "[IU]": "IU|iu|I.U.|international unit|international units|International Units",
        "M[U]": "MU|million units|Million units|million U|mega units|megaunits",
        "M[IU]": "MIU|million IU|million international units",
        "mmol": "mmol|mmols|millimole|millimoles",
        "meq": "mEq|meq|mEqs",
        "mL": "mL|ml|millilitre|millilitres|milliliter|milliliters",
        "{tablet}": "tablet|tablets|tab|tabs",
        "{capsule}": "capsule|capsules|caps",
        "{puff}": "puff|puffs",
    }
    names["?"] = "rng"  # what becomes of "mg" in a scan
    return {word: ("UNIT", unit) for unit, words in names.items() for word in words.split("|")}


UNITS: Mapping[str, Entry] = _units()
# In a line of capitals only; "G" alone would be a gauss or a gene elsewhere.
CAPITAL_UNITS: Mapping[str, Entry] = {
    "MG": ("UNIT", "mg"),
    "G": ("UNIT", "g"),
    "GM": ("UNIT", "g"),
    "MCG": ("UNIT", "ug"),
    "UNITS": ("UNIT", "U"),
    "ML": ("UNIT", "mL"),
    "KG": ("BASIS", "kg"),
    "M2": ("BASIS", "m2"),
}
VOLUMES: Mapping[str, Entry] = _same("VOLUME", "L|l|mL|ml|dL|dl|uL|ul|mm3|mm^3|litre|liter|cL")
BASES: Mapping[str, Entry] = {
    "kg": ("BASIS", "kg"),
    "kilogram": ("BASIS", "kg"),
    "kilograms": ("BASIS", "kg"),
    "m2": ("BASIS", "m2"),
    "m^2": ("BASIS", "m2"),
    "m 2": ("BASIS", "m2"),
    "sqm": ("BASIS", "m2"),
    "sq m": ("BASIS", "m2"),
    "square metre": ("BASIS", "m2"),
    "square meter": ("BASIS", "m2"),
}

WORDS: Mapping[str, Entry] = {
    **_all(
        "TIME",
        h="h|hr|hrs|hour|hours",
        d="d|day|days|night|nights",
        wk="wk|wks|week|weeks|w",
        min="min|mins|minute|minutes",
        mo="mo|month|months|mos",
        y="year|years|yr|yrs",
    ),
    **_all("PER_WHAT", dose="dose", cycle="cycle", course="course"),
    **_all(
        "ADVERB",
        **{
            "1/1/d": "daily|nightly|nocte|mane",
            "1/1/wk": "weekly",
            "1/1/mo": "monthly",
            "1/1/h": "hourly",
        },
    ),
    **_all(
        "LATIN",
        **{
            "1/1/d": "od|o.d.|qd|q.d.|q day|every morning|every night"
            "|at night|at bedtime|qhs|qam|qpm|each morning|in the morning|in the evening"
            "|each night|every evening",
            "2/1/d": "bid|b.i.d.|bd|b.d.|bds|morning and evening|morning and night",
            "3/1/d": "tid|t.i.d.|tds|t.d.s.",
            "4/1/d": "qid|q.i.d.|qds|q.d.s.",
            "1/2/d": "qod|q.o.d.|eod|alternate days|on alternate days|alternate-day|alternate day"
            "|alternate daily",
            "1/2/wk": "fortnightly|every fortnight|alternate weeks",
        },
    ),
    **_all("ONCE", **{"1": "once", "2": "twice", "3": "thrice"}),
    **_all("SINGLE", **{"1": "single|stat"}),
    **_all("OTHER", **{"2": "other|second|alternate", "3": "third"}),
    **_all(
        "SHARE",
        **{
            "75": "three quarters of the dose",
            "50": "halve|halved|half the dose|half dose|half of the dose|half the usual dose",
            "200": "double the dose|doubled dose|double dose",
        },
    ),
    **_all(
        "ROUTE",
        IV="iv|i.v.|intravenous|intravenously|civi|ivi",
        PO="po|p.o.|oral|orally|by mouth|per os|enteral|enterally",
        SC="sc|s.c.|sq|subcut|subcutaneous|subcutaneously|s/c",
        IM="im|i.m.|intramuscular|intramuscularly",
        INH="inhaled|nebulised|nebulized|by inhalation",
        IT="intrathecal|intrathecally|i.t.",
    ),
    **_same(
        "LIMIT",
        "max|max.|maximum|maximum of|maximum dose|maximum single dose|max. single dose|"
        "not exceeding|highest|limit|limited to|"
        "not to exceed|not more than|no more than|at most|capped at|cap|cap at|below|less than|"
        "under|at least|no less than|not less than|minimum|minimum of|above|exceeds|exceed|over a|"
        "a maximum of|to a maximum of|more than|do not exceed|not exceed|maximum dose of|"
        "<|>|≤|≥|<=|>=",
    ),
    **_same("UPTO", "up to"),
    **_same("WORD", "add up to|adds up to"),  # a sum, no limit
    **_same("TO", "to"),
    **_same("AND", "and|&"),
    **_same("OR", "or"),
    **_same("OF", "of"),
    **_same("THE", "the"),
    **_same("PER", "per"),
    **_same("A", "a|an"),
    **_same("EACH", "each"),
    **_same("BETWEEN", "between"),
    **_same("EVERY", "every"),
    **_same("FOR", "for"),
    **_same("OVER", "over|divided over|split over|spread over|split over a median of"),
    **_same("IN", "in|into"),
    **_same("DIVIDED", "divided|separate|equal"),
    **_same("DOSES", "doses|infusions|cycles|injections|administrations"),
    **_same("AUC", "auc"),
    **_same("PRN", "prn|as needed|p.r.n."),
    **_same("TIMES", "times"),
    **_all(
        "NUM",
        **{
            "1": "one",
            "2": "two",
            "3": "three",
            "4": "four",
            "5": "five",
            "6": "six",
            "7": "seven",
            "8": "eight",
            "9": "nine",
            "10": "ten",
            "12": "twelve",
        },
    ),
    **_same("FILLER", "about|approximately|approx|approx.|roughly|around|ca.|some|only|initially"),
    **_same("FROM", "from"),
    **_same("ONWARD", "onward|onwards"),
    **_same("STRENGTH", "vial|vials|ampoule|ampoules|syringe|strength|supplied|prefilled"),
    **_same("BODYWEIGHT", "body weight|bodyweight|bw|b.w."),
}
SIGNS: Mapping[str, str] = {
    "/": "SLASH",
    "-": "DASH",
    "~": "DASH",
    ",": "COMMA",
    "(": "OPEN",
    ")": "CLOSE",
    "%": "PERCENT",
    "=": "EQUALS",
    "·": "DOT",
    "→": "ARROW",
    "➔": "ARROW",
    "×": "TIMES_SIGN",
    ";": "STOP",
    "¶": "STOP",
    "|": "BAR",
}
# What a laboratory or a scale measures; an amount of it is not an amount given.
MEASURED = _words(
    "proteinuria excretion albuminuria alcohol level levels trough troughs concentration weighs "
    "weight weighing lost gained clearance half-life output haemoglobin hemoglobin"
)
LINKS = _words("of is was were rose fell to from at by about a ( : > < ≥ ≤ above below")
# Limit words that bound an amount from below; all others bound it from above.
AT_LEAST = frozenset(
    {"at least", "no less than", "not less than", "minimum", "minimum of", "above", "exceeds"}
    | {"over a", "more than", ">", "≥", ">="}
)
CUE_STOPS = _words("but except whereas with then and")
# The number after one of these is a label.
NUMBERED = _words(
    "dose grade stage phase table figure type step level line criterion class section"
)
# "Daily" before one of these says what kind of total it is, not how often something is given.
ADJECTIVE_OF = _words("total totals maximum limit dose doses amount blood monitoring levels counts")
# What follows is no longer about the amount before, unless it holds an amount of its own.
TURNS = _words(
    "then thereafter followed instead rather if unless until when while because whereas "
    "monitoring monitored checked review reviewed observe observed seen reassess symptoms counts"
)
PHASES = frozenset({"then", "thereafter"})
# Between "reduce" and "by 25%" these mean an outcome, not a dose.
OUTCOMES = _words(
    "mortality survival risk clearance exposure rate rates incidence levels level relapse"
)
REDUCE = _words("reduce reduces reduced reducing decrease decreased lower lowered cut")
# "From 5 to 10 mg" after one of these is two amounts, the old and the new.
CHANGE = REDUCE | _words("increase increased raise raised titrate taper change switch")
