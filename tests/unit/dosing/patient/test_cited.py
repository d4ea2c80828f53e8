"""A cited dose -> the rules of its passage that give exactly that dose, and their workings."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from assistant.dosing import parse
from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.model import Dose, DoseRole, Frequency
from assistant.dosing.patient import (
    CalculationPolicy,
    Plan,
    Working,
    rivals,
    rules_of,
    working_of,
)
from assistant.dosing.patient.cited import gives
from assistant.dosing.table.model import (
    Context,
    DoseKind,
    Population,
    Rule,
    RuleKind,
    RuleSource,
    Schedule,
    Table,
)
from assistant.rules import open_rules
from corpus.library import load_library
from tests.builders_patients import (
    DAILY,
    MIDDLE,
    TODAY,
    TWICE_DAILY,
    WEEKLY,
    a_child,
    a_dose,
    a_patient,
    a_rule,
)

SOURCE = RuleSource(key="Alpha2020", passage_id="alpha:1")


def cited(low: str | None = "10", high: str | None = None, **fields: Any) -> Dose:
    plain: dict[str, Any] = {
        "unit": "mg",
        "basis": "m2",
        "per": "",
        "drug": "exampline",
        "drug_name": "",
    }
    top = high if high is not None else low
    return Dose(
        start=0,
        end=1,
        text="x",
        low=None if low is None else Fraction(low),
        high=None if top is None else Fraction(top),
        **{**plain, **fields},
    )


def rule_of(**fields: Any) -> Rule:
    return a_rule(**{"dose": a_dose("10"), "sources": (SOURCE,), **fields})


def table_of(*rules: Rule) -> Table:
    return Table(
        id="core",
        version="2026.11.0",
        effective_from=TODAY,
        review_due=TODAY,
        drugs={},
        rules={rule.id: rule for rule in rules},
    )


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({}, True),
        ({"low": "0.01", "unit": "g"}, True),
        ({"low": "10.1"}, False),
        ({"low": "5", "high": "10"}, False),
        ({"low": "10", "high": "20"}, False),
        ({"unit": "U"}, False),
        ({"basis": "kg"}, False),
        ({"basis": ""}, False),
        ({"per": "d"}, False),
        ({"per": "dose"}, True),
        ({"per": "course"}, False),
        ({"per": "wk"}, False),
        ({"role": DoseRole.REJECTED}, False),
        ({"role": DoseRole.MAXIMUM}, False),
        ({"low": None, "high": "10"}, False),
    ],
)
def test_a_rule_gives_a_dose_only_when_amount_basis_and_kind_are_the_same(
    changed: dict[str, Any], same: bool
) -> None:
    assert gives(rule_of(), cited(**changed)) is same


def test_up_to_is_only_equal_to_up_to() -> None:
    rule = rule_of(dose=a_dose(None, "10"))

    assert gives(rule, cited(role=DoseRole.MAXIMUM))
    assert not gives(rule, cited())
    assert not gives(rule, cited(low=None, high=None, role=DoseRole.MAXIMUM))
    assert not gives(rule_of(dose=None), cited())


@pytest.mark.parametrize(
    ("kind", "per"),
    [
        (DoseKind.PER_DAY, "d"),
        (DoseKind.PER_COURSE, "course"),
        (DoseKind.PER_COURSE, "cycle"),
        (DoseKind.RATE, "h"),
        (DoseKind.RATE, "min"),
        (DoseKind.PER_DAY, ""),
        (DoseKind.PER_COURSE, ""),
    ],
)
def test_the_denominator_of_a_text_names_the_kind_of_the_rule(kind: DoseKind, per: str) -> None:
    assert gives(rule_of(dose=a_dose("10", kind=kind)), cited(per=per))
    assert not gives(rule_of(dose=a_dose("10", kind=DoseKind.RATE)), cited(per=""))


def test_a_frequency_has_to_fit_where_both_name_one() -> None:
    ranged = rule_of(schedule=Schedule(frequencies=(Frequency(1, 12, "h", period_max=24),)))
    daily = rule_of(schedule=Schedule(frequencies=(DAILY,)))

    assert gives(daily, cited(freq=Frequency(1, 24, "h")))
    assert gives(ranged, cited(freq=TWICE_DAILY))
    assert gives(daily, cited())
    assert gives(rule_of(), cited(freq=WEEKLY))
    assert not gives(daily, cited(freq=WEEKLY))


def test_another_route_or_a_total_is_not_the_dose_of_the_rule() -> None:
    vein = rule_of(schedule=Schedule(routes=("IV", "PO")))
    course = rule_of(dose=a_dose("10", kind=DoseKind.PER_COURSE))

    assert gives(vein, cited(routes=("IV",)))
    assert gives(vein, cited())
    assert gives(rule_of(), cited(routes=("IT",)))
    assert not gives(vein, cited(routes=("IT",)))
    assert gives(course, cited(cumulative=True))
    assert not gives(rule_of(), cited(cumulative=True))


def test_only_rules_of_that_drug_and_passage_are_found_in_the_order_of_the_table() -> None:
    elsewhere = replace(SOURCE, passage_id="alpha:2")
    found = rules_of(
        cited(),
        "alpha:1",
        table_of(
            rule_of(id="b", sources=(elsewhere, SOURCE)),
            rule_of(id="a"),
            rule_of(id="c", sources=(elsewhere,)),
            rule_of(id="d", drug="other"),
        ),
    )

    assert [rule.id for rule in found] == ["b", "a"]
    assert rules_of(cited(drug=None), "alpha:1", table_of(rule_of())) == ()


def workings(*rules: Rule, dose: Dose | None = None, **fields: Any) -> Any:
    plain: dict[str, Any] = {"policy": MIDDLE, "today": TODAY}
    patient = fields.pop("patient", a_patient())
    asked, table = dose or cited(), table_of(*rules)
    return tuple(
        working_of(rule, asked, table, patient, **{**plain, **fields})
        for rule in rules_of(asked, "alpha:1", table)
    )


def test_the_working_names_the_table_and_uses_the_cited_frequency() -> None:
    rule = rule_of(schedule=Schedule(frequencies=(DAILY, TWICE_DAILY)))

    (working,) = workings(rule, dose=cited(freq=TWICE_DAILY))
    (planned,) = workings(rule, dose=cited(freq=TWICE_DAILY), plan=Plan(frequency=DAILY))
    (open_,) = workings(rule)

    assert isinstance(working, Working)
    assert working.table_version == "2026.11.0"
    assert working.frequency == TWICE_DAILY
    assert planned.frequency == DAILY
    assert open_.frequency is None


def test_no_rule_of_the_passage_means_no_working() -> None:
    assert workings(rule_of(), dose=cited("11")) == ()


def test_each_policy_is_passed_on() -> None:
    def code(policy: CalculationPolicy) -> RefusalCode | None:
        (found,) = workings(rule_of(), policy=policy)
        return found.code if isinstance(found, Refusal) else None

    assert code(CalculationPolicy.OFF) is RefusalCode.OFF
    assert code(CalculationPolicy.REVIEWED_ONLY) is RefusalCode.UNREVIEWED
    assert code(CalculationPolicy.UNREVIEWED_WITH_NOTICE) is None


def test_only_rules_for_this_patient_disagree() -> None:
    children = Context(population=Population(groups=("child",)))
    adults = Context(population=Population(groups=("adult",)))
    rule = rule_of(id="a", conflicts_with=("b", "c", "d", "gone"))
    others = (
        a_rule(a_dose("20"), id="b", context=children),
        a_rule(a_dose("30"), id="c", context=adults),
        a_rule(None, id="d", kind=RuleKind.GAP),
    )
    table = table_of(rule, *others)

    assert [r.id for r in rivals(rule, table, a_patient())] == ["c"]
    assert [r.id for r in rivals(rule, table, a_child())] == ["b"]
    assert [r.id for r in rivals(rule, table, a_patient(age=""))] == ["b", "c"]
    (undecided,) = workings(rule, *others)
    (chosen,) = workings(rule, *others, plan=Plan(chosen="a"))
    assert undecided.code is RefusalCode.CONFLICT
    assert "a and c give different doses" in undecided.message
    assert "chosen by the user instead of c" in chosen.notices
    (alone,) = workings(rule_of(id="a", conflicts_with=("b",)), others[0])
    assert isinstance(alone, Working)


def test_a_passage_that_states_a_whole_regimen_speaks_for_each_of_its_steps() -> None:
    library = load_library()
    passage = library.passages["hlh-2004-protocol:1.2"]
    table = open_rules(library)

    found = [
        [rule.id for rule in rules_of(dose, passage.id, table)]
        for dose in parse(passage.text).doses
    ]

    steps = ("weeks1-2", "weeks3-4", "weeks5-6", "week7")
    assert found == [[f"dexamethasone.hlh.induction.{step}"] for step in steps]


def test_another_week_of_a_regimen_is_not_the_dose_that_was_cited() -> None:
    library = load_library()
    table = open_rules(library)
    (dose,) = parse("Dexamethasone 10 mg/m²/day in weeks 5–6.").doses

    assert rules_of(dose, "hlh-2004-protocol:1.2", table) == ()
