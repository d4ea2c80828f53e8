"""Doses as FHIR: export, import, validation."""
