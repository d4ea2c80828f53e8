"""What a citation carries and what the dosing ledger holds, by hand and as properties."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval import citations
from eval.citations import (
    content_words,
    idle_citations,
    is_in_source,
    outside_ledger,
    quantities_of,
    supports,
)

GIVE = "Adults receive dexamethasone 10 mg/m² once daily for two weeks."
WORDS = st.lists(
    st.sampled_from(["dexamethasone", "weekly", "counts", "kidney"]), min_size=1, unique=True
)


def test_the_examples_in_the_docstrings_hold() -> None:
    results = doctest.testmod(citations)

    assert results.failed == 0
    assert results.attempted >= 6


def test_a_sentence_is_carried_by_its_own_passage_and_by_one_that_says_nearly_the_same() -> None:
    alike = "Dexamethasone 10 mg/m² once daily, for two weeks, is what adults are given."

    assert supports(GIVE, [f"Before. {GIVE} After."])
    assert supports(GIVE, [alike])


@pytest.mark.parametrize(
    "passage",
    [
        GIVE.replace("10 mg/m²", "10 mg/kg"),  # another unit
        GIVE.replace("10 mg", "20 mg"),  # another amount
        "Children are monitored: 10 mg/m² of anything.",  # the number alone
        "",
    ],
)
def test_a_passage_without_the_number_or_the_words_carries_nothing(passage: str) -> None:
    assert not supports(GIVE, [passage])


def test_a_passage_that_lacks_the_not_does_not_carry_the_sentence() -> None:
    sentence = "Do not give live vaccines during treatment with ruxolitinib."

    assert not supports(sentence, ["Give live vaccines during treatment with ruxolitinib."])
    assert supports(sentence, ["During treatment with ruxolitinib do not give live vaccines."])


def test_seven_of_ten_content_words_are_enough_and_six_are_not() -> None:
    words = [letter * 3 for letter in "abcdefghij"]
    sentence = " ".join(words)

    assert supports(sentence, [" ".join(reversed(words[:7]))])
    assert not supports(sentence, [" ".join(reversed(words[:6]))])


def test_two_citations_can_carry_together_what_neither_carries_alone() -> None:
    cited = {
        "a": "Dexamethasone 10 mg/m² for adults.",
        "b": "Once daily, for two weeks receive it.",
    }

    assert idle_citations(GIVE, cited) == ("a", "b")
    assert supports(GIVE, [*cited.values()])


def test_a_perfect_answer_has_no_idle_citation_and_a_shuffled_one_has() -> None:
    sentences = (GIVE, "Check blood counts every week.", "Etoposide 150 mg/m² twice weekly.")
    shuffled = (*sentences[1:], sentences[0])

    assert [idle_citations(s, {"own": s}) for s in sentences] == [(), (), ()]
    assert all(
        idle_citations(s, {"other": other}) for s, other in zip(sentences, shuffled, strict=True)
    )


@given(held=WORDS, more=WORDS)
def test_one_passage_more_never_takes_support_away(held: list[str], more: list[str]) -> None:
    sentence, passages = " ".join(held), [" ".join(more)]

    assert supports(sentence, [*passages, sentence])
    assert supports(sentence, [*passages, "weekly"]) >= supports(sentence, passages)


def test_content_words_leave_out_short_words_and_function_words() -> None:
    assert content_words("The IV dose of the drug was not given") == {
        "dose",
        "drug",
        "not",
        "given",
    }


@pytest.mark.parametrize(
    ("text", "amounts"),
    [
        ("5–10 mg/kg/day, then 0.5 g", ("10mg/kg/day", "0.5g")),
        ("ferritin 10,000 ng/mL, fibrinogen 1.5 g/L, ALT 200 U/L", ()),
        ("weight 20 kg, after 8 weeks, 30 %", ()),
        ("1,000 units/kg and 2.5 µg", ("1,000units/kg", "2.5µg")),
    ],
)
def test_amounts_of_drugs_are_told_from_other_numbers(text: str, amounts: tuple[str, ...]) -> None:
    assert quantities_of(text) == amounts


def test_an_amount_that_the_ledger_lacks_or_holds_in_another_unit_is_outside_it() -> None:
    assert outside_ledger(GIVE, ["10 mg/m² once daily"]) == ()
    assert outside_ledger(GIVE, ["10 mg once daily"]) == ("10mg/m²",)
    assert outside_ledger(f"{GIVE} {GIVE}", []) == ("10mg/m²", "10mg/m²")


def test_an_entry_stands_in_its_source_with_every_value() -> None:
    assert is_in_source("10 mg/m² once daily", GIVE)
    assert is_in_source("once daily", GIVE)
    assert not is_in_source("10 mg/m² for 3 weeks", GIVE)
    assert not is_in_source("twice daily", GIVE)
    assert not is_in_source("", GIVE)
