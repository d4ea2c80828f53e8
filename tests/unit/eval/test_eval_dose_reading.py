"""The counts of the dose reader's score: what is right, what is silent, what is invented."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from eval.dose_reading import Share, score_instructions, score_reading


def label(text: str, *doses: dict[str, Any], **more: Any) -> str:
    return json.dumps({"id": "x", "text": text, "doses": list(doses), **more})


def dose(drug: str | None, amount: str, unit: str, **more: Any) -> dict[str, Any]:
    record = {"drug": drug, "low": amount, "high": amount, "unit": unit, "basis": "", "per": ""}
    return record | {"role": "stated"} | more


def test_amounts_and_times_compare_by_value() -> None:
    line = label(
        "etoposide 0.5 g q24h",
        dose("etoposide", "500", "mg", freq={"n": 1, "period": 1, "unit": "d"}),
    )

    score = score_reading([line])

    assert score.strings == score.recall == score.frequency == Share(1, 1)


def test_an_amount_per_day_equals_one_daily_but_not_one_twice_daily() -> None:
    line = label("paracetamol 4 g daily", dose("paracetamol", "4", "g", per="d"))
    twice = label("paracetamol 4 g twice daily", dose("paracetamol", "4", "g", per="d"))

    assert score_reading([line]).recall == Share(1, 1)
    assert score_reading([twice]).recall == Share(0, 1)


def test_a_wrong_dose_without_a_flag_is_both_wrong_and_missed() -> None:
    score = score_reading([label("etoposide 50 mg", dose("etoposide", "60", "mg"))])

    assert (score.silent_wrong, score.silent_missed) == (("x",), ("x",))
    assert score.precision == Share(0, 1)


def test_a_flag_makes_a_wrong_reading_no_silent_one() -> None:
    score = score_reading([label("etoposide 20 rng", dose("etoposide", "20", "mg"))])

    assert score.silent_wrong == score.silent_missed == ()
    assert score.recall == Share(0, 1)


def test_a_missing_flag_that_was_asked_for_is_silent() -> None:
    line = label("etoposide 50 mg", dose("etoposide", "50", "mg"), must_flag=True)

    assert score_reading([line]).silent_wrong == ("x",)


def test_a_dose_where_there_is_none_is_invented() -> None:
    assert score_reading([label("etoposide 50 mg")]).invented == ("x",)
    assert score_reading([label("ferritin 500 µg/L")]).invented == ()


def test_every_measure_has_a_line_with_its_interval() -> None:
    lines = score_reading([label("etoposide 50 mg", dose("etoposide", "50", "mg"))]).lines()

    assert lines[0].startswith("quantity precision: 1 of 1 = 1.000 (")
    assert "frequency recall: none counted" in lines


def test_instructions_that_are_not_there_are_said_to_be_absent(tmp_path: Path) -> None:
    assert "not here" in score_instructions(tmp_path / "none.jsonl")


def test_instructions_are_scored_by_units_a_day(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    cases = [
        {"text": "take 2 tablets twice daily", "parsable": True, "units_per_day_max": 4.0},
        {"text": "take 2 tablets twice daily", "parsable": True, "units_per_day_max": 5.0},
    ]
    path.write_text("\n".join(map(json.dumps, cases)), encoding="utf-8")

    assert "units per day 1 of 2" in score_instructions(path)
