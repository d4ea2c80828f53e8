"""Silent errors of the reader that the second, independent reader brought to light."""

from __future__ import annotations

import pytest

from assistant.dosing import Kind, parse
from assistant.dosing.schedule import day_set


@pytest.mark.parametrize(
    "text",
    [
        "In patient 4, 100 mg of anakinra was given",
        "aged 1-2, 8 mg of methotrexate",
        "For CrCl 15-50, 75 mg/m2 of etoposide",
        "etoposide 50, 100 mg",
        "Aged 5 or 6, 100 mg of anakinra daily",
    ],
)
def test_a_number_that_only_a_comma_joins_to_an_amount_is_flagged(text: str) -> None:
    first, *_ = parse(text).doses

    assert "elided_unit" in first.flags


def test_a_list_with_or_needs_no_flag() -> None:
    doses = parse("canakinumab 2, 3 or 4 mg/kg").doses

    assert [d.flags for d in doses] == [(), (), ()]


@pytest.mark.parametrize("text", ["etoposide 250 mg mcg/kg/min", "etoposide 30 mg mg/m²/day"])
def test_two_units_in_a_row_are_not_read_as_one(text: str) -> None:
    (dose,) = parse(text).doses

    assert (dose.basis, dose.per) == ("", "")
    assert "unparsed_tail" in dose.flags


@pytest.mark.parametrize("tail", ["square metre", "square meter per dose", "kilogram"])
def test_a_basis_in_words_without_its_per_is_not_dropped_in_silence(tail: str) -> None:
    (dose,) = parse(f"valganciclovir 520 mg {tail}").doses

    assert "unparsed_tail" in dose.flags


def test_a_clearance_per_square_metre_is_no_dose() -> None:
    parsed = parse("it rose in children with leukaemia (47.4 against 29.2 mL/min/m²)")

    assert parsed.doses == ()
    assert parsed.numbers[-1].kind is Kind.LAB


@pytest.mark.parametrize("before", ["low sodium excretion: ", "low sodium excretion, so "])
def test_a_drug_after_an_excretion_keeps_its_dose(before: str) -> None:
    (dose,) = parse(f"{before}furosemide 2 mg/h").doses

    assert (dose.drug, dose.per) == ("furosemide", "h")


def test_monthly_blood_counts_are_no_rhythm_of_the_drug() -> None:
    (dose,) = parse("aciclovir 300 mg/m² three times daily for 6 months, with monthly counts").doses

    assert dose.freq is not None
    assert (dose.freq.n, dose.phases) == (3, ())


@pytest.mark.parametrize(
    "check",
    [" with monitoring every 4 h", " and reviewed every 2 weeks", ", then review weekly"],
)
def test_the_rhythm_of_a_check_is_not_that_of_the_drug(check: str) -> None:
    (dose,) = parse(f"etoposide 100 mg/m2{check}").doses

    assert (dose.freq, dose.phases) == (None, ())


def test_the_length_of_symptoms_is_not_that_of_the_treatment() -> None:
    (dose,) = parse("etoposide 100 mg/m2 with symptoms for 3 weeks").doses

    assert dose.duration is None


@pytest.mark.parametrize(
    "text",
    [
        "PEG-asparaginase 2000 U/m2 blood levels are required.",
        "vasopressin 0.03 units/min platelets <25,000 per µL",
    ],
)
def test_a_dose_in_units_before_the_word_blood_is_no_transfusion(text: str) -> None:
    assert len(parse(text).doses) == 1


def test_units_of_blood_are_still_no_dose() -> None:
    assert parse("transfuse 2 units of blood").doses == ()


@pytest.mark.parametrize(
    ("text", "per"),
    [
        ("the maximum daily dose is 40 mg of prednisolone", "d"),
        ("the maximum daily dose, 40 mg of prednisolone", "d"),
        ("the weekly total was not recorded, azithromycin 250 mg thrice weekly", ""),
        ("monthly blood counts and dapsone 100 mg", ""),
    ],
)
def test_a_daily_total_names_the_period_of_its_own_amount_only(text: str, per: str) -> None:
    (dose,) = parse(text).doses

    assert dose.per == per


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("etoposide 25 mg/m2 day 1", "1"),
        ("doxorubicin 50 mg/m^2 days 1-3", "1-3"),
        ("VP16 150 mg/m2 D1,4,8,11 then weekly", "1,4,8,11"),
        ("cladribine 5 mg/m2 daily on days 2,3,4,5,6", "2,3,4,5,6"),
        ("basiliximab 20 mg on day 0 and on day 4", "0,4"),
        ("fludarabine 30 mg/m2/day days -6 to -2", "-6--2"),
        ("methylprednisolone from day 4 (IV) is 2 mg/kg/day on days 4-6", "4-6"),
        ("prednisolone 40 mg for 3 days 4 times daily", ""),
    ],
)
def test_days_written_close_to_a_basis_or_to_each_other_are_read(text: str, days: str) -> None:
    (dose,) = parse(text).doses

    assert dose.days == days


def test_a_range_of_negative_days_holds_each_of_them() -> None:
    assert day_set("-6--2") == {-6, -5, -4, -3, -2}


def test_a_decimal_comma_after_a_day_is_not_split_into_a_day_and_a_dose() -> None:
    parsed = parse("day 1,5 mg of dexamethasone")

    assert all(dose.low != 5 for dose in parsed.doses)


def test_several_weeks_after_at_are_a_plan_and_one_week_is_a_deadline() -> None:
    (plan,) = parse("infliximab 5 mg/kg at weeks 0, 2 and 6").doses
    (deadline,) = parse("infliximab 5 mg/kg, reassess at week 8").doses

    assert (plan.weeks, deadline.weeks) == ("0,2,6", "")


@pytest.mark.parametrize("words", ["single dose", "as a single dose"])
def test_a_single_dose_is_a_count_of_one(words: str) -> None:
    (dose,) = parse(f"ivermectin 200 mcg/kg {words}").doses

    assert dose.count is not None
    assert dose.count.high == 1


def test_the_maximum_of_a_single_dose_counts_nothing() -> None:
    stated, limit = parse(
        "etoposide 300 mg/m2 weekly, but the maximum single dose is 150 mg/m2"
    ).doses

    assert (stated.count, limit.count) == (None, None)


def test_the_length_of_an_infusion_does_not_swallow_its_route() -> None:
    (dose,) = parse("etoposide 200 mg/m² per cycle as a 96-hour intravenous infusion").doses

    assert dose.routes == ("IV",)
    assert dose.over is not None
    assert dose.over.unit == "h"
