"""The journal of a run: nothing is lost on the way, and a torn or bad line is asked again."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.errors import JournalInUse, ReportError
from eval.fingerprints import journal_key
from eval.journal import open_journal, question_key
from eval.model import Case, Observation, Observed, Outcome, Patient, Said
from eval.observed import from_plain, to_plain
from eval.observing import failed_observation, observation_of
from tests.builders_systems import Obeying, cases_of

WORDS = st.text(max_size=12)  # any character, half ones too
IDS = st.lists(WORDS, max_size=3).map(tuple)
NUMBERS = st.floats(allow_nan=False)
OBSERVED = st.builds(
    Observed,
    outcome=st.sampled_from([None, *Outcome]),
    ranking=IDS,
    said=st.lists(st.builds(Said, text=WORDS, cites=IDS), max_size=3).map(tuple),
    withheld=IDS,
    error=WORDS,
    refusal=WORDS,
    notices=IDS,
    offered=IDS,
    ledger=st.none() | st.lists(st.tuples(WORDS, WORDS, WORDS), max_size=3).map(tuple),
    answerable=st.none() | NUMBERS,
    elapsed_ms=NUMBERS,
    timings_ms=st.lists(st.tuples(WORDS, NUMBERS), max_size=4).map(tuple),
)
OBSERVATIONS = st.builds(Observation, asked=OBSERVED, in_full=st.none() | OBSERVED)

ONE, TWO, THREE = cases_of("one", "two", "three")


def seen(case: Case) -> Observation:
    return observation_of(case, Obeying())


def written(path: Path, *cases: Case) -> None:
    with open_journal(path) as journal:
        for case in cases:
            journal.append(case, seen(case))


@settings(max_examples=50)
@given(OBSERVATIONS)
def test_an_observation_comes_back_from_json_with_nothing_lost(observation: Observation) -> None:
    back = from_plain(json.loads(json.dumps(to_plain(observation))))

    assert back == observation
    assert asdict(back) == asdict(observation)  # times too, which no comparison looks at


@pytest.mark.parametrize("plain", [{}, {"asked": {}, "in_full": None}, {"asked": 1, "in_full": 1}])
def test_what_is_no_observation_is_refused(plain: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="no observation"):
        from_plain(plain)


def test_what_was_observed_is_known_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "evaluations" / "key.jsonl"
    written(path, ONE, TWO)

    with open_journal(path) as journal:
        assert asdict(journal.known(ONE)) == asdict(seen(ONE))  # type: ignore[arg-type]
        assert journal.known(TWO) == seen(TWO)
        assert journal.known(THREE) is None


def test_a_line_cut_off_in_the_middle_is_not_known_and_gives_way_to_the_next(
    tmp_path: Path,
) -> None:
    path = tmp_path / "key.jsonl"
    written(path, ONE, TWO)
    whole = path.read_bytes()
    path.write_bytes(whole[:-40])

    with open_journal(path) as journal:
        assert journal.known(ONE) == seen(ONE)
        assert journal.known(TWO) is None
        journal.append(TWO, seen(TWO))

    assert path.read_bytes() == whole


@pytest.mark.parametrize("line", [b"\0\0\0\n", b"[]\n", b'{"question": "x"}\n', b"\xff\n"])
def test_a_line_that_can_not_be_read_harms_no_other(tmp_path: Path, line: bytes) -> None:
    path = tmp_path / "key.jsonl"
    path.write_bytes(line)
    written(path, ONE)

    with open_journal(path) as journal:
        assert journal.known(ONE) == seen(ONE)


def test_a_question_that_failed_is_asked_again(tmp_path: Path) -> None:
    path = tmp_path / "key.jsonl"
    with open_journal(path) as journal:
        journal.append(ONE, failed_observation(ONE, "It broke."))

    with open_journal(path) as journal:
        assert journal.known(ONE) is None


def test_a_fresh_journal_knows_nothing_of_the_one_before(tmp_path: Path) -> None:
    path = tmp_path / "key.jsonl"
    written(path, ONE)

    with open_journal(path, fresh=True) as journal:
        assert journal.known(ONE) is None
    assert path.read_bytes() == b""


def test_two_runs_do_not_share_a_journal(tmp_path: Path) -> None:
    path = tmp_path / "key.jsonl"

    with open_journal(path), pytest.raises(JournalInUse, match="is under way"), open_journal(path):
        pass

    with open_journal(path) as journal:  # the first has ended
        journal.remove()
    assert not path.exists()


def test_a_journal_that_can_not_be_written_says_where(tmp_path: Path) -> None:
    (tmp_path / "evaluations").write_text("a file, not a folder")

    with (
        pytest.raises(ReportError, match=r"key\.jsonl can't be written"),
        open_journal(tmp_path / "evaluations" / "key.jsonl"),
    ):
        pass


def test_a_question_is_known_by_all_that_is_asked_and_by_nothing_else() -> None:
    question = ONE.question
    asked_otherwise = [
        replace(ONE, question=replace(question, text="one?")),
        replace(ONE, question=replace(question, history=("before",))),
        replace(ONE, question=replace(question, patient=Patient(weight_kg=70))),
        replace(ONE, full="One, in full?", key_facts=("F001",)),
        replace(ONE, full="One, in other words?", key_facts=("F001",)),
    ]
    judged_otherwise = [
        replace(ONE, id="B1", line=7),
        replace(ONE, key_facts=("F001",), expect=(Outcome.DECLINED,)),
    ]

    assert len({question_key(case) for case in [ONE, *asked_otherwise]}) == 6
    assert {question_key(case) for case in judged_otherwise} == {question_key(ONE)}


def test_a_run_goes_on_only_where_all_that_decides_an_answer_is_the_same() -> None:
    measured = {
        "code": "1",
        "settings": "pool 100",
        "cases own.jsonl": "2",
        "grades dev.jsonl": "3",
    }
    key = journal_key(measured, "library", ["own.jsonl"], "2026-01-31")

    judged_otherwise = {**measured, "cases own.jsonl": "4", "grades dev.jsonl": "5"}
    assert journal_key(judged_otherwise, "library", ["own.jsonl"], "2026-01-31") == key
    others = [
        journal_key({**measured, "code": "2"}, "library", ["own.jsonl"], "2026-01-31"),
        journal_key({**measured, "settings": "pool 50"}, "library", ["own.jsonl"], "2026-01-31"),
        journal_key(measured, "another", ["own.jsonl"], "2026-01-31"),
        journal_key(measured, "library", ["other.jsonl"], "2026-01-31"),
        journal_key(measured, "library", ["own.jsonl"], "2026-02-01"),
    ]
    assert len({key, *others}) == 6
