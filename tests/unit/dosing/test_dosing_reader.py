"""Minimal pairs: one difference in the wording, one difference in the reading."""

from __future__ import annotations

import statistics
import time

import pytest

from assistant.dosing import Kind, parse
from assistant.dosing.model import Dose, DoseRole, decimal_text
from tests.unit.dosing.test_dosing_open_list import lines


def short(dose: Dose) -> str:
    """A dose on one line: drug, amount, unit with basis and per, role unless stated."""
    low, high = ("?" if value is None else decimal_text(value) for value in (dose.low, dose.high))
    amount = low if low == high else f"{low}-{high}"
    unit = "/".join(part for part in (dose.unit, dose.basis, dose.per) if part)
    role = "" if dose.role == "stated" else f" {dose.role}"
    return f"{dose.drug_name or '-'} {amount} {unit}{role}"


@pytest.mark.parametrize(
    ("text", "doses"),
    [
        ("A 5 mg, B 10 mg, dexamethasone 20 mg", ["- 5 mg", "- 10 mg", "dexamethasone 20 mg"]),
        ("dexamethasone 10 mg, xyzumab 20 mg", ["dexamethasone 10 mg", "- 20 mg"]),
        ("etoposide and cisplatin 150 mg and 10 mg", ["- 150 mg", "- 10 mg"]),
        ("etoposide 150 mg and cisplatin 10 mg", ["etoposide 150 mg", "cisplatin 10 mg"]),
        ("Tacrolimus may replace ciclosporin: 0.1 mg/kg/day", ["tacrolimus 0.1 mg/kg/d"]),
        ("the ruxolitinib trial gives etoposide 150 mg/m2", ["etoposide 150 mg/m2"]),
        (
            "instead of 150 mg, use etoposide 75 mg",
            ["etoposide 150 mg rejected", "etoposide 75 mg"],
        ),
        ("increase etoposide from 5 to 10 mg", ["etoposide 5 mg previous", "etoposide 10 mg"]),
        ("etoposide from 5 to 10 mg", ["etoposide 5-10 mg"]),
        ("etoposide 5 to 10 or 20 mg", ["etoposide 5-10 mg", "etoposide 20 mg"]),
        ("no dose of etoposide should be higher than 30 mg", ["etoposide 30 mg maximum"]),
        ("the maximum dose of etoposide is not 30 mg", ["etoposide 30 mg rejected"]),
        ("over 3 years, etoposide 6 mg", ["etoposide 6 mg"]),
        ("total daily dose 6 mg/kg of ciclosporin", ["ciclosporin 6 mg/kg/d"]),
        ("etoposide 250 mg–0.5 g", ["etoposide 250-500 mg"]),
        ("interferon alfa 5 × 10⁶ IU", ["interferon alfa 5000000 [IU]"]),
        ("interferon alfa 5 × 106 IU", ["interferon alfa ? [IU]"]),
        ("penicillin G 2.4 million units", ["penicillin g 2.4 M[U]"]),
        ("vitamin D 50 000 IU", ["vitamin d 50000 [IU]"]),
        ("day 1 500 mg of paracetamol", ["paracetamol 500 mg"]),
        ("VP-16 100 mg", ["etoposide 100 mg"]),
        ("doxycycline 2 × 100 mg", ["doxycycline 100 mg"]),
        ("1 1/2 tablets of warfarin", ["warfarin 1.5 {tablet}"]),
        ("1/2 tablet of warfarin", ["warfarin 0.5 {tablet}"]),
        ("dose level 50-100 mg of etoposide", ["etoposide 50-100 mg"]),
        ("a day 5-10 mg/kg of etoposide", ["etoposide 5-10 mg/kg"]),
        ("etoposide 1'000 mg", ["etoposide ? mg"]),
        ("3 G-CSF doses", []),
        ("2 units of packed red cells", []),
        ("urine output 0.5 mL/kg/h", []),
        ("reduced mortality by 25%", []),
        ("5% dextrose and 0.9% saline", []),
        ("raised etoposide exposure by 80%", []),
        ("reduce etoposide by 25%", ["etoposide 75 % relative"]),
        ("increase the etoposide dose by 50%", ["etoposide 150 % relative"]),
    ],
)
def test_a_sentence_gives_exactly_these_doses(text: str, doses: list[str]) -> None:
    assert [short(dose) for dose in parse(text).doses] == doses


