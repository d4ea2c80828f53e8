"""A printed dose reads back as the dose that it was printed from, or it isn't printed."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, given, settings

from assistant.dosing import Bound, Dose, DoseRole, Frequency, parse
from assistant.dosing.printing import (
    NotPrintable,
    how_often,
    reads_back,
    render,
    say_number,
)
from corpus.drugs import load_drugs
from corpus.library import load_library
from tests.unit.dosing.doses_to_print import doses
from tests.unit.dosing.test_dosing_open_list import lines

FIXTURES = ("labelled.jsonl", "set2-development.jsonl", "open_list.jsonl")


def dose_of(text: str) -> Dose:
    (dose,) = parse(text).doses
    return dose


def contradicts_itself(dose: Dose) -> bool:
    """A limit "over 24 hours" is a limit a day; a total limit "daily" is a limit of each day."""
    total_each_day = dose.cumulative and dose.freq is not None and dose.freq.unit == "d"
    over_a_day = dose.over is not None and dose.over.low == 24 and dose.over.unit == "h"
    return dose.role.is_limit and (total_each_day or over_a_day)


@settings(
    max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)
@given(dose=doses())
def test_every_dose_that_can_be_built_reads_back_from_its_print(dose: Dose) -> None:
    try:
        line = render(dose)
    except NotPrintable:
        assert contradicts_itself(dose)
        return

    (read,) = parse(line).doses
    assert read.to_record() | {"flags": []} == dose.to_record() | {"flags": []}


def _unprinted(texts: list[tuple[str, tuple[str, ...]]]) -> Counter[str]:
    """Why doses of these texts weren't printed; a printed one has read back already."""
    why: Counter[str] = Counter()
    for text, drugs in texts:
        for dose in parse(text, context_drugs=drugs).doses:
            try:
                render(dose)
            except NotPrintable as error:
                why[error.why.split(" for ")[0].split(" (")[0]] += 1
    return why


def test_every_dose_of_the_library_is_printed_unless_a_condition_is_set_for_it() -> None:
    statements = [p.statement for p in load_library().all_passages.values()]

    why = _unprinted([(s.text, s.facets.drugs) for s in statements])

    assert set(why) <= {"it is set"}


@pytest.mark.parametrize("name", FIXTURES)
def test_every_dose_of_the_labelled_strings_is_printed_unless_it_is_unsure(name: str) -> None:
    texts = [(case["text"], ()) for case in lines(name)]

    why = _unprinted(texts)

    share = "it is a share of the dose of an unnamed drug"
    assert set(why) <= {"it is set", "its reading is unsure", share}


def test_every_drug_of_the_table_is_read_back_from_its_printed_name() -> None:
    table = load_drugs()
    base = dose_of("etoposide 5 mg daily")

    lost = [
        drug
        for drug in table.drugs
        if not reads_back(
            f"{table.name_of(drug)} 5 mg daily",
            replace(base, drug=drug, drug_name=table.name_of(drug)),
        )
    ]

    assert lost == []


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("VP-16 .5 mg/kg qod x 3 d", "etoposide 0.5 mg/kg every other day for 3 days"),
        ("methotrexate 5.0 mg PO qw", "methotrexate 5 mg once weekly by mouth"),
        ("MTX 12000 mg/m2 IV", "methotrexate 12,000 mg/m² intravenously"),
        ("G-CSF 5 µg/kg/day SC", "filgrastim 5 micrograms/kg/day subcutaneously"),
        ("heparin 18 U/kg/h", "heparin 18 units/kg/hour"),
        ("vincristine max 2 mg", "vincristine up to 2 mg"),
        ("etoposide at least 50 mg", "etoposide at least 50 mg"),
        ("etoposide cumulative dose max 2 g/m2", "etoposide, cumulative dose up to 2 g/m²"),
        ("do not give etoposide 150 mg/m2", "do not give etoposide 150 mg/m²"),
        ("etoposide was reduced from 40 mg", "etoposide, previously 40 mg"),
        ("reduce etoposide by 25%", "etoposide 75% of the dose"),
        ("IVIG 1.6 g/kg over 2-3 days", "ivig 1.6 g/kg over 2 to 3 days"),
        ("etoposide 100 mg/m2 d1-5,14", "etoposide 100 mg/m² on days 1 to 5 and 14"),
        (
            "etoposide 150 mg/m2 twice weekly for 2 weeks, then once weekly",
            "etoposide 150 mg/m² twice weekly for 2 weeks, then once weekly",
        ),
        ("rituximab 375 mg/m2 weekly x4", "rituximab 375 mg/m² once weekly for 4 treatments"),
        (
            "anakinra 5 mg/kg/day in 4 divided doses IV",
            "anakinra 5 mg/kg/day in 4 divided doses intravenously",
        ),
    ],
)  # fmt: skip
def test_a_dose_is_printed_in_the_one_style(text: str, printed: str) -> None:
    dose = dose_of(text)

    line = render(dose)

    assert line == printed


