"""The evaluation as one HTML page: from kept results alone, escaped, test items hidden."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from eval.__main__ import main
from eval.kept import run_of
from eval.page import POLICY, render_html
from eval.page_latency import classes, latency
from eval.page_others import parse_others
from eval.page_refusals import thinned
from eval.report import passages_of, render_json, render_report, worst_items
from tests.builders_runs import HOSTILE, PEERS, RETRIEVAL, a_judgement, a_run, a_varied_run

TIMES = [{"id": "Q2", "ms": 41.5}, {"id": "Q3", "ms": {"total": 50}}, {"id": "Q4", "ms": None}]
VOID = {"meta", "br", "img", "link"}


class Outline(HTMLParser):
    """The tags of a page, its ids and its text; fails on a tag that is never closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.said: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        assert not [name for name, _ in attrs if name.startswith("on") or name == "style"]
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.said.append(data)

    @property
    def text(self) -> str:
        return " ".join(self.said)


def results() -> dict[str, Any]:
    return dict(json.loads(render_json(a_varied_run())))


def written(folder: Path, name: str, content: object) -> str:
    path = folder / name
    path.write_text(json.dumps(content), encoding="utf-8")
    return str(path)


def test_kept_results_give_the_report_that_the_run_gave() -> None:
    run = a_varied_run()

    again = run_of(json.loads(render_json(run)))

    assert render_report(again) == render_report(run)
    assert render_json(again) == render_json(run)


def test_the_same_results_give_the_same_bytes() -> None:
    assert render_html(results(), {"Q1": 5.0}) == render_html(results(), {"Q1": 5.0})


def test_the_page_is_whole_and_asks_for_nothing() -> None:
    page = render_html(results(), {f"Q{at}": 40.0 + at for at in range(24)})

    outline = Outline(page)
    assert f'http-equiv="Content-Security-Policy" content="{POLICY}"' in page
    assert POLICY.startswith("default-src 'none'")
    assert len(set(outline.ids)) == len(outline.ids)
    assert all(link.startswith("#") and link[1:] in outline.ids for link in outline.links)
    assert not {"script", "img", "link", "iframe", "object", "form"} & set(outline.tags)
    assert outline.tags.count("figcaption") == outline.tags.count("figure") >= 8
    assert re.findall("<h2[^>]*>([^<]+)", page) == [
        "What this is, and what it is not",
        "Summary",
        "Finding passages",
        "Composing answers",
        "Knowing when not to answer",
        "Verdicts",
        "Time of a question",
        "What must not happen",
        "What stands behind and beside the sentences",
        "Where key facts are lost",
        "The worst items",
        "What was measured",
    ]


def test_what_a_question_holds_is_text() -> None:
    page = render_html(results())

    outline = Outline(page)
    assert HOSTILE in outline.text
    assert "script" not in outline.tags
    assert "img" not in outline.tags
    assert outline.tags.count("style") == 1
    assert "cases <own>.jsonl" in outline.text


def test_the_worst_items_show_what_was_shown_and_what_was_missed() -> None:
    text = Outline(render_html(results())).text

    assert "Give 10 mg & no <more>." in text
    assert "The passage that was missed." in text
    assert "found, not chosen" in text
    assert "Outcome: limited; right would be declined (answered, should be declined)." in text


def test_what_a_rule_declines_is_left_out_of_the_calibration() -> None:
    text = Outline(render_html(results())).text

    assert "4 that a rule declines have no probability and are left out." in text


def test_no_item_of_the_test_split_is_shown() -> None:
    run = a_varied_run()
    text = Outline(render_html(json.loads(render_json(run)), worst=1000)).text
    listed, hidden = worst_items(run.judgements, 1000)

    assert "dev question" in text or "dev outside" in text
    assert "test question" not in text
    assert "test outside" not in text
    assert hidden > 0
    assert f"{hidden} more of the test split are not listed" in text
    assert all(judgement.case.split == "dev" for judgement in listed)


def test_the_passages_kept_are_those_that_the_worst_items_are_about() -> None:
    missed = a_judgement()

    assert passages_of([missed]) == ("d:1", "d:2")
    assert passages_of([]) == ()


def test_results_of_an_earlier_version_are_shown_without_what_they_lack() -> None:
    old = results()
    del old["passages"]
    old["scores"] = [score for score in old["scores"] if score["metric"] != "nDCG@10"]
    for item in old["cases"]:
        del item["carriers"], item["asked"]

    page = render_html(old)
    text = Outline(page).text

    assert '<th scope="col">MRR</th><th scope="col">key facts in first 10</th>' in page
    assert "These results do not say which passages are relevant." in text
    assert "Time of a question" not in text
    assert "d:1" in text, "the id stands where the text is not known"


