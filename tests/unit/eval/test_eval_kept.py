"""Kept results of another version: some of it is lacking, some no longer known."""

from __future__ import annotations

import json
from typing import Any

from eval.kept import run_of
from eval.page import render_html
from eval.report import render_json, render_report
from eval.scores import UNWANTED_BESIDE
from eval.tables import BEHIND
from tests.builders_runs import a_varied_run

BESIDE = "What stands behind and beside the sentences"


def results() -> dict[str, Any]:
    return dict(json.loads(render_json(a_varied_run())))


def test_results_from_before_the_linked_measures_have_no_section_on_them() -> None:
    old = results()
    del old["dose_rates"]
    old["scores"] = [s for s in old["scores"] if s["metric"] not in (*BEHIND, *UNWANTED_BESIDE)]
    for item in old["cases"]:
        for key in ("support", "linked", "offered", "recall@1", "recall@10"):
            del item[key]

    run = run_of(old)
    report = render_report(run)

    assert BESIDE in render_report(run_of(results()))
    assert BESIDE not in report
    assert BESIDE not in render_html(old)
    assert "| omitted companions | none | – | nothing counted |" in report
    assert run.judgements[0].observed.offered == ()


def test_what_another_version_counted_beside_is_passed_over() -> None:
    other = results()
    for item in other["cases"]:
        item["linked"]["unnamed"] = ["d:9"]

    assert render_report(run_of(other)) == render_report(run_of(results()))


def test_what_is_offered_and_what_is_linked_come_back() -> None:
    run = a_varied_run()

    again = run_of(results())

    for kept, judged in zip(again.judgements, run.judgements, strict=True):
        assert kept.observed.offered == judged.observed.offered
        assert (kept.support, kept.linked) == (judged.support, judged.linked)
    assert again.dose_rates == run.dose_rates
