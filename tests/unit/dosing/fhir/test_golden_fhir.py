"""What leaves as FHIR and what comes in, with each slip in a resource, to the last character."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import product
from typing import Any, get_args

from assistant.dosing import Verdict, parse
from assistant.dosing.fhir import (
    CheckedDose,
    NotExportable,
    NotImportable,
    Release,
    answer_bundle,
    checked_doses,
    fhir_json,
    import_drafts,
    rules_toml,
    to_fhir,
    to_fhir_sequence,
)
from assistant.dosing.table.model import DrugEntry, RuleSource
from corpus.drugs import load_drugs
from corpus.model import sha256
from tests.characterisation import Line, characterised
from tests.slips import LEFT_OUT, at_path, slipped
from tests.unit.dosing.fhir.doses import RECORDED, a_checked

RELEASES: tuple[Release, ...] = get_args(Release)
DRUGS = load_drugs()
UCUM = "http://unitsofmeasure.org"

AMOUNTS = (
    *("50 mg", "50-100 mg/m2", "1/3 mg", "0.5 micrograms/kg/min", "2 mg/kg/day", "AUC 5"),
    *("5,000 international units", "5,000 units", "2 million units", "1-2 tablets of 50 mg"),
    *("1-2 mg/kg/day in 2 divided doses", "12 units/kg/h", "10 mg/kg/dose", "up to 100 mg"),
    *("at least 5 mg", "1 g/week", "100 mg/month", "a total of 2 g/m2", "a maximum of 3 mg/day"),
    *("a cumulative dose of 2 g/m2", "a lifetime maximum of 3 g/m2", "less than 10 mg", "~10 mg"),
    *("half the dose", "2 tablets", "not 150 mg but 100 mg", "20-10 mg", "3 mL", "5 mmol"),
)
TAILS = (
    *("", " once daily", " every 8 hours", " every 2-3 weeks", " 2-3 times a week", " monthly"),
    *(" IV", " orally for 5 days", " IV or PO for 3-5 days", " for up to 8 weeks", " for 1 year"),
    *(" SC over 60 min", " over 1-2 h", " divided over 2-3 days", " for 4 doses", " inhaled"),
    *(" for 2-4 doses", " on days 1, 8, 15", " (max 100 mg)", " (maximum 4 g/day)", " rectally"),
    *(" (max 1 g/week, max 2 g/month)", " (max 20 mg and max 30 mg)", " in adults", " if <30 kg"),
    *(" twice weekly for 2 weeks, then weekly", " daily in 2 divided doses", " as needed"),
    *(" (lifetime maximum 3 g/m2)", " (max 5 mg/kg/day if <30 kg)", " (minimum 10 mg)"),
)
ENTRIES = {
    name: DrugEntry(
        id=name,
        amount_units=("U",),
        bases=("flat",),
        routes=("IV",),
        high_alert=True,
        narrow_therapeutic_index=False,
        codes={"ucum_unit": code},
    )
    for name, code in (("heparin", "[iU]"), ("asparaginase", "U"))
}
ODD: tuple[Mapping[str, Any], ...] = (
    {"rule_id": "r.1", "passage_id": "p:1", "table_version": "7"},
    {"rule_id": "r.1", "calculated": True, "sequence": 2},
    {"as_needed": True, "indication": "a disease"},
    {"as_needed_for": "pain", "sequence": 1, "events": (date(2026, 11, 27), date(2026, 12, 1))},
    {"verdict": Verdict.MISMATCH},
    {"verdict": Verdict.WITHIN_RANGE, "text": " "},
    {"text": "etoposide 51 mg"},
    {"limits": parse("etoposide 5 mg").doses},
)


def short(text: str) -> str:
    """A short word for a long text, of letters and digits in quotes."""
    return f"'{sha256(text)[:12]}'"


def exported(doses: Sequence[CheckedDose], release: Release) -> tuple[str, ...]:
    """The reasons of the doses that stay behind, and a word for the bundle that leaves."""
    export = answer_bundle(doses, release, recorded=RECORDED, entries=ENTRIES)
    again = checked_doses(export.bundle)
    kept = fhir_json(answer_bundle(again, release, recorded=RECORDED, entries=ENTRIES).bundle)
    return (
        *(f"{reason}" for _, reason in export.left_out),
        f"Leaves as {short(fhir_json(export.bundle))}, read as {short(repr(again))}, "
        f"again {short(kept)}.",
    )


def texts() -> Iterator[str]:
    for amount, tail in product(AMOUNTS, TAILS):
        yield f"etoposide {amount}{tail}"
        if "units" in amount:
            yield f"heparin {amount}{tail}"


def leaving() -> Iterator[Line]:
    for number, text in enumerate(texts()):
        doses = parse(text).doses
        if not doses:
            continue
        checked = replace(a_checked(text), verdict=Verdict.VERIFIED)
        release = RELEASES[number % len(RELEASES)]
        yield release, text, exported([checked], release)
    base = [a_checked(f"etoposide {amount} IV") for amount in AMOUNTS[:5]]
    for release, fields in product(RELEASES, ODD):
        changed = [replace(base[0], **fields), *base[1:]]
        yield f"{release} odd", str(sorted(fields)), exported(changed, release)
    nameless = replace(base[0], dose=replace(base[0].dose, drug=None))
    taper = [replace(b, sequence=n) for n, b in enumerate((base[0], base[0], base[1]), 1)]
    later = [replace(taper[0], indication="a disease"), replace(taper[0], sequence=4)]
    for release in RELEASES:
        yield f"{release} odd", "no drug", exported([nameless], release)
        yield f"{release} odd", "a taper", exported([*taper, *later], release)
        yield f"{release} odd", "nothing", exported([], release)


def test_every_dose_leaves_or_stays_behind_as_approved() -> None:
    approved, now = characterised("fhir_export", leaving())

    assert now == approved


def alone() -> Iterator[Line]:
    for text, release in product(texts(), RELEASES):
        doses = parse(text).doses
        phased = [d for d in doses if d.phases]
        for dose in (*doses[1:], *phased):
            try:
                said = fhir_json(to_fhir(dose, release, verdict=Verdict.VERIFIED))
            except NotExportable as error:
                said = str(error)
            yield release, text, (said if said.startswith("The dose") else short(said),)
        for dose in phased:
            step = CheckedDose(dose=dose, verdict=Verdict.VERIFIED, text=text)
            try:
                steps = to_fhir_sequence([step, step], release)
            except NotExportable as error:
                yield "sequence", text, (str(error),)
            else:
                yield "sequence", text, (short(fhir_json({"steps": steps})),)


def test_a_dose_alone_and_a_taper_leave_as_approved() -> None:
    approved, now = characterised("fhir_alone", alone())

    assert now == approved


def quantity(value: object, code: str) -> dict[str, Any]:
    return {"value": value, "unit": code, "system": UCUM, "code": code}


DOSAGE: dict[str, Any] = {
    "text": "etoposide 50-100 mg/m2 IV",
    "sequence": 2,
    "timing": {
        "event": ["2026-11-27"],
        "repeat": {
            **{"frequency": 1, "frequencyMax": 2, "period": 1, "periodMax": 2, "periodUnit": "wk"},
            **{"count": 3, "countMax": 4},
            **{"duration": 1, "durationMax": Decimal("1.5"), "durationUnit": "h"},
            "boundsRange": {"low": quantity(3, "wk"), "high": quantity(8, "wk")},
        },
    },
    "route": {
        "coding": [{"system": "http://snomed.info/sct", "code": "47625008", "display": "IV"}],
        "text": "intravenous",
    },
    "doseAndRate": [
        {
            "type": {"coding": [{"code": "ordered"}]},
            "doseRange": {"low": quantity(50, "mg/m2"), "high": quantity(100, "mg/m2")},
        }
    ],
    "maxDosePerAdministration": quantity(150, "mg/m2"),
    "maxDosePerLifetime": quantity(2, "g/m2"),
    "maxDosePerPeriod": [{"numerator": quantity(200, "mg/m2"), "denominator": quantity(1, "d")}],
}
PLAIN: dict[str, Any] = {
    "text": "etoposide 5 mg/kg/day",
    "timing": {
        "repeat": {"count": 3, "duration": 30, "durationUnit": "min", "frequency": 1}
        | {"boundsDuration": quantity(3, "d"), "period": 1, "periodUnit": "d"}
    },
    "route": {"text": "oral or subcutaneous"},
    "doseAndRate": [{"rateQuantity": quantity(5, "mg/kg/d")}],
    "maxDosePerPeriod": {"numerator": quantity(9, "mg/kg"), "denominator": quantity(1, "d")},
}
ACTIVITY: dict[str, Any] = {
    "resourceType": "ActivityDefinition",
    "status": "active",
    "url": "urn:x",
    "library": ["Library/one"],
    "productCodeableConcept": {"coding": [{"display": "etoposide", "code": "E"}]},
    "dosage": [DOSAGE, PLAIN],
    "dynamicValue": [
        {"path": "dosage", "expression": {"language": "text/cql", "expression": "1/0"}},
        {"expression": {"reference": "Library/two"}},
    ],
}
ADULTS = {"type": {"text": "age"}, "valueRange": {"low": quantity(18, "a")}}
RANGES = [
    {"type": {"text": "age"}, "valueRange": {"low": quantity(6, "mo"), "high": quantity(3, "a")}},
    {"type": {"text": "weight"}, "valueRange": {"low": quantity(30, "kg")}},
    {"type": {"text": "sex"}, "valueCodeableConcept": {"text": "female"}},
    {"type": {"text": "group"}, "valueCodeableConcept": {"text": "adult"}},
    {"type": {"text": "mood"}},
]
R5: dict[str, Any] = {
    "resourceType": "MedicationKnowledge",
    "status": "active",
    "code": {"coding": [{"system": "urn:guideline-assistant:drug", "code": "etoposide"}]},
    "indicationGuideline": [
        {
            "indication": [{"concept": {"text": "a disease"}}],
            "dosingGuideline": [
                {
                    "administrationTreatment": {"text": "induction"},
                    "patientCharacteristic": [ADULTS, *RANGES],
                    "dosage": [{"type": {"text": "dose"}, "dosage": [PLAIN]}],
                }
            ],
        }
    ],
}
R4: dict[str, Any] = {
    "resourceType": "MedicationKnowledge",
    "status": "active",
    "code": {"text": "etoposide"},
    "administrationGuidelines": [
        {
            "indicationCodeableConcept": {"text": "a disease"},
            "patientCharacteristics": [
                {"characteristicCodeableConcept": {"text": "child"}},
                {"characteristicQuantity": quantity(3, "a"), "value": ["three"]},
            ],
            "dosage": [{"dosage": [PLAIN]}],
        }
    ],
}
# What an exported dose carries beside its elements: its own extension, with phases and limits.
OURS = answer_bundle(
    [
        replace(a_checked(text), verdict=Verdict.VERIFIED, rule_id="r.1", passage_id="p:1")
        for text in (
            "etoposide 50-100 mg/m2 twice weekly for 2 weeks, then weekly (minimum 10 mg)",
            "etoposide 5 mg IV on days 1, 8 in adults if <30 kg (max 5 mg/kg/day if <30 kg)",
        )
    ],
    "R5",
    recorded=RECORDED,
).bundle
SLIPS = (
    *(LEFT_OUT, "nonsense", "", 7, 0, True, 1.5, Decimal("0.5"), [], {}, [{}], ["a"]),
    *([{"url": "x"}], quantity(3, "h"), {"text": "renal_impairment"}),
)
EXTRA = ("comparator", "modifierExtension", "implicitRules", "doNotPerform", "extension", "colour")


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path to every element of a resource."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield (*path, key)
            yield from places(item, (*path, key))
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield (*path, number)
            yield from places(item, (*path, number))


def imported(resource: Mapping[str, Any]) -> tuple[str, ...]:
    """Why nothing is imported, or what is reported and a word for the drafts."""
    source = RuleSource(key="somebody")
    days = {"effective_from": date(2026, 11, 27), "review_due": date(2027, 5, 27)}
    try:
        report = import_drafts(resource, drugs=DRUGS, source=source, **days)
    except NotImportable as error:
        return (str(error),)
    drafts = f"{short(repr(report.rules))}, written {short(rules_toml(report.rules))}"
    return (*report.reported, *report.listed_expressions, f"Read as {drafts}.")


def read_back(bundle: Mapping[str, Any]) -> tuple[str, ...]:
    try:
        return (f"Read as {short(repr(checked_doses(bundle)))}.",)
    except NotImportable as error:
        return (str(error),)


def slips(name: str, resource: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """The resource with each of its elements spoilt, and with elements that it shouldn't have."""
    yield f"{name} as it is", resource
    for path in places(resource):
        at = ".".join(map(str, path))
        for slip in SLIPS:
            shown = "left out" if slip is LEFT_OUT else repr(slip)
            yield f"{name} {at} {shown}", slipped(resource, path, slip)
        for extra in EXTRA:
            if isinstance(path[-1], int) and isinstance(at_path(resource, path), Mapping):
                yield f"{name} {at} with {extra}", slipped(resource, (*path, extra), ["x"])


