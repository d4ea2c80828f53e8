"""The calculation properties of the specification, section 15, on generated rules and people."""

from __future__ import annotations

import re
from fractions import Fraction

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.model import Bound
from assistant.dosing.patient import Patient, Plan, Working, read_patient, render_working
from assistant.dosing.patient.model import StepName
from assistant.dosing.table.model import Calculate, Cumulative, DoseKind, Rule, Schedule
from tests.builders_patients import (
    TODAY,
    WEEKLY,
    a_dose,
    a_patient,
    a_rule,
    an_amount,
    etoposide_draft,
    result,
    worked,
)
from tests.unit.dosing.patient.reference import Person
from tests.unit.dosing.patient.test_second_implementation import invented, patient, people, tenths

AMOUNTS = tenths(1, 200)
WEIGHTS = tenths(45, 150)
FACTORS = st.integers(2, 9)


def given_amount(rule: Rule, person: Patient) -> Fraction:
    return worked(rule, person).dose.high


def adult(kg: Fraction, cm: str = "170") -> Patient:
    return a_patient(weight=f"{float(kg)} kg", height=f"{cm} cm")


@given(AMOUNTS, FACTORS, st.sampled_from(["mg", "mg/kg", "mg/m2"]))
def test_a_dose_is_linear_in_the_rule_s_amount_before_maxima(
    amount: Fraction, times: int, unit: str
) -> None:
    once = given_amount(a_rule(a_dose(str(amount), unit=unit)), a_patient())
    often = given_amount(a_rule(a_dose(str(amount * times), unit=unit)), a_patient())

    assert often == once * times


@given(AMOUNTS, WEIGHTS, st.integers(1, 3))
def test_a_dose_is_linear_in_the_size_before_maxima(
    amount: Fraction, kg: Fraction, times: int
) -> None:
    assume(kg * times <= 200)
    rule = a_rule(a_dose(str(amount), unit="mg/kg"))
    tall = "200"

    assert (
        given_amount(rule, adult(kg * times, tall)) == given_amount(rule, adult(kg, tall)) * times
    )
    surface = worked(a_rule(a_dose(str(amount))), adult(kg)).step(StepName.SIZE)
    assert surface is not None
    assert surface.output is not None
    assert given_amount(a_rule(a_dose(str(amount))), adult(kg)) == amount * surface.output.high


@settings(max_examples=300, deadline=None)
@given(invented(), people())
def test_no_dose_lies_above_a_maximum_and_rounding_stays_within_its_bound(
    rule: Rule, person: Person
) -> None:
    working = result(rule, patient(person, rule.drug))
    assume(isinstance(working, Working))

    caps, rounding = working.step(StepName.CAPS), working.step(StepName.ROUNDING)
    for most in caps.inputs:
        assert working.dose.high <= most.value.high
    before = rounding.inputs[0].value
    allowed = min(rule.calculate.max_change_percent, Fraction(10))  # type: ignore[union-attr]
    ends = ((before.low, working.dose.low), (before.high, working.dose.high))
    for old, new in ends:
        if old is not None:
            assert abs(new - old) * 100 <= allowed * old
            assert new > 0
    assert working.dose.low is None or working.dose.low <= working.dose.high


@given(tenths(50, 120), tenths(150, 200), st.integers(30, 400), AMOUNTS)
def test_the_unit_in_which_a_value_was_typed_never_matters(
    kg: Fraction, cm: Fraction, micromol: int, amount: Fraction
) -> None:
    def person(weight: str, height: str, creatinine: str) -> Patient:
        found = read_patient(
            {
                "age": "70 years",
                "sex": "male",
                "weight": weight,
                "height": height,
                "creatinine": creatinine,
                "previous": "etoposide 600 mg/m2",
            },
            TODAY,
        )
        assume(isinstance(found, Patient))
        assert isinstance(found, Patient)
        return found

    one = person(f"{float(kg)} kg", f"{float(cm)} cm", f"{micromol} µmol/L")
    two = person(f"{int(kg * 1000)} g", f"{float(cm) / 100:.3f} m", f"{micromol} umol/L")

    for rule in (etoposide_draft(), a_rule(a_dose(str(amount)))):
        plan = Plan(frequency=WEEKLY, kidney_weight="actual")
        outcomes = [result(rule, who, plan if rule.adjust else None) for who in (one, two)]
        if isinstance(outcomes[0], Refusal):
            assert {o.code for o in outcomes} == {outcomes[0].code}
        else:
            assert len({o.dose for o in outcomes}) == 1


@given(st.integers(1, 40))
def test_creatinine_in_mg_dl_and_in_micromol_gives_the_same_dose(tenths_mg: int) -> None:
    written = Fraction(tenths_mg, 10)
    milligrams = a_patient(creatinine=f"{float(written)} mg/dL")
    micromol = a_patient(creatinine=f"{float(written * Fraction(884, 10)):.2f} µmol/L")

    one, two = result(etoposide_draft(), milligrams), result(etoposide_draft(), micromol)

    if isinstance(one, Working):
        assert one.dose == two.dose
        kidney = one.step(StepName.ORGAN), two.step(StepName.ORGAN)
        assert kidney[0].text == kidney[1].text  # type: ignore[union-attr]
    else:
        assert one.code is two.code


