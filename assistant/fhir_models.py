"""The FHIR models of ``fhir.resources`` at the edge: the only importer of that library.

Validates what leaves and what comes in. The library (BSD licence) has models of R5 and R4B and
none of R4 itself, so R4 is validated with R4B; the elements that this program writes or reads
(Dosage, Timing, MedicationKnowledge, ActivityDefinition, Provenance, Bundle) are the same in
both. Shape, names, types and cardinality are checked; codes against value sets, and most
invariants, are not: the models don't carry them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fhir.resources import (
    activitydefinition,
    bundle,
    dosage,
    medicationknowledge,
    provenance,
    timing,
)
from fhir.resources.R4B import activitydefinition as r4_activitydefinition
from fhir.resources.R4B import bundle as r4_bundle
from fhir.resources.R4B import dosage as r4_dosage
from fhir.resources.R4B import medicationknowledge as r4_medicationknowledge
from fhir.resources.R4B import provenance as r4_provenance
from fhir.resources.R4B import timing as r4_timing
from pydantic import BaseModel, ValidationError

from assistant.dosing.fhir import Release
from corpus.errors import GuidelineError

_R4: Mapping[str, type[BaseModel]] = {
    "ActivityDefinition": r4_activitydefinition.ActivityDefinition,
    "Bundle": r4_bundle.Bundle,
    "Dosage": r4_dosage.Dosage,
    "MedicationKnowledge": r4_medicationknowledge.MedicationKnowledge,
    "Provenance": r4_provenance.Provenance,
    "Timing": r4_timing.Timing,
}
_R5: Mapping[str, type[BaseModel]] = {
    "ActivityDefinition": activitydefinition.ActivityDefinition,
    "Bundle": bundle.Bundle,
    "Dosage": dosage.Dosage,
    "MedicationKnowledge": medicationknowledge.MedicationKnowledge,
    "Provenance": provenance.Provenance,
    "Timing": timing.Timing,
}
_MODELS: Mapping[Release, Mapping[str, type[BaseModel]]] = {"R4": _R4, "R5": _R5}
_SHOWN = 3


class FhirInvalid(GuidelineError):
    """The resource breaks the FHIR model; ``paths`` names the elements."""

    def __init__(self, kind: str, release: str, found: list[tuple[str, str]]) -> None:
        self.paths = tuple(path for path, _ in found)
        lines = "; ".join(f"{path}: {what}" for path, what in found[:_SHOWN])
        more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        super().__init__(
            f"This {kind} is no valid FHIR {release}: {lines}{more}. "
            "Correct these elements, and send it again."
        )


def validate(resource: Mapping[str, Any], release: Release) -> None:
    """Check a resource, or a Dosage (which has no resourceType), against the FHIR model.

    Raises FhirInvalid, which names the path of each element that is wrong.
    """
    kind = str(resource.get("resourceType", "Dosage"))
    models = _MODELS[release]
    if kind not in models:
        known = ", ".join(models)
        raise FhirInvalid("resource", release, [("resourceType", f"“{kind}” is none of {known}")])
    try:
        models[kind].model_validate(dict(resource))
    except ValidationError as error:
        found = [(_path(kind, item["loc"]), str(item["msg"])) for item in error.errors()]
        raise FhirInvalid(kind, release, found) from error
    for number, entry in enumerate(resource.get("entry", []) if kind == "Bundle" else []):
        if entry.get("resource", {}).get("resourceType") not in models:
            path = f"Bundle.entry[{number}].resource"
            raise FhirInvalid(kind, release, [(path, "it is of no type that is read here")])


def _path(kind: str, loc: tuple[int | str, ...]) -> str:
    steps = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in loc)
    return f"{kind}{steps}"
