"""What a number of a statement is: with its unit, of a declared kind, or neither."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.drugs import load_drugs
from corpus.library import load_library
from corpus.model import Span
from corpus.numbers import Meaning, read_numbers

_WITH_UNIT = re.compile(
    r"(?<=\d) (?:mg|g|µg|ng|mmol|µmol|mL|U|kg)"
    r"(?:/(?:kg|m²|L|dL|mL|min|day|dose|hour|cycle))*(?![\w/])"
)


def meanings(text: str) -> dict[str, str]:
    """Each number of the text, with what it is; drugs are found as in a statement."""
    places = [Span(m.start, m.end) for m in load_drugs().find(text)]
    return {n.text: str(n.meaning) for n in read_numbers(text, places)}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Etoposide 150 mg/m² twice weekly.", {"150": "unit"}),
        ("Platelets below 100 × 10⁹/L.", {"100": "unit", "10⁹": "unit"}),
        ("Platelets below 50,000/mm³.", {"50,000": "unit"}),
        ("Neutrophils below 500 per mm³.", {"500": "unit"}),
        ("Fever of 38.5 °C, and 12% died.", {"38.5": "unit", "12": "unit"}),
        ("Give 8, 10 or 12 mg.", {"8": "unit", "10": "unit", "12": "unit"}),
        ("Tablets of 160/800 mg.", {"160": "unit", "800": "unit"}),
        ("A 96-hour infusion, 3 consecutive days.", {"96": "unit", "3": "unit"}),
        ("Give 3 doses in 4 patients.", {"3": "count", "4": "count"}),
        ("In 22 published cases 5 died.", {"22": "count", "5": "count"}),
        ("At least 5 of 8 criteria.", {"5": "count", "8": "count"}),
        ("It was effective in 19 (90.5%).", {"19": "count", "90.5": "unit"}),
        ("Mortality was 28.1% (27/96).", {"28.1": "unit", "27": "ratio", "96": "ratio"}),
        ("P = 0.02, hazard ratio 4.3.", {"0.02": "statistic", "4.3": "statistic"}),
        ("A 95% CI 3.0–6.2.", {"95": "unit", "3.0": "statistic", "6.2": "statistic"}),
        ("The best score is 169.", {"169": "score"}),
        ("Label of 2018.", {"2018": "year"}),
        (
            "Use HLH-94/2004, IL-6 and CXCL9.",
            {"94": "name", "2004": "name", "6": "name", "9": "name"},
        ),
        ("Grade 3 in phase 2.", {"3": "name", "2": "name"}),
        (
            "On days 1–5, 14 and 21.",
            {"1": "schedule", "5": "schedule", "14": "schedule", "21": "schedule"},
        ),
        ("The mark is passed at dose 14.", {"14": "schedule"}),
        ("Patients aged 12 or older.", {"12": "age"}),
        ("Area = 0.5 × (height - 3).", {"0.5": "formula", "3": "formula"}),
    ],
)
def test_a_number_with_a_unit_or_a_kind_is_recognised(text: str, expected: dict[str, str]) -> None:
    assert meanings(text) == expected


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Dexamethasone 10 daily.", "10"),
        ("Etoposide 150 twice weekly.", "150"),
        ("Ciclosporin trough 200.", "200"),
        ("Aim for a ciclosporin trough of 200 in adults.", "200"),
        ("In 20 patients dexamethasone 10 daily.", "10"),
        ("Etoposide 150 twice weekly for patients.", "150"),
        ("Anakinra 2000 daily.", "2000"),
        ("Etoposide 150 per dose.", "150"),
        ("Ruxolitinib 50 per day.", "50"),
        ("Dexamethasone 10 mg/m² in weeks 1–2, 5 in weeks 3–4.", "5"),
        ("Methotrexate 7.5 under 1 year, 8 mg at 1 year.", "7.5"),
        ("Platelets below 50 in 20 patients.", "50"),
        ("Ferritin below 2,000 0 points.", "2,000"),
    ],
)
def test_a_number_that_nothing_explains_has_no_meaning(text: str, number: str) -> None:
    assert meanings(text)[number] == "none"


def test_every_number_of_the_bundled_library_is_explained() -> None:
    library = load_library()
    plain = library.vocabulary.plain_names

    unexplained = [
        (passage.id, number.text)
        for passage in library.passages.values()
        if not any(name in passage.text for name in plain)
        for number in read_numbers(
            passage.text, [Span(m.start, m.end) for m in library.drugs.find(passage.text)]
        )
        if number.meaning is Meaning.NONE
    ]

    assert unexplained == []


def test_a_unit_left_out_of_a_bundled_statement_is_nearly_always_noticed() -> None:
    library = load_library()

    noticed = []
    for passage in library.passages.values():
        for unit in _WITH_UNIT.finditer(passage.text):
            text = passage.text[: unit.start()] + passage.text[unit.end() :]
            places = [Span(m.start, m.end) for m in library.drugs.find(text)]
            noticed.append(Meaning.NONE in {n.meaning for n in read_numbers(text, places)})

    assert len(noticed) > 300
    assert sum(noticed) / len(noticed) >= 0.95


@given(st.text(max_size=200))
def test_no_text_makes_the_reader_of_numbers_raise(text: str) -> None:
    found = read_numbers(text)

    assert all(text[n.start : n.end] == n.text for n in found)
    assert [n.start for n in found] == sorted({n.start for n in found})


_FIGURES = st.sampled_from(["1", "2.5", "1,000", ".5", "10⁹", "2024-06-01"])
_SIGNS = st.sampled_from(["×", "–", "-", "/", "(", ")", "%", "="])
_WORDS = st.sampled_from(["mg", "days", "of", "or", "more", "and", "against", "P", "score", "in"])


@given(st.lists(_FIGURES | _SIGNS | _WORDS, max_size=14), st.sampled_from(["", " "]))
def test_no_order_of_words_and_numbers_makes_the_reader_of_numbers_raise(
    pieces: list[str], join: str
) -> None:
    text = join.join(pieces)

    found = read_numbers(text, [Span(0, 1)])

    assert all(text[n.start : n.end] == n.text for n in found)


@given(st.integers(1, 9999), st.sampled_from(["mg", "mg/kg", "g/L", "mL/min", "weeks"]))
def test_a_number_before_a_unit_always_has_it(number: int, unit: str) -> None:
    assert meanings(f"Give dexamethasone {number} {unit} now.") == {str(number): "unit"}
