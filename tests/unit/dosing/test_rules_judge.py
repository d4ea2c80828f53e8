"""What the rules say of a dose: reviewed rules decide, all others may only add a note."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dosing import parse
from assistant.dosing.axes import RuleAxis, RuleJudgement
from assistant.dosing.model import Dose, DoseRole, Frequency
from assistant.dosing.table.judge import combine, judge
from assistant.dosing.table.model import DoseKind, Rule, RuleKind, Status, Table
from assistant.dosing.table.select import DoseContext
from assistant.dosing.table.standing import Often, Standing
from tests.builders_rules import load_invented

TABLE = load_invented()
DAY = date(2026, 6, 1)
CONTEXT = DoseContext(day=DAY)
WEEKLY = TABLE.rules["etoposide.examplitis.adult.weekly"]
DAILY = TABLE.rules["prednisolone.examplitis.adult.daily"]
RANK = (RuleAxis.INSIDE, RuleAxis.NONE, RuleAxis.BELOW, RuleAxis.ABOVE, RuleAxis.BEYOND)
quick = settings(max_examples=150, deadline=None, derandomize=True)


def judged(text: str, context: DoseContext = CONTEXT, table: Table = TABLE) -> RuleJudgement:
    """The judgement of the first dose of a text."""
    return judge(parse(text).doses[0], context, table)


def a_dose(rule: Rule, value: Fraction, **fields: object) -> Dose:
    """A dose in the unit of a rule, counted as the rule counts."""
    assert rule.dose is not None
    per = {DoseKind.PER_DAY: "d", DoseKind.PER_COURSE: "course", DoseKind.RATE: rule.dose.per}
    frequencies = rule.schedule.frequencies
    often = rule.dose.kind is DoseKind.PER_ADMINISTRATION and frequencies
    dose = Dose(
        start=0,
        end=1,
        text="x",
        drug=rule.drug,
        drug_name=rule.drug,
        low=value,
        high=value,
        unit=rule.dose.unit,
        basis=rule.dose.basis,
        per=per.get(rule.dose.kind, ""),
        freq=frequencies[0] if often else None,
    )
    return replace(dose, **fields)  # type: ignore[arg-type]


def with_rules(*rules: Rule) -> Table:
    """The invented table with only these rules."""
    return replace(TABLE, rules={rule.id: rule for rule in rules})


# ---------------------------------------------------------------- every rule, every boundary


DECIDING = [r for r in TABLE.rules.values() if r.kind is RuleKind.DOSE and r.reviewed_on(DAY)]
STEP = Fraction(1, 1000)


def boundaries(rule: Rule) -> list[tuple[Fraction, RuleAxis]]:
    """Just below, at and just above each end of a rule, with what must come out."""
    assert rule.dose is not None
    dose = rule.dose
    margin = 1 + TABLE.drugs[rule.drug].tolerance_percent / 100
    top = dose.high * margin
    cases = [(top - STEP, RuleAxis.INSIDE), (top, RuleAxis.INSIDE), (top + STEP, RuleAxis.ABOVE)]
    if dose.low is not None:
        cases += [(dose.low - STEP, RuleAxis.BELOW), (dose.low, RuleAxis.INSIDE)]
        cases.append((dose.low + STEP, RuleAxis.INSIDE))
    if dose.hard_max is not None:
        cases += [(dose.hard_max - STEP, RuleAxis.ABOVE), (dose.hard_max, RuleAxis.ABOVE)]
        cases.append((dose.hard_max + STEP, RuleAxis.BEYOND))
    return cases


EXHAUSTIVE = [
    (rule, value, expected, frequency, route)
    for rule in DECIDING
    for value, expected in boundaries(rule)
    for frequency in (rule.schedule.frequencies or (None,))
    for route in ("", *rule.schedule.routes)
]


@pytest.mark.parametrize(("rule", "value", "expected", "frequency", "route"), EXHAUSTIVE)
def test_each_boundary_of_each_rule_at_each_allowed_frequency_and_route(
    rule: Rule, value: Fraction, expected: RuleAxis, frequency: Frequency | None, route: str
) -> None:
    dose = a_dose(rule, value, freq=frequency, routes=(route,) if route else ())

    found = judge(dose, CONTEXT, with_rules(rule))

    assert found.axis is expected
    assert found.rule_ids == (rule.id,)
    assert found.usual
    assert bool(found.limit) == (rule.dose is not None and rule.dose.hard_max is not None)


@pytest.mark.parametrize("rule", DECIDING, ids=lambda rule: rule.id)
def test_each_forbidden_frequency_and_each_route_or_basis_outside_the_entry_is_beyond(
    rule: Rule,
) -> None:
    assert rule.dose is not None
    entry = TABLE.drugs[rule.drug]
    low = rule.dose.high
    wrong = [{"freq": f} for f in rule.schedule.forbidden_frequencies]
    wrong += [{"routes": (r,)} for r in ("IV", "PO", "SC", "IM", "IT") if r not in entry.routes]
    bases = {"": "flat", "kg": "kg", "m2": "m2"}
    wrong += [{"basis": b} for b, name in bases.items() if name not in entry.bases]
    wrong += [{"unit": u} for u in ("mg", "ug", "U", "[IU]") if u not in entry.amount_units]

    for fields in wrong:
        assert judge(a_dose(rule, low, **fields), CONTEXT, TABLE).axis is RuleAxis.BEYOND, fields


# -------------------------------------------------------------------------- only reviewed rules


@pytest.mark.parametrize(
    "change",
    [
        {"status": Status.DRAFT},
        {"status": Status.SUSPENDED},
        {"review_due": date(2026, 5, 31)},
        {"effective_from": date(2026, 6, 2)},
    ],
)
@pytest.mark.parametrize("value", [60, 100, 600, 4])
def test_a_rule_that_is_not_reviewed_today_neither_clears_nor_blocks(
    change: dict[str, object], value: int
) -> None:
    rule = replace(WEEKLY, **change)  # type: ignore[arg-type]

    found = judge(a_dose(rule, Fraction(value)), CONTEXT, with_rules(rule))

    assert found.axis is RuleAxis.UNREVIEWED
    assert found.rule_ids == ()
    assert rule.id in found.notes[0]


def test_on_the_last_day_of_its_review_a_rule_still_decides() -> None:
    rule = replace(WEEKLY, review_due=DAY, effective_from=DAY)

    assert judge(a_dose(rule, Fraction(60)), CONTEXT, with_rules(rule)).axis is RuleAxis.INSIDE


def test_a_retired_rule_says_nothing() -> None:
    rule = replace(WEEKLY, status=Status.RETIRED)

    found = judge(a_dose(rule, Fraction(60)), CONTEXT, with_rules(rule))

    assert (found.axis, found.notes) == (RuleAxis.NONE, ())


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("dexamethasone 80 mg/m2 daily in weeks 1-2", "this is ten times its upper end"),
        ("dexamethasone 20 mg/m2 daily in weeks 1-2", "this is more than 2 times its upper end"),
        ("dexamethasone 9 mg/m2 daily in weeks 1-2", "this is above its upper end"),
        ("dexamethasone 0.8 mg/m2 daily in weeks 1-2", "a tenth of its lower end or less"),
        ("dexamethasone 7 mg/m2 daily in weeks 1-2", "this is below it"),
        ("dexamethasone 8 mg/m2 daily in weeks 1-2", "this is inside it"),
        ("dexamethasone 8 mg/m2 twice daily", "this is twice its upper end, and this is more oft"),
    ],
)
def test_a_draft_says_what_it_would_say_and_that_nobody_reviewed_it(text: str, words: str) -> None:
    found = judged(text)

    assert found.axis is RuleAxis.UNREVIEWED
    assert found.notes[0].startswith("An unreviewed rule (dexamethasone.examplitis.step1) gives")
    assert words in found.notes[0]


def test_where_a_draft_gives_the_very_dose_the_others_are_not_listed() -> None:
    found = judged("dexamethasone 4 mg/m2 daily")

    assert [note for note in found.notes if "step1" in note] == []
    assert "step2" in found.notes[0]


def test_more_drafts_than_can_be_read_are_counted() -> None:
    rules = [replace(WEEKLY, id=f"r{i}", status=Status.DRAFT) for i in range(7)]

    found = judge(a_dose(WEEKLY, Fraction(600)), CONTEXT, with_rules(*rules))

    assert len(found.notes) == 5
    assert found.notes[-1].startswith("3 more rules")


def test_a_suspended_or_overdue_rule_is_called_what_it_is() -> None:
    suspended = replace(WEEKLY, status=Status.SUSPENDED)
    overdue = replace(WEEKLY, review_due=date(2026, 5, 31))

    notes = [
        judge(a_dose(WEEKLY, Fraction(60)), CONTEXT, with_rules(rule)).notes[0]
        for rule in (suspended, overdue)
    ]

    assert notes[0].startswith("A suspended rule (")
    assert notes[1].startswith("A rule whose review is out of date (")


def test_an_entry_alone_blocks_nothing_until_a_rule_of_its_drug_is_reviewed() -> None:
    draft = with_rules(replace(WEEKLY, status=Status.DRAFT))

    found = judged("etoposide 60 mg once weekly", table=draft)

    assert found.axis is RuleAxis.UNREVIEWED
    assert "is not given as an absolute amount, but per m2" in found.notes[0]
    assert judged("etoposide 60 mg once weekly").axis is RuleAxis.BEYOND


# ------------------------------------------------------------------------------ what decides


@pytest.mark.parametrize(
    ("text", "axis"),
    [
        # per day against per dose, with the frequency
        ("prednisolone 1 mg/kg twice daily", RuleAxis.INSIDE),
        ("prednisolone 1.5 mg/kg twice daily", RuleAxis.ABOVE),
        ("prednisolone 2 mg/kg every 12 hours", RuleAxis.BEYOND),
        ("prednisolone 2 mg/kg/day in 2 divided doses", RuleAxis.INSIDE),
        ("prednisolone 1 mg/kg", RuleAxis.NONE),  # per dose or per day?
        ("prednisolone 4 mg/kg", RuleAxis.BEYOND),  # too much whichever it is
        ("prednisolone 2.5 mg/kg", RuleAxis.ABOVE),
        ("prednisolone 1 mg/kg four times a day", RuleAxis.BEYOND),  # more often, and too much
        ("prednisolone 1 mg/kg once a week", RuleAxis.BELOW),  # less often
        ("prednisolone 1 mg/kg/day PO", RuleAxis.INSIDE),
        ("prednisolone 1000 mg/kg/day", RuleAxis.BEYOND),
        ("prednisolone 0.001 g/kg/day", RuleAxis.INSIDE),
        ("prednisolone 1 mg/kg/day IV", RuleAxis.NONE),  # the drug's route, but no rule for it
        # the cap of a rule by weight
        ("prednisolone maximum 100 mg", RuleAxis.INSIDE),
        ("prednisolone maximum 101 mg", RuleAxis.BEYOND),
        ("prednisolone maximum 150 mg/day", RuleAxis.INSIDE),
        ("prednisolone maximum 151 mg/day", RuleAxis.BEYOND),
        ("prednisolone 80 mg daily", RuleAxis.NONE),
        ("prednisolone 180 mg/day", RuleAxis.BEYOND),
        # a drug for once a week
        ("methotrexate 10 mg once a week", RuleAxis.INSIDE),
        ("methotrexate 10 mg weekly", RuleAxis.INSIDE),
        ("methotrexate 10 mg daily", RuleAxis.BEYOND),
        ("methotrexate 10 mg/day", RuleAxis.BEYOND),
        ("methotrexate 10 mg twice a week", RuleAxis.BEYOND),
        ("methotrexate 10 mg every 2 weeks", RuleAxis.BELOW),
        ("methotrexate 10 mg monthly", RuleAxis.BELOW),
        ("methotrexate 10 mg/week", RuleAxis.INSIDE),
        ("methotrexate 30 mg/week", RuleAxis.BEYOND),
        # totals
        ("keep cumulative etoposide below 1.5-2.5 g/m2", RuleAxis.INSIDE),
        ("keep cumulative etoposide below 1500 mg/m2", RuleAxis.INSIDE),
        ("keep cumulative etoposide below 1.6 g/m2", RuleAxis.ABOVE),
        ("keep cumulative etoposide below 2.6 g/m2", RuleAxis.BEYOND),
        ("total dose etoposide 900 mg/m2", RuleAxis.INSIDE),
        # a course, however it is split
        ("IVIG 1.2 g/kg divided over 2-3 days", RuleAxis.INSIDE),
        ("IVIG 1.3 g/kg divided over 2-3 days", RuleAxis.ABOVE),
        ("IVIG 0.4 g/kg/day for 3 days", RuleAxis.INSIDE),
        ("IVIG 0.4 g/kg daily for 3 days", RuleAxis.INSIDE),
        ("IVIG 0.5 g/kg/day for 5 days", RuleAxis.BEYOND),
        ("IVIG 0.6 g/kg for 2 doses", RuleAxis.INSIDE),
        ("IVIG 0.6 g/kg", RuleAxis.NONE),  # once, or how often?
        ("IVIG 3 g/kg", RuleAxis.BEYOND),
        # a rate
        ("heparin 12 units/kg/h", RuleAxis.INSIDE),
        ("heparin 0.2 units/kg/min", RuleAxis.INSIDE),
        ("heparin 0.4 units/kg/min", RuleAxis.BEYOND),
        ("heparin 12 units/kg", RuleAxis.NONE),
        # what the text does with the amount
        ("etoposide 75% of the dose", RuleAxis.NONE),
        ("etoposide at least 60 mg/m2 weekly", RuleAxis.INSIDE),
        ("etoposide at least 30 mg/m2 weekly", RuleAxis.BELOW),
        ("etoposide maximum 30 mg/m2 weekly", RuleAxis.INSIDE),
        ("etoposide maximum 130 mg/m2 weekly", RuleAxis.BEYOND),
        ("etoposide 40-80 mg/m2 once weekly", RuleAxis.INSIDE),
        ("etoposide 30-80 mg/m2 once weekly", RuleAxis.BELOW),
        ("etoposide 30-90 mg/m2 once weekly", RuleAxis.ABOVE),
        ("etoposide 60 mg/m2 once or twice weekly", RuleAxis.INSIDE),
        ("etoposide 60 mg/m2 every 3 weeks", RuleAxis.BELOW),
        ("etoposide 60 mg/m2 three times a week", RuleAxis.BEYOND),
        ("etoposide 60 mg/m2 twice weekly for 2 weeks, then daily", RuleAxis.BEYOND),
        # forbidden doses and warnings
        ("etoposide 100 mg/m2 twice weekly", RuleAxis.BEYOND),
        ("etoposide 80-100 mg/m2 twice weekly", RuleAxis.BEYOND),
        ("etoposide 80 mg/m2 twice weekly", RuleAxis.INSIDE),
        ("etoposide 100 mg/m2 once weekly", RuleAxis.ABOVE),
        ("anakinra 10 mg/kg daily", RuleAxis.ABOVE),
        ("anakinra 2 mg/kg daily", RuleAxis.UNREVIEWED),
        # nothing is known
        ("paracetamol 1 g", RuleAxis.UNKNOWN_DRUG),
    ],
)
def test_a_dose_is_measured_in_the_terms_of_its_rule(text: str, axis: RuleAxis) -> None:
    assert judged(text).axis is axis, judged(text)


def test_an_amount_that_the_text_rejects_is_not_judged() -> None:
    doses = parse("etoposide 40 mg/m2 instead of 400 mg/m2 once weekly").doses

    rejected = next(dose for dose in doses if dose.role is DoseRole.REJECTED)

    assert judge(rejected, CONTEXT, TABLE).axis is RuleAxis.NONE


def test_the_words_name_the_rule_the_limit_and_how_far_the_dose_is_past_it() -> None:
    found = judged("etoposide 800 mg/m2 once weekly")

    assert found.why == (
        "Rule etoposide.examplitis.adult.weekly gives 40 to 80 mg/m2 per dose, once a week or "
        "twice a week; this is past its limit of 120 mg/m2 per dose, ten times its upper end."
    )
    assert found.limit == "120 mg/m2 per dose"


def test_a_rule_that_needs_its_frequency_says_so() -> None:
    assert judged("methotrexate 10 mg").frequency_required
    assert not judged("prednisolone 1 mg/kg/day").frequency_required


def test_an_amount_of_a_combination_is_not_taken_for_one_component() -> None:
    assert DAILY.dose is not None
    both = replace(
        DAILY,
        dose=replace(DAILY.dose, hard_max=None, also=(("another", Fraction(5), Fraction(10)),)),
    )

    axes = [
        judge(a_dose(both, Fraction(value)), CONTEXT, with_rules(both)).axis
        for value in (2, 10, 11)
    ]

    assert axes == [RuleAxis.NONE, RuleAxis.NONE, RuleAxis.ABOVE]


def test_a_minimum_has_no_upper_end_but_its_hard_limit() -> None:
    assert DAILY.dose is not None
    least = replace(DAILY, dose=replace(DAILY.dose, at_least=True))

    axes = [
        judge(a_dose(least, Fraction(v)), CONTEXT, with_rules(least)).axis
        for v in ("0.9", "2.9", "3.1")
    ]

    assert axes == [RuleAxis.BELOW, RuleAxis.INSIDE, RuleAxis.BEYOND]


def test_without_a_table_of_rules_nothing_is_said() -> None:
    empty = replace(TABLE, drugs={}, rules={})

    assert judged("etoposide 60 mg/m2 weekly", table=empty).axis is RuleAxis.NONE


# ------------------------------------------------------------------------------- which rules


@pytest.mark.parametrize(
    ("text", "fields", "axis"),
    [
        ("etoposide 60 mg/m2 weekly", {"indications": ("Examplitis",)}, RuleAxis.INSIDE),
        ("etoposide 60 mg/m2 weekly", {"indications": ("otheritis",)}, RuleAxis.NONE),
        ("etoposide 60 mg/m2 weekly", {"populations": ("adult",)}, RuleAxis.INSIDE),
        ("etoposide 60 mg/m2 weekly", {"populations": ("elderly",)}, RuleAxis.INSIDE),
        ("etoposide 60 mg/m2 weekly", {"populations": ("child",)}, RuleAxis.NONE),
        ("etoposide 60 mg/m2 weekly", {"populations": ("renal_impairment",)}, RuleAxis.INSIDE),
        ("etoposide 60 mg/m2 weekly", {"age_years": Fraction(18)}, RuleAxis.INSIDE),
        ("etoposide 60 mg/m2 weekly", {"age_years": Fraction(179, 10)}, RuleAxis.NONE),
        ("etoposide 60 mg/m2 weekly in children", {}, RuleAxis.NONE),
        ("etoposide 60 mg/m2 weekly in adults", {"populations": ("child",)}, RuleAxis.INSIDE),
        ("etoposide 60 mg/m2 weekly", {"phase": "induction weeks 1-2"}, RuleAxis.INSIDE),
        ("etoposide 60 mg/m2 weekly", {"phase": "maintenance"}, RuleAxis.NONE),
        ("etoposide 60 mg/m2 weekly", {"routes": ("PO",)}, RuleAxis.NONE),
        ("etoposide 60 mg/m2 IV weekly", {"routes": ("PO",)}, RuleAxis.INSIDE),
    ],
)
def test_rules_are_chosen_by_indication_population_phase_and_route(
    text: str, fields: dict[str, object], axis: RuleAxis
) -> None:
    context = DoseContext(day=DAY, **fields)  # type: ignore[arg-type]

    assert judged(text, context).axis is axis


@pytest.mark.parametrize(
    ("text", "weight", "axis"),
    [
        ("etoposide 60 mg/m2 once weekly in patients <30 kg", None, RuleAxis.INSIDE),
        ("etoposide 60 mg/m2 once weekly if 30 kg or more", None, RuleAxis.NONE),
        ("etoposide 60 mg/m2 once weekly", Fraction(299, 10), RuleAxis.INSIDE),
        ("etoposide 60 mg/m2 once weekly", Fraction(30), RuleAxis.NONE),
    ],
)
def test_a_weight_band_is_taken_from_the_text_or_from_the_patient(
    text: str, weight: Fraction | None, axis: RuleAxis
) -> None:
    population = replace(WEEKLY.context.population, weight_below=Fraction(30))
    light = replace(WEEKLY, context=replace(WEEKLY.context, population=population))

    found = judged(text, DoseContext(day=DAY, weight_kg=weight), with_rules(light))

    assert found.axis is axis


def test_the_weeks_of_a_plan_choose_the_step_of_a_regimen() -> None:
    found = judged("dexamethasone 8 mg/m2 daily in weeks 3-4")

    assert "step1" not in " ".join(found.notes)
    assert "step2" in found.notes[0]


# ---------------------------------------------------------------------------- several rules


def wider(**fields: object) -> Rule:
    """A second reviewed rule of the same drug, with another range."""
    assert WEEKLY.dose is not None
    dose = replace(WEEKLY.dose, **fields)  # type: ignore[arg-type]
    return replace(WEEKLY, id="etoposide.other", dose=dose)


@pytest.mark.parametrize(
    ("value", "axis"),
    [
        (45, RuleAxis.BELOW),  # inside one, below the other
        (60, RuleAxis.INSIDE),
        (90, RuleAxis.ABOVE),
        (130, RuleAxis.ABOVE),  # past one hard limit, within the other
        (201, RuleAxis.BEYOND),
    ],
)
def test_the_narrowest_usual_range_and_the_highest_hard_limit_count(
    value: int, axis: RuleAxis
) -> None:
    other = wider(low=Fraction(50), high=Fraction(150), hard_max=Fraction(200))

    found = judge(a_dose(WEEKLY, Fraction(value)), CONTEXT, with_rules(WEEKLY, other))

    assert found.axis is axis
    assert found.rule_ids == (WEEKLY.id, other.id)
    assert found.limit == (
        f"120 mg/m2 per dose (rule {WEEKLY.id}); 200 mg/m2 per dose (rule etoposide.other)"
    )


def test_a_hard_limit_is_never_made_from_a_usual_range() -> None:
    unlimited = wider(hard_max=None)

    alone = judge(a_dose(WEEKLY, Fraction(10**6)), CONTEXT, with_rules(unlimited))
    beside = [
        judge(a_dose(WEEKLY, Fraction(v)), CONTEXT, with_rules(WEEKLY, wide)).axis
        for v, wide in ((140, wider(high=Fraction(150), hard_max=None)), (140, unlimited))
    ]

    assert (alone.axis, alone.limit) == (RuleAxis.ABOVE, "")
    assert beside == [RuleAxis.ABOVE, RuleAxis.BEYOND]


def test_what_one_rule_forbids_and_another_allows_in_words_is_noted() -> None:
    schedule = replace(
        WEEKLY.schedule, frequencies=(Frequency(1, 1, "d"),), forbidden_frequencies=()
    )
    daily = replace(WEEKLY, id="etoposide.daily", schedule=schedule)
    silent = replace(daily, schedule=replace(schedule, frequencies=()))
    dose = a_dose(WEEKLY, Fraction(60), freq=Frequency(1, 1, "d"))

    axes = [judge(dose, CONTEXT, with_rules(WEEKLY, other)).axis for other in (daily, silent)]

    assert axes == [RuleAxis.ABOVE, RuleAxis.BEYOND]


axes_of_one = st.sampled_from(RANK)
often_of_one = st.sampled_from(list(Often))


@quick
@given(st.lists(st.tuples(axes_of_one, often_of_one), max_size=4))
def test_no_order_of_the_rules_changes_the_axis(pairs: list[tuple[RuleAxis, Often]]) -> None:
    standings = [Standing(WEEKLY, axis, often) for axis, often in pairs]

    assert combine(standings)[0] is combine(standings[::-1])[0]


@quick
@given(
    value=st.fractions(Fraction(41), Fraction(300), max_denominator=8),
    more=st.fractions(Fraction(1), Fraction(50), max_denominator=8),
    frequency=st.sampled_from([*WEEKLY.schedule.frequencies, Frequency(1, 3, "wk"), None]),
    table=st.sampled_from([TABLE, with_rules(WEEKLY, wider(high=Fraction(150)))]),
)
def test_raising_the_amount_never_makes_the_axis_milder(
    value: Fraction, more: Fraction, frequency: Frequency | None, table: Table
) -> None:
    smaller = a_dose(WEEKLY, value, freq=frequency)
    larger = replace(smaller, low=value + more, high=value + more)

    axes = [judge(dose, CONTEXT, table).axis for dose in (smaller, larger)]

    assert RANK.index(axes[0]) <= RANK.index(axes[1])


@quick
@given(value=st.fractions(Fraction(1), Fraction(300), max_denominator=8))
def test_without_its_last_reviewed_rule_a_dose_is_never_inside_or_beyond(value: Fraction) -> None:
    rest = {i: r for i, r in TABLE.rules.items() if r.drug != "etoposide"}
    draft = replace(WEEKLY, status=Status.DRAFT)

    for rules in (rest, {**rest, draft.id: draft}):
        axis = judge(a_dose(WEEKLY, value), CONTEXT, replace(TABLE, rules=rules)).axis
        assert axis in {RuleAxis.NONE, RuleAxis.UNREVIEWED}


@quick
@given(value=st.fractions(Fraction(1, 1000), Fraction(5), max_denominator=1000))
def test_the_same_amount_in_grams_is_judged_alike(value: Fraction) -> None:
    milligrams = a_dose(DAILY, value)
    grams = replace(milligrams, low=value / 1000, high=value / 1000, unit="g")

    assert judge(milligrams, CONTEXT, TABLE).axis is judge(grams, CONTEXT, TABLE).axis
