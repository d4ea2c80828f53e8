"""FHIR doses come back as they left, and come in as drafts that nobody reviewed."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dosing.fhir import (
    CheckedDose,
    ImportReport,
    NotExportable,
    NotImportable,
    Release,
    answer_bundle,
    checked_doses,
    fhir_json,
    import_drafts,
    read_json,
    rules_toml,
)
from assistant.dosing.table.errors import Problems
from assistant.dosing.table.model import DoseKind, Population, RuleSource, Status
from assistant.dosing.table.parse_rule import parse_rule
from assistant.dosing.table.toml_fields import Fields
from assistant.fhir_models import validate
from corpus.drugs import load_drugs
from tests.unit.dosing.fhir.doses import RECORDED, a_checked, checked_doses_made

RELEASES: tuple[Release, ...] = get_args(Release)
DRUGS = load_drugs()
SOURCE = RuleSource(key="somebody")


def imported(resource: dict[str, Any]) -> ImportReport:
    return import_drafts(
        resource,
        drugs=DRUGS,
        source=SOURCE,
        effective_from=date(2026, 11, 27),
        review_due=date(2027, 5, 27),
    )


def bundle_of(*texts: str, release: Release = "R5") -> dict[str, Any]:
    return answer_bundle([a_checked(t) for t in texts], release, recorded=RECORDED).bundle


def activity(**dosage: Any) -> dict[str, Any]:
    return {
        "resourceType": "ActivityDefinition",
        "status": "draft",
        "productCodeableConcept": {"text": "etoposide"},
        "dosage": [{"text": "etoposide", **dosage}],
    }


@settings(max_examples=150, deadline=None)
@given(doses=st.lists(checked_doses_made(), max_size=3), release=st.sampled_from(RELEASES))
def test_export_import_export_is_the_identity(doses: list[CheckedDose], release: Release) -> None:
    first = answer_bundle(doses, release, recorded=RECORDED)

    read = checked_doses(read_json(fhir_json(first.bundle)))
    again = answer_bundle(read, release, recorded=RECORDED)

    validate(first.bundle, release)
    assert fhir_json(again.bundle) == fhir_json(first.bundle)
    assert not again.left_out


@pytest.mark.parametrize("release", RELEASES)
def test_an_imported_dose_is_a_draft_with_nobody_in_reviewed_by(release: Release) -> None:
    text = "etoposide 50-100 mg/m2 once weekly IV for 3-8 weeks (max 150 mg/m2)"

    (rule,) = imported(bundle_of(text, release=release)).rules

    assert (rule.status, rule.reviewed_by) == (Status.DRAFT, ())
    assert rule.dose is not None
    assert rule.dose.kind is DoseKind.PER_ADMINISTRATION
    assert (rule.dose.low, rule.dose.high, rule.dose.hard_max) == (50, 100, 150)
    assert rule.schedule.routes == ("IV",)


def test_a_limit_without_a_place_is_reported_and_kept_in_the_note() -> None:
    report = imported(bundle_of("vincristine 1.4 mg/m2 (max 2 mg)"))

    assert any("<= 2 mg" in line for line in report.reported)
    assert "<= 2 mg" in report.rules[0].note


def test_an_amount_of_no_known_unit_system_makes_no_rule() -> None:
    report = imported(activity(doseAndRate=[{"doseQuantity": {"value": 5, "unit": "mg"}}]))

    assert not report.rules
    assert any("no unit is guessed" in line for line in report.reported)


@pytest.mark.parametrize(
    ("element", "path"),
    [
        ({"modifierExtension": [{"url": "urn:x"}]}, "modifierExtension"),
        ({"asNeededBoolean": True, "doseAndRate": []}, "asNeeded"),
        ({"maxDosePerLifetime": {"value": 2, "comparator": "<"}}, "comparator"),
        ({"doseAndRate": [{"doseQuantity": {"value": 0.1}}]}, "value"),
        ({"doseAndRate": 3}, "doseAndRate"),
    ],
)
def test_a_modifier_or_a_malformed_element_stops_the_import(
    element: dict[str, Any], path: str
) -> None:
    with pytest.raises(NotImportable, match=path):
        imported(activity(**element))


def test_what_not_to_do_and_a_retired_resource_are_never_drafts() -> None:
    for field, value in (("doNotPerform", True), ("status", "retired")):
        with pytest.raises(NotImportable, match=field):
            imported(activity() | {field: value})


def test_an_expression_is_listed_and_never_executed() -> None:
    value = {"path": "dosage", "expression": {"language": "text/cql", "expression": "1/0"}}

    report = imported(activity() | {"dynamicValue": [value]})

    (line,) = report.listed_expressions
    assert "1/0" in line
    assert "not executed" in line


def test_every_expression_and_library_is_listed_with_what_it_says() -> None:
    found = {
        "library": ["Library/one", "Library/two"],
        "dynamicValue": [
            {"path": "dosage", "expression": {"language": "text/cql", "expression": "1/0"}},
            {"expression": {"reference": "Library/three"}},
            {"expression": {}},
            {"expression": "no object"},
        ],
        "extension": [{"url": "urn:x", "valueExpression": {"language": "x", "expression": "2"}}],
    }

    report = imported(activity() | found)

    value = "ActivityDefinition.dynamicValue"
    assert sorted(report.listed_expressions) == [
        f"{value}[0].expression for “dosage”: 1/0 (text/cql); not executed.",
        f"{value}[1].expression: Library/three (no language); not executed.",
        f"{value}[2].expression: (no text) (no language); not executed.",
        "ActivityDefinition.extension[0].valueExpression: 2 (x); not executed.",
        "ActivityDefinition.library: Library/one; not loaded.",
        "ActivityDefinition.library: Library/two; not loaded.",
    ]


def test_drafts_written_as_toml_are_read_back_by_the_loader_of_the_table() -> None:
    texts = (
        "etoposide 50-100 mg/m2 once weekly IV for 3-8 weeks",
        "prednisolone 1-2 mg/kg/day in 2 divided doses",
        "IVIG 1.6 g/kg divided over 2-3 days",
        'examplol "dexamethasone" 10 mg/m2 daily on days 1, 8, 15',
    )
    rules = imported(bundle_of(*texts)).rules
    problems = Problems()

    tables = tomllib.loads(rules_toml(rules), parse_float=Decimal)["rule"]
    read = [parse_rule(Fields(table, "f.toml", "rule", problems)) for table in tables]

    assert not problems.found
    assert [replace(rule, file="") for rule in read] == list(rules)
    assert len(rules) >= 3


def test_a_rule_that_is_more_than_a_draft_is_not_written() -> None:
    (rule,) = imported(bundle_of("etoposide 50 mg once weekly IV")).rules

    with pytest.raises(NotExportable, match=r"more than an imported draft\. Edit its own file\."):
        rules_toml([replace(rule, dose=None)])


def quantity(value: object, code: str) -> dict[str, Any]:
    return {"value": value, "system": "http://unitsofmeasure.org", "code": code}


def characteristic(topic: str, **value: Any) -> dict[str, Any]:
    return {"type": {"text": topic}, **value}


def test_what_surrounds_a_dose_becomes_the_context_of_its_rule() -> None:
    typed = [{"dosage": [{"text": "it", "doseAndRate": [{"doseQuantity": quantity(5, "mg")}]}]}]
    people = [
        characteristic("age", valueRange={"low": quantity(6, "mo"), "high": quantity(3, "a")}),
        characteristic("weight", valueRange={"low": quantity(0, "kg")}),
        characteristic("weight", valueRange={"low": quantity(30, "[lb_av]")}),
        characteristic("age", valueRange={"low": {"value": 1, "code": "a"}}),
        characteristic("group", valueCodeableConcept={"coding": [{"display": "adult"}]}),
        characteristic("sex", valueCodeableConcept={"coding": [{"code": "female"}]}),
        characteristic("sex", valueCodeableConcept={}),
        characteristic("mood"),
    ]
    treated = {
        "patientCharacteristic": people,
        "administrationTreatment": {"text": "induction"},
        "dosage": typed,
    }
    resource = {
        "resourceType": "MedicationKnowledge",
        "code": {"text": "etoposide"},
        "indicationGuideline": [
            {
                "indication": [{"concept": {"text": "a"}}, {"concept": {}}],
                "dosingGuideline": [treated, {"dosage": typed}, {"colour": 1}],
            }
        ],
        "administrationGuidelines": [
            {
                "indicationCodeableConcept": {"text": "b"},
                "patientCharacteristics": [
                    {"characteristicCodeableConcept": {"text": "pregnancy"}, "value": ["x", "y"]},
                    {"characteristicQuantity": quantity(3, "a"), "value": "z"},
                    {"characteristicCodeableConcept": {"text": "frail"}},
                ],
                "dosage": typed,
            }
        ],
    }

    report = imported(resource)

    old, first, second = (rule.context for rule in report.rules)
    assert [rule.id for rule in report.rules] == [f"etoposide.imported.{n}" for n in (1, 2, 3)]
    assert (old.indications, old.population.groups) == (("b",), ("pregnancy",))
    assert (old.setting, old.variant) == ("x; y; frail", "imported 1")
    assert (first.indications, first.population.groups) == (("a",), ("adult",))
    assert (first.population.age_min, first.population.weight_min) == (Fraction(1, 2), 0)
    assert first.setting == (
        "age at most 3 a; weight at least 30 [lb_av]; age at least 1 a; female; mood"
    )
    assert (first.variant, second.variant) == ("induction; imported 2", "imported 3")
    assert second == replace(first, population=Population(), setting="", variant="imported 3")
    guideline = "MedicationKnowledge.administrationGuidelines[0].patientCharacteristics"
    dosing = "MedicationKnowledge.indicationGuideline[0].dosingGuideline[0]"
    assert report.reported == (
        f"{guideline}[0]: its value was kept as words in the setting, at most.",
        f"{guideline}[1]: its value was kept as words in the setting, at most.",
        f"{dosing}.patientCharacteristic[7]: only its topic “mood” was kept, in the setting.",
    )
