"""The verdict table, cell by cell, as the design prints it."""

from __future__ import annotations

import pytest

from assistant.dosing.axes import RuleAxis, SourceAxis
from assistant.dosing.decide import TABLE, decide, worse
from assistant.dosing.verdict import Verdict

PRINTED = """
source     | inside         | above          | below          | beyond     | none           | unreviewed     | unknown drug
same       | VERIFIED       | ABOVE_USUAL    | BELOW_USUAL    | HARD_LIMIT | SOURCE_ONLY    | SOURCE_ONLY    | UNKNOWN_DRUG
within     | WITHIN_RANGE   | ABOVE_USUAL    | BELOW_USUAL    | HARD_LIMIT | SOURCE_ONLY    | SOURCE_ONLY    | UNKNOWN_DRUG
less       | INCOMPLETE     | INCOMPLETE     | INCOMPLETE     | HARD_LIMIT | INCOMPLETE     | INCOMPLETE     | UNKNOWN_DRUG
differs    | MISMATCH       | MISMATCH       | MISMATCH       | HARD_LIMIT | MISMATCH       | MISMATCH       | MISMATCH
absent     | NOT_IN_SOURCE  | NOT_IN_SOURCE  | NOT_IN_SOURCE  | HARD_LIMIT | NOT_IN_SOURCE  | NOT_IN_SOURCE  | NOT_IN_SOURCE
elsewhere  | WRONG_CITATION | WRONG_CITATION | WRONG_CITATION | HARD_LIMIT | WRONG_CITATION | WRONG_CITATION | WRONG_CITATION
unreadable | UNREADABLE     | UNREADABLE     | UNREADABLE     | UNREADABLE | UNREADABLE     | UNREADABLE     | UNREADABLE
"""  # noqa: E501
ROWS = [[cell.strip() for cell in line.split("|")] for line in PRINTED.strip().splitlines()]
CELLS = [
    (row[0], column, verdict)
    for row in ROWS[1:]
    for column, verdict in zip(ROWS[0][1:], row[1:], strict=True)
]


@pytest.mark.parametrize(("source", "rule", "verdict"), CELLS)
def test_each_cell_of_the_table_gives_its_verdict(source: str, rule: str, verdict: str) -> None:
    assert decide(SourceAxis(source), RuleAxis(rule)) is Verdict(verdict)


def test_the_table_has_every_cell() -> None:
    assert set(TABLE) == {(s, r) for s in SourceAxis for r in RuleAxis}
    assert len(CELLS) == 49


@pytest.mark.parametrize("source", SourceAxis)
def test_a_rule_that_nobody_reviewed_decides_nothing(source: SourceAxis) -> None:
    assert decide(source, RuleAxis.UNREVIEWED) is decide(source, RuleAxis.NONE)
    assert decide(source, RuleAxis.UNREVIEWED) is not Verdict.VERIFIED


def test_a_contradiction_replaces_a_milder_verdict_and_no_worse_one() -> None:
    assert worse(Verdict.VERIFIED, Verdict.INCONSISTENT) is Verdict.INCONSISTENT
    assert worse(Verdict.HARD_LIMIT, Verdict.INCONSISTENT) is Verdict.HARD_LIMIT
    assert worse(Verdict.MISMATCH, Verdict.SOURCE_CONFLICT) is Verdict.MISMATCH


@pytest.mark.parametrize("one", Verdict)
def test_of_two_verdicts_the_one_that_stands_earlier_in_the_order_is_worse(one: Verdict) -> None:
    order = list(Verdict)

    for other in Verdict:
        expected = order[min(order.index(one), order.index(other))]
        assert worse(one, other) is expected
        assert one.shown is (order.index(one) >= order.index(Verdict.INCOMPLETE))
