"""The calculation against a second implementation that was written from the document."""

from __future__ import annotations

import math
from collections import Counter
from datetime import timedelta
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dosing.calculators.body import Sex
from assistant.dosing.calculators.convert import Analyte, Measured
from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.model import Frequency
from assistant.dosing.patient import CalculationPolicy, Patient, Plan, Working, calculate
from assistant.dosing.patient.model import Age, Dated, StepName
from assistant.dosing.table.model import (
    Action,
    Amount,
    Calculate,
    DoseKind,
    DoseRange,
    Rule,
    Schedule,
)
from tests.builders_patients import TODAY, a_band, a_rule, bundled_table
from tests.unit.dosing.patient.reference import Expected, Person, expected

UNITS = {
    Analyte.WEIGHT: "kg",
    Analyte.HEIGHT: "cm",
    Analyte.CREATININE: "mg/dL",
    Analyte.CLEARANCE: "mL/min",
    Analyte.INDEXED_RATE: "mL/min/1.73 m²",
    Analyte.DOSE_PER_SURFACE: "mg/m²",
}


def rules() -> tuple[Rule, ...]:
    """Every rule of the bundled library."""
    return tuple(bundled_table().rules.values())


def tenths(low: int, high: int) -> st.SearchStrategy[Fraction]:
    return st.integers(low * 10, high * 10).map(lambda n: Fraction(n, 10))


def maybe(values: st.SearchStrategy[Fraction]) -> st.SearchStrategy[Fraction | None]:
    return st.none() | values


EDGES = st.sampled_from([Fraction(n) for n in (14, 15, 16, 29, 30, 31, 49, 50, 51)])


@st.composite
def people(draw: st.DrawFn) -> Person:
    """Mostly plausible people of every age, some with what must be refused."""
    years = draw(st.one_of(tenths(18, 90), tenths(0, 18), st.integers(0, 90).map(Fraction)))
    if years < 18:
        growth = math.sqrt(float(years) / 18)
        cm = Fraction(round(50 + 115 * growth)) + draw(tenths(-5, 5))
        kg = cm * cm * Fraction(draw(st.integers(13, 19))) / 10_000
    else:
        cm, index = draw(tenths(145, 200)), draw(st.integers(15, 45))
        kg = cm * cm * index / 10_000
    kg = Fraction(round(kg * 10), 10) + draw(st.sampled_from([Fraction(0)] * 9 + [Fraction(60)]))
    return Person(
        years=years,
        male=draw(st.booleans()),
        cm=draw(st.sampled_from([cm] * 9 + [None])),
        kg=kg,
        creatinine=draw(maybe(st.integers(3, 60).map(lambda n: Fraction(n, 10)))),
        clearance=draw(maybe(EDGES | tenths(0, 200))),
        indexed=draw(maybe(tenths(0, 200))),
        before=draw(maybe(st.integers(0, 32).map(lambda n: Fraction(n * 100)))),
        weighed=draw(st.sampled_from([0, 0, 0, 30, 31])),
        tested=draw(st.sampled_from([0, 0, 0, 7, 8])),
        unstable=draw(st.sampled_from([False] * 6 + [True])),
    )


def patient(person: Person, drug: str) -> Patient:
    def dated(analyte: Analyte, value: Fraction | None, days: int = 0) -> Dated | None:
        if value is None:
            return None
        return Dated(Measured(analyte, value, value, UNITS[analyte]), TODAY - timedelta(days=days))

    before = dated(Analyte.DOSE_PER_SURFACE, person.before)
    return Patient(
        age=Age(person.years, f"{float(person.years)} years"),
        sex=Sex.MALE if person.male else Sex.FEMALE,
        height=dated(Analyte.HEIGHT, person.cm),
        weight=dated(Analyte.WEIGHT, person.kg, person.weighed),
        creatinine=dated(Analyte.CREATININE, person.creatinine, person.tested),
        clearance=dated(Analyte.CLEARANCE, person.clearance, person.tested),
        egfr=dated(Analyte.INDEXED_RATE, person.indexed, person.tested),
        previous={} if before is None else {drug: before},
        creatinine_changing=person.unstable,
    )


