"""Any text of a clinician -> what each of its doses is worth against a source or the library."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.dosing import (
    Finding,
    LibraryFinding,
    compare,
    compare_with_library,
    parse,
    worst,
)
from assistant.dosing.model import Parsed
from corpus.library import Library
from corpus.model import Kind, Passage, Role, Verification

NO_NUMBERS = "NO_NUMBERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCheck:
    """The worst verdict of a text, what was read in it, and what was found of each number."""

    state: str
    records: Parsed
    findings: tuple[Finding | LibraryFinding, ...]

    def to_json(self) -> dict[str, Any]:
        """Plain data as ``python -m assistant check`` prints it."""
        return {
            "state": self.state,
            "records": self.records.to_records(),
            "findings": [
                {
                    "span": [finding.start, finding.end],
                    "drug": finding.drug,
                    "text": finding.text,
                    "verdict": str(finding.verdict),
                    "why": finding.why,
                    "passage_id": getattr(finding, "source_id", None),
                }
                for finding in self.findings
            ],
        }


_SUPPORTING = (
    Role.RECOMMENDATION,
    Role.DOSE,
    Role.ADJUSTMENT,
    Role.PROPHYLAXIS,
    Role.STOP_RULE,
)


def supports_doses(passage: Passage) -> bool:
    """Whether a passage may vouch for a dose that someone wants to give.

    A warning names doses in order to reject them, a study tells what was once given,
    background knowledge was read nowhere, and a summary alone never supports a dose.
    """
    return (
        passage.statement.role in _SUPPORTING
        and passage.statement.verification is not Verification.BACKGROUND
        and passage.kind is not Kind.SUMMARY
    )


@dataclass(frozen=True)
class LibraryChecker:
    """Judges texts against one library, whose passages are read once."""

    library: Library

    def check(self, text: str, source: str | None = None) -> OrderCheck:
        """What each number of a text is worth against ``source``, or the whole library."""
        read = parse(text)
        if source is not None:
            findings = compare(read, parse(source))
            return OrderCheck(state=_state(findings), records=read, findings=findings)
        found = compare_with_library(read, self._passages)
        return OrderCheck(state=_state(found), records=read, findings=found)

    @cached_property
    def _passages(self) -> tuple[tuple[str, Parsed], ...]:
        return tuple(
            (passage.id, parse(passage.text, context_drugs=passage.statement.facets.drugs))
            for passage in self.library.passages.values()
            if supports_doses(passage)
        )


def _state(findings: Sequence[Finding | LibraryFinding]) -> str:
    if not findings:
        return NO_NUMBERS
    return str(worst([finding.verdict for finding in findings]))
