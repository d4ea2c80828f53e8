"""A small folder of rules with one thing broken: every problem that is raised, as approved.

The slips of the other goldens spoil values one by one. What takes several changes, or an entry that
no sound file has, stands here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.dosing.table.errors import TableError, TableProblem
from assistant.dosing.table.load import load_table
from assistant.dosing.table.model import Fallback, Status, Table
from corpus.drugs import load_drugs
from tests.characterisation import Line, characterised
from tests.unit.dosing.broken_rules import (
    BROKEN,
    DRUGS,
    PASSAGES,
    RULES,
    SITE,
    SOUND,
    SOURCES,
)

OTHER_SITE = (
    SOUND[SITE]
    .replace('"here"', '"there"')
    .replace('"11"', '"10"')
    .replace(
        'drug = "etoposide"\nrules = ["etoposide.two", "etoposide.one"]',
        'drug = "ivig"\nrules = ["ivig.three"]',
    )
)


def said(folder: Path) -> tuple[str, ...]:
    """Each problem with its four parts apart, so that none can pass for another."""
    try:
        load_table(folder, drugs=load_drugs(), passages=PASSAGES, sources=SOURCES)
    except TableError as error:
        return tuple(f"{p.file} | {p.key} | {p.what} | {p.remedy}" for p in error.problems)
    return ("Nothing is wrong.",)


def written(folder: Path, changes: tuple[tuple[str, str, str], ...]) -> Path:
    """The small folder with these changes."""
    files = dict(SOUND)
    for name, old, new in changes:
        assert not old or old in files[name], f"{name} doesn't hold {old!r}"
        files[name] = files.get(name, "").replace(old, new, 1) if old else new
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def problems(to: Path) -> Iterator[Line]:
    for number, (about, changes) in enumerate(BROKEN.items()):
        yield "broken", about, said(written(to / str(number), changes))


def test_every_problem_of_a_broken_folder_is_named_as_approved(tmp_path: Path) -> None:
    approved, now = characterised("rules_broken", problems(tmp_path))

    assert now == approved


def test_adjustments_that_hold_for_nothing_are_not_said_to_be_twice_for_it(tmp_path: Path) -> None:
    lines = said(written(tmp_path, BROKEN["bands that are nowhere"]))

    assert len(lines) == 6
    assert not any("twice" in line for line in lines)


@pytest.mark.parametrize(
    ("content", "what", "remedy"),
    [
        (b"# \xff", "The file is not UTF-8 text (byte 2).", "Save it again as UTF-8."),
        (None, "The file can't be read: Is a directory.", "Correct its permissions."),
    ],
)
def test_a_file_that_cannot_be_read_is_the_one_problem(
    tmp_path: Path, content: bytes | None, what: str, remedy: str
) -> None:
    folder = written(tmp_path, ())
    path = folder / "rules" / "bad.toml"
    if content is None:
        path.mkdir()
    else:
        path.write_bytes(content)

    with pytest.raises(TableError) as caught:
        load_table(folder, drugs=None, passages=PASSAGES, sources=SOURCES)

    assert caught.value.problems == (TableProblem("rules/bad.toml", "", what, remedy),)
    assert str(caught.value) == (f"The rules table has 1 problem:\nrules/bad.toml: {what} {remedy}")


def test_without_a_table_of_names_the_names_of_drugs_are_not_checked(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        (
            (DRUGS, '"etoposide"', '"inventedine"'),
            (RULES, 'drug = "etoposide"', 'drug = "inventedine"'),
            (RULES, 'drug = "etoposide"', 'drug = "inventedine"'),
            (SITE, 'drug = "etoposide"', 'drug = "inventedine"'),
        ),
    )

    table = load_table(folder, drugs=None, passages=PASSAGES, sources=SOURCES)

    assert list(table.drugs) == ["inventedine", "ivig"]


def test_no_folder_is_a_table_of_nothing(tmp_path: Path) -> None:
    table = load_table(tmp_path / "none", drugs=None, passages={}, sources=())

    assert table == Table(
        id="none",
        version="none",
        effective_from=date.min,
        review_due=date.max,
        drugs={},
        rules={},
        fingerprint=hashlib.sha256(b"").hexdigest(),
    )


def test_the_fingerprint_is_a_hash_of_what_the_files_say_keys_in_order(tmp_path: Path) -> None:
    table = load_table(written(tmp_path, ()), drugs=None, passages=PASSAGES, sources=SOURCES)

    assert table.fingerprint == ("26d27d8b80d613cdb7292c2cbe4f3a0ae84128abc98092cf874a05ec207519d9")


def test_two_sites_are_applied_one_after_the_other(tmp_path: Path) -> None:
    folder = written(tmp_path, (("sites/t.toml", "", OTHER_SITE),))

    table = load_table(folder, drugs=None, passages=PASSAGES, sources=SOURCES)

    assert table.sites == ("here", "there")
    assert table.precedence == {
        "etoposide": ("etoposide.two", "etoposide.one"),
        "ivig": ("ivig.three",),
    }
    dose = table.rules["etoposide.two"].dose
    assert dose is not None
    assert dose.hard_max == 10


def test_only_a_reviewed_rule_falls_back_and_it_names_every_passage(tmp_path: Path) -> None:
    more = ', { key = "Beta", passage_id = "a:1", quote_sha256 = "old" } ]'
    folder = written(
        tmp_path,
        (
            (RULES, '"h2" } ]', f'"h2" }}{more}'),
            (RULES, '"a:1" } ]', '"a:1", quote_sha256 = "old" } ]'),
        ),
    )
    now = {"a:1": "h1", "a:2": "new"}

    table = load_table(folder, drugs=None, passages=now, sources=SOURCES)

    reason = "The text of a:2, a:1 has changed since the review."
    assert table.fallbacks == (Fallback("ivig.three", reason),)
    assert {rule.status for rule in table.rules.values()} == {Status.DRAFT}
