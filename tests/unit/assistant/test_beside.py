"""What belongs beside a dose that is shown: offered, or shown where all is asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.drafting.beside import with_companions
from assistant.page.offers import SHORT, also
from assistant.render import _offered
from corpus.library import Library, load_library
from corpus.model import Passage
from tests.builders import write_library
from tests.unit.eval.test_eval_linked import CARE, DOSE, DOSES, ETOPOSIDE, GLUCOSE, GROWTH


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("beside") / "lib"
    return load_library(write_library(folder, {"doses-2024.md": DOSES, "care-2024.md": CARE}))


def nothing(passage: Passage) -> bool:
    return False


def test_a_dose_brings_its_companions_though_nobody_asked_for_a_dose(library: Library) -> None:
    shown = [("Treatment", [library.passages[DOSE]])]

    sections, beside = with_companions(shown, library, excluded=nothing, apart=nothing, full=False)

    assert sections == shown
    assert [p.id for p in beside] == [GLUCOSE, GROWTH]


def test_what_gives_no_dose_brings_nothing(library: Library) -> None:
    shown = [("Treatment", [library.passages[ETOPOSIDE]])]

    assert with_companions(shown, library, excluded=nothing, apart=nothing, full=True) == (
        shown,
        [],
    )


def test_what_is_shown_already_is_not_offered_again(library: Library) -> None:
    shown = [("Treatment", [library.passages[DOSE]]), ("Care", [library.passages[GLUCOSE]])]

    _, beside = with_companions(shown, library, excluded=nothing, apart=nothing, full=False)

    assert [p.id for p in beside] == [GROWTH]


def test_the_full_answer_shows_them_by_drug_but_not_those_under_another_heading(
    library: Library,
) -> None:
    shown = [("Treatment", [library.passages[DOSE]])]

    sections, beside = with_companions(
        shown, library, excluded=nothing, apart=lambda p: p.id == GROWTH, full=True
    )

    assert [(title, [p.id for p in ps]) for title, ps in sections[1:]] == [
        ("Also with dexamethasone", [GLUCOSE])
    ]
    assert GROWTH in {p.id for p in beside}


def test_the_full_answer_has_one_section_for_each_drug(library: Library) -> None:
    title = "Also with dexamethasone"
    shown = [("Treatment", [library.passages[DOSE]]), (title, [library.passages[GLUCOSE]])]

    sections, _ = with_companions(shown, library, excluded=nothing, apart=nothing, full=True)

    assert [t for t, _ in sections] == ["Treatment", title]
    assert [p.id for p in sections[1][1]] == [GLUCOSE, GROWTH]


def test_an_asked_dose_that_did_not_fit_brings_its_companions_too(library: Library) -> None:
    shown = [("Treatment", [library.passages[ETOPOSIDE]])]

    sections, beside = with_companions(
        shown, library, [library.passages[DOSE]], excluded=nothing, apart=nothing, full=False
    )

    assert sections == shown
    assert [p.id for p in beside] == [GLUCOSE, GROWTH]


def test_what_says_that_it_is_for_others_is_not_even_offered(library: Library) -> None:
    shown = [("Treatment", [library.passages[DOSE]])]

    _, beside = with_companions(
        shown, library, excluded=lambda p: p.id == GROWTH, apart=nothing, full=False
    )

    assert [p.id for p in beside] == [GLUCOSE]


def test_every_part_that_is_offered_is_named_under_its_document() -> None:
    titles = [*(f"A › part {n}" for n in range(12)), "B", "A › last"]

    lines = list(_offered(titles))

    assert lines == ["- A: " + "; ".join([*(f"part {n}" for n in range(12)), "last"]), "- B"]


@pytest.mark.parametrize(("documents", "folded"), [(SHORT, False), (SHORT + 1, True)])
def test_a_long_list_of_documents_is_folded(documents: int, folded: bool) -> None:
    listed = f"<ul>{'<li>A</li>' * documents}</ul>"

    part = also("<p>Also</p>", listed, "t1-also", in_full=False)

    assert ("<details>" in part) is folded
    assert part.count("<li>") == documents
