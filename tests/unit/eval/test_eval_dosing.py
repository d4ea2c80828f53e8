"""``python -m eval dosing``: every criterion with its target; what is absent is said."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from corpus.library import BUNDLED
from eval.__main__ import main as evaluate
from eval.bench.dose_reading import Worst
from eval.dose_mutations import FalseAlarm, MutationScore, RewriteScore, Survivor
from eval.dose_reading import ReadingScore
from eval.dosing import Files, load_code_mutations, main
from eval.dosing_calculators import (
    Comparisons,
    Examples,
    run_examples,
    run_second_implementation,
)
from eval.dosing_criteria import (
    Criterion,
    ModuleMutations,
    State,
    Times,
    code_mutations,
    examples,
    medcalc,
    mutations,
    rate,
    reading,
    render,
    rewrites,
    second_implementation,
    times,
)
from eval.errors import DataError
from eval.medcalc import score_medcalc
from tests.builders import HEADER, STATEMENT, write_library

RIGHT = {
    "id": "S1",
    "text": "dexamethasone 10 mg/m² once daily",
    "doses": [
        {
            "drug": "dexamethasone", "low": "10", "high": "10", "unit": "mg", "basis": "m2",
            "per": "", "role": "stated", "freq": {"n": 1, "period": 1, "unit": "d"},
        }
    ],
}  # fmt: skip
LISTED = {
    "id": "A01",
    "text": "dexamethasone 10 mg/m² daily",
    "amounts": [["10", "10", "mg", "m2", ""]],
    "flags": [],
}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    """Tiny files of every kind but MedCalc-Bench, which is absent."""
    contents = {
        "open.jsonl": f"{json.dumps(LISTED)}\n{json.dumps({**LISTED, 'id': 'A02', 'amounts': []})}",
        "development.jsonl": json.dumps(RIGHT),
        "held-out.jsonl": "\n".join(json.dumps({**RIGHT, "id": f"H{n}"}) for n in (1, 2)),
        "instructions.jsonl": json.dumps(
            {"text": "take 1 tablet by mouth daily", "parsable": True, "units_per_day_max": 1.0}
        ),
        "test_second.py": "def test_one():\n    pass\n\n\ndef test_two():\n    assert False\n",
        "code.toml": "# nothing was run\n",
    }
    for name, text in contents.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return Files(
        open_list=tmp_path / "open.jsonl",
        development=tmp_path / "development.jsonl",
        held_out=tmp_path / "held-out.jsonl",
        second_implementation=tmp_path / "test_second.py",
        instructions=tmp_path / "instructions.jsonl",
        medcalc=tmp_path / "none.jsonl.gz",
        code_mutation=tmp_path / "code.toml",
    )


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """One slow text instead of fifty: that they are timed is seen in one run."""
    monkeypatch.setattr("eval.dosing.measure_adversarial", lambda _: [Worst("digits", 1.0, 2.0)])


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    write_library(tmp_path / "library", {"example-2024.md": HEADER + STATEMENT})
    return {"GUIDELINE_LIBRARY": str(tmp_path / "library")}


def test_a_run_prints_every_criterion_and_writes_the_same_as_json(
    files: Files, environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out.json"

    code = main(["--fast", "--held-out", "--json", str(out)], environ, files)

    printed = capsys.readouterr()
    assert code == 0
    for line in (
        "| ✗ | reading | strings of the open list read | 60 of 60 | 1 of 2 |",
        "| · | reading | labelled strings | reported | 1 |",
        "| ✓ | reading | quantity recall | ≥ 0.97 | 1 of 1 = 1.000 (0.207–1.000) |",
        "| · | reading, held-out set | labelled strings | reported | 2 |",
        "| – | calculators | MedCalc-Bench items within the corrected bounds | reported "
        "| not here, not measured |",
        "| – | code | mutants of the code killed | ≥ 95 % | not measured |",
        "| ✗ | calculators | comparisons with a second implementation that agree | all "
        "| 1 of 2, each on 100 generated inputs or more |",
    ):
        assert f"{line}\n" in printed.out, line
    assert "\n## reading: strings of the open list read\n\n- A02\n" in printed.out
    assert "criteria are not met" in printed.err
    data: dict[str, Any] = json.loads(out.read_text("utf-8"))
    assert data["run"]["Command"] == "`python -m eval dosing --fast --held-out`"
    assert (
        len(data["criteria"])
        == printed.out.split("|---|---|---|---|---|\n")[1].split("\n\n")[0].rstrip("\n").count("\n")
        + 1
    )


@pytest.mark.usefixtures("quick")
def test_the_held_out_half_is_opened_only_when_it_is_asked_for(
    files: Files, environ: Mapping[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    files.held_out.write_text("no JSON: opening this file would fail\n")

    without = main(["--fast"], environ, files)
    printed = capsys.readouterr().out
    asked = main(["--fast", "--held-out"], environ, files)

    assert without == 0
    assert "held-out" not in printed
    assert asked == 1
    assert "held-out.jsonl can't be used" in capsys.readouterr().err


@pytest.mark.usefixtures("quick")
def test_what_is_not_here_is_said_and_not_measured(
    environ: Mapping[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    none = tmp_path / "none"
    absent = Files(
        open_list=none,
        development=none,
        held_out=none,
        second_implementation=none,
        instructions=none,
        medcalc=none,
    )

    code = main(["--fast"], environ, absent)

    out = capsys.readouterr().out
    assert code == 0
    assert "| – | reading | strings of the open list read | 60 of 60 | not here, " in out
    assert "| – | reading | quantity recall | ≥ 0.97 | not here, not measured |" in out
    assert "| – | reading | dose instructions | reported | none is not here, not measured |" in out


def test_the_dosing_report_is_a_command_of_the_evaluation(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as stopped:
        evaluate(["dosing", "--slow"], {})

    assert stopped.value.code == 2
    assert "python -m eval dosing" in capsys.readouterr().err


def test_every_worked_example_of_the_bundled_library_comes_out_as_printed() -> None:
    found = run_examples(BUNDLED, BUNDLED.parents[1] / "eval" / "worked_examples.toml")

    assert found.wrong == ()
    assert found.compared == 84


def test_an_example_that_comes_out_otherwise_is_named(tmp_path: Path) -> None:
    (tmp_path / "bibliography.json").write_text("[]")
    path = tmp_path / "examples.toml"
    path.write_text(
        '[[example]]\ntitle = "A"\ncalculator = "body-surface"\nvalue = "1.846"\n'
        'inputs = { height = "175 cm", weight = "70 kg" }\n'
        'amounts = [{ per = "m2", amount = "10", value = "18.5" }]\ncontains = ["nothing"]\n'
    )

    found = run_examples(tmp_path, path)

    assert found == Examples(
        3,
        (
            "A: 1.845 instead of 1.846",
            "A: “nothing” is not in the working",
            "A: 10 per m2: 18.4 instead of 18.5",
        ),
    )


def test_tests_that_do_not_run_are_no_agreement(tmp_path: Path) -> None:
    broken = tmp_path / "test_broken.py"
    broken.write_text("import nothing_of_this_name\n")

    found = run_second_implementation(broken)

    assert found is not None
    assert found.agreed == 0
    assert second_implementation("x", found).state is State.UNMET


@pytest.mark.parametrize(
    ("events", "of", "said"),
    [
        (0, 0, "none counted"),
        (0, 300, "0 of 300 (below 1.00%)"),
        (0, 2, "0 of 2 (below 100.00%)"),
        (3, 300, "3 of 300 = 1.00% (0.34%–2.90%)"),
    ],
)
def test_a_rate_has_its_interval(events: int, of: int, said: str) -> None:
    assert rate(events, of) == said


def test_mutations_are_not_met_while_one_survivor_is_unexplained() -> None:
    explained = Survivor("a", "p:1", "text", "it means the same")
    unexplained = Survivor("a", "p:1", "other", "")
    score = MutationScore({"a": 5000}, {"a": 4998}, (explained, unexplained))

    caught, missed, same = mutations("answers", score)

    assert (caught.state, missed.state, same.state) == (State.MET, State.UNMET, State.REPORTED)
    assert caught.measured == "4998 of 4999 = 99.980% (99.887%–99.996%)"
    assert caught.details == ("a: 5000 made, 4998 caught, 1 explained, 1 missed",)
    assert missed.details == ("a, p:1: other",)
    assert same.measured == "1 × it means the same"


def test_one_alarm_on_typography_is_one_too_many() -> None:
    alarm = FalseAlarm("hyphen", "p:1", "text", "why", typography=True)

    all_of_them, typography = rewrites("answers", RewriteScore(1000, 500, (alarm,)))

    assert all_of_them.state is State.MET
    assert typography.state is State.UNMET
    assert typography.details == ("hyphen, p:1: text: why",)


def test_a_silent_error_is_not_met_and_an_empty_set_is_not_measured() -> None:
    empty = list(reading("r", ReadingScore()))
    wrong = {c.name: c for c in reading("r", ReadingScore(silent_wrong=("S7",)))}

    assert {c.state for c in empty if c.target != "reported"} == {State.UNMEASURED}
    assert wrong["strings with a wrong dose and no flag"].details == ("S7",)


def test_each_time_has_its_limit() -> None:
    found = times("time", Times(0.5, 2.01, 20.0, "digits", 50.1, 9))

    assert [c.state for c in found] == [State.MET, State.UNMET, State.MET, State.UNMET]


def test_code_mutations_are_added_up_over_the_modules(tmp_path: Path) -> None:
    path = tmp_path / "code.toml"
    path.write_text(
        '[[module]]\nname = "a"\nkilled = 94\ntotal = 100\ndate = 2026-11-27\ncommand = "run a"\n'
        '[[module]]\nname = "b"\nkilled = 97\ntotal = 100\ndate = 2026-11-28\ncommand = "run b"\n'
    )

    found = code_mutations("code", load_code_mutations(path))

    assert found.state is State.MET
    assert found.measured.startswith("191 of 200 = 95.50%")
    assert found.details[0] == (
        "a: killed 94 of 100 = 94.00% (87.52%–97.22%), 100 of 100 mutants run, 2026-11-27, run a"
    )
    assert code_mutations("c", [ModuleMutations("a", 94, 100, 100, "", "")]).state is State.UNMET


def test_samples_of_the_code_mutations_count_by_the_size_of_their_modules(tmp_path: Path) -> None:
    path = tmp_path / "code.toml"
    path.write_text(
        '[[module]]\nname = "a"\nkilled = 90\nsample = 100\ntotal = 2400\ndate = 2026-11-27\n'
        'command = "run a"\n'
        '[[module]]\nname = "b"\nkilled = 100\ntotal = 100\ndate = 2026-11-27\ncommand = "b"\n'
    )

    found = code_mutations("code", load_code_mutations(path))

    assert found.state is State.UNMET
    assert found.measured == "190 of 200 sampled mutants of 2,500; by size of module 90.40%"
    assert found.details[0].startswith("a: killed 90 of 100 = 90.00% (82.56%–94.48%), 100 of 2400")


@pytest.mark.parametrize(
    "entry",
    [
        'name = "a"\nkilled = 101\ntotal = 100\ndate = 2026-11-27\ncommand = "x"',
        'name = "a"\nkilled = 9\nsample = 8\ntotal = 100\ndate = 2026-11-27\ncommand = "x"',
        'name = "a"\nkilled = 9\nsample = 101\ntotal = 100\ndate = 2026-11-27\ncommand = "x"',
        'name = "a"\nkilled = 1\ndate = 2026-11-27\ncommand = "x"',
        "killed = ",
    ],
)
def test_a_broken_file_of_code_mutations_is_named(tmp_path: Path, entry: str) -> None:
    path = tmp_path / "code.toml"
    path.write_text(f"[[module]]\n{entry}\n")

    with pytest.raises(DataError, match=r"code\.toml can't be used"):
        load_code_mutations(path)


def test_a_bar_in_a_value_does_not_break_the_table() -> None:
    line = Criterion(part="a", name="b|c", target="0", measured="1", state=State.MET)

    assert "| ✓ | a | b/c | 0 | 1 |" in render([line], {})


def test_examples_without_any_are_not_met() -> None:
    assert examples("c", Examples(0, ())).state is State.UNMET
    assert second_implementation("c", Comparisons(11, 11)).state is State.MET


def test_medcalc_items_are_counted_where_they_are_here(tmp_path: Path) -> None:
    item = {
        "_id": "1", "calculator": "Body Mass Index (BMI)", "low": 22, "high": 23, "answer": 22.9,
        "entities": {"height": [175, "cm"], "weight": [70, "kg"]},
    }  # fmt: skip
    path = tmp_path / "dev.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as stream:
        stream.write(json.dumps(item) + "\n")

    found = medcalc("calculators", score_medcalc(path))

    assert found.state is State.REPORTED
    assert found.measured.startswith("1 of 1 = 100.00%")
    assert "Body Mass Index (BMI): 1 of 1" in found.details
