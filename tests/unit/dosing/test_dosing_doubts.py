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
        ("amoxicillin capsules 500 mg, pack of 21", "unused_cue"),
        ("methotrexate 10 mg weekly with folate; vincristine", "unused_cue"),
        ("Furosemide [illegible]0 mg iv", "unreadable_number"),
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
        ("daunorubicin at most 550 mg/m² (400 mg/m² after chest irradiation)", ["maximum"] * 2),
    ],
)
def test_what_a_wording_does_with_an_amount_is_read(text: str, roles: list[str]) -> None:
    assert [str(dose.role) for dose in parse(text).doses] == roles


@pytest.mark.parametrize("within", ["in 24 hours", "over 24 h", "in any one day"])
def test_a_limit_within_a_day_is_a_limit_per_day(within: str) -> None:
    *_, limit = parse(f"Codeine 30 mg every 6 hours, not exceeding 240 mg {within}").doses

    assert (limit.role, limit.per) == (DoseRole.MAXIMUM, "d")


def test_no_string_of_the_fourth_set_but_the_three_known_ones_is_read_wrongly_in_silence() -> None:
    lines = (FIXTURES / "set4-development.jsonl").read_text("utf-8").splitlines()

    score = score_reading(lines)

    # T032: one record for each component of a fixed combination. T076: "lidocaine with
    # adrenaline up to 7 mg/kg". T158: "up to" that means "raised to".
    assert {*score.silent_wrong, *score.silent_missed} == {"T032", "T076", "T158"}
    assert len(lines) == len({json.loads(line)["id"] for line in lines}) == 240