def compare(rule: Rule, person: Person, plan: Plan | None = None) -> str:
    """Assert that both agree; the code of the refusal, or "" for a dose."""
    ours = calculate(
        rule,
        patient(person, rule.drug),
        policy=CalculationPolicy.UNREVIEWED_WITH_NOTICE,
        today=TODAY,
        plan=plan or Plan(),
    )
    theirs = expected(rule, person)
    if isinstance(ours, Refusal):
        assert str(ours.code) in theirs.codes, (ours, theirs, rule.id, person)
        return str(ours.code)
    assert not theirs.codes, (rule.id, theirs, ours.dose, person)
    agree(rule, ours, theirs)
    return ""


def agree(rule: Rule, ours: Working, theirs: Expected) -> None:
    assert (ours.dose.low, ours.dose.high) == (theirs.low, theirs.high), (rule.id, ours, theirs)
    step = ours.step(StepName.TOTAL)
    assert (step is None) == (theirs.total is None)
    if step is not None and step.output is not None:
        assert step.output.high == theirs.total, (rule.id, step, theirs)


@settings(max_examples=15, deadline=None)
@given(people())
def test_every_rule_of_the_library_for_generated_people(person: Person) -> None:
    for rule in rules():
        compare(rule, person)


@settings(max_examples=15, deadline=None)
@given(people())
def test_every_rule_of_the_library_when_it_was_chosen(person: Person) -> None:
    for rule in rules():
        free = rule if not rule.conflicts_with else Rule(**{**fields(rule), "conflicts_with": ()})
        compare(free, person)


def fields(rule: Rule) -> dict[str, object]:
    return {name: getattr(rule, name) for name in rule.__dataclass_fields__}


def test_the_generated_people_reach_doses_and_refusals_of_most_kinds() -> None:
    reached: Counter[str] = Counter()

    @settings(max_examples=30, deadline=None, database=None, derandomize=True)
    @given(people())
    def run(person: Person) -> None:
        for rule in rules()[::3]:
            reached[compare(rule, person)] += 1

    run()

    wanted = {"", "CONTEXT", "CONFLICT", "STALE", "AGE_WEIGHT", "MISSING", "NO_DOSE"}
    wanted |= {"CHILD_CLEARANCE", "CUMULATIVE_UNKNOWN", "LIMIT", "BACKGROUND", "UNSTABLE"}
    assert wanted <= set(reached), reached
    assert reached[""] > 100


KINDS = st.sampled_from([DoseKind.PER_ADMINISTRATION, DoseKind.PER_DAY])
OFTEN = st.sampled_from(
    [
        (),
        (Frequency(1, 1, "d"),),
        (Frequency(2, 1, "d"),),
        (Frequency(1, 1, "wk"),),
        (Frequency(1, 6, "h", period_max=12),),
        (Frequency(1, 1, "d"), Frequency(3, 1, "d")),
    ]
)


@st.composite
def invented(draw: st.DrawFn) -> Rule:
    """A rule with maxima, rounding and kidney bands that no rule of the library combines."""
    basis = draw(st.sampled_from(["", "kg", "m2"]))
    high = draw(tenths(1, 200))
    low = draw(st.sampled_from([None, high, high / 2, high / 10]))
    caps = [draw(st.none() | st.integers(1, 4000).map(Fraction)) for _ in range(2)]
    unit = draw(st.sampled_from(["mg", "g"]))
    scale = {"mg": Fraction(1), "g": Fraction(1, 1000)}[unit]
    step = draw(st.none() | st.sampled_from([Fraction(n, 2) for n in (1, 5, 10, 20, 50)]))
    single, daily = (None if c is None else Amount(c * scale, unit) for c in caps)
    return a_rule(
        DoseRange(
            kind=draw(KINDS),
            unit="mg",
            basis=basis,
            low=low,
            high=high,
            hard_max=draw(st.sampled_from([None, high, high * 2])),
        ),
        schedule=Schedule(frequencies=draw(OFTEN)),
        adjust=draw(
            st.sampled_from(
                [
                    (),
                    (
                        a_band("15", "50", action=Action.MULTIPLY, factor=Fraction(3, 4)),
                        a_band("", "15", action=Action.REFUSE),
                    ),
                    (a_band("15", "50", action=Action.MULTIPLY, factor=Fraction(1, 2)),),
                ]
            )
        ),
        calculate=Calculate(
            max_single=single,
            max_daily=daily,
            round_step=None if step is None else Amount(step * scale, unit),
            max_change_percent=draw(st.sampled_from([Fraction(n) for n in (0, 5, 10, 50)])),
        ),
    )


@settings(max_examples=300, deadline=None)
@given(invented(), people())
def test_invented_rules_with_maxima_bands_and_rounding(rule: Rule, person: Person) -> None:
    compare(rule, person)
