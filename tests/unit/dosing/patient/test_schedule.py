"""A regimen over its weeks or days: nothing left out, nothing counted twice, no total too high."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

from assistant.dosing.calculators.errors import RefusalCode
from assistant.dosing.model import Bound, Frequency
from assistant.dosing.patient import (
    CalculationPolicy,
    Patient,
    Plan,
    ScheduleTable,
    render_schedule,
    schedule,
)
from assistant.dosing.table.model import (
    Action,
    Cumulative,
    DoseKind,
    Regimen,
    RegimenStep,
    Rule,
    RuleKind,
    RuleSource,
    Schedule,
)
from corpus.model import Verification
from tests.builders_patients import (
    DAILY,
    MIDDLE,
    TODAY,
    TWICE_DAILY,
    TWICE_WEEKLY,
    WEEKLY,
    a_band,
    a_dose,
    a_patient,
    a_rule,
    bundled_table,
)

START = date(2026, 11, 30)
LIFETIME = Cumulative(
    scope="lifetime", unit="g", basis="m2", soft_max=Fraction(2), hard_max=Fraction(3)
)
INDUCTION = """\
HLH-94 induction, as in HLH-2004 but without ciclosporin
Week  Dates                  Drug           Dose                How often     Doses  Total
1     2026-11-30–2026-12-06  dexamethasone  10 mg/m² per day    once daily    7      70 mg/m²
1     2026-11-30–2026-12-06  etoposide      150 mg/m² per dose  twice weekly  2      300 mg/m²
2     2026-12-07–2026-12-13  dexamethasone  10 mg/m² per day    once daily    7      140 mg/m²
2     2026-12-07–2026-12-13  etoposide      150 mg/m² per dose  twice weekly  2      600 mg/m²
3     2026-12-14–2026-12-20  dexamethasone  5 mg/m² per day     once daily    7      175 mg/m²
3     2026-12-14–2026-12-20  etoposide      150 mg/m² per dose  once weekly   1      750 mg/m²
4     2026-12-21–2026-12-27  dexamethasone  5 mg/m² per day     once daily    7      210 mg/m²
4     2026-12-21–2026-12-27  etoposide      150 mg/m² per dose  once weekly   1      900 mg/m²
5     2026-12-28–2027-01-03  dexamethasone  2.5 mg/m² per day   once daily    7      227.5 mg/m²
5     2026-12-28–2027-01-03  etoposide      150 mg/m² per dose  once weekly   1      1,050 mg/m²
6     2027-01-04–2027-01-10  dexamethasone  2.5 mg/m² per day   once daily    7      245 mg/m²
6     2027-01-04–2027-01-10  etoposide      150 mg/m² per dose  once weekly   1      1,200 mg/m²
7     2027-01-11–2027-01-17  dexamethasone  1.25 mg/m² per day  once daily    7      253.75 mg/m²  \
Tapered to zero in week 8.
7     2027-01-11–2027-01-17  etoposide      150 mg/m² per dose  once weekly   1      1,350 mg/m²
8     2027-01-18–2027-01-24  etoposide      150 mg/m² per dose  once weekly   1      1,500 mg/m²"""


def regimens() -> dict[str, Regimen]:
    """The regimens of the bundled library."""
    return dict(bundled_table().regimens)


def library_table(name: str, **fields: Any) -> ScheduleTable:
    return schedule(regimens()[name], bundled_table().rules, **fields)


def table_of(*steps: tuple[Rule, str], patient: Patient | None = None, **fields: Any) -> Any:
    """The table of a regimen of invented rules: "w1-2" are weeks, "d1-5" days."""
    regimen = Regimen(
        id="regimen",
        name="A regimen",
        steps=tuple(
            RegimenStep(
                rule=rule.id,
                weeks=when[1:] if when.startswith("w") else "",
                days=when[1:] if when.startswith("d") else "",
            )
            for rule, when in steps
        ),
        source=RuleSource(key="Alpha2020"),
    )
    plain: dict[str, Any] = {"policy": MIDDLE, "today": TODAY}
    by_id = {rule.id: rule for rule, _ in steps}
    return schedule(regimen, by_id, patient, **{**plain, **fields})


def counts(table: ScheduleTable) -> list[tuple[Fraction | None, Fraction] | None]:
    return [None if r.doses is None else (r.doses.low, r.doses.high) for r in table.rows]


def totals(table: ScheduleTable) -> list[Fraction | None]:
    return [None if row.total is None else row.total.high for row in table.rows]


def test_the_induction_is_printed_with_every_step_of_the_taper() -> None:
    assert render_schedule(library_table("hlh-94.induction", start=START)) == INDUCTION


def test_without_a_first_day_the_weeks_are_numbered_only() -> None:
    lines = render_schedule(library_table("hlh-94.induction")).splitlines()

    assert lines[1] == "Week  Drug           Dose                How often     Doses  Total"
    assert lines[2].startswith("1     dexamethasone  10 mg/m² per day")


def test_no_step_of_any_regimen_of_the_library_is_left_out() -> None:
    known = regimens()
    assert len(known) == 12
    for name, regimen in known.items():
        rows = {row.rule for row in library_table(name).rows}
        assert rows == {step.rule for step in regimen.steps}, name


def test_a_step_from_a_day_among_weeks_stands_in_its_week() -> None:
    table = library_table("hlh-2004.induction", start=START)

    row = next(row for row in table.rows if row.drug == "ciclosporin")
    assert (row.first, row.last, row.from_date, row.to_date) == (1, None, START, None)
    assert row.note == "With normal kidney function."


def test_a_step_without_a_week_or_day_keeps_its_row_and_its_note() -> None:
    table = library_table("dep", start=START)

    row = next(row for row in table.rows if row.drug == "etoposide")
    assert (row.first, row.from_date, row.doses, row.total) == (0, None, None, None)
    assert row.note == "Once weekly through the 2-week course."
    last = render_schedule(table).splitlines()[-1]
    assert last.startswith("see note ")
    assert "100 mg/m² per dose  once weekly" in last


def test_an_amount_per_day_is_counted_on_its_days_and_not_once_a_cycle() -> None:
    table = library_table("chop")

    row = next(row for row in table.rows if row.drug == "prednisone")
    assert counts(table)[-1] == (5, 5)
    assert row.total is not None
    assert row.total.high == 500


def test_single_days_and_stretches_of_days_add_up_to_the_course() -> None:
    assert totals(library_table("visceral-leishmaniasis.immunosuppressed")) == [
        20, 24, 28, 32, 36, 40,
    ]  # fmt: skip
    assert totals(library_table("visceral-leishmaniasis.immunocompetent"))[-1] == 21
    assert totals(library_table("emapalumab.stills-mas")) == [6, 21, None]
    assert totals(library_table("hospital-algorithm.child.methylprednisolone")) == [90, None]


def test_a_second_hand_rule_says_who_reports_it_also_without_a_patient() -> None:
    text = render_schedule(library_table("chop"))

    assert text.splitlines()[-1] == "Note: reported by DrOracle519545"
    assert text.count("reported by") == 1


def test_a_background_rule_is_marked_and_never_worked_out() -> None:
    rule = a_rule(a_dose("10"), verification=Verification.BACKGROUND)

    table = table_of((rule, "w1"), patient=a_patient())

    assert table.notices == ("background knowledge, read in no source",)
    assert [refusal.code for _, refusal in table.refusals] == [RefusalCode.BACKGROUND]
    assert table.workings == ()


def induction(**fields: Any) -> tuple[Rule, Rule]:
    """Weeks 1-2 twice weekly, weeks 3-8 weekly, of one drug with a lifetime limit."""
    start = a_rule(
        a_dose("150"),
        id="start",
        cumulative=LIFETIME,
        schedule=Schedule(frequencies=(TWICE_WEEKLY,), counts=Bound(Fraction(4), Fraction(4))),
        **fields,
    )
    later = a_rule(
        a_dose("150"),
        id="later",
        cumulative=LIFETIME,
        schedule=Schedule(frequencies=(WEEKLY,), counts=Bound(Fraction(6), Fraction(6))),
        **fields,
    )
    return start, later


def test_a_total_over_the_whole_regimen_is_held_against_the_lifetime_limit() -> None:
    start, later = induction()
    patient = a_patient(previous="exampline 2.0 g/m2")

    table = table_of((start, "w1-2"), (later, "w3-8"), patient=patient)

    assert [working.rule_id for working in table.workings] == ["start"]
    ((rule, refusal),) = table.refusals
    assert rule == "later"
    assert refusal.code is RefusalCode.LIMIT
    assert "2.6 g/m² before and the planned doses make 3.5 g/m²" in refusal.message
    fits = table_of(
        (start, "w1-2"), (later, "w3-8"), patient=a_patient(previous="exampline 1.5 g/m2")
    )
    assert fits.refusals == ()
    assert "given before 2.1 g/m²" in str(fits.workings[1].steps[-1].text)


def test_an_open_step_leaves_the_total_of_the_later_ones_unknown() -> None:
    start, later = induction()

    table = table_of((start, "w1-"), (later, "w9-14"), patient=a_patient())

    assert [refusal.code for _, refusal in table.refusals] == [RefusalCode.CUMULATIVE_UNKNOWN]


def test_the_total_counts_what_this_patient_would_get_after_the_change_for_the_kidney() -> None:
    band = a_band("15", "50", action=Action.MULTIPLY, factor=Fraction(3, 4))
    start, later = induction(adjust=(band,))
    patient = a_patient(clearance="40 mL/min", previous="exampline 0 mg/m2")

    table = table_of((start, "w1-2"), (later, "w3-8"), patient=patient)

    assert totals(table)[-1] == 1125
    assert table.rows[0].dose == "207 mg per dose"


def test_choosing_a_regimen_chooses_every_rule_of_it() -> None:
    start, later = induction(conflicts_with=("other",))
    steps = ((start, "w1-2"), (later, "w3-8"))

    unchosen = table_of(*steps, patient=a_patient())
    chosen = table_of(*steps, patient=a_patient(), plan=Plan(chosen="regimen"))

    assert {refusal.code for _, refusal in unchosen.refusals} == {RefusalCode.CONFLICT}
    assert unchosen.rows[0].dose == "150 mg/m² per dose"
    assert chosen.refusals == ()
    assert "chosen by the user instead of other" in chosen.workings[1].notices
    assert "Note: chosen by the user instead of other" in render_schedule(chosen)


def test_a_refused_patient_keeps_the_rows_per_size_and_is_told_why() -> None:
    table = library_table("hlh-94.induction", patient=a_patient(), today=TODAY)

    text = render_schedule(table)

    assert "10 mg/m² per day" in text
    assert "etoposide.hlh.child.weeks1-2: not worked out. OFF: Calculations are switched" in text
    assert table.workings == ()


def test_a_policy_allows_a_patient_s_amounts() -> None:
    table = library_table(
        "hlh-94.induction",
        patient=a_patient(previous="etoposide 0 mg/m2"),
        today=TODAY,
        policy=CalculationPolicy.UNREVIEWED_WITH_NOTICE,
        table_version="7",
    )

    assert table.rows[0].dose == "18.4 mg per day"
    assert table.workings[0].table_version == "7"
    assert {rule for rule, _ in table.refusals} == {
        "etoposide.hlh.child.weeks1-2",
        "etoposide.hlh.child.weeks3-8",
    }
    assert "Note: rule not reviewed by a pharmacist" in render_schedule(table)


def test_every_second_week_rests_in_between_and_a_pulse_lasts_its_days() -> None:
    fortnight = Frequency(1, 2, "wk")
    pulse = a_rule(
        a_dose("10", kind=DoseKind.PER_DAY),
        schedule=Schedule(frequencies=(fortnight,), duration=Bound(Fraction(3), Fraction(3), "d")),
    )
    single = a_rule(a_dose("150"), id="single", schedule=Schedule(frequencies=(fortnight,)))
    open_ = a_rule(
        a_dose("10", kind=DoseKind.PER_DAY), id="open", schedule=Schedule(frequencies=(fortnight,))
    )

    table = table_of((pulse, "w9-11"))

    assert counts(table) == [(3, 3), (0, 0), (3, 3)]
    assert totals(table) == [30, 30, 60]
    assert table.rows[1].dose == ""
    assert "none this week" in render_schedule(table)
    assert counts(table_of((single, "w2-4"))) == [(1, 1), (0, 0), (1, 1)]
    assert counts(table_of((open_, "w1-2"))) == [None, (0, 0)]


def test_open_numbers_stay_open() -> None:
    ranged = a_rule(
        a_dose("1"), schedule=Schedule(frequencies=(Frequency(1, 3, "d", period_max=4),))
    )
    several = a_rule(a_dose("1"), id="b", schedule=Schedule(frequencies=(DAILY, TWICE_DAILY)))
    rate = a_rule(a_dose("1", unit="ug/kg", kind=DoseKind.RATE, per="min"), id="c")
    wide = a_rule(
        a_dose("1"), id="d", schedule=Schedule(frequencies=(Frequency(1, 2, "wk", period_max=3),))
    )

    table = table_of((ranged, "d1-12"), (several, "d1-2"), (rate, "d1"))

    assert sorted(map(str, counts(table))) == sorted(
        map(str, [(Fraction(3), Fraction(4)), None, None])
    )
    assert counts(table_of((wide, "w1"))) == [None]


def test_a_course_is_given_once_and_days_may_be_counted_by_the_source() -> None:
    course = a_rule(a_dose("2", unit="g/kg", kind=DoseKind.PER_COURSE))
    counted = a_rule(a_dose("1"), id="b", schedule=Schedule(counts=Bound(Fraction(4), Fraction(4))))
    named = a_rule(a_dose("1"), id="c", schedule=Schedule(days="1,8,15"))

    assert counts(table_of((course, "w1-2"))) == [(1, 1), (0, 0)]
    assert counts(table_of((counted, "d1-9"))) == [(4, 4)]
    assert counts(table_of((named, "d1-10"))) == [(2, 2)]
    assert counts(table_of((named, "d3"))) == [(1, 1)]


def test_a_gap_has_a_row_without_a_number_and_its_reason() -> None:
    gap = a_rule(None, kind=RuleKind.GAP, note="No dose was read.")

    table = table_of((gap, "d1-5"), patient=a_patient())

    (row,) = table.rows
    assert (row.dose, row.doses, row.total, row.note) == ("", None, None, "No dose was read.")
    assert table.refusals == ()
    assert "none stated" in render_schedule(table)


def test_one_drug_in_two_bases_has_no_total() -> None:
    per_m2 = a_rule(a_dose("10", kind=DoseKind.PER_DAY))
    per_kg = a_rule(a_dose("1", unit="mg/kg", kind=DoseKind.PER_DAY), id="kg")
    grams = a_rule(a_dose("1", unit="g/m2", kind=DoseKind.PER_DAY), id="g")

    assert totals(table_of((per_m2, "d1"), (per_kg, "d2"), (per_m2, "d3"))) == [10, None, None]
    assert totals(table_of((per_m2, "d1"), (grams, "d2"))) == [10, 1010]


def test_an_upper_bound_and_a_least_dose_are_worded_as_such() -> None:
    up_to = a_rule(a_dose(None, "2", unit="g/kg", kind=DoseKind.PER_COURSE))
    least = a_rule(a_dose("5", "10", kind=DoseKind.PER_DAY, at_least=True), id="b")
    flat = a_rule(a_dose("100", unit="mg", kind=DoseKind.PER_DAY), id="c")

    table = table_of((up_to, "d1"), (least, "d1"), (flat, "d1-3"))

    assert [row.dose for row in table.rows] == [
        "up to 2 g/kg per course",
        "at least 5–10 mg/m² per day",
        "100 mg per day",
    ]
    assert table.by_weeks is False
