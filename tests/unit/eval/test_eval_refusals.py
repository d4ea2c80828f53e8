"""The part of the report on knowing when not to answer."""

from __future__ import annotations

from dataclasses import replace

from eval.model import Case, Judgement, Observed, Outcome, Question, Refusal, RefusalClass
from eval.refusals import is_answerable, is_corrected, render_refusals


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
    assert "AUROC of answerability 0.750 (2 answerable, 2 not)" in report
    assert "| 0.0 | 1 of 2 | 1 of 2 |" in report
    assert "| outside-scope | 2 | 1 | 1 | 0 | 1 |" in report


def test_without_a_class_and_a_score_there_is_nothing_to_say() -> None:
    assert render_refusals([a_judgement((ANSWERED,), ANSWERED)]) == ""
