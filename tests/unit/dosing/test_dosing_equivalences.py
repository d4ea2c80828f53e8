"""Two ways of writing a time: equal, equivalent with a note, or not equal."""

from __future__ import annotations

import pytest

from assistant.dosing import Verdict, compare, parse

EQUAL = [
    ("BID", "twice daily"),
    ("BID", "2x/day"),
    ("weekly", "every 7 days"),
    ("weekly", "q1w"),
    ("fortnightly", "every 2 weeks"),
    ("every 2 weeks", "q14d"),
    ("every other day", "q48h"),
    ("every other day", "alternate days"),
    ("daily", "once daily"),
    ("on days 1-5", "on days 1, 2, 3, 4, 5"),
]
NOTED = [
    ("BID", "q12h"),
    ("TID", "q8h"),
    ("every 4 weeks", "monthly"),
    ("daily for 8 weeks", "daily for 2 months"),
]
DIFFERENT = [
    ("daily", "weekly"),
    ("daily for 12 weeks", "daily for 3 months"),
    ("three times a week", "every other day"),
    ("biweekly", "twice weekly"),
    ("biweekly", "every 2 weeks"),
    ("biweekly", "weekly"),
]


def verdicts(claim: str, source: str) -> set[Verdict]:
    one, other = (parse(f"Etoposide 10 mg {when}.") for when in (claim, source))
    return {f.verdict for f in compare(one, other)}


@pytest.mark.parametrize(("one", "other"), [*EQUAL, *NOTED])
def test_equal_times_agree_in_both_directions(one: str, other: str) -> None:
    assert verdicts(one, other) == verdicts(other, one) == {Verdict.SOURCE_ONLY}


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_other_times_differ_in_both_directions(one: str, other: str) -> None:
    assert Verdict.SOURCE_ONLY not in verdicts(one, other)
    assert min(v.severity for v in verdicts(other, one)) < Verdict.INCOMPLETE.severity


@pytest.mark.parametrize(("one", "other"), NOTED[:3])
def test_an_equivalent_frequency_is_noted(one: str, other: str) -> None:
    (first, *_) = compare(parse(f"Etoposide 10 mg {one}."), parse(f"Etoposide 10 mg {other}."))

    assert "As often as the source says" in first.why


@pytest.mark.parametrize(
    ("claim", "source", "agrees"),
    [
        ("10 mg/day", "10 mg daily", True),
        ("10 mg once daily", "10 mg/day", True),
        ("5 mg/dose BID", "10 mg/day", True),
        ("10 mg/day", "10 mg/dose BID", False),
        ("1 g daily", "1000 mg daily", True),
        ("10 mg/m2 daily", "10 mg daily", False),
        ("10 units daily", "10 mg daily", False),
    ],
)
def test_amounts_are_compared_with_unit_basis_and_time(
    claim: str, source: str, agrees: bool
) -> None:
    found = compare(parse(f"Etoposide {claim}."), parse(f"Etoposide {source}."))

    assert (found[0].verdict is Verdict.SOURCE_ONLY) == agrees


@pytest.mark.parametrize(
    ("text", "contradicts"),
    [
        ("Ciclosporin 0.25 mg/kg/dose BID, i.e. 0.5 mg/kg/day.", False),
        ("Ciclosporin 0.25 mg/kg/dose BID, i.e. 0.25 mg/kg/day.", True),
        ("IVIG 1.2 g/kg over 3 days (0.4 g/kg/day).", False),
        ("IVIG 1.2 g/kg over 3 days (0.6 g/kg/day).", True),
        ("IVIG 1.6 g/kg over 2-3 days is about 0.5-0.8 g/kg/day.", False),
        ("With a body surface of 1.72 m2, etoposide 75 mg/m2 = 129 mg.", False),
        ("With a body surface of 1.72 m2, etoposide 75 mg/m2 = 192 mg.", True),
        ("At a body weight of 70 kg, anakinra 2 mg/kg = 140 mg.", False),
        ("At a body weight of 70 kg, anakinra 2 mg/kg = 1400 mg.", True),
    ],
)
def test_a_dose_stated_twice_must_add_up(text: str, contradicts: bool) -> None:
    read = parse(text)

    found = {f.verdict for f in compare(read, read)}

    assert (Verdict.INCONSISTENT in found) == contradicts


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("sCD25 above 2400 U/mL", "soluble IL-2 receptor above 2400 U/mL"),
        ("sIL2R 2400 U/mL", "sCD25 2400 U/mL"),
        ("soluble CD25 2400 U/mL", "sCD25 2400 U/mL"),
        ("IL-2R 2400 U/mL", "CD25 2400 U/mL"),
        ("soluble interleukin-2 receptor 2400 U/mL", "sCD25 2400 U/mL"),
        ("CrCl below 30 mL/min", "creatinine clearance below 30 mL/min"),
        ("ClCr below 30 mL/min", "creatinine clearance below 30 mL/min"),
        ("ANC below 0.5 × 10⁹/L", "neutrophils below 0.5 × 10⁹/L"),
        ("Hb below 90 g/L", "haemoglobin below 90 g/L"),
    ],
)
def test_two_names_of_one_laboratory_value_agree(one: str, other: str) -> None:
    for claim, source in ((one, other), (other, one)):
        found = compare(parse(claim), parse(source))
        assert {f.verdict for f in found} == {Verdict.SOURCE_ONLY}


def test_a_value_of_another_analyte_is_none_of_the_sources() -> None:
    (found,) = compare(
        parse("Platelets below 0.5 × 10⁹/L."), parse("Neutrophils below 0.5 × 10⁹/L.")
    )

    assert found.verdict is Verdict.MISMATCH
    assert "neutrophils" in found.why


@pytest.mark.parametrize(
    ("claim", "source", "agrees"),
    [
        ("5 mg/month", "5 mg monthly", True),
        ("5 mg every 2 months", "5 mg monthly", False),
    ],
)
def test_months_are_compared_with_months(claim: str, source: str, agrees: bool) -> None:
    found = compare(parse(f"Etoposide {claim}."), parse(f"Etoposide {source}."))

    assert all(f.verdict is Verdict.SOURCE_ONLY for f in found) == agrees