def coming() -> Iterator[Line]:
    record = {"resourceType": "Provenance"}
    bundle = {"resourceType": "Bundle", "entry": [{"resource": record}, {"resource": record}]}
    resources = (("activity", ACTIVITY), ("R5", R5), ("R4", R4), ("bundle", bundle))
    yield "bundle", "several", imported(bundle | {"entry": [{"resource": R4}, {"resource": R5}]})
    for name, resource in resources:
        for about, changed in slips(name, resource):
            yield name, about, imported(changed)
    for about, changed in slips("ours", OURS):
        yield "ours", about, read_back(changed)


def test_every_slip_in_a_resource_is_reported_as_approved() -> None:
    approved, now = characterised("fhir_import", coming())

    assert now == approved


def drafted() -> Iterator[Line]:
    for text in texts():
        if not parse(text).doses:
            continue
        checked = replace(a_checked(text), verdict=Verdict.VERIFIED)
        for release in RELEASES:
            bundle = answer_bundle([checked], release, recorded=RECORDED, entries=ENTRIES).bundle
            yield release, text, tuple(line.replace(text, "'it'") for line in imported(bundle))


def test_every_exported_dose_comes_in_as_the_approved_draft() -> None:
    approved, now = characterised("fhir_drafts", drafted())

    assert now == approved
