"""Reviews of documents: who approved which text, when, in what role.

They stand in ``reviews.toml`` of the library, one entry for each step, oldest first, each
bound to the SHA-256 of the text that was reviewed. The status of a document is that of its
latest entry for the text as it stands now: a changed text is *submitted* again by itself.
Entries are only ever added.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from corpus.errors import LibraryError, Problem, ReviewRefused
from corpus.model import Document, Review

FILE = "reviews.toml"
LEVELS = (Review.SUBMITTED, Review.UNDER_REVIEW, Review.APPROVED)
"""What a setting may ask for, lowest first; a rejected document reaches none of them."""

STEPS = {
    Review.SUBMITTED: (Review.UNDER_REVIEW,),
    Review.UNDER_REVIEW: (Review.APPROVED, Review.REJECTED),
    Review.APPROVED: (Review.UNDER_REVIEW,),  # takes an approval back
    Review.REJECTED: (Review.UNDER_REVIEW,),
}
"""Which status may follow which."""

_HEAD = """\
# Reviews of the documents of this library, one entry for each step, oldest first. An entry
# counts for the text whose SHA-256 it names, and for no other. Add with: python -m corpus review
"""
_SHA256 = re.compile(r"[0-9a-f]{64}")
_KEYS = ("document", "sha256", "status", "by", "role", "on", "comment")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewEntry:
    """One step of a review: what a named person decided on one text."""

    document: str
    sha256: str
    status: Review
    by: str
    role: str
    on: date
    comment: str = ""


def is_at_least(status: Review, least: Review) -> bool:
    """Whether a document of this status may be used when ``least`` is asked for."""
    return status in LEVELS and LEVELS.index(status) >= LEVELS.index(least)


def entries_of(document: Document, entries: Sequence[ReviewEntry]) -> tuple[ReviewEntry, ...]:
    """The entries that count for the document's text as it stands now, oldest first."""
    text = document.sha256
    return tuple(e for e in entries if e.document == document.id and e.sha256 == text)


def status_of(document: Document, entries: Sequence[ReviewEntry]) -> Review:
    """The review status of the text as it stands now."""
    mine = entries_of(document, entries)
    return mine[-1].status if mine else Review.SUBMITTED


def load_reviews(folder: Path) -> tuple[ReviewEntry, ...]:
    """Every entry of the library's ``reviews.toml``, oldest first; none without the file.

    LibraryError lists every mistake at once, also a step that may not follow the one before.
    """
    try:
        text = (folder / FILE).read_bytes().decode("utf-8")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        remedy = "Restore the file, or correct its permissions."
        raise LibraryError(
            [Problem(FILE, 1, f"The file can't be read: {error}.", remedy)]
        ) from error
    return parse_reviews(text)


