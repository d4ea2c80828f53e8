"""A word that decides a role is said of its amount, and a role reaches the whole list."""

from __future__ import annotations

import pytest

from assistant.dosing import Parsed, parse
from assistant.dosing.apart import ends_a_phrase, is_of_the_dose, stands_apart


def flags(read: Parsed) -> set[str]:
    return {flag for dose in read.doses for flag in dose.flags} | set(read.flags)


@pytest.mark.parametrize(
    ("cue", "apart"),
    [
        ("maximum daily dose of ", False),
        ("max. ", False),
        ("below-knee DVT: ", True),
        ("below ", False),
        ("below: ", True),
        ("over the left base, ", True),
        ("less than ", False),
        ("less than with ", True),
        ("previous dose of ", False),
        ("previous stroke, ", True),
        ("stopped) and ", True),
        ("up to a total of ", False),
    ],
)
def test_only_filling_words_may_stand_between_a_word_and_its_amount(cue: str, apart: bool) -> None:
    text = f"{cue}5 mg"

    assert stands_apart(cue, text, text, len(cue)) is apart


def test_a_drug_may_stand_between_unless_the_word_compares_or_is_a_capsule() -> None:
    def between(cue: str) -> bool:
        text = f"{cue}etoposide 5 mg"
        at = len(text) - len("5 mg")
        blank = text.replace("etoposide", " " * len("etoposide"))
        return stands_apart(text[:at], text, blank, at)

    assert not between("maximum ")
    assert between("above ")
    assert between("cap ")


def test_what_follows_an_amount_is_its_verdict_or_goes_on() -> None:
    assert is_of_the_dose(" twice daily, this dose ")
    assert not is_of_the_dose(", cannula site ")
    assert ends_a_phrase(", then")
    assert ends_a_phrase(" per day")
    assert not ends_a_phrase(" relief at one hour")


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Crackles over the left base, furosemide 40 mg", "distant_cue"),
        ("Prior to surgery cefazolin 2 g", "distant_cue"),
        ("Never smoker, takes ramipril 5 mg", "distant_cue"),
        ("Oxycodone 5 mg max relief at one hour", "distant_cue"),
        ("Gentamicin 5 mg/kg, cannula site was wrong side", "distant_cue"),
        ("Stopped: aspirin 75 mg, clopidogrel 75 mg", "unused_cue"),
        ("Do not give ibuprofen 400 mg or naproxen 500 mg", "unused_cue"),
        ("Simvastatin 40 mg to atorvastatin 20 mg", "unused_cue"),
        ("Vincristine and doxorubicin (maximum 2 mg and 50 mg)", "unused_cue"),
        ("prednisone 10 mg/day or less and methotrexate 25 mg/week or less", "unused_cue"),
        ("The dose has gone up to fluoxetine 40 mg", "unused_cue"),
        ("Stopped on admission:\n- Ramipril 5 mg OD", "cue_beside"),
        ("Drug | Maximum dose\n---|---\nRamipril | 10 mg", "cue_beside"),
        ("Ramipril 5 mg and aspirin 75 mg daily. Both were stopped.", "cue_beside"),
        ("All doses below are per kg.\nAmoxicillin 30 mg tds", "cue_beside"),
        ("Phenytoin 300 mg nocte, level 14 mg", "may_be_no_dose"),
        ("Baby now 1250 g, caffeine citrate 20 mg/kg", "may_be_no_dose"),
        ("Tranexamic acid 1 g, packed cells 2 units", "may_be_no_dose"),
        ("Fosphenytoin 100 mg PE/min", "split_unit"),
        ("zorbifen combined with dexamethasone at 45 mg/m2", "ambiguous_drug"),
        ("Haloperidol with regular zorbinol 5 mg", "ambiguous_drug"),
        ("Insulin 3 units/h, potassium 20 mmol/h", "ambiguous_drug"),
        ("Spironolactone with 8.4 g zorbiromer", "ambiguous_drug"),
        ("Ceftriaxone 1 g holds 83 mg sodium", "ambiguous_drug"),
        ("increase methotrexate by 2.5 mg", "step"),
        ("Two hundred milligrams of ciprofloxacin", "unread_amount"),
        ("Enoxaparin 40 mg/0.4 mL SC once daily", "unread_amount"),
        ("Semaglutide 1 mg pen once weekly", "unread_amount"),
    ],
)
def test_what_may_turn_a_dose_is_said_by_a_flag(text: str, flag: str) -> None:
    assert flag in flags(parse(text))


@pytest.mark.parametrize(
    "text",
    [
        "prednisolone 1 mg/kg daily (max 60 mg)",
        "Stop aspirin 75 mg and start clopidogrel 75 mg",
        "prednisolone was reduced from 40 mg to 20 mg",
        "Ramipril 5 mg daily. Review in two weeks.",
        "Doses for adults:\nEtoposide 100 mg/m2",
        "diclofenac sodium 75 mg IM",
        "etoposide 100 mg/m2, dexamethasone 10 mg/m2",
    ],
)
def test_a_plain_wording_is_not_flagged(text: str) -> None:
    found = flags(parse(text))

    assert not found & {"distant_cue", "cue_beside", "may_be_no_dose", "ambiguous_drug", "step"}


@pytest.mark.parametrize(
    ("text", "count", "unit"),
    [
        ("etoposide 50 mg for 3 weekly doses", 3, "wk"),
        ("etoposide 50 mg, 5 daily infusions", 5, "d"),
        ("etoposide 50 mg for 2 monthly doses", 2, "mo"),
    ],
)
def test_doses_counted_by_the_time_have_its_frequency(text: str, count: int, unit: str) -> None:
    (dose,) = parse(text).doses

    assert dose.count is not None
    assert dose.count.low == count
    assert dose.freq is not None
    assert dose.freq.unit == unit


def test_an_elided_range_has_both_its_ends() -> None:
    *_, later = parse("dexamethasone 3-9 mg/kg, later 6-8").doses

    assert (later.low, later.high, later.unit, later.basis) == (6, 8, "mg", "kg")


@pytest.mark.parametrize(
    ("length", "low", "unit"), [("a week", 1, "wk"), ("a fortnight", 2, "wk"), ("a month", 1, "mo")]
)
def test_a_round_length_is_a_duration(length: str, low: int, unit: str) -> None:
    (dose,) = parse(f"famciclovir 500 mg three times a day for {length}").doses

    assert dose.duration is not None
    assert (dose.duration.low, dose.duration.unit) == (low, unit)
