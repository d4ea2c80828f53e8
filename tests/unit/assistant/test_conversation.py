"""What a follow-up keeps of the turns before it, what it replaces and what it drops."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.conversation import MAX_CHARACTERS, OF_A_PATIENT
from assistant.dosing import DoseRole
from assistant.drafting.length import DOSE_WORDS, STANDARD_WORDS, words_allowed
from assistant.model import Question, Understanding
from assistant.stated import stated_patient
from assistant.understanding import understand
from corpus.library import load_library

LIBRARY = load_library()


def understood(text: str, *history: str, since: int = 0) -> Understanding:
    question = Question(text=text, history=history, patient_since=since)
    return understand(replace(question, patient=stated_patient(question).patient), LIBRARY)


def test_another_drug_takes_the_place_of_the_drug_and_what_was_asked_stays() -> None:
    found = understood("and ruxolitinib?", "anakinra dose in an adult with HLH", "crcl 20?")

    assert found.named("drug") == ("ruxolitinib",)
    assert found.named("condition") == ("renal-impairment",)
    assert found.named("population") == ("adult",)
    assert found.asks_dose
    assert "anakinra" not in found.query
    assert "crcl 20" in found.query


def test_a_condition_keeps_the_drug_and_what_was_asked_of_it() -> None:
    found = understood("and in liver failure?", "etoposide dose in HLH")

    assert found.named("drug") == ("etoposide",)
    assert found.named("condition") == ("hepatic-impairment",)
    assert found.asks_dose
    assert "dose" in found.carried_facets


def test_a_limit_that_was_asked_for_is_still_asked_for() -> None:
    assert understood("and dex?", "maximum dose of etoposide?").asks_limit is DoseRole.MAXIMUM


def test_a_question_of_its_own_kind_keeps_the_drug_and_drops_the_dose() -> None:
    found = understood("until when", "septrin dose for PJP prophylaxis in an adult with HLH?")

    assert found.named("drug") == ("trimethoprim-sulfamethoxazole",)
    assert found.named("topic") == ("duration",)
    assert not found.asks_dose
    assert "dose" not in found.query


def test_another_route_takes_the_place_of_the_route() -> None:
    found = understood("not absorbing - iv?", "ciclosporin dose child HLH", "oral tacrolimus?")

    assert found.asks_dose
    assert "oral" not in found.query
    assert "ciclosporin" not in found.query


def test_other_people_take_the_place_of_the_people() -> None:
    found = understood("and kids?", "ivig dose for an adult, 80 kg, with HLH")

    assert found.named("population") == ("child",)
    assert found.named("drug") == ("ivig",)
    assert "adult" not in found.query
    assert "80 kg" not in found.query


@pytest.mark.parametrize(
    "text", ["he's on voriconazole", "and with voriconazole?", "voriconazole alongside?"]
)
def test_a_drug_that_is_given_beside_another_does_not_replace_it(text: str) -> None:
    found = understood(text, "ruxolitinib dose for an adult with HLH")

    assert set(found.named("drug")) == {"ruxolitinib", "voriconazole"}


def test_of_two_drugs_the_one_stays_that_the_library_sets_beside_the_new_one() -> None:
    found = understood(
        "same cut for ciclosporin?", "posaconazole started in a transplant pt on tacrolimus"
    )

    assert set(found.named("drug")) == {"ciclosporin", "posaconazole"}
    assert "tacrolimus" not in found.query


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("the first one, how long?", ("etoposide",)),
        ("the second one - what evidence", ("ruxolitinib",)),
        ("both?", ("etoposide", "ruxolitinib")),
    ],
)
def test_one_of_the_drugs_before_can_be_picked(text: str, drug: tuple[str, ...]) -> None:
    assert understood(text, "etoposide or ruxolitinib in HLH with AKI").named("drug") == drug


@pytest.mark.parametrize(
    ("text", "facet", "value"),
    [
        ("no I meant a child", "population", "child"),
        ("sorry, in liver failure", "condition", "hepatic-impairment"),
        ("I meant dexamethasone", "drug", "dexamethasone"),
        ("sorry, not etoposide, dexamethasone", "drug", "dexamethasone"),
    ],
)
def test_a_correction_replaces_what_it_names(text: str, facet: str, value: str) -> None:
    found = understood(text, "etoposide dose in an adult with HLH in renal failure")

    assert found.named(facet) == (value,)
    assert found.asks_dose
    assert len(found.named("drug")) == 1


@pytest.mark.parametrize(
    "text",
    [
        "different question: what does a positive OHI index mean",
        "new question - trough of ciclosporin?",
        "What is the mortality of tuberculosis-HLH?",
    ],
)
def test_a_turn_that_stands_alone_drops_what_was_before(text: str) -> None:
    found = understood(text, "etoposide dose in an adult with renal failure", "and dex?")

    assert not found.carried
    assert "etoposide" not in found.named("drug")
    assert found.named("condition") == ()


def test_a_turn_between_that_names_nothing_does_not_break_the_thread() -> None:
    history = ("IEC-HS after CAR-T", "fibrinogen 1.1 do i replace", "pocket card, grade 3 tox?")

    assert understood("no response after 48h", *history).named("subtype") == ("iec-hs",)


def test_words_of_every_day_do_not_make_a_follow_up_a_question_of_another_subject() -> None:
    found = understood("kidneys are bad, any problem", "IVIG dose adults HLH")

    assert found.named("drug") == ("ivig",)


def test_h22_what_was_measured_in_somebody_else_is_no_condition_of_the_next() -> None:
    history = ("68M creat 400 umol/L severe HLH - etoposide dose?",)

    for text in ("what about a 6-year-old?", "next patient: 70 kg", "and a 30F?", "34F now?"):
        found = understood(text, *history)
        assert found.named("condition") == (), text
        assert found.named("severity") == (), text
        assert found.named("drug") == ("etoposide",)
        assert found.asks_dose
        assert "400" not in found.query


def test_the_next_patient_gets_the_same_question() -> None:
    found = understood("next patient: 70 kg man, 66 years old, dex", "etoposide dose in HLH-94")

    assert found.named("drug") == ("dexamethasone",)
    assert found.asks_dose
    assert "HLH-94" in found.query


def test_a_condition_that_is_asked_about_stays_for_the_next_patient() -> None:
    found = understood("what about a 6-year-old?", "etoposide dose in renal failure, HLH")

    assert found.named("condition") == ("renal-impairment",)


def test_a_cleared_patient_stays_cleared_whatever_follows() -> None:
    history = ("refractory HLH in a child of 22 kg, creat 300, etoposide dose?", "how long?")
    for more in ((), ("and dex?",), ("and dex?", "why?")):
        found = understood("and in that case?", *history, *more, since=len(history))
        for facet in OF_A_PATIENT:
            assert found.named(facet) == ()
        assert not {"child", "refractory", "22", "300"} & set(found.query.split())
        assert found.named("drug") == (("dexamethasone",) if more else ("etoposide",))


def test_what_is_carried_along_does_not_grow_without_end() -> None:
    history = ("etoposide in HLH", *["and " + "why not " * 100 + "dex?"] * 12)

    assert len(understood("and now?", *history).query) <= MAX_CHARACTERS + len("and now? ")


def test_a_condition_after_a_dose_is_no_question_for_the_dose_alone() -> None:
    asked = understood("and in renal failure?", "etoposide dose in HLH")
    people = understood("and kids?", "etoposide dose in HLH")

    assert words_allowed(Question(text="and in renal failure?"), asked) == STANDARD_WORDS
    assert words_allowed(Question(text="and kids?"), people) == DOSE_WORDS


def test_a_drug_that_the_library_does_not_know_is_left_behind_by_a_turn_that_moves_on() -> None:
    moved = understood("PJP prophylaxis with sulfa allergy", "metformin dose")
    leaning = understood("how long?", "metformin dose")

    assert moved.named("drug") == ()
    assert "metformin" not in moved.query
    assert leaning.named("drug") == ("metformin",)


@pytest.mark.parametrize(
    ("text", "drug"),
    [
        ("lipase 1200 w/ belly pain, still give?", "pegaspargase"),
        ("hes on HD 3x wk", "pegaspargase"),
        ("ok for lymphoma HLH as well?", "pegaspargase"),
    ],
)
def test_a_turn_leans_on_the_one_before_whatever_new_words_it_has(text: str, drug: str) -> None:
    found = understood(text, "pegaspargase dose in L-DEP for EBV-HLH")

    assert found.carried
    assert found.named("drug") == (drug,)


def test_a_question_on_another_disease_leans_on_nothing() -> None:
    assert not understood("best inhaler for mild asthma?", "etoposide dose in HLH").carried


def test_the_core_of_a_follow_up_is_its_own_words_and_the_drugs_that_are_meant() -> None:
    assert understood("and if it drops to 10?", "etoposide in HLH, crcl 38").core == (
        "and if it drops to 10? etoposide"
    )
    assert understood("etoposide dose in an adult with HLH").core == ""