def test_an_empty_run_and_a_single_question_have_a_page() -> None:
    for run in (a_run(), a_run(a_judgement())):
        assert "Summary" in Outline(render_html(json.loads(render_json(run)))).text


def test_documents_that_changed_stand_at_the_top() -> None:
    changed = results() | {"altered_documents": ["hscore"]}

    assert "Documents on disk differ from those loaded: hscore." in render_html(changed)


def test_times_are_drawn_with_median_and_late_ones() -> None:
    section = Outline(latency([10.0] * 50 + [20.0] * 45 + [90.0] * 5)).text

    assert "100 questions" in section
    assert "median 15.0" in section
    assert "95th percentile 23.5" in section
    assert latency([]) == ""


@pytest.mark.parametrize(
    "times", [[5.0], [0.5, 0.5], [1.0, 2.0, 4000.0], [float(n) for n in range(300)]]
)
def test_every_time_is_counted_once(times: list[float]) -> None:
    edges, counts, beyond = classes(times)

    assert len(edges) == len(counts) + 1
    assert sum(counts) + beyond == len(times)
    assert list(edges) == sorted(set(edges))
    assert len(counts) <= 60


def test_a_thinned_curve_keeps_its_ends_and_no_twins() -> None:
    points = tuple((n / 10_000, n / 10_000) for n in range(10_001))

    kept = thinned(points)

    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert len(kept) <= 102
    assert thinned(()) == ()


def test_other_results_get_a_section_with_table_chart_and_tests() -> None:
    others = [parse_others("nfcorpus", RETRIEVAL), parse_others("peers", PEERS)]

    page = render_html(results(), None, others)
    text = Outline(page).text

    assert "Our retriever on nfcorpus" in text
    assert "0.750 [0.500–1.000]" in text
    assert "Beside other systems: wide-dev" in text
    assert "<b>theirs</b>" in text
    assert "ours against theirs" in text
    assert "0.0004" in text
    assert "30 (99)" in text
    assert 'id="others-2-1-title"' in page
    assert "statements shown, ours" not in text, "no share: in the table and not in the chart"


def test_the_command_writes_the_page_and_the_report_beside_it(tmp_path: Path) -> None:
    run = written(tmp_path, "run.json", results())
    times = written(tmp_path, "times.json", TIMES)
    peers = written(tmp_path, "peers.json", PEERS)
    out = tmp_path / "deep" / "page.html"

    assert main(["report", run, "--times", times, "--with", peers, "--out", str(out)], {}) == 0

    page = out.read_text(encoding="utf-8")
    assert "2 questions, each asked once" in page
    assert "Beside other systems" in page
    assert out.with_suffix(".md").read_text(encoding="utf-8") == render_report(run_of(results()))


@pytest.mark.parametrize(
    ("option", "content", "said"),
    [
        ("", {"cases": []}, "it holds no results of `python -m eval --json`"),
        ("", [], "it holds no results"),
        ("--times", {"Q1": 3}, 'a list of {"id", "ms"} is needed'),
        ("--times", [{"id": "Q1"}], 'a list of {"id", "ms"} is needed'),
        ("--with", {"kind": "peers"}, "an entry is missing"),
        ("--with", {"a": 1}, "neither of `python -m eval retrieval --json` nor of peers"),
        ("--with", 3, "it holds no JSON object"),
    ],
)
def test_a_file_that_is_none_is_named(
    tmp_path: Path,
    option: str,
    content: object,
    said: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = written(tmp_path, "run.json", results())
    bad = written(tmp_path, "bad.json", content)
    words = [good, option, bad] if option else [bad]

    assert main(["report", *words, "--out", str(tmp_path / "page.html")], {}) == 1

    error = capsys.readouterr().err
    assert error.startswith(bad)
    assert said in error
    assert error.count("\n") == 1
    assert not (tmp_path / "page.html").exists()


def test_a_missing_file_and_another_ending_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = str(tmp_path / "page.html")

    assert main(["report", str(tmp_path / "none.json"), "--out", out], {}) == 1
    assert "it can't be read" in capsys.readouterr().err
    for wrong in (["--out", "page.txt"], ["--out", out, "--worst", "-1"], []):
        with pytest.raises(SystemExit) as raised:
            main(["report", "run.json", *wrong], {})
        assert raised.value.code == 2
