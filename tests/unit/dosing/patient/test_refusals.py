"""Every reason for which nothing is calculated, each reached, with its words."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from assistant.dosing.calculators.errors import CalculationRefused, RefusalCode
from assistant.dosing.model import Frequency
from assistant.dosing.patient import (
    CalculationPolicy,
    Plan,
    missing_inputs,
    render_refusal,
)
from assistant.dosing.patient.size import named_weight
from assistant.dosing.table.model import (
    Action,
    Calculate,
    Context,
    Cumulative,
    DoseKind,
    Population,
    Reviewer,
    Rule,
    RuleKind,
    Schedule,
    Status,
)
from corpus.model import Verification
from tests.builders_patients import (
    DAILY,
    REDUCED,
    TODAY,
    TWICE_DAILY,
    WEEKLY,
    a_band,
    a_child,
    a_dose,
    a_patient,
    a_rule,
    an_amount,
    etoposide_draft,
    refused,
    worked,
)

REVIEWER = Reviewer(name="A. B.", role="pharmacist", registration="1", on=TODAY)


def renal(**fields: object) -> Rule:
    return a_rule(a_dose("100"), adjust=(REDUCED,), **fields)


def reviewed(**fields: object) -> Rule:
    return a_rule(a_dose("10"), status=Status.REVIEWED, reviewed_by=(REVIEWER,), **fields)


def test_nothing_is_calculated_while_calculations_are_off() -> None:
    found = refused(a_rule(a_dose("10")), a_patient(), policy=CalculationPolicy.OFF)

    assert found.code is RefusalCode.OFF


def test_a_draft_is_refused_when_only_reviewed_rules_may_calculate() -> None:
    found = refused(a_rule(a_dose("10")), a_patient(), policy=CalculationPolicy.REVIEWED_ONLY)

    assert found.code is RefusalCode.UNREVIEWED
    assert "it is not reviewed" in found.message


def test_a_reviewed_rule_names_its_reviewer_and_carries_no_notice() -> None:
    working = worked(reviewed(), a_patient(), policy=CalculationPolicy.REVIEWED_ONLY)

    assert working.reviewers == ("A. B., pharmacist",)
    assert working.notices == ()


def test_a_reviewed_rule_past_its_date_counts_as_unreviewed() -> None:
    rule = reviewed(effective_from=date(2025, 1, 1), review_due=date(2026, 11, 21))

    found = refused(rule, a_patient(), policy=CalculationPolicy.REVIEWED_ONLY)
    working = worked(rule, a_patient())

    assert found.code is RefusalCode.UNREVIEWED
    assert "its review is overdue" in found.message
    assert working.reviewers == ()
    assert any("rule not reviewed by a pharmacist" in notice for notice in working.notices)


@pytest.mark.parametrize("status", [Status.SUSPENDED, Status.RETIRED])
def test_a_suspended_or_retired_rule_never_calculates(status: Status) -> None:
    found = refused(a_rule(a_dose("10"), status=status), a_patient())

    assert found.code is RefusalCode.UNREVIEWED
    assert str(status) in found.message


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (RuleKind.GAP, RefusalCode.NO_DOSE),
        (RuleKind.FORBIDDEN, RefusalCode.LIMIT),
        (RuleKind.WARNING, RefusalCode.CONTEXT),
    ],
)
def test_gaps_forbidden_doses_and_warnings_never_calculate(
    kind: RuleKind, code: RefusalCode
) -> None:
    found = refused(a_rule(a_dose("10"), kind=kind, note="Because of X."), a_patient())

    assert found.code is code
    assert found.message.endswith("Because of X.")


def test_a_rule_without_a_dose_or_a_way_to_calculate_gives_none() -> None:
    assert refused(a_rule(None), a_patient()).code is RefusalCode.NO_DOSE
    assert refused(a_rule(a_dose("10"), calculate=None), a_patient()).code is RefusalCode.NO_DOSE
    rate = a_rule(a_dose("1", unit="ug/kg", kind=DoseKind.RATE))
    assert refused(rate, a_patient()).code is RefusalCode.NO_DOSE


def test_background_knowledge_never_calculates() -> None:
    rule = a_rule(a_dose("10"), verification=Verification.BACKGROUND)

    assert refused(rule, a_patient()).code is RefusalCode.BACKGROUND


def test_rules_that_disagree_need_a_choice_which_is_printed() -> None:
    rule = a_rule(a_dose("10"), conflicts_with=("other.rule",))

    found = refused(rule, a_patient())
    working = worked(rule, a_patient(), Plan(chosen=rule.id))

    assert found.code is RefusalCode.CONFLICT
    assert "exampline.rule and other.rule give different doses" in found.message
    assert "chosen by the user instead of other.rule" in working.notices


def test_an_implausible_body_is_refused_before_anything_else() -> None:
    body = replace(a_patient(weight="80 kg"), height=a_child().height)

    assert refused(a_rule(a_dose("10")), body).code is RefusalCode.IMPLAUSIBLE


def test_a_weight_outside_the_band_of_the_age_is_refused() -> None:
    pounds = replace(a_child(), weight=a_patient(weight="31 kg").weight)

    found = refused(a_rule(a_dose("10", unit="mg/kg")), pounds)

    assert found.code is RefusalCode.AGE_WEIGHT
    assert "pounds" in found.message


@pytest.mark.parametrize(
    ("field", "text", "days"),
    [
        ("weight", "70 kg on 2026-10-22", 30),
        ("creatinine", "88 µmol/L on 2026-11-14", 7),
        ("clearance", "60 mL/min on 2026-11-14", 7),
    ],
)
def test_an_old_measurement_is_refused(field: str, text: str, days: int) -> None:
    found = refused(renal(), a_patient(**{field: text}))

    assert found.code is RefusalCode.STALE
    assert f"at most {days} days" in found.message


def test_a_measurement_exactly_as_old_as_allowed_is_taken_and_a_rule_may_ask_for_less() -> None:
    patient = a_patient(weight="70 kg on 2026-10-23", creatinine="88 µmol/L on 2026-11-15")
    strict = renal(calculate=Calculate(fresh_days={"weight": 29}))

    worked(renal(), patient)

    assert refused(strict, patient).code is RefusalCode.STALE


@pytest.mark.parametrize("field", ["dialysis", "creatinine_changing"])
def test_no_clearance_is_valid_on_dialysis_or_while_the_creatinine_changes(field: str) -> None:
    patient = a_patient(**{field: "yes"}, clearance="60 mL/min")

    found = refused(renal(), patient)

    assert found.code is RefusalCode.UNSTABLE
    worked(a_rule(a_dose("10")), patient)


def test_cockcroft_gault_is_not_used_under_18_years() -> None:
    child = a_child(creatinine="44 µmol/L")

    assert refused(renal(), child).code is RefusalCode.CHILD_CLEARANCE
    assert missing_inputs(renal(), child) == ("measured clearance",)
    worked(renal(), a_child(clearance="60 mL/min"))


def test_a_rate_per_173_without_a_surface_is_not_offered_to_a_rule_in_ml_min() -> None:
    flat = a_rule(a_dose("10", unit="mg"), adjust=(REDUCED,))
    indexed = a_rule(
        a_dose("10", unit="mg"),
        adjust=(replace(REDUCED, variable="gfr_indexed", unit="mL/min/1.73m2"),),
    )

    given = refused(flat, a_patient(egfr="60 mL/min/1.73m2", height=""))
    reverse = refused(indexed, a_patient(clearance="60 mL/min", height=""))

    assert given.code is RefusalCode.INDEXED_GFR
    assert "the rule asks for mL/min." in given.message
    assert reverse.code is RefusalCode.INDEXED_GFR
    assert "the rule asks for mL/min/1.73 m²." in reverse.message


def test_a_rule_per_173_asks_for_that_rate_and_not_for_a_creatinine() -> None:
    indexed = a_rule(
        a_dose("10", unit="mg"),
        adjust=(replace(REDUCED, variable="gfr_indexed", unit="mL/min/1.73m2"),),
    )

    found = refused(indexed, a_patient())

    assert found.code is RefusalCode.MISSING
    assert missing_inputs(indexed, a_patient()) == ("filtration rate per 1.73 m²",)


@pytest.mark.parametrize(
    ("population", "age"),
    [
        (Population(age_min=Fraction(18)), "17 y"),
        (Population(age_below=Fraction(65)), "65 y"),
        (Population(groups=("child",)), "18 y"),
        (Population(groups=("adult",)), "17 y"),
        (Population(groups=("infant",)), "1 y"),
        (Population(groups=("elderly",)), "64 y"),
    ],
)
def test_a_patient_outside_the_rule_s_ages_is_refused(population: Population, age: str) -> None:
    sizes = {"1 y": ("75 cm", "9.5 kg"), "17 y": ("170 cm", "60 kg"), "18 y": ("170 cm", "60 kg")}
    height, weight = sizes.get(age, ("175 cm", "70 kg"))
    rule = a_rule(a_dose("10"), context=Context(population=population))

    found = refused(rule, a_patient(age=age, height=height, weight=weight))

    assert found.code is RefusalCode.CONTEXT


def test_weight_bounds_are_half_open() -> None:
    rule = a_rule(
        a_dose("8", unit="mg/kg"),
        context=Context(population=Population(weight_min=Fraction(70), weight_below=Fraction(80))),
    )

    worked(rule, a_patient(weight="70 kg"))

    assert refused(rule, a_patient(weight="69.9 kg")).code is RefusalCode.CONTEXT
    assert refused(rule, a_patient(weight="80 kg")).code is RefusalCode.CONTEXT


def test_another_indication_pregnancy_only_or_an_unlisted_frequency_is_outside_the_rule() -> None:
    use = a_rule(a_dose("10"), context=Context(indications=("examplitis",)))
    pregnancy = a_rule(a_dose("10"), context=Context(population=Population(groups=("pregnancy",))))
    weekly = a_rule(a_dose("10"), schedule=Schedule(frequencies=(WEEKLY,)))

    assert refused(use, a_patient(), Plan(indication="other")).code is RefusalCode.CONTEXT
    assert refused(pregnancy, a_patient()).code is RefusalCode.CONTEXT
    assert refused(weekly, a_patient(), Plan(frequency=DAILY)).code is RefusalCode.CONTEXT


def test_a_band_that_refuses_and_a_value_between_two_bands_are_outside_the_rule() -> None:
    below = a_band("", "15", action=Action.REFUSE, note="contraindicated")
    apart = a_rule(a_dose("10"), adjust=(a_band("", "15"), a_band("30", "50")))

    refusing = refused(a_rule(a_dose("10"), adjust=(below,)), a_patient(clearance="14 mL/min"))
    between = refused(apart, a_patient(clearance="20 mL/min"))

    assert refusing.code is RefusalCode.CONTEXT
    assert "contraindicated (Alpha2020)" in refusing.message
    assert "between two of its bands" in between.message


def test_the_ends_of_a_band_belong_to_it_as_the_source_says() -> None:
    def factor(clearance: str, **ends: bool) -> Fraction:
        worst = a_band("", "15", high_closed=True, action=Action.NONE)
        rule = a_rule(a_dose("100", unit="mg"), adjust=(replace(REDUCED, **ends), worst))
        return worked(rule, a_patient(clearance=clearance)).dose.high

    assert factor("15 mL/min") == 75
    assert factor("15 mL/min", low_open=True) == 100
    assert factor("50 mL/min") == 100
    assert factor("50 mL/min", high_closed=True) == 75
    assert factor("49.999 mL/min") == 75


def test_two_changes_at_once_are_not_combined() -> None:
    inhibitor = a_band(variable="", when="on X", action=Action.MULTIPLY, factor=Fraction(1, 2))
    rule = a_rule(a_dose("100"), adjust=(REDUCED, inhibitor))

    found = refused(rule, a_patient(clearance="40 mL/min"), Plan(conditions=("on X",)))

    assert found.code is RefusalCode.CONFLICT
    assert "no source says how they combine" in found.message


def test_the_kind_of_weight_is_not_chosen_when_it_decides_the_band() -> None:
    patient = a_patient(
        age="50 y", sex="female", height="168 cm", weight="110 kg", creatinine="1.4 mg/dL"
    )

    found = refused(renal(), patient)

    assert found.code is RefusalCode.CONFLICT
    for value in ("83.5 mL/min with actual", "45.3 mL/min with ideal", "60.5 mL/min with adjusted"):
        assert value in found.message


def test_a_lifetime_limit_asks_for_the_total_before() -> None:
    rule = etoposide_draft()

    found = refused(rule, a_patient(previous=""))

    assert found.code is RefusalCode.CUMULATIVE_UNKNOWN
    assert "2 g/m² (soft), 3 g/m² (hard)" in found.message
    assert missing_inputs(rule, a_patient(previous="")) == ("previous total of etoposide",)


def test_a_background_limit_of_the_total_asks_for_nothing() -> None:
    limit = Cumulative(
        scope="lifetime",
        unit="g",
        basis="m2",
        soft_max=Fraction(2),
        hard_max=None,
        verification=Verification.BACKGROUND,
    )

    worked(a_rule(a_dose("10"), cumulative=limit), a_patient(previous=""))


def test_a_total_beyond_the_hard_limit_is_refused() -> None:
    found = refused(
        etoposide_draft(),
        a_patient(previous="etoposide 2.4 g/m2"),
        Plan(frequency=WEEKLY, doses=7),
    )

    assert found.code is RefusalCode.LIMIT
    assert "make 3.1 g/m², beyond the hard limit of 3 g/m²" in found.message
    worked(
        etoposide_draft(),
        a_patient(previous="etoposide 2.4 g/m2"),
        Plan(frequency=WEEKLY, doses=6),
    )


def test_an_amount_beyond_the_hard_limit_is_refused_and_not_capped() -> None:
    doubled = a_band("15", "200", action=Action.MULTIPLY, factor=Fraction(2))
    rule = a_rule(a_dose("100", hard="150"), adjust=(doubled,))

    found = refused(rule, a_patient())

    assert found.code is RefusalCode.LIMIT
    assert "368 mg per dose is beyond the hard limit" in found.message


def test_a_forbidden_frequency_is_beyond_the_limit() -> None:
    rule = a_rule(
        a_dose("15", unit="mg"),
        schedule=Schedule(frequencies=(WEEKLY,), forbidden_frequencies=(DAILY,)),
    )

    assert refused(rule, a_patient(), Plan(frequency=DAILY)).code is RefusalCode.LIMIT
    every_24_h = Plan(frequency=Frequency(1, 24, "h"))
    assert refused(rule, a_patient(), every_24_h).code is RefusalCode.LIMIT


def test_a_maximum_in_another_unit_is_a_refusal_and_not_ignored() -> None:
    rule = a_rule(a_dose("10", unit="U/kg"), calculate=Calculate(max_single=an_amount("5 mg")))

    assert refused(rule, a_patient()).code is RefusalCode.LIMIT


def test_every_missing_input_is_asked_for_by_name_with_what_it_would_change() -> None:
    rule = etoposide_draft()
    nobody = a_patient(age="", sex="", height="", weight="", creatinine="")

    found = refused(rule, nobody)

    assert found.code is RefusalCode.MISSING
    assert missing_inputs(rule, nobody) == ("weight", "height", "age", "creatinine", "sex")
    assert "height (for the body surface" in found.message
    assert "creatinine clearance from 15 to 50 mL/min: × 0.75" in found.message
    assert render_refusal(found).startswith("Refused  MISSING: ")


def test_only_what_the_rule_needs_is_asked_for() -> None:
    nobody = a_patient(age="", sex="", height="", weight="", creatinine="")

    assert missing_inputs(a_rule(a_dose("10", unit="mg")), nobody) == ()
    assert missing_inputs(a_rule(a_dose("10", unit="mg/kg")), nobody) == ("weight",)
    ideal = a_rule(a_dose("10", unit="mg/kg"), calculate=Calculate(weight="ideal"))
    assert missing_inputs(ideal, nobody) == ("weight", "height", "sex", "age")
    both = a_rule(
        a_dose("10", unit="mg"), context=Context(population=Population(groups=("adult", "child")))
    )
    assert missing_inputs(both, nobody) == ()
    liver = a_band("", "51", variable="bilirubin", unit="umol/L")
    assert missing_inputs(a_rule(a_dose("1", unit="mg"), adjust=(liver,)), nobody) == ("bilirubin",)


def test_a_required_frequency_that_the_rule_leaves_open_is_asked_for() -> None:
    rule = a_rule(
        a_dose("10"),
        schedule=Schedule(frequencies=(WEEKLY, TWICE_DAILY), frequency_required=True),
    )

    found = refused(rule, a_patient())

    assert found.code is RefusalCode.MISSING
    assert "once weekly or twice daily" in found.message


def test_ideal_weight_is_refused_where_its_formula_is_not_valid() -> None:
    rule = a_rule(a_dose("10", unit="mg/kg"), calculate=Calculate(weight="ideal"))

    assert refused(rule, a_patient(height="150 cm", weight="50 kg")).code is RefusalCode.CONTEXT
    assert worked(rule, a_patient()).dose.high == 705


@pytest.mark.parametrize("missing", ["weight", "sex", "height"])
def test_a_named_weight_says_which_input_it_lacks(missing: str) -> None:
    patient = a_patient(**{missing: ""})

    with pytest.raises(CalculationRefused, match=f"The {missing} is missing. Give it"):
        named_weight(patient, "ideal")
