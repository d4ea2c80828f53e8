"""What the check of an order finds, as frozen values ready for JSON or the page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from assistant.dosing import Finding, LibraryFinding
from assistant.dosing.model import Parsed

NO_NUMBERS = "NO_NUMBERS"
"""The state of a text in which there is no dose to check."""


class ProblemKind(StrEnum):
    """What is wrong with one dose of an order."""

    TEN_FOLD = "ten-fold"  # 10 or 100 times too much or too little
    THOUSAND_FOLD = "thousand-fold"  # a unit slip: g, mg, micrograms
    UNIT = "unit"  # units that can't be converted: mg, units, mmol
    BASIS = "basis"  # per kg, per m2 or a fixed amount
    ABOVE = "amount-above"
    BELOW = "amount-below"
    PER = "per"  # a daily total written for each dose, or the reverse
    FREQUENCY = "frequency"
    ROUTE = "route"
    DURATION = "duration"
    COUNT = "count"  # number of doses
    SCHEDULE = "schedule"  # days or weeks of a plan
    INFUSION_TIME = "infusion-time"  # or the days over which a total is split
    DRUG = "drug"
    POPULATION = "population"
    ROLE = "role"  # a limit given as a dose, or the reverse
    CAP = "cap-exceeded"
    TOTAL = "cumulative-limit-exceeded"
    LIMIT_LEFT_OUT = "limit-left-out"
    RULE = "draft-rule"
    WARNED = "named-in-a-warning"
    REPORTED = "only-reported"  # in a study or a summary, which support no order
    NOT_IN_LIBRARY = "not-in-library"
    NOT_CHECKED = "not-checked"  # the library is silent on a field of the order
    NO_UNIT = "no-unit"
    UNREADABLE = "unreadable"
    INCONSISTENT = "inconsistent"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, in a sentence for a clinician."""

    kind: ProblemKind
    text: str
    passage_id: str | None = None  # of the library dose it was compared with


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryDose:
    """One dose of the library as the page shows it beside an order."""

    text: str
    frequency: str  # in words; "" where the library gives none
    population: str
    indication: str
    passage_id: str
    quote: str  # the passage's own words
    source: str  # the primary source as a reference list prints it
    short: str  # the same in a few words
    verification: str
    standing: str  # "dose", or why the passage supports none: "warning", "evidence", ...
    supports: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFinding(LibraryFinding):
    """What the library says of one dose of an order, and what is wrong with it, by name."""

    problems: tuple[Problem, ...] = ()
    notes: tuple[str, ...] = ()  # what draft rules and other sources say; never decisive
    library: tuple[LibraryDose, ...] = ()  # the library's doses of the drug, nearest first
    more: int = 0  # doses of the drug that are not listed


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCheck:
    """The worst verdict of a text, what was read in it, and what was found of each dose.

    ``message`` says in a sentence why there is nothing to show, "" otherwise.
    """

    state: str
    records: Parsed
    findings: tuple[Finding | OrderFinding, ...]
    message: str = ""

    def to_json(self) -> dict[str, Any]:
        """Plain data as ``python -m assistant check`` prints it and the page reads it."""
        return {
            "state": self.state,
            "records": self.records.to_records(),
            "findings": [_finding(finding) for finding in self.findings],
            "message": self.message,
        }


def _finding(finding: Finding | OrderFinding) -> dict[str, Any]:
    found: dict[str, Any] = {
        "span": [finding.start, finding.end],
        "drug": finding.drug,
        "text": finding.text,
        "verdict": str(finding.verdict),
        "why": finding.why,
        "passage_id": None,
        "detail": str(finding.detail),
    }
    if isinstance(finding, OrderFinding):
        found |= {
            "passage_id": finding.source_id,
            "problems": [
                {"kind": str(p.kind), "text": p.text, "passage_id": p.passage_id}
                for p in finding.problems
            ],
            "notes": list(finding.notes),
            "library": [asdict(dose) for dose in finding.library],
            "more": finding.more,
        }
    return found
