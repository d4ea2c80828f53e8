"""What is kept of each checked number: enough to review it, nothing of question or patient."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from assistant.audit import audit_lines
from assistant.check import Gate
from assistant.dosing.model import MODULE_VERSION
from assistant.model import Patient
from assistant.rules import open_rules
from assistant.settings import Settings
from tests.builders import a_claim, a_draft, a_question, an_assistant_over
from tests.builders_gate import PASSAGE, TEXT, a_ruled_library, write_ruled

WRONG = "Adults with examplitis: etoposide 600 mg/m² IV once weekly."


def test_every_number_of_an_answer_has_a_line_that_names_verdict_rule_and_versions(
    tmp_path: Path,
) -> None:
    library = a_ruled_library(tmp_path, status="reviewed")
    table = open_rules(library)
    checked = Gate(library, table).check(a_draft(library, a_claim(TEXT, PASSAGE)))

    lines = list(audit_lines(checked, "abc", table.version))

    (dose,) = [line for line in lines if line["kind"] == "dose"]
    assert dose["text"] == "60 mg/m²"
    assert dose["record"]["drug"] == "etoposide"
    assert (dose["verdict"], dose["rules"]) == ("VERIFIED", ["etoposide.examplitis"])
    assert dose["shown"] is True
    assert {line["table"] for line in lines} == {"2026.1.0"}
    assert {line["module"] for line in lines} == {MODULE_VERSION}
    assert {line["passage"] for line in lines} == {PASSAGE}


def test_h19_a_withheld_number_goes_to_the_log_and_not_to_the_screen(tmp_path: Path) -> None:
    library = a_ruled_library(tmp_path)
    checked = Gate(library, open_rules(library)).check(a_draft(library, a_claim(WRONG, PASSAGE)))

    lines = list(audit_lines(checked, "abc", "1"))

    (withheld,) = [line for line in lines if line["kind"] == "dose" and not line["shown"]]
    assert (withheld["text"], withheld["verdict"]) == ("600 mg/m²", "MISMATCH")
    assert all("600" not in claim.text for claim, _ in checked.shown)


def test_h19_the_log_holds_neither_the_question_nor_the_patient(tmp_path: Path) -> None:
    settings = Settings(
        library=write_ruled(tmp_path / "library"), data=tmp_path / "var", store="memory"
    )
    question = replace(
        a_question("Mrs Invented-Name: adults with examplitis, etoposide dose?"),
        patient=Patient(weight_kg=61.5),
    )

    an_assistant_over(settings).ask(question)

    (path,) = settings.audit_folder.iterdir()
    text = path.read_text(encoding="utf-8")
    assert "Invented-Name" not in text
    assert "61.5" not in text
    (record,) = settings.record_folder.iterdir()
    answer = json.loads(record.read_text(encoding="utf-8"))["record"]
    assert {json.loads(line)["answer"] for line in text.splitlines()} == {answer}
