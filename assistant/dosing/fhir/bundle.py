"""The doses of one answer as a FHIR Bundle: one MedicationKnowledge for each drug.

A dose of a guideline is no order for anyone, so it is neither a MedicationRequest nor a plan:
R4 has ``MedicationKnowledge.administrationGuidelines`` for it, R5
``MedicationKnowledge.indicationGuideline.dosingGuideline``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from assistant.dosing.fhir.checked import CheckedDose
from assistant.dosing.fhir.codes import DRUG_SYSTEM, PASSAGE_SYSTEM, Release
from assistant.dosing.fhir.dosage import dosage
from assistant.dosing.fhir.elements import concept_words, objects, refuse_modifiers, single, words
from assistant.dosing.fhir.errors import NotExportable, NotImportable
from assistant.dosing.fhir.read import ReadDosage, read_dosage
from assistant.dosing.model import MODULE_VERSION
from assistant.dosing.table.model import DrugEntry
from assistant.dosing.verdict import Verdict

_DOSE_TYPE_WORDS = "dose of the guideline"


@dataclass(frozen=True, slots=True)
class Export:
    """A bundle, and the doses that had to stay behind, each with the reason."""

    bundle: dict[str, Any]
    left_out: tuple[tuple[CheckedDose, str], ...]


def answer_bundle(
    doses: Sequence[CheckedDose],
    release: Release,
    *,
    recorded: datetime,
    entries: Mapping[str, DrugEntry] | None = None,
) -> Export:
    """The ledger of an answer as a Bundle of MedicationKnowledge and Provenance.

    ``recorded`` is the time of the check, with its zone. ``entries`` are the drug entries of
    the rules table by drug id. Steps of a taper are doses whose ``sequence`` counts on.
    """
    drugs: dict[str, list[tuple[CheckedDose, dict[str, Any]]]] = {}
    left_out: list[tuple[CheckedDose, str]] = []
    for checked in doses:
        name = checked.dose.drug or ""
        try:
            if not name:
                raise NotExportable(checked.text, "it names no drug.")
            element = dosage(checked, release, entry=(entries or {}).get(name))
        except NotExportable as error:
            left_out.append((checked, error.reason))
        else:
            drugs.setdefault(name, []).append((checked, element))
    resources: list[tuple[str, dict[str, Any]]] = []
    for name, given in drugs.items():
        url = f"urn:uuid:{uuid5(NAMESPACE_URL, f'{DRUG_SYSTEM}:{name}')}"
        resources.append((url, _knowledge(given, release)))
        record = provenance([c for c, _ in given], release, target=url, recorded=recorded)
        resources.append((f"urn:uuid:{uuid5(NAMESPACE_URL, f'{url}:provenance')}", record))
    bundle: dict[str, Any] = {"resourceType": "Bundle", "type": "collection"}
    if resources:
        bundle["entry"] = [{"fullUrl": url, "resource": found} for url, found in resources]
    return Export(bundle, tuple(left_out))


def provenance(
    doses: Sequence[CheckedDose], release: Release, *, target: str, recorded: datetime
) -> dict[str, Any]:
    """Who checked, when, and on which passages and rules: a ``Provenance`` for ``target``.

    Raises ValueError for a time without zone: FHIR asks for an instant.
    """
    if recorded.tzinfo is None:
        raise ValueError("the time of a Provenance needs its zone")
    found: dict[str, Any] = {
        "resourceType": "Provenance",
        "target": [{"reference": target}],
        "recorded": recorded.isoformat(timespec="seconds"),
        "agent": [{"who": {"display": f"Guideline Assistant, dosing module {MODULE_VERSION}"}}],
    }
    passages = dict.fromkeys(checked.passage_id for checked in doses if checked.passage_id)
    rules = dict.fromkeys(
        f"rule {checked.rule_id}, table {checked.table_version or 'without version'}"
        for checked in doses
        if checked.rule_id
    )
    entity = [
        {"role": "source", "what": {"identifier": {"system": PASSAGE_SYSTEM, "value": passage}}}
        for passage in passages
    ] + [{"role": "source", "what": {"display": rule}} for rule in rules]
    return found | ({"entity": entity} if entity else {})


def _knowledge(
    given: Sequence[tuple[CheckedDose, dict[str, Any]]], release: Release
) -> dict[str, Any]:
    dose = given[0][0].dose
    coding = {"system": DRUG_SYSTEM, "code": dose.drug}
    found: dict[str, Any] = {
        "resourceType": "MedicationKnowledge",
        "status": "active",
        "code": {"coding": [coding], "text": dose.drug_name or dose.drug},
    }
    guidelines = [_guideline(group, release) for group in _courses(given)]
    name = "administrationGuidelines" if release == "R4" else "indicationGuideline"
    return found | {name: guidelines}


def _courses(
    given: Sequence[tuple[CheckedDose, dict[str, Any]]],
) -> Iterator[list[tuple[CheckedDose, dict[str, Any]]]]:
    """The doses of one drug in groups: the steps of one taper belong together."""
    group: list[tuple[CheckedDose, dict[str, Any]]] = []
    for item in given:
        last = group[-1][0] if group else None
        if last is not None and not _follows(item[0], last):
            yield group
            group = []
        group.append(item)
    yield group


def _follows(checked: CheckedDose, last: CheckedDose) -> bool:
    return (
        checked.sequence is not None
        and last.sequence is not None
        and checked.sequence == last.sequence + 1
        and _context(checked) == _context(last)
    )


def _context(checked: CheckedDose) -> tuple[str, str, tuple[str, ...]]:
    return checked.indication, checked.dose.population, checked.dose.conditions


def _guideline(
    group: Sequence[tuple[CheckedDose, dict[str, Any]]], release: Release
) -> dict[str, Any]:
    checked = group[0][0]
    dosages = [{"type": {"text": _DOSE_TYPE_WORDS}, "dosage": [element for _, element in group]}]
    who = [word for word in (checked.dose.population, *checked.dose.conditions) if word]
    if release == "R4":
        found: dict[str, Any] = {"dosage": dosages}
        if checked.indication:
            found["indicationCodeableConcept"] = {"text": checked.indication}
        if who:
            found["patientCharacteristics"] = [
                {"characteristicCodeableConcept": {"text": word}} for word in who
            ]
        return found
    dosing: dict[str, Any] = {"dosage": dosages}
    if who:
        dosing["patientCharacteristic"] = [
            {"type": {"text": "population"}, "valueCodeableConcept": {"text": word}} for word in who
        ]
    found = {"dosingGuideline": [dosing]}
    if checked.indication:
        found["indication"] = [{"concept": {"text": checked.indication}}]
    return found


def checked_doses(bundle: Mapping[str, Any]) -> tuple[CheckedDose, ...]:
    """The doses of a bundle that this program exported, each with its verdict.

    Exported again they give the same bundle. The verdicts are what the bundle claims, for
    display: nothing is verified by them. Raises NotImportable for any other bundle.
    """
    refuse_modifiers(bundle, "Bundle")
    found: list[CheckedDose] = []
    for entry, at in objects(bundle, "entry", "Bundle"):
        resource = single(entry, "resource", at)
        where = f"{at}.resource"
        if resource.get("resourceType") != "MedicationKnowledge":
            continue
        code = single(resource, "code", where)
        ids = [words(c, "code", p) for c, p in objects(code, "coding", f"{where}.code")]
        for guideline, path in guidelines_of(resource, where):
            indication = indications(guideline, path)
            for element, spot in dosages_of(guideline, path):
                read = read_dosage(element, spot)
                dose = replace(
                    read.dose, drug=ids[0] if ids else None, drug_name=words(code, "text", where)
                )
                found.append(_checked(replace(read, dose=dose), "; ".join(indication)))
    return tuple(found)


def _checked(read: ReadDosage, indication: str) -> CheckedDose:
    verdict = read.check.get("verdict", "")
    if verdict not in set(Verdict):
        raise NotImportable(
            read.path,
            "It carries no verdict of this program.",
            "Import it as a draft of a rule instead.",
        )
    return CheckedDose(
        dose=read.dose,
        verdict=Verdict(verdict),
        text=read.text,
        rule_id=read.check.get("rule", ""),
        table_version=read.check.get("table-version", ""),
        passage_id=read.check.get("passage", ""),
        limits=read.limits,
        calculated=read.calculated,
        as_needed=read.as_needed,
        as_needed_for=read.as_needed_for,
        events=read.events,
        sequence=read.sequence,
        indication=indication,
    )


def guidelines_of(knowledge: Mapping[str, Any], path: str) -> list[tuple[Mapping[str, Any], str]]:
    """The guidelines of a MedicationKnowledge of either release."""
    return [
        *objects(knowledge, "administrationGuidelines", path),
        *objects(knowledge, "indicationGuideline", path),
    ]


def indications(guideline: Mapping[str, Any], path: str) -> list[str]:
    """For what a guideline is given, in words, of either release."""
    concepts = [
        (single(item, "concept", at), f"{at}.concept")
        for item, at in objects(guideline, "indication", path)
    ]
    one = single(guideline, "indicationCodeableConcept", path)
    concepts += [(one, f"{path}.indicationCodeableConcept")] if one else []
    return [text for concept, at in concepts if (text := concept_words(concept, at))]


def dosages_of(guideline: Mapping[str, Any], path: str) -> list[tuple[Mapping[str, Any], str]]:
    """Every Dosage of a guideline of either release, with its path."""
    holders = [*objects(guideline, "dosingGuideline", path), (guideline, path)]
    return [
        found
        for holder, at in holders
        for typed, where in objects(holder, "dosage", at)
        for found in objects(typed, "dosage", where)
    ]
