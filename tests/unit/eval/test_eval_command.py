"""``python -m eval`` over the real chain, with a small library and no model."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.drafting.quote import QuotingDrafter
from assistant.relevance import WEIGHTS
from assistant.rules import open_rules
from assistant.settings import Settings
from assistant.wiring import Assistant
from corpus.library import load_library
from eval.__main__ import main
from eval.bench.latency import TOTAL, measure, render
from eval.fit import main as fit
from eval.judge import Judge
from eval.load import parse_cases
from eval.model import Outcome, Question, Run
from eval.report import render_json, render_report
from eval.runner import run_cases, texts_on_disk
from eval.scores import score
from eval.system import ChainSystem
from index.build import build_index
from index.hashing import HashingEmbedder
from index.open import open_index
from tests.builders import HEADER, STATEMENT, write_library

CASES = "\n".join(
    json.dumps({"provenance": "test", "section": "small", **line})
    for line in (
        {
            "id": "A1",
            "question": "examplitis in an adult: dexamethasone 10 mg/m² once daily?",
            "key_facts": ["F001"],
            "expect": "answered",
        },
        {"id": "A2", "question": "☃☃☃", "expect": "declined"},
        {"id": "A3", "question": "metformin dose", "expect": "declined"},
    )
)


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    root = tmp_path_factory.mktemp("evaluation")
    document = HEADER + STATEMENT + "  facts: F001\n"
    library = load_library(write_library(root / "lib", {"example-2024.md": document}))
    embedder = HashingEmbedder()
    build_index(library, embedder, root / "index", store="memory")
    settings = Settings(library=library.folder, data=root, store="memory")
    return Assistant(
        settings=settings,
        library=library,
        rules=open_rules(library),
        index=open_index(root / "index", library, embedder),
        drafter=QuotingDrafter(library),
    )


def evaluated(assistant: Assistant) -> Run:
    cases, problems = parse_cases(CASES, "small.jsonl")
    assert not problems
    judge = Judge(assistant.library, texts_on_disk(assistant.library))
    judgements = run_cases(cases, ChainSystem(assistant), judge)
    return Run(
        command="python -m eval", fingerprints={}, judgements=judgements, scores=score(judgements)
    )


def test_the_real_chain_is_judged_end_to_end(assistant: Assistant) -> None:
    answered, unreadable, outside = evaluated(assistant).judgements

    assert answered.observed.error == ""
    assert answered.observed.outcome is Outcome.ANSWERED
    assert answered.fact_recall == 1
    assert answered.unsupported == ()
    assert answered.recall_at_5 == 1
    assert unreadable.observed.outcome is Outcome.DECLINED
    assert unreadable.observed.ranking == ()
    assert outside.observed.outcome is Outcome.DECLINED


def test_two_evaluations_give_the_same_bytes(assistant: Assistant) -> None:
    one, two = evaluated(assistant), evaluated(assistant)

    assert render_report(one).encode() == render_report(two).encode()
    assert render_json(one).encode() == render_json(two).encode()


def test_the_benchmark_times_each_stage_and_the_whole(assistant: Assistant) -> None:
    timings = measure(assistant, len, [Question(text="dexamethasone?")], repeats=2)

    parts = {timing.part: timing for timing in timings}
    assert {"retrieve", "draft", "check", "record", TOTAL} <= set(parts)
    assert len(parts[TOTAL].times_ms) == 2
    assert "whole chain / bare query encoding, by their medians:" in render(timings, 1, 2)


def test_lint_says_what_it_read(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--lint"], {}) == 0

    assert capsys.readouterr().out == "2241 questions in 20 files, no problem.\n"


def test_a_bad_file_is_one_clear_message_and_exit_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "own.jsonl"
    path.write_text('{"id": "A1"}\n')

    assert main(["--cases", str(path)], {}) == 1

    said = capsys.readouterr()
    assert said.out == ""
    assert "own.jsonl:1: The line has no 'question'." in said.err


def test_wrong_use_exits_2(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--worst", "-1"], {})

    assert raised.value.code == 2
    assert "--worst takes 0 or more" in capsys.readouterr().err


def test_fit_writes_nothing_when_it_is_asked_for_help() -> None:
    before = WEIGHTS.read_bytes()

    with pytest.raises(SystemExit):
        fit(["--help"])

    assert WEIGHTS.read_bytes() == before
