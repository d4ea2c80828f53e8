"""Checkers of orders over small libraries, and what they found, for tests."""

from __future__ import annotations

import json
from datetime import date
from functools import cache
from pathlib import Path

from assistant.orders import LibraryChecker, OrderCheck, OrderFinding
from corpus.library import BUNDLED, load_library
from tests.builders import a_library, a_statement

ORDER = "dexamethasone 300 mg/m² twice weekly"
TEXT = "Examplitis: dexamethasone 150–300 mg/m² twice weekly."
_ORDERS = Path(__file__).parent / "fixtures" / "dosing" / "orders.jsonl"
OWN_SET = [json.loads(line) for line in _ORDERS.read_text(encoding="utf-8").splitlines()]


@cache
def bundled_checker() -> LibraryChecker:
    """The checker over the bundled library, on a fixed day."""
    return LibraryChecker(load_library(BUNDLED), lambda: date(2026, 11, 27))


def a_checker(folder: Path, *texts: str, **fields: str) -> LibraryChecker:
    """A checker over a library of these dexamethasone statements."""
    given = {"drugs": "dexamethasone", "role": "dose", **fields}
    statements = [a_statement(str(n), text, **given) for n, text in enumerate(texts, start=1)]
    return LibraryChecker(a_library(folder, *statements))


def state(folder: Path, **fields: str) -> str:
    """The state of the order against a library whose only statement gives this dose."""
    return a_checker(folder, TEXT, **fields).check(ORDER).state


def findings(check: OrderCheck) -> list[OrderFinding]:
    """The findings of a check against a whole library."""
    return [f for f in check.findings if isinstance(f, OrderFinding)]


def kinds(check: OrderCheck) -> set[str]:
    """The names of every problem of a check."""
    return {str(problem.kind) for finding in findings(check) for problem in finding.problems}
