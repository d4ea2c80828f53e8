"""Words that look like a limit and are none."""

from __future__ import annotations

from assistant.dosing import DoseRole, parse


def test_above_all_is_no_lower_limit() -> None:
    (dose,) = parse("Severe disease, above all with shock: dexamethasone 10 mg/m²/day.").doses

    assert dose.role is DoseRole.STATED
    assert dose.cmp == "="
