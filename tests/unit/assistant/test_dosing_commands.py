"""The dosing commands: what each prints, where to, and with which exit code.

They run on the bundled library, whose rules are all drafts; every day is given.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.__main__ import main
from assistant.dosing.table.document import render_document
from assistant.dosing_commands.rules import DOCUMENT
from assistant.rules import open_rules
from corpus.library import load_library

ADULT = ("--weight", "62 kg", "--height", "170 cm", "--age", "58 years", "--sex", "male")
CREATININE = ("--creatinine", "88 umol/L on 2026-11-26", "--on", "2026-11-27")
REDUCED = "etoposide.hlh.adult.reduced"
FULL = "hlh-94.induction.adult-full-dose"
UNREVIEWED = "rule not reviewed by a pharmacist"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    def run_command(*argv: str, **environ: str) -> tuple[int, str, str]:
        code = main(argv, environ)
        printed = capsys.readouterr()
        return code, printed.out, printed.err

    return run_command


def test_rules_are_listed_with_drug_kind_status_and_source(run: Run) -> None:
    code, out, err = run("rules", "list", "--drug", "etoposide")

    lines = out.splitlines()
    assert (code, err) == (0, "")
    assert lines[0].split() == ["rule", "drug", "kind", "status", "source"]
    assert any(
        line.split() == [REDUCED, "etoposide", "dose", "draft", "UpToDate146346"] for line in lines
    )
    assert not any(" dexamethasone " in line for line in lines)
    assert any(line.startswith("hlh-94.induction ") for line in lines)


def test_a_rule_and_a_regimen_are_shown_with_their_sources(run: Run) -> None:
    rule = run("rules", "show", REDUCED)
    regimen = run("rules", "show", "hlh-94.induction")

    assert rule[0] == regimen[0] == 0
    assert "- Dose: **50 to 100 mg/m2 per dose**" in rule[1]
    assert "UpToDate146346: Drugs for HLH/MAS (table)." in rule[1]
    assert "| weeks 1-2 | etoposide | 150 mg/m2 per dose, twice a week |" in regimen[1]


def test_an_id_that_is_not_there_is_answered_with_the_nearest(run: Run) -> None:
    code, out, err = run("rules", "show", "etoposide.hlh.adult.reducd")

    assert (code, out) == (1, "")
    assert f"Did you mean {REDUCED}" in err


def test_the_table_is_checked_and_its_hashes_are_printed(run: Run) -> None:
    code, out, _ = run("rules", "check")
    hashes = run("rules", "check", "--hashes")[1]

    assert code == 0
    assert out.endswith("no mistake.\n")
    assert "(142 draft)" in out
    assert f"{REDUCED}  hlh-mas-reference-table:4.1  " in hashes


def test_a_broken_rule_file_is_named_with_file_key_and_reason(run: Run, tmp_path: Path) -> None:
    library = load_library()
    for path in library.folder.rglob("*"):
        if path.is_file():
            copy = tmp_path / path.relative_to(library.folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    broken = tmp_path / "dosing" / "rules" / "marsh2013.toml"
    broken.write_text(broken.read_text("utf-8").replace('unit = "mg/kg"', 'unit = "grain/kg"'))

    code, out, err = run("rules", "check", GUIDELINE_LIBRARY=str(tmp_path))

    assert (code, out) == (1, "")
    assert "rules/marsh2013.toml: alemtuzumab.hlh.salvage.dose.unit" in err


def test_the_document_to_sign_is_up_to_date(run: Run) -> None:
    library = load_library()

    page = DOCUMENT.read_text(encoding="utf-8")

    assert page == render_document(open_rules(library), library), (
        "Run: python -m assistant rules document --write"
    )


def test_the_document_is_printed(run: Run) -> None:
    code, out, err = run("rules", "document")

    assert (code, err) == (0, "")
    assert out.startswith("# Dosing rules\n\n**DRAFT. Reviewed by nobody")


def test_a_dose_is_worked_out_under_the_words_that_nobody_reviewed_its_rule(run: Run) -> None:
    code, out, _ = run(
        "calculate", "--rule", REDUCED, *ADULT, *CREATININE, "--chosen", REDUCED,
        "--previous", "etoposide 0 mg/m2", "--frequency", "once weekly", "--doses", "4",
    )  # fmt: skip

    assert code == 0
    assert UNREVIEWED in out.splitlines()[0]
    assert "Dose     50–100 mg/m² × 1.71 m² = 85.5–171 mg per dose" in out
    assert "0.4 g/m² of 2 (soft), 3 (hard)" in out
    assert out.endswith("A proposal with its arithmetic, not an instruction.\n")


def test_a_working_as_json_has_exact_values_as_texts(run: Run) -> None:
    rule = "dexamethasone.hlh.induction.weeks1-2"

    code, out, _ = run(
        "calculate", "--rule", rule, *ADULT, "--on", "2026-11-27", "--json"
    )  # fmt: skip

    working = json.loads(out)
    assert code == 0
    assert working["rule"] == rule
    assert working["reviewed"] is False
    assert working["dose"] == {"low": "17.1", "high": "17.1", "unit": "mg"}
    assert UNREVIEWED in working["text"]


def test_values_without_a_unit_are_refused_by_the_name_of_their_field(run: Run) -> None:
    code, out, err = run("calculate", "--rule", REDUCED, "--weight", "62", "--creatinine", "88")

    assert (code, out) == (1, "")
    assert "UNIT_MISSING: weight 62" in err
    assert "UNIT_MISSING: creatinine 88" in err


@pytest.mark.parametrize(("policy", "code"), [("off", "OFF"), ("reviewed-only", "UNREVIEWED")])
@pytest.mark.parametrize("command", [("calculate", "--rule", REDUCED), ("schedule", "--rule")])
def test_the_setting_decides_whether_a_draft_is_calculated_from(
    run: Run, command: tuple[str, ...], policy: str, code: str
) -> None:
    rule = () if command[0] == "calculate" else ("etoposide.hlh.child.weeks1-2",)

    status, out, err = run(*command, *rule, *ADULT, *CREATININE, GUIDELINE_CALCULATIONS=policy)

    assert (status, out) == (1, "")
    assert f"Refused  {code}: " in err


def test_a_refusal_as_json_has_its_code(run: Run) -> None:
    code, out, err = run("calculate", "--rule", REDUCED, "--weight", "62", "--json")

    assert (code, err) == (1, "")
    assert [refused["code"] for refused in json.loads(out)["refused"]] == ["UNIT_MISSING"]


def test_an_ambiguous_frequency_is_never_guessed(run: Run) -> None:
    code, _, err = run("calculate", "--rule", REDUCED, *ADULT, "--frequency", "biweekly")

    assert code == 1
    assert "The frequency 'biweekly' can't be read." in err


def test_a_regimen_is_a_dated_table_that_says_it_is_unreviewed(run: Run) -> None:
    code, out, _ = run("schedule", "--regimen", "hlh-94.induction", "--start", "2026-12-01")

    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert code == 0
    assert "1 2026-12-01–2026-12-07 dexamethasone 10 mg/m² per day once daily 7 70 mg/m²" in lines
    assert "8 2027-01-19–2027-01-25 etoposide 150 mg/m² per dose once weekly 1 1,500 mg/m²" in lines
    assert f"Note: {UNREVIEWED}" in out


def test_a_drug_whose_days_the_source_does_not_name_stays_in_the_table(run: Run) -> None:
    _, out, _ = run("schedule", "--regimen", "dep", "--start", "2026-12-01")
    as_json = json.loads(run("schedule", "--regimen", "dep", "--json")[1])

    (line,) = (" ".join(row.split()) for row in out.splitlines() if " etoposide " in row)
    assert line == (
        "see note etoposide 100 mg/m² per dose once weekly Once weekly through the 2-week course."
    )
    (row,) = (r for r in as_json["rows"] if r["drug"] == "etoposide")
    assert (row["first"], row["doses"], row["total"]) == (None, None, None)


def test_a_drug_given_from_day_1_stands_in_a_table_of_weeks_from_week_1(run: Run) -> None:
    _, out, _ = run("schedule", "--regimen", "hlh-2004.induction", "--start", "2026-12-01")

    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert (
        "from 1 from 2026-12-01 ciclosporin 3 mg/kg per dose twice daily "
        "With normal kidney function."
    ) in lines


def test_an_amount_per_day_counts_each_of_its_days_in_a_course_that_begins_again(
    run: Run,
) -> None:
    _, out, _ = run("schedule", "--regimen", "chop")

    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert "1–5 prednisone 100 mg per day every 21 days 5 500 mg" in lines
    assert "1 doxorubicin 50 mg/m² per dose every 21 days 1 50 mg/m²" in lines


def test_a_rule_for_other_people_leaves_nothing_to_choose(run: Run) -> None:
    rule = ("calculate", "--rule", "etoposide.hlh.child.weeks1-2", "--on", "2026-11-27")

    # the rule that it contradicts holds from 42 days of age
    older = run(*rule, "--age", "3 years", "--weight", "14 kg", "--height", "95 cm")
    younger = run(*rule, "--age", "30 days", "--weight", "4 kg", "--height", "53 cm")

    assert "CONFLICT" in older[2]
    assert "--chosen ID" in older[2]
    assert "CONFLICT" not in younger[2]
    assert "measured clearance" in younger[2]


def test_a_regimen_that_was_chosen_is_worked_out_for_a_patient(run: Run) -> None:
    asked = ("schedule", "--regimen", FULL, *ADULT, *CREATININE)
    asked += ("--previous", "etoposide 0 mg/m2", "--json")

    refused = json.loads(run(*asked)[1])
    chosen = json.loads(run(*asked, "--chosen", FULL)[1])

    assert {refusal["code"] for refusal in refused["refused"]} == {"CONFLICT"}
    assert chosen["refused"] == []
    etoposide = [row for row in chosen["rows"] if row["drug"] == "etoposide"]
    assert {row["dose"] for row in etoposide} == {"256.5 mg per dose"}
    assert etoposide[-1]["total"]["high"] == "1500"


def test_background_knowledge_and_a_rule_without_weeks_have_no_schedule(run: Run) -> None:
    background = run("schedule", "--rule", "etoposide.choep.adult")
    without = run("schedule", "--rule", REDUCED)

    assert background[0] == without[0] == 1
    assert "BACKGROUND" in background[2]
    assert "names no weeks or days" in without[2]


def test_calculators_are_listed_explained_and_run(run: Run) -> None:
    listed, asked = run("calculator"), run("calculator", "bsa")
    result = run("calculator", "bsa", "height=175 cm", "weight=70 kg")
    as_json = json.loads(run("calculator", "bsa", "height=175 cm", "weight=70 kg", "--json")[1])

    assert "hscore" in listed[1]
    assert "height   needed    Height: a number in cm, m, mm or in" in asked[1]
    assert "Result: 1.845 m²" in result[1]
    assert as_json["printed"] == "1.845 m²"
    assert as_json["value"].startswith("1.84466")


def test_a_calculator_refuses_in_a_sentence(run: Run) -> None:
    missing = run("calculator", "crcl", "age=68 years")
    twice = run("calculator", "bsa", "height=1.7 m", "height=1.8 m")
    unknown = run("calculator", "hscor")

    assert missing[0] == twice[0] == unknown[0] == 1
    assert "Refused  MISSING: Sex is missing" in missing[2]
    assert "'height' is given twice" in twice[2]
    assert "Did you mean hscore" in unknown[2]


@pytest.mark.parametrize("release", ["R4", "R5"])
def test_a_dose_leaves_as_fhir_and_comes_back_as_a_draft(
    run: Run, tmp_path: Path, release: str
) -> None:
    file, drafts = tmp_path / "rule.json", tmp_path / "drafts.toml"
    rule = "dexamethasone.hlh.induction.weeks1-2"

    code, out, _ = run("fhir", "export", "--rule", rule, "--release", release)
    file.write_text(out)
    back = run(
        "fhir", "import", str(file), "--release", release, "--out", str(drafts),
        "--on", "2026-11-27", "--source", "NCT00426101",
    )  # fmt: skip

    assert code == back[0] == 0
    assert json.loads(out)["resourceType"] == "Bundle"
    text = drafts.read_text("utf-8")
    assert 'drug = "dexamethasone"' in text
    assert 'usual = { low = "10", high = "10" }' in text
    assert "reviewed_by = []" in text
    assert "1 draft: nobody has reviewed them" in back[2]


def test_a_text_leaves_only_with_the_doses_that_the_library_supports(run: Run) -> None:
    text = "Induction: dexamethasone 10 mg/m² daily."
    good = run("fhir", "export", "--text", text)
    bad = run("fhir", "export", "--text", "dexamethasone 77 mg/m² daily")

    assert good[0] == 0
    assert "WITHIN_RANGE" in good[1]
    assert (bad[0], bad[1]) == (1, "")
    assert "Left out: dexamethasone 77 mg/m²: its verdict is MISMATCH" in bad[2]


def test_a_dose_leaves_with_the_limit_beside_it_or_not_at_all(run: Run) -> None:
    text = "Under 45 kg: doxycycline 2.2 mg/kg by mouth twice daily (maximum {} mg per dose)"

    rule = run("fhir", "export", "--rule", "vincristine.chop.adult")
    limit = run("fhir", "export", "--rule", "ruxolitinib.myelofibrosis.adult.maximum")
    right = run("fhir", "export", "--text", text.format(100))
    wrong = run("fhir", "export", "--text", text.format(1000))

    assert '"maxDosePerAdministration": {"value": 2, "unit": "mg"' in rule[1]
    assert limit[0] == right[0] == 0
    assert (wrong[0], wrong[1]) == (1, "")
    assert "Left out: doxycycline 2.2 mg/kg: its verdict is MISMATCH" in wrong[2]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The text holds no dose"),
        ("HLH-94, weeks 1-8", "The text holds no dose"),
        ("5 mg " * 20_000, "doses are read from at most 50,000"),
        ("10 mg/m2 daily", "No dose can be exported"),
    ],
)
def test_a_text_without_a_dose_to_export_is_refused_in_a_sentence(
    run: Run, text: str, sentence: str
) -> None:
    code, out, err = run("fhir", "export", "--text", text)

    assert (code, out) == (1, "")
    assert sentence in err


@pytest.mark.parametrize(
    ("rule", "why"),
    [
        ("etoposide.hlh.adult.rejected-twice-weekly", "a forbidden rule"),
        ("hydrocortisone.leukaemia.intrathecal.1-to-2", "a warning rule"),
        ("cytarabine.car-t-hlh.intrathecal.gap", "a gap rule"),
        ("etoposide.choep.adult", "background knowledge"),
    ],
)
def test_a_dose_that_must_not_be_given_never_leaves_as_fhir(run: Run, rule: str, why: str) -> None:
    code, out, err = run("fhir", "export", "--rule", rule)

    assert (code, out) == (1, "")
    assert why in err
    assert "Nothing was exported" in err


def test_a_regimen_that_runs_past_the_calendar_is_refused(run: Run) -> None:
    code, out, err = run("schedule", "--regimen", "hlh-94.induction", "--start", "9999-12-30")

    assert (code, out) == (1, "")
    assert "runs past the calendar" in err


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("no json", "This is no JSON"),
        ('{"resourceType": "Patient"}', "is none of"),
        (None, "can't be read"),
    ],
)
def test_a_file_that_is_no_fhir_is_refused_in_a_sentence(
    run: Run, tmp_path: Path, content: str | None, sentence: str
) -> None:
    file = tmp_path / "in.json"
    if content is not None:
        file.write_text(content)

    code, out, err = run("fhir", "import", str(file))

    assert (code, out) == (1, "")
    assert sentence in err


@pytest.mark.parametrize(
    "argv",
    [
        ["rules"],
        ["calculate"],
        ["calculate", "--rule", "x", "--doses", "0"],
        ["calculate", "--rule", "x", "--on", "yesterday"],
        ["schedule"],
        ["schedule", "--rule", "x", "--regimen", "y"],
        ["calculator", "bsa", "height"],
        ["fhir", "export"],
        ["fhir", "export", "--rule", "x", "--text", "y"],
        ["fhir", "import"],
    ],
)
def test_wrong_use_of_a_dosing_command_exits_2(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stopped:
        main(argv, {})

    assert stopped.value.code == 2
    assert "usage:" in capsys.readouterr().err
