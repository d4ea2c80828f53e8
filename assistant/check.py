"""Draft -> CheckedAnswer: the one gate between a drafter and a reader.

Each claim is compared with the stored text of the passage that it cites (offset and hash),
and each number in it with the numbers of that passage and with the rules table, read by the
same plain code. A claim that fails is replaced by the passage's own sentence, which has to
pass the same gate; when that fails too, nothing of it is shown.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from functools import cached_property, lru_cache

from assistant.dosing import Finding, Verdict
from assistant.dosing.axes import RuleJudgement
from assistant.dosing.model import Dose
from assistant.dosing.passage import PassageReading, age_group, reader_groups
from assistant.dosing.report import SentenceReport
from assistant.dosing.table.judge import judge
from assistant.dosing.table.model import Table
from assistant.dosing.table.select import DoseContext
from assistant.dosing.verdict import Detail
from assistant.dosing.verify import FIXED, SOURCE_BEYOND, verify
from assistant.model import (
    CheckedAnswer,
    Claim,
    ClaimCheck,
    Draft,
    Quote,
    Understanding,
    Withheld,
    is_quote_only,
    vouched_for,
)
from assistant.readings import Readings, readings_of
from corpus.errors import SourceAltered
from corpus.library import Library
from corpus.model import Passage, Verification

_FOR_OTHERS = "Dose withheld: its passage is for other patients than those asked about."
_NOT_QUOTED = "The sentence is not the passage's own."
_ALTERED = "The passage has changed since it was indexed."
_UNKNOWN_CITATION = "It cites nothing that was found."


@dataclass(frozen=True, slots=True)
class Asked:
    """For whom a question asks, as the comparison and the rules need it."""

    population: str
    context: DoseContext


@dataclass(frozen=True, eq=False)
class Gate:
    """Checks drafts against one library and its rules."""

    library: Library
    table: Table
    today: Callable[[], date] = date.today

    @cached_property
    def readings(self) -> Readings:
        """Every passage as the dosing module reads it."""
        return readings_of(self.library)

    def check(self, draft: Draft) -> CheckedAnswer:
        """Every claim with its findings; replaced and withheld ones are listed."""
        asked = self.asked(draft.evidence.understanding)
        claims: list[Claim] = []
        checks: list[ClaimCheck] = []
        withheld: list[Withheld] = []
        for claim in draft.claims:
            kept, check, reasons = self._judge(claim, draft.passages, len(claims), asked)
            withheld.extend(reasons)
            if kept is not None and check is not None:
                claims.append(kept)
                checks.append(check)
        return CheckedAnswer(
            draft=replace(draft, claims=tuple(claims)),
            checks=tuple(checks),
            withheld=tuple(withheld),
        )

    def asked(self, understanding: Understanding) -> Asked:
        """For whom the question asks: the age group named, and what the rules select by."""
        groups = reader_groups(understanding.named("population"))
        age = understanding.age_years
        context = DoseContext(
            day=self.today(),
            populations=groups,
            age_years=None if age is None else Fraction(str(age)),
        )
        return Asked(age_group(groups), context)

    def warm(self) -> None:
        """Read and compare every passage once, so that the first question does not wait."""
        anyone = Asked("", DoseContext(day=self.today()))
        for passage in self.library.passages.values():
            self.compare(passage.text, passage, asked=anyone)
        self.readings.conflicts  # noqa: B018

    def _judge(
        self, claim: Claim, passages: Mapping[str, Passage], position: int, asked: Asked
    ) -> tuple[Claim | None, ClaimCheck | None, list[Withheld]]:
        known = [passages[id_] for id_ in claim.cites if id_ in passages]
        if not known or len(known) != len(claim.cites):
            unknown = next((id_ for id_ in claim.cites if id_ not in passages), None)
            reason = Withheld(verdict="UNKNOWN_CITATION", passage_id=unknown, why=_UNKNOWN_CITATION)
            return None, None, [reason]
        passage = known[0]
        check = self.compare(claim.text, passage, position, asked=asked)
        if vouched_for(claim.text, check):
            return claim, check, []
        reasons = [_withheld(check, passage)]
        if check.quote is Quote.ALTERED or claim.text == passage.text:
            return None, None, reasons
        # The passage's own sentence stands in for a claim that it does not support.
        own = replace(claim, text=passage.text, cites=(passage.id,))
        own_check = self.compare(own.text, passage, position, asked=asked)
        if vouched_for(own.text, own_check):
            return own, own_check, reasons
        return None, None, [*reasons, _withheld(own_check, passage)]

    def compare(
        self, text: str, passage: Passage, position: int = 0, *, asked: Asked | None = None
    ) -> ClaimCheck:
        """One text against the stored passage: its quote, and each of its numbers."""
        try:
            stored = self.library.quote(passage)
        except SourceAltered:
            return ClaimCheck(claim=position, quote=Quote.ALTERED)
        asked = asked or Asked("", DoseContext(day=self.today()))
        if text == stored:
            report = self._quoted(passage.id, asked)
        else:
            report = self._report(text, passage.id, asked)
        findings = report.findings
        if passage.statement.verification is Verification.BACKGROUND:
            findings = tuple(_never_a_dose(finding) for finding in findings)
        if report.claims_consensus:
            findings = tuple(_no_consensus(finding) for finding in findings)
        return ClaimCheck(
            claim=position,
            quote=Quote.VERBATIM if text and text in stored else Quote.NOT_VERBATIM,
            findings=findings,
            conflicts=report.conflicts,
            fixed=report.replacement.text if report.replacement else "",
        )

    # Reading, comparing and judging are pure, so what was found once holds for the same quote.
    @cached_property
    def _quoted(self) -> Callable[[str, Asked], SentenceReport]:
        def report(passage_id: str, asked: Asked) -> SentenceReport:
            return self._report(self.readings[passage_id].text, passage_id, asked)

        return lru_cache(maxsize=20_000)(report)

    def _report(self, text: str, passage_id: str, asked: Asked) -> SentenceReport:
        cited: Mapping[str, PassageReading] = {passage_id: self.readings[passage_id]}
        return verify(
            [(text, (passage_id,))],
            cited,
            self.table,
            asked.context,
            judge=self._rule_axis,
            population=asked.population,
            conflicts=self.readings.conflicts,
            terms=self.readings.terms,
        ).sentences[0]

    def _rule_axis(self, dose: Dose, context: DoseContext) -> RuleJudgement:
        return judge(dose, context, self.table)


def _never_a_dose(finding: Finding) -> Finding:
    """Background knowledge was read in no source, so a dose in it is never shown."""
    if finding.dose is None:
        return finding
    why = "This dose stands in background knowledge that was read in no source."
    return replace(finding, verdict=Verdict.NOT_IN_SOURCE, why=why)


def _no_consensus(finding: Finding) -> Finding:
    if finding.verdict is not Verdict.SOURCE_CONFLICT:
        return finding
    note = "The sentence speaks as if all sources agreed; they do not."
    return replace(finding, notes=(*finding.notes, note))


def _withheld(check: ClaimCheck, passage: Passage) -> Withheld:
    """The worst verdict of a claim as the record names it, and what the reader is told."""
    bad = [f for f in check.findings if not f.shown and not is_quote_only(f)]
    if bad:
        worst = min((f.verdict for f in bad), key=list(Verdict).index)
        why = FIXED.get(worst, FIXED[Verdict.MISMATCH])
        if check.fixed == SOURCE_BEYOND:
            why = SOURCE_BEYOND
        elif all(f.detail is Detail.POPULATION for f in bad):
            why = _FOR_OTHERS
        verdict = str(worst)
    elif check.quote is not Quote.VERBATIM:
        verdict, why = check.quote.name, _ALTERED if check.quote is Quote.ALTERED else _NOT_QUOTED
    else:
        verdict, why = str(Verdict.UNREADABLE), FIXED[Verdict.UNREADABLE]
    return Withheld(verdict=verdict, passage_id=passage.id, why=why, findings=check.findings)
