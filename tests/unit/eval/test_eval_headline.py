"""Headline figures, their targets, and how well answerability is told."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.answerability import (
    auroc_interval,
    calibration_error,
    errors_at,
    probability,
    reliability,
    roc,
)
from eval.errors import DataError
from eval.headline import Figure, Target, figure_text, headlines, load_targets, summary_table
from eval.metrics import auroc
from eval.tables import recall_table
from tests.builders_runs import a_judgement, a_varied_run

TARGETS = load_targets()
LOGITS = st.lists(st.floats(-20, 20), min_size=2, max_size=30)


def test_every_measure_of_the_brief_has_its_target() -> None:
    found = {
        t.measure: t.at_least if t.at_least is not None else t.at_most for t in TARGETS.targets
    }

    assert found == {
        "key-fact recall": 0.90,
        "vital-fact recall": 0.95,
        "recall@10 on single facts": 0.98,
        "MRR": 0.90,
        "answerable and declined": 0.03,
        "outside the library and answered as if inside": 0.02,
        "AUROC of answerability": 0.97,
        "unsupported sentences": 0,
        "unsupported numbers": 0,
        "altered quotes": 0,
        "doses outside the ledger": 0,
        "ledger outside its source": 0,
        "omitted companions": 0,
        "linked disagreements, both sides": 1,
    }


@pytest.mark.parametrize(
    ("target", "figure", "verdict"),
    [
        (Target("m", at_least=0.9), Figure(value=0.95, low=0.9, high=1.0, n=9), "met"),
        (
            Target("m", at_least=0.9),
            Figure(value=0.95, low=0.89, high=1.0, n=9),
            "met, interval crosses",
        ),
        (Target("m", at_least=0.9), Figure(value=0.89, low=0.8, high=0.95, n=9), "not met"),
        (
            Target("m", at_most=0.03),
            Figure(value=0.02, low=0.01, high=0.04, n=9, events=1),
            "met, interval crosses",
        ),
        (
            Target("m", at_most=0.03),
            Figure(value=0.04, low=0.01, high=0.1, n=9, events=1),
            "not met",
        ),
        (Target("m", at_most=0), Figure(value=0.0, low=0.0, high=0.1, n=9, events=0), "met"),
        (Target("m", at_most=0), Figure(value=0.1, low=0.0, high=0.3, n=9, events=1), "not met"),
        (Target("m", at_most=0), None, "nothing counted"),
    ],
)
def test_a_target_is_met_by_the_value_and_the_interval_is_told(
    target: Target, figure: Figure | None, verdict: str
) -> None:
    assert target.verdict(figure) == verdict


def test_a_figure_is_counted_over_all_questions_and_over_the_test_split() -> None:
    run = a_varied_run()

    found = {h.target.measure: h for h in headlines(run.judgements, TARGETS)}

    recall = found["key-fact recall"]
    assert recall.everything is not None
    assert recall.held_out is not None
    assert (recall.everything.n, recall.held_out.n) == (24, 8)
    single = found["recall@10 on single facts"].everything
    assert single is not None
    assert single.n == 12, "files that begin with single, of both splits"
    declined = found["outside the library and answered as if inside"].everything
    assert declined is not None
    assert (declined.events, declined.n) == (6, 24)


def test_the_summary_prints_counts_for_rates_and_the_rule_of_three_for_none() -> None:
    rows = {row[0]: row for row in summary_table(headlines([a_judgement()], TARGETS)).rows}

    assert rows["unsupported numbers"][2:4] == ("0 of 2 (<3/2 = 100.00 %)", "met")
    assert rows["key-fact recall"][3] == "**not met**"
    assert rows["key-fact recall"][5] == "nothing counted"
    spoilt = a_judgement(unsupported_numbers=("7mg",))
    rows = {row[0]: row for row in summary_table(headlines([spoilt], TARGETS)).rows}
    assert rows["unsupported numbers"][2:4] == ("1 of 2", "**not met**")


def test_a_rate_is_printed_as_a_percentage() -> None:
    text = figure_text(
        Figure(value=0.01, low=0.005, high=0.02, n=1200, events=12), Target("m", at_most=0.03)
    )

    assert text == "1.0 % [0.5–2.0] 12/1,200"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "it holds no targets"),
        ('[[target]]\nmeasure = "MRR"\n[kinds]', "either at_least or at_most"),
        ('[[target]]\nmeasure = "MRR"\nat_leats = 1\n[kinds]', "either at_least or at_most"),
        ('[[target]]\nmeasure = "fun"\nat_most = 0\n[kinds]', "fun is no measure"),
    ],
)
def test_targets_that_are_none_are_named(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "targets.toml"
    path.write_text(text)

    with pytest.raises(DataError, match=reason):
        load_targets(path)


def test_the_table_of_recall_rises_with_k_and_has_a_row_for_the_test_split() -> None:
    judgements = a_varied_run().judgements

    rows = {row[0]: row for row in recall_table(judgements, TARGETS).rows}

    assert list(rows) == [
        "single facts",
        "broad, several parts",
        "test split only",
        "**all questions**",
    ]
    assert rows["**all questions**"][1] == "24"
    values = [float(cell.split()[0]) for cell in rows["**all questions**"][2:]]
    assert values == sorted(values)
    assert values[0] < values[-1]


def test_a_file_of_no_kind_is_one_of_its_own() -> None:
    own = a_judgement()
    single = replace(own, case=replace(own.case, file="single-dev.jsonl"))

    assert TARGETS.kind(own) == "own"
    assert TARGETS.kind(single) == "single facts"


# ------------------------------------------------------------------------- answerability


@given(inside=LOGITS, outside=LOGITS)
def test_the_area_below_the_roc_is_the_auroc(inside: list[float], outside: list[float]) -> None:
    points = roc(inside, outside)

    area = sum((x2 - x1) * (y1 + y2) / 2 for (x1, y1), (x2, y2) in pairwise(points))
    assert area == pytest.approx(auroc(inside, outside))
    assert points[0] == (0.0, 0.0)
    assert points[-1] == (1.0, 1.0)


@given(inside=LOGITS, outside=LOGITS)
def test_the_interval_of_the_auroc_holds_it(inside: list[float], outside: list[float]) -> None:
    found = auroc_interval(inside, outside)

    assert found is not None
    value, low, high = found
    assert value == pytest.approx(auroc(inside, outside))
    assert 0 <= low <= value <= high <= 1


def test_a_perfect_order_of_few_questions_is_not_called_certain() -> None:
    assert auroc_interval([5.0] * 10, [1.0] * 30) == (1.0, 0.7, 1.0)
    assert auroc_interval([5.0], [1.0] * 30) is None


def test_both_errors_change_places_with_the_threshold() -> None:
    inside, outside = [1.0, 2.0, 3.0, 4.0], [0.0, 1.0]

    assert errors_at(inside, outside, -9) == (0, 1)
    assert errors_at(inside, outside, 1) == (0, 0.5)
    assert errors_at(inside, outside, 9) == (1, 0)
    with pytest.raises(ValueError, match="each kind"):
        errors_at(inside, [], 0)


def test_a_calibrated_score_has_no_error_and_a_sure_wrong_one_has_all() -> None:
    half = reliability([0.0] * 5, [0.0] * 5)

    assert [b.count for b in half] == [0, 0, 0, 0, 0, 10, 0, 0, 0, 0]
    assert half[5].observed == 0.5
    assert calibration_error(half) == 0
    assert calibration_error(reliability([-30.0], [30.0])) == pytest.approx(1)
    assert calibration_error(reliability([], [])) is None


@given(inside=LOGITS, outside=LOGITS)
def test_every_question_is_in_one_bin(inside: list[float], outside: list[float]) -> None:
    bins = reliability(inside, outside)

    assert sum(b.count for b in bins) == len(inside) + len(outside)
    assert all(b.low <= b.predicted <= b.high for b in bins if b.predicted is not None)


def test_any_logit_has_a_probability() -> None:
    assert [probability(x) for x in (-1e6, 0, 1e6)] == [0, 0.5, 1]
