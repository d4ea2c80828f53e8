"""Each sentence that says why something of FHIR was left out or refused, in both releases."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest

from assistant.dosing.fhir import (
    NotImportable,
    Release,
    checked_doses,
    import_drafts,
)
from assistant.dosing.fhir.checked import fields_of
from assistant.dosing.table.model import Rule, RuleSource
from corpus.drugs import load_drugs

RELEASES: tuple[Release, ...] = get_args(Release)
DRUGS = load_drugs()
UCUM = "http://unitsofmeasure.org"
CHECK = "urn:guideline-assistant:dose-check"
REMEDY = "Export it again, or remove the extension."


def quantity(value: object, code: str) -> dict[str, Any]:
    return {"value": value, "system": UCUM, "code": code}


def knowledge(release: Release, element: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """A resource of a release with one Dosage, and the path of that."""
    typed = [{"dosage": [element]}]
    found: dict[str, Any] = {
        "resourceType": "MedicationKnowledge",
        "code": {"text": "etoposide"},
    }
    if release == "R4":
        path = "MedicationKnowledge.administrationGuidelines[0].dosage[0].dosage[0]"
        return found | {"administrationGuidelines": [{"dosage": typed}]}, path
    path = "MedicationKnowledge.indicationGuideline[0].dosingGuideline[0].dosage[0].dosage[0]"
    return found | {"indicationGuideline": [{"dosingGuideline": [{"dosage": typed}]}]}, path


def reported(resource: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[Rule, ...]]:
    report = import_drafts(
        resource,
        drugs=DRUGS,
        source=RuleSource(key="somebody"),
        effective_from=date(2026, 11, 27),
        review_due=date(2027, 5, 27),
    )
    return report.reported, report.rules


MG, DAY = quantity(5, "mg"), quantity(1, "d")
CALCULATED = ": calculated for one patient, so it is no rule."
NO_RULE = ": no amount that a rule can hold: “it”."
ONE_AMOUNT = {"doseAndRate": [{"doseQuantity": MG}]}
# The elements of a Dosage, and the lines that are reported of it, after its path.
LEFT_OUT: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"doseAndRate": [{"doseQuantity": MG}]}, ()),
    (
        {"doseAndRate": [{"doseQuantity": MG}, {"doseQuantity": MG}, {}]},
        (
            ".doseAndRate[1]: a second amount in one Dosage was left out.",
            ".doseAndRate[2]: a second amount in one Dosage was left out.",
        ),
    ),
    (
        {"doseAndRate": [{"doseQuantity": MG, "rateQuantity": quantity(5, "mg/h")}]},
        (".doseAndRate[0]: dose and rate together have no place in a rule.", NO_RULE),
    ),
    ({"doseAndRate": [{"type": {}}]}, (NO_RULE,)),
    (
        {"doseAndRate": [{"doseRange": {"low": MG, "high": quantity(1, "g")}}]},
        (".doseAndRate[0].doseRange: its two ends have different units.", NO_RULE),
    ),
    (
        {"doseAndRate": [{"doseQuantity": quantity(5, "mg/h")}]},
        (".doseAndRate[0].doseQuantity: “mg/h” is no unit of a dose.", NO_RULE),
    ),
    (
        {"doseAndRate": [{"rateRange": {"high": MG}}]},
        (".doseAndRate[0].rateRange: “mg” is no unit of a rate.", NO_RULE),
    ),
    (
        {"doseAndRate": [{"doseQuantity": quantity(5, "[lb_av]")}]},
        (".doseAndRate[0].doseQuantity: “[lb_av]” is no unit of a dose here.", NO_RULE),
    ),
    (
        {"doseAndRate": [{"doseRange": {"high": {"value": 5, "unit": "mg"}, "mid": MG}}]},
        (
            ".doseAndRate[0].doseRange.mid: has no place in a rule and was left out.",
            ".doseAndRate[0].doseRange.high: it has no value with a UCUM code, and no unit is "
            "guessed.",
            NO_RULE,
        ),
    ),
    (
        ONE_AMOUNT | {"timing": {"repeat": {"period": Decimal("1.5"), "periodUnit": "d"}}},
        (".timing.repeat.period: it isn't a whole number of a known unit of time.",),
    ),
    (
        ONE_AMOUNT | {"timing": {"repeat": {"frequency": 2}}},
        (".timing.repeat.frequency: it has no period.",),
    ),
    (
        ONE_AMOUNT | {"timing": {"repeat": {"frequencyMax": 2}}},
        (".timing.repeat.frequency: it has no period.",),
    ),
    (
        ONE_AMOUNT | {"timing": {"repeat": {"period": 1, "periodUnit": "a"}}},
        (".timing: a frequency has no place in a rule.",),
    ),
    (
        ONE_AMOUNT | {"timing": {"repeat": {"duration": 1, "durationUnit": "s"}}},
        (".timing.repeat.duration: it has no known unit of time.",),
    ),
    (
        ONE_AMOUNT | {"timing": {"repeat": {"boundsDuration": quantity(2, "mg")}}},
        (".timing.repeat.boundsDuration: it has no known unit of time.",),
    ),
    (
        ONE_AMOUNT
        | {"timing": {"repeat": {"boundsRange": {"low": DAY, "high": quantity(1, "wk")}}}},
        (".timing.repeat.boundsRange: its ends aren't in one unit of time.",),
    ),
    (
        ONE_AMOUNT | {"timing": {"repeat": {"boundsRange": {"low": DAY}}}},
        (".timing: the length of treatment has no place.",),
    ),
    (
        ONE_AMOUNT | {"timing": {"event": ["2026-11-27"], "code": {}}},
        (
            ".timing.code: has no place in a rule and was left out.",
            ".timing.event: dates of one plan were left out.",
        ),
    ),
    (
        ONE_AMOUNT | {"route": {"text": "by mouth"}},
        (".route: “by mouth” is no route that a rule knows.",),
    ),
    (
        ONE_AMOUNT | {"maxDosePerAdministration": quantity(9, "mg/h")},
        (".maxDosePerAdministration: it is no amount of a drug in a known unit.",),
    ),
    (
        ONE_AMOUNT | {"maxDosePerPeriod": [{"numerator": MG, "denominator": quantity(2, "d")}]},
        (".maxDosePerPeriod: only “per 1 day”, week or month has a place in a rule.",),
    ),
    (
        ONE_AMOUNT | {"maxDosePerPeriod": {"numerator": MG, "denominator": DAY}},
        (": The limit of maximum <= 5 mg/d needs a place in the rule.",),
    ),
    (
        ONE_AMOUNT | {"maxDosePerPeriod": {"numerator": MG, "denominator": quantity(1, "mg")}},
        (".maxDosePerPeriod: only “per 1 day”, week or month has a place in a rule.",),
    ),
    (
        {"doseAndRate": [{"type": {"coding": [{"code": "calculated"}]}, "doseQuantity": MG}]},
        (CALCULATED,),
    ),
    (
        ONE_AMOUNT | {"extension": [{"url": "urn:x"}], "colour": 1, "id": "x"},
        (
            ".colour: has no place in a rule and was left out.",
            ".extension[0]: an unknown extension was left out.",
        ),
    ),
]


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(("elements", "lines"), LEFT_OUT)
def test_what_is_left_out_of_a_dosage_is_reported_with_its_path(
    release: Release, elements: dict[str, Any], lines: tuple[str, ...]
) -> None:
    resource, path = knowledge(release, {"text": "it", **elements})

    found, rules = reported(resource)

    assert found == tuple(f"{path}{line}" for line in lines)
    none = NO_RULE in lines or CALCULATED in lines
    assert len(rules) == (0 if none else 1)


SHAPE = "Nothing was imported. Correct the resource, and validate it before it is imported."
MODIFIER = (
    "Nothing was imported. Remove the element if its meaning allows it, or write the rule by hand."
)
WHOLE = f"It should be a whole number above 0. {SHAPE}"
NEEDED = (
    "A dose to be given as needed would become a dose to be given. Nothing was imported. "
    "Write the rule by hand."
)
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"text": 5}, f".text: It should be a text. {SHAPE}"),
    (
        {"route": {"coding": [{}, {"code": 5}]}},
        f".route.coding[1].code: It should be a text. {SHAPE}",
    ),
    (
        {"route": {"coding": [{"display": 5}]}},
        f".route.coding[0].display: It should be a text. {SHAPE}",
    ),
    ({"route": {"text": 5}}, f".route.text: It should be a text. {SHAPE}"),
    ({"sequence": 0}, f".sequence: {WHOLE}"),
    ({"sequence": True}, f".sequence: {WHOLE}"),
    ({"doseAndRate": {}}, f".doseAndRate: It should be a list of objects. {SHAPE}"),
    ({"doseAndRate": [1]}, f".doseAndRate: It should be a list of objects. {SHAPE}"),
    ({"timing": []}, f".timing: It should be an object. {SHAPE}"),
    ({"timing": {"event": ["soon"]}}, f".timing.event: It holds no dates. {SHAPE}"),
    ({"timing": {"event": 5}}, f".timing.event: It holds no dates. {SHAPE}"),
    ({"timing": {"repeat": {"count": "2"}}}, f".timing.repeat.count: {WHOLE}"),
    (
        {"timing": {"repeat": {"period": "2"}}},
        f".timing.repeat.period: It should be a number. {SHAPE}",
    ),
    (
        {"timing": {"repeat": {"period": 1.5}}},
        ".timing.repeat.period: It was read as a binary float. Nothing was imported. "
        "Read the file with read_json, which keeps decimals exact.",
    ),
    (
        {"timing": {"repeat": {"period": Decimal("NaN")}}},
        f".timing.repeat.period: It should be a number. {SHAPE}",
    ),
    ({"maxDosePerPeriod": ["x"]}, f".maxDosePerPeriod: It should be a ratio. {SHAPE}"),
    (
        {"doseAndRate": [{"doseQuantity": MG | {"comparator": "<"}}]},
        f".doseAndRate[0].doseQuantity.comparator: It modifies what is said here. {MODIFIER}",
    ),
    ({"modifierExtension": [1]}, f".modifierExtension: It modifies what is said here. {MODIFIER}"),
    ({"implicitRules": "x"}, f".implicitRules: It modifies what is said here. {MODIFIER}"),
    ({"doNotPerform": True}, f".doNotPerform: It says what not to do. {MODIFIER}"),
    ({"asNeeded": True}, f".asNeeded: {NEEDED}"),
    ({"asNeededBoolean": True}, f".asNeeded: {NEEDED}"),
    ({"asNeededFor": [{"text": "pain"}]}, f".asNeeded: {NEEDED}"),
    ({"asNeededCodeableConcept": {"coding": [{"code": "pain"}]}}, f".asNeeded: {NEEDED}"),
]


@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize(("elements", "sentence"), REFUSED)
def test_what_stops_an_import_is_said_with_its_path(
    release: Release, elements: dict[str, Any], sentence: str
) -> None:
    resource, path = knowledge(release, {"text": "it", **ONE_AMOUNT, **elements})

    with pytest.raises(NotImportable) as caught:
        reported(resource)

    assert str(caught.value) == f"{path}{sentence}"
    assert f"{caught.value.path}: {caught.value.what} " in str(caught.value)


@pytest.mark.parametrize("release", RELEASES)
def test_a_resource_of_another_kind_or_out_of_force_is_refused(release: Release) -> None:
    resource, _ = knowledge(release, ONE_AMOUNT)
    kinds = "Send a MedicationKnowledge, an ActivityDefinition, or a Bundle of them."
    for fields, sentence in (
        (
            {"resourceType": "Patient"},
            f"Patient: “Patient” holds no dose of a guideline. Nothing was imported. {kinds}",
        ),
        (
            {"resourceType": ""},
            ": “A resource without resourceType” holds no dose of a guideline. Nothing was "
            f"imported. {kinds}",
        ),
        (
            {"status": "entered-in-error"},
            "MedicationKnowledge.status: The resource is entered-in-error. Nothing was imported. "
            "Import the one in force.",
        ),
    ):
        with pytest.raises(NotImportable) as caught:
            reported(resource | fields)

        assert str(caught.value) == sentence


RECORDS = {
    "nonsense": "Expecting value: line 1 column 1 (char 0)",
    "[]": "'list' object has no attribute 'items'",
    '{"low": "1/0"}': "Fraction(1, 0)",
    '{"low": "x"}': "Invalid literal for Fraction: 'x'",
    '{"role": "boss"}': "'boss' is not a valid DoseRole",
    '{"colour": "red"}': "'colour'",
    '{"duration": {"low": "1"}}': "'high'",
}


@pytest.mark.parametrize(("record", "reason"), RECORDS.items())
@pytest.mark.parametrize("release", RELEASES)
@pytest.mark.parametrize("url", ["text-only", "limit"])
def test_a_record_of_the_check_that_cannot_be_read_stops_the_import(
    record: str, reason: str, release: Release, url: str
) -> None:
    part = {"url": url, "valueString": record}
    resource, path = knowledge(release, {"extension": [{"url": CHECK, "extension": [part]}]})

    with pytest.raises(NotImportable) as caught:
        reported(resource)

    assert str(caught.value) == (
        f"{path}.extension[0].extension[0]: The record of the dose check can't be read "
        f"({reason}). Nothing was imported. {REMEDY}"
    )


def test_a_record_of_the_check_gives_every_field_of_a_dose() -> None:
    found = fields_of('{"cumulative": 1, "days": 5, "conditions": [1], "unit": "mg"}', "x")

    assert found == {"cumulative": True, "days": "5", "conditions": ("1",), "unit": "mg"}


@pytest.mark.parametrize("release", RELEASES)
def test_a_bundle_without_our_verdict_is_no_answer_of_ours(release: Release) -> None:
    resource, path = knowledge(release, ONE_AMOUNT)

    with pytest.raises(NotImportable) as caught:
        checked_doses({"entry": [{"resource": resource}]})

    where = path.replace("MedicationKnowledge", "Bundle.entry[0].resource")
    assert str(caught.value) == (
        f"{where}: It carries no verdict of this program. Nothing was imported. "
        "Import it as a draft of a rule instead."
    )


@pytest.mark.parametrize(
    ("guideline", "path"),
    [
        ({"indication": [{"concept": {"text": 5}}]}, "indication[0].concept.text"),
        ({"indicationCodeableConcept": {"text": 5}}, "indicationCodeableConcept.text"),
        (
            {"dosingGuideline": [{"dosage": [], "administrationTreatment": {"text": 5}}]},
            "dosingGuideline[0].administrationTreatment.text",
        ),
        (
            {
                "dosage": [],
                "patientCharacteristics": [{"characteristicCodeableConcept": {"text": 5}}],
            },
            "patientCharacteristics[0].characteristicCodeableConcept.text",
        ),
        *(
            (
                {
                    "dosingGuideline": [
                        {"dosage": [], "patientCharacteristic": [{name: {"text": 5}}]}
                    ]
                },
                f"dosingGuideline[0].patientCharacteristic[0].{name}.text",
            )
            for name in ("type", "valueCodeableConcept")
        ),
    ],
)
def test_a_concept_at_fault_is_named_with_its_own_path(
    guideline: dict[str, Any], path: str
) -> None:
    resource, _ = knowledge("R5", {})

    with pytest.raises(NotImportable) as caught:
        reported(resource | {"indicationGuideline": [guideline]})

    assert caught.value.path == f"MedicationKnowledge.indicationGuideline[0].{path}"


def test_an_amount_without_ends_is_named_without_them() -> None:
    odd = {"value": "x"}
    for elements, where in (
        ({"doseAndRate": [{"doseQuantity": odd}]}, ".doseAndRate[0].doseQuantity.value"),
        ({"doseAndRate": [{"doseRange": {"high": odd}}]}, ".doseAndRate[0].doseRange.high.value"),
        (
            {"timing": {"repeat": {"boundsDuration": odd}}},
            ".timing.repeat.boundsDuration.value",
        ),
        (
            {"timing": {"repeat": {"boundsRange": {"high": odd}}}},
            ".timing.repeat.boundsRange.high.value",
        ),
    ):
        resource, path = knowledge("R4", elements)

        with pytest.raises(NotImportable) as caught:
            reported(resource)

        assert caught.value.path == f"{path}{where}"
