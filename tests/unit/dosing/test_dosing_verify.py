"""A whole answer: what is shown, what is replaced, and by which words."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.dosing import Detail, Dose, Verdict
from assistant.dosing.axes import RuleAxis, RuleJudgement
from assistant.dosing.conflict import find_conflicts
from assistant.dosing.passage import PassageReading, passage_reading
from assistant.dosing.report import Report
from assistant.dosing.verify import SOURCE_BEYOND, verify

ETOPOSIDE = "Etoposide 50-100 mg/m2 IV once weekly is given. Ferritin is then followed."
RITUXIMAB = "Rituximab 375 mg/m2 IV once weekly for 2-4 doses clears the reservoir."
PASSAGES = {
    "doc:1": passage_reading(ETOPOSIDE, document="a"),
    "doc:2": passage_reading(RITUXIMAB, document="b"),
}


def judged(axis: RuleAxis, **more: object) -> object:
    def judge(dose: Dose, context: object) -> RuleJudgement:
        return RuleJudgement(axis=axis, **more)  # type: ignore[arg-type]

    return judge


def check(
    *answer: tuple[str, tuple[str, ...]],
    passages: dict[str, PassageReading] | None = None,
    **more: object,
) -> Report:
    return verify(answer, passages or PASSAGES, None, None, **more)  # type: ignore[arg-type]


def test_a_sentence_of_its_passage_is_shown_as_source_only_without_rules() -> None:
    report = check(("Etoposide 50-100 mg/m2 IV once weekly is given.", ("doc:1",)))

    assert report.state is Verdict.SOURCE_ONLY
    assert report.sentences[0].replacement is None
    assert report.module_version


def test_a_reviewed_rule_makes_it_verified_and_a_draft_does_not() -> None:
    answer = ("Etoposide 50-100 mg/m2 IV once weekly.", ("doc:1",))

    reviewed = check(answer, judge=judged(RuleAxis.INSIDE, rule_ids=("r1",)))
    draft = check(answer, judge=judged(RuleAxis.UNREVIEWED, notes=("unreviewed: above",)))

    assert reviewed.state is Verdict.VERIFIED
    assert reviewed.sentences[0].findings[0].rule_ids == ("r1",)
    assert draft.state is Verdict.SOURCE_ONLY
    assert draft.sentences[0].findings[0].notes == ("unreviewed: above",)


def test_a_withheld_sentence_is_replaced_by_the_passages_own() -> None:
    report = check(("Etoposide 500 mg/m2 IV once weekly.", ("doc:1",)))

    replacement = report.sentences[0].replacement
    assert replacement is not None
    assert replacement.is_quote
    assert replacement.text == "Etoposide 50-100 mg/m2 IV once weekly is given."
    assert replacement.passage_id == "doc:1"


def test_without_a_sentence_to_quote_a_fixed_text_stands_in() -> None:
    passages = {"doc:3": passage_reading("Etoposide is toxic.")}

    report = check(("Etoposide 500 mg/m2 once weekly.", ("doc:3",)), passages=passages)

    replacement = report.sentences[0].replacement
    assert report.state is Verdict.NOT_IN_SOURCE
    assert replacement is not None
    assert not replacement.is_quote
    assert "gives no dose" in replacement.text


def test_a_source_beyond_a_hard_limit_is_linked_and_not_quoted() -> None:
    answer = ("Etoposide 50-100 mg/m2 IV once weekly.", ("doc:1",))

    report = check(answer, judge=judged(RuleAxis.BEYOND, limit="40 mg/m2 (rule r9)"))

    assert report.state is Verdict.HARD_LIMIT
    assert "40 mg/m2" in report.sentences[0].findings[0].why
    assert report.sentences[0].replacement is not None
    assert report.sentences[0].replacement.text == SOURCE_BEYOND
    assert report.sentences[0].replacement.passage_id == "doc:1"


def test_a_wrong_citation_is_moved_to_the_one_passage_that_supports_it() -> None:
    report = check(("Rituximab 375 mg/m2 IV once weekly for 2-4 doses.", ("doc:1",)))

    sentence = report.sentences[0]
    assert sentence.repaired
    assert sentence.cites == ("doc:2",)
    assert report.state is Verdict.SOURCE_ONLY


def test_with_two_passages_that_support_it_no_citation_is_repaired() -> None:
    passages = PASSAGES | {"doc:4": passage_reading(RITUXIMAB, document="c")}

    report = check(("Rituximab 375 mg/m2 IV once weekly.", ("doc:1",)), passages=passages)

    assert not report.sentences[0].repaired
    assert report.state is Verdict.NOT_IN_SOURCE


def test_a_sentence_that_cites_nothing_known_is_withheld() -> None:
    report = check(("Cyclophosphamide 750 mg/m2.", ("doc:99",)))

    assert report.state is Verdict.NOT_IN_SOURCE
    assert report.sentences[0].replacement is not None


def test_two_cited_passages_may_share_the_doses_of_one_sentence() -> None:
    text = "Etoposide 50-100 mg/m2 once weekly and rituximab 375 mg/m2 once weekly."

    report = check((text, ("doc:1", "doc:2")))

    assert report.state is Verdict.SOURCE_ONLY


def test_when_more_than_half_is_replaced_the_answer_becomes_quotes() -> None:
    wrong = ("Etoposide 500 mg/m2 once weekly.", ("doc:1",))
    right = ("Rituximab 375 mg/m2 IV once weekly for 2-4 doses.", ("doc:2",))

    half, most = check(wrong, right), check(wrong, wrong, right)

    assert not half.quotes_only
    assert most.quotes_only
    assert [q.passage_id for q in most.quotes] == ["doc:1", "doc:2"]
    assert all(q.is_quote for q in most.quotes)


def test_a_dose_without_the_frequency_that_its_rule_requires_is_withheld() -> None:
    passages = {"doc:5": passage_reading("Methotrexate 15 mg once weekly is usual.")}
    judge = judged(RuleAxis.INSIDE, frequency_required=True)

    silent = check(("Methotrexate 15 mg is usual.", ("doc:5",)), passages=passages, judge=judge)
    said = check(("Methotrexate 15 mg weekly.", ("doc:5",)), passages=passages, judge=judge)

    assert silent.state is Verdict.INCOMPLETE
    assert silent.sentences[0].replacement is not None
    assert said.state is Verdict.VERIFIED


def test_a_text_that_contradicts_itself_is_inconsistent_whatever_the_rules_say() -> None:
    text = "Ciclosporin 3 mg/kg/dose twice daily, i.e. 60 mg/kg/day."
    passages = {"doc:6": passage_reading(text)}

    report = check((text, ("doc:6",)), passages=passages, judge=judged(RuleAxis.INSIDE))

    assert report.state is Verdict.INCONSISTENT


def test_a_dose_of_a_passage_about_children_is_no_dose_for_an_adult() -> None:
    text = "Anakinra 2-4 mg/kg per dose SC every 12 h."
    passages = {"doc:7": passage_reading(text, population=("child", "infant"))}

    named = check((f"In adults {text[0].lower()}{text[1:]}", ("doc:7",)), passages=passages)
    asked = check((text, ("doc:7",)), passages=passages, population="adult")
    child = check((text, ("doc:7",)), passages=passages, population="child")
    silent = check((text, ("doc:7",)), passages=passages)

    assert named.state is asked.state is Verdict.MISMATCH
    assert asked.sentences[0].findings[0].detail is Detail.POPULATION
    assert child.state is silent.state is Verdict.SOURCE_ONLY


def test_groups_come_from_the_headings_when_nothing_else_names_them() -> None:
    reading = passage_reading("Anakinra 2 mg/kg.", heading=("Doses in children",))

    assert reading.population == ("child",)
    assert reading.parsed.doses[0].inherited == ("child",)


def test_sources_that_disagree_are_shown_side_by_side_and_consensus_is_flagged() -> None:
    passages = {
        "a:1": passage_reading("IVIG 1.6 g/kg over 2-3 days.", document="a"),
        "b:1": passage_reading("IVIG 2 g/kg once.", document="b"),
    }
    conflicts = find_conflicts(passages)

    report = check(
        ("The recommended dose of IVIG is 2 g/kg once.", ("b:1",)),
        passages=passages,
        conflicts=conflicts,
    )

    assert [c.passages for c in conflicts] == [("a:1", "b:1")]
    assert report.state is Verdict.SOURCE_CONFLICT
    assert report.sentences[0].conflicts == ("a:1", "b:1")
    assert report.sentences[0].claims_consensus


@pytest.mark.parametrize(
    "more", [{"population": ("child",)}, {"indication": ("x",)}, {"phase": "salvage"}]
)
def test_another_population_indication_or_phase_is_no_conflict(more: dict[str, object]) -> None:
    passages = {
        "a:1": passage_reading("IVIG 1.6 g/kg.", document="a"),
        "b:1": passage_reading("IVIG 2 g/kg.", document="b", **more),  # type: ignore[arg-type]
    }

    assert find_conflicts(passages) == ()


# ------------------------------------------------------------------ properties


@dataclass(frozen=True)
class Limits:
    """A stub of reviewed rules: usual up to one amount, hard limit at another."""

    usual: int = 100
    hard: int = 150

    def __call__(self, dose: Dose, context: object) -> RuleJudgement:
        high = dose.high or 0
        beyond, above = high > self.hard, high > self.usual
        axis = RuleAxis.BEYOND if beyond else RuleAxis.ABOVE if above else RuleAxis.INSIDE
        return RuleJudgement(axis=axis)


quick = settings(max_examples=40, deadline=None, derandomize=True)


@quick
@given(amounts=st.lists(st.integers(50, 400), min_size=2, max_size=2).map(sorted))
def test_a_higher_amount_never_gets_a_milder_verdict_of_reviewed_rules(amounts: list[int]) -> None:
    def state(amount: int) -> Verdict:
        text = f"Etoposide {amount} mg/m2 once weekly."
        passages = {"p": passage_reading(text)}
        report = check((text, ("p",)), passages=passages, judge=Limits())
        assert report.state is not None
        return report.state

    low, high = (state(a) for a in amounts)

    assert high.severity <= low.severity


@quick
@given(amount=st.integers(1, 400))
def test_without_a_reviewed_rule_nothing_is_verified(amount: int) -> None:
    report = check((f"Etoposide {amount} mg/m2 once weekly.", ("doc:1",)))

    assert all(f.verdict is not Verdict.VERIFIED for f in report.sentences[0].findings)


@quick
@given(
    amount=st.sampled_from(["500 mg/m2", "75 mg/kg", "75 mg"]),
    field=st.sampled_from(
        [" IV", " once weekly", " for 8 weeks", " on day 1", " in adults", " as induction"]
    ),
)
def test_a_field_more_never_turns_a_mismatch_into_verified(amount: str, field: str) -> None:
    judge = judged(RuleAxis.INSIDE)

    short = check((f"Etoposide {amount}.", ("doc:1",)), judge=judge)
    long = check((f"Etoposide {amount}{field}.", ("doc:1",)), judge=judge)

    assert short.state is Verdict.MISMATCH
    assert long.state is not Verdict.VERIFIED


@quick
@given(
    order=st.permutations(["doc:1", "doc:2", "doc:3"]),
    text=st.sampled_from(
        [
            "Etoposide 75 mg/m2 once weekly.",
            "Rituximab 375 mg/m2 once weekly.",
            "Etoposide 9 mg/m2.",
        ]
    ),
)
def test_the_order_of_the_passages_changes_no_verdict(order: list[str], text: str) -> None:
    passages = PASSAGES | {"doc:3": passage_reading("Ferritin is followed.")}
    shuffled = {id_: passages[id_] for id_ in order}

    before = check((text, ("doc:1",)), passages=passages)
    after = check((text, ("doc:1",)), passages=shuffled)

    assert before == after


@quick
@given(words=st.sampled_from(["Follow the response.", "See the protocol.", "Ask a specialist."]))
def test_a_sentence_without_numbers_changes_no_verdict(words: str) -> None:
    text = "Etoposide 50-100 mg/m2 IV once weekly is given."

    assert check((f"{text} {words}", ("doc:1",))).state is check((text, ("doc:1",))).state


EQUIVALENT = [
    ("weekly", "every 7 days", "once a week"),
    ("twice daily", "BID", "2 times a day"),
    ("every other day", "every 48 hours", "on alternate days"),
    ("every 2 weeks", "every 14 days", "fortnightly"),
]


@quick
@given(
    amount=st.integers(1, 400),
    source=st.integers(1, 400),
    words=st.sampled_from(EQUIVALENT).flatmap(lambda w: st.permutations(w)),
)
def test_equal_wordings_of_a_frequency_give_one_verdict(
    amount: int, source: int, words: list[str]
) -> None:
    passages = {"p": passage_reading(f"Etoposide {source} mg/m2 {words[0]} is given.")}

    states = {
        check((f"Use etoposide {dose} {often}.", ("p",)), passages=passages).state
        for often in words
        for dose in (f"{amount} mg/m2", f"{amount}.0 mg/m²", f"{amount} mg per square metre")
    }

    assert len(states) == 1
    assert (states == {Verdict.SOURCE_ONLY}) is (amount == source)
