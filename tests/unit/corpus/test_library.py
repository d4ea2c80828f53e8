"""A library folder: read whole, or refused with every reason."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.__main__ import main
from corpus.errors import CorpusError, LibraryError, SourceAltered
from corpus.library import BUNDLED, load_library
from corpus.model import Review, Span, Verification
from tests.builders import HEADER, STATEMENT, a_library, first_passage, write_library


def test_the_bundled_library_is_sound_and_large_enough() -> None:
    library = load_library()

    assert len(library.passages) >= 120


def test_the_bundled_library_claims_no_review() -> None:
    library = load_library()

    assert {d.review for d in library.documents.values()} == {Review.SUBMITTED}


def test_every_bundled_statement_carries_its_verification_and_a_resolving_source() -> None:
    library = load_library()

    for passage in library.passages.values():
        assert passage.statement.verification in Verification
        assert all(ref.key in library.bibliography for ref in passage.statement.sources)


def test_the_fingerprint_follows_the_text(tmp_path: Path) -> None:
    first = a_library(tmp_path / "a")
    again = a_library(tmp_path / "b")
    changed = a_library(tmp_path / "c", STATEMENT.replace("10 mg", "20 mg"))

    assert first.fingerprint == again.fingerprint != changed.fingerprint


def test_a_quote_is_read_again_from_the_document(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    passage = first_passage(library)

    assert library.quote(passage) == passage.text


def test_a_passage_that_no_longer_equals_its_document_is_refused(tmp_path: Path) -> None:
    library = a_library(tmp_path)
    passage = first_passage(library)
    moved = replace(passage, span=Span(passage.span.start + 1, passage.span.end))

    with pytest.raises(SourceAltered, match="has changed since it was indexed"):
        library.quote(moved)


def test_a_passage_of_a_document_that_is_gone_is_refused(tmp_path: Path) -> None:
    passage = replace(first_passage(a_library(tmp_path)), document_id="gone")

    with pytest.raises(SourceAltered, match="no longer in the library"):
        load_library(tmp_path).quote(passage)


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CorpusError, match=r"library\.toml is missing"):
        load_library(tmp_path)


def test_a_library_without_documents_is_refused(tmp_path: Path) -> None:
    folder = write_library(tmp_path)
    (folder / "documents" / "example-2024.md").unlink()

    with pytest.raises(LibraryError, match="holds no document"):
        load_library(folder)


def test_a_document_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    folder = write_library(tmp_path)
    (folder / "documents" / "broken.md").write_bytes(b"+++\n\xff\n")

    with pytest.raises(LibraryError, match=r"broken\.md:1: The file is not UTF-8"):
        load_library(folder)


def test_two_documents_with_one_id_are_named(tmp_path: Path) -> None:
    text = HEADER + STATEMENT
    folder = write_library(tmp_path, {"a.md": text, "b.md": text})

    with pytest.raises(LibraryError, match=r"already used by a\.md"):
        load_library(folder)


def test_broken_vocabulary_is_named(tmp_path: Path) -> None:
    folder = write_library(tmp_path)
    (folder / "library.toml").write_text("[library\n", encoding="utf-8")

    with pytest.raises(LibraryError, match="not valid TOML"):
        load_library(folder)


def test_the_check_command_prints_every_problem_and_exits_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = write_library(tmp_path, {"a.md": HEADER, "b.md": "nothing"})

    code = main(["check", str(folder)])

    assert code == 1
    printed = capsys.readouterr().err
    assert "a.md" in printed
    assert "b.md" in printed


def test_the_check_command_accepts_the_bundled_library(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", str(BUNDLED)]) == 0
    assert "no problem" in capsys.readouterr().out
