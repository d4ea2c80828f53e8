"""One line for each number that was checked: what a pharmacist reviews, week by week.

No question and no patient: only what was written, where it was cited, what the check said.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from assistant.dosing import Finding
from assistant.dosing.model import MODULE_VERSION
from assistant.model import CheckedAnswer


def audit_lines(
    checked: CheckedAnswer, record_id: str, table_version: str
) -> Iterator[dict[str, Any]]:
    """Every number that is shown, then every one that was withheld, in the order of the answer.

    A claim that was withheld for its quote, and not for a number, has one line without a span.
    """
    versions = {"table": table_version, "module": MODULE_VERSION}
    for claim, check in checked.shown:
        for finding in check.findings:
            yield _line(record_id, claim.cites[0], finding, shown=True) | versions
    for item in checked.withheld:
        for finding in item.findings:
            yield _line(record_id, item.passage_id, finding, shown=False) | versions
        if not item.findings:
            said = {"answer": record_id, "passage": item.passage_id, "verdict": item.verdict}
            yield {**said, "shown": False, **versions}


def _line(
    record_id: str, passage_id: str | None, finding: Finding, *, shown: bool
) -> dict[str, Any]:
    return {
        "answer": record_id,
        "passage": passage_id,
        "span": [finding.start, finding.end],
        "text": finding.text,
        "kind": finding.kind,
        "record": finding.dose.to_record() if finding.dose else None,
        "verdict": str(finding.verdict),
        "detail": str(finding.detail),
        "rules": list(finding.rule_ids),
        "shown": shown and finding.shown,
    }
