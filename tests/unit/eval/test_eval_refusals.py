"""The part of the report on knowing when not to answer."""

from __future__ import annotations

from dataclasses import replace

from eval.follow_ups import render_follow_ups
from eval.model import Case, Judgement, Observed, Outcome, Question, Refusal, RefusalClass
from eval.refusals import is_answerable, is_as_if_inside, is_corrected, render_refusals


def a_judgement(
    expect: tuple[Outcome, ...],
    outcome: Outcome,
    *,
    score: float | None = None,
    refusal: Refusal | None = None,
    said: str = "",
    recall: float | None = None,
) -> Judgement:
    case = Case(
        id="A1",
        section="own",
        question=Question(text="?"),
        expect=expect,
        provenance="us",
        key_facts=("x:1",) if recall is not None else (),
        refusal=refusal,
    )
    return Judgement(
        case=case,
        observed=Observed(outcome=outcome, refusal=said, answerable=score),
        refusal=RefusalClass.RIGHT,
        fates=(),
        recall_at_5=None,
        reciprocal_rank=None,
        ndcg_at_10=None,
        facts_at_10=None,
        fact_recall=recall,
        vital_recall=None,
        apt=None,
        grades=(),
        unsupported=(),
        cut=(),
        numbers=0,
        unsupported_numbers=(),
        forbidden=(),
    )


ANSWERED, LIMITED, DECLINED = Outcome.ANSWERED, Outcome.LIMITED, Outcome.DECLINED


def test_a_question_is_answerable_unless_its_file_lets_it_be_declined_as_not_held() -> None:
    def answerable(expect: tuple[Outcome, ...], refusal: Refusal | None = None) -> bool | None:
        return is_answerable(a_judgement(expect, ANSWERED, refusal=refusal).case)

    assert answerable((ANSWERED, LIMITED)) is True
    assert answerable((DECLINED,)) is False
    assert answerable((DECLINED, LIMITED), Refusal.NOT_IN_LIBRARY) is False
    assert answerable((DECLINED, ANSWERED), Refusal.EMERGENCY) is None


def test_a_premise_is_corrected_when_it_is_called_wrong_and_a_key_fact_is_shown() -> None:
    def corrected(said: str, recall: float) -> bool:
        judged = a_judgement(
            (LIMITED,), LIMITED, refusal=Refusal.WRONG_PREMISE, said=said, recall=recall
        )
        return is_corrected(judged)

    assert corrected("wrong-premise", 1.0)
    assert not corrected("wrong-premise", 0.0)
    assert not corrected("", 1.0)


def test_a_premise_that_is_put_up_for_comparison_is_not_called_wrong_but_corrected() -> None:
    judged = a_judgement((ANSWERED,), ANSWERED, refusal=Refusal.WRONG_PREMISE, recall=1.0)
    compared = replace(judged, observed=replace(judged.observed, notices=("unconfirmed",)))

    assert is_corrected(compared)
    assert not is_corrected(judged)
    assert "wrong premises called wrong: 0 of 1" in render_refusals([compared])


def test_the_report_counts_both_errors_and_prints_their_curve() -> None:
    report = render_refusals(
        [
            a_judgement((ANSWERED,), ANSWERED, score=2.0),
            a_judgement((ANSWERED,), DECLINED, score=-2.0),
            a_judgement((DECLINED,), DECLINED, score=-3.0, refusal=Refusal.OUTSIDE_SCOPE),
            a_judgement((DECLINED,), ANSWERED, score=1.0, refusal=Refusal.OUTSIDE_SCOPE),
        ]
    )

    assert "answerable and declined: 1 of 2" in report
    assert "outside the library and answered as if inside: 1 of 2" in report
    assert "AUROC of answerability 0.750 [0.057–1.000] (2 answerable, 2 not)" in report
    assert "50.0 % [0.0–100.0] of the others are." in report
    assert "| 0.0 | 1 of 2 | 1 of 2 |" in report
    assert "| outside-scope | 2 | 1 | 1 | 0 | 1 |" in report


def test_without_a_class_and_a_score_there_is_nothing_to_say() -> None:
    assert render_refusals([a_judgement((ANSWERED,), ANSWERED)]) == ""


def test_what_is_shown_below_a_warning_is_not_answered_as_if_inside() -> None:
    def as_if_inside(outcome: Outcome, said: str) -> bool:
        return is_as_if_inside(a_judgement((DECLINED,), outcome, said=said))

    assert as_if_inside(ANSWERED, "")
    assert as_if_inside(LIMITED, "wrong-premise")
    assert not as_if_inside(LIMITED, "doubtful")
    assert not as_if_inside(LIMITED, "not-in-library")
    assert not as_if_inside(DECLINED, "")


def test_the_report_counts_what_stands_below_a_warning_on_both_sides() -> None:
    report = render_refusals(
        [
            a_judgement((ANSWERED,), LIMITED, score=1.0, said="doubtful"),
            a_judgement((ANSWERED,), ANSWERED, score=2.0),
            a_judgement((DECLINED,), LIMITED, score=0.0, said="doubtful"),
        ]
    )

    assert "below the words that the library may not answer: 1 of 2" in report
    assert "outside the library and answered as if inside: 0 of 1" in report
    assert "something shown below words that say what it lacks: 1 of 1" in report


def test_a_follow_up_is_held_against_the_same_question_in_full() -> None:
    asked = a_judgement((ANSWERED,), ANSWERED, recall=0.5)
    better, alike = replace(asked, recall_in_full=1.0), replace(asked, recall_in_full=0.5)
    row = render_follow_ups([better, alike]).splitlines()[-1]

    assert "| 0.500 | 0.750 | -0.250 [-0.500 to +0.000] n=2 |" in row
    assert render_follow_ups([asked]) == ""
