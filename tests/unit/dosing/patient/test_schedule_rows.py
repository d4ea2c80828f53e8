"""Every step of a regimen has its row, also where the source counts it in another unit."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.dosing.patient import schedule
from assistant.dosing.table.model import Regimen, RegimenStep, Table
from tests.builders_rules import load_invented

RULE = "dexamethasone.examplitis.step1"


@pytest.fixture(scope="module")
def table() -> Table:
    return load_invented()


def with_step(table: Table, **fields: str) -> Regimen:
    """The regimen of the invented table, in weeks, with one more step of a rule."""
    regimen = next(iter(table.regimens.values()))
    return replace(regimen, steps=(*regimen.steps, RegimenStep(rule=RULE, **fields)))


@pytest.mark.parametrize(
    ("days", "note", "first", "last", "said"),
    [
        ("1-", "", 1, None, ""),
        ("8-", "", 2, None, ""),
        ("4-", "", 0, None, "from day 4"),
        ("1-3", "then stop", 0, None, "days 1-3; then stop"),
        ("1,8,15", "", 0, None, "days 1,8,15"),
        ("", "by response", 0, None, "by response"),
        ("", "", 0, None, ""),
    ],
)
def test_days_in_a_table_of_weeks_are_never_lost(
    table: Table, days: str, note: str, first: int, last: int | None, said: str
) -> None:
    regimen = with_step(table, days=days, note=note)

    rows = schedule(regimen, table.rules).rows

    assert len(rows) >= len(regimen.steps)
    added = rows[-1] if not first else next(r for r in rows if r.first == first and not r.last)
    assert (added.rule, added.first, added.last, added.note) == (RULE, first, last, said)
    if not first:
        assert added.doses is None
        assert added.total is None
