"""Reads every dose and number of a text, and compares them with a cited source.

Deterministic, without network or model, and ignorant of any one disease: drug names are data.
"""

from assistant.dosing.compare import compare, compare_with_library
from assistant.dosing.model import (
    Bound,
    Dose,
    DoseRole,
    Frequency,
    Kind,
    Number,
    Parsed,
    TextTooLong,
)
from assistant.dosing.printing import NotPrintable, render
from assistant.dosing.reader import parse
from assistant.dosing.verdict import Detail, Finding, LibraryFinding, Verdict, worst

__all__ = [
    "Bound",
    "Detail",
    "Dose",
    "DoseRole",
    "Finding",
    "Frequency",
    "Kind",
    "LibraryFinding",
    "NotPrintable",
    "Number",
    "Parsed",
    "TextTooLong",
    "Verdict",
    "compare",
    "compare_with_library",
    "parse",
    "render",
    "worst",
]
