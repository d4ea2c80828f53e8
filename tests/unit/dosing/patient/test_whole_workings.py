"""Every kind of working as data and text, and every refusal's sentence, to the last character.

``workings.txt`` was read by eye against section 10 when it was written down; a change of it is a
change of what clinicians see.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.dosing.calculators.errors import RefusalCode
from tests.unit.dosing.patient.cases import CASES, Case, shown

KEPT = dict(
    block.split("\n", 1)
    for block in (Path(__file__).parent / "workings.txt")
    .read_text("utf-8")
    .rstrip("\n")
    .split("\n\n")
)


@pytest.mark.parametrize("case", CASES, ids=[case[0] for case in CASES])
def test_a_working_is_kept_to_the_last_character(case: Case) -> None:
    assert shown(case) == KEPT[f"# {case[0]}"]


def test_every_kept_working_is_compared() -> None:
    assert set(KEPT) == {f"# {case[0]}" for case in CASES}


def test_every_refusal_code_of_a_calculation_is_among_them() -> None:
    reached = {text.partition(":")[0] for text in KEPT.values()}

    apart = {"UNIT_MISSING", "UNREADABLE", "AGE_WEIGHT"}  # of reading, and of the two bodies below
    assert {str(code) for code in RefusalCode} - apart <= reached
