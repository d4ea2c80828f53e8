"""Judgements and runs, invented: for tests of reports, pages and figures."""

from __future__ import annotations

from dataclasses import replace

from eval.dose_rates import DoseRate
from eval.model import (
    BY_RULE,
    Case,
    Fate,
    Judgement,
    Linked,
    Observed,
    Outcome,
    Question,
    Refusal,
    RefusalClass,
    Run,
    Said,
    Support,
)
from eval.scores import score

HOSTILE = 'dose <script>alert(1)</script> & </style><img src=http://example.invalid/x> "now"?'
PEERS = {
    "kind": "peers",
    "set": "wide-dev",
    "systems": {
        "ours": {
            "means": {"MRR": 0.9, "statements shown": 4.5},
            "intervals": {"MRR": [0.85, 0.95]},
            "ms": {"p50": 30.0, "p95": 99.0},
        },
        "<b>theirs</b>": {"means": {"MRR": 0.7}},
    },
    "tests": [{"system": "ours", "against": "theirs", "measure": "MRR", "gain": 0.2, "p": 0.0004}],
}
RETRIEVAL = {
    "model": "a model",
    "weight": 0.5,
    "means": {"bm25": {"MRR": 0.25}, "hybrid": {"MRR": 0.75}},
    "questions": [
        {"bm25": {"MRR": 0.0}, "hybrid": {"MRR": 0.5}},
        {"bm25": {"MRR": 0.5}, "hybrid": {"MRR": 1.0}},
    ],
}
"""Results of other kinds, as their commands write them."""


def a_judgement(**changes: object) -> Judgement:
    judgement = Judgement(
        case=Case(
            id="A1",
            section="single-fact",
            question=Question(text="dose?"),
            expect=(Outcome.ANSWERED,),
            provenance="test",
            key_facts=("F001", "F002"),
            file="own.jsonl",
            line=1,
        ),
        observed=Observed(
            outcome=Outcome.ANSWERED,
            ranking=("d:1",),
            said=(Said(text="10 mg for 2 days.", cites=("d:1",)),),
            offered=("Doses › Kidney",),
            ledger=(("", "10 mg", "d:1"),),
        ),
        refusal=RefusalClass.RIGHT,
        fates=(("F001", Fate.SHOWN), ("F002", Fate.NOT_FOUND)),
        recall_at_1=0.25,
        recall_at_5=0.5,
        recall_at_10=0.75,
        reciprocal_rank=1.0,
        ndcg_at_10=0.75,
        facts_at_10=1.0,
        fact_recall=0.5,
        vital_recall=0.5,
        apt=1.0,
        grades=(2, 0),
        unsupported=(),
        cut=(),
        numbers=2,
        unsupported_numbers=(),
        forbidden=(),
        support=Support(citations=2, idle=("d:2",), references=2, quantities=1),
        linked=Linked(companions=3, omitted=("d:3", "d:4"), on_asked=2, omitted_on_asked=("d:3",)),
        carriers=(("F001", ("d:1",)), ("F002", ("d:2",))),
    )
    return replace(judgement, **changes)  # type: ignore[arg-type]


def a_wrong_answer() -> Judgement:
    plain = a_judgement()
    return replace(
        plain,
        case=replace(
            plain.case,
            id="N1",
            section="chat",
            question=Question(text="hello?"),
            expect=(Outcome.DECLINED,),
            key_facts=(),
            file="outside.jsonl",
        ),
        observed=Observed(outcome=Outcome.LIMITED),
        refusal=RefusalClass.WRONGLY_ANSWERED,
        fates=(),
        recall_at_1=None,
        recall_at_5=None,
        recall_at_10=None,
        reciprocal_rank=None,
        ndcg_at_10=None,
        facts_at_10=None,
        fact_recall=None,
        vital_recall=None,
        apt=None,
        grades=(),
        cut=(),
        numbers=0,
        support=Support(),
        linked=Linked(),
        carriers=(),
    )


def a_run(*judgements: Judgement) -> Run:
    return Run(
        command="python -m eval",
        fingerprints={"library": "abc"},
        judgements=judgements,
        scores=score(judgements),
    )


def a_varied_run() -> Run:
    """Questions of several files and both splits, answered, missed, declined and hostile."""
    judgements: list[Judgement] = []
    for at in range(24):
        split = "test" if at % 3 == 0 else "dev"
        file = f"{('single', 'wide')[at % 2]}-{split}.jsonl"
        judgements.append(_inside(at, file, split))
        judgements.append(_outside(at, split))
    return replace(
        a_run(*judgements),
        fingerprints={"library": "abc", "cases <own>.jsonl": "def"},
        dose_rates=(DoseRate("amounts missed", 0, 300, 0.03),),
        passages={"d:1": "Give 10 mg & no <more>.", "d:2": "The passage that was missed."},
    )


def _inside(at: int, file: str, split: str) -> Judgement:
    plain = a_judgement()
    missed = at % 4 == 1
    fates = (("F001", Fate.SHOWN), ("F002", Fate.NOT_CHOSEN if missed else Fate.SHOWN))
    text = {1: HOSTILE, 5: "x" * 300}.get(at, f"{split} question {at}?")
    return replace(
        plain,
        case=replace(plain.case, id=f"Q{at}", file=file, split=split, question=Question(text=text)),
        observed=replace(
            plain.observed,
            ranking=(*(f"x:{place}" for place in range(at % 8)), "d:1", "d:2"),
            answerable=0.5 * at - 2,
            elapsed_ms=40.0 + 3 * at,
        ),
        fates=fates,
        fact_recall=0.5 if missed else 1.0,
        vital_recall=0.5 if missed else 1.0,
        recall_in_full=1.0 if at % 5 == 0 else None,
    )


def _outside(at: int, split: str) -> Judgement:
    plain = a_wrong_answer()
    right = at % 4 != 0
    return replace(
        plain,
        case=replace(
            plain.case,
            id=f"O{at}",
            file=f"outside-{split}.jsonl",
            split=split,
            refusal=Refusal.OUTSIDE_SCOPE,
            question=Question(text=f"{split} outside {at}?"),
        ),
        observed=Observed(
            outcome=Outcome.DECLINED if right else Outcome.LIMITED,
            answerable=BY_RULE if at % 6 == 5 else 0.4 * at - 7,
            elapsed_ms=20.0 + at,
        ),
        refusal=RefusalClass.RIGHT if right else RefusalClass.WRONGLY_ANSWERED,
    )
