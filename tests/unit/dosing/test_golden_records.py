"""What the reader reads in every kept text, field by field."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

from assistant.dosing import parse
from corpus.library import load_library
from corpus.model import sha256
from tests.characterisation import Line, characterised
from tests.unit.dosing.odd_texts import ODD_TEXTS

FIXTURES = Path(__file__).parents[2] / "fixtures" / "dosing"
LABELLED = (
    *("labelled", "set2-development", "set2-heldout", "set3-development", "set4-development"),
    *("set5-development", "set6-development", "set7-development", "open_list", "orders"),
)


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
        for line in (FIXTURES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            yield name, repr(text), read(text)


def odd_texts() -> Iterator[Line]:
    for text in ODD_TEXTS:
        yield "odd", repr(text), read(text)
        yield "odd, of one drug", repr(text), read(text, ("etoposide",))
        yield "odd, of two drugs", repr(text), read(text, ("etoposide", "dexamethasone"))


def repeated_texts() -> Iterator[Line]:
    """Texts of the longest sentence that is read, and one beyond it."""
    for text in (*ODD_TEXTS[::8], "Give 5 mg.\n"):
        for length in (400, 2_001):
            repeated = (f"{text} " * length)[:length]
            yield f"{length} characters", repr(text), read(repeated)


def shortened_texts() -> Iterator[Line]:
    """Every odd and every labelled text without each of its words, in a hash for each text."""
    kept = (FIXTURES / f"{name}.jsonl" for name in LABELLED)
    lines = (line for path in kept for line in path.read_text(encoding="utf-8").splitlines())
    labelled = dict.fromkeys(json.loads(line)["text"] for line in lines)
    for at, text in enumerate((*ODD_TEXTS, *labelled)):
        words = text.split(" ")
        shorter = (" ".join(words[:i] + words[i + 1 :]) for i in range(min(len(words), 12)))
        said = sha256("\n".join(line for short in shorter for line in read(short)))
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


def test_texts_with_a_word_left_out_are_read_as_approved() -> None:
    approved, now = characterised("records_shortened", shortened_texts())

    assert now == approved
