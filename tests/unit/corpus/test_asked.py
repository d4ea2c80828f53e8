"""The questions that help to find a statement: read from beside the documents, or refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.errors import LibraryError
from corpus.library import BUNDLED, Library, load_library
from tests.builders_index import a_library_of


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return a_library_of(tmp_path / "library", 3)


def with_questions(library: Library, text: str, name: str = "example-2024.toml") -> Path:
    folder = library.folder / "asked"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    return library.folder


def test_a_library_without_questions_has_none(library: Library) -> None:
    assert library.asked == {}


def test_questions_stand_by_the_id_of_their_passage(library: Library) -> None:
    folder = with_questions(library, '"1.2" = ["how often plt?", "platelet checks"]\n')

    again = load_library(folder)

    assert again.asked == {"example-2024:1.2": ("how often plt?", "platelet checks")}


def test_questions_are_part_of_the_fingerprint(library: Library) -> None:
    before = library.fingerprint
    folder = with_questions(library, '"1.2" = ["how often plt?"]\n')

    assert load_library(folder).fingerprint != before


@pytest.mark.parametrize(
    ("text", "name", "what"),
    [
        ('"1.1" = ["q"]\n', "other.toml", "There is no document 'other'."),
        ('"9.9" = ["q"]\n', "example-2024.toml", "The document has no statement 9.9."),
        ('"1.1" = "q"\n', "example-2024.toml", "The questions of 1.1 are not a list of texts."),
        ('"1.1" = []\n', "example-2024.toml", "1.1 has 0 questions."),
        ('"1.1" = [" "]\n', "example-2024.toml", "A question of 1.1 is empty"),
        ('"1.1" = ["q", "q"]\n', "example-2024.toml", "A question of 1.1 stands twice."),
        ('"1.1" = ["q"\n', "example-2024.toml", "The file can't be read"),
    ],
)
def test_a_mistake_in_the_questions_is_named(
    library: Library, text: str, name: str, what: str
) -> None:
    folder = with_questions(library, text, name)

    with pytest.raises(LibraryError, match=r"asked/") as caught:
        load_library(folder)

    assert what in str(caught.value)


def test_a_mistake_names_its_line(library: Library) -> None:
    folder = with_questions(library, '"1.1" = ["q"]\n\n"9.9" = ["q"]\n')

    with pytest.raises(LibraryError) as caught:
        load_library(folder)

    assert "asked/example-2024.toml:3" in str(caught.value)


def test_every_statement_of_the_bundled_library_has_questions() -> None:
    library = load_library(BUNDLED)

    assert set(library.asked) == set(library.passages)
