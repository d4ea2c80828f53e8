"""Draft -> CheckedAnswer: the one gate between a drafter and a reader.

Each claim is compared with the stored text of the passage that it cites (offset and hash),
and each number in it with the numbers of that passage, read by the same plain code. A claim
that fails is replaced by the passage's own sentence, which has to pass the same gate; when
that fails too, nothing of it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.dosing import Finding, Verdict, compare, parse
from assistant.model import CheckedAnswer, Claim, ClaimCheck, Draft, Quote, Withheld, vouched_for
from corpus.errors import SourceAltered
from corpus.library import Library
from corpus.model import Passage, Verification


@dataclass(frozen=True)
class Gate:
    """Checks drafts against one library."""

    library: Library

    def check(self, draft: Draft) -> CheckedAnswer:
        """Every claim with its findings; replaced and withheld ones are listed."""
        claims: list[Claim] = []
        checks: list[ClaimCheck] = []
        withheld: list[Withheld] = []
        for claim in draft.claims:
            kept, check, reasons = self._judge(claim, draft.passages, len(claims))
            withheld.extend(reasons)
            if kept is not None and check is not None:
                claims.append(kept)
                checks.append(check)
        return CheckedAnswer(
            draft=replace(draft, claims=tuple(claims)),
            checks=tuple(checks),
            withheld=tuple(withheld),
        )

    def _judge(
        self, claim: Claim, passages: Mapping[str, Passage], position: int
    ) -> tuple[Claim | None, ClaimCheck | None, list[Withheld]]:
        known = [passages[id_] for id_ in claim.cites if id_ in passages]
        if not known or len(known) != len(claim.cites):
            unknown = next((id_ for id_ in claim.cites if id_ not in passages), None)
            return None, None, [Withheld(verdict="UNKNOWN_CITATION", passage_id=unknown)]
        passage = known[0]
        check = self.compare(claim.text, passage, position)
        if vouched_for(claim.text, check):
            return claim, check, []
        reasons = [Withheld(verdict=_reason(check), passage_id=passage.id)]
        if check.quote is Quote.ALTERED or claim.text == passage.text:
            return None, None, reasons
        # The passage's own sentence stands in for a claim that it does not support.
        own = replace(claim, text=passage.text, cites=(passage.id,))
        own_check = self.compare(own.text, passage, position)
        if vouched_for(own.text, own_check):
            return own, own_check, reasons
        return None, None, [*reasons, Withheld(verdict=_reason(own_check), passage_id=passage.id)]

    def compare(self, text: str, passage: Passage, position: int = 0) -> ClaimCheck:
        """One text against the stored passage: its quote, and each of its numbers."""
        try:
            stored = self.library.quote(passage)
        except SourceAltered:
            return ClaimCheck(claim=position, quote=Quote.ALTERED)
        # The statement's own drugs are context for the passage, never for a writer's sentence.
        findings = _findings(text, stored, passage.statement.facets.drugs)
        if passage.statement.verification is Verification.BACKGROUND:
            findings = tuple(_never_a_dose(finding) for finding in findings)
        quote = Quote.VERBATIM if text and text in stored else Quote.NOT_VERBATIM
        return ClaimCheck(claim=position, quote=quote, findings=findings)


# Reading and comparing are pure, so what was found once holds for the same texts.
@lru_cache(maxsize=20_000)
def _findings(text: str, stored: str, drugs: tuple[str, ...]) -> tuple[Finding, ...]:
    source = parse(stored, context_drugs=drugs)
    written = source if text == stored else parse(text)
    return compare(written, source)


def _never_a_dose(finding: Finding) -> Finding:
    """Background knowledge was read in no source, so a dose in it is never shown."""
    if finding.dose is None:
        return finding
    why = "This dose stands in background knowledge that was read in no source."
    return replace(finding, verdict=Verdict.NOT_IN_SOURCE, why=why)


def _reason(check: ClaimCheck) -> str:
    """The worst verdict of a claim, as the record names it."""
    bad = [finding.verdict for finding in check.findings if not finding.verdict.shown]
    if bad:
        return str(min(bad, key=list(Verdict).index))
    if check.quote is not Quote.VERBATIM:
        return check.quote.name
    return "UNREADABLE"
