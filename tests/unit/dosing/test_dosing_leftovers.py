"""The last unread numbers get a kind from their neighbours, and are compared no less strictly."""

from __future__ import annotations

import pytest

from assistant.dosing import compare, parse
from assistant.dosing.model import Kind
from assistant.dosing.plain_numbers import compare_number
from assistant.dosing.verdict import Verdict
from corpus.library import load_library


def test_every_number_of_the_library_has_a_kind() -> None:
    unread = [
        (passage.id, number.text)
        for passage in load_library().passages.values()
        for number in parse(passage.text, context_drugs=passage.statement.facets.drugs).numbers
        if number.kind is Kind.UNKNOWN
    ]

    assert unread == []


@pytest.mark.parametrize(
    "text",
    [
        "etoposide 150 weekly",
        "Etoposide (150 with dexamethasone).",
        "Start etoposide, 150 died.",
        "Give 150 in complete response.",
        "The dose of 150 or more was used.",
        "Methotrexate 12 × 3.",
        "etoposide at dose 150",
        "150 etoposide",
        "cyclosporine: 140 about 16%",
    ],
)
def test_a_number_that_could_be_a_dose_stays_unknown(text: str) -> None:
    kinds = {n.text: n.kind for n in parse(text).numbers}

    first = next(t for t in kinds if t[:1].isdigit())
    assert kinds[first] is Kind.UNKNOWN


def test_a_changed_leftover_is_never_supported() -> None:
    tried = 0
    for passage in load_library().passages.values():
        drugs = passage.statement.facets.drugs
        source = parse(passage.text, context_drugs=drugs)
        for number in source.numbers:
            if not number.leftover:
                continue
            text = passage.text[: number.start] + "7777" + passage.text[number.end :]
            changed = parse(text, context_drugs=drugs)
            at = [n for n in changed.numbers if n.start <= number.start < n.end]
            verdicts = {compare_number(n, source).verdict for n in at}
            assert at, (passage.id, number.text)
            assert verdicts <= {Verdict.MISMATCH, Verdict.NOT_IN_SOURCE}, (passage.id, number.text)
            tried += 1

    assert tried > 80


def test_a_leftover_needs_the_same_neighbour() -> None:
    source = parse("Anakinra was judged effective in 19 (90.5%).")

    (number,) = [n for n in parse("There were 19 patients.").numbers if n.text == "19"]

    assert compare_number(number, source).verdict is not Verdict.SOURCE_ONLY


def test_a_lost_minus_is_a_difference() -> None:
    source = parse("A value of -2.1 or more suggests it.")

    (number,) = parse("A value of 2.1 or more suggests it.").numbers

    assert compare_number(number, source).verdict is not Verdict.SOURCE_ONLY


@pytest.mark.parametrize(
    ("text", "swapped"),
    [
        (
            "Clearance rose (47.4 against 29.2 mL/min/m²).",
            "Clearance rose (29.2 against 47.4 mL/min/m²).",
        ),
        (
            "In 123 patients against 320 with other causes.",
            "In 320 patients against 123 with other causes.",
        ),
        (
            "It had an AUC of 0.90 against 0.78 for ferritin.",
            "It had an AUC of 0.78 against 0.90 for ferritin.",
        ),
        (
            "The mean ratio was 8.56 in one group against 0.66 in the other.",
            "The mean ratio was 0.66 in one group against 8.56 in the other.",
        ),
    ],
)
def test_two_sides_that_change_places_are_caught(text: str, swapped: str) -> None:
    findings = compare(parse(swapped), parse(text))

    assert not all(f.shown for f in findings)
