"""The statements of the bundled library: every dose is readable and agrees with itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from assistant.dosing import Verdict, compare, parse

DOCUMENTS = Path(__file__).parents[3] / "corpus" / "library" / "documents"
STATEMENT = re.compile(r"^\[(\d+(?:\.\d+)*)\] (\S.*)\n((?:  [a-z]+: ?.*\n)*)", re.MULTILINE)


def statements() -> Iterator[tuple[str, str, tuple[str, ...]]]:
    for path in sorted(DOCUMENTS.glob("*.md")):
        for match in STATEMENT.finditer(path.read_text("utf-8") + "\n"):
            drugs = re.search(r"^  drugs: ?(.*)$", match[3], re.MULTILINE)
            ids = tuple(d.strip() for d in re.split("[,;]", drugs[1])) if drugs else ()
            yield f"{path.stem}:{match[1]}", match[2], tuple(filter(None, ids))


def test_every_dose_of_the_library_is_readable_and_has_its_drug() -> None:
    unread = [
        (name, dose.text, dose.drug, dose.flags)
        for name, text, drugs in statements()
        for dose in parse(text, context_drugs=drugs).doses
        if dose.drug is None or dose.low is None or "unparsed_tail" in dose.flags
    ]

    assert unread == []


def test_every_statement_of_the_library_agrees_with_itself() -> None:
    clean = {Verdict.SOURCE_ONLY, Verdict.WITHIN_RANGE}
    alarms = [
        (name, finding.text, finding.why)
        for name, text, drugs in statements()
        for parsed in [parse(text, context_drugs=drugs)]
        for finding in compare(parsed, parsed)
        if finding.verdict not in clean
    ]

    assert alarms == []
