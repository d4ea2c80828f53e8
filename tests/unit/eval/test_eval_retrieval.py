"""Our retriever on a collection of anyone's: reading it, ranking it, comparing the halves."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.model import sha256
from eval.bench import public_sets
from eval.collection import Collection, load_collection
from eval.embedded import PART, embedded
from eval.errors import DataError
from eval.paired import paired_p_value
from eval.retrieval import Ranked, RetrievalRun, as_json, main, render, run_collection
from index.ports import Vectors

CORPUS = [
    {"_id": "a", "title": "Steroids", "text": "Give dexamethasone for examplitis."},
    {"_id": "b", "title": "", "text": "Watch the blood pressure."},
    {"_id": "c", "text": "Etoposide is kept for refractory disease."},
]
QUERIES = [{"_id": "1", "text": "dexamethasone"}, {"_id": "2", "text": "blood pressure"}]
QRELS = "query-id\tcorpus-id\tscore\n1\ta\t1\n2\tb\t2\n2\tc\t0\n"


def lines(rows: Sequence[Mapping[str, str]]) -> str:
    return "".join(json.dumps(row) + "\n" for row in rows)


def written(folder: Path, corpus: str, queries: str, qrels: str) -> tuple[Path, Path, Path]:
    paths = folder / "corpus.jsonl", folder / "queries.jsonl", folder / "qrels.tsv"
    for path, text in zip(paths, (corpus, queries, qrels), strict=True):
        path.write_text(text, encoding="utf-8")
    return paths


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path, Path]:
    return written(tmp_path, lines(CORPUS), lines(QUERIES), QRELS)


# ------------------------------------------------------------------------------- reading


def test_titles_stand_before_the_texts_and_no_score_is_no_relevance(
    files: tuple[Path, Path, Path],
) -> None:
    collection = load_collection(*files)

    assert collection.passages["a"] == "Steroids\nGive dexamethasone for examplitis."
    assert collection.passages["b"] == "Watch the blood pressure."
    assert collection.relevant == {"1": {"a"}, "2": {"b"}}


def test_a_packed_file_is_unpacked(files: tuple[Path, Path, Path]) -> None:
    corpus, queries, qrels = files
    packed = corpus.with_name("corpus.jsonl.gz")
    packed.write_bytes(gzip.compress(corpus.read_bytes()))

    assert load_collection(packed, queries, qrels) == load_collection(corpus, queries, qrels)


def test_a_table_without_a_heading_loses_no_line(tmp_path: Path) -> None:
    files = written(tmp_path, lines(CORPUS), lines(QUERIES), QRELS.split("\n", 1)[1])

    assert load_collection(*files).relevant == {"1": {"a"}, "2": {"b"}}


def test_a_question_that_nothing_answers_is_left_out(tmp_path: Path) -> None:
    files = written(tmp_path, lines(CORPUS), lines(QUERIES), "1\ta\t1\n")

    assert set(load_collection(*files).queries) == {"1"}


@pytest.mark.parametrize(
    ("corpus", "queries", "qrels", "said"),
    [
        ("", lines(QUERIES), QRELS, "corpus.jsonl can't be used: it holds no passage"),
        ("{", lines(QUERIES), QRELS, "corpus.jsonl can't be used: line 1 is no JSON"),
        ('{"text": "x"}\n', lines(QUERIES), QRELS, 'line 1 has no "_id"'),
        ('\n{"_id": "a"}\n', lines(QUERIES), QRELS, 'line 2 has no "text"'),
        (lines([*CORPUS, CORPUS[0]]), lines(QUERIES), QRELS, "line 4 repeats the id 'a'"),
        (lines(CORPUS), lines(QUERIES), "1\tzz\t1\n", "names 'zz', which is not in corpus.jsonl"),
        (lines(CORPUS), lines(QUERIES), "9\ta\t1\n", "names '9', which is not in queries.jsonl"),
        (lines(CORPUS), lines(QUERIES), "1\ta\t1\n1 b 1\n", "line 2 is not query-id, corpus-id"),
        (lines(CORPUS), lines(QUERIES), "1\ta\t0\n", "no passage is judged relevant"),
    ],
)
def test_what_is_wrong_with_a_collection_is_said_with_file_and_line(
    tmp_path: Path, corpus: str, queries: str, qrels: str, said: str
) -> None:
    with pytest.raises(DataError) as caught:
        load_collection(*written(tmp_path, corpus, queries, qrels))

    assert said in str(caught.value)


def test_a_missing_broken_or_binary_file_is_named(files: tuple[Path, Path, Path]) -> None:
    corpus, queries, qrels = files
    broken = corpus.with_name("broken.jsonl.gz")
    broken.write_bytes(gzip.compress(corpus.read_bytes())[:-9])
    binary = corpus.with_name("binary.jsonl")
    binary.write_bytes(b"\xff\xfe\x00")

    for path, said in (
        (corpus.with_name("none.jsonl"), "there is no such file"),
        (broken, "it can't be read"),
        (binary, "it is not UTF-8"),
    ):
        with pytest.raises(DataError, match=said):
            load_collection(path, queries, qrels)


# ------------------------------------------------------------------------------- vectors


class Counting:
    """An embedder of arbitrary vectors that counts what it was asked for."""

    name, dim = "arbitrary", 8

    def __init__(self) -> None:
        self.texts = 0

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.texts += len(texts)
        seeds = [int(sha256(text)[:8], 16) for text in texts]
        rows = np.array([np.random.default_rng(seed).normal(size=self.dim) for seed in seeds])
        unit = rows / np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(unit, dtype=np.float32)


def test_a_stopped_run_goes_on_where_it_was(tmp_path: Path) -> None:
    texts = [f"text {at}" for at in range(PART + 3)]
    first, second, third = Counting(), Counting(), Counting()

    embedded(texts[:PART], first, tmp_path)
    whole = embedded(texts, second, tmp_path)
    again = embedded(texts, third, tmp_path)

    assert (first.texts, second.texts, third.texts) == (PART, 3, 0)
    assert np.array_equal(whole, Counting().embed(texts))
    assert np.array_equal(whole, again)
    assert [path for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_a_damaged_part_and_a_changed_text_are_embedded_again(tmp_path: Path) -> None:
    embedded(["one", "two"], Counting(), tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(kept.read_bytes()[:50])
    repaired, changed = Counting(), Counting()

    embedded(["one", "two"], repaired, tmp_path)
    embedded(["one", "too"], changed, tmp_path)

    assert (repaired.texts, changed.texts) == (2, 2)


# ------------------------------------------------------------------------------- ranking


def test_the_report_holds_every_system_and_the_json_is_the_same_twice(
    files: tuple[Path, Path, Path], tmp_path: Path
) -> None:
    collection = load_collection(*files)

    one = run_collection(collection, Counting(), tmp_path / "kept", weight=0.5)
    two = run_collection(collection, Counting(), tmp_path / "kept", weight=0.5)

    assert one.mean("bm25", "MRR") == 1.0, "each question shares its words with one passage"
    assert one.ranked["bm25"].rankings["1"][0] == "a"
    report = render(one)
    for row in ("| bm25 | 1.000 [1.000–1.000]", "| dense |", "| hybrid |", "the better half"):
        assert row in report
    assert as_json(one) == as_json(two)
    assert json.loads(as_json(one))["means"]["bm25"]["nDCG@10"] == 1.0


def test_a_ranking_that_is_worse_scores_less() -> None:
    collection = Collection(
        passages={"a": "a", "b": "b"}, queries={"1": "q"}, relevant={"1": frozenset({"b"})}
    )

    def run(*ranking: str) -> RetrievalRun:
        ranked = {"dense": Ranked({"1": ranking}, (1.0,))}
        return RetrievalRun(collection=collection, ranked=ranked, model="m", weight=0.5)

    assert run("b", "a").mean("dense", "MRR") == 1.0
    assert run("a", "b").mean("dense", "MRR") == 0.5
    assert run("a").mean("dense", "recall@100") == 0.0


def test_a_wrong_file_is_a_sentence_and_no_traceback(
    files: tuple[Path, Path, Path], capsys: pytest.CaptureFixture[str]
) -> None:
    corpus, queries, _ = files
    words = ["--corpus", str(corpus), "--queries", str(queries), "--qrels", str(corpus)]

    assert main(words, {}) == 1
    assert "is not query-id, corpus-id and a score" in capsys.readouterr().err


# ------------------------------------------------------------------------------- comparing


def test_a_clear_difference_is_no_chance_and_none_is() -> None:
    assert paired_p_value([1.0] * 30, [0.0] * 30) < 0.001
    assert paired_p_value([1.0, 0.0] * 15, [0.0, 1.0] * 15) > 0.9


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1)), min_size=1, max_size=12))
def test_the_order_of_the_two_does_not_matter(pairs: list[tuple[float, float]]) -> None:
    ours, theirs = [a for a, _ in pairs], [b for _, b in pairs]

    value = paired_p_value(ours, theirs, resamples=200)

    assert 0 < value <= 1
    assert value == paired_p_value(theirs, ours, resamples=200)


def test_values_that_are_no_pairs_are_refused() -> None:
    with pytest.raises(ValueError, match="2 and 1 values can't be paired"):
        paired_p_value([1.0, 0.0], [1.0])
    with pytest.raises(ValueError, match="0 and 0"):
        paired_p_value([], [])


# -------------------------------------------------------------------------- public sets


def test_what_was_fitted_on_is_left_out_of_what_is_reported() -> None:
    ids = [f"q{n}" for n in range(200)]
    whole = Collection(
        passages={"a": "A."},
        queries=dict.fromkeys(ids, "a?"),
        relevant={id_: frozenset({"a"}) for id_ in ids},
    )

    kept = public_sets.held_out(whole)

    assert 70 < len(kept.queries) < 130
    assert kept.queries.keys() == kept.relevant.keys()
    # The ids alone decide: the half is the same whatever else is in the collection.
    assert kept.queries.keys() == {
        id_ for id_ in ids if hashlib.sha256(id_.encode()).digest()[0] % 2
    }


def test_a_public_set_that_is_not_there_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert public_sets.main([str(tmp_path), "scifact"]) == 0

    assert "scifact: not in" in capsys.readouterr().err


def test_the_results_hold_the_test_against_the_better_half() -> None:
    whole = Collection(
        passages={"a": "A.", "b": "B."},
        queries={"1": "a?", "2": "b?"},
        relevant={"1": frozenset({"a"}), "2": frozenset({"b"})},
    )
    right = {"1": ("a", "b"), "2": ("b", "a")}
    run = RetrievalRun(
        collection=whole,
        ranked={
            "bm25": Ranked({"1": ("b", "a"), "2": ("b", "a")}, (1.0, 1.0)),
            "dense": Ranked({"1": ("b",), "2": ("a",)}, (1.0, 1.0)),
            "hybrid": Ranked(right, (1.0, 1.0)),
        },
        model="m",
        weight=0.5,
    )

    (test,) = json.loads(as_json(run))["tests"]

    assert test["against"] == "bm25"
    assert test["gain"] == pytest.approx(1 - (1 + 1 / np.log2(3)) / 2)
    assert 0 < test["p"] <= 1
