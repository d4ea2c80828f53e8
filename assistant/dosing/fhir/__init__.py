"""Checked doses as FHIR R4 and R5, and FHIR doses as drafts of rules.

Plain dictionaries on both sides, with exact decimals and no framework; whoever sends or receives
them validates with ``assistant.fhir_models``. R4B stands for R4 wherever it is named: the
``Dosage`` of the two is the same.
"""

from assistant.dosing.fhir.bundle import Export, answer_bundle, checked_doses, provenance
from assistant.dosing.fhir.checked import CheckedDose
from assistant.dosing.fhir.codes import Release, fhir_json, read_json
from assistant.dosing.fhir.dosage import dosage, to_fhir, to_fhir_sequence
from assistant.dosing.fhir.drafts import ImportReport, import_drafts
from assistant.dosing.fhir.errors import NotExportable, NotImportable
from assistant.dosing.fhir.toml import rules_toml
from assistant.dosing.fhir.wording import wording

__all__ = [
    "CheckedDose",
    "Export",
    "ImportReport",
    "NotExportable",
    "NotImportable",
    "Release",
    "answer_bundle",
    "checked_doses",
    "dosage",
    "fhir_json",
    "import_drafts",
    "provenance",
    "read_json",
    "rules_toml",
    "to_fhir",
    "to_fhir_sequence",
    "wording",
]
