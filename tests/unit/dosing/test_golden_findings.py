"""What the comparison says of wrong and of reworded library sentences, word for word."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from assistant.dosing import Finding, Parsed, compare, compare_with_library, parse
from assistant.readings import Readings
from corpus.library import Library, load_library
from corpus.model import sha256
from eval.dose_mutations import dose_statements
from eval.dose_operators import mutants
from eval.dose_rewrites import rewrites
from tests.characterisation import Line, characterised
from tests.unit.dosing.labelled_texts import all_texts, swapped

EVERY = 9  # statements; all of them take a minute


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def said(findings: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(
        f"{f.kind} {f.verdict}.{f.detail} {f.source_axis}: {f.why} {f.text!r} {f.start}-{f.end} "
        f"of {f.drug} against {f.source!r}"
        for f in findings
    )


def changed(library: Library) -> Iterator[Line]:
    readings = Readings(library)
    for passage, _ in list(dose_statements(library))[::EVERY]:
        source = readings[passage.id].parsed
        for mutant in mutants(passage.text, library.drugs):
            found = compare(parse(mutant.text), source)
            yield passage.id, mutant.operator, said(found)
        for rewritten in rewrites(passage.text, library.drugs):
            found = compare(parse(rewritten.text), source)
            yield passage.id, rewritten.rewrite, said(found)


def moved(library: Library) -> Iterator[Line]:
    """Each statement against the statements of its drugs, and as an order against them all."""
    readings = Readings(library)
    statements = list(dose_statements(library))
    for passage, read in statements[::EVERY]:
        drugs = {dose.drug for dose in read.doses}
        claim = parse(passage.text)
        about = [p for p, r in statements if drugs & {dose.drug for dose in r.doses}]
        for other in about[:12]:
            found = compare(claim, readings[other.id].parsed)
            yield passage.id, f"cited to {other.id}", said(found)
        nearest = compare_with_library(claim, [(p.id, readings[p.id].parsed) for p in about])
        order = tuple(
            f"{f.verdict}.{f.detail}: {f.why} {f.text!r} {f.source_id} {f.source!r}"
            for f in nearest
        )
        yield passage.id, "as an order", order


def of_the_same_drug() -> Iterator[Line]:
    """Labelled texts against those that come next among the texts of a drug, and themselves."""
    by_drug: dict[str, list[tuple[str, Parsed]]] = {}
    for text in all_texts():
        read = parse(text)
        for drug in dict.fromkeys(dose.drug for dose in read.doses if dose.drug):
            by_drug.setdefault(drug, []).append((text, read))
    for drug, texts in by_drug.items():
        for at, (text, claim) in enumerate(texts[:12]):
            for other, source in texts[at : at + 4]:
                found = compare(claim, source)
                kept = " ".join(dict.fromkeys(f"{f.verdict}.{f.detail}" for f in found))
                whole = sha256("\n".join(said(found)))[:12]
                yield drug[:1], f"{sha256(text + other)[:8]}", (f"{kept} '{whole}'",)


def with_a_word_changed() -> Iterator[Line]:
    """Labelled texts against themselves with a word changed, and the other way round."""
    for at, text in enumerate(all_texts()):
        read = parse(text)
        if not read.numbers:
            continue
        for changed_text in swapped(text, 3):
            other = parse(changed_text)
            found = [*compare(read, other), *compare(other, read)]
            kept = " ".join(dict.fromkeys(f"{f.verdict}.{f.detail}" for f in found))
            whole = sha256("\n".join(said(found)))[:12]
            yield f"part {at // 25}", f"{sha256(text + changed_text)[:8]}", (f"{kept} '{whole}'",)


def test_the_findings_on_a_changed_word_are_the_approved_ones() -> None:
    approved, now = characterised("findings_swapped", with_a_word_changed())

    assert now == approved


def test_the_findings_on_labelled_texts_of_a_drug_are_the_approved_ones() -> None:
    approved, now = characterised("findings_labelled", of_the_same_drug())

    assert now == approved


def test_the_findings_on_wrong_and_reworded_sentences_are_the_approved_ones(
    library: Library,
) -> None:
    approved, now = characterised("findings", changed(library))

    assert now == approved


def test_the_findings_on_moved_citations_are_the_approved_ones(library: Library) -> None:
    approved, now = characterised("citations", moved(library))

    assert now == approved
