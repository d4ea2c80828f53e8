"""Which questions are answered by a plan, and what leads and stands in one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.answer import Answer
from assistant.drafting.parts import parts_asked
from assistant.drafting.plan import BOTTOM_LINE
from assistant.drafting.rank import same_content
from assistant.model import Question, Understanding
from assistant.settings import Settings
from assistant.understanding import asked_without, understand
from assistant.wiring import Assistant, open_assistant
from corpus.library import load_library

LIBRARY = load_library()


@pytest.fixture(scope="module")
def assistant(bundled_data: Path) -> Assistant:
    return open_assistant(Settings(data=bundled_data))


def understood(text: str) -> Understanding:
    return understand(Question(text=text), LIBRARY)


def answered(assistant: Assistant, text: str) -> Answer:
    return assistant.answer_as_of(Question(text=text), assistant.clock())


def on_top(answer: Answer) -> list[str]:
    return [claim.text for claim in answer.claims if claim.section == BOTTOM_LINE]


@pytest.mark.parametrize(
    ("text", "plan"),
    [
        ("How do I treat HLH in an adult?", "treatment"),
        ("How do I treat HLH in a child?", "treatment-child"),
        ("relapsed HLH after etoposide, what are my options?", "refractory"),
        ("management plan for HLH in lymphoma", "treatment"),
        ("which investigations in suspected HLH?", "work-up"),
        ("etoposide dose in refractory HLH", None),
        ("treatment of HLH in lymphoma", None),
        ("options for a car", None),
    ],
)
def test_a_question_for_the_whole_has_a_plan_whatever_drug_it_names(
    text: str, plan: str | None
) -> None:
    assert understood(text).plan == plan


def test_a_plan_leads_with_the_people_and_the_subtype_that_were_asked_about(
    assistant: Assistant,
) -> None:
    answer = answered(assistant, "management plan for MAS in an 8-year-old with systemic JIA")

    assert on_top(answer)
    assert all("Children with" in text and "MAS" in text for text in on_top(answer))


def test_a_severe_case_gets_no_section_on_milder_disease(assistant: Assistant) -> None:
    severe = answered(assistant, "whole plan for severe HLH with organ failure in an adult")
    unsaid = answered(assistant, "whole plan for HLH in an adult")

    assert "Milder disease" not in {claim.section for claim in severe.claims}
    assert "Milder disease" in {claim.section for claim in unsaid.claims}


def test_a_drug_that_the_patient_has_already_does_not_stand_against_the_plan(
    assistant: Assistant,
) -> None:
    answer = answered(assistant, "severe HLH on noradrenaline, what is the whole plan?")

    assert answer.claims


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("PJP prophylaxis in HLH with a sulfa allergy", "Do not use dapsone after"),
        ("pregnant with HLH, can I give etoposide", "HLH in pregnancy: corticosteroids are"),
    ],
)
def test_what_may_be_given_or_not_leads_when_that_is_asked(
    assistant: Assistant, text: str, start: str
) -> None:
    assert answered(assistant, text).claims[0].text.startswith(start)


def test_the_patients_ferritin_does_not_bring_a_criterion_when_treatment_is_asked_for() -> None:
    treatment = understood("HLH with ferritin 4200, what treatment?")
    diagnosis = understood("ferritin 4200, is it HLH?")

    assert "4200" not in asked_without(treatment, ("ferritin 4200",)).query
    assert asked_without(diagnosis, ("ferritin 4200",)) == diagnosis


def test_two_topics_and_a_drug_are_two_parts_and_a_follow_up_has_none() -> None:
    understanding = understood("etoposide in HLH: monitoring and duration?")

    tests = list(parts_asked(understanding))

    assert {"monitoring", "duration"} <= set(understanding.named("topic"))
    assert len(tests) == len(understanding.named("topic"))
    assert all(any(test(p) for p in LIBRARY.passages.values()) for test in tests)
    assert not list(parts_asked(replace(understanding, carried_facets=frozenset({"drug"}))))
    assert not list(parts_asked(understood("etoposide dose in HLH")))


def test_statements_on_different_drugs_are_never_folded() -> None:
    tacrolimus = LIBRARY.passages["posaconazole-hospital-guide:1.1"]
    ciclosporin = LIBRARY.passages["posaconazole-hospital-guide:1.2"]

    assert not same_content(tacrolimus, ciclosporin)
    assert same_content(tacrolimus, tacrolimus)


def test_parts_of_one_regimen_are_no_question_for_the_whole_plan(assistant: Assistant) -> None:
    text = "DEP regimen refractory adult HLH: response rate? what to monitor? bilirubin?"
    answer = answered(assistant, text)

    assert "DEP" in answer.claims[0].text
    assert not {"Milder disease", "Duration and taper"} & {c.section for c in answer.claims}
