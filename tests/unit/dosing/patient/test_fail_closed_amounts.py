"""What a calculation refuses or says of kidney, maxima, rounding, totals and schedules."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest

from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.model import Bound, Frequency
from assistant.dosing.patient import (
    CalculationPolicy,
    Plan,
    missing_inputs,
    render_working,
)
from assistant.dosing.patient.amounts import bound_words
from assistant.dosing.patient.model import StepName
from assistant.dosing.table.model import (
    Action,
    Adjustment,
    Calculate,
    Cumulative,
    DoseKind,
    Reviewer,
    RuleSource,
    Schedule,
    Status,
)
from corpus.model import Verification
from tests.builders_patients import (
    DAILY,
    LATE,
    REDUCED,
    TODAY,
    WEEKLY,
    a_band,
    a_child,
    a_dose,
    a_patient,
    a_rule,
    an_amount,
    refused,
    worked,
)

# Kidney and liver


@pytest.mark.parametrize("clearance", ["14 mL/min", "0 mL/min"])
def test_a_clearance_worse_than_every_band_never_gets_the_full_dose(clearance: str) -> None:
    found = refused(a_rule(a_dose("100"), adjust=(REDUCED,)), a_patient(clearance=clearance))

    assert found.code is RefusalCode.CONTEXT
    assert "below its first band" in found.message


@pytest.mark.parametrize(
    ("variable", "unit", "better", "worse"),
    [
        ("bilirubin", "mg/dL", "0.5 mg/dL", "4 mg/dL"),
        ("creatinine", "mg/dL", "0.5 mg/dL", "4 mg/dL"),
    ],
)
def test_a_value_worse_than_every_band_is_refused_and_a_better_one_needs_no_change(
    variable: str, unit: str, better: str, worse: str
) -> None:
    band = a_band(
        "1", "3", variable=variable, unit=unit, action=Action.MULTIPLY, factor=Fraction(1, 2)
    )
    rule = a_rule(a_dose("100", unit="mg"), adjust=(band,))

    assert worked(rule, a_patient(**{variable: better})).dose.high == 100
    assert worked(rule, a_patient(**{variable: "2 mg/dL"})).dose.high == 50
    found = refused(rule, a_patient(**{variable: worse}))
    assert found.code is RefusalCode.CONTEXT
    assert "beyond its last band" in found.message


def test_a_weight_outside_the_weight_bands_needs_no_change() -> None:
    band = a_band(
        "80", "90", variable="weight", unit="kg", action=Action.MULTIPLY, factor=Fraction(2)
    )
    rule = a_rule(a_dose("100", unit="mg"), adjust=(band,))

    assert worked(rule, a_patient()).dose.high == 100
    assert worked(rule, a_patient(weight="95 kg")).dose.high == 100


@pytest.mark.parametrize(
    ("when", "field"),
    [
        ("acute kidney injury", "creatinine_changing"),
        ("kidney impairment", "creatinine_changing"),
        ("On dialysis", "dialysis"),
        ("kidney failure", "dialysis"),
        ("kidney impairment", "dialysis"),
    ],
)
def test_kidney_trouble_that_was_said_meets_a_worded_refusal(when: str, field: str) -> None:
    band = Adjustment(when=when, action=Action.REFUSE)
    rule = a_rule(a_dose("10", unit="mg"), adjust=(band,))

    assert refused(rule, a_patient(**{field: "yes"})).code is RefusalCode.CONTEXT
    assert f"not applied; say so if it holds: {when}: refuse" in worked(rule, a_patient()).notices


def test_what_was_said_never_applies_a_background_or_a_changing_band() -> None:
    background = Adjustment(
        when="kidney impairment", action=Action.REFUSE, verification=Verification.BACKGROUND
    )
    halved = Adjustment(when="on dialysis", action=Action.MULTIPLY, factor=Fraction(1, 2))
    rule = a_rule(a_dose("10", unit="mg"), adjust=(background, halved))

    working = worked(rule, a_patient(dialysis="yes"))

    assert working.dose.high == 10
    assert working.notices[1:] == (
        "not applied, background knowledge only: kidney impairment: refuse",
        "not applied; say so if it holds: on dialysis: × 0.5",
    )


def test_a_condition_that_the_rule_does_not_know_is_said() -> None:
    rule = a_rule(a_dose("15", unit="mg"), adjust=(Adjustment(when="on fluconazole"),))

    working = worked(rule, a_patient(), Plan(conditions=("on fluconazol", "ON FLUCONAZOLE")))

    said = [n for n in working.notices if n.startswith("the rule says nothing of")]
    assert said == ["the rule says nothing of: on fluconazol"]


def test_a_rate_per_173_is_named_and_kept_in_its_unit() -> None:
    indexed = replace(REDUCED, variable="gfr_indexed", unit="mL/min/1.73m2")
    rule = a_rule(a_dose("10", unit="mg"), adjust=(indexed,))

    given = worked(rule, a_patient(egfr="40 mL/min/1.73m2"))
    converted = worked(rule, a_patient(clearance="40 mL/min"))

    step, other = given.step(StepName.ORGAN), converted.step(StepName.ORGAN)
    assert step is not None
    assert other is not None
    assert step.text == "GFR 40 mL/min/1.73 m² (given per 1.73 m²): × 0.75 = 7.5 mg per dose"
    assert step.inputs[0].value.unit == "mL/min/1.73 m²"
    assert other.inputs[0].value.unit == "mL/min"


def test_a_target_area_takes_the_clearance_in_ml_min_also_beside_indexed_bands() -> None:
    indexed = a_band("15", "", variable="gfr_indexed", unit="mL/min/1.73m2")
    rule = a_rule(a_dose("5", unit="AUC"), adjust=(indexed,))

    working = worked(rule, a_patient(egfr="50 mL/min/1.73m2", clearance="60 mL/min"))

    assert working.dose.high == 5 * (60 + 25)


def test_a_target_area_shows_the_clearance_with_every_weight() -> None:
    text = render_working(worked(a_rule(a_dose("5", unit="AUC")), a_patient()))

    assert "(clearance 68 mL/min, actual weight; 69 with ideal; 69 with adjusted)" in text


def test_an_unknown_kind_of_weight_is_named() -> None:
    rule = a_rule(a_dose("10"), adjust=(REDUCED, a_band("50", "")))

    found = refused(rule, a_patient(), Plan(kidney_weight="lean"))

    assert found.code is RefusalCode.CONTEXT
    assert "no clearance with lean weight" in found.message
    assert found.message.endswith("Choose actual, ideal or adjusted.")


# Size


def test_an_ideal_weight_needs_an_age_because_it_is_for_adults() -> None:
    rule = a_rule(a_dose("10", unit="mg/kg"), calculate=Calculate(weight="ideal"))

    found = refused(rule, a_patient(age=""))

    assert found.code is RefusalCode.MISSING
    assert missing_inputs(rule, a_patient(age="")) == ("age",)


def test_an_ideal_weight_above_the_actual_one_is_said() -> None:
    rule = a_rule(a_dose("10", unit="mg/kg"), calculate=Calculate(weight="ideal"))

    thin = worked(rule, a_patient(weight="50 kg"))

    assert "the ideal weight is above the actual weight of 50 kg" in thin.notices
    assert not any("above" in n for n in worked(rule, a_patient(weight="90 kg")).notices)


# Maxima and rounding


def test_a_rate_is_held_to_a_maximum_per_day_counted_over_the_day() -> None:
    dose = a_dose("1", unit="ug/kg", kind=DoseKind.RATE, per="min")  # 100.8 mg a day
    rule = a_rule(dose, calculate=Calculate(max_daily=an_amount("72 mg")))
    hourly = a_rule(replace(dose, per="h"), calculate=Calculate(max_daily=an_amount("1.2 mg")))

    assert worked(rule, a_patient()).dose.high == 50
    assert worked(hourly, a_patient()).dose.high == 50


def test_a_rate_can_t_be_checked_against_a_maximum_per_dose() -> None:
    dose = a_dose("1", unit="ug/kg", kind=DoseKind.RATE, per="min")
    rule = a_rule(dose, calculate=Calculate(max_single=an_amount("72 mg")))

    assert refused(rule, a_patient()).code is RefusalCode.LIMIT


def test_a_course_that_is_split_over_hours_is_not_held_to_a_maximum_for_each_hour() -> None:
    rule = a_rule(
        a_dose("1", unit="g/kg", kind=DoseKind.PER_COURSE),
        calculate=Calculate(max_daily=an_amount("40 g")),
        schedule=Schedule(split_over=Bound(Fraction(24), Fraction(24), "h")),
    )
    days = replace(rule, schedule=Schedule(split_over=Bound(Fraction(2), Fraction(3), "d")))

    assert worked(rule, a_patient()).dose.high == 40
    assert worked(days, a_patient()).dose.high == 70


def test_a_daily_maximum_counts_the_doses_that_can_fall_on_one_day() -> None:
    rule = a_rule(
        a_dose("100", unit="mg"),
        calculate=Calculate(max_daily=an_amount("150 mg")),
        schedule=Schedule(frequencies=(Frequency(1, 10, "h"),)),
    )

    assert worked(rule, a_patient()).dose.high == 50


def test_no_rule_rounds_by_more_than_ten_percent() -> None:
    def dose(amount: str) -> Fraction:
        rule = a_rule(
            a_dose(amount, unit="mg"),
            calculate=Calculate(round_step=an_amount("5 mg"), max_change_percent=Fraction(100)),
        )
        return worked(rule, a_patient()).dose.high

    assert dose("2") == 2  # not 0
    assert dose("12.5") == Fraction("12.5")
    assert dose("22.5") == Fraction("22.5")
    assert dose("50") == 50
    assert dose("27.5") == 30


# What has to be said


def test_a_second_hand_limit_of_the_total_says_who_reports_it() -> None:
    limit = Cumulative(
        scope="lifetime",
        unit="g",
        basis="m2",
        soft_max=Fraction(2),
        hard_max=Fraction(3),
        verification=Verification.SECOND_HAND,
        source="total",
    )
    sources = (RuleSource(key="Alpha2020"), RuleSource(key="Beta2021", id="total", via="Gamma"))

    working = worked(a_rule(a_dose("10"), cumulative=limit, sources=sources), a_patient())

    assert "the limits of the total are reported by Gamma" in working.notices


def test_days_and_numbers_of_doses_are_part_of_the_schedule() -> None:
    days = a_rule(
        a_dose("4", unit="mg/kg", kind=DoseKind.PER_DAY), schedule=Schedule(days="1-5,10")
    )
    counted = a_rule(
        a_dose("375"),
        schedule=Schedule(frequencies=(WEEKLY,), counts=Bound(Fraction(2), Fraction(4))),
    )

    assert "Schedule days 1-5,10" in render_working(worked(days, a_patient()))
    assert "frequency not stated" not in render_working(worked(days, a_patient()))
    assert "Schedule once weekly, 2–4 doses" in render_working(worked(counted, a_patient()))


def test_a_required_frequency_is_given_by_the_days_where_the_source_names_only_those() -> None:
    dose = a_dose("50", kind=DoseKind.PER_DAY)
    days = a_rule(dose, schedule=Schedule(days="1-4", frequency_required=True))
    neither = a_rule(dose, schedule=Schedule(frequency_required=True))

    assert worked(days, a_patient()).dose.high == 92
    assert refused(neither, a_patient()).code is RefusalCode.MISSING


def test_a_range_that_contains_a_forbidden_frequency_is_beyond_the_limit() -> None:
    rule = a_rule(a_dose("15", unit="mg"), schedule=Schedule(forbidden_frequencies=(DAILY,)))

    found = refused(rule, a_patient(), Plan(frequency=Frequency(1, 1, "d", n_max=2)))

    assert found.code is RefusalCode.LIMIT


def test_a_frequency_in_years_is_refused_in_words() -> None:
    rule = a_rule(a_dose("15", unit="mg"), schedule=Schedule(frequencies=(WEEKLY,)))

    found = refused(rule, a_patient(), Plan(frequency=Frequency(1, 1, "y")))

    assert found.code is RefusalCode.CONTEXT
    assert "not once a year" in found.message


def test_a_reviewed_rule_before_its_first_day_is_said_to_be_not_yet_in_force() -> None:
    reviewer = Reviewer(name="A. B.", role="pharmacist", registration="1", on=TODAY)
    rule = a_rule(
        a_dose("10"), status=Status.REVIEWED, reviewed_by=(reviewer,), effective_from=LATE
    )

    found = refused(rule, a_patient(), policy=CalculationPolicy.REVIEWED_ONLY)

    assert found.code is RefusalCode.UNREVIEWED
    assert "it is not yet in force" in found.message


def test_a_child_s_adult_clearance_is_not_asked_for_by_a_flat_rule() -> None:
    found = worked(a_rule(a_dose("10", unit="mg")), a_child())

    assert not isinstance(found, Refusal)


def test_a_length_of_time_is_worded_in_its_number() -> None:
    def words(low: str | None, high: str | None, unit: str) -> str:
        ends = (None if end is None else Fraction(end) for end in (low, high))
        return bound_words(Bound(*ends, unit))

    assert words("1", "1", "d") == "1 day"
    assert words(None, "8", "wk") == "up to 8 weeks"
    assert words("1", None, "wk") == "at least 1 week"
    assert words("2", None, "wk") == "at least 2 weeks"
    assert words(None, None, "mo") == "at least 0 months"
    assert words("2", "4", "dose") == "2–4 doses"


@pytest.mark.parametrize(("clearance", "amount"), [("61", 430), ("125", 750), ("124.5", 750)])
def test_a_target_area_rounds_the_clearance_to_one(clearance: str, amount: int) -> None:
    working = worked(a_rule(a_dose("5", unit="AUC")), a_patient(clearance=f"{clearance} mL/min"))

    assert working.dose.high == amount
    assert "held" not in working.steps[0].text


def test_a_maximum_shared_among_one_or_more_doses_says_how() -> None:
    def caps(n: int) -> str:
        rule = a_rule(
            a_dose("10", unit="mg", kind=DoseKind.PER_DAY),
            calculate=Calculate(max_single=an_amount("50 mg")),
            schedule=Schedule(frequencies=(Frequency(n, 1, "d"),)),
        )
        step = worked(rule, a_patient()).step(StepName.CAPS)
        assert step is not None
        return step.text

    assert caps(1) == "max 50 mg per dose: not reached"
    assert caps(2) == "max 50 mg per dose × 2 = 100 mg: not reached"


def test_an_upper_bound_alone_stays_one_below_a_maximum() -> None:
    rule = a_rule(
        a_dose(None, "100", unit="mg"), calculate=Calculate(max_single=an_amount("50 mg"))
    )

    dose = worked(rule, a_patient()).dose

    assert (dose.low, dose.high) == (None, 50)


def test_a_limit_of_the_total_in_plain_milligrams_is_worded_without_a_basis() -> None:
    limit = Cumulative(scope="course", unit="mg", basis="", soft_max=None, hard_max=Fraction(500))
    rule = a_rule(a_dose("100", unit="mg"), cumulative=limit)

    step = worked(rule, a_patient(previous="")).step(StepName.TOTAL)

    assert step is not None
    assert step.text == "each dose of 100 adds 100 mg; above 500 (hard) from dose 6"
    over = refused(rule, a_patient(previous=""), Plan(doses=6))
    assert over.code is RefusalCode.LIMIT
    assert worked(rule, a_patient(previous=""), Plan(doses=5)).step(StepName.TOTAL) is not None
