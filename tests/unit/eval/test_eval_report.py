"""The report: an approved rendering, and the same bytes for the same run."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from eval.dose_rates import DoseRate
from eval.model import Observed, RefusalClass
from eval.report import render_json, render_report
from eval.scores import TOTAL, groups
from tests.builders_runs import a_judgement, a_run, a_wrong_answer

GOLDEN = """\
# Evaluation

No language model judged anything here, and no clinician reviewed the key facts. Each cell: \
value, 95 % interval, number counted. A dash: nothing to count.

## Summary

| figure | wanted | all questions | met? | test split only | met on it? |
|---|---|---|---|---|---|
| key-fact recall | at least 0.90 | 0.500 [0.500–0.500] n=1 | **not met** | – | nothing counted |
| vital-fact recall | at least 0.95 | 0.500 [0.500–0.500] n=1 | **not met** | – | nothing counted |
| recall@10 on single facts | at least 0.98 | – | nothing counted | – | nothing counted |
| MRR | at least 0.90 | 1.000 [1.000–1.000] n=1 | met | – | nothing counted |
| answerable and declined | at most 3 % | 0.0 % [0.0–79.3] 0/1 | met, interval crosses | – | \
nothing counted |
| outside the library and answered as if inside | at most 2 % | 100.0 % [20.7–100.0] 1/1 | \
**not met** | – | nothing counted |
| AUROC of answerability | at least 0.97 | – | nothing counted | – | nothing counted |
| unsupported sentences | none | 0 of 1 (<3/1 = 100.00 %) | met | – | nothing counted |
| unsupported numbers | none | 0 of 2 (<3/2 = 100.00 %) | met | – | nothing counted |
| altered quotes | none | 0 of 2 (<3/2 = 100.00 %) | met | – | nothing counted |
| doses outside the ledger | none | 0 of 1 (<3/1 = 100.00 %) | met | – | nothing counted |
| ledger outside its source | none | – | nothing counted | – | nothing counted |
| omitted companions | none | 2 of 3 | **not met** | – | nothing counted |
| linked disagreements, both sides | at least 1.00 | – | nothing counted | – | nothing counted |

## Finding passages

| questions | recall@1 | recall@5 | recall@10 | MRR | nDCG@10 | key facts in first 10 |
|---|---|---|---|---|---|---|
| **own.jsonl** | 0.250 [0.250–0.250] n=1 | 0.500 [0.500–0.500] n=1 | \
0.750 [0.750–0.750] n=1 | 1.000 [1.000–1.000] n=1 | 0.750 [0.750–0.750] n=1 | \
1.000 [1.000–1.000] n=1 |
| **all questions** | 0.250 [0.250–0.250] n=1 | 0.500 [0.500–0.500] n=1 | \
0.750 [0.750–0.750] n=1 | 1.000 [1.000–1.000] n=1 | 0.750 [0.750–0.750] n=1 | \
1.000 [1.000–1.000] n=1 |

| questions | n | recall@1 | recall@3 | recall@5 | recall@10 | recall@20 |
|---|---|---|---|---|---|---|
| own | 1 | 0.500 [0.500–0.500] | 0.500 [0.500–0.500] | 0.500 [0.500–0.500] | \
0.500 [0.500–0.500] | 0.500 [0.500–0.500] |
| **all questions** | 1 | 0.500 [0.500–0.500] | 0.500 [0.500–0.500] | 0.500 [0.500–0.500] | \
0.500 [0.500–0.500] | 0.500 [0.500–0.500] |

## Composing answers

| questions | key-fact recall | vital-fact recall | complete answers | apt statements | \
irrelevant statements | statements shown |
|---|---|---|---|---|---|---|
| **own.jsonl** | 0.500 [0.500–0.500] n=1 | 0.500 [0.500–0.500] n=1 | 0.0 % [0.0–79.3] 0/1 | \
1.000 [1.000–1.000] n=1 | 50.0 % [9.5–90.5] 1/2 | 1.0 [1.0–1.0] n=1 |
| **all questions** | 0.500 [0.500–0.500] n=1 | 0.500 [0.500–0.500] n=1 | \
0.0 % [0.0–79.3] 0/1 | 1.000 [1.000–1.000] n=1 | 50.0 % [9.5–90.5] 1/2 | 1.0 [1.0–1.0] n=1 |

## Answering and declining

| questions | right outcome | answered when it should | declined when it should | \
citation support |
|---|---|---|---|---|
| **own.jsonl** | 100.0 % [20.7–100.0] 1/1 | 100.0 % [20.7–100.0] 1/1 | – | \
100.0 % [20.7–100.0] 1/1 |
| **outside.jsonl** | 0.0 % [0.0–79.3] 0/1 | – | 0.0 % [0.0–79.3] 0/1 | – |
| **all questions** | 50.0 % [9.5–90.5] 1/2 | 100.0 % [20.7–100.0] 1/1 | \
0.0 % [0.0–79.3] 0/1 | 100.0 % [20.7–100.0] 1/1 |

| right would be | answered | limited | declined | failed |
|---|---|---|---|---|
| answered | 1 | 0 | 0 | 0 |
| declined | 0 | 1 | 0 | 0 |

## What must not happen

