"""Reviews: bound to a text, made in order, recorded whole; unapproved text out of reach."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.settings import Settings
from corpus.errors import LibraryError, NothingInForce, ReviewRefused
from corpus.library import Library, load_all_editions, load_library
from corpus.model import Document, Review
from corpus.review import (
    FILE,
    STEPS,
    ReviewEntry,
    _toml,
    append_review,
    load_reviews,
    parse_reviews,
    status_of,
)
from index.errors import StaleIndex
from tests.builders import a_document, a_statement, an_assistant_over, parsed, write_library
from tests.builders_editions import (
    ASKED,
    NEW_DOSE,
    OLD_DOSE,
    REPOSITORY,
    Reader,
    dose,
    the_new,
    the_old,
)

UNDER_REVIEW, APPROVED, REJECTED = Review.UNDER_REVIEW, Review.APPROVED, Review.REJECTED
DAY = date(2026, 1, 31)


def an_entry(text: Document, status: Review, **changes: object) -> ReviewEntry:
    fields: dict[str, object] = {
        "document": text.id,
        "sha256": text.sha256,
        "status": status,
        "by": "A. Pharmacist",
        "role": "clinical pharmacist",
        "on": DAY,
        **changes,
    }
    return ReviewEntry(**fields)  # type: ignore[arg-type]


def review(folder: Path, document_id: str, *steps: Review) -> None:
    document = load_all_editions(folder).all_documents[document_id]
    for status in steps:
        append_review(folder, document, an_entry(document, status))


def one_document(folder: Path) -> tuple[Path, Document]:
    write_library(folder)
    return folder, load_all_editions(folder).all_documents["example-2024"]


def statuses(folder: Path) -> dict[str, Review]:
    return {d.id: d.review for d in load_all_editions(folder).all_documents.values()}


# ------------------------------------------------------------------ status


def test_a_review_changes_the_status_that_readers_see(tmp_path: Path) -> None:
    folder, _ = one_document(tmp_path)

    review(folder, "example-2024", UNDER_REVIEW, APPROVED)

    library = load_library(folder, least_review=APPROVED)
    assert {p.review for p in library.passages.values()} == {APPROVED}


def test_a_changed_text_loses_its_approval(tmp_path: Path) -> None:
    folder, document = one_document(tmp_path)
    review(folder, "example-2024", UNDER_REVIEW, APPROVED)
    path = folder / "documents" / document.path

    path.write_text(document.text.replace("10 mg", "20 mg"), encoding="utf-8")
    changed = statuses(folder)
    path.write_text(document.text, encoding="utf-8")

    assert changed == {"example-2024": Review.SUBMITTED}
    assert statuses(folder) == {"example-2024": APPROVED}


def test_a_text_changed_while_under_review_has_to_be_read_again(tmp_path: Path) -> None:
    folder, document = one_document(tmp_path)
    review(folder, "example-2024", UNDER_REVIEW)
    path = folder / "documents" / document.path
    path.write_text(document.text.replace("10 mg", "20 mg"), encoding="utf-8")

    with pytest.raises(ReviewRefused, match=r"changed since its last review.*can't become"):
        review(folder, "example-2024", APPROVED)


@settings(deadline=None)
@given(texts=st.lists(st.sampled_from("ab"), max_size=4), now=st.sampled_from("ab"))
def test_only_the_latest_entry_for_the_text_as_it_stands_counts(
    texts: Sequence[str], now: str
) -> None:
    document = parsed().document
    assert document is not None
    status = {"a": Review.SUBMITTED, "b": Review.SUBMITTED}
    entries = []
    for text in texts:
        status[text] = STEPS[status[text]][0]
        sha = document.sha256 if text == now else "0" * 64
        entries.append(an_entry(document, status[text], sha256=sha))

    assert status_of(document, entries) == status[now]


# ------------------------------------------------------------------ steps


@pytest.mark.parametrize("status", [UNDER_REVIEW, APPROVED, REJECTED])
@pytest.mark.parametrize(
    "before", [(), (UNDER_REVIEW,), (UNDER_REVIEW, APPROVED), (UNDER_REVIEW, REJECTED)]
)
def test_only_the_steps_of_a_review_are_recorded(
    tmp_path: Path, before: tuple[Review, ...], status: Review
) -> None:
    folder, _ = one_document(tmp_path)
    review(folder, "example-2024", *before)
    stands = before[-1] if before else Review.SUBMITTED

    if status in STEPS[stands]:
        review(folder, "example-2024", status)
        assert statuses(folder) == {"example-2024": status}
    else:
        with pytest.raises(ReviewRefused, match=f"is {stands}, so it can't become {status}. After"):
            review(folder, "example-2024", status)
        assert len(load_reviews(folder)) == len(before)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"by": " "}, "needs the name of the person"),
        ({"by": "A\nB"}, "needs the name of the person"),
        ({"role": ""}, "needs the role of the person"),
        ({"comment": "\x7f"}, "can't be printed"),
        ({"by": "\udcff"}, "needs the name of the person"),
        ({"sha256": "0" * 64}, "for another text"),
        ({"document": "other"}, "for another text"),
    ],
)
def test_an_entry_that_says_too_little_is_refused_and_nothing_is_written(
    tmp_path: Path, changes: dict[str, object], message: str
) -> None:
    folder, document = one_document(tmp_path)

    with pytest.raises(ReviewRefused, match=message):
        append_review(folder, document, an_entry(document, UNDER_REVIEW, **changes))

    assert not (folder / FILE).exists()


def test_a_review_dated_before_the_last_one_is_refused(tmp_path: Path) -> None:
    folder, document = one_document(tmp_path)
    review(folder, "example-2024", UNDER_REVIEW)

    with pytest.raises(ReviewRefused, match="2026-01-30 lies before it"):
        append_review(folder, document, an_entry(document, APPROVED, on=date(2026, 1, 30)))


# ------------------------------------------------------------------ the file


def test_what_stands_in_the_file_is_kept_byte_for_byte(tmp_path: Path) -> None:
    folder, _ = one_document(tmp_path)
    review(folder, "example-2024", UNDER_REVIEW)
    old = (folder / FILE).read_bytes().rstrip() + b" # a remark by hand"
    (folder / FILE).write_bytes(old)

    review(folder, "example-2024", APPROVED)

    new = (folder / FILE).read_bytes()
    assert new.startswith(old + b"\n")
    assert [e.status for e in load_reviews(folder)] == [UNDER_REVIEW, APPROVED]
    assert sorted(p.name for p in folder.iterdir()) == [
        "bibliography.json",
        "documents",
        "library.toml",
        FILE,
    ]


@settings(deadline=None)
@given(
    by=st.text(min_size=1).filter(lambda t: t.strip() and t.isprintable()),
    comment=st.text().filter(lambda t: all(c.isprintable() or c in "\n\t" for c in t)),
)
def test_what_is_written_is_read_back(by: str, comment: str) -> None:
    document = parsed().document
    assert document is not None
    entry = an_entry(document, UNDER_REVIEW, by=by, comment=comment)

    assert parse_reviews(_toml(entry)) == (entry,)
    assert tomllib.loads(_toml(entry))["review"][0]["by"] == by


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (("[[review]]", "[[reviews]]"), "something else than reviews"),
        (('by = "A. Pharmacist"', ""), "has no 'by'"),
        (("clinical pharmacist", " "), "has no 'role'"),
        (("2026-01-31", '"2026-01-31"'), "has no date"),
        (("under-review", "submitted"), "has the status 'submitted'"),
        (("under-review", "approved"), "makes 'example-2024' approved, but it was submitted"),
        (('sha256 = "', 'sha256 = "x'), "has no SHA-256"),
        (("[[review]]", '[[review]]\nmood = "good"'), "has an unknown 'mood'"),
        (("[[review]]", "[[review]"), "not valid TOML"),
    ],
)
def test_a_mistake_made_by_hand_is_named_with_its_line(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    folder, _ = one_document(tmp_path)
    review(folder, "example-2024", UNDER_REVIEW)
    path = folder / FILE
    path.write_text(path.read_text(encoding="utf-8").replace(*change), encoding="utf-8")

    with pytest.raises(LibraryError, match=message) as caught:
        load_library(folder)

    (problem,) = caught.value.problems
    assert problem.path == FILE
    assert problem.line in (1, 4)
    assert problem.remedy


def test_a_folder_that_can_not_be_written_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, _ = one_document(tmp_path)
    review(folder, "example-2024", UNDER_REVIEW)
    before = (folder / FILE).read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("corpus.review.os.fsync", full)
    with pytest.raises(ReviewRefused, match=r"No space left on device.*Nothing was recorded"):
        review(folder, "example-2024", APPROVED)

    assert (folder / FILE).read_bytes() == before
    assert not list(folder.glob(".*"))


def test_reviews_recorded_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    names = [f"d{i}" for i in range(6)]
    folder = write_library(tmp_path, {f"{name}.md": a_document(name) for name in names})

    words = ["--library", str(folder), "--by", "A. Pharmacist", "--role", "pharmacist"]
    started = [
        subprocess.Popen(
            [sys.executable, "-m", "corpus", "review", name, "under-review", *words],
            cwd=REPOSITORY,
            stdout=subprocess.DEVNULL,
        )
        for name in names
    ]
    codes = [process.wait(timeout=60) for process in started]

    assert codes == [0] * len(names)
    assert sorted(e.document for e in load_reviews(folder)) == names


# ------------------------------------------------------------------ what answers may use


def two_documents(folder: Path) -> Path:
    other = a_statement("1.1", "Adults with examplitis: measure ferritin weekly.")
    return write_library(
        folder, {"example-2019.md": the_old(header=""), "other.md": a_document("other", other)}
    )


def test_an_unapproved_document_is_unreachable_when_the_settings_ask_for_approval(
    tmp_path: Path,
) -> None:
    folder = two_documents(tmp_path / "l")
    review(folder, "other", UNDER_REVIEW, APPROVED)
    review(folder, "example-2019", UNDER_REVIEW)
    strict = Settings(
        library=folder, data=tmp_path / "var", store="memory", least_review="approved"
    )

    assistant = an_assistant_over(strict)

    assert {hit.passage.document_id for hit in assistant.search(OLD_DOSE, 100)} == {"other"}
    assert "10 mg" not in str(assistant.ask(ASKED).value.to_json())
    assert "example-2019" not in str(assistant.check("dexamethasone 10 mg/m² daily").to_json())


def test_a_rejected_document_is_unreachable_whatever_the_settings(tmp_path: Path) -> None:
    folder = two_documents(tmp_path)
    review(folder, "example-2019", UNDER_REVIEW, REJECTED)

    assert list(load_library(folder).documents) == ["other"]


def test_an_approval_makes_an_index_under_a_strict_setting_stale(tmp_path: Path) -> None:
    folder = two_documents(tmp_path / "l")
    review(folder, "other", UNDER_REVIEW, APPROVED)
    strict = Settings(
        library=folder, data=tmp_path / "var", store="memory", least_review="approved"
    )
    an_assistant_over(strict)

    review(folder, "example-2019", UNDER_REVIEW, APPROVED)

    with pytest.raises(StaleIndex):
        an_assistant_over(strict, build=False)


@pytest.mark.parametrize(
    ("steps", "least", "message"),
    [
        ((), APPROVED, r"'least_review' is 'approved'.*are 1 submitted.*set 'least_review' lower"),
        ((UNDER_REVIEW, REJECTED), Review.SUBMITTED, r"are 1 rejected.*--by NAME --role ROLE\.$"),
    ],
)
def test_a_library_of_which_nothing_may_be_used_says_why(
    tmp_path: Path, steps: tuple[Review, ...], least: Review, message: str
) -> None:
    folder, _ = one_document(tmp_path)
    review(folder, "example-2024", *steps)

    with pytest.raises(NothingInForce, match=message):
        load_library(folder, least_review=least)


@pytest.mark.parametrize("way", ["rejected", "approval taken back", "text changed"])
def test_another_process_never_answers_from_a_text_that_lost_its_approval(
    tmp_path: Path, way: str
) -> None:
    folder = write_library(
        tmp_path / "l",
        {"example-2019.md": the_old(header=""), "new.md": a_document("new", dose(NEW_DOSE))},
    )
    for document_id in ("example-2019", "new"):
        review(folder, document_id, UNDER_REVIEW, APPROVED)
    strict = Settings(
        library=folder, data=tmp_path / "var", store="memory", least_review="approved"
    )
    an_assistant_over(strict)
    reader = Reader(strict)

    if way == "text changed":
        path = folder / "documents" / "example-2019.md"
        path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    else:
        review(folder, "example-2019", UNDER_REVIEW, *([REJECTED] if way == "rejected" else []))
    held_between, opened_between = reader.ask()
    an_assistant_over(strict)
    held_after, opened_after = reader.ask()
    reader.close()

    assert OLD_DOSE in reader.first
    assert opened_between == "StaleIndex"
    assert held_between == held_after == reader.first
    assert NEW_DOSE in opened_after
    assert OLD_DOSE not in opened_after


def test_the_bundled_library_ships_without_reviews() -> None:
    library: Library = load_library()

    assert library.reviews == ()
    assert not (library.folder / FILE).exists()


def test_the_new_edition_needs_its_own_approval(tmp_path: Path) -> None:
    folder = write_library(tmp_path, {"example-2019.md": the_old(), "example-2024.md": the_new()})
    review(folder, "example-2019", UNDER_REVIEW, APPROVED)

    with pytest.raises(NothingInForce, match="the documents are 1 submitted"):
        load_library(folder, least_review=APPROVED)
