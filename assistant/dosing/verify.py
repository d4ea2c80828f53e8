"""An answer against its cited passages and the rules: what is shown, and what stands instead."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from assistant.dosing.axes import RuleAxis, RuleJudgement, SourceAxis
from assistant.dosing.compare import compare
from assistant.dosing.conflict import Conflict, claims_consensus
from assistant.dosing.decide import decide, worse
from assistant.dosing.model import Dose, DoseRole, Parsed
from assistant.dosing.passage import NO_TERMS, PassageReading
from assistant.dosing.reader import parse
from assistant.dosing.report import Replacement, Report, SentenceReport
from assistant.dosing.use import UseTerms, check_use
from assistant.dosing.verdict import Detail, Finding, Verdict

C = TypeVar("C")
Answer = Sequence[tuple[str, tuple[str, ...]]]
"""Sentences in order, each with the ids of the passages that it cites."""

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")
_WORD = re.compile(r"\w+")
FIXED: Mapping[Verdict, str] = {
    Verdict.UNREADABLE: "This dose could not be read safely.",
    Verdict.HARD_LIMIT: "Dose withheld: above a reviewed limit.",
    Verdict.INCONSISTENT: "Dose withheld: the text contradicts itself.",
    Verdict.MISMATCH: "Dose withheld: it does not match the cited passage.",
    Verdict.NOT_IN_SOURCE: "Dose withheld: the cited passage gives no dose for this drug.",
    Verdict.WRONG_CITATION: "Dose withheld: it stands in another passage than the one cited.",
    Verdict.UNKNOWN_DRUG: "Dose withheld: the rules do not know this drug.",
    Verdict.INCOMPLETE: "Dose withheld: it may not be shown without its frequency.",
}
"""What a reader is told where a dose is withheld and no sentence of the passage can stand in."""

SOURCE_BEYOND = "Dose withheld: the passage appears to contain an error."
"""Shown when the source itself is beyond a hard limit; its words are not quoted."""


class Versioned(Protocol):
    """A rules table, as far as a report names it."""

    @property
    def version(self) -> str:
        """Version of the table."""
        ...


def unreviewed(dose: Dose, context: object) -> RuleJudgement:
    """The judge of a table without a reviewed rule: it never clears and never withholds."""
    return RuleJudgement(axis=RuleAxis.UNREVIEWED)


def verify(
    answer: Answer,
    passages: Mapping[str, PassageReading],
    table: Versioned | None,
    context: C,
    *,
    judge: Callable[[Dose, C], RuleJudgement] = unreviewed,
    population: str = "",
    conflicts: Sequence[Conflict] = (),
    terms: UseTerms = NO_TERMS,
) -> Report:
    """Check every sentence; the same input gives the same report, order included.

    ``passages`` are all that were retrieved; only those that a sentence cites count for it.
    ``population`` is the group of the patient asked about, for doses that name none; ``terms``
    are the values by which a library tells one use of a drug from another.
    """
    check = _Check(passages, lambda dose: judge(dose, context), population, tuple(conflicts), terms)
    sentences = tuple(check.sentence(text, cites) for text, cites in answer)
    replaced = [s for s in sentences if s.replacement is not None]
    quotes_only = 2 * len(replaced) > len(sentences)
    quotes = tuple(check.quote(s) for s in sentences) if quotes_only else ()
    return Report(
        sentences=sentences,
        quotes_only=quotes_only,
        quotes=tuple(dict.fromkeys(quotes)),
        table_version=table.version if table is not None else "",
    )


@dataclass(frozen=True, slots=True)
class _Check:
    """The check of one answer."""

    passages: Mapping[str, PassageReading]
    judge: Callable[[Dose], RuleJudgement]
    population: str
    conflicts: tuple[Conflict, ...]
    terms: UseTerms

    def sentence(self, text: str, cites: tuple[str, ...]) -> SentenceReport:
        """One sentence, with its citation repaired where exactly one passage supports it."""
        known = tuple(id_ for id_ in cites if id_ in self.passages)
        claim = self._read(text, known)
        findings = self._findings(claim, known)
        repaired = False
        other = self._elsewhere(claim, known, findings)
        if other is not None:
            again = self._findings(claim, (other,))
            if all(f.shown for f in again):
                findings, known, repaired = again, (other,), True
            else:
                findings = tuple(_moved(f) for f in findings)
        decided, conflicts = self._conflicting(tuple(self._decided(f) for f in findings), known)
        report = SentenceReport(
            text=text,
            cites=known,
            findings=decided,
            repaired=repaired,
            conflicts=conflicts,
            claims_consensus=bool(conflicts) and claims_consensus(text),
        )
        if all(f.shown for f in decided):
            return report
        return replace(report, replacement=self.quote(report))

    def _read(self, text: str, cites: Sequence[str]) -> Parsed:
        """A passage quoted whole keeps what it inherits; a writer's sentence inherits nothing."""
        quoted = next((self.passages[i] for i in cites if self.passages[i].text == text), None)
        claim = parse(text) if quoted is None else quoted.parsed
        if not self.population:
            return claim
        doses = tuple(
            d if d.population else replace(d, population=self.population) for d in claim.doses
        )
        return replace(claim, doses=doses)

    def _findings(self, claim: Parsed, cites: Sequence[str]) -> tuple[Finding, ...]:
        """The best of each number over the cited passages; without one nothing is supported."""
        if not cites:
            return compare(claim, Parsed(text=""))
        rounds = [self._compared(claim, self.passages[id_]) for id_ in cites]
        best: dict[tuple[int, int, str], list[Finding]] = {}
        for found in rounds:
            for finding in found:
                best.setdefault((finding.start, finding.end, finding.kind), []).append(finding)
        kept = [
            max(found, key=lambda f: f.verdict.severity)
            for (_, _, kind), found in best.items()
            if kind not in {"drug", "wording"} or len(found) >= len(rounds)
        ]
        return tuple(sorted(kept, key=lambda f: (f.start, f.end, f.kind)))

    def _compared(self, claim: Parsed, passage: PassageReading) -> tuple[Finding, ...]:
        """One passage: each number, and for whom and for what its doses are meant."""
        found = compare(claim, passage.parsed)
        return check_use(found, claim, passage.text, passage.uses, self.terms)

    def _elsewhere(
        self, claim: Parsed, cites: Sequence[str], findings: Sequence[Finding]
    ) -> str | None:
        """The one other retrieved passage that supports what the cited ones don't."""
        failed = {(f.start, f.end, f.kind) for f in findings if not f.shown}
        if not failed or any(
            f.verdict in {Verdict.UNREADABLE, Verdict.INCONSISTENT} for f in findings
        ):
            return None
        supporting = []
        for id_, passage in self.passages.items():
            if id_ in cites:
                continue
            bad = {
                (f.start, f.end, f.kind)
                for f in self._compared(claim, passage)
                if not f.shown or f.verdict is Verdict.INCOMPLETE
            }
            if not failed & bad:
                supporting.append(id_)
        return supporting[0] if len(supporting) == 1 else None

    def _decided(self, finding: Finding) -> Finding:
        """The verdict of the table; INCONSISTENT replaces it where it is worse."""
        dose, axis = finding.dose, finding.source_axis
        if dose is None or axis is None:
            return finding
        judged = self.judge(dose)
        verdict = decide(axis, judged.axis)
        if finding.verdict is Verdict.INCONSISTENT:
            verdict = worse(verdict, Verdict.INCONSISTENT)
        unsaid = judged.frequency_required and dose.freq is None and not dose.per
        if unsaid and dose.role is DoseRole.STATED:
            verdict = worse(verdict, Verdict.INCOMPLETE)
        why = finding.why
        if verdict is Verdict.HARD_LIMIT:
            why = f"Above the limit of {judged.limit}." if judged.limit else judged.why or why
        elif verdict in {Verdict.ABOVE_USUAL, Verdict.BELOW_USUAL, Verdict.UNKNOWN_DRUG}:
            why = judged.why or why
        return replace(
            finding,
            verdict=verdict,
            why=why,
            rule_axis=judged.axis,
            rule_ids=judged.rule_ids,
            notes=judged.notes,
            withheld=unsaid and dose.role is DoseRole.STATED,
        )

    def _conflicting(
        self, findings: tuple[Finding, ...], cites: Sequence[str]
    ) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
        """SOURCE_CONFLICT for the doses of a drug on which cited sources disagree."""
        beside: list[str] = []
        out = []
        for finding in findings:
            drug = finding.dose.drug if finding.dose else None
            about = [c for c in self.conflicts if c.drug == drug and set(c.passages) & set(cites)]
            if about:
                beside += [id_ for c in about for id_ in c.passages]
                if worse(finding.verdict, Verdict.SOURCE_CONFLICT) is not finding.verdict:
                    why = "The sources disagree on this dose; each is shown."
                    finding = replace(finding, verdict=Verdict.SOURCE_CONFLICT, why=why)
            out.append(finding)
        return tuple(out), tuple(dict.fromkeys(beside))

    def quote(self, report: SentenceReport) -> Replacement:
        """The passage's own sentence, verbatim; a fixed text where there is none to quote."""
        worst = report.verdict or Verdict.MISMATCH
        for id_ in report.cites:
            passage = self.passages[id_]
            if any(self.judge(d).axis is RuleAxis.BEYOND for d in passage.parsed.doses):
                return Replacement(SOURCE_BEYOND, id_)
            own = _own_sentence(report, passage)
            if own:
                return Replacement(own, id_, is_quote=True)
        text = FIXED.get(worst, FIXED[Verdict.MISMATCH])
        return Replacement(text, report.cites[0] if report.cites else None)


def _moved(finding: Finding) -> Finding:
    if finding.shown:
        return finding
    why = "Another passage than the one cited gives this."
    axis = SourceAxis.ELSEWHERE if finding.source_axis is not None else None
    return replace(
        finding, verdict=Verdict.WRONG_CITATION, why=why, detail=Detail.NONE, source_axis=axis
    )


def _own_sentence(report: SentenceReport, passage: PassageReading) -> str:
    """The sentence of the passage that says most of the same; empty if it gives no number."""
    drugs = {f.drug for f in report.findings if f.drug}
    speaks = [d for d in passage.parsed.doses if not drugs or d.drug in drugs]
    if not speaks and not (not drugs and passage.parsed.numbers):
        return ""
    words = set(_WORD.findall(report.text.lower()))
    sentences = _SENTENCE.split(passage.text)
    holding = [s for s in sentences if any(d.text in s for d in speaks)] or sentences
    return max(holding, key=lambda s: len(words & set(_WORD.findall(s.lower()))))
