"""The dosing rules of the library place every row of the dossier, and nobody has reviewed one."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

import corpus

DOSING = Path(corpus.__file__).parent / "library" / "dosing"
ROWS = tuple(f"D{number:02d}" for number in range(1, 92))
REJECTED = ("D18",)
FLAGGED = ("D37", "D88", "D89")
WITHOUT_DOSE = ("D51", "D57", "D67", "D75", "D76", "D85")
RECALLED = ("D23", "D56", "D59", "D70")


@cache
def _rules() -> tuple[dict[str, Any], ...]:
    rules: list[dict[str, Any]] = []
    for path in sorted((DOSING / "rules").glob("*.toml")):
        rules += tomllib.loads(path.read_text(encoding="utf-8")).get("rule", [])
    return tuple(rules)


def _of_row(row: str) -> list[dict[str, Any]]:
    return [rule for rule in _rules() if row in rule["rows"]]


def _ids(rules: list[dict[str, Any]]) -> list[str]:
    return [rule["id"] for rule in rules]


def test_every_row_of_the_dossier_is_named_by_a_rule_and_no_other_row() -> None:
    named = {row for rule in _rules() for row in rule["rows"]}

    assert named == set(ROWS)


def test_every_rule_is_a_draft_that_nobody_has_reviewed() -> None:
    touched = [r for r in _rules() if r["status"] != "draft" or r["reviewed_by"]]

    assert _ids(touched) == []


def test_no_source_claims_to_have_been_checked_against_the_primary_text() -> None:
    claimed = [r for r in _rules() if any(s["checked_against_primary"] for s in r["source"])]

    assert _ids(claimed) == []


@pytest.mark.parametrize(
    ("rows", "kind"),
    [(REJECTED, "forbidden"), (FLAGGED, "warning"), (WITHOUT_DOSE, "gap")],
)
def test_a_row_that_gives_no_usable_dose_has_rules_of_its_kind_only(
    rows: tuple[str, ...], kind: str
) -> None:
    kinds = {row: {r.get("kind", "dose") for r in _of_row(row)} for row in rows}

    assert kinds == {row: {kind} for row in rows}


def test_no_other_row_is_forbidden_a_warning_or_a_gap() -> None:
    usual = set(ROWS) - {*REJECTED, *FLAGGED, *WITHOUT_DOSE}

    odd = [r for r in _rules() if usual & set(r["rows"]) and r.get("kind", "dose") != "dose"]

    assert _ids(odd) == []


def test_a_gap_carries_no_dose_and_says_why() -> None:
    gaps = [r for r in _rules() if r.get("kind") == "gap"]

    assert gaps
    assert [r["id"] for r in gaps if "dose" in r or not r["note"]] == []


@pytest.mark.parametrize("row", RECALLED)
def test_a_row_of_background_knowledge_makes_background_rules(row: str) -> None:
    assert {r["verification"] for r in _of_row(row)} == {"background"}


def test_nothing_is_calculated_from_background_knowledge_or_without_a_dose() -> None:
    wrong = [
        r
        for r in _rules()
        if "calculate" in r
        and (r["verification"] == "background" or r.get("kind", "dose") != "dose")
    ]

    assert _ids(wrong) == []


def test_nothing_is_calculated_into_the_spinal_canal() -> None:
    wrong = [
        r for r in _rules() if "calculate" in r and "IT" in r.get("schedule", {}).get("routes", [])
    ]

    assert _ids(wrong) == []


def test_every_rule_for_weekly_etoposide_or_methotrexate_needs_its_frequency() -> None:
    loose = [
        r
        for r in _rules()
        if r["drug"] in {"etoposide", "methotrexate"}
        and not r.get("schedule", {}).get("frequency_required")
    ]

    assert _ids(loose) == []


def test_every_etoposide_dose_carries_the_lifetime_caution() -> None:
    limits = {
        r["id"]: (r.get("cumulative", {}).get("soft_max"), r.get("cumulative", {}).get("hard_max"))
        for r in _rules()
        if r["drug"] == "etoposide" and r.get("kind", "dose") == "dose"
    }

    assert set(limits.values()) == {("2", "3")}
