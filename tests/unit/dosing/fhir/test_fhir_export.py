"""A checked dose leaves as FHIR exactly as it was read, or not at all."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any, get_args

import pytest

from assistant.dosing import DoseRole, Verdict, parse
from assistant.dosing.fhir import (
    CheckedDose,
    NotExportable,
    Release,
    dosage,
    fhir_json,
    provenance,
    to_fhir,
    to_fhir_sequence,
)
from assistant.dosing.fhir.checked import EXPORTED
from assistant.dosing.printing import render
from assistant.dosing.table.model import DrugEntry
from assistant.fhir_models import FhirInvalid, validate
from corpus.library import load_library
from tests.unit.dosing.fhir.doses import RECORDED, a_checked, a_dose

RELEASES: tuple[Release, ...] = get_args(Release)
HEPARIN = DrugEntry(
    id="heparin",
    amount_units=("U",),
    bases=("flat",),
    routes=("SC",),
    high_alert=True,
    narrow_therapeutic_index=True,
    codes={"ucum_unit": "[iU]"},
)
EXAMPLE = """{
  "sequence": 1,
  "text": "etoposide 50 to 100 milligram per square metre, once a week, intravenous, for up to 8 weeks",
  "timing": {"repeat": {"frequency": 1, "period": 1, "periodUnit": "wk",
             "boundsRange": {"high": {"value": 8, "unit": "weeks", "system": "http://unitsofmeasure.org", "code": "wk"}}}},
  "route": {"coding": [{"system": "http://snomed.info/sct", "code": "47625008"}], "text": "intravenous"},
  "doseAndRate": [{"type": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/dose-rate-type", "code": "ordered"}]},
     "doseRange": {"low":  {"value": 50,  "unit": "mg/m2", "system": "http://unitsofmeasure.org", "code": "mg/m2"},
                   "high": {"value": 100, "unit": "mg/m2", "system": "http://unitsofmeasure.org", "code": "mg/m2"}}}],
  "maxDosePerLifetime": {"value": 2, "unit": "g/m2", "system": "http://unitsofmeasure.org", "code": "g/m2"}
}"""  # noqa: E501


def export(text: str, release: Release = "R4", **fields: Any) -> dict[str, Any]:
    found = dosage(a_checked(text, **fields), release)
    validate(found, release)
    return found


def check_of(found: dict[str, Any]) -> dict[str, str]:
    parts = found["extension"][0]["extension"]
    return {part["url"]: part.get("valueString") or part["valueCode"] for part in parts}


@pytest.mark.parametrize("release", RELEASES)
def test_the_example_of_the_specification_is_our_export_of_its_record(release: Release) -> None:
    example = json.loads(EXAMPLE, parse_float=Decimal)
    limit = a_dose("maximum cumulative dose 2 g/m2")

    found = to_fhir(
        a_dose(example["text"]),
        release,
        verdict=Verdict.VERIFIED,
        text=example["text"],
        limits=[limit],
        sequence=1,
    )

    validate(example, release)
    assert {k: v for k, v in found.items() if k != "extension"} == example


@pytest.mark.parametrize("verdict", sorted(set(Verdict) - EXPORTED))
def test_only_a_dose_that_its_source_supports_is_exported(verdict: Verdict) -> None:
    dose = a_dose("dexamethasone 10 mg/m2 daily")

    with pytest.raises(NotExportable, match=str(verdict)):
        to_fhir(dose, "R4", verdict=verdict, text="dexamethasone 10 mg/m2 daily")


def test_a_rejected_a_previous_and_a_relative_dose_are_no_doses_to_export() -> None:
    text = "dexamethasone 10 mg/m2 daily"

    for role in (DoseRole.REJECTED, DoseRole.PREVIOUS, DoseRole.RELATIVE):
        with pytest.raises(NotExportable, match="no dose to give"):
            dosage(a_checked(text, dose=replace(a_dose(text), role=role)), "R4")


@pytest.mark.parametrize(
    "text",
    [
        "dexamethasone 20 mg/m2 daily",
        "dexamethasone 10 mg daily",
        "dexamethasone 10 mg/m2 weekly",
        "dexamethasone 10 mg/m2 IV daily",
        "etoposide 10 mg/m2 daily",
        "dexamethasone 10 mg/m2 daily for 5 days",
        "dexamethasone",
    ],
)
def test_a_text_that_says_another_dose_than_the_structure_is_refused(text: str) -> None:
    dose = a_dose("dexamethasone 10 mg/m2 daily")

    with pytest.raises(NotExportable, match="the text doesn't say"):
        to_fhir(dose, "R4", verdict=Verdict.VERIFIED, text=text)


def test_an_amount_per_day_in_divided_doses_never_becomes_a_single_dose() -> None:
    for text in (
        "ciclosporin 6 mg/kg daily in 2 divided doses",
        "ciclosporin 6 mg/kg/day in 2 divided doses",
        "ciclosporin 6 mg/kg/day",
    ):
        found = export(text)

        assert "doseQuantity" not in found["doseAndRate"][0]
        assert found["doseAndRate"][0]["rateQuantity"]["code"] == "mg/kg/d"
        assert "repeat" not in found.get("timing", {})


def test_a_course_split_over_days_is_text() -> None:
    found = export("IVIG 1.6 g/kg divided over 2-3 days")

    assert "doseAndRate" not in found
    assert json.loads(check_of(found)["text-only"])["over"]["high"] == "3"


def test_several_units_of_a_strength_are_text() -> None:
    found = export("paracetamol 2 x 500 mg daily")

    assert "doseAndRate" not in found


def test_units_have_a_code_only_through_the_entry_of_the_drug() -> None:
    text = "heparin 5,000 units SC three times a day"
    entry = replace(HEPARIN, codes={"ucum_unit": "[USP'U]"})

    without = export(text)
    named = to_fhir(a_dose(text), "R4", verdict=Verdict.VERIFIED, text=text, entry=entry)

    assert "doseAndRate" not in without
    assert named["doseAndRate"][0]["doseQuantity"]["code"] == "[USP'U]"


def test_an_infusion_rate_keeps_its_unit_of_time_and_no_ug_is_printed() -> None:
    found = export("examplol 0.5 mcg/kg/min continuous infusion")

    rate = found["doseAndRate"][0]["rateQuantity"]
    assert (rate["code"], rate["unit"]) == ("ug/kg/min", "microgram/kg/min")


@pytest.mark.parametrize(
    ("text", "repeat"),
    [
        ("anakinra 100 mg every 6 to 12 hours", {"frequency": 1, "period": 6, "periodMax": 12}),
        ("anakinra 100 mg once daily for 3-5 days", {"frequency": 1, "period": 1}),
        ("rituximab 375 mg/m2 once weekly for 2-4 doses", {"count": 2, "countMax": 4}),
        ("etoposide 100 mg/m2 over 60 min", {"duration": 60, "durationUnit": "min"}),
    ],
)
def test_timing_is_said_by_its_own_elements(text: str, repeat: dict[str, Any]) -> None:
    found = export(text)

    assert found["timing"]["repeat"].items() >= repeat.items()


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("intravenously", "47625008"),
        ("orally", "26643006"),
        ("subcutaneously", "34206005"),
        ("intramuscularly", "78421000"),
        ("intrathecally", "72607000"),
        ("inhaled", "447694001"),
    ],
)
def test_one_route_has_a_code(word: str, code: str) -> None:
    found = export(f"methotrexate 12 mg {word}")

    assert found["route"]["coding"] == [{"system": "http://snomed.info/sct", "code": code}]


def test_a_choice_of_routes_is_text() -> None:
    assert export("anakinra 100 mg IV or SC")["route"] == {"text": "intravenous or subcutaneous"}


def test_a_cap_per_day_is_one_ratio_in_r4_and_a_list_in_r5() -> None:
    text = "paracetamol 1 g every 6 hours, maximum 4 g/day"

    r4, r5 = export(text, "R4"), export(text, "R5")

    assert r4["maxDosePerPeriod"]["numerator"]["value"] == 4
    assert r5["maxDosePerPeriod"] == [r4["maxDosePerPeriod"]]


def test_a_cap_without_its_own_period_beside_an_amount_per_day_is_a_cap_per_day() -> None:
    found = export("prednisolone 1 mg/kg/day (max 60 mg)")

    assert found["maxDosePerPeriod"]["denominator"]["code"] == "d"


def test_a_cap_for_one_dose_is_a_cap_per_administration() -> None:
    found = export("vincristine 1.4 mg/m2 (max 2 mg)")

    assert found["maxDosePerAdministration"]["code"] == "mg"


def test_a_limit_with_a_strict_comparator_or_a_range_stays_in_the_extension() -> None:
    for text in (
        "etoposide 100 mg/m2 weekly; keep cumulative etoposide below 2 g/m2",
        "etoposide 100 mg/m2 weekly; keep cumulative etoposide below 2-3 g/m2",
    ):
        found = export(text)

        assert not [name for name in found if name.startswith("maxDose")]
        assert '"role": "cumulative_limit"' in check_of(found)["limit"]


def test_a_limit_alone_has_its_element_and_no_dose() -> None:
    found = export("maximum 4 g/day of paracetamol", "R5")

    assert "doseAndRate" not in found
    assert found["maxDosePerPeriod"][0]["numerator"]["code"] == "g"


def test_as_needed_was_split_in_r5() -> None:
    text = "paracetamol 500 mg every 6 hours as needed"

    assert export(text, "R4", as_needed=True)["asNeededBoolean"] is True
    assert export(text, "R5", as_needed=True)["asNeeded"] is True
    assert export(text, "R4", as_needed_for="pain")["asNeededCodeableConcept"] == {"text": "pain"}
    assert export(text, "R5", as_needed_for="pain")["asNeededFor"] == [{"text": "pain"}]


def test_days_of_a_cycle_are_text_until_the_plan_has_dates() -> None:
    text = "etoposide 100 mg/m2 on days 1, 8, 15"

    undated = export(text)
    dated = export(text, events=(date(2026, 12, 1), date(2026, 12, 8)))

    assert "timing" not in undated
    assert dated["timing"]["event"] == ["2026-12-01", "2026-12-08"]
    assert json.loads(check_of(undated)["text-only"])["days"] == "1,8,15"


def test_a_calculated_dose_says_so() -> None:
    found = export("etoposide 92-184 mg", calculated=True)

    assert found["doseAndRate"][0]["type"]["coding"][0]["code"] == "calculated"


def test_a_third_has_no_decimal_and_stays_text() -> None:
    text = "etoposide 50 mg/m2"
    dose = replace(a_dose(text), low=Fraction(1, 3), high=Fraction(1, 3))

    with pytest.raises(NotExportable, match="the text doesn't say"):
        to_fhir(dose, "R4", verdict=Verdict.VERIFIED, text=text)


def test_the_steps_of_a_taper_are_numbered() -> None:
    texts = ("dexamethasone 10 mg/m2 daily", "dexamethasone 5 mg/m2 daily")

    found = to_fhir_sequence([a_checked(text) for text in texts], "R4")

    assert [step["sequence"] for step in found] == [1, 2]
    assert [step["doseAndRate"][0]["doseQuantity"]["value"] for step in found] == [10, 5]


def test_a_later_frequency_is_never_lost_and_becomes_a_step_of_its_own() -> None:
    text = "etoposide 150 mg/m2 twice weekly for 2 weeks and then weekly"
    checked = a_checked(text)
    if not checked.dose.phases:
        weekly = a_dose("etoposide 150 mg/m2 once weekly").freq
        assert weekly is not None
        checked = replace(checked, dose=replace(checked.dose, phases=(weekly,)))
    said = {2: "etoposide 150 mg/m2 twice weekly for 2 weeks", 1: "etoposide 150 mg/m2 once weekly"}

    one = dosage(checked, "R4")
    steps = to_fhir_sequence(
        [checked], "R4", say=lambda dose: said[dose.freq.n] if dose.freq else ""
    )

    assert "timing" not in one
    assert [step["timing"]["repeat"]["frequency"] for step in steps] == [2, 1]


def test_decimals_are_printed_as_they_are() -> None:
    found = fhir_json({"value": Decimal("0.10"), "text": 'a "quote" 0.1', "n": 3})

    assert found == '{"value": 0.10, "text": "a \\"quote\\" 0.1", "n": 3}'


def test_a_binary_float_is_never_written() -> None:
    with pytest.raises(TypeError, match="binary float"):
        fhir_json({"value": 0.1})


def test_a_provenance_names_passage_rule_and_time() -> None:
    checked = a_checked("dexamethasone 10 mg/m2 daily", passage_id="hlh:1", rule_id="dexa")

    for release in RELEASES:
        found = provenance([checked], release, target="urn:uuid:1", recorded=RECORDED)
        validate(found, release)
        assert found["entity"][0]["what"]["identifier"]["value"] == "hlh:1"
    with pytest.raises(ValueError, match="zone"):
        provenance([checked], "R4", target="urn:x", recorded=datetime(2026, 1, 1))


@pytest.mark.parametrize(
    ("resource", "path"),
    [
        ({"text": 3}, "Dosage.text"),
        ({"text": "x", "foo": 1}, "Dosage.foo"),
        ({"resourceType": "Patient"}, "resourceType"),
        ({"resourceType": "MedicationKnowledge", "code": {"text": []}}, "code"),
    ],
)
def test_a_malformed_resource_is_refused_with_its_path(resource: dict[str, Any], path: str) -> None:
    with pytest.raises(FhirInvalid, match=path):
        validate(resource, "R5")


def test_every_stated_dose_of_the_library_is_exported_and_valid() -> None:
    library = load_library()
    exported = 0

    for passage in library.passages.values():
        for dose in parse(passage.text, library.drugs).doses:
            if dose.role is not DoseRole.STATED or dose.low is None:
                continue
            for release in RELEASES:
                found = to_fhir(
                    dose,
                    release,
                    verdict=Verdict.SOURCE_ONLY,
                    passage_id=passage.id,
                    text=passage.text,
                )
                validate(found, release)
                exported += 1

    assert exported > 400


@pytest.mark.parametrize("release", RELEASES)
def test_a_dose_leaves_as_the_checked_dose_of_all_that_is_given(release: Release) -> None:
    dose, limit = parse("heparin 5,000 units SC (max 9,000 units per day)").doses
    given: dict[str, Any] = {
        **{"rule_id": "r.1", "table_version": "7", "passage_id": "p:1", "limits": (limit,)},
        **{"calculated": True, "as_needed": True, "as_needed_for": "pain", "sequence": 3},
        "events": (date(2026, 11, 27), date(2026, 12, 1)),
    }
    text = "heparin 5,000 units SC"
    checked = CheckedDose(dose=dose, verdict=Verdict.VERIFIED, text=text, **given)

    found = to_fhir(dose, release, verdict=Verdict.VERIFIED, text=text, entry=HEPARIN, **given)

    assert found == dosage(checked, release, entry=HEPARIN)
    assert found != dosage(checked, release)
    for name in given:
        default = CheckedDose(dose=dose, verdict=Verdict.VERIFIED, text=text)
        without = replace(checked, **{name: getattr(default, name)})
        # The reason of a dose as needed says that it is one.
        assert (found != dosage(without, release, entry=HEPARIN)) == (name != "as_needed")


def test_the_steps_of_a_taper_have_the_units_of_the_entry_and_the_words_that_are_asked_for() -> (
    None
):
    step = a_checked("heparin 5,000 units twice daily for 2 weeks, then daily")

    steps = to_fhir_sequence([step], "R5", entry=HEPARIN, say=lambda dose: f"so: {render(dose)}")

    assert [s["text"] for s in steps] == [
        "so: heparin 5,000 units twice daily for 2 weeks",
        "so: heparin 5,000 units daily",
    ]
    assert [s["doseAndRate"][0]["doseQuantity"]["code"] for s in steps] == ["[iU]", "[iU]"]
