"""How doses count against rules and what is said of them, over every pair of their parts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from itertools import combinations, product
from typing import Any

from assistant.dosing.axes import RuleAxis, RuleJudgement
from assistant.dosing.model import Bound, Dose, DoseRole, Frequency
from assistant.dosing.table.amounts import count_as, frequency_of
from assistant.dosing.table.judge import combine, judge
from assistant.dosing.table.model import (
    Calculate,
    Cumulative,
    DoseKind,
    DrugEntry,
    Rule,
    RuleKind,
    Schedule,
    Status,
    Table,
)
from assistant.dosing.table.notes import (
    entry_breach,
    explain,
    limit_of,
    said,
    unreviewed_notes,
    usual_of,
)
from assistant.dosing.table.select import DoseContext
from assistant.dosing.table.standing import (
    Often,
    Standing,
    Subject,
    how_often,
    matches,
    stand,
)
from corpus.model import sha256
from tests.builders_patients import DAILY, TODAY, TWICE_DAILY, WEEKLY, a_dose, a_rule, an_amount
from tests.characterisation import Line, characterised

BASE = Dose(
    start=0,
    end=0,
    text="it",
    drug="exampline",
    drug_name="Exampline",
    low=Fraction(3),
    high=Fraction(6),
    unit="mg",
)
Q12_24H, MONTHLY = Frequency(1, 12, "h", period_max=24), Frequency(1, 1, "mo")
OFTEN = (None, DAILY, TWICE_DAILY, WEEKLY, Q12_24H, MONTHLY, Frequency(1, 1, "wk", n_max=2))
TWO, TWO_FOUR = Bound(Fraction(2), Fraction(2), ""), Bound(Fraction(2), Fraction(4), "")
DAYS, WEEKS = Bound(Fraction(2), Fraction(3), "d"), Bound(None, Fraction(2), "wk")
# One field after another of the doses that are counted, alone and beside each frequency.
FIELDS: Mapping[str, tuple[Any, ...]] = {
    "per": ("dose", "d", "wk", "h", "min", "course", "mo"),
    "divided": (TWO, TWO_FOUR, Bound(None, None, ""), Bound(Fraction(2), None, "")),
    "count": (TWO, TWO_FOUR, Bound(None, Fraction(3), "")),
    "duration": (DAYS, WEEKS, Bound(Fraction(48), Fraction(48), "h"), Bound(None, None, "mo")),
    "over": (DAYS, WEEKS, Bound(Fraction(30), Fraction(30), "min")),
    "units_per_dose": (TWO_FOUR, Bound(None, Fraction(2), ""), Bound(None, None, "")),
    "cumulative": (True,),
    "role": (DoseRole.MAXIMUM, DoseRole.CUMULATIVE_LIMIT, DoseRole.MINIMUM),
    "low": (None, Fraction(1)),
    "high": (None, Fraction(60), Fraction(3)),
    "unit": ("g", "mL", "U", "nonsense"),
    "basis": ("kg", "m2"),
    "days": ("1-3",),
    "routes": (("IV",), ("PO",), ("IV", "PO")),
    "phases": ((WEEKLY,), (TWICE_DAILY, MONTHLY)),
}
PAIRED = ("per", "divided", "count", "duration", "over", "cumulative", "role")


def doses() -> Iterator[tuple[str, Dose]]:
    changes: list[dict[str, Any]] = [{}]
    changes += [{name: value} for name, values in FIELDS.items() for value in values]
    for change, freq in product(changes, OFTEN):
        yield f"{change} {freq}", replace(BASE, freq=freq, **change)
    for name, other in combinations(PAIRED, 2):
        for value, more, freq in product(FIELDS[name][:2], FIELDS[other][:2], (None, Q12_24H)):
            yield (
                f"{value} {more} {freq}",
                replace(BASE, **{name: value, other: more, "freq": freq}),
            )


LIMITS = Cumulative(scope="course", unit="mg", basis="", soft_max=Fraction(3), hard_max=Fraction(5))
CAPS = Calculate(max_single=an_amount("5 mg"), max_daily=an_amount("0.006 g"))
RULES = (
    a_rule(a_dose("3", "6", "mg"), id="single"),
    a_rule(a_dose("3", "6", "mg", hard="6"), id="daily", schedule=Schedule(frequencies=(DAILY,))),
    a_rule(
        a_dose("4", "5", "mg", kind=DoseKind.PER_DAY),
        id="a day",
        schedule=Schedule(frequencies=(TWICE_DAILY, DAILY), forbidden_frequencies=(WEEKLY,)),
    ),
    a_rule(
        a_dose("3", "6", "mg", kind=DoseKind.PER_COURSE),
        id="course",
        schedule=Schedule(frequencies=(Q12_24H, WEEKLY), routes=("IV",)),
    ),
    a_rule(a_dose(None, "0.1", "mg", kind=DoseKind.RATE, per="h", hard="5"), id="rate"),
    a_rule(a_dose(None, "0.1", "mg", kind=DoseKind.RATE, per="min"), id="fast"),
    a_rule(a_dose("3", "6", "mg/kg"), id="caps", calculate=CAPS, schedule=Schedule(routes=("IV",))),
    a_rule(a_dose("3", "6", "mg/kg"), id="no caps"),
    a_rule(a_dose("7", "8", "mg"), id="total", cumulative=LIMITS),
    a_rule(
        a_dose("3", "6", "mg", kind=DoseKind.PER_COURSE),
        id="soft",
        cumulative=replace(LIMITS, hard_max=None),
        schedule=Schedule(frequencies=(MONTHLY, Frequency(1, 3, "d"))),
    ),
    a_rule(a_dose("6", "6", "mg"), id="hard", cumulative=replace(LIMITS, soft_max=None)),
    a_rule(None, id="forbidden route", schedule=Schedule(routes=("IV",))),
    a_rule(None, id="forbidden times", schedule=Schedule(frequencies=(DAILY,))),
    a_rule(
        a_dose(
            "1", "2", "mg", at_least=True, component="a", also=(("b", Fraction(1), Fraction(7)),)
        ),
        id="parts",
    ),
    a_rule(a_dose("5", "5", "mg", at_least=True), id="at least"),
)
ENTRY = DrugEntry(
    id="exampline",
    amount_units=("mg", "g"),
    bases=("flat", "kg"),
    routes=("IV",),
    high_alert=False,
    narrow_therapeutic_index=False,
    tolerance_percent=Fraction(20),
)


def shown(standing: Standing) -> str:
    return f"{standing.axis} {standing.often} {standing.times} {standing.subject}"


def counted() -> Iterator[Line]:
    for (about, dose), rule in product(doses(), RULES):
        found = count_as(dose, rule)
        amount = f"{found.low} to {found.high} {found.at_least}" if found else "none"
        often = f"{frequency_of(dose, rule)} {how_often(dose, rule)} {matches(dose, rule)}"
        yield rule.id, about, (f"{amount}, {often}, {shown(stand(dose, rule, ENTRY))}",)


def test_doses_count_and_stand_to_rules_as_approved() -> None:
    approved, now = characterised("rules_counted", counted())

    assert now == approved


TIMES = (None, *(Fraction(n) for n in ("1/11", "1/10", "1/9", "19/10", "2", "3", "25/2")))
EVERYTHING = a_rule(
    a_dose("3", "6", "mg", hard="9"),
    id="e",
    cumulative=LIMITS,
    calculate=CAPS,
    schedule=Schedule(frequencies=(DAILY, WEEKLY), forbidden_frequencies=(MONTHLY, Q12_24H)),
)
SUBJECTS = {
    "everything": EVERYTHING,
    "a dose": replace(EVERYTHING, cumulative=None, calculate=None, schedule=Schedule()),
    "nothing": a_rule(None, id="n", calculate=None),
}


def positions() -> Iterator[Line]:
    for (name, rule), axis, often, times, subject in product(
        SUBJECTS.items(), RuleAxis, Often, TIMES, Subject
    ):
        one = Standing(rule, axis, often, times, subject)
        about = f"{name}, {axis}, {often}, {times}, {subject}"
        yield name, about, (said(one), usual_of(one), limit_of(one), explain([one, one]))
    yield "none", "none", (explain(()),)


def test_how_a_dose_stands_to_a_rule_is_said_as_approved() -> None:
    approved, now = characterised("rules_said", positions())

    assert now == approved


def combined() -> Iterator[Line]:
    axes = (RuleAxis.INSIDE, RuleAxis.NONE, RuleAxis.BELOW, RuleAxis.ABOVE, RuleAxis.BEYOND)
    ones = [
        Standing(replace(EVERYTHING, id=f"{axis} {often}"), axis, often)
        for axis, often in product(axes, Often)
    ]
    for used in ((), *product(ones), *product(ones, ones), *product(ones[::4], ones, ones[::3])):
        axis, kept = combine(used)
        ids = ", ".join(s.rule.id for s in kept)
        about = "; ".join(s.rule.id for s in used)
        yield str(len(used)), about, (f"'{axis}: {ids}'",)


def test_several_standings_are_one_axis_as_approved() -> None:
    approved, now = characterised("rules_combined", combined())

    assert now == approved


def breaches() -> Iterator[Line]:
    entries = (
        ENTRY,
        replace(ENTRY, bases=("m2", "flat"), amount_units=("U",)),
        replace(ENTRY, bases=("kg",), routes=("PO", "SC"), amount_units=("mL",)),
    )
    for (at, entry), unit, basis, role, routes, name in product(
        enumerate(entries),
        ("mg", "mL", "U", "%", "{tablet}"),
        ("", "kg", "m2"),
        DoseRole,
        ((), ("IV",), ("IM", "PO", "IT")),
        (None, "Exampline"),
    ):
        dose = replace(BASE, unit=unit, basis=basis, role=role, routes=routes, drug_name=name)
        about = f"{at} {unit} {basis} {role} {routes} {name}"
        yield str(at), about, (entry_breach(dose, entry),)


def test_what_an_entry_does_not_allow_is_said_as_approved() -> None:
    approved, now = characterised("rules_breaches", breaches())

    assert now == approved


def of(rule: Rule, number: int, **fields: Any) -> Rule:
    return replace(rule, id=f"r.{number}", **fields)


def tables() -> Iterator[tuple[str, tuple[Rule, ...]]]:
    given = (RULES[0], RULES[2], RULES[4], RULES[6], RULES[11], RULES[12])
    reviewed: dict[str, Any] = {"status": Status.REVIEWED}
    states: dict[str, dict[str, Any]] = {
        "draft": {},
        "reviewed": reviewed,
        "late": {**reviewed, "review_due": TODAY - timedelta(days=1)},
        "early": {**reviewed, "effective_from": TODAY + timedelta(days=1)},
        "suspended": {"status": Status.SUSPENDED},
        "retired": {"status": Status.RETIRED},
    }
    for at, rule in enumerate(given):
        for kind, (name, state) in product(RuleKind, states.items()):
            one = of(rule, at, kind=kind, note="", **state)
            yield f"{at} {kind} {name}", (one,)
            yield f"{at} {kind} {name}, noted", (replace(one, note="a note."), of(RULES[1], 9))
    for many in (4, 5, 6):
        yield f"{many} drafts", tuple(of(RULES[0], at) for at in range(many))
        gaps = tuple(of(RULES[11], at, kind=RuleKind.GAP, note="n") for at in range(many))
        yield f"{many} gaps", gaps
        yield f"{many} gaps and a dose", (*gaps[1:], of(RULES[0], 9))
        yield f"{many} gaps and a dose that differs", (*gaps[1:], of(RULES[8], 9, cumulative=None))
    both = of(RULES[0], 1, **reviewed), of(RULES[1], 2, **reviewed)
    yield "two", both
    yield (
        "one required",
        (both[0], of(RULES[1], 2, schedule=Schedule(frequency_required=True), **reviewed)),
    )
    yield (
        "required by a draft",
        (both[0], of(RULES[1], 2, schedule=Schedule(frequency_required=True))),
    )
    against = [of(both[1], n, kind=kind, note="So.") for n, kind in enumerate(RuleKind, 3)]
    yield "two against", (*both, *against)
    yield "against alone", tuple(against[1:3])
    yield "nothing", ()


JUDGED = {
    "plain": BASE,
    "daily": replace(BASE, freq=DAILY),
    "six": replace(BASE, low=Fraction(6), high=Fraction(60)),
    "orally": replace(BASE, routes=("PO",), freq=WEEKLY),
    "by vein": replace(BASE, routes=("IV",), freq=TWICE_DAILY),
    "by weight": replace(BASE, basis="kg"),
    "by surface": replace(BASE, basis="m2"),
    "rejected": replace(BASE, role=DoseRole.REJECTED),
    "previous": replace(BASE, role=DoseRole.PREVIOUS),
    "relative": replace(BASE, role=DoseRole.RELATIVE),
    "percent": replace(BASE, unit="%"),
    "of no drug": replace(BASE, drug=None, drug_name=None),
    "of another drug": replace(BASE, drug="other", drug_name="Other"),
}


def hashed(found: RuleJudgement) -> str:
    """A short word for all of a judgement, in quotes."""
    return f"'{sha256(repr(found))[:12]}'"


def judged() -> Iterator[Line]:
    context = DoseContext(day=TODAY)
    for (name, rules), (about, dose) in product(tables(), JUDGED.items()):
        table = Table(
            id="t",
            version="1",
            effective_from=TODAY,
            review_due=TODAY,
            drugs={ENTRY.id: ENTRY},
            rules={rule.id: rule for rule in rules},
        )
        found = judge(dose, context, table)
        live = [rule for rule in rules if rule.status is not Status.RETIRED]
        notes = unreviewed_notes(dose, live, ENTRY)
        yield about, name, (f"{found.axis}", found.why, *found.notes, *notes, hashed(found))
        if not rules:
            yield "no drugs", about, (hashed(judge(dose, context, replace(table, drugs={}))),)


def test_what_tables_say_of_doses_is_approved() -> None:
    approved, now = characterised("rules_judged", judged())

    assert now == approved
