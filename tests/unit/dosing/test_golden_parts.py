"""What the parts of the reader make of a text, apart from any dose: spellings, numbers and keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import product
from typing import Any

import pytest

from assistant.dosing import Bound, Dose, Frequency, NotPrintable, parse, render
from assistant.dosing.frequency import find_frequencies
from assistant.dosing.groups import groups_in
from assistant.dosing.keys import frequency_key, key_of
from assistant.dosing.model import DoseRole, Kind, TextTooLong
from assistant.dosing.normalise import normalise
from assistant.dosing.numerals import numeral_at, spaced_thousands_at, value_of
from assistant.dosing.route import routes_in
from assistant.dosing.schedule import canonical_days, day_set
from assistant.dosing.tokens import Tokens
from assistant.dosing.unit_phrase import unit_from
from assistant.dosing.units import per_at, unit_at
from tests.characterisation import Line, characterised

SPELLED = (
    *("5 mg", "5  mg", " 5 mg ", "5\tmg\n\n6 mg", "5 mg\n• 6 mg", "5 mg\nand 6", "5 mg\n1. six"),
    *("5 mg\n\x0b 6", "eto-\nposide", "Eto-\nPoside", "5-\n6", "a-\n  b", "a-\n", "-\nb", "x-\n5"),
    *("10⁹/L", "10<sup>9</sup>", "10^{-9}", "mg/m²", "mg/m³", "mg kg⁻¹ d⁻²", "mg/m²⁴", "mg/m²⁻¹"),
    *("drug⁴,⁵", "drug<sup>4,5</sup> x", "drug<sup>a</sup>", "s⁻¹", "s⁻³", "dose⁻¹", "5 m⁴", "x⁺"),
    *("½", "1½", "2 ¾ x", "⅛⅜", "a½", "<sup>½</sup>", "[[c:3]]", "a[[c:3,4]]b", "&lt;5 &ge; 6"),
    *("&nbsp;5&#181;g&#xb5;", "&frac12;", "&#0;", "&sup2;", "5 <= 6 >= 7", "5 -> 6 => 7", "< = 5"),
    *("a<br>b<BR/>c<p>d</p>e", "a<li>b<td>c<TH>d<tr>e<div>f", "<b>a</b><span x>b</span>", "<ul>a"),
    *("\\leq 5 \\geq 6", "5\\%6\\,7\\;8", "$\\mathrm{mg}$ $5", "\\text{mg} {a} \\mu g", "a\\to b"),
    *("a*b", "5*6", "5 * 6", "a * b", "5* 6", "**a**", "__a__", "_a_", "a_b", "5_6", "a_ b", "_"),
    *("5·6", "a·b", "5·b", "5•6", "mg·kg", "５ｍｇ", "㎎ ㎏ ㎡", "5\u200b6", "−5–6—7", "5′", "“5”"),
    *("٣", "5 ²", "\u00a05\u2009mg", "μg", "~5 ≈ 6", "{5}", "\\x{5}", "5 ≦ 6", "x×y✕z", "a\u2028b"),
    "\\" + "x" * 39 + "{5}",
    "\\" + "x" * 38 + "{5}",
)
NUMBERS = (
    *("5", "5.0", ".5", "0.50", "1,000", "1,000.5", "0,500", "2,5", "1.234", "1.2.3", "1'000"),
    *("00", "05", "0", "1,00", "12,345,678", "123456789012345678", "1234567890123456789", "1.2'3x"),
    *("one", "One", "half", "half a", "one and a half", "quarter of a", "a quarter of an", "seven"),
    *("x", "", "1.5.2,7", "12.500", "1000.500", "10.500", "twenty", "hundred", "ones", ".5.5"),
)
BEFORE_SPACED = (
    *("", "day ", "of ", " of ", " to ", "x", "ab ", "abc ", "vitamin d ", "Vitamin D ", "d ", ","),
    *("/", "×", "-", "level-", "group ", "aged ", "5 ", " OF ", "subgroup ", "a-", "level "),
)
UNIT_TEXTS = (
    *("mg/kg/day", "mg per kg per d", "mg kg-1 day-1", "mg/kg/kg", "mg/(kg day)", "mg/m2/24 h"),
    *("mg TMP/kg", "mg g/kg", "mg/5 mL", "mg/kg/5 mL", "mL/min/1.73 m2", "mmol/L", "mg/L/kg"),
    *("mg,3", "mg,3 g", "mg.4 X", "mg.4", "mg/10 mg", "mg/half a tablet", "mg per os", "mg per x"),
    *("mg^2", "mg/x", "mg kg", "mg'3", "U", "u/h", "IE", "MU", "IU", "iu", "UI", "MIU", "µg", "µL"),
    *(
        "mg-1",
        "g-CSF",
        "L-asp",
        "µ",
        "5",
        "mg a day",
        "mg a day later",
        "mg each week",
        "tab",
        "kg.",
    ),
    *("mg h-1 hr-1", "mg min-1", "mg wk-1 week-1", "mg dose-1 d-1", "mg m-2 hour-1", "mg·m-2"),
    *("mg/kg body weight/day", "mg/m2 BSA", "mg/kg/dose/day", "mg/kg/day/week", "mg/cycle) x"),
)
KEYED = (
    *("5", "1234", "12345", "5 years", "58-year-old", "once", "Twice a day", "thrice", "five days"),
    *("≥ 5 months", "aged 5", "of about 5", "5 vs 6", "5 versus 6", "5 compared to 6", "5 or more"),
    *(
        "5 or less",
        "5 to 6",
        "5 and 6",
        "5--6",
        "(5)",
        "⟦4⟧",
        "5.0",
        "05",
        "1,000",
        "1.2.3",
        "HLH-94",
    ),
    *(
        "5 per cent",
        "5 percent",
        "5 m^2",
        "5 microlitres",
        "5 per ml",
        "5 mcg",
        "5 milligrams",
        "ml",
    ),
    *(
        "5 y",
        "5 yo",
        "5 hrs",
        "5 mins",
        "5 wks",
        "5 mths",
        "5 of age",
        "against 5",
        "or older",
        "½",
    ),
)
DAYS = (
    *("1", "1-5", "1 to 5", "1 through 5, 8", "1 and 8", "1 or 8", "1&2+3/4", "1→5", "1,,2", ",1,"),
    *(
        "1, D8 and day 15",
        "-6--2",
        "-6 to -2",
        "1-2-3",
        "1234",
        "",
        "1 until 3",
        "1 thru 3",
        "1 x 3",
    ),
)
SETS = ("1", "1-3", "3-1", "1,3", "19-", "x", "0-1000", "0-1001", "1-1002", "-2-2", "-3--1", "5-5")


def spelled() -> Iterator[Line]:
    for raw in SPELLED:
        normal = normalise(raw)
        spans = " ".join(f"{a}-{b}" for a, b in zip(normal.starts, normal.ends, strict=True))
        yield "spelled", repr(raw), (repr(normal.text), f"'{spans}'")


def numbers() -> Iterator[Line]:
    for text in NUMBERS:
        for before in ("", "a", "5 "):
            found = numeral_at(before + text, len(before))
            yield "number", repr(before + text), (repr(found), repr(value_of(f" {text} ")))
    for before, joined in product(BEFORE_SPACED, (False, True)):
        found = spaced_thousands_at(f"{before}1 500 mg", len(before), joined=joined)
        yield "spaced", repr(before), (repr(found),)


def units() -> Iterator[Line]:
    for text in UNIT_TEXTS:
        for end in ("", " ", ". Next", " 5"):
            found = unit_from(text + end, 0), unit_at(text + end, 0), per_at(text + end, 0)
            yield "unit", repr(text + end), tuple(map(repr, found))


def keys() -> Iterator[Line]:
    for text, kind in product(KEYED, (Kind.LAB, Kind.AGE, Kind.NAME, Kind.CITATION)):
        yield f"key of {kind}", repr(text), (repr(key_of(text, kind)),)
    for n_max, period_max in product((None, 3), (None, 5)):
        often = Frequency(2, 4, "h", n_max, period_max)
        yield "how often", repr(often), (repr(frequency_key(often)),)
    for text in DAYS:
        yield "days", repr(text), (repr(canonical_days(text)),)
    for text in SETS:
        found = day_set(text)
        said = found if isinstance(found, str) else f"{len(found)}: {sorted(found)[:4]}"
        yield "set of days", repr(text), (repr(said),)


def odd_doses() -> Iterator[Dose]:
    """One dose, and others each with one or two of its fields changed."""
    base = parse("etoposide 5 mg daily").doses[0]
    half, three = Fraction(1, 2), Fraction(3)
    bounds = (
        *(Bound(low, high, u) for low, high in ((three, three), (half, three)) for u in ("d", "y")),
        *(Bound(None, three, "d"), Bound(three, None, "d"), Bound(None, None, "d")),
        *(Bound(Fraction(1), Fraction(1), "d"), Bound(Fraction(1, 3), three, "h")),
    )
    yield base
    for role, cmp, name in product(DoseRole, ("=", "<", "<=", ">", ">="), (None, "etoposide")):
        for cumulative in (False, True):
            yield replace(
                base, role=role, cmp=cmp, drug_name=name, drug=name, cumulative=cumulative
            )
    others: dict[str, tuple[Any, ...]] = {
        **dict.fromkeys(("over", "duration", "count", "divided", "units_per_dose"), bounds),
        "unit": ("g", "{tablet}", "AUC", "%", "furlong", "ug"),
        "basis": ("kg", "m2", "acre"),
        "per": ("d", "wk", "dose", "fortnight"),
        "population": ("adult", "elderly", "martian"),
        "routes": (("IV",), ("IV", "PO"), ("XX",)),
        "days": ("1", "1-5", "1-5,14", "19-", "-6--2", "1,2,3"),
        "weeks": ("1", "1-5", "3-", "1,2"),
        "flags": (("parsed",), ("unparsed_tail", "ambiguous_drug"), ("inverted_range",)),
        "conditions": (("<30kg",), ("<30kg", ">65y")),
        "phases": ((Frequency(1, 1, "wk"), Frequency(2, 1, "d")), (Frequency(1, 1, "y"),)),
        "freq": (None, Frequency(1, 3, "y"), Frequency(1, 1, "h"), Frequency(2, 3, "mo", 4)),
    }
    for name, values in others.items():
        yield from (replace(base, **{name: value}) for value in values)
    for low, high in product(
        (None, half, Fraction(1), Fraction(1, 3), -three, Fraction(104)), repeat=2
    ):
        yield replace(base, low=low, high=high)
        yield replace(base, low=low, high=high, units_per_dose=Bound(three, three))
    yield replace(base, freq=Frequency(2, 1, "wk"), per="cycle")
    yield replace(base, freq=Frequency(2, 1, "wk"), per="month", weeks="1")


def printed() -> Iterator[Line]:
    for dose in odd_doses():
        try:
            said = render(dose)
        except NotPrintable as error:
            said = f"{error.why}: {error}, of {error.dose == dose}"
        yield "printed", repr(dose), (repr(said),)


def test_parts_of_the_reader_do_as_approved() -> None:
    lines = [*spelled(), *numbers(), *units(), *keys(), *printed()]
    approved, now = characterised("reader_parts", lines)

    assert now == approved


def test_a_text_that_is_too_long_says_how_long_it_is_and_what_to_do() -> None:
    with pytest.raises(TextTooLong) as caught:
        parse("x" * 50_001)

    assert caught.value.length == 50_001
    assert str(caught.value) == (
        "The text has 50,001 characters; doses are read from at most 50,000. "
        "Shorten it, or check it part by part."
    )


def test_a_text_of_the_greatest_length_is_read() -> None:
    assert parse("Xyz. " * 10_000).flags == ()


def test_records_have_fixed_names() -> None:
    read = parse("Give etoposide 5 mg; ferritin 500", context_drugs=("anakinra",))

    assert read.context_drugs == ("anakinra",)
    assert read.to_records() == {
        "doses": [
            {"drug": "etoposide", "low": "5", "high": "5", "unit": "mg", "basis": "", "per": ""}
            | {"role": "stated", "cmp": "=", "flags": list(read.doses[0].flags)}
        ],
        "numbers": [["5 mg", "dose"], ["500", "lab"]],
        "flags": [],
    }


def test_routes_and_groups_are_named_in_full() -> None:
    assert routes_in("IV, po, SC, i.m., intrathecally or nebulised") == {
        *("IV", "PO", "SC", "IM", "IT", "INH")
    }
    assert groups_in("adults, children and adults with dialysis") == (
        *("adult", "child", "renal_impairment"),
    )


def test_a_time_that_another_token_holds_is_no_frequency() -> None:
    tokens = Tokens("twice daily")
    tokens.try_claim(Kind.NAME, 0, 5)
    find_frequencies(tokens)

    assert [(t.start, t.end) for t in tokens.all] == [(0, 5), (6, 11)]
