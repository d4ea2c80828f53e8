"""What an order is worth, what is wrong with it, and what the library gives beside it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from assistant.orders import LibraryChecker
from corpus.library import load_library
from corpus.model import Verification
from tests.builders import HEADER, a_statement, write_library
from tests.builders_orders import (
    ORDER,
    OWN_SET,
    TEXT,
    a_checker,
    bundled_checker,
    findings,
    kinds,
    state,
)


@pytest.fixture(scope="module")
def bundled() -> LibraryChecker:
    return bundled_checker()


@pytest.mark.parametrize("role", ["dose", "recommendation", "dose-adjustment"])
def test_advice_vouches_for_an_order(tmp_path: Path, role: str) -> None:
    assert state(tmp_path, role=role) == "WITHIN_RANGE"


@pytest.mark.parametrize("role", ["warning", "evidence", "definition"])
def test_a_dose_that_a_warning_or_a_study_names_vouches_for_no_order(
    tmp_path: Path, role: str
) -> None:
    assert state(tmp_path, role=role) == "UNKNOWN_DRUG"


def test_a_summary_alone_vouches_for_no_order(tmp_path: Path) -> None:
    header = HEADER.replace('"guideline"', '"summary"')
    body = a_statement("1", TEXT, drugs="dexamethasone", role="dose")
    write_library(tmp_path, {"example-2024.md": header + body})

    assert LibraryChecker(load_library(tmp_path)).check(ORDER).state == "UNKNOWN_DRUG"


@pytest.mark.parametrize("case", OWN_SET, ids=[case["id"] for case in OWN_SET])
def test_each_order_of_the_own_set_gets_its_state_and_its_problem(
    bundled: LibraryChecker, case: dict[str, object]
) -> None:
    check = bundled.check(str(case["text"]))

    assert check.state in case["states"]  # type: ignore[operator]
    assert not case["problem"] or case["problem"] in kinds(check)


@pytest.mark.parametrize(
    ("order", "kind", "words"),
    [
        ("dexamethasone 1500 mg/m² weekly", "ten-fold", "Ten times the library's 150 mg/m²"),
        ("dexamethasone 15 mg/m² weekly", "ten-fold", "A tenth of the library's 150 mg/m²"),
        ("dexamethasone 150 g/m² weekly", "thousand-fold", "A thousand times"),
        ("dexamethasone 150 mcg/m² weekly", "thousand-fold", "A thousandth of"),
        ("dexamethasone 150 mg/kg weekly", "basis", "Per kg instead of per m²"),
        ("dexamethasone 150 mg weekly", "basis", "a fixed amount instead of per m²"),
        ("dexamethasone 150 units/m² weekly", "unit", "The unit can't be converted"),
        ("dexamethasone 150 mg/m² daily", "frequency", "Once a day instead of once a week"),
        ("dexamethasone 150 mg/m² PO weekly", "route", "Oral instead of intravenous"),
        ("dexamethasone 150 mg/m² weekly for 9 weeks", "duration", "For 9 weeks instead of for 3"),
        ("dexamethasone 160 mg/m² weekly", "amount-above", "is above the library's 150 mg/m²"),
        ("dexamethasone 140 mg/m² weekly", "amount-below", "is below the library's 150 mg/m²"),
    ],
)
def test_a_wrong_order_is_told_what_is_wrong_in_words(
    tmp_path: Path, order: str, kind: str, words: str
) -> None:
    checker = a_checker(tmp_path, "Give dexamethasone 150 mg/m² IV once weekly for 3 weeks.")

    check = checker.check(order)

    (finding,) = findings(check)
    told = {str(problem.kind): problem.text for problem in finding.problems}
    assert check.state == "MISMATCH"
    assert words in told[kind]
    assert finding.problems[0].passage_id == "example-2024:1"


def test_a_daily_total_written_for_each_dose_is_told_with_both_totals(tmp_path: Path) -> None:
    checker = a_checker(tmp_path, "Give dexamethasone 6 mg/kg/day.")

    check = checker.check("dexamethasone 6 mg/kg twice daily")

    assert kinds(check) == {"per"}
    assert "12 mg/kg a day" in findings(check)[0].problems[0].text


def test_an_excess_near_the_range_is_no_ten_fold_slip_of_a_smaller_dose(tmp_path: Path) -> None:
    """12 is ten times a dose inside 1-2, but nobody who wrote 12 meant that beside 2-10."""
    checker = a_checker(
        tmp_path, "Give dexamethasone 2–10 mg/kg/day.", "Give dexamethasone 1–2 mg/kg/day."
    )

    assert kinds(checker.check("dexamethasone 12 mg/kg/day")) == {"amount-above"}


def test_the_dose_of_another_drug_is_recognised(bundled: LibraryChecker) -> None:
    check = bundled.check("prednisolone 375 mg/m2 once weekly")

    (problem,) = [p for p in findings(check)[0].problems if p.kind == "drug"]
    assert "rituximab" in problem.text


def test_the_librarys_doses_stand_beside_the_order_nearest_first(tmp_path: Path) -> None:
    checker = a_checker(
        tmp_path,
        "Children: dexamethasone 10 mg/m² once daily.",
        "Adults: dexamethasone 150 mg/m² once weekly.",
    )

    (finding,) = findings(checker.check("dexamethasone 160 mg/m² weekly"))

    first = finding.library[0]
    assert [dose.passage_id for dose in finding.library] == ["example-2024:2", "example-2024:1"]
    assert (first.text, first.frequency, first.population) == (
        "150 mg/m² once weekly",
        "once a week",
        "adults",
    )
    assert first.short == "Author A. J Ex. 2024"
    assert (first.standing, first.supports) == ("dose", True)


def test_a_second_hand_dose_says_who_reported_it(tmp_path: Path) -> None:
    checker = a_checker(tmp_path, TEXT, verified="second-hand", source="Author2024 via Reprint2025")

    (finding,) = findings(checker.check(ORDER))

    assert "reported by" in finding.library[0].verification
    assert "not checked" in finding.library[0].verification


def test_a_warning_is_shown_as_a_warning_and_never_as_a_dose(tmp_path: Path) -> None:
    checker = a_checker(tmp_path, TEXT, role="warning")

    check = checker.check(ORDER)

    (finding,) = findings(check)
    assert (finding.library[0].standing, finding.library[0].supports) == ("warning", False)
    assert "named-in-a-warning" in kinds(checker.check("dexamethasone 150–300 mg/m² twice weekly"))


def test_a_background_statement_is_never_shown_as_a_dose(tmp_path: Path) -> None:
    """The loader refuses such a statement; what reads doses does not rely on that."""
    library = a_checker(tmp_path, TEXT).library
    unread = {
        id_: replace(
            document,
            statements=tuple(
                replace(s, verification=Verification.BACKGROUND) for s in document.statements
            ),
        )
        for id_, document in library.documents.items()
    }

    check = LibraryChecker(replace(library, documents=unread)).check(ORDER)

    assert check.state == "UNKNOWN_DRUG"
    assert findings(check)[0].library == ()


def test_a_draft_warning_of_a_dose_that_the_library_gives_is_left_out(
    bundled: LibraryChecker,
) -> None:
    fitting = bundled.check("methotrexate 12 mg intrathecal once weekly")
    wrong = bundled.check("methotrexate 13 mg intrathecal once weekly")

    assert (fitting.state, kinds(fitting)) == ("SOURCE_ONLY", set())
    assert "draft-rule" in kinds(wrong)


def test_half_a_character_can_be_printed(bundled: LibraryChecker) -> None:
    check = bundled.check("\ud800 etoposide 1, " * 200)

    assert check.findings
    json.dumps(check.to_json(), ensure_ascii=False).encode("utf-8")


def test_a_total_of_all_doses_vouches_for_no_single_dose(bundled: LibraryChecker) -> None:
    """The library names 2 g/m² of etoposide as a lifetime total; one dose of it is no match."""
    check = bundled.check("etoposide 2 g/m2")

    assert check.state == "MISMATCH"


def test_a_field_on_which_the_library_is_silent_is_named_as_not_checked(tmp_path: Path) -> None:
    checker = a_checker(tmp_path, "Give dexamethasone 150 mg/m² once weekly.")

    check = checker.check("dexamethasone 150 mg/m² once weekly for 8 weeks")

    assert check.state == "INCOMPLETE"
    assert kinds(check) == {"not-checked"}


def test_a_duration_that_another_passage_contradicts_is_no_silence(tmp_path: Path) -> None:
    checker = a_checker(
        tmp_path,
        "Give dexamethasone 150 mg/m² once weekly.",
        "Give dexamethasone 150 mg/m² once weekly for 3 weeks.",
    )

    check = checker.check("dexamethasone 150 mg/m² once weekly for 8 weeks")

    assert check.state == "MISMATCH"
    assert kinds(check) == {"duration"}


def test_a_frequency_on_which_one_passage_is_silent_is_held_against_the_others(
    bundled: LibraryChecker,
) -> None:
    """The library gives filgrastim 5 µg/kg a day, and names the same amount as a step."""
    check = bundled.check("filgrastim 5 micrograms/kg/dose SC twice daily")

    assert check.state == "MISMATCH"
    assert "per" in kinds(check)


def test_another_amount_in_the_weeks_of_a_plan_is_a_mismatch(tmp_path: Path) -> None:
    checker = a_checker(
        tmp_path,
        "Dexamethasone 2.5 mg/m²/day in weeks 5–6.",
        "Give dexamethasone 5–10 mg/m²/day.",
    )

    assert checker.check("dexamethasone 7.5 mg/m²/day").state == "WITHIN_RANGE"
    assert checker.check("dexamethasone 7.5 mg/m²/day weeks 5-6").state == "MISMATCH"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("dexamethasone 40 mg/day", "SOURCE_ONLY"),
        ("dexamethasone 20 mg/day", "WITHIN_RANGE"),
        ("dexamethasone 4 mg/day", "MISMATCH"),
        ("dexamethasone 40 mcg/day", "MISMATCH"),
        ("dexamethasone 41 mg/day", "MISMATCH"),
    ],
)
def test_up_to_is_a_dose_of_its_own_but_no_leave_for_a_tenth_of_it(
    tmp_path: Path, order: str, expected: str
) -> None:
    checker = a_checker(tmp_path, "Give dexamethasone up to 40 mg/day.")

    assert checker.check(order).state == expected


def test_a_route_of_no_dose_is_named_whatever_dose_is_nearest(bundled: LibraryChecker) -> None:
    check = bundled.check("etoposide 150 mg/m2 intrathecal once weekly")

    assert check.state == "MISMATCH"
    assert "route" in kinds(check)


def test_the_same_numbers_on_another_basis_are_named_beside_the_nearest_dose(
    bundled: LibraryChecker,
) -> None:
    """30 mg lies below the flat 1 g, but it is 30 mg/kg without its basis."""
    check = bundled.check("methylprednisolone 30 mg IV once daily")

    assert "basis" in kinds(check)


def test_a_route_that_another_passage_of_the_drug_gives_is_no_error(tmp_path: Path) -> None:
    checker = a_checker(
        tmp_path, "Give dexamethasone 10 mg/m²/day by mouth.", "Give dexamethasone 5 mg/m²/day."
    )

    assert checker.check("dexamethasone 5 mg/m²/day PO").state == "SOURCE_ONLY"
    assert checker.check("dexamethasone 5 mg/m²/day SC").state == "MISMATCH"


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("dexamethasone 150 mg/m² (260 mg) once weekly, BSA 1.73 m2", "SOURCE_ONLY"),
        ("dexamethasone 150 mg/m² (260 mg) once weekly", "INCOMPLETE"),
        ("dexamethasone 150 mg/m² (= 480 mg) once weekly, BSA 1.73 m2", "INCONSISTENT"),
        ("dexamethasone 150 mg/m² weekly, BSA 1.73 m2. Give dexamethasone 275 mg.", "MISMATCH"),
        ("dexamethasone 150 mg/m² weekly, BSA 1.73 m2. Give dexamethasone 270 mg.", "SOURCE_ONLY"),
    ],
)
def test_an_amount_worked_out_in_the_order_is_worked_out_again(
    tmp_path: Path, order: str, expected: str
) -> None:
    checker = a_checker(tmp_path, "Give dexamethasone 150 mg/m² once weekly.")

    assert checker.check(order).state == expected


@pytest.mark.parametrize(
    ("order", "expected", "kind"),
    [
        ("dexamethasone 2 mg/kg/day, 40 kg", "INCOMPLETE", "limit-left-out"),
        ("dexamethasone 2 mg/kg/day, 60 kg", "MISMATCH", "cap-exceeded"),
        ("dexamethasone 2 mg/kg/day (max 200 mg/day)", "MISMATCH", "cap-exceeded"),
        ("dexamethasone 120 mg/day", "MISMATCH", "cap-exceeded"),
    ],
)
def test_a_maximum_of_the_library_holds_for_the_order(
    tmp_path: Path, order: str, expected: str, kind: str
) -> None:
    checker = a_checker(tmp_path, "Give dexamethasone 2 mg/kg/day (maximum 100 mg/day).")

    check = checker.check(order)

    assert check.state == expected
    assert kind in kinds(check)


@pytest.mark.parametrize(
    ("order", "beyond"),
    [
        ("etoposide 150 mg/m2 once weekly for 6 weeks", False),
        ("etoposide 150 mg/m2 once weekly for 21 weeks", True),
        ("etoposide 150 mg/m2 once weekly x 21 doses", True),
        ("etoposide 150 mg/m2 once weekly x 20 doses", False),  # 3 g/m2: the limit itself
    ],
)
def test_a_planned_total_is_added_up_and_held_against_the_limit(
    bundled: LibraryChecker, order: str, beyond: bool
) -> None:
    assert ("cumulative-limit-exceeded" in kinds(bundled.check(order))) is beyond


def test_a_draft_rule_speaks_and_never_decides(bundled: LibraryChecker) -> None:
    check = bundled.check("ruxolitinib 25 mg/m2 PO twice daily")

    (finding,) = findings(check)
    (rule,) = [p for p in finding.problems if p.kind == "draft-rule"][:1]
    assert "rule not reviewed by a pharmacist" in rule.text
    assert check.state == "MISMATCH"  # of the comparison, which no rule has changed
