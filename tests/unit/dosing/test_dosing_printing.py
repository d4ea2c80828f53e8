"""A printed dose is in one style, and reads back as the dose that it was."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dosing import parse
from assistant.dosing.model import Bound, Dose, DoseRole, Frequency
from assistant.dosing.printing import NotPrintable, how_often, render, say_number
from corpus.drugs import load_drugs
from corpus.library import load_library

FIXTURES = Path(__file__).parents[2] / "fixtures" / "dosing"


def record(dose: Dose) -> dict[str, Any]:
    """What has to come back; flags say how the old text was written."""
    found = dose.to_record()
    found.pop("flags")
    return found


def texts() -> list[tuple[str, tuple[str, ...]]]:
    found = [(p.text, p.statement.facets.drugs) for p in load_library().passages.values()]
    for name in ("labelled", "set2-development", "open_list"):
        for line in (FIXTURES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            found.append((json.loads(line)["text"], ()))
    return found


def test_every_dose_of_the_library_and_of_the_labelled_strings_reads_back() -> None:
    printed, wrong = 0, []
    for text, drugs in texts():
        for dose in parse(text, context_drugs=drugs).doses:
            try:
                said = render(dose)
            except NotPrintable:
                continue
            printed += 1
            back = [record(d) for d in parse(said).doses]
            if back != [record(dose)]:
                wrong.append((said, record(dose), back))

    assert wrong == []
    assert printed > 700


NAMES = sorted(("etoposide", "anakinra", "ciclosporin", "dexamethasone", "rituximab", "heparin"))
whole = st.integers(1, 5000).map(Fraction)
decimal = st.integers(1, 9999).map(lambda n: Fraction(n, 100))
counts = st.integers(2, 6)


@st.composite
def bounds(draw: st.DrawFn, unit: str, top: int = 20) -> Bound:
    low = draw(st.integers(2, top))
    high = draw(st.one_of(st.just(low), st.integers(low, top)))
    return Bound(Fraction(low), Fraction(high), unit)


frequencies = st.one_of(
    st.just(Frequency(1, 1, "d")),
    st.just(Frequency(1, 2, "d")),
    st.builds(Frequency, counts, st.just(1), st.just("d")),
    st.builds(Frequency, st.integers(1, 5), st.just(1), st.just("wk")),
    st.builds(Frequency, st.just(1), st.integers(2, 48), st.sampled_from(["h", "wk"])),
    st.builds(Frequency, st.just(1), st.integers(3, 20), st.just("d")),
    st.just(Frequency(2, 1, "d", 3)),
)


@st.composite
def doses(draw: st.DrawFn) -> Dose:
    """A dose as a source may state it: fields that occur together."""
    drugs = load_drugs()
    drug = draw(st.sampled_from(NAMES))
    unit = draw(st.sampled_from(["mg", "g", "ug", "ng", "U", "[IU]", "mmol", "mL"]))
    basis = draw(st.sampled_from(["", "kg", "m2"]))
    per = draw(st.sampled_from(["", "dose", "d"]))
    if unit == "mL":
        per = "dose"  # a bare volume is what a drug is given in
    low = draw(st.one_of(whole, decimal))
    high = low + draw(st.one_of(st.just(Fraction(0)), whole))
    role = draw(st.sampled_from([DoseRole.STATED] * 4 + [DoseRole.MAXIMUM, DoseRole.MINIMUM]))
    limit = role is not DoseRole.STATED
    cmp = {DoseRole.MAXIMUM: "<=", DoseRole.MINIMUM: ">="}.get(role, "=")
    return Dose(
        start=0,
        end=0,
        text="",
        drug=drug,
        drug_name=drugs.name_of(drug),
        low=low,
        high=low if limit else high,
        unit=unit,
        basis=basis,
        per=per,
        role=role,
        cmp=cmp,
        freq=None if limit else draw(st.none() | frequencies),
        routes=()
        if limit
        else draw(st.sampled_from([(), ("IV",), ("PO",), ("SC",), ("IV", "SC")])),
        over=None if limit else draw(st.none() | bounds("min", 90)),
        duration=None if limit else draw(st.none() | bounds("d") | bounds("wk")),
        population=draw(st.sampled_from(["", "adult", "child", "elderly", "renal_impairment"])),
    )


@settings(max_examples=400, derandomize=True)
@given(doses())
def test_a_dose_that_was_built_reads_back_as_it_was(dose: Dose) -> None:
    said = render(dose)

    assert [record(d) for d in parse(said).doses] == [record(dose)], said


@settings(max_examples=200, derandomize=True)
@given(doses())
def test_a_printed_dose_names_no_error_prone_symbol(dose: Dose) -> None:
    said = f" {render(dose)} "

    for symbol in ("µg", " U ", "IU", " U/", "BID", "q12h", ".0 ", " .5", "SC ", " IV "):
        assert symbol not in said


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("dexamethasone .5 mg", "dexamethasone 0.5 mg"),
        ("dexamethasone 5.0 mg BID", "dexamethasone 5 mg twice daily"),
        ("etoposide 50-100 mg/m2 IV q1w", "etoposide 50 to 100 mg/m² once weekly intravenously"),
        ("heparin 5000 U SC TID", "heparin 5,000 units 3 times daily subcutaneously"),
        ("dex 10 mg/m2 qod", "dexamethasone 10 mg/m² every other day"),
        ("rituximab 375 mg/m2 x4 doses", "rituximab 375 mg/m² for 4 doses"),
        (
            "etoposide 150 mg/m2 days 1, 8 and 15",
            "etoposide 150 mg/m² on days 1, 8, 15",
        ),
        ("vincristine max 2 mg", "vincristine maximum 2 mg"),
        ("keep cumulative etoposide below 2-3 g/m2", "etoposide cumulative dose below 2 to 3 g/m²"),
        ("etoposide: 75% of the dose", "etoposide: 75% of the dose"),
    ],
)
def test_one_style_for_every_spelling(text: str, printed: str) -> None:
    assert render(parse(text).doses[0]) == printed


@pytest.mark.parametrize("text", ["etoposide 2O mg", "5 mg/m2", "etoposide 5 mg^kg"])
def test_what_was_not_read_safely_is_not_printed(text: str) -> None:
    with pytest.raises(NotPrintable, match="can't be printed"):
        render(parse(text).doses[0])


@pytest.mark.parametrize(
    ("value", "text"), [("1/2", "0.5"), ("5/2", "2.5"), ("12000", "12,000"), ("999", "999")]
)
def test_numbers_are_printed_in_one_style(value: str, text: str) -> None:
    assert say_number(Fraction(value)) == text


def test_a_third_has_no_decimal_to_print() -> None:
    with pytest.raises(NotPrintable, match="no finite decimal"):
        say_number(Fraction(1, 3))


@pytest.mark.parametrize(
    ("freq", "words"),
    [
        (Frequency(1, 1, "d"), "daily"),
        (Frequency(1, 2, "d"), "every other day"),
        (Frequency(2, 1, "d"), "twice daily"),
        (Frequency(1, 1, "wk"), "once weekly"),
        (Frequency(2, 1, "d", 3), "2 to 3 times daily"),
        (Frequency(1, 12, "h"), "every 12 hours"),
        (Frequency(1, 3, "d", None, 4), "every 3 to 4 days"),
        (Frequency(1, 1, "mo"), "once monthly"),
    ],
)
def test_frequencies_are_english(freq: Frequency, words: str) -> None:
    assert how_often(freq) == words
