"""The figures of the README: only what a report had."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.settings import ROOT
from eval.errors import DataError
from eval.figures import END, KEPT, START, as_json, block, figures_of, load_figures, replaced
from eval.page_others import parse_others
from eval.render import main, write_figures
from eval.report import render_json
from tests.builders_runs import PEERS, a_varied_run

FIGURES = figures_of(a_varied_run(), [parse_others("peers", PEERS)])


def test_the_figures_of_the_readme_are_those_that_a_report_wrote() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")

    assert block(load_figures(ROOT / KEPT)) in readme
    assert replaced(readme, load_figures(ROOT / KEPT)) == readme


def test_a_figure_that_is_changed_by_hand_is_found() -> None:
    readme = f"Before.\n\n{block(FIGURES)}\n\nAfter.\n"
    by_hand = readme.replace("| ours | 0.900", "| ours | 0.990")

    assert by_hand != readme
    assert replaced(by_hand, FIGURES) == readme


def test_the_block_holds_targets_other_systems_and_what_was_measured() -> None:
    text = block(FIGURES)

    assert "48 questions; library `abc`." in text
    assert "| key-fact recall | at least 0.90 |" in text
    assert "| system | MRR | MRR: ours against it |" in text
    assert "| ours | 0.900 |" in text
    assert json.loads(as_json(FIGURES)) == json.loads(as_json(load_back(FIGURES)))


def load_back(figures: object) -> object:
    return json.loads(json.dumps(figures))


@pytest.mark.parametrize("text", ["none", START, f"{END} {START}", f"{START}{START}{END}"])
def test_a_readme_without_the_two_marks_is_left_alone(tmp_path: Path, text: str) -> None:
    readme = tmp_path / "README.md"
    readme.write_text(text, encoding="utf-8")

    with pytest.raises(DataError, match="once and in this order"):
        write_figures(readme, FIGURES)

    assert readme.read_text(encoding="utf-8") == text
    assert not (tmp_path / KEPT).exists()


def test_the_command_writes_them_where_they_are_read(tmp_path: Path) -> None:
    (tmp_path / "docs").mkdir()
    readme, run, others = tmp_path / "README.md", tmp_path / "run.json", tmp_path / "peers.json"
    readme.write_text(f"# A\n\n{START}\n{END}\n\nB\n", encoding="utf-8")
    run.write_text(render_json(a_varied_run()), encoding="utf-8")
    others.write_text(json.dumps(PEERS), encoding="utf-8")
    words = [str(run), "--with", str(others), "--out", str(tmp_path / "r.html")]

    assert main([*words, "--readme", str(readme)], {}) == 0

    assert readme.read_text("utf-8") == f"# A\n\n{block(load_figures(tmp_path / KEPT))}\n\nB\n"


def test_a_file_that_holds_no_figures_is_named(tmp_path: Path) -> None:
    (tmp_path / "figures.json").write_text("[]", encoding="utf-8")

    with pytest.raises(DataError, match="holds no figures"):
        load_figures(tmp_path / "figures.json")