def parse_reviews(text: str) -> tuple[ReviewEntry, ...]:
    """The entries in the text of a ``reviews.toml``; LibraryError lists every mistake."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        what = f"The file is not valid TOML: {error}."
        raise LibraryError([Problem(FILE, 1, what, "Correct that line.")]) from error
    found = raw.get("review", [])
    if set(raw) - {"review"} or not isinstance(found, list):
        what = "The file holds something else than reviews."
        raise LibraryError([Problem(FILE, 1, what, "Begin each entry with a line '[[review]]'.")])
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[review]]"]
    if len(lines) != len(found):
        lines = [1] * len(found)
    problems: list[Problem] = []
    entries: list[ReviewEntry] = []
    for item, line in zip(found, lines, strict=True):
        mistakes = list(_mistakes(item))
        if not mistakes:
            entry = ReviewEntry(**{**item, "status": Review(item["status"])})
            mistakes = list(_out_of_order(entry, entries))
            entries.append(entry)
        problems.extend(Problem(FILE, line, f"The entry {what}", how) for what, how in mistakes)
    if problems:
        raise LibraryError(problems)
    return tuple(entries)


def _mistakes(item: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(item, dict):
        yield "is not a table.", "Begin it with a line '[[review]]'."
        return
    for key in item:
        if key not in _KEYS:
            yield f"has an unknown '{key}'.", f"Use {', '.join(_KEYS)}."
    for key in ("document", "by", "role"):
        if not _is_filled(item.get(key)):
            yield f"has no '{key}'.", f'Add a line: {key} = "..."'
    if not isinstance(item.get("comment", ""), str):
        yield "has a comment that is not text.", "Put it in quotes."
    if not _SHA256.fullmatch(str(item.get("sha256"))):
        yield "has no SHA-256 of the text.", "Record reviews with: python -m corpus review."
    steps = [str(s) for s in Review if s is not Review.SUBMITTED]
    if item.get("status") not in steps:
        yield f"has the status '{item.get('status')}'.", f"Use one of: {', '.join(steps)}."
    if type(item.get("on")) is not date:
        yield "has no date.", "Add a line such as: on = 2026-01-31"


def _out_of_order(entry: ReviewEntry, before: Sequence[ReviewEntry]) -> Iterator[tuple[str, str]]:
    same = [e for e in before if (e.document, e.sha256) == (entry.document, entry.sha256)]
    status = same[-1].status if same else Review.SUBMITTED
    if entry.status not in STEPS[status]:
        yield (
            f"makes '{entry.document}' {entry.status}, but it was {status}.",
            f"After {status} comes {' or '.join(STEPS[status])}. Correct the order of the entries.",
        )
    if same and entry.on < same[-1].on:
        yield (
            f"of {entry.on} stands after one of {same[-1].on} for the same text.",
            "Put the entries in the order of their dates.",
        )


def append_review(folder: Path, document: Document, entry: ReviewEntry) -> None:
    """Add an entry for the text of ``document`` to ``reviews.toml``, whole or not at all.

    What stands in the file is kept byte for byte. Raises ReviewRefused when the entry has no
    name or role, is not for this text, or is a step that may not follow; LibraryError when
    the file has a mistake.
    """
    _check_entry(document, entry)
    path = folder / FILE
    draft = folder / f".{FILE}.{os.getpid()}.tmp"
    try:
        with _only_writer(folder):
            old = path.read_bytes() if path.exists() else _HEAD.encode()
            entries = load_reviews(folder)
            _check_step(document, entry, entries)
            gap = b"" if old.endswith(b"\n") else b"\n"
            new = old + gap + _toml(entry).encode()
            if parse_reviews(new.decode("utf-8")) != (*entries, entry):
                raise ReviewRefused(f"The review can't be written to {FILE} as it is.")
            try:
                _write(draft, new)
                draft.replace(path)
                _sync(folder)
            finally:
                draft.unlink(missing_ok=True)
    except OSError as error:
        raise ReviewRefused(
            f"The review can't be written to {path}: {error.strerror or error}. Free some space "
            "or correct the permissions. Nothing was recorded."
        ) from error


def _check_entry(document: Document, entry: ReviewEntry) -> None:
    for what, value in (("name", entry.by), ("role", entry.role)):
        if not _is_filled(value) or not value.isprintable():
            raise ReviewRefused(
                f"A review needs the {what} of the person who made it, on one line of text."
            )
    if not all(c.isprintable() or c in "\n\t" for c in entry.comment):
        raise ReviewRefused("The comment holds a character that can't be printed. Leave it out.")
    if (entry.document, entry.sha256) != (document.id, document.sha256):
        raise ReviewRefused(f"The review is for another text than that of '{document.id}'.")


def _check_step(document: Document, entry: ReviewEntry, entries: Sequence[ReviewEntry]) -> None:
    status, mine = status_of(document, entries), entries_of(document, entries)
    if entry.status not in STEPS[status]:
        changed = not mine and any(e.document == document.id for e in entries)
        why = " (its text has changed since its last review)" if changed else ""
        raise ReviewRefused(
            f"'{document.id}' is {status}{why}, so it can't become {entry.status}. "
            f"After {status} comes {' or '.join(STEPS[status])}."
        )
    if mine and entry.on < mine[-1].on:
        raise ReviewRefused(
            f"The last review of '{document.id}' is of {mine[-1].on}; "
            f"{entry.on} lies before it. Give a later date."
        )


def _is_filled(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _toml(entry: ReviewEntry) -> str:
    lines = ["[[review]]"]
    for key in _KEYS:
        value = getattr(entry, key)
        if value != "":
            text = value.isoformat() if isinstance(value, date) else _quoted(value)
            lines.append(f"{key} = {text}")
    return "\n" + "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    # Every JSON string is a TOML basic string; what JSON leaves bare was refused before.
    return json.dumps(str(text), ensure_ascii=False)


@contextmanager
def _only_writer(folder: Path) -> Iterator[None]:
    """Wait for the right to write in the folder; the system frees it however we end."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