@pytest.mark.parametrize(
    "text",
    [
        "dexa 2O mg daily",
        "rituximab 375 mg/rn2 weekly",
        "mesna 1.200 mg daily",
        "pegfilgrastim 6 mg biweekly",
        "AZA 2 mg/kg/day",
        "reduce prednisolone by 10 mg",
        "reduce by 25% of the dose",
        "tocilizumab 12 mg/kg if <30 kg",
    ],
)
def test_a_dose_that_rests_on_a_guess_or_a_condition_is_not_printed(text: str) -> None:
    dose = dose_of(text)

    with pytest.raises(NotPrintable, match="literal text"):
        render(dose)


@pytest.mark.parametrize("amount", range(103, 110))
def test_a_count_before_what_looks_like_a_power_of_ten_is_not_printed(amount: int) -> None:
    two = Bound(Fraction(2), Fraction(2))
    dose = replace(dose_of(f"etoposide {amount} mg"), units_per_dose=two)

    with pytest.raises(NotPrintable, match=f"× {amount}” looks like a power of ten"):
        render(dose)
    assert render(replace(dose, low=Fraction(110), high=Fraction(110))) == "etoposide 2 × 110 mg"


def test_a_line_that_would_be_read_as_another_dose_is_not_printed() -> None:
    dose = replace(dose_of("etoposide 5 mg"), freq=Frequency(3, 5, "mo"))

    with pytest.raises(NotPrintable, match="read as another dose"):
        render(dose)


@pytest.mark.parametrize(
    "broken",
    [
        {"unit": "furlong"},
        {"low": Fraction(1, 3), "high": Fraction(1, 3)},
        {"low": Fraction(-1), "high": Fraction(-1)},
        {"population": "unicorn"},
        {"duration": Bound(None, None, "d")},
        {"duration": Bound(Fraction(2), Fraction(2), "y")},
        {"role": DoseRole.RELATIVE},
        {"freq": Frequency(1, 1, "y")},
    ],
)
def test_a_record_without_words_is_not_printed(broken: dict[str, object]) -> None:
    dose = replace(dose_of("etoposide 5 mg"), **broken)  # type: ignore[arg-type]

    with pytest.raises(NotPrintable):
        render(dose)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        (Fraction(1, 2), "0.5"),
        (Fraction(999), "999"),
        (Fraction(1000), "1,000"),
        (Fraction(2_400_001, 2), "1,200,000.5"),
    ],
)
def test_a_number_has_a_leading_zero_and_commas_from_a_thousand(
    value: Fraction, printed: str
) -> None:
    assert say_number(value) == printed


@pytest.mark.parametrize(
    ("freq", "words"),
    [
        (Frequency(1, 1, "d"), "daily"),
        (Frequency(1, 2, "d"), "every other day"),
        (Frequency(2, 1, "d"), "twice daily"),
        (Frequency(1, 1, "wk"), "once weekly"),
        (Frequency(1, 1, "d", 2), "once or twice daily"),
        (Frequency(2, 1, "d", 3), "2 to 3 times daily"),
        (Frequency(1, 1, "h"), "every hour"),
        (Frequency(1, 12, "h"), "every 12 hours"),
        (Frequency(1, 3, "d", None, 4), "every 3 to 4 days"),
        (Frequency(1, 1, "mo"), "once monthly"),
    ],
)
def test_frequencies_are_english(freq: Frequency, words: str) -> None:
    assert how_often(freq) == words


@settings(max_examples=200, derandomize=True, deadline=None)
@given(dose=doses().filter(lambda dose: not contradicts_itself(dose)))
def test_a_printed_dose_names_no_error_prone_symbol(dose: Dose) -> None:
    said = f" {render(dose)} "

    for symbol in ("µg", " U ", "IU", " U/", "BID", "q12h", ".0 ", " .5", "SC ", " IV "):
        assert symbol not in said
