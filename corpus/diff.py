"""Two editions of a document, statement by statement: added, removed, changed.

Statements are paired by their text first, then by their number, then by likeness, so that
a new numbering alone is no change. Changed words stand between « », and every change that
touches a number is repeated on a line of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher

from corpus.model import Document, Facets, Statement

SAME_NUMBER = 0.4  # share of words in common from which two of one number are one statement
ALIKE = 0.6  # the same for statements of different numbers
_UNSEEN = ("number", "text", "span", "line", "facts", "facets")
_NUMBER = re.compile(
    r"\d|[½¼¾⅓⅔%‰<>≤≥±]|\b(?:zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"once|twice|thrice|double|triple|half|third|quarter|single|hundred|thousand|million|"
    r"daily|weekly|monthly|hourly)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Change:
    """One statement before and after; None where it does not exist."""

    before: Statement | None
    after: Statement | None


@dataclass(frozen=True, slots=True)
class WordChange:
    """The words of two texts with what changed marked, and the changes of numbers."""

    before: str
    after: str
    numbers: tuple[tuple[str, str], ...]  # (before, after), with the words beside them


def compare_editions(old: Document, new: Document) -> tuple[Change, ...]:
    """What differs between two documents, in the order of the new one; removed ones last."""
    partner = _pair(old.statements, new.statements)
    changes = []
    for statement in new.statements:
        before = partner.get(statement.number)
        if before is None or before.text != statement.text or _other_fields(before, statement):
            changes.append(Change(before, statement))
    kept = {before.number for before in partner.values()}
    changes += [Change(s, None) for s in old.statements if s.number not in kept]
    return tuple(changes)


def compare_words(before: str, after: str) -> WordChange:
    """Two sentences word by word.

    >>> compare_words("Give 10 mg/m² once daily.", "Give 20 mg/m² once daily.")
    WordChange(before='Give «10» mg/m² once daily.', after='Give «20» mg/m² once daily.', \
numbers=(('10 mg/m²', '20 mg/m²'),))
    """
    a, b = before.split(), after.split()
    left: list[str] = []
    right: list[str] = []
    numbers: list[tuple[str, str]] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if tag == "equal":
            left += a[i:i_end]
            right += b[j:j_end]
            continue
        left += _marked(a[i:i_end])
        right += _marked(b[j:j_end])
        # A unit without its number says little, and so does a number without its unit.
        after_number = i > 0 and j > 0 and _has_number(a[i - 1 : i])
        if after_number or _has_number(a[i:i_end]) or _has_number(b[j:j_end]):
            back = 1 if after_number else 0
            on = 1 if _has_number([*a[i:i_end][-1:], *b[j:j_end][-1:]]) else 0
            numbers.append((" ".join(a[i - back : i_end + on]), " ".join(b[j - back : j_end + on])))
    return WordChange(" ".join(left), " ".join(right), tuple(numbers))


def render_diff(old: Document, new: Document, old_name: str = "", new_name: str = "") -> str:
    """What differs, as plain text to read from top to bottom."""
    changes = compare_editions(old, new)
    lines = [f"old: {_title(old, old_name)}", f"new: {_title(new, new_name)}", ""]
    for change in changes:
        lines += [*_lines(change), ""]
    if not changes:
        return "\n".join([*lines, "No statement differs."])
    numbers = sum(bool(_word_change(c).numbers) for c in changes if c.before and c.after)
    return "\n".join(
        [
            *lines,
            f"{sum(c.before is None for c in changes)} added, "
            f"{sum(c.after is None for c in changes)} removed, "
            f"{sum(c.before is not None and c.after is not None for c in changes)} changed, "
            f"{numbers} of these in a number.",
        ]
    )


def _title(document: Document, name: str) -> str:
    return f"{name or document.id}, {document.title}, edition {document.edition}"


def _lines(change: Change) -> Iterator[str]:
    before, after = change.before, change.after
    if before is None and after is not None:
        yield f"ADDED {after.number}"
        yield f"  + {after.text}"
    elif after is None and before is not None:
        yield f"REMOVED {before.number}"
        yield f"  - {before.text}"
    elif before is not None and after is not None:
        was = f" (was {before.number})" if before.number != after.number else ""
        yield f"CHANGED {after.number}{was}"
        if before.text != after.text:
            words = _word_change(change)
            yield f"  - {words.before}"
            yield f"  + {words.after}"
            for old, new in words.numbers:
                yield f"  NUMBER: {old or '(nothing)'} -> {new or '(nothing)'}"
        for name, old, new in _other_fields(before, after):
            yield f"  {name}: {old or '(none)'} -> {new or '(none)'}"


def _word_change(change: Change) -> WordChange:
    assert change.before is not None
    assert change.after is not None
    return compare_words(change.before.text, change.after.text)


def _pair(old: Sequence[Statement], new: Sequence[Statement]) -> dict[str, Statement]:
    """The old statement of each new one, by the new one's number."""
    partner: dict[str, Statement] = {}
    free_old, free_new = list(old), list(new)

    def take(fits: Callable[[Statement, Statement], bool]) -> None:
        for after in tuple(free_new):
            before = next((s for s in free_old if fits(s, after)), None)
            if before is not None:
                partner[after.number] = before
                free_old.remove(before)
                free_new.remove(after)

    take(lambda a, b: a.text == b.text and a.number == b.number)
    take(lambda a, b: a.text == b.text)
    take(lambda a, b: a.number == b.number and _likeness(a, b) >= SAME_NUMBER)
    scored = sorted(
        ((-_likeness(a, b), j, i) for i, a in enumerate(free_old) for j, b in enumerate(free_new)),
    )
    olds, news = tuple(free_old), tuple(free_new)
    used: set[str] = set()
    for score, j, i in scored:
        if -score < ALIKE:
            break
        if news[j].number not in partner and olds[i].number not in used:
            partner[news[j].number] = olds[i]
            used.add(olds[i].number)
    return partner


def _likeness(a: Statement, b: Statement) -> float:
    return SequenceMatcher(None, a.text.split(), b.text.split(), autojunk=False).ratio()


def _other_fields(before: Statement, after: Statement) -> list[tuple[str, str, str]]:
    """The fields besides the text that differ: name, before, after."""
    pairs = [(f.name, before, after) for f in fields(Statement) if f.name not in _UNSEEN]
    values = [(name, _shown(getattr(a, name)), _shown(getattr(b, name))) for name, a, b in pairs]
    values += [
        (f.name, _shown(getattr(before.facets, f.name)), _shown(getattr(after.facets, f.name)))
        for f in fields(Facets)
    ]
    return [(name, old, new) for name, old, new in values if old != new]


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return "; ".join(str(item) for item in value)
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


def _marked(words: Sequence[str]) -> list[str]:
    return [f"«{' '.join(words)}»"] if words else []


def _has_number(words: Sequence[str]) -> bool:
    return any(_NUMBER.search(word) for word in words)
