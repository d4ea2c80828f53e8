"""The measurement on MedCalc-Bench, on items made up for the test."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from eval.medcalc import render_medcalc, score_medcalc


def an_item(number: str, calculator: str, low: object, high: object, **entities: Any) -> str:
    return json.dumps(
        {
            "_id": number,
            "calculator": calculator,
            "entities": entities,
            "answer": low,
            "low": low,
            "high": high,
        }
    )


def test_an_absent_file_is_said_and_nothing_is_counted(tmp_path: Path) -> None:
    report = score_medcalc(tmp_path / "dev.jsonl.gz")

    assert report.labelled == 0
    assert "was not measured" in render_medcalc(report)


def test_results_are_counted_inside_and_outside_their_bounds(tmp_path: Path) -> None:
    surface = "Body Surface Area Calculator"
    size = {"height": [175, "cm"], "weight": [70, "kg"]}
    steroid = {"input steroid": ["PredniSONE PO", 50, "mg"], "target steroid": "Hydrocortisone IV"}
    clearance = {
        "age": [50, "years"],
        "sex": "Female",
        "weight": [110, "kg"],
        "height": [168, "cm"],
        "creatinine": [1.4, "mg/dL"],
    }
    lines = [
        an_item("1", surface, 1.8, 1.9, **size),
        an_item("2", surface, 2.8, 2.9, **size),
        an_item("3", surface, None, None, **size),
        an_item("4", surface, 1, 2, height=[70, "cm"], weight=[80, "kg"]),
        an_item("5", "Creatinine Clearance (Cockcroft-Gault Equation)", 60, 61, **clearance),
        an_item("6", "Steroid Conversion Calculator", 199, 201, **steroid),
        an_item(
            "8",
            "Steroid Conversion Calculator",
            1,
            2,
            **{**steroid, "target steroid": "Cortisone PO"},
        ),
        an_item("7", "A calculator that we do not have", 1, 2),
    ]
    path = tmp_path / "dev.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.write("\n".join(lines))

    report = score_medcalc(path)

    assert (report.within, report.labelled) == (3, 6)
    assert [d.item for d in report.disagreements] == ["2", "4", "8"]
    printed = render_medcalc(report)
    assert "Body Surface Area Calculator: 1 of 3; 1 without a settled label" in printed
    assert "item 4" in printed
    assert "IMPLAUSIBLE" in printed