| questions | unsupported sentences | unsupported numbers | must-not sentences | failed questions |
|---|---|---|---|---|
| **own.jsonl** | 0 of 1 (<3/1 = 100.0 %) | 0 of 2 (<3/2 = 100.0 %) | none counted | \
0 of 1 (<3/1 = 100.0 %) |
| **outside.jsonl** | none counted | none counted | none counted | 0 of 1 (<3/1 = 100.0 %) |
| **all questions** | 0 of 1 (<3/1 = 100.0 %) | 0 of 2 (<3/2 = 100.0 %) | none counted | \
0 of 2 (<3/2 = 100.0 %) |

## What stands behind and beside the sentences

| questions | citation precision | citation recall | both sides linked |
|---|---|---|---|
| **own.jsonl** | 50.0 % [9.5–90.5] 1/2 | 100.0 % [20.7–100.0] 1/1 | – |
| **all questions** | 50.0 % [9.5–90.5] 1/2 | 100.0 % [20.7–100.0] 1/1 | – |

| questions | altered quotes | doses outside the ledger | ledger outside its source | \
omitted companions | omitted, drug asked about |
|---|---|---|---|---|---|
| **own.jsonl** | 0 of 2 (<3/2 = 100.0 %) | 0 of 1 (<3/1 = 100.0 %) | none counted | \
2 of 3 (20.8–93.9 %) | 1 of 2 (9.5–90.5 %) |
| **outside.jsonl** | none counted | none counted | none counted | none counted | none counted |
| **all questions** | 0 of 2 (<3/2 = 100.0 %) | 0 of 1 (<3/1 = 100.0 %) | none counted | \
2 of 3 (20.8–93.9 %) | 1 of 2 (9.5–90.5 %) |

## Where key facts are lost

| key facts of | shown | one side only | withheld by the check | found, not chosen | not found | \
not in the library |
|---|---|---|---|---|---|---|
| own.jsonl | 1 | 0 | 0 | 0 | 1 | 0 |

## The worst items

**N1** (chat) “hello?”: limited
- answered, should be declined

**A1** (single-fact) “dose?”: answered
- key facts shown: 1 of 2
- not found: F002

## What was measured

- questions: 2
- library: `abc`
- command: `python -m eval`
"""


def test_the_report_reads_as_approved() -> None:
    assert render_report(a_run(a_judgement(), a_wrong_answer())) == GOLDEN


def test_the_same_run_gives_the_same_bytes() -> None:
    one, two = a_run(a_judgement(), a_wrong_answer()), a_run(a_judgement(), a_wrong_answer())

    assert render_report(one).encode() == render_report(two).encode()
    assert render_json(one).encode() == render_json(two).encode()


@given(elapsed_ms=st.floats(0, 1e6))
def test_no_time_gets_into_a_report(elapsed_ms: float) -> None:
    plain = a_judgement()
    timed = replace(plain, observed=replace(plain.observed, elapsed_ms=elapsed_ms))

    assert render_json(a_run(timed)) == render_json(a_run(plain))
    assert render_report(a_run(timed)) == render_report(a_run(plain))


def test_the_json_holds_every_item_and_rounds_to_six_digits() -> None:
    plain = json.loads(render_json(a_run(a_judgement(fact_recall=1 / 3))))

    assert plain["cases"][0]["key_facts"] == {"F001": "shown", "F002": "not found"}
    assert plain["cases"][0]["key_fact_recall"] == 0.333333


def test_the_worst_item_comes_first_and_the_list_ends_where_told() -> None:
    failed = replace(
        a_wrong_answer(),
        observed=Observed(outcome=None, error="It broke."),
        refusal=RefusalClass.FAILED,
    )

    report = render_report(a_run(a_judgement(), failed), worst=1)

    assert "**N1** (chat) “hello?”: failed\n- failed\n- error: It broke." in report
    assert "**A1**" not in report


def test_items_of_the_test_split_are_counted_and_not_listed() -> None:
    plain = a_judgement()
    held_out = replace(plain, case=replace(plain.case, split="test"))

    report = render_report(a_run(held_out))

    assert "**A1**" not in report
    assert "1 more of the test split are not listed" in report


def test_unsupported_and_forbidden_sentences_are_printed() -> None:
    bad = a_judgement(
        unsupported=("Invented.",), unsupported_numbers=("7mg",), forbidden=("Never say this.",)
    )

    report = render_report(a_run(bad))

    assert "- unsupported: Invented." in report
    assert "- unsupported number: 7mg" in report
    assert "- must not be said: Never say this." in report
    assert "1 of 1 (20.7–100.0 %)" in report


def test_an_altered_document_stands_at_the_top() -> None:
    report = render_report(replace(a_run(a_judgement()), altered=("hscore",)))

    assert "**Documents on disk differ from those loaded:** hscore." in report


def test_groups_are_the_sections_of_a_file_or_its_splits() -> None:
    plain = a_judgement()
    dev = replace(plain, case=replace(plain.case, split="dev", file="b.jsonl"))
    test = replace(plain, case=replace(plain.case, split="test", file="b.jsonl"))

    rows = groups((plain, dev, test))

    assert list(rows) == ["own.jsonl", "b.jsonl: dev", "b.jsonl: test", "b.jsonl", TOTAL]
    assert len(rows["b.jsonl"]) == 2
    assert len(rows[TOTAL]) == 3


def test_the_rates_of_doses_stand_in_the_report_and_in_the_json() -> None:
    run = replace(a_run(a_judgement()), dose_rates=(DoseRate("amounts missed", 0, 300, 0.03),))

    assert "| amounts missed | at most 3 % | 0 of 300 (<3/300 = 1.0 %) | met |" in render_report(
        run
    )
    assert json.loads(render_json(run))["dose_rates"][0]["n"] == 300
