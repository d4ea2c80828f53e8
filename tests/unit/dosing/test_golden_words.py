"""Every word by which the reader knows a unit, a form, a route, a time or a change of dose."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from assistant.dosing import parse
from corpus.model import sha256
from tests.characterisation import Line, characterised
from tests.unit.dosing.test_golden_records import read

UNITS = (
    *("kg", "g", "gram", "grams", "mg", "milligrams", "µg", "ug", "mcg", "micrograms", "ng", "pg"),
    *("nanograms", "mL", "ml", "L", "litres", "mol", "mmol", "umol", "µmol", "nmol", "mEq", "meq"),
    *("U", "units", "IU", "international units", "MU", "million units", "million IU", "MIU", "%"),
    *("mg/kg", "mg/m2", "mg/m²", "mg/kg/day", "mg/m2/dose", "µg/kg/min", "units/kg/h", "g/week"),
    *("mg/month", "mg/cycle", "mg per kg per day", "mg per square metre", "mg/kg/hour", "mg/24h"),
)
FORMS = ("tablet", "capsule", "puff", "drop", "spray", "patch", "sachet", "suppository", "ampoule")
ROUTES = (
    *("IV", "i.v.", "intravenous", "intravenously", "PO", "p.o.", "oral", "orally", "by mouth"),
    *("SC", "s.c.", "SQ", "subcutaneous", "subcutaneously", "IM", "intramuscular", "IT", "NG"),
    *("intrathecal", "intrathecally", "inhaled", "nebulised", "rectally", "topical", "IV/PO"),
    *("intranasally", "sublingual", "via nasogastric tube", "by IV infusion", "as a bolus"),
)
BEFORE_ROUTE = (
    *("stage", "grade", "phase", "factor", "type", "class", "level", "category", "group", "table"),
    *("part", "figure", "not", "never", "non", "avoid", "not for", "or", "by", "with"),
)
GLUED = ("to", "of", "is", "IV", "PO", "SC", "x", "dose", "max", "at", "mg", "day", "q", "to ", "B")
TIMES = (
    *("min", "minute", "minutes", "h", "hour", "hours", "hrs", "d", "day", "days", "wk", "week"),
    *("weeks", "month", "months", "year", "years", "cycles", "doses", "night", "morning", "noon"),
)
HOW_OFTEN = (
    *("daily", "once daily", "OD", "QD", "BID", "b.i.d.", "TID", "QID", "qod", "qhs", "nocte"),
    *("twice a day", "three times daily", "four times a day", "thrice weekly", "every other day"),
    *("on alternate days", "weekly", "fortnightly", "biweekly", "monthly", "yearly", "hourly"),
    *("once", "stat", "prn", "as needed", "q8h", "q12-24h", "q3w", "q.d.", "each morning"),
    *("in 2 divided doses", "divided q6h", "in divided doses", "split in three doses"),
    *("5 days a week", "on Mondays", "on days 1-3", "on day 1 and 8", "in weeks 1-2", "d1-d3"),
)
LENGTHS = (
    *("for {}", "x {}", "× {}", "during {}", "lasting {}", "for up to {}", "for at most {}"),
    *("for a maximum of {}", "for no more than {}", "for at least {}", "for a minimum of {}"),
    *("for about {}", "for a total of {}", "for another {}", "for the first {}", "for the next {}"),
    *("for a period of {}", "for only {}", "over {}", "infused in {}", "over the past {}"),
    *("over {} infusion", "a {} course", "{} of age", "for {} of age", "{}-old", "for {} old"),
    *("after {}", "before {}", "within {}", "every {}", "{} later", "daily {}", "from {} on"),
)
CHANGES = (
    *("reduce the dose by 25%", "increase the dose by 25%", "reduce the dose to 25%", "↓ 25%"),
    *("give 75% of the dose", "give half the dose", "double the dose", "a 25% reduction", "↑ 25%"),
    *("a quarter of the dose", "two thirds of the dose", "decrease etoposide by 20-30%"),
    *("the dose was 50% lower", "ferritin fell by 50%", "reduce etoposide dose 25%", "half dose"),
    *("25% dose reduction", "increase of 25% in the dose", "75% of the usual dose", "25% of doses"),
)
CONTINUED = (
    "",
    " at 10-50 mL/min, 50% below 10",
    ", by 50% below 10 and 75% below 5",
    "; 50% later",
)
ROLES = (
    *("up to", "maximum", "max", "max.", "not exceeding", "no more than", "at most", "at least"),
    *("minimum", "a total of", "cumulative dose of", "not", "instead of", "previously", "was on"),
    *("less than", "more than", "above", "below", "approximately", "about", "~"),
    *("<", ">", "≤", "≥"),
    *("avoid", "stop", "hold", "switch from", "increase to", "start at", "then", "or"),
    "followed by",
    *("lifetime maximum", "single dose of", "ceiling", "capped at", "loading dose", "maintenance"),
)  # fmt: skip


def texts() -> Iterator[tuple[str, str]]:
    for unit in UNITS:
        yield "unit", f"etoposide 5 {unit} daily"
        yield "unit", f"etoposide 5-10{unit} IV"
        yield "unit", f"anakinra (100 {unit}) or 2,000 {unit}"
    for form, plural in product(FORMS, ("", "s", "es")):
        yield "form", f"take two {form}{plural} of 5 mg of prednisolone daily"
        yield "form", f"prednisolone 2 {form}{plural}"
        yield "form", f"prednisolone 1-2 {form}{plural} (20 units) twice daily"
        yield "form", f"1 x 5 mg {form}{plural} and half a {form}{plural} daily"
    for route in ROUTES:
        yield "route", f"etoposide 5 mg {route} daily"
        yield "route", f"{route} etoposide 5 mg"
        for word in BEFORE_ROUTE if route in ("IV", "PO", "oral") else ():
            yield "route", f"etoposide 5 mg in {word} {route} disease"
    for glued, more in product(GLUED, ("50 mg", "1,000 mg", "2-3 mg")):
        yield "glued", f"etoposide {glued}{more} daily"
    for how, amount in product(HOW_OFTEN, ("5 mg", "5 mg/kg/day", "2 x 5 mg")):
        yield "often", f"etoposide {amount} {how}"
        yield "often", f"{how} etoposide {amount}"
        yield "often", f"etoposide {amount} {how} then weekly"
    for length, (low, unit) in product(LENGTHS, product(("1", "2-3", "six"), TIMES)):
        yield "length", f"etoposide 5 mg {length.format(f'{low} {unit}')}"
    for change, rest in product(CHANGES, CONTINUED):
        yield "change", f"{change}{rest}"
        yield "change", f"Etoposide: {change}{rest}, and anakinra 5 mg"
    for role, amount in product(ROLES, ("10 mg", "2-3 g/m2", "10 mg/day")):
        yield "role", f"etoposide {role} {amount}"
        yield "role", f"etoposide 5 mg/kg/day, {role} {amount} daily"
        yield "role", f"{role} {amount} of etoposide and 3 mg of anakinra"


def words() -> Iterator[Line]:
    """The flags of each text, and a word for all that is read of it."""
    for group, text in texts():
        yield group, text, (f"'{sha256(chr(10).join(read(text)))[:12]}'", *parse(text).flags)


def test_every_word_of_the_reader_is_read_as_approved() -> None:
    approved, now = characterised("reader_words", words())

    assert now == approved
