"""python -m corpus check | list | show | diff | review, as a user meets them."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from corpus.__main__ import main
from corpus.diff import compare_words
from corpus.review import FILE, load_reviews
from tests.builders import HEADER, a_document, a_statement, write_library
from tests.builders_editions import NEW_DOSE, OLD_DOSE, dose, the_new, the_old

ROOT = Path(__file__).resolve().parents[3]

TODAY = date(2026, 1, 31)
Run = Callable[..., tuple[int, str, str]]
BY = ("--by", "A. Pharmacist", "--role", "clinical pharmacist")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_library(
        tmp_path / "library", {"example-2019.md": the_old(), "example-2024.md": the_new()}
    )


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def command(*words: str) -> tuple[int, str, str]:
        try:
            code = main([words[0], "--library", str(folder), *words[1:]], today=TODAY)
        except SystemExit as stop:
            code = int(str(stop.code))
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return command


# ------------------------------------------------------------------ check


def test_check_names_mistakes_of_reading_and_of_writing_in_one_run(run: Run, folder: Path) -> None:
    bad = a_statement("1.1", "Give 5 of it.", drugs="dexamethasone")
    (folder / "documents" / "a.md").write_text(HEADER.replace('"guideline"', '"x"') + bad)
    (folder / "documents" / "b.md").write_text(a_document("b", bad))

    code, _, err = run("check")

    assert code == 1
    assert "a.md:2: Unknown kind 'x'." in err
    assert "a.md:12: Statement 1.1 has a number without a unit" in err
    assert "b.md:12: Statement 1.1 has a number without a unit" in err


def test_check_takes_the_folder_either_way(folder: Path, tmp_path: Path) -> None:
    vocabulary = folder / "library.toml"
    vocabulary.write_text(vocabulary.read_text().partition("[[disagreement]]")[0])

    assert main(["check", str(folder)]) == 0
    assert main(["check", "--library", str(folder)]) == 0
    with pytest.raises(SystemExit, match="2"):
        main(["check", str(folder), "--library", str(tmp_path)])


# ------------------------------------------------------------------ list, show


def test_list_shows_each_document_with_its_standing(run: Run) -> None:
    code, out, _ = run("list")

    assert code == 0
    lines = out.splitlines()
    assert lines[0].split()[:2] == ["document", "edition"]
    assert lines[1].startswith("example-2019  2024     2019  guideline  1           submitted")
    assert lines[1].endswith("superseded by example-2024 from 2024-05-31")
    assert lines[2].endswith("in force from 2024-05-31")
    assert lines[-1] == "2 documents, 2 statements."


def test_list_as_of_a_day_shows_what_held_then(run: Run) -> None:
    _, out, _ = run("list", "--as-of", "2020-06-30")

    assert out.splitlines()[1].endswith("in force")
    assert out.splitlines()[2].endswith("not yet in force (from 2024-05-31)")


def test_show_reads_a_document_with_its_sources(run: Run) -> None:
    run("review", "example-2019", "under-review", *BY, "--comment", "First reading.")

    code, out, _ = run("show", "example-2019")

    assert code == 0
    assert "Standing: superseded by example-2024 from 2024-05-31." in out
    assert "Review: under-review." in out
    assert "2026-01-31 under-review, by A. Pharmacist, clinical pharmacist: First reading." in out
    assert f"[1.1] {OLD_DOSE}" in out
    assert "Role: dose. Verification: read in the text of the source." in out
    assert "Source: Author A. Examplitis: a guideline. J Ex. 2024. https://doi.org/10.1000/" in out


def test_show_reads_one_statement(run: Run, folder: Path) -> None:
    two = (a_statement("1.1", "One."), a_statement("1.2", "Two."))
    (folder / "documents" / "b.md").write_text(a_document("b", *two))

    _, out, _ = run("show", "b", "--statement", "1.2")

    assert "[1.2] Two." in out
    assert "One." not in out


# ------------------------------------------------------------------ diff


def test_diff_sets_a_changed_number_apart(run: Run) -> None:
    code, out, _ = run("diff", "example-2019", "example-2024")

    assert code == 0
    assert "CHANGED 1.1" in out
    assert "  - Adults with examplitis: dexamethasone «10» mg/m² once daily." in out
    assert "  + Adults with examplitis: dexamethasone «20» mg/m² once daily." in out
    assert "  NUMBER: 10 mg/m² -> 20 mg/m²" in out
    assert out.endswith("0 added, 0 removed, 1 changed, 1 of these in a number.\n")


def test_diff_of_a_file_shows_what_was_added_removed_and_renumbered(run: Run, folder: Path) -> None:
    old = (
        a_statement("1.1", "Measure ferritin weekly in every adult."),
        a_statement("1.2", "Stop at the first sign of harm."),
        dose(OLD_DOSE).replace("[1.1]", "[1.3]"),
    )
    new = (
        dose(NEW_DOSE).replace("[1.1]", "[2.1]").replace("role: dose", "role: warning"),
        a_statement("2.2", "Measure ferritin weekly in every adult."),
        a_statement("2.3", "Ask a specialist early."),
    )
    (folder / "documents" / "b.md").write_text(a_document("b", *old))
    draft = folder.parent / "draft.md"
    draft.write_text(a_document("b", *new))

    code, out, _ = run("diff", "b", str(draft))

    assert code == 0
    assert "CHANGED 2.1 (was 1.3)" in out
    assert "  role: dose -> warning" in out
    assert "ADDED 2.3\n  + Ask a specialist early." in out
    assert "REMOVED 1.2\n  - Stop at the first sign of harm." in out
    assert "ferritin" not in out
    assert "1 added, 1 removed, 1 changed, 1 of these in a number." in out


def test_diff_of_a_document_with_itself_finds_nothing(run: Run) -> None:
    assert "No statement differs." in run("diff", "example-2019", "example-2019")[1]


@pytest.mark.parametrize(
    ("before", "after", "numbers"),
    [
        ("Give 10 mg daily.", "Give 10 µg daily.", (("10 mg", "10 µg"),)),
        ("Give 10 mg once daily.", "Give 10 mg twice daily.", (("once daily.", "twice daily."),)),
        ("Give up to 10 mg.", "Give at least 10 mg.", ()),
        ("Give it on day 1.", "Give it.", (("it on day 1.", "it."),)),
        ("Below 0.5 × 10⁹/L.", "Below 1.5 × 10⁹/L.", (("0.5 ×", "1.5 ×"),)),
    ],
)
def test_changes_of_numbers_and_units_are_found(
    before: str, after: str, numbers: tuple[tuple[str, str], ...]
) -> None:
    found = compare_words(before, after).numbers

    assert len(found) == len(numbers)
    for (old, new), (has_old, has_new) in zip(found, numbers, strict=True):
        assert old in has_old or has_old in old
        assert new in has_new or has_new in new


# ------------------------------------------------------------------ review


def test_review_records_who_decided_what_and_when(run: Run, folder: Path) -> None:
    code, out, _ = run("review", "example-2024", "under-review", *BY)
    run("review", "example-2024", "approved", *BY, "--comment", 'Read "all".', "--on", "2026-01-31")

    assert code == 0
    assert out.startswith("'example-2024' is under-review from now on, as the text stands")
    last = load_reviews(folder)[-1]
    assert (last.by, last.role, str(last.on)) == (BY[1], BY[3], "2026-01-31")
    assert last.comment == 'Read "all".'
    assert "approved" in run("list")[1]


def test_a_text_with_a_mistake_is_not_approved(run: Run, folder: Path) -> None:
    bad = a_statement("1.1", "Give 5 of it.")
    (folder / "documents" / "b.md").write_text(a_document("b", bad))
    run("review", "b", "under-review", *BY)

    code, _, err = run("review", "b", "approved", *BY)

    assert code == 1
    assert "'b' can't be approved before its mistakes are corrected:\nb.md:12:" in err
    assert len(load_reviews(folder)) == 1


def test_a_rejected_document_can_be_taken_up_again_when_it_is_the_only_one(
    tmp_path: Path,
) -> None:
    folder = str(write_library(tmp_path))
    for status in ("under-review", "rejected", "under-review"):
        words = ["review", "--library", folder, "example-2024", status, *BY]
        assert main(words, today=TODAY) == 0


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("show", "example-2023"), 1, "no document 'example-2023'. Did you mean example-20"),
        (("show", "zzz"), 1, "no document 'zzz'. See them all with: python -m corpus list"),
        (("show", "example-2024", "--statement", "9"), 1, "no statement 9. It has 1.1."),
        (("diff", "example-2024", "nowhere.md"), 1, "'nowhere.md' is neither a document of the"),
        (("diff", "nowhere", "example-2024"), 1, "no document 'nowhere'"),
        (("review", "nowhere", "under-review", *BY), 1, "no document 'nowhere'"),
        (("review", "example-2024", "approved", *BY), 1, "so it can't become approved. After"),
        (("review", "example-2024", "submitted", *BY), 2, "invalid choice: 'submitted'"),
        (("review", "example-2024", "approved"), 2, "required: --by, --role"),
        (
            ("review", "example-2024", "approved", "--by", " ", "--role", "x"),
            2,
            "--by: it is",
        ),
        (("review", "example-2024", "approved", *BY, "--on", "31.1.2026"), 2, "is not a date such"),
        (("review", "example-2024", "approved", *BY, "--on", "2026-02-01"), 2, "in the future"),
        (("list", "--as-of", "20240531"), 2, "'20240531' is not a date such as 2024-05-31"),
    ],
)
def test_each_wrong_use_is_one_clear_sentence(
    run: Run, folder: Path, words: tuple[str, ...], code: int, message: str
) -> None:
    result, out, err = run(*words)

    assert (result, out) == (code, "")
    assert message in err
    assert "Traceback" not in err
    assert not (folder / FILE).exists()


def test_a_file_to_compare_with_that_has_mistakes_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "draft.md").write_text("no header")
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe")

    assert (
        "draft.md:1: The document has no header."
        in run("diff", "example-2024", str(tmp_path / "draft.md"))[2]
    )
    assert (
        "can't be read as UTF-8 text" in run("diff", "example-2024", str(tmp_path / "binary.md"))[2]
    )


def test_a_reader_that_stops_reading_leaves_no_traceback() -> None:
    command = f"{sys.executable} -m corpus list | head -1"

    done = subprocess.run(command, shell=True, cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.startswith("document")
    assert done.stderr == ""
