"""The sixty strings of the dosing design: what must be read, and where nothing must be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from assistant.dosing import parse

FIXTURES = Path(__file__).parents[2] / "fixtures" / "dosing"


def lines(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FIXTURES / name).read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", lines("open_list.jsonl"), ids=lambda case: case["id"])
def test_every_string_of_the_open_list_gives_exactly_its_amounts(case: dict[str, Any]) -> None:
    record = parse(case["text"]).to_records()

    amounts = [[d["low"], d["high"], d["unit"], d["basis"], d["per"]] for d in record["doses"]]
    assert amounts == case["amounts"]
    flags = {flag for dose in record["doses"] for flag in dose["flags"]}
    assert set(case["flags"]) <= flags


ROLES = {
    "50-100 mg/m² instead of 150 mg/m²": ["stated", "rejected"],
    "keep cumulative etoposide below 2-3 g/m²": ["cumulative_limit"],
    "Anakinra 2–4 mg/kg/dose (max 100 mg) IV/SQ Q12-24 h": ["stated", "maximum"],
    "vincristine 1.4 mg/m² (max 2 mg)": ["stated", "maximum"],
    "tocilizumab 8 mg/kg (not exceeding 800 mg)": ["stated", "maximum"],
    "emapalumab 1 mg/kg every 3 days, up to 10 mg/kg": ["stated", "maximum"],
    "reduce to 75% of dose if CrCl 15–50 mL/min": ["relative"],
}


@pytest.mark.parametrize(("text", "roles"), ROLES.items())
def test_roles_of_the_open_list_follow_their_cues(text: str, roles: list[str]) -> None:
    assert [dose["role"] for dose in parse(text).to_records()["doses"]] == roles


@pytest.mark.parametrize("case", lines("labelled.jsonl"), ids=lambda case: case["text"][:60])
def test_every_labelled_string_is_read_as_it_was_labelled(case: dict[str, Any]) -> None:
    found = parse(case["text"]).to_records()["doses"]

    wanted = ("drug", "low", "high", "unit", "basis", "per", "role")
    assert [[d[k] for k in wanted] for d in found] == [
        [d[k] for k in wanted] for d in case["doses"]
    ]
    for dose, label in zip(found, case["doses"], strict=True):
        for field in ("freq", "route", "duration"):
            if field in label:
                assert dose.get(field) == label[field]
