"""What the reader reads in every kept text, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from assistant.dosing import parse
from corpus.library import load_library
from corpus.model import sha256
from tests.characterisation import Line, characterised
from tests.unit.dosing.labelled_texts import LABELLED, all_texts, swapped, texts_of
from tests.unit.dosing.odd_texts import ODD_TEXTS
from tests.unit.dosing.rare_amounts import OF_AMOUNTS
from tests.unit.dosing.rare_texts import OF_OTHERS
from tests.unit.dosing.stretched_texts import stretched


def read(text: str, context_drugs: tuple[str, ...] = ()) -> tuple[str, ...]:
    parsed = parse(text, context_drugs=context_drugs)
    records = parsed.to_records()
    lines = [f"text flags {records['flags']}; unread {parsed.unread}; named {parsed.named!r}"]
    for record, dose in zip(records["doses"], parsed.doses, strict=True):
        fields = [f"{name} {json.dumps(value)}" for name, value in record.items()]
        fields.append(f"at {dose.start}-{dose.end} of {dose.sentence}")
        fields.append(f"parts {dose.parts}")
        fields.append(f"conditions {'/'.join(dose.conditions)}")
        fields += [f"phase {phase.to_record()}" for phase in dose.phases]
        lines.append("dose " + "; ".join(fields))
    for number in parsed.numbers:
        kept = asdict(number) | {"kind": str(number.kind)}
        lines.append("number " + "; ".join(f"{name} {value!r}" for name, value in kept.items()))
    return tuple(lines)


def library_texts() -> Iterator[Line]:
    for passage in load_library().passages.values():
        yield "library", passage.id, read(passage.text, passage.statement.facets.drugs)


def labelled_texts() -> Iterator[Line]:
    for name in LABELLED:
        for text in texts_of(name):
            yield name, repr(text), read(text)


def odd_texts() -> Iterator[Line]:
    for text in ODD_TEXTS:
        yield "odd", repr(text), read(text)
        yield "odd, of one drug", repr(text), read(text, ("etoposide",))
        yield "odd, of two drugs", repr(text), read(text, ("etoposide", "dexamethasone"))


def rare_texts() -> Iterator[Line]:
    for at, text in enumerate((*OF_OTHERS, *OF_AMOUNTS)):
        for drugs in ((), ("etoposide",), ("etoposide", "dexamethasone")):
            said = sha256("\n".join(read(text, drugs)))
            yield f"part {at // 25}", repr(text), (f"'{said[:12]}'",)


def stretched_texts() -> Iterator[Line]:
    """What is read changes only where the word comes out of sight."""
    for word, text in stretched():
        yield word, repr(text), (f"'{sha256(chr(10).join(read(text)))[:12]}'",)


def repeated_texts() -> Iterator[Line]:
    """Texts of the longest sentence that is read, and one beyond it."""
    for text in (*ODD_TEXTS[::8], "Give 5 mg.\n"):
        for length in (400, 2_001):
            repeated = (f"{text} " * length)[:length]
            yield f"{length} characters", repr(text), read(repeated)


def shortened_texts() -> Iterator[Line]:
    """Every odd and every labelled text without each of its words, in a hash for each text."""
    for at, text in enumerate((*ODD_TEXTS, *all_texts())):
        words = text.split(" ")
        shorter = (" ".join(words[:i] + words[i + 1 :]) for i in range(min(len(words), 12)))
        said = sha256("\n".join(line for short in shorter for line in read(short)))
        yield f"part {at // 25}", repr(text), (f"'{said[:12]}'",)


def swapped_texts() -> Iterator[Line]:
    """Every odd and every labelled text with a word changed, in a hash for each text."""
    for at, text in enumerate((*ODD_TEXTS, *all_texts())):
        said = sha256("\n".join(line for other in swapped(text, 4) for line in read(other)))
        yield f"part {at // 25}", repr(text), (f"'{said[:12]}'",)


def test_the_library_is_read_as_approved() -> None:
    approved, now = characterised("records_library", library_texts())

    assert now == approved


def test_the_labelled_texts_are_read_as_approved() -> None:
    approved, now = characterised("records_labelled", labelled_texts())

    assert now == approved


def test_odd_texts_are_read_as_approved() -> None:
    approved, now = characterised("records_odd", [*odd_texts(), *repeated_texts()])

    assert now == approved


def test_rare_texts_are_read_as_approved() -> None:
    approved, now = characterised("records_rare", rare_texts())

    assert now == approved


def test_words_are_heard_as_far_as_approved() -> None:
    approved, now = characterised("records_stretched", stretched_texts())

    assert now == approved


def test_texts_with_a_word_left_out_are_read_as_approved() -> None:
    approved, now = characterised("records_shortened", shortened_texts())

    assert now == approved


def test_texts_with_a_word_changed_are_read_as_approved() -> None:
    approved, now = characterised("records_swapped", swapped_texts())

    assert now == approved
