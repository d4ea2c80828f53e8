"""An answer against its source: every slip is caught, and what is right stays quiet."""

from __future__ import annotations

from itertools import pairwise

import pytest

from assistant.dosing import Detail, Finding, Verdict, compare, compare_with_library, parse
from tests.unit.dosing.mutations import REWRITES, SENTENCES, SWAPS, mutants

CLEAN = {Verdict.SOURCE_ONLY, Verdict.WITHIN_RANGE, Verdict.VERIFIED}
# 30 mg/kg/day and 30 mg/kg/dose are the same amount when it is given once daily.
EQUIVALENT = {
    "Methylprednisolone 30 mg/kg/day (maximum 1 g) IV daily for 3 doses, "
    "then 1 mg/kg/dose every 12 h."
}


def alarms(claim: str, source: str) -> list[Finding]:
    return [f for f in compare(parse(claim), parse(source)) if f.verdict not in CLEAN]


@pytest.mark.parametrize("sentence", SENTENCES)
def test_a_sentence_agrees_with_itself(sentence: str) -> None:
    assert alarms(sentence, sentence) == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_single_mutation_of_an_answer_is_caught(sentence: str) -> None:
    survivors = [
        (name, mutant)
        for name, mutant in mutants(sentence, SWAPS)
        if not alarms(mutant, sentence) and mutant not in EQUIVALENT
    ]

    assert survivors == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_rewrites_that_keep_the_meaning_raise_no_alarm(sentence: str) -> None:
    raised = [
        (old, new, found[0].why)
        for old, new in REWRITES
        if old in sentence and (found := alarms(sentence.replace(old, new), sentence))
    ]

    assert raised == []


@pytest.mark.parametrize("sentence", SENTENCES)
def test_every_dose_and_every_number_has_a_finding(sentence: str) -> None:
    claim = parse(sentence)

    found = {(f.start, f.end) for f in compare(claim, parse("Nothing is said here."))}

    assert {(d.start, d.end) for d in claim.doses} <= found
    assert {(n.start, n.end) for n in claim.numbers} <= found


SOURCE = (
    "In adults etoposide 50-100 mg/m2 IV once weekly is used instead of 150 mg/m2 twice weekly. "
    "Vincristine 1.4 mg/m2 (maximum 2 mg) on day 1. Ferritin above 500 ng/mL in 25% of 40 patients."
)


@pytest.mark.parametrize(
    ("claim", "verdict", "detail", "words"),
    [
        ("Etoposide 75 mg/m2 once weekly.", "WITHIN_RANGE", "", "50-100 mg/m2"),
        ("Etoposide 50-100 mg/m2 once weekly.", "SOURCE_ONLY", "", "Matches"),
        ("Etoposide 500-1000 mg/m2 once weekly.", "MISMATCH", "VALUE", "ten times"),
        ("Etoposide 5-10 mg/m2 once weekly.", "MISMATCH", "VALUE", "a tenth"),
        ("Etoposide 50-100 g/m2 once weekly.", "MISMATCH", "UNIT", "unit"),
        ("Etoposide 50-100 mg/kg once weekly.", "MISMATCH", "BASIS", "basis"),
        ("Etoposide 50-100 mg once weekly.", "MISMATCH", "BASIS", "per m²"),
        ("Etoposide 50-100 mg/m2 daily.", "MISMATCH", "SCHEDULE", "once a week"),
        ("Etoposide 50-100 mg/m2 orally once weekly.", "MISMATCH", "ROUTE", "IV"),
        ("Etoposide 150 mg/m2 twice weekly.", "MISMATCH", "ROLE", "not to give"),
        ("Cisplatin 50-100 mg/m2 once weekly.", "MISMATCH", "DRUG", "etoposide"),
        ("Rituximab 375 mg/m2 once weekly.", "NOT_IN_SOURCE", "", "rituximab"),
        ("Vincristine 1.4 mg/m2 on day 1.", "INCOMPLETE", "LIMIT", "2 mg"),
        ("In children etoposide 50-100 mg/m2.", "MISMATCH", "POPULATION", "adults"),
        ("Etoposide 10 mg/furlong once weekly.", "UNREADABLE", "TAIL", "unit"),
        ("Etoposide 5O mg/m2 once weekly.", "UNREADABLE", "NUMBER", "number"),
        ("Etoposide 50-100 mg/m2 biweekly.", "UNREADABLE", "", "two ways"),
    ],
)
def test_the_first_finding_names_what_is_wrong(
    claim: str, verdict: str, detail: str, words: str
) -> None:
    finding = compare(parse(claim), parse(SOURCE))[0]

    assert (finding.verdict, finding.detail) == (verdict, detail)
    assert words in finding.why
    assert finding.why.endswith(".")


