"""What changed between two runs, from their kept results alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from eval.compare import LISTED, load, main, render


def an_item(id_: str, **changes: Any) -> dict[str, Any]:
    item = {
        **{"id": id_, "file": "own.jsonl", "outcome": "answered", "class": "right"},
        **{"recall@5": 1.0, "reciprocal_rank": 1.0, "ndcg@10": 1.0, "apt": 0.5},
        **{"key_facts_in_first_10": 1.0, "key_fact_recall": 1.0, "vital_recall": None},
        **{"key_facts": {"F1": "shown", "F2": "shown"}, "shown": [["a:1"], ["a:2"]]},
        **{"unsupported": [], "unsupported_numbers": []},
    }
    return item | changes


def results(folder: Path, name: str, items: list[dict[str, Any]], code: str = "1") -> Path:
    path = folder / name
    path.write_text(json.dumps({"fingerprints": {"code": code}, "cases": items}), encoding="utf-8")
    return path


def test_lost_and_found_facts_and_outcomes_are_listed(tmp_path: Path) -> None:
    lost = {"F1": "shown", "F2": "not found"}
    a = results(tmp_path, "a.json", [an_item("1"), an_item("2", key_facts=lost), an_item("3")])
    b = results(
        tmp_path,
        "b.json",
        [
            an_item("1", key_facts=lost),
            an_item("2"),
            an_item("3", outcome="declined"),
            an_item("4"),
        ],
        code="2",
    )

    said = render(load(a), load(b))

    assert "3 questions in both, 0 only in the first, 1 only in the second." in said
    assert "Not the same in both: code." in said
    assert "- own.jsonl 1: lost F2" in said
    assert "- own.jsonl 2: found F2" in said
    assert "- own.jsonl 3: answered → declined" in said
    assert "Questions that changed: 3" in said


def test_a_clear_gain_has_a_small_p_and_the_same_run_has_none(tmp_path: Path) -> None:
    low = [an_item(str(n), key_fact_recall=0.0) for n in range(20)]
    high = [an_item(str(n)) for n in range(20)]
    a, b = results(tmp_path, "a.json", low), results(tmp_path, "b.json", high)

    changed, same = render(load(a), load(b)), render(load(b), load(b))

    assert "| key-fact recall | 20 | 0.000 | 1.000 | +1.000 | 0.0001 |" in changed
    assert "| key-fact recall | 20 | 1.000 | 1.000 | +0.000 | 1.0000 |" in same
    assert "are the same" in same
    assert "vital-fact recall" not in same, "undefined in every question"


def test_other_statements_without_another_fact_are_said_and_long_lists_are_cut(
    tmp_path: Path,
) -> None:
    a = results(tmp_path, "a.json", [an_item(str(n)) for n in range(LISTED + 2)])
    b = results(tmp_path, "b.json", [an_item(str(n), shown=[["a:1"]]) for n in range(LISTED + 2)])

    said = render(load(a), load(b))

    assert "- own.jsonl 0: shows 1 instead of 2 statements, or others" in said
    assert "- and 2 more" in said


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"cases": [{"id": "1"}], "fingerprints": {}}'])
def test_a_file_that_holds_no_results_is_named(
    tmp_path: Path, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "broken.json"
    path.write_text(text, encoding="utf-8")

    assert main([str(path), str(path)], {}) == 1
    assert "broken.json can't be used: it holds no results" in capsys.readouterr().err


def test_a_missing_file_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.json")] * 2, {}) == 1
    assert "it can't be read" in capsys.readouterr().err
