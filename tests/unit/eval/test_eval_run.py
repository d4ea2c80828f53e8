"""``python -m eval run``: the same bytes however it was asked, and going on after a stop."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.settings import Settings
from eval.__main__ import main
from eval.asking import default_workers
from eval.fingerprints import fingerprints
from eval.machine import PACKAGES, machine, processor, python_packages, usable_cores
from eval.system import THREADS, ChainSystem, OpenChain
from tests.builders import an_assistant
from tests.builders_systems import INTERRUPTED, RAISES, OpenObeying

TEXTS = ("one", RAISES, "two", "three", INTERRUPTED, "four")


@dataclass(frozen=True)
class Place:
    """A small library with its index, questions, and a note of every question asked."""

    root: Path
    settings: Settings

    @property
    def questions(self) -> Path:
        return self.root / "own.jsonl"

    @property
    def journals(self) -> list[Path]:
        return list((self.settings.data / "evaluations").glob("*"))

    def asked(self) -> list[str]:
        return (self.root / "asked").read_text(encoding="utf-8").splitlines()

    def run(self, *options: str) -> int:
        environ = {
            "GUIDELINE_LIBRARY": str(self.settings.library),
            "GUIDELINE_DATA": str(self.settings.data),
            "GUIDELINE_STORE": "memory",
        }
        return main(["run", str(self.questions), *options], environ)

    def results(self, *options: str) -> bytes:
        """The whole results; the question that raises makes it exit 1."""
        out = self.root / "out.json"
        assert self.run("--json", str(out), *options) == 1
        return out.read_bytes()


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    place = Place(tmp_path, an_assistant(tmp_path).settings)
    lines = [
        {
            "id": f"A{number}",
            "section": "small",
            "question": text,
            "expect": "answered",
            "provenance": "test",
            "key_facts": ["example-2024:1.1"],
            **({"full": "One more?", "history": ["before"]} if text == "one" else {}),
        }
        for number, text in enumerate(TEXTS)
    ]
    place.questions.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    # The index is there, by another embedder than the command would build it with.
    monkeypatch.setattr("assistant.setup_index.ensure_index", lambda settings: None)
    opened = OpenObeying(tmp_path / "asked")
    monkeypatch.setattr("eval.system.OpenChain", lambda settings, records: opened)
    return place


def uninterrupted(place: Place) -> bytes:
    (place.root / "asked").write_text(f"{INTERRUPTED}\n", encoding="utf-8")  # it will not be
    return place.results("--workers", "1")


def test_one_process_and_two_give_the_same_bytes(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    one, report = uninterrupted(place), capsys.readouterr().out

    assert place.results("--workers", "2") == one
    assert capsys.readouterr().out == report
    assert place.journals == []


def test_a_run_that_was_interrupted_goes_on_to_the_same_bytes(
    place: Place, capsys: pytest.CaptureFixture[str]
) -> None:
    assert place.run("--workers", "1") == 1
    assert "goes on where it stopped" in capsys.readouterr().err
    (journal,) = place.journals
    whole = journal.read_bytes()
    assert whole.count(b"\n") == 4
    journal.write_bytes(whole[:-5])  # the last line is torn

    resumed, said = place.results("--workers", "1"), capsys.readouterr().err

    assert "2 of 6 answers are taken over" in said
    assert "A1 failed: KeyError: 'x'" in said
    assert place.asked()[:6] == ["one", "One more?", *TEXTS[1:5]]
    assert place.asked()[6:] == [RAISES, "three", INTERRUPTED, "four"]
    assert place.journals == []
    assert uninterrupted(place) == resumed


def test_a_fresh_run_asks_everything_again(place: Place) -> None:
    place.run("--workers", "1")

    place.results("--workers", "1", "--fresh")

    assert place.asked()[6:] == ["one", "One more?", *TEXTS[1:]]


def test_a_question_that_changed_is_asked_again_and_the_others_are_not(place: Place) -> None:
    place.run("--workers", "1")
    text = place.questions.read_text(encoding="utf-8")
    place.questions.write_text(text.replace('"two"', '"two?"'), encoding="utf-8")

    place.results("--workers", "1")

    assert place.asked()[6:] == [RAISES, "two?", INTERRUPTED, "four"]


def test_times_stand_apart_from_the_results(place: Place) -> None:
    results = uninterrupted(place)

    (path,) = (place.settings.data / "reports").glob("*.times.json")
    times = {entry["id"]: entry["ms"] for entry in json.loads(path.read_text(encoding="utf-8"))}
    assert list(times) == [f"A{number}" for number in range(6)]
    assert times["A0"] == {"draft": 0.1, "total": 0.1}
    assert times["A1"] is None
    assert b'"draft"' not in results


@pytest.mark.parametrize("option", [("--workers", "0"), ("--patience", "0"), ("--patience", "nan")])
def test_wrong_numbers_are_wrong_use(
    place: Place, option: tuple[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as raised:
        place.run(*option)

    assert raised.value.code == 2
    assert f"{option[0]} takes" in capsys.readouterr().err


def test_a_run_says_what_it_rests_on_and_neither_where_nor_for_whom(place: Place) -> None:
    library = an_assistant(place.root / "other").library
    other = Settings(library=library.folder, data=place.root / "other" / "var", store="memory")
    before = fingerprints(other, library, [place.questions])
    (library.folder / "dosing").mkdir()
    (library.folder / "dosing" / "table.toml").write_text(
        'schema = "dosing-rules/1"\n[table]\nid = "t"\nversion = "2026.1.0"\n'
        "effective_from = 2026-01-01\nreview_due = 2027-01-01\n",
        encoding="utf-8",
    )

    after = fingerprints(other, library, [place.questions])

    assert {name for name in before if before[name] != after[name]} == {"rules"}
    assert before["rules"].startswith("none ")
    assert "calculations unreviewed-with-notice" in before["settings"]
    assert not [v for v in before.values() if str(place.root) in v]


def test_the_machine_is_told_by_its_parts(tmp_path: Path) -> None:
    import platform

    cpuinfo = tmp_path / "cpuinfo"
    cpuinfo.write_text("processor\t: 0\nmodel name\t:  Example  CPU @ 2 GHz\n", encoding="utf-8")

    assert processor(cpuinfo) == "Example CPU @ 2 GHz"
    assert processor(tmp_path / "nowhere") == platform.machine()
    assert f", {usable_cores()} cores, " in machine()
    assert platform.release() in machine()
    assert platform.node() not in machine().replace(platform.release(), "").split()
    assert 1 <= default_workers() <= min(4, usable_cores())
    for name in PACKAGES:
        assert f"{name} " in python_packages()
    assert "not installed" not in python_packages()


def test_the_real_chain_is_opened_with_the_threads_of_an_evaluation_and_warm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assistant = an_assistant(tmp_path)
    threads_given: list[int | None] = []

    def opened(settings: Settings, *, threads: int | None = None) -> object:
        threads_given.append(threads)
        return assistant

    monkeypatch.setattr("eval.system.ensure_index", lambda settings: None)
    monkeypatch.setattr("eval.system.open_assistant", opened)
    system = OpenChain(assistant.settings, tmp_path / "records")()

    assert threads_given == [THREADS]
    assert isinstance(system, ChainSystem)
    assert system.assistant.settings.data == tmp_path / "records"
