"""Editions: superseded text is out of reach, and can be asked for as of its day."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from assistant.errors import SettingsError
from assistant.library import open_library
from assistant.settings import Settings, load_settings
from corpus.editions import edition_problems, in_force
from corpus.errors import LibraryError, NothingInForce
from corpus.library import load_all_editions, load_library
from corpus.model import Document, Kind, Review
from index.errors import StaleIndex
from tests.builders import a_document, an_assistant_over, parsed, write_library
from tests.builders_editions import ASKED, NEW_DOSE, OLD_DOSE, Reader, the_new, the_old


def two_editions(folder: Path) -> Path:
    return write_library(folder, {"example-2019.md": the_old(), "example-2024.md": the_new()})


def ids(folder: Path, as_of: date | None = None) -> list[str]:
    return list(load_library(folder, as_of=as_of).documents)


# ------------------------------------------------------------------ the header


@pytest.mark.parametrize(
    ("line", "message", "line_number"),
    [
        ('valid_from = "2024-05-31"', "'valid_from' is not a date: '2024-05-31'", 10),
        ("valid_from = 2024-05-31T10:00:00", "'valid_from' is not a date", 10),
        ("valid_from = 2024", "'valid_from' is not a date: '2024'", 10),
        ("superseded_by = 2024", "'superseded_by' is not a document id: '2024'", 10),
        ('superseded_by = "Example 2024"', "'superseded_by' is not a document id", 10),
    ],
)
def test_a_mistake_in_an_edition_is_named_with_its_line(
    line: str, message: str, line_number: int
) -> None:
    problems = parsed(header=a_document("example-2024", "\n", header=line).rstrip() + "\n\n")

    (problem,) = problems.problems
    assert message in problem.what
    assert (problem.path, problem.line) == ("example-2024.md", line_number)
    assert problem.remedy.endswith(".")


def test_a_header_may_not_approve_its_own_document() -> None:
    text = a_document("example-2024").replace('"submitted"', '"approved"')

    (problem,) = parsed("", header=text).problems

    assert "only 'submitted' may stand here" in problem.what
    assert "python -m corpus review example-2024" in problem.remedy
    assert problem.line == 9


def test_every_mistake_between_editions_is_named_in_one_run(tmp_path: Path) -> None:
    folder = write_library(
        tmp_path,
        {
            "a.md": a_document("a", header='superseded_by = "b"'),
            "b.md": a_document("b", header='superseded_by = "a"'),
            "c.md": a_document("c", header='superseded_by = "nowhere"'),
            "d.md": a_document("d", header='superseded_by = "d"'),
            "e.md": a_document("e", header='superseded_by = "f"'),
            "f.md": a_document("f", year=2020),
            "g.md": "no header",
            "h.md": a_document("h", header='superseded_by = "g"'),
        },
    )

    with pytest.raises(LibraryError) as caught:
        load_library(folder)

    found = {(p.path, p.line): p.what for p in caught.value.problems}
    assert "in a circle: 'a' > 'b' > 'a'" in found["a.md", 10]
    assert "unknown document 'nowhere'" in found["c.md", 10]
    assert "in a circle: 'd' > 'd'" in found["d.md", 10]
    assert "superseded by 'f', which begins earlier (2020-01-01" in found["e.md", 10]
    assert set(found) == {("a.md", 10), ("c.md", 10), ("d.md", 10), ("e.md", 10), ("g.md", 1)}


# ------------------------------------------------------------------ in force


def test_a_superseded_edition_has_no_passage_and_is_still_there_to_read(tmp_path: Path) -> None:
    library = load_library(two_editions(tmp_path))

    assert list(library.documents) == ["example-2024"]
    assert [p.text for p in library.passages.values()] == [NEW_DOSE]
    assert list(library.all_documents) == ["example-2019", "example-2024"]


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2019, 1, 1), ["example-2019"]),
        (date(2024, 5, 30), ["example-2019"]),
        (date(2024, 5, 31), ["example-2024"]),
        (date(2030, 1, 1), ["example-2024"]),
    ],
)
def test_the_edition_of_a_day_is_found(tmp_path: Path, day: date, expected: list[str]) -> None:
    assert ids(two_editions(tmp_path), day) == expected


def test_before_the_first_edition_there_is_nothing_to_answer_from(tmp_path: Path) -> None:
    folder = two_editions(tmp_path)

    with pytest.raises(
        NothingInForce, match=r"in force on 2018-12-31.*begins on 2019-01-01.*as_of"
    ):
        load_library(folder, as_of=date(2018, 12, 31))


def test_an_edition_between_that_has_not_begun_does_not_bring_the_first_one_back() -> None:
    later = a_plain("c", date(2024, 1, 1))
    between = a_plain("b", date(2025, 1, 1), "c")
    first = a_plain("a", date(2020, 1, 1), "b")

    chosen = in_force({d.id: d for d in (first, between, later)}, date(2024, 6, 1), SUBMITTED)

    assert list(chosen) == ["c"]


def test_an_unapproved_newer_edition_does_not_make_the_old_one_current_again() -> None:
    old = a_plain("a", date(2020, 1, 1), "b", Review.APPROVED)
    new = a_plain("b", date(2024, 1, 1))
    other = a_plain("c", date(2020, 1, 1), None, Review.APPROVED)

    chosen = in_force({d.id: d for d in (old, new, other)}, None, Review.APPROVED)

    assert list(chosen) == ["c"]


def test_the_fingerprint_follows_the_editions_in_force(tmp_path: Path) -> None:
    folder = two_editions(tmp_path)

    now, then = load_library(folder), load_library(folder, as_of=date(2020, 1, 1))

    assert now.fingerprint == load_library(folder).fingerprint != then.fingerprint


SUBMITTED = Review.SUBMITTED


def a_plain(
    id_: str, start: date, successor: str | None = None, review: Review = SUBMITTED
) -> Document:
    result = parsed().document
    assert result is not None
    return Document(
        id=id_,
        title=id_,
        issuer="",
        edition="1",
        year=2024,
        kind=Kind.GUIDELINE,
        licence="",
        review=review,
        text=result.text,
        statements=result.statements,
        valid_from=start,
        superseded_by=successor,
        path=f"{id_}.md",
    )


DAYS = st.dates(date(2000, 1, 1), date(2000, 1, 12))


@st.composite
def sets_of_editions(draw: st.DrawFn) -> dict[str, Document]:
    """Documents of which each may be superseded by one further down that begins no earlier."""
    count = draw(st.integers(1, 6))
    starts = sorted(draw(DAYS) for _ in range(count))
    documents = {}
    for i, start in enumerate(starts):
        later = draw(st.none() | st.integers(i + 1, count)) if i + 1 < count else None
        successor = f"d{later}" if later is not None and later < count else None
        documents[f"d{i}"] = a_plain(f"d{i}", start, successor, draw(st.sampled_from(Review)))
    return documents


@hypothesis_settings(deadline=None)
@given(
    documents=sets_of_editions(),
    day=st.none() | DAYS,
    least=st.sampled_from([Review.SUBMITTED, Review.UNDER_REVIEW, Review.APPROVED]),
)
def test_nothing_that_is_not_in_force_is_ever_chosen(
    documents: dict[str, Document], day: date | None, least: Review
) -> None:
    assert edition_problems(documents, set()) == []
    usable = {
        Review.SUBMITTED: {Review.SUBMITTED, Review.UNDER_REVIEW, Review.APPROVED},
        Review.UNDER_REVIEW: {Review.UNDER_REVIEW, Review.APPROVED},
        Review.APPROVED: {Review.APPROVED},
    }[least]

    try:
        chosen = in_force(documents, day, least)
    except NothingInForce:
        chosen = {}

    for id_, document in documents.items():
        begun = day is None or (document.valid_from or date.max) <= day
        newer, superseded = document.superseded_by, False
        while newer is not None:
            following = documents[newer]
            superseded |= day is None or (following.valid_from or date.max) <= day
            newer = following.superseded_by
        assert (id_ in chosen) == (begun and not superseded and document.review in usable)


@hypothesis_settings(max_examples=25, deadline=None)
@given(documents=sets_of_editions(), day=st.none() | DAYS)
def test_no_passage_of_a_document_not_in_force_is_in_a_library_read_from_disk(
    tmp_path_factory: pytest.TempPathFactory, documents: dict[str, Document], day: date | None
) -> None:
    texts = {
        f"{d.id}.md": a_document(
            d.id,
            header=f"valid_from = {d.valid_from}"
            + (f'\nsuperseded_by = "{d.superseded_by}"' if d.superseded_by else ""),
        )
        for d in documents.values()
    }
    folder = write_library(tmp_path_factory.mktemp("library") / "x", texts)
    everything = load_all_editions(folder).all_documents
    try:
        expected = set(in_force(everything, day, SUBMITTED))
    except NothingInForce:
        with pytest.raises(NothingInForce):
            load_library(folder, as_of=day)
        return

    library = load_library(folder, as_of=day)

    assert {p.document_id for p in library.passages.values()} == expected
    assert set(library.documents) == expected
    assert set(library.all_documents) == set(documents)


# ------------------------------------------------------------------ settings


@pytest.mark.parametrize(
    ("name", "value"),
    [("AS_OF", "31.05.2024"), ("AS_OF", "20240531"), ("LEAST_REVIEW", "rejected")],
)
def test_a_setting_that_can_not_be_used_is_named(tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"'{name.lower()}' is '{value}'"):
        load_settings(tmp_path / "none.toml", {f"GUIDELINE_{name}": value})


def test_a_date_in_the_settings_file_may_be_unquoted(tmp_path: Path) -> None:
    file = tmp_path / "guideline.toml"
    file.write_text("as_of = 2024-05-31\n", encoding="utf-8")

    assert load_settings(file, {}).as_of == "2024-05-31"


def test_today_lets_an_edition_wait_for_its_day(tmp_path: Path) -> None:
    settings = Settings(library=two_editions(tmp_path), as_of="today")

    before = open_library(settings, today=date(2024, 5, 30))
    on_the_day = open_library(settings, today=date(2024, 5, 31))

    assert list(before.documents) == ["example-2019"]
    assert list(on_the_day.documents) == ["example-2024"]


# ------------------------------------------------------------------ the assistant


def test_a_superseded_edition_is_neither_retrieved_nor_quoted(tmp_path: Path) -> None:
    settings = Settings(library=two_editions(tmp_path / "l"), data=tmp_path / "var", store="memory")
    assistant = an_assistant_over(settings)

    found = assistant.search(OLD_DOSE, 100)
    answer = assistant.ask(ASKED).value
    order = assistant.check("dexamethasone 10 mg/m² once daily").to_json()

    assert {hit.passage.document_id for hit in found} == {"example-2024"}
    assert NEW_DOSE in [claim.text for claim in answer.claims]
    assert "10 mg" not in str(answer.to_json())
    assert "example-2019" not in str(order)


def test_a_superseded_edition_answers_as_of_its_day(tmp_path: Path) -> None:
    settings = Settings(
        library=two_editions(tmp_path / "l"),
        data=tmp_path / "var",
        store="memory",
        as_of="2023-12-31",
    )

    answer = an_assistant_over(settings).ask(ASKED).value

    assert OLD_DOSE in [claim.text for claim in answer.claims]
    assert "20 mg" not in str(answer.to_json())


def test_an_index_of_one_day_does_not_serve_another(tmp_path: Path) -> None:
    places = {"library": two_editions(tmp_path / "l"), "data": tmp_path / "var"}
    an_assistant_over(Settings(**places, store="memory"))

    with pytest.raises(StaleIndex, match="the text of the library differs"):
        an_assistant_over(Settings(**places, store="memory", as_of="2020-01-01"), build=False)


# ------------------------------------------------------------------ two processes


def test_another_process_never_mixes_editions_while_the_library_is_swapped(tmp_path: Path) -> None:
    folder = write_library(tmp_path / "l", {"example-2019.md": the_old(header="")})
    settings = Settings(library=folder, data=tmp_path / "var", store="memory")
    an_assistant_over(settings)
    reader = Reader(settings)

    (folder / "documents" / "example-2024.md").write_text(the_new(), encoding="utf-8")
    (folder / "documents" / "example-2019.md").write_text(the_old(), encoding="utf-8")
    held_between, opened_between = reader.ask()
    an_assistant_over(settings)
    held_after, opened_after = reader.ask()
    reader.close()

    assert OLD_DOSE in reader.first
    assert opened_between == "StaleIndex"
    assert held_between == held_after == reader.first
    assert NEW_DOSE in opened_after
    assert OLD_DOSE not in opened_after
