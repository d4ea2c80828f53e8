"""Approved answers of the bundled library: a difference is something to read and approve.

After reading it, approve with: GOLDEN=approve python -m pytest tests/golden
"""

from __future__ import annotations

import difflib
import os
import re
from pathlib import Path

import pytest

from assistant.model import Length, Patient, Question
from assistant.render import render
from assistant.settings import Settings
from assistant.wiring import Assistant, open_assistant

FOLDER = Path(__file__).parent / "answers"
QUESTIONS = {
    "first-treatment": (
        "What is the recommended treatment for a patient with secondary hemophagocytic "
        "lymphohistiocytosis (HLH) and pancytopenia?",
    ),
    "score-cut-off": ("hscore cut off??",),
    "dose-with-companions": ("rituximab dose ebv hlh",),
    "kidney": ("etoposide dose adult hlh crcl 30",),
    "follow-up": ("and in renal failure?", "Anakinra dose in adult MAS?"),
    "rejected-dose": ("can I give etoposide 300 mg/m2 in hlh?",),
    "no-dose-known": ("nivolumab dose in ebv hlh",),
    "silent-on-drug": ("metformin dose?",),
    "dose-by-age": ("intrathecal MTX dose 2 year old CNS HLH",),
    "cumulative-limit": ("max cumulative etoposide",),
    "outside": ("Who won the cup final?",),
    "patient-dose": ("etoposide dose adult hlh",),
    "patient-choice": ("anakinra dose in MAS",),
}
ADULT = Patient(
    age_years=58.0,
    weight_kg=62.0,
    height_cm=170.0,
    sex="male",
    creatinine="150 umol/L",
    previous="etoposide 0 mg/m2",
)
PATIENTS = {"patient-dose": ADULT, "patient-choice": ADULT}
CHOICES = {"patient-dose": ("etoposide.hlh.adult.reduced",)}


@pytest.fixture(scope="module")
def assistant(bundled_data: Path) -> Assistant:
    return open_assistant(Settings(data=bundled_data))


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_answer_is_the_approved_one(name: str, assistant: Assistant) -> None:
    text, *history = QUESTIONS[name]
    path = FOLDER / f"{name}.md"

    question = Question(
        text=text,
        history=tuple(history),
        patient=PATIENTS.get(name, Patient()),
        choices=CHOICES.get(name, ()),
    )
    answer = render(assistant.ask(question).value)

    if os.environ.get("GOLDEN") == "approve":
        FOLDER.mkdir(exist_ok=True)
        path.write_text(answer, encoding="utf-8")
    approved = path.read_text(encoding="utf-8")
    difference = "\n".join(
        difflib.unified_diff(approved.splitlines(), answer.splitlines(), "approved", "now")
    )
    assert answer == approved, difference


def test_the_readme_quotes_the_approved_answer() -> None:
    readme = (FOLDER.parents[2] / "README.md").read_text(encoding="utf-8")
    quoted = readme.partition("## A question and its answer")[2].partition("## From the")[0]
    approved = " ".join((FOLDER / "first-treatment.md").read_text(encoding="utf-8").split())
    text = " ".join(line.removeprefix(">").strip() for line in quoted.splitlines())

    bullets = re.findall(r"- (.*?\.) \[\d+\]", text)

    assert len(bullets) >= 4
    for bullet in bullets:
        assert bullet in approved


# What the treatment of the example question must not lack, and what the full length adds.
VITAL = (
    "dexamethasone 10 mg/m²/day plus etoposide (modified HLH-94) without delay",
    "low blood counts alone are no reason to delay",
    "50–100 mg/m²",
    "150 mg/m² twice weekly",
    "reduce for impaired kidney function",
    "do not reduce for isolated hyperbilirubinaemia",
    "2–3 g/m²",
    "prednisolone 1–2 mg/kg/day",
    "Sources differ on the first steroid",
    "24–48 hours",
    "2–10 mg/kg/day SC",
    "prophylaxis against Pneumocystis and fungi",
    "antiviral prophylaxis",
    "Malignancy-associated HLH",
    "re-evaluate every week",
    "up to 8 weeks",
)
IN_FULL = ("ciclosporin 2–7 mg/kg/day", "rituximab 375 mg/m²")


@pytest.mark.parametrize(
    ("length", "parts"), [(Length.STANDARD, VITAL), (Length.FULL, (*VITAL, *IN_FULL))]
)
def test_the_first_answer_holds_what_a_clinician_must_not_miss(
    length: Length, parts: tuple[str, ...], assistant: Assistant
) -> None:
    question = Question(text=QUESTIONS["first-treatment"][0], length=length)
    answer = assistant.ask(question).value

    text = " ".join(claim.text for claim in answer.claims)
    for part in parts:
        assert part in text
    assert all(claim.citations for claim in answer.claims)
    assert answer.withheld == ()
