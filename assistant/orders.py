"""Any text of a clinician -> what each of its doses is worth against a source or the library."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from assistant.dosing import Finding, Verdict, compare, compare_with_library, parse
from assistant.dosing.model import Parsed
from corpus.library import Library
from corpus.model import Verification

NO_NUMBERS = "NO_NUMBERS"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderCheck:
    """The worst verdict of a text, what was read in it, and each finding."""

    state: str
    records: Parsed
    findings: tuple[Finding, ...]
    nearest: tuple[str | None, ...] = ()  # passage id beside each finding

    def to_json(self) -> dict[str, Any]:
        """Plain data as ``python -m assistant check`` prints it."""
        near = self.nearest or (None,) * len(self.findings)
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
                    "passage_id": passage_id,
                }
                for finding, passage_id in zip(self.findings, near, strict=True)
            ],
        }


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
        results = compare_with_library(read, self._passages)
        findings = tuple(result.finding for result in results)
        return OrderCheck(
            state=_state(findings),
            records=read,
            findings=findings,
            nearest=tuple(result.passage_id for result in results),
        )

    @cached_property
    def _passages(self) -> tuple[tuple[str, Parsed], ...]:
        # Background knowledge was read in no source, so it supports no dose.
        return tuple(
            (passage.id, parse(passage.text, context_drugs=passage.statement.facets.drugs))
            for passage in self.library.passages.values()
            if passage.statement.verification is not Verification.BACKGROUND
        )


def _state(findings: tuple[Finding, ...]) -> str:
    if not findings:
        return NO_NUMBERS
    order = list(Verdict)
    return str(min((finding.verdict for finding in findings), key=order.index))