@given(st.integers(1, 9000))
def test_a_rule_in_grams_and_one_in_milligrams_give_the_same_amount(amount: int) -> None:
    def rule(unit: str, factor: int) -> Rule:
        return a_rule(
            a_dose(str(Fraction(amount, factor)), unit=f"{unit}/m2"),
            calculate=Calculate(max_single=an_amount("5 g"), round_step=an_amount("50 mg")),
        )

    milligrams = worked(rule("mg", 1), a_patient()).dose
    grams = worked(rule("g", 1000), a_patient()).dose

    assert milligrams.high == grams.high * 1000


_NUMBER = r"≈? ?[\d,]+(?:\.\d+)?"
_SPAN = rf"(?:{_NUMBER}–)?{_NUMBER}"
_PRODUCT = re.compile(
    rf"(?P<left>{_SPAN})[^×=;:()]* (?P<sign>[×/]) (?P<right>{_SPAN})[^×=;:()]*= (?:up to )?"
    rf"(?P<out>{_SPAN})"
)


def numbers(text: str) -> list[tuple[Fraction, bool]]:
    parts = text.split("–")
    return [(Fraction(p.strip("≈ ").replace(",", "")), "≈" in p) for p in parts]


def products(text: str) -> list[str]:
    """The products and quotients of a printed line that do not come out as printed."""
    wrong = []
    for match in _PRODUCT.finditer(text):
        left, right, out = (numbers(match[name]) for name in ("left", "right", "out"))
        pairs = [(left[-1], right[-1], out[-1])]
        if "up to" not in match.group():
            pairs.append((left[0], right[0], out[0]))
        for (a, about_a), (b, about_b), (c, about_c) in pairs:
            exact = a * b if match["sign"] == "×" else a / b
            slack = Fraction(0)
            if about_a or about_b or about_c:
                slack = Fraction(1, 1000) * (max(b, 1) if match["sign"] == "×" else 1) + Fraction(
                    1, 1000
                )
            if abs(exact - c) > slack:
                wrong.append(match.group())
    return wrong


@settings(max_examples=300, deadline=None)
@given(invented(), people())
def test_the_printed_working_recomputes_to_the_printed_result(rule: Rule, person: Person) -> None:
    working = result(rule, patient(person, rule.drug))
    assume(isinstance(working, Working))

    for step in working.steps:
        if step.name is not StepName.SIZE:
            assert products(step.text) == [], step.text
        for number in re.findall(r"√\(([\d.]+) × ([\d.]+) / 3600\) = ([\d.]+) m²", step.text):
            height, weight, area = (Fraction(part) for part in number)
            square = height * weight / 3600
            half = Fraction(1, 200)
            assert (area - half) ** 2 <= square < (area + half) ** 2


def test_the_recomputation_would_notice_a_wrong_line() -> None:
    assert products("50–100 mg/m² × 1.84 m² = 92–184 mg per dose") == []
    assert products("50–100 mg/m² × 1.84 m² = 92–185 mg per dose") != []
    assert products("max 200 mg per day / 2 = 100 mg: reached") == []
    assert products("max 200 mg per day / 2 = 110 mg: reached") != []
    text = render_working(worked(etoposide_draft(), a_patient(clearance="40 mL/min")))
    assert len(_PRODUCT.findall(text)) == 2  # dose and hard limit


@given(
    st.integers(0, 4000), st.integers(1, 20), st.sampled_from(["25", "50", "100", "150", "166.7"])
)
def test_totals_are_summed_as_milligrams_per_m2_whatever_the_size_is_today(
    before: int, doses: int, amount: str
) -> None:
    limit = Cumulative(
        scope="lifetime", unit="g", basis="m2", soft_max=Fraction(2), hard_max=Fraction(3)
    )
    rule = a_rule(a_dose(amount), cumulative=limit, schedule=Schedule(frequencies=(WEEKLY,)))
    after = before + Fraction(amount) * doses

    for weight in ("50 kg", "120 kg"):
        found = result(
            rule,
            a_patient(previous=f"exampline {before} mg/m2", weight=weight),
            Plan(doses=doses),
        )
        if after > 3000:
            assert found.code is RefusalCode.LIMIT
        else:
            assert found.step(StepName.TOTAL).output.high == after / 1000
            soft = any("soft limit" in notice for notice in found.notices)
            assert soft == (after > 2000)


@given(AMOUNTS, st.integers(2, 5), st.integers(0, 3))
def test_a_course_split_over_days_adds_up(amount: Fraction, days: int, more: int) -> None:
    split = Bound(Fraction(days), Fraction(days + more), "d")
    rule = a_rule(
        a_dose(str(amount), unit="g/kg", kind=DoseKind.PER_COURSE),
        schedule=Schedule(split_over=split),
    )

    text = str(worked(rule, a_patient()).steps[-1].text)

    parts = re.findall(rf"({_NUMBER}) g per day over (\d+) days", text)
    assert [int(n) for _, n in parts] == list(dict.fromkeys((days, days + more)))
    for part, n in parts:
        ((value, about),) = numbers(part)
        slack = Fraction(int(n), 2000) if about else Fraction(0)
        assert abs(value * int(n) - amount * 70) <= slack
