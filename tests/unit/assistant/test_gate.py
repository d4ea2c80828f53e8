"""What the gate makes of a claim's doses: the cited passage, the rules, and who is asked for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from assistant.answer import compose
from assistant.check import Gate
from assistant.dosing.table.errors import TableError
from assistant.errors import InputError
from assistant.model import CheckedAnswer, Claim, Draft, Patient
from assistant.render import render
from assistant.rules import open_rules
from assistant.settings import Settings
from assistant.wiring import open_assistant
from corpus.library import Library, load_library
from tests.builders import (
    LIBRARY_TOML,
    a_claim,
    a_document,
    a_draft,
    a_library,
    a_question,
    a_statement,
    an_assistant_over,
    write_library,
)
from tests.builders_gate import PASSAGE, TEXT, a_ruled_library, write_ruled

DAY = date(2026, 3, 4)


def checked(library: Library, *claims: Claim, population: str = "") -> CheckedAnswer:
    return Gate(library, open_rules(library), lambda: DAY).check(
        asking(a_draft(library, *claims), population)
    )


def asking(draft: Draft, population: str) -> Draft:
    """The draft of a question that names a group of patients."""
    asked = {"population": (population,)} if population else {}
    understanding = replace(draft.evidence.understanding, asked=asked)
    return replace(draft, evidence=replace(draft.evidence, understanding=understanding))


def verdicts(answer: CheckedAnswer) -> list[str]:
    return [str(f.verdict) for c in answer.checks for f in c.findings if f.kind == "dose"]


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ({"status": "draft"}, "SOURCE_ONLY"),
        ({"status": "reviewed"}, "VERIFIED"),
        ({"status": "reviewed", "low": "20", "high": "40"}, "ABOVE_USUAL"),
        ({"status": "reviewed", "low": "80", "high": "90"}, "BELOW_USUAL"),
        ({"status": "draft", "low": "20", "high": "40", "hard": "50"}, "SOURCE_ONLY"),
    ],
)
def test_a_quoted_dose_is_judged_by_its_source_and_by_reviewed_rules_alone(
    tmp_path: Path, rule: dict[str, str], verdict: str
) -> None:
    library = a_ruled_library(tmp_path, **rule)

    answer = checked(library, a_claim(TEXT, PASSAGE))

    assert verdicts(answer) == [verdict]
    assert len(answer.shown) == 1


def test_h18_a_source_beyond_a_reviewed_limit_is_not_shown_and_its_number_nowhere(
    tmp_path: Path,
) -> None:
    library = a_ruled_library(tmp_path, status="reviewed", low="20", high="40", hard="50")

    answer = checked(library, a_claim(TEXT, PASSAGE))
    shown = compose(answer, library, open_rules(library), index="i", mode="m")

    assert answer.shown == ()
    assert [w.verdict for w in answer.withheld] == ["HARD_LIMIT"]
    assert "appears to contain an error" in render(shown)
    assert "60" not in render(shown)


def test_a_writers_wrong_dose_is_replaced_by_the_passages_own_sentence(tmp_path: Path) -> None:
    library = a_ruled_library(tmp_path)
    wrong = a_claim("Adults with examplitis: etoposide 600 mg/m² IV once weekly.", PASSAGE)

    answer = checked(library, wrong)

    assert [claim.text for claim, _ in answer.shown] == [TEXT]
    assert [w.verdict for w in answer.withheld] == ["MISMATCH"]
    assert "600" not in answer.withheld[0].why


def test_h16_a_dose_under_a_heading_for_children_is_not_quoted_for_an_adult(tmp_path: Path) -> None:
    text = "Examplitis: prednisolone 2 mg/kg daily."
    statement = a_statement("1.1", text, role="dose", drugs="prednisolone", population="child")
    library = a_library(tmp_path, statement)

    for_a_child = checked(library, a_claim(text, PASSAGE), population="child")
    for_an_adult = checked(library, a_claim(text, PASSAGE), population="adult")

    assert len(for_a_child.shown) == 1
    assert for_an_adult.shown == ()
    assert [w.verdict for w in for_an_adult.withheld] == ["MISMATCH"]


def test_sources_that_an_editor_linked_as_a_true_conflict_are_named_beside_each_other(
    tmp_path: Path,
) -> None:
    linked = {"role": "dose", "drugs": "prednisolone", "disagreement": "which-dose"}
    one = a_statement("1.1", "Examplitis: prednisolone 1 mg/kg daily.", **linked)
    other = a_statement("1.1", "Examplitis: prednisolone 4 mg/kg daily.", **linked)
    write_library(
        tmp_path,
        {"one.md": a_document("one", one), "other.md": a_document("other", other)},
    )
    vocabulary = LIBRARY_TOML.replace('differs = ["population"]', 'differs = ["true conflict"]')
    (tmp_path / "library.toml").write_text(vocabulary, encoding="utf-8")
    library = load_library(tmp_path)

    answer = checked(library, a_claim("Examplitis: prednisolone 1 mg/kg daily.", "one:1.1"))
    shown = compose(answer, library, open_rules(library), index="i", mode="m")

    assert verdicts(answer) == ["SOURCE_CONFLICT"]
    assert shown.doses[0].beside == ("other:1.1",)
    assert "sources differ" in render(shown)


def test_a_broken_rule_file_stops_the_start_with_file_key_and_reason(tmp_path: Path) -> None:
    write_ruled(tmp_path / "library")
    path = tmp_path / "library/dosing/rules/author2024.toml"
    path.write_text(path.read_text().replace('high = "60"', 'hihg = "60"'), encoding="utf-8")
    settings = Settings(library=tmp_path / "library", data=tmp_path / "var", store="memory")

    with pytest.raises(TableError, match=r"rules/author2024\.toml: etoposide\.examplitis.*hihg"):
        open_assistant(settings)


def test_the_ledger_names_the_rule_of_a_dose_and_how_far_it_was_reviewed(tmp_path: Path) -> None:
    library = a_ruled_library(tmp_path, status="reviewed")

    answer = checked(library, a_claim(TEXT, PASSAGE))
    (dose,) = compose(answer, library, open_rules(library), index="i", mode="m").doses

    assert (dose.rule, dose.rule_status) == ("etoposide.examplitis", "reviewed")


PATIENT = Patient(age_years=40.0, weight_kg=70.0, height_cm=175.0)


def ask(folder: Path, calculations: str, patient: Patient = PATIENT, **rule: str) -> str:
    settings = Settings(
        library=write_ruled(folder / "library", **rule),
        data=folder / "var",
        store="memory",
        calculations=calculations,
    )
    question = replace(a_question("Adults with examplitis: etoposide dose?"), patient=patient)
    return render(an_assistant_over(settings).ask(question).value)


def test_h17_a_patient_dose_is_worked_out_under_the_words_that_nobody_reviewed_the_rule(
    tmp_path: Path,
) -> None:
    answer = ask(tmp_path, "unreviewed-with-notice")

    assert "60 mg/m² × 1.84 m² = 110.4 mg" in answer
    assert "Rule not reviewed by a pharmacist." in answer


def test_only_a_reviewed_rule_calculates_where_the_setting_says_so(tmp_path: Path) -> None:
    draft = ask(tmp_path / "draft", "reviewed-only")
    reviewed = ask(tmp_path / "reviewed", "reviewed-only", status="reviewed")

    assert "110.4" not in draft
    assert "Not worked out:" in draft
    assert "110.4" in reviewed
    assert "not reviewed by a pharmacist" not in reviewed.split("Doses in this answer")[0]


def test_h17_nothing_is_worked_out_when_the_setting_is_off_or_no_patient_was_given(
    tmp_path: Path,
) -> None:
    assert "Worked out" not in ask(tmp_path / "off", "off")
    assert "Worked out" not in ask(tmp_path / "nobody", "unreviewed-with-notice", Patient())


def test_h17_a_second_hand_rule_says_who_reported_it_and_background_never_calculates(
    tmp_path: Path,
) -> None:
    second_hand = ask(tmp_path / "2", "unreviewed-with-notice", verification="second-hand")
    background = ask(tmp_path / "k", "unreviewed-with-notice", verification="background")

    assert "reported by" in second_hand.split("### Doses")[0]
    assert "110.4" not in background
    assert "Not worked out:" in background


def test_an_implausible_patient_is_refused_by_name_and_the_question_still_answered(
    tmp_path: Path,
) -> None:
    answer = ask(
        tmp_path, "unreviewed-with-notice", Patient(weight_kg=80.0, height_cm=70.0, age_years=40.0)
    )

    assert TEXT in answer
    assert "Not worked out:" in answer
    assert "70 cm" in answer
    assert "mg/m² ×" not in answer


def test_a_choice_that_is_no_rule_is_named_and_nothing_is_answered(tmp_path: Path) -> None:
    settings = Settings(
        library=write_ruled(tmp_path / "library"), data=tmp_path / "var", store="memory"
    )
    question = replace(a_question("Examplitis: etoposide dose?"), choices=("etoposide.typo",))

    with pytest.raises(InputError, match=r"no rule or regimen 'etoposide\.typo'.*rules list"):
        an_assistant_over(settings).ask(question)
