"""Baselines beside our chain: what is shown, how it is scored, and what is written."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from assistant.wiring import Assistant
from corpus.library import Library
from eval.collection import Collection
from eval.errors import MissingExtra
from eval.foreign import ForeignJudge
from eval.judge import Judge
from eval.load import parse_cases
from eval.matching import Matcher
from eval.model import Case, Observed, Outcome, Question, Said
from eval.peers.command import main, measure
from eval.peers.port import Chunk, ChunkIndex
from eval.peers.public import public_figures, ranking, render_public, run_public
from eval.peers.report import as_json, render, times_json
from eval.peers.scoring import FACTS, SAME, SHARES, Scored, ask_all
from eval.peers.stuffing import Holdings, Stuffing, cut_to
from eval.peers.summary import mean_of, summaries, times_of
from eval.peers.systems import FRAMEWORKS, OURS, open_baselines
from eval.peers.vectors import prepare
from eval.runner import texts_on_disk
from index.hashing import HashingEmbedder
from tests.builders import a_library, a_statement, an_assistant

DOSE = "Adults with examplitis: dexamethasone 10 mg/m² once daily."
WATCH = "Adults with examplitis: measure ferritin weekly during treatment."
DOSE_ID, WATCH_ID = "example-2024:1", "example-2024:2"
STATEMENTS = (a_statement("1", DOSE), a_statement("2", WATCH))
CASES = "\n".join(
    json.dumps({"provenance": "test", "section": "small", **line})
    for line in (
        {
            "id": "A1",
            "question": "dexamethasone dose in adults with examplitis?",
            "key_facts": [DOSE_ID, WATCH_ID],
            "vital": [DOSE_ID],
            "expect": "answered",
            "split": "dev",
        },
        {
            "id": "A2",
            "question": "and ferritin?",
            "history": ["how is examplitis followed?"],
            "key_facts": [WATCH_ID],
            "expect": "answered",
            "split": "test",
        },
        {"id": "A3", "question": "metformin dose", "expect": "declined", "split": "dev"},
    )
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return a_library(tmp_path, *STATEMENTS)


def the_cases() -> tuple[Case, ...]:
    cases, problems = parse_cases(CASES, "small.jsonl")
    assert not problems
    return cases


class Fixed:
    """Says the same to every question; within fewer words, those of its text."""

    def __init__(self, *texts: str, cites: Sequence[str] = (), ranking: Sequence[str] = ()) -> None:
        self.texts, self.cites, self.ranking = texts, tuple(cites), tuple(ranking)

    def rank(self, question: Question) -> Sequence[str]:
        return self.ranking

    def answer(self, question: Question) -> Observed:
        return self._observed(self.texts, elapsed_ms=8.0)

    def within(self, question: Question, words: int) -> Observed:
        return self._observed(tuple(cut_to(self.texts, words)), elapsed_ms=0.0)

    def _observed(self, texts: Sequence[str], elapsed_ms: float) -> Observed:
        return Observed(
            outcome=Outcome.ANSWERED if texts else Outcome.DECLINED,
            said=tuple(Said(text=text, cites=self.cites) for text in texts),
            elapsed_ms=elapsed_ms,
        )


class Failing(Fixed):
    def answer(self, question: Question) -> Observed:
        raise RuntimeError("no disk")


def scored(library: Library, **systems: Fixed) -> tuple[Scored, ...]:
    judge = ForeignJudge(Judge(library, texts_on_disk(library)), Matcher(library))
    ours = systems.pop(OURS, None)
    return ask_all(the_cases(), ours, systems, judge, OURS)


# ------------------------------------------------------------------------------- stuffing


def test_a_chunk_ranks_the_statements_that_it_holds_whole_in_their_order(library: Library) -> None:
    chunks = (
        Chunk(text=f"{WATCH}\n  source: Author2024\n\n[1] {DOSE}", source="a"),
        Chunk(text=DOSE.replace("dexamethasone", "\n dexamethasone"), source="a"),
        Chunk(text=DOSE[:-3], source="a"),
    )
    asked: list[tuple[str, int]] = []

    def find(query: str, n: int) -> Sequence[int]:
        asked.append((query, n))
        return [2, 0, 1][:n]

    system = Stuffing(ChunkIndex(chunks=chunks, shown=2, find=find), Holdings(library))

    question = Question(text="and now?", history=("first?", "second?"))
    assert system.rank(question) == (WATCH_ID, DOSE_ID)
    answer = system.answer(question)
    assert [said.cites for said in answer.said] == [(), (WATCH_ID, DOSE_ID)]
    assert asked == [("first?\nsecond?\nand now?", 100), ("first?\nsecond?\nand now?", 2)]
    (cut,) = system.within(question, 3).said
    assert (cut.text, cut.cites) == ("Adults with examplitis:", ())


def test_what_finds_nothing_declines(library: Library) -> None:
    index = ChunkIndex(chunks=(), shown=4, find=lambda query, n: ())

    assert Stuffing(index, Holdings(library)).answer(Question(text="?")) == Observed(
        outcome=Outcome.DECLINED
    )


# ------------------------------------------------------------------------------- scoring


def test_each_measure_says_what_it_should_of_a_made_up_run(library: Library) -> None:
    ours = Fixed(DOSE, cites=[DOSE_ID], ranking=[WATCH_ID, DOSE_ID])
    wordy = Fixed("Filler words stand here first.", DOSE, WATCH, ranking=[DOSE_ID])

    run = scored(library, ours=ours, wordy=wordy)

    both_facts, follow_up, outside = run
    assert both_facts.values[OURS] == {
        FACTS: 0.5,
        "vital-fact recall": 1.0,
        "MRR": 1.0,
        "recall@10": 1.0,
        "nDCG@10": 1.0,
        "words shown": 8.0,
        FACTS + SAME: 0.5,
        "vital-fact recall" + SAME: 1.0,
        "words shown" + SAME: 8.0,
    }
    theirs = both_facts.values["wordy"]
    assert (theirs[FACTS], theirs[FACTS + SAME]) == (1.0, 0.0), "five of eight words are filler"
    assert (theirs["words shown"], theirs["words shown" + SAME]) == (21.0, 8.0)
    assert theirs["recall@10"] == 0.5
    assert follow_up.values["wordy"]["MRR"] == 0.0
    assert outside.values["wordy"] == dict.fromkeys(SHARES, 1.0)

    facts = mean_of(run, "wordy", FACTS)
    assert facts is not None
    assert (facts.value, facts.n) == (1.0, 2)
    share = mean_of(run, OURS, SHARES[0])
    assert share is not None
    assert share.low == pytest.approx(0.2065, abs=1e-3), "Wilson's, of 1 in 1"
    by_split = summaries(run, OURS)
    assert {name: part.questions for name, part in by_split.items()} == {
        **{"dev": 2, "test": 1, "all": 3}
    }
    at_default, at_ours = by_split["all"].tests
    assert (at_default.gain, at_ours.gain) == (-0.75, 0.25)
    assert times_of(run)["wordy"] == {"p50": 8.0, "p95": 8.0}


def test_nothing_is_shown_beside_an_answer_that_is_empty(library: Library) -> None:
    run = scored(library, ours=Fixed(), wordy=Fixed(DOSE))

    assert run[0].values["wordy"][FACTS + SAME] == 0.0
    assert run[2].values[OURS] == dict.fromkeys(SHARES, 0.0)


def test_a_system_that_fails_is_named_and_has_missed_every_fact(library: Library) -> None:
    run = scored(library, ours=Fixed(DOSE, cites=[DOSE_ID]), broken=Failing())

    assert run[0].errors == {"broken": "RuntimeError: no disk"}
    assert run[0].values["broken"][FACTS] == 0.0
    assert run[0].values["broken"][FACTS + SAME] == 0.0


def test_without_ours_there_is_nothing_to_be_cut_to(library: Library) -> None:
    run = scored(library, wordy=Fixed(DOSE))

    assert FACTS + SAME not in run[0].values["wordy"]
    assert "ours against" not in render("x", summaries(run, OURS))


# ------------------------------------------------------------------------------- the whole


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Assistant:
    return an_assistant(tmp_path_factory.mktemp("peers"), *STATEMENTS)


def test_two_runs_write_the_same_bytes_and_times_stand_elsewhere(
    assistant: Assistant, tmp_path: Path
) -> None:
    names = (OURS, "langchain")

    def run(folder: str) -> tuple[Scored, ...]:
        return measure(the_cases(), names, assistant, HashingEmbedder, tmp_path / folder)

    one, two = run("a"), run("b")

    first, second = summaries(one, OURS), summaries(two, OURS)
    written = as_json("small.jsonl", "hashed", first, ())
    assert written == as_json("small.jsonl", "hashed", second, ())
    assert render("small.jsonl", first) == render("small.jsonl", second)
    whole = json.loads(written)
    assert (whole["kind"], whole["set"], tuple(whole["systems"])) == ("peers", "small.jsonl", names)
    assert list(whole["splits"]) == ["dev", "test"]
    assert '"ms"' not in written
    assert set(json.loads(times_json(times_of(one)))["systems"]) == set(names)
    report = render("small.jsonl", first)
    for row in ("## dev: 2 questions", "| ours | ", "| langchain | key-fact recall, at our words"):
        assert row in report


@pytest.mark.parametrize(
    ("name", "module"), [("langchain", "langchain_text_splitters"), ("txtai", "txtai")]
)
def test_a_framework_that_is_not_installed_is_a_sentence_with_a_remedy(
    library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, module: str
) -> None:
    monkeypatch.setitem(sys.modules, module, None)

    with pytest.raises(MissingExtra) as caught:
        open_baselines([name], library, HashingEmbedder, tmp_path, weight=0.5)

    assert f"The baseline '{name}' needs {module}" in str(caught.value)
    assert "pip install -e '.[peers]'" in str(caught.value)


def test_a_bad_file_is_a_sentence_and_an_unknown_system_wrong_use(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--cases", str(tmp_path / "none.jsonl")], {}) == 1
    assert "The file can't be read" in capsys.readouterr().err

    with pytest.raises(SystemExit) as raised:
        main(["--systems", "oracle"], {})
    assert raised.value.code == 2


# ------------------------------------------------------------------------------- public sets

PASSAGES = {
    "long": "Examplitis is rare. " * 80 + "Dexamethasone is given daily.",
    "short": "Ferritin is measured weekly.",
}
COLLECTION = Collection(
    passages=PASSAGES,
    queries={"1": "dexamethasone daily", "2": "ferritin weekly"},
    relevant={"1": frozenset({"long"}), "2": frozenset({"short"})},
)


def test_a_passage_has_the_rank_of_its_first_chunk() -> None:
    chunks = tuple(Chunk(text=at, source=at[0]) for at in ("a1", "a2", "b1"))

    assert ranking(ChunkIndex(chunks, 4, lambda query, n: [1, 2, 0]), "?") == ("a", "b")


def test_a_framework_cuts_public_passages_and_is_ranked_beside_ours(tmp_path: Path) -> None:
    frameworks = {"langchain": FRAMEWORKS["langchain"]}
    assert len(frameworks["langchain"].cut(PASSAGES)) > len(PASSAGES), "the long one is cut"

    run = run_public(COLLECTION, frameworks, HashingEmbedder(), tmp_path, weight=0.5)

    assert run.ranked["langchain"].rankings["1"][0] == "long"
    assert run.mean("langchain", "MRR") == 1.0
    assert "| langchain | 1.000 [1.000–1.000]" in render_public("tiny", run)
    figures = public_figures("tiny", run)
    assert [test["against"] for test in figures["tests"]] == ["bm25", "dense", "langchain"]


def test_only_texts_without_a_known_row_are_embedded(tmp_path: Path) -> None:
    embedder = HashingEmbedder()
    marked = np.full(embedder.dim, 0.0625, np.float32)

    prepared = prepare(["a b", "c d"], embedder, tmp_path, {"a b": marked})

    rows = prepared.embed(["c d", "a b", "new"])
    assert np.array_equal(rows[1], marked)
    assert np.array_equal(rows[[0, 2]], embedder.embed(["c d", "new"]))
    assert prepared.embed([]).shape == (0, embedder.dim)
