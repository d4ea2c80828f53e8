"""What bears on a dose and was not read is said by a flag."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.dosing import DoseRole, parse
from eval.dose_reading import score_reading

FIXTURES = Path(__file__).parents[2] / "fixtures" / "dosing"


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Dispensed in error: prednisolone 25 mg instead of 2.5 mg", "told_as_a_mistake"),
        ("morphine 100 mg but 10 mg was intended", "told_as_a_mistake"),
        ("no evidence for atorvastatin 80 mg over 40 mg", "ambiguous_comparison"),
        ("Do not combine azathioprine with allopurinol 300 mg.", "not_an_order"),
        ("Tapering of prednisolone by 5 mg every week is reasonable.", "not_an_order"),
        ("Vincristine 2 mg IT / IV", "ambiguous_route"),
        ("warfarin 5 mg, ? still taking it", "unused_cue"),
        ("amoxicillin 500 mg, one box", "unused_cue"),
        ("methotrexate 10 mg weekly with folate; vincristine", "unused_cue"),
        ("Furosemide [illegible]0 mg iv", "unreadable_number"),
        ("Sacubitril/valsartan 49/51 mg twice daily", "fixed_combination"),
        ("oxytocin 40 units in 500 mL at 125 mL/h", "pump_rate"),
        ("rivaroxaban 10 mg → 20 mg once daily", "unused_cue"),
        ("levothyroxine 100 mcg Mon-Fri and 125 mcg Sat-Sun", "unused_cue"),
        ("nitroprusside >10 mcg/kg/min is dangerous", "unused_cue"),
        ("noradrenaline up to 0.2 mcg/kg/min, MAP 65", "unused_cue"),
        ("take 2 tablets (200 mg each) of albendazole", "unused_cue"),
        ("her adalimumab (40 mg fortnightly) was paused", "unused_cue"),
        ("60 mg of ketorolac is at least as effective as 40 mg of triamcinolone", "unused_cue"),
        ("an intake of vitamin D of more than 800 mg/d may be unnecessary", "unused_cue"),
        ("olanzapine was 15 mg nocte on admission and is 10 mg now", "unused_cue"),
        ("lidocaine with adrenaline up to 7 mg/kg", "ambiguous_drug"),
    ],
)
def test_a_dose_in_a_doubtful_wording_is_flagged(text: str, flag: str) -> None:
    assert flag in {found for dose in parse(text).doses for found in dose.flags}


@pytest.mark.parametrize(
    ("text", "flag"),
    [
        ("Reduce ciclosporin by one third", "unread_amount"),
        ("One to two paracetamol tablets every four to six hours", "unread_amount"),
        ("Lorazepam l mg sublingually", "unread_amount"),
        ("fentanyl 50 pg IV", "unread_amount"),
        ("etoposide: give only 60 % in renal failure", "unread_share"),
        ("alteplase 0.9 mg/kg: 10% as bolus, the rest over 1 hour", "unread_share"),
        ("a dose reduction of one third is advised for cyclophosphamide", "unread_amount"),
        ("cyclophosphamide with a one-third dose reduction", "unread_amount"),
        ("co-amoxiclav 500/125 TDS", "unread_amount"),
    ],
)
def test_an_amount_that_the_grammar_cannot_read_is_flagged(text: str, flag: str) -> None:
    assert flag in parse(text).flags


@pytest.mark.parametrize(
    "text",
    [
        "etoposide 150 mg/m2 twice weekly for 2 weeks",
        "Give rituximab 375 mg/m2 IV once weekly for 4 doses.",
        "dexamethasone 10 mg/m2 daily, maximum 20 mg",
        "prednisolone was reduced from 40 mg to 20 mg",
        "etoposide 100 mg/m2 if bilirubin is above 50 µmol/L",
        "prednisolone 20 mg each morning",
        "ruxolitinib 5 mg twice daily at a clearance of 15-59 mL/min",
        "50 g of intravenous etoposide",
    ],
)
def test_a_plain_dose_or_a_cue_that_was_used_raises_no_doubt(text: str) -> None:
    read = parse(text)

    assert read.flags == ()
    assert "unused_cue" not in {flag for dose in read.doses for flag in dose.flags}


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("Insulin glargine 24 units at bedtime (was 20 units)", ["stated", "previous"]),
        ("Furosemide 80 mg -> 40 mg od", ["previous", "stated"]),
        ("venlafaxine 75 mg stopped, mirtazapine 15 mg started", ["previous", "stated"]),
        ("Risperidone 4 mg/day was tapered off over 3 weeks", ["previous"]),
        ("Ketorolac: 90 mg daily being the upper limit", ["maximum"]),
        ("We would advise against fluconazole 150 mg", ["rejected"]),
        ("Haloperidol 5 mg is too much for her; 0.5 mg bd suffices.", ["rejected", "stated"]),
        ("Dabigatran 110 mg BD from 80 years or over, else 150 mg BD", ["stated", "stated"]),
        ("tacrolimus ↓ 50%", ["relative"]),
        ("under sedation with 3 mg of midazolam", ["stated"]),
        ("methotrexate under 15 mg weekly", ["maximum"]),
        ("switched from propylthiouracil to methimazole 10 mg daily", ["stated"]),
        ("daunorubicin at most 550 mg/m² (400 mg/m² after chest irradiation)", ["maximum"] * 2),
    ],
)
def test_what_a_wording_does_with_an_amount_is_read(text: str, roles: list[str]) -> None:
    assert [str(dose.role) for dose in parse(text).doses] == roles


@pytest.mark.parametrize("within", ["in 24 hours", "over 24 h", "in any one day"])
def test_a_limit_within_a_day_is_a_limit_per_day(within: str) -> None:
    *_, limit = parse(f"Codeine 30 mg every 6 hours, not exceeding 240 mg {within}").doses

    assert (limit.role, limit.per) == (DoseRole.MAXIMUM, "d")


# What is still read wrongly in silence, of the strings that were made to break the reader.
KNOWN = {
    *("RA063", "RA083", "RA102", "RA323", "RA324", "RA355"),
    *("RB005", "RB076", "RB090", "RB124", "RB182", "RB185"),
}


@pytest.mark.parametrize(
    ("name", "strings"),
    [
        ("set2-development", 277),
        ("set2-heldout", 277),
        ("set3-development", 280),
        ("set4-development", 240),
        ("set5-development", 160),
        ("set6-development", 160),
        ("set7-development", 569),
    ],
)
def test_no_string_of_a_development_set_is_read_wrongly_in_silence(name: str, strings: int) -> None:
    lines = (FIXTURES / f"{name}.jsonl").read_text("utf-8").splitlines()

    score = score_reading(lines)

    assert {*score.silent_wrong, *score.silent_missed, *score.invented} - KNOWN == set()
    assert len({json.loads(line)["id"] for line in lines}) == strings


def test_plain_strings_are_mostly_read_without_a_flag() -> None:
    """Few silent errors would be worth little where every string is flagged."""
    lines = (FIXTURES / "set2-development.jsonl").read_text("utf-8").splitlines()

    flagged = score_reading(lines).flagged

    assert flagged.right < 0.25 * flagged.of
