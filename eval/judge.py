"""A case and what was observed -> a judgement.  (pure)"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from corpus.library import Library
from eval.citations import idle_citations, is_in_source, outside_ledger, quantities_of, supports
from eval.grading import Grades
from eval.linked import Links
from eval.metrics import (
    is_found,
    is_unaltered,
    is_verbatim,
    key_fact_recall,
    ndcg_at_k,
    numbers_of,
    recall_at_k,
    reciprocal_rank,
    unsupported_numbers,
)
from eval.model import Case, Fate, Judgement, Observed, Outcome, RefusalClass, Said, Support

FACTS_WITHIN = 10  # "key facts within the first 10" of the ranking


@dataclass(frozen=True)
class Judge:
    """Judges answers against one library.

    ``grades`` say which statements belong in the answer to which question.
    ``texts`` are the documents as they stand on disk now, by id: a citation counts when it
    is verbatim there, not in what the program keeps in memory.
    """

    library: Library
    texts: Mapping[str, str]
    grades: Grades = field(default_factory=dict)

    @cached_property
    def _carriers(self) -> Mapping[str, frozenset[str]]:
        carriers: dict[str, set[str]] = {}
        for id_, passage in self.library.passages.items():
            carriers.setdefault(id_, set()).add(id_)
            for fact in passage.statement.facts:
                carriers.setdefault(fact, set()).add(id_)
        return {fact: frozenset(ids) for fact, ids in carriers.items()}

    def carriers(self, fact: str) -> frozenset[str]:
        """Ids of the passages that carry a key fact; none when the library lacks it."""
        return frozenset().union(*(self._carriers.get(f, ()) for f in fact.split("|")))

    def positions(self, fact: str) -> frozenset[str]:
        """Ids of every passage that takes a position on the question the fact is about."""
        passages = self.library.passages
        asked = {passages[id_].statement.disagreement for id_ in self.carriers(fact)} - {None}
        return frozenset(
            id_ for id_, passage in passages.items() if passage.statement.disagreement in asked
        )

    def judge(self, case: Case, observed: Observed) -> Judgement:
        """What each measure says of one answer."""
        shown = [id_ for said in observed.said for id_ in said.cites]
        fates = tuple((fact, self._fate(fact, case, observed, shown)) for fact in case.key_facts)
        relevant = frozenset(id_ for fact in case.key_facts for id_ in self.carriers(fact))
        found = [fate is Fate.SHOWN for _, fate in fates]
        vital = [fate is Fate.SHOWN for fact, fate in fates if fact in case.vital]
        ranking = observed.ranking
        within = [
            is_found(
                self.carriers(fact),
                ranking[:FACTS_WITHIN],
                self.positions(fact),
                both_sides=fact in case.both_sides,
            )
            for fact in case.key_facts
        ]
        return Judgement(
            case=case,
            observed=observed,
            refusal=refusal_class(case.expect, observed.outcome),
            fates=fates,
            recall_at_1=recall_at_k(ranking, relevant, 1) if relevant else None,
            recall_at_10=recall_at_k(ranking, relevant, 10) if relevant else None,
            recall_at_5=recall_at_k(ranking, relevant, 5) if relevant else None,
            reciprocal_rank=reciprocal_rank(ranking, relevant) if relevant else None,
            ndcg_at_10=ndcg_at_k(ranking, relevant, 10) if relevant else None,
            facts_at_10=key_fact_recall(within) if within else None,
            fact_recall=key_fact_recall(found) if found else None,
            vital_recall=key_fact_recall(vital) if vital else None,
            apt=self._apt(case, observed.said, relevant),
            grades=self._grades(case, observed.said),
            cut=tuple(s.text for s in observed.said if s.text not in self._statements(s)),
            unsupported=tuple(s.text for s in observed.said if not self._verbatim(s)),
            numbers=sum(len(numbers_of(said.text)) for said in observed.said),
            unsupported_numbers=tuple(
                number
                for said in observed.said
                for number in unsupported_numbers(said.text, self._cited(said))
            ),
            forbidden=forbidden(case.must_not, observed.said),
            carriers=tuple((fact, tuple(sorted(self.carriers(fact)))) for fact in case.key_facts),
            support=self._support(observed),
            linked=Links(self.library).of(case.question, observed, relevant),
        )

    def _fate(self, fact: str, case: Case, observed: Observed, shown: Sequence[str]) -> Fate:
        carriers = self.carriers(fact)
        if not carriers:
            return Fate.NOT_IN_LIBRARY
        both = fact in case.both_sides
        if is_found(carriers, shown, self.positions(fact), both_sides=both):
            return Fate.SHOWN
        if both and carriers & set(shown):
            return Fate.ONE_SIDED
        if carriers & set(observed.withheld):
            return Fate.WITHHELD
        return Fate.NOT_CHOSEN if carriers & set(observed.ranking) else Fate.NOT_FOUND

    def _apt(self, case: Case, said: Sequence[Said], relevant: frozenset[str]) -> float | None:
        if not case.key_facts or not said:
            return None
        wanted = relevant.union(*(self.positions(fact) for fact in case.both_sides))
        return sum(bool(wanted & set(s.cites)) for s in said) / len(said)

    def _grades(self, case: Case, said: Sequence[Said]) -> tuple[int, ...]:
        """The grades of the sentences of which a cited passage has one: the best of them."""
        given = self.grades.get(case.id, {})
        of_sentences = ([given[id_] for id_ in s.cites if id_ in given] for s in said)
        return tuple(max(grades) for grades in of_sentences if grades)

    def _verbatim(self, said: Said) -> bool:
        """Whether the sentence is verbatim in at least one passage, and cites only real ones."""
        if not said.cites or any(id_ not in self.library.passages for id_ in said.cites):
            return False
        passages = [self.library.passages[id_] for id_ in said.cites]
        return any(
            is_verbatim(
                said.text,
                self.texts.get(passage.document_id, ""),
                passage.span.start,
                passage.span.end,
                passage.sha256,
            )
            for passage in passages
        )

    def _support(self, observed: Observed) -> Support:
        """What stands behind the sentences: citations, hashes and the dosing ledger."""
        said, ledger = observed.said, observed.ledger or ()
        cited = [(s.text, {id_: self._stored(id_) for id_ in s.cites}) for s in said]
        references = dict.fromkeys(id_ for s in said for id_ in s.cites)
        outside = [
            quantity
            for s in said
            for quantity in outside_ledger(s.text, [text for _, text, p in ledger if p in s.cites])
        ]
        has_ledger = observed.ledger is not None
        return Support(
            citations=sum(len(passages) for _, passages in cited),
            idle=tuple(id_ for text, passages in cited for id_ in idle_citations(text, passages)),
            uncovered=tuple(text for text, ps in cited if not supports(text, [*ps.values()])),
            references=len(references),
            altered=tuple(id_ for id_ in references if not self._is_unaltered(id_)),
            quantities=sum(len(quantities_of(s.text)) for s in said) if has_ledger else 0,
            outside_ledger=tuple(outside) if has_ledger else (),
            entries=len(ledger),
            outside_source=tuple(
                f"{text} [{id_}]"
                for _, text, id_ in ledger
                if not is_in_source(text, self._stored(id_))
            ),
        )

    def _is_unaltered(self, id_: str) -> bool:
        passage = self.library.passages.get(id_)
        if passage is None:
            return False
        text, span = self.texts.get(passage.document_id, ""), passage.span
        return is_unaltered(text, span.start, span.end, passage.sha256)

    def _stored(self, id_: str) -> str:
        """A passage as it stands on disk; nothing where it was altered or is not there."""
        if not self._is_unaltered(id_):
            return ""
        passage = self.library.passages[id_]
        return self.texts[passage.document_id][passage.span.start : passage.span.end]

    def _statements(self, said: Said) -> set[str]:
        passages = self.library.passages
        return {passages[id_].text for id_ in said.cites if id_ in passages}

    def _cited(self, said: Said) -> list[str]:
        cited = (self.library.passages[id_] for id_ in said.cites if id_ in self.library.passages)
        return [
            self.texts.get(passage.document_id, "")[passage.span.start : passage.span.end]
            for passage in cited
        ]


def refusal_class(expect: Sequence[Outcome], observed: Outcome | None) -> RefusalClass:
    """How an outcome compares with the ones that are right.

    >>> refusal_class([Outcome.DECLINED], Outcome.LIMITED)
    <RefusalClass.WRONGLY_ANSWERED: 'answered, should be declined'>
    """
    if observed is None:
        return RefusalClass.FAILED
    if observed in expect:
        return RefusalClass.RIGHT
    if observed is Outcome.DECLINED:
        return RefusalClass.WRONGLY_DECLINED
    if set(expect) == {Outcome.DECLINED}:
        return RefusalClass.WRONGLY_ANSWERED
    return RefusalClass.WRONG_LIMIT


def forbidden(patterns: Sequence[str], said: Sequence[Said]) -> tuple[str, ...]:
    """The shown sentences that match a must-not pattern, in any case."""
    compiled = [re.compile(pattern, re.IGNORECASE) for pattern in patterns]
    return tuple(s.text for s in said if any(pattern.search(s.text) for pattern in compiled))
