"""Orders that can't be read whole: no unit, no known drug, no text; and how a check is printed."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.orders import LibraryChecker, render_check
from tests.builders_orders import bundled_checker, findings, kinds


@pytest.fixture(scope="module")
def bundled() -> LibraryChecker:
    return bundled_checker()


@pytest.mark.parametrize(
    "text",
    [
        "etoposide 150 weekly",
        "dex 10 bd",
        "10 dex bd",
        "etoposide IV 150",
        "tocilizumab 8/kg",
        "Methylpred: 1000 daily for 3 days",
    ],
)
def test_a_number_beside_a_drug_without_a_unit_is_not_read_as_nothing(
    bundled: LibraryChecker, text: str
) -> None:
    check = bundled.check(text)

    assert check.state == "UNREADABLE"
    assert kinds(check) == {"no-unit"}


@pytest.mark.parametrize(
    "text",
    [
        "etoposide day 1, 8",
        "HLH-94",
        "cycle 2 of etoposide",
        "2 doses of rituximab",
        "3rd etoposide dose",
        "etoposide #3",
        "etoposide in 2019",
        "1. etoposide 2. dexamethasone 3. IVIG",
        "rituximab x4",
    ],
)
def test_a_day_a_cycle_and_a_count_need_no_unit(bundled: LibraryChecker, text: str) -> None:
    assert bundled.check(text).state == "NO_NUMBERS"


def test_a_name_that_no_table_knows_is_an_unknown_drug(bundled: LibraryChecker) -> None:
    check = bundled.check("zzzinib IV 40 mg daily")

    assert check.state == "UNKNOWN_DRUG"
    assert "zzzinib" in findings(check)[0].why


def test_the_json_holds_the_old_keys_and_the_new_ones(bundled: LibraryChecker) -> None:
    data = bundled.check("etoposide 1500 mg/m2 weekly").to_json()

    assert json.loads(json.dumps(data)) == data
    assert {"state", "records", "findings", "message"} == set(data)
    assert set(data["findings"][0]) >= {
        *("span", "drug", "text", "verdict", "why", "passage_id"),
        *("detail", "problems", "notes", "library", "more"),
    }


def test_the_plain_text_names_the_problem_and_the_librarys_dose(bundled: LibraryChecker) -> None:
    text = render_check(bundled.check("etoposide 1500 mg/m2 weekly"))

    assert text.startswith("MISMATCH")
    assert "- ten-fold: Ten times the library's 150 mg/m²" in text
    assert "hlh-2004-protocol:1.4" in text


@pytest.mark.parametrize(
    ("text", "state_of", "words"),
    [
        ("", "NO_NUMBERS", "no text to check"),
        (" \n\t", "NO_NUMBERS", "no text to check"),
        ("🙂🙂🙂", "NO_NUMBERS", "no dose to check"),
        ("x" * 60_000, "UNREADABLE", "60,000 characters"),
        ("etoposide 150 mg/m2 weekly.\n\n" * 101, "UNREADABLE", "101 doses"),
    ],
)
def test_what_can_not_be_checked_gets_a_sentence(
    bundled: LibraryChecker, text: str, state_of: str, words: str
) -> None:
    check = bundled.check(text)

    assert check.state == state_of
    assert words in check.message


def test_a_sentence_that_the_reader_refuses_is_a_finding(bundled: LibraryChecker) -> None:
    check = bundled.check("etoposide 150 mg/m2 weekly, " * 150)

    assert check.state == "UNREADABLE"
    assert kinds(check) == {"unreadable"}


FRAGMENTS = st.sampled_from(
    [
        *("etoposide", "dex", "IVIG", "zzzinib", "150", "10", "0", "1e9", "½", "mg", "g", "µg"),
        *("/m2", "/kg", "/day", "per", "max", "weekly", "bd", "for", "weeks 1-2", "x4", "day 1"),
        *("70 kg", "1.8 m2", "=", "(", ")", ",", ".", "\n", "-", "IV", "total", "not", "\ud800"),
    ]
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    text=st.one_of(
        st.text(max_size=300),
        st.lists(FRAGMENTS, max_size=25).map(" ".join),
        st.binary(max_size=200).map(lambda raw: raw.decode("utf-8", "surrogateescape")),
    )
)
def test_no_text_raises_and_every_check_can_be_printed(bundled: LibraryChecker, text: str) -> None:
    check = bundled.check(text)

    json.dumps(check.to_json(), ensure_ascii=False).encode("utf-8")
    render_check(check).encode("utf-8")
    assert check.findings or check.message
