"""The rates of the dose reader and the dose check that stand in the report of an evaluation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from corpus.library import load_library
from eval.dose_rates import DoseRate, dose_rates, render_dose_rates
from eval.errors import DataError
from tests.builders import write_library


def a_label(amount: str) -> str:
    dose = {
        "drug": "dexamethasone",
        "low": amount,
        "high": amount,
        "unit": "mg",
        "basis": "",
        "per": "",
        "role": "stated",
    }
    return json.dumps({"id": f"L{amount}", "text": "dexamethasone 10 mg", "doses": [dose]})


def test_a_misread_string_and_a_library_are_counted(tmp_path: Path) -> None:
    library = load_library(write_library(tmp_path / "lib"))
    labels = tmp_path / "labels.jsonl"
    labels.write_text(f"{a_label('10')}\n{a_label('20')}\n", encoding="utf-8")

    rates = {rate.name: rate for rate in dose_rates(library, labels, every=1)}

    assert rates["labelled amounts missed"] == DoseRate("labelled amounts missed", 1, 2, 0.03)
    assert rates["strings with a wrong dose and no flag"].events == 1
    assert rates["statements with an unexplained number"].n == 1
    caught = rates["changed doses that the check lets by"]
    assert caught.events == 0
    assert caught.n > 5
    assert rates["false alarms on typography alone"].n > 0


def test_a_target_is_met_up_to_its_share_and_missed_beyond_what_chance_does() -> None:
    assert DoseRate("x", 1, 100, 0.01).is_met is True
    assert DoseRate("x", 2, 100, 0.01).is_met is None
    assert DoseRate("x", 8, 100, 0.01).is_met is False
    assert DoseRate("x", 1, 1000, 0.0).is_met is False
    assert DoseRate("x", 0, 0, 0.01).is_met is None


def test_without_labels_nothing_is_counted_and_a_broken_line_is_named(tmp_path: Path) -> None:
    library = load_library(write_library(tmp_path / "lib"))
    broken = tmp_path / "broken.jsonl"
    broken.write_text("{}\n", encoding="utf-8")

    assert [rate.n for rate in dose_rates(library, tmp_path / "none.jsonl")[:4]] == [0, 0, 0, 0]
    with pytest.raises(DataError, match=r"broken\.jsonl"):
        dose_rates(library, broken)


def test_the_table_says_target_and_count() -> None:
    table = render_dose_rates([DoseRate("amounts missed", 0, 300, 0.03), DoseRate("x", 1, 2, 0.0)])

    assert "| amounts missed | at most 3 % | 0 of 300 (<3/300 = 1.0 %) | met |" in table
    assert "| x | none | 1 of 2 (9.5–90.5 %) | **not met** |" in table
    assert render_dose_rates([]) == ""
