"""The command line: what each command prints, and what bad input gets.

These run the real model on a small library, because that is what the commands promise.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.__main__ import main
from tests.builders import HEADER, STATEMENT, a_statement, write_library

MONITORING = a_statement(
    "2.1",
    "Adults on dexamethasone: check glucose daily.",
    role="monitoring",
    topic="monitoring",
    drugs="dexamethasone",
)


@pytest.fixture(scope="module")
def environ(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    folder = tmp_path_factory.mktemp("cli")
    write_library(folder / "library", {"example-2024.md": HEADER + STATEMENT + "\n" + MONITORING})
    return {
        "GUIDELINE_LIBRARY": str(folder / "library"),
        "GUIDELINE_DATA": str(folder / "var"),
    }


@pytest.fixture
def run(
    environ: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> Callable[..., tuple[int, str, str]]:
    def run_command(*argv: str, **extra: str) -> tuple[int, str, str]:
        code = main(argv, {**environ, **extra})
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_command


def test_index_builds_once_and_then_says_that_it_is_up_to_date(run) -> None:
    first = run("index")
    again = run("index")

    assert first[0] == again[0] == 0
    assert "2 passages" in again[1]
    assert "is up to date" in again[1]


def test_ask_prints_the_answer_as_markdown(run) -> None:
    code, out, _ = run("ask", "Which dose of dexamethasone in adults with examplitis?")

    assert code == 0
    assert out.startswith("*Understood as: dose; dexamethasone; adult.*\n\n**Patient values.** ")
    assert out.split("\n\n")[2].startswith("### Bottom line")
    assert "dexamethasone 10 mg/m² once daily. [1]" in out


def test_ask_json_has_the_fields_that_other_programs_read(run) -> None:
    _, out, _ = run("ask", "--json", "Which dose of dexamethasone in adults with examplitis?")

    answer = json.loads(out)
    assert set(answer) == {
        "id", "outcome", "reason", "markdown", "claims", "references", "doses",
        "calculations", "withheld",
        "understood",
        "suggestions", "index", "mode", "timings_ms",
    }  # fmt: skip
    assert set(answer["claims"][0]) == {"section", "text", "citations"}
    assert {
        "n", "passage_id", "document", "title", "year", "kind", "section", "quote",
        "review_status", "sources",
    } <= set(answer["references"][0])  # fmt: skip
    assert {"drug", "text", "verdict", "passage_id", "rule"} <= set(answer["doses"][0])
    assert answer["doses"][0]["verdict"] == "SOURCE_ONLY"


def test_ask_batch_keeps_the_order_and_goes_on_after_bad_lines(run, tmp_path: Path) -> None:
    questions, answers = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    lines = [
        {"id": "a", "question": "dexamethasone dose in adults with examplitis"},
        {"id": "b"},
        {"id": "c", "question": "😀"},
        {"id": "d", "question": "x" * 10_000},
        {"id": "e", "question": "and how is it monitored?", "history": ["dexamethasone dose?"]},
        {"id": "f", "question": "dose?", "patient": {"weight_kg": "heavy"}},
    ]
    questions.write_text("\n".join(map(json.dumps, lines)) + "\n{nonsense\n")

    code, _, err = run("ask", "--batch", str(questions), "--out", str(answers))

    results = [json.loads(line) for line in answers.read_text().splitlines()]
    assert code == 0
    assert [r["id"] for r in results] == ["a", "b", "c", "d", "e", "f", None]
    assert results[0]["outcome"] == "answered"
    assert "no 'question'" in results[1]["error"]
    assert results[2]["outcome"] == "declined"
    assert "no word" in results[2]["reason"]
    assert "10,000 characters" in results[3]["reason"]
    assert any("glucose" in c["text"] for c in results[4]["claims"])
    assert "has to be a number" in results[5]["error"]
    assert "is not JSON" in results[6]["error"]
    assert "3 lines could not be used" in err


def test_the_same_question_gives_the_same_answer_except_for_the_time_it_took(run) -> None:
    answers = [json.loads(run("ask", "--json", "examplitis dexamethasone")[1]) for _ in range(2)]

    for answer in answers:
        del answer["timings_ms"]
    assert answers[0] == answers[1]


def test_every_answer_leaves_one_record(run, environ: dict[str, str]) -> None:
    folder = Path(environ["GUIDELINE_DATA"]) / "records"
    before = sum(len(p.read_text().splitlines()) for p in folder.glob("*.jsonl"))

    run("ask", "dexamethasone in examplitis")

    lines = [line for p in folder.glob("*.jsonl") for line in p.read_text().splitlines()]
    assert len(lines) == before + 1
    record = json.loads(lines[-1])
    assert record["question"] == "dexamethasone in examplitis"
    assert record["shown"]["claims"]


def test_check_judges_a_text_against_a_given_source(run, tmp_path: Path) -> None:
    texts, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source = "Adults: dexamethasone 10 mg/m² once daily."
    lines = [
        {"id": 1, "text": "dexamethasone 10 mg/m² once daily", "source": source},
        {"id": 2, "text": "dexamethasone 100 mg/m² once daily", "source": source},
        {"id": 3, "text": "metformin 500 mg", "source": source},
        {"id": 4, "text": "No number here."},
        {"id": 5},
    ]
    texts.write_text("\n".join(map(json.dumps, lines)))

    code, _, _ = run("check", "--batch", str(texts), "--out", str(out))

    results = [json.loads(line) for line in out.read_text().splitlines()]
    assert code == 0
    assert [r.get("state") for r in results[:2]] == ["SOURCE_ONLY", "MISMATCH"]
    assert results[2]["state"] in ("NOT_IN_SOURCE", "UNKNOWN_DRUG")
    assert (results[3]["id"], results[3]["state"], results[3]["findings"]) == (4, "NO_NUMBERS", [])
    assert results[3]["records"] == {"doses": [], "numbers": [], "flags": []}
    assert "no 'text'" in results[4]["error"]
    assert set(results[0]["findings"][0]) >= {"span", "drug", "text", "verdict", "why"}


def test_check_without_a_source_uses_the_whole_library(run) -> None:
    _, out, _ = run("check", "dexamethasone 10 mg/m² once daily")

    result = json.loads(out)
    assert result["state"] == "SOURCE_ONLY"
    assert result["findings"][0]["passage_id"] == "example-2024:1.1"


def test_check_prints_plain_text_on_request(run) -> None:
    code, out, _ = run("check", "--text", "dexamethasone 100 mg/m² once daily")

    assert code == 0
    assert "ten-fold: Ten times the library's 10 mg/m²" in out
    assert "example-2024:1.1" in out


def test_search_json_lists_passages_best_first(run) -> None:
    code, out, _ = run("search", "glucose monitoring", "-k", "2", "--json")

    results = json.loads(out)
    assert code == 0
    assert [r["rank"] for r in results] == [1, 2]
    assert results[0]["passage_id"] == "example-2024:2.1"
    assert set(results[0]) == {"passage_id", "score", "rank", "text", "document", "heading"}
    assert results[0]["score"] >= results[1]["score"]


@pytest.mark.parametrize(
    "argv",
    [
        ["ask"],
        ["ask", "a question", "--batch", "x", "--out", "y"],
        ["ask", "--batch", "x"],
        ["check"],
        ["dance"],
        [],
    ],
)
def test_wrong_use_exits_2(argv: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(argv, {})

    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err


def test_a_search_for_no_passage_is_wrong_use(run) -> None:
    code, _, err = run("search", "x", "-k", "0")

    assert code == 2
    assert "1 or more" in err


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ({"GUIDELINE_LIBRARY": "/nowhere"}, "library.toml is missing"),
        ({"GUIDELINE_PORT": "x"}, "whole number"),
        ({"GUIDELINE_MODEL": "/nowhere/model"}, "/nowhere/model"),
    ],
)
def test_what_can_not_work_is_one_sentence_and_exit_1(
    run, extra: dict[str, str], sentence: str
) -> None:
    code, out, err = run("ask", "a question", **extra)

    assert code == 1
    assert out == ""
    assert sentence in err
    assert "Traceback" not in err


def test_a_batch_file_that_is_not_there_is_one_sentence_and_exit_1(run, tmp_path: Path) -> None:
    missing = str(tmp_path / "missing.jsonl")

    code, _, err = run("ask", "--batch", missing, "--out", str(tmp_path / "out.jsonl"))

    assert code == 1
    assert f"{missing} can't be read" in err


def test_a_damaged_index_is_named_with_the_remedy_and_the_remedy_works(
    run, environ: dict[str, str]
) -> None:
    run("index")
    root = Path(environ["GUIDELINE_DATA"]) / "index"
    for path in root.rglob("passages*"):
        path.write_text("altered")

    code, _, err = run("ask", "dexamethasone in examplitis")
    repaired = run("index")

    assert code == 1
    assert "python -m assistant index" in err
    assert repaired[0] == 0
    assert run("ask", "dexamethasone in examplitis")[0] == 0
