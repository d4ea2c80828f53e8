"""Kept results -> the run that they were written from, so that it can be reported again.  (pure)

Results hold what a report needs, not all that was observed: the sentences of an answer come back
as their citations alone, and grades and must-not patterns not at all. The scores come as they
were written. Results of another version lack some keys, or have some that are no longer known:
what needs the former stays empty, and the latter are passed over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from eval.dose_rates import DoseRate
from eval.model import (
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
    Score,
    Support,
)

Kept = Mapping[str, Any]


def run_of(results: Kept, times: Mapping[str, float] | None = None) -> Run:
    """The run behind results of ``python -m eval``; ``times`` are milliseconds by question id.

    Raises ValueError where they are none.
    """
    try:
        return Run(
            command=str(results["command"]),
            fingerprints={str(k): str(v) for k, v in results["fingerprints"].items()},
            judgements=tuple(_judgement(item, times or {}) for item in results["cases"]),
            scores=tuple(_score(score) for score in results["scores"]),
            altered=tuple(map(str, results["altered_documents"])),
            dose_rates=tuple(DoseRate(**rate) for rate in results.get("dose_rates", ())),
            passages={str(k): str(v) for k, v in results.get("passages", {}).items()},
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"the results lack what a report needs ({error})") from error


def _judgement(item: Kept, times: Mapping[str, float]) -> Judgement:
    return Judgement(
        case=_case(item),
        observed=_observed(item, times),
        refusal=RefusalClass(item["class"]),
        fates=tuple((str(fact), Fate(fate)) for fact, fate in item["key_facts"].items()),
        recall_at_1=item.get("recall@1"),
        recall_at_5=item["recall@5"],
        recall_at_10=item.get("recall@10"),
        reciprocal_rank=item["reciprocal_rank"],
        ndcg_at_10=item["ndcg@10"],
        facts_at_10=item["key_facts_in_first_10"],
        fact_recall=item["key_fact_recall"],
        vital_recall=item["vital_recall"],
        apt=item["apt"],
        grades=(),
        cut=(),
        unsupported=tuple(item["unsupported"]),
        numbers=int(item["numbers"]),
        unsupported_numbers=tuple(item["unsupported_numbers"]),
        forbidden=tuple(item["must_not"]),
        recall_in_full=item.get("key_fact_recall_in_full"),
        support=Support(**_known(Support, item.get("support", {}))),
        linked=Linked(**_known(Linked, item.get("linked", {}))),
        carriers=tuple((fact, tuple(ids)) for fact, ids in item.get("carriers", {}).items()),
    )


def _known(kind: type[Support] | type[Linked], values: Kept) -> dict[str, Any]:
    """The values that ``kind`` has a field for, lists as tuples."""
    found = {f.name: values[f.name] for f in fields(kind) if f.name in values}
    return {name: tuple(v) if isinstance(v, list) else v for name, v in found.items()}


def _case(item: Kept) -> Case:
    asked = item.get("asked", "")
    return Case(
        id=str(item["id"]),
        section=str(item["section"]),
        question=Question(text=str(item["question"])),
        expect=tuple(map(Outcome, item["expect"])),
        provenance="",
        key_facts=tuple(item["key_facts"]),
        split=item["split"],
        refusal=Refusal(asked) if asked else None,
        file=str(item["file"]),
    )


def _observed(item: Kept, times: Mapping[str, float]) -> Observed:
    return Observed(
        outcome=Outcome(item["outcome"]) if item["outcome"] else None,
        ranking=tuple(item["retrieved"]),
        said=tuple(Said(text="", cites=tuple(cites)) for cites in item["shown"]),
        withheld=tuple(item["withheld"]),
        error=str(item["error"]),
        refusal=str(item["refusal"]),
        notices=tuple(item["notices"]),
        offered=tuple(item.get("offered", ())),
        answerable=item["answerable"],
        elapsed_ms=times.get(str(item["id"]), 0.0),
    )


def _score(score: Kept) -> Score:
    return Score(
        group=str(score["group"]),
        metric=str(score["metric"]),
        n=int(score["n"]),
        events=score["events"],
        value=score["value"],
        low=score["low"],
        high=score["high"],
    )
