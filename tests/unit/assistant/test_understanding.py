"""What a question names, in the words of the library."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import QuestionUnreadable
from assistant.model import Patient, Question, Understanding
from assistant.stated import stated_patient
from assistant.understanding import MAX_CHARACTERS, readable, understand
from corpus.library import load_library

LIBRARY = load_library()


def understood(text: str, *history: str, patient: Patient | None = None) -> Understanding:
    question = Question(text=text, history=history, patient=patient or Patient())
    question = replace(question, patient=stated_patient(question).patient)
    return understand(question, LIBRARY)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "is empty"),
        ("   \n\t ", "is empty"),
        ("x" * 10_000, "10,000 characters; the limit is 2,000"),
        ("\x00\x01\x02binary", "binary characters"),
        ("😀😀😀", "holds no word"),
        ("!!! ??? 123", "holds no word"),
        ("какая доза этопозида", "not written in Latin letters"),
        ("依托泊苷的剂量是多少", "not written in Latin letters"),
        ("Welche Dosis Etoposid ist bei Niereninsuffizienz und HLH die richtige?", "in German"),
        ("Quelle est la dose de dexaméthasone pour un adulte avec HLH", "in French"),
    ],
)
def test_text_that_is_no_question_gets_a_clear_sentence(text: str, sentence: str) -> None:
    with pytest.raises(QuestionUnreadable, match=sentence):
        readable(text)


@pytest.mark.parametrize(
    "text",
    [
        "hscore cut off??",
        "dex 10mg/m2 for 1.7m2",
        "csa 3mg/kg/day per hlh2004 right?",
        "β2-microglobulin in HLH?",
        "sHLH, pancytopenic, ferritin 40k, what do I start and how much?",
    ],
)
def test_terse_clinical_english_is_read(text: str) -> None:
    assert readable(text) == text


@given(st.text(max_size=MAX_CHARACTERS + 50))
def test_any_text_is_understood_or_refused_with_a_sentence(text: str) -> None:
    refusal = "."
    try:
        understood(text)
    except QuestionUnreadable as error:
        refusal = str(error)

    assert refusal.endswith(".")


def test_drugs_subtypes_and_topics_are_found_under_their_everyday_names() -> None:
    found = understood("VP-16 dose in EBV-HLH with renal failure?")

    assert found.named("drug") == ("etoposide",)
    assert found.named("subtype") == ("ebv",)
    assert "renal-impairment" in found.named("condition")
    assert found.asks_dose
    assert found.on_subject


def test_abbreviations_are_spelled_out_for_the_keyword_search() -> None:
    found = understood("shlh tx")

    assert "secondary HLH" in found.keyword_query
    assert "treatment" in found.keyword_query


def test_drugs_on_both_sides_of_a_slash_are_named() -> None:
    assert understood("etop/dex in HLH").named("drug") == ("dexamethasone", "etoposide")
    assert understood("etoposide 150 mg/m2 in HLH").named("drug") == ("etoposide",)


def test_two_drugs_of_the_library_name_its_subject() -> None:
    assert understood("refractory after 2 weeks etop/dex what now").plan == "refractory"
    assert understood("refractory after 2 weeks of etoposide what now").plan is None
    assert understood("refractory asthma after etoposide and dexamethasone what now").plan is None


def test_a_broad_question_takes_a_plan_and_a_question_on_one_drug_does_not() -> None:
    assert understood("How do I treat secondary HLH?").plan == "treatment"
    assert understood("How do I treat HLH with anakinra?").plan is None
    assert understood("How do I treat tuberculosis HLH?").plan is None
    assert understood("How do I treat asthma?").plan is None


def test_a_name_that_ends_like_a_topic_word_does_not_name_the_topic() -> None:
    assert "cns" not in understood("G-CSF dose in HLH?").named("topic")
    assert "cns" in understood("CSF findings in HLH?").named("topic")


def test_treatment_as_the_setting_of_a_question_is_not_what_it_asks() -> None:
    found = understood("Which prophylaxis is needed during HLH treatment?")

    assert found.named("topic") == ("supportive",)
    assert found.plan is None


def test_a_follow_up_that_names_no_topic_keeps_the_plan() -> None:
    found = understood("what about a 6-year-old, 20 kg?", "How do I treat secondary HLH?")

    assert found.plan == "treatment-child"
    assert found.named("population") == ("child",)


@pytest.mark.parametrize(
    ("text", "population"),
    [
        ("68M severe HLH", "older-adult"),
        ("6-year-old with HLH", "child"),
        ("HLH in a 3 months old", "infant"),
        ("dexamethasone for 2 weeks in HLH", None),
        ("HLH after 5 years", None),
    ],
)
def test_an_age_in_the_question_gives_the_population(text: str, population: str | None) -> None:
    found = understood(text).named("population")

    assert population in found if population else found == ()


def test_the_patient_form_gives_the_population() -> None:
    found = understood("etoposide dose in HLH", patient=Patient(age_years=4.0))

    assert "child" in found.named("population")
    assert "adult" not in found.named("population")


def test_a_follow_up_takes_the_topic_of_the_turn_before() -> None:
    found = understood("and in renal failure?", "Etoposide dose in adult HLH?")

    assert found.carried
    assert found.named("drug") == ("etoposide",)
    assert "renal-impairment" in found.named("condition")


def test_a_follow_up_on_a_follow_up_reaches_back_to_the_topic() -> None:
    found = understood("and how long?", "Etoposide dose in adult HLH?", "and in renal failure?")

    assert found.named("drug") == ("etoposide",)


def test_a_new_topic_drops_the_old_one() -> None:
    found = understood(
        "What is the rituximab dose in EBV-HLH?", "Anakinra in MAS with low platelets?"
    )

    assert not found.carried
    assert found.named("drug") == ("rituximab",)


def test_a_drug_of_which_the_library_is_silent_is_named() -> None:
    assert understood("metformin dose in HLH").unknown_drugs == ("metformin",)


def test_a_plain_word_is_no_abbreviation() -> None:
    assert "cns" not in understood("Her daughter has it too, HLH").named("condition")
    assert "cns" in understood("IT dose in HLH?").named("condition")
    assert "cns" in understood("it mtx dose in hlh").named("condition")


def test_the_people_of_an_earlier_turn_stay_until_the_patient_is_cleared() -> None:
    turns = ("Ciclosporin dose in a child with HLH?", "tacrolimus instead, oral?")

    kept = understood("not absorbing - iv?", *turns)
    cleared = understand(
        Question(text="not absorbing - iv?", history=turns, patient_since=2), LIBRARY
    )

    assert kept.named("population") == ("child",)
    assert cleared.named("population") == ()
    assert cleared.named("drug") == ("tacrolimus",)


def test_what_a_cleared_patient_had_goes_with_him_and_the_topic_stays() -> None:
    history = ("refractory  HLH with CNS disease, methotrexate dose?",)

    found = understand(
        Question(text="and in renal failure?", history=history, patient_since=1), LIBRARY
    )

    assert found.named("condition") == ("renal-impairment",)
    assert found.named("severity") == ()
    assert found.named("drug") == ("methotrexate",)


def test_a_childs_weight_makes_a_child_of_the_patient_and_no_adult_of_the_turn_before() -> None:
    found = understood("her daughter has it too, 22 kg", "doxycycline in an adult with HLH?")

    assert found.named("population") == ("child",)


def test_what_the_patient_had_is_kept_beside_what_is_new() -> None:
    found = understood("and in renal failure?", "CNS HLH, methotrexate dose?")

    assert set(found.named("condition")) == {"cns", "renal-impairment"}


def test_a_whole_question_of_another_subject_leans_on_nothing() -> None:
    found = understood("What is the best inhaler for asthma?", "Etoposide dose in HLH?")

    assert not found.carried
    assert "asthma" in found.foreign


def test_a_subject_that_the_library_only_mentions_is_foreign_in_a_follow_up_too() -> None:
    found = understood("and for psoriasis?", "Etoposide dose in HLH?")

    assert found.carried
    assert found.foreign == ("psoriasis",)


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("etoposid dosis hlh", ("etoposide",)),
        ("dexametason dose in HLH", ("dexamethasone",)),
        ("ruxolitnib dose in HLH", ("ruxolitinib",)),
        ("etoposide dose in HLH", ("etoposide",)),
        ("which factor matters in HLH", ()),
    ],
)
def test_a_slip_of_the_keys_still_names_the_drug(text: str, drug: tuple[str, ...]) -> None:
    assert understood(text).named("drug") == drug