@pytest.mark.parametrize(
    ("written", "value", "flag"),
    [
        ("1,000 mg", "1000", None),
        ("1 000 mg", "1000", "space_thousands"),
        ("1.000 mg", "1", "ambiguous_decimal"),
        ("2,5 mg", "2.5", "decimal_comma"),
        ("0,125 mg", "0.125", "decimal_comma"),
        (".5 mg", "0.5", "naked_decimal"),
        ("5.0 mg", "5", "trailing_zero"),
        ("1½ mg", "1.5", None),
        ("0·5 mg", "0.5", None),
        ("60 mg/m2,4", "60", "fused_citation"),
        ("10 U", "10", "U_abbreviation"),
        ("10 IU", "10", "IU_abbreviation"),
        ("10 µg", "10", "mu_symbol"),
        ("10 mg/m", "10", "unparsed_tail"),
        ("10 mg m2", "10", "unparsed_tail"),
        ("2O mg", None, "unreadable_number"),
        ("l5 mg", None, "unreadable_number"),
        ("20 rng", None, "unreadable_unit"),
        ("20 mgx", None, "unreadable_unit"),
    ],
)
def test_numbers_are_read_as_written_or_not_at_all(
    written: str, value: str | None, flag: str | None
) -> None:
    (dose,) = parse(f"etoposide {written} daily").to_records()["doses"]

    assert dose["low"] == value
    assert dose["flags"] == ([flag] if flag else [])


def test_a_number_glued_to_its_drug_is_flagged() -> None:
    (dose,) = parse("Cisplatin75mg/m2").doses

    assert short(dose) == "cisplatin 75 mg/m2"
    assert dose.flags == ("drug_number_fused",)


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("ferritin 12,500 µg/L in 9/31 patients", [Kind.LAB, Kind.COUNT]),
        ("HScore 169, p=0.03, HR 0.62, 73.1%", ["score", "statistic", "statistic", "percentage"]),
        ("a 58-year-old, 70 kg", [Kind.AGE, Kind.BODY_SIZE]),
        ("IL-1β and CD25 in COVID-19 [4, 5]", ["name", "name", "name", "citation"]),
        ("within 24-48 hours", [Kind.TIME_WINDOW]),
        ("diluted to 0.4 mg/mL", [Kind.CONCENTRATION]),
        ("a 50 mg vial in 100 mL", [Kind.STRENGTH, Kind.VOLUME]),
        ("1. first\n2. second", [Kind.REFERENCE, Kind.REFERENCE]),
    ],
)
def test_numbers_that_are_no_doses_have_a_kind(text: str, kinds: list[str]) -> None:
    parsed = parse(text)

    assert parsed.doses == ()
    assert [number.kind for number in parsed.numbers] == kinds


def test_a_heading_passes_its_drug_to_the_lines_below() -> None:
    parsed = parse("# Dexamethasone\nInduction: 10 mg/m²/day\n\n# Etoposide\n- 150 mg/m² weekly")

    assert [d.drug for d in parsed.doses] == ["dexamethasone", "etoposide"]
    assert all("drug_carried" in d.flags for d in parsed.doses)


def test_context_gives_a_drug_only_when_there_is_one() -> None:
    one = parse("Give 50-100 mg/m2 weekly.", context_drugs=("etoposide",))
    two = parse("Give 50-100 mg/m2 weekly.", context_drugs=("etoposide", "dexamethasone"))

    assert (one.doses[0].drug, one.doses[0].flags) == ("etoposide", ("drug_carried",))
    assert (two.doses[0].drug, two.doses[0].flags) == (None, ("ambiguous_drug",))


def test_day_labels_bind_to_the_amount_beside_them() -> None:
    text = "emapalumab 6 mg/kg on day 1, then 3 mg/kg every 3 days (days 4-16). Day 19: 3 mg/kg."

    assert [d.days for d in parse(text).doses] == ["1", "4-16", "19"]


def test_groups_and_conditions_bind_to_their_own_amount() -> None:
    doses = parse("Dapsone 100 mg for adults and 2 mg/kg for children under 40 kg.").doses

    assert [d.population for d in doses] == ["adult", "child"]
    assert [d.conditions for d in doses] == [(), ("<40kg",)]


def test_reading_time_is_printed_for_information() -> None:
    texts = [case["text"] for case in lines("labelled.jsonl")]
    spent = []
    for text in texts:
        begun = time.perf_counter()
        parse(text)
        spent.append((time.perf_counter() - begun) * 1000)

    print(f"median {statistics.median(spent):.2f} ms, slowest {max(spent):.2f} ms a sentence")


def test_a_sum_is_no_maximum() -> None:
    total = parse("etoposide: 18 doses of 150 mg/m2 add up to 2,700 mg/m2").doses[-1]
    limit = parse("etoposide up to 150 mg/m2").doses[0]

    assert total.role is not DoseRole.MAXIMUM
    assert limit.role is DoseRole.MAXIMUM


def test_units_of_blood_are_no_part_of_a_dose_beside_them() -> None:
    read = parse("after 2 U of red cells and 2 U of plasma, heparin 5 units/kg")
    (dose,) = read.doses

    assert dose.parts == ()
    assert [(n.text, n.kind) for n in read.numbers][:2] == [("2 U", Kind.COUNT)] * 2


def test_what_a_regimen_contains_by_body_size_is_a_dose_and_no_strength() -> None:
    regimen = parse("DEP contains etoposide 100 mg/m2 every day")
    tablet = parse("a tablet contains etoposide 100 mg")

    assert [(d.drug, d.low, d.basis) for d in regimen.doses] == [("etoposide", 100, "m2")]
    assert tablet.doses == ()