@pytest.mark.parametrize(
    ("claim", "detail"),
    [
        ("Ferritin above 600 ng/mL.", Detail.VALUE),
        ("Ferritin below 500 ng/mL.", Detail.COMPARATOR),
        ("Creatinine above 500 ng/mL.", Detail.DRUG),
        ("It was seen in 35%.", Detail.VALUE),
    ],
)
def test_a_number_that_is_no_dose_must_stand_in_the_source(claim: str, detail: Detail) -> None:
    finding = compare(parse(claim), parse(SOURCE))[0]

    assert (finding.verdict, finding.detail) == (Verdict.MISMATCH, detail)


def test_a_pair_given_the_other_way_round_is_caught() -> None:
    source = "Remission was 73.1% against 42.9% (p=0.033)."

    assert alarms("Remission was 73.1% versus 42.9%.", source) == []
    assert alarms("Remission was 42.9% versus 73.1%.", source)


def test_single_doses_that_add_up_to_the_daily_amount_are_noted_not_alarmed() -> None:
    source = parse("Ciclosporin 3 mg/kg/dose twice daily.")

    same, ten = (
        compare(parse("Ciclosporin 6 mg/kg/day."), source),
        compare(parse("Ciclosporin 3 mg/kg/day."), source),
    )

    assert same[0].verdict is Verdict.SOURCE_ONLY
    assert "daily total" in same[0].why
    assert ten[0].verdict is Verdict.MISMATCH


def test_a_text_that_contradicts_itself_is_inconsistent() -> None:
    claim = parse("Ciclosporin 3 mg/kg/dose twice daily, i.e. 60 mg/kg/day.")

    verdicts = {f.verdict for f in compare(claim, claim)}

    assert Verdict.INCONSISTENT in verdicts


def test_a_later_frequency_of_the_same_amount_belongs_to_the_dose() -> None:
    source = "Etoposide 150 mg/m2 twice weekly for 2 weeks, then once weekly."

    assert alarms(source, source) == []
    assert alarms(source.replace("then once weekly", "then daily"), source)


def test_a_higher_amount_never_makes_a_verdict_milder() -> None:
    source = parse(SOURCE)
    amounts = ("50-100", "100", "100-150", "150", "500-1000", "5000")

    verdicts = [
        compare(parse(f"Etoposide {a} mg/m2 once weekly."), source)[0].verdict for a in amounts
    ]

    shown = [v.shown for v in verdicts]
    assert shown == sorted(shown, reverse=True)


def test_verdicts_are_ordered_from_worst_to_best() -> None:
    ranks = [verdict.severity for verdict in Verdict]

    assert all(a < b for a, b in pairwise(ranks))
    assert not Verdict.MISMATCH.shown
    assert Verdict.INCOMPLETE.shown
    assert Verdict.UNREADABLE.severity == 0


LIBRARY = [
    ("doc:1", parse("Etoposide 150 mg/m2 IV twice weekly in weeks 1-2.")),
    ("doc:2", parse("In adults etoposide 50-100 mg/m2 IV once weekly.")),
    ("doc:3", parse("Dexamethasone 10 mg/m2/day.")),
]


@pytest.mark.parametrize(
    ("order", "verdict", "source_id", "words"),
    [
        ("etoposide 150 mg/m2 IV twice weekly", "SOURCE_ONLY", "doc:1", "Matches"),
        ("VP-16 75 mg/m2 weekly", "WITHIN_RANGE", "doc:2", "Inside"),
        ("etoposide 1500 mg/m2 IV twice weekly", "MISMATCH", "doc:1", "ten times"),
        ("etoposide 150 mg/m2 IV daily", "MISMATCH", "doc:1", "once a day"),
        ("etoposide 150 mg/kg twice weekly", "MISMATCH", "doc:1", "basis"),
        ("dexamethasone 10 mg/day", "MISMATCH", "doc:3", "basis"),
        ("dexamethasone 10 g/m2/day", "MISMATCH", "doc:3", "unit"),
        ("etoposide 150 mg/m2 SC twice weekly", "MISMATCH", "doc:1", "SC"),
        ("warfarin 5 mg daily", "UNKNOWN_DRUG", None, "warfarin"),
        ("150 mg/m2 twice weekly", "UNREADABLE", None, "which drug"),
    ],
)
def test_an_order_is_compared_with_the_nearest_passage_of_the_library(
    order: str, verdict: str, source_id: str | None, words: str
) -> None:
    (finding,) = compare_with_library(parse(order), LIBRARY)

    assert (finding.verdict, finding.source_id) == (verdict, source_id)
    assert words in finding.why


def test_a_day_that_a_closed_list_replaces_is_still_compared() -> None:
    text = "Dexamethasone from day 4 is 2 mg/m² on days 4-6 and 1 mg/m² on days 7-10."

    findings = compare(parse(text.replace("from day 4", "from day 5")), parse(text))

    assert [f.text for f in findings if not f.shown] == ["day 5"]
