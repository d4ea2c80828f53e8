"""For whom and for what a dose is meant, in the words of a vocabulary that is data.

A dose of the right amount is wrong when the sentence gives it to other people, or for another
disease, severity or condition, than the passage that it cites.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.dosing.axes import SourceAxis
from assistant.dosing.model import DoseRole, Parsed
from assistant.dosing.verdict import Detail, Finding, Verdict
from corpus.mentions import mentions

Use = tuple[str, str]
"""A facet of a vocabulary (population, condition, ...) and the id of one of its values."""

# "without imminent organ failure" speaks of those who don't have it.
_WITHOUT = re.compile(r"(?i:\bwithout\s+(?:[\w-]+\s+){0,2}[\w-]+)")
_ABSENT = "without "


@dataclass(frozen=True, slots=True)
class UseTerm:
    """One value, the words that name it, and whether it covers nearly everything."""

    use: Use
    words: tuple[str, ...]
    broad: bool = False


@dataclass(frozen=True, slots=True)
class UseTerms:
    """Every value by which a library tells one use of a drug from another."""

    terms: tuple[UseTerm, ...] = ()

    def named(self, text: str) -> frozenset[Use]:
        """The values that a text names; one that it says to be absent has a facet of its own."""
        return _named(self, text)

    def restricting(self, uses: Iterable[Use]) -> frozenset[Use]:
        """Those values that leave somebody out."""
        broad = {term.use for term in self.terms if term.broad}
        return frozenset(u for u in uses if u not in broad and _present(u) not in broad)

    def words(self, uses: Iterable[Use]) -> str:
        """Some values in the words that name them, in the order of the vocabulary."""
        wanted = set(uses)
        said = [t.words[0] for t in self.terms if t.use in wanted and t.words]
        said += [f"without {t.words[0]}" for t in self.terms if _absent(t.use) in wanted]
        return ", ".join(said)


@lru_cache(maxsize=20_000)
def _named(terms: UseTerms, text: str) -> frozenset[Use]:
    there = _WITHOUT.sub(" ", text)
    lacking = ". ".join(_WITHOUT.findall(text))
    named = {t.use for t in terms.terms if mentions(there, t.words)}
    return frozenset(named | {_absent(t.use) for t in terms.terms if mentions(lacking, t.words)})


def _absent(use: Use) -> Use:
    return _ABSENT + use[0], use[1]


def _present(use: Use) -> Use:
    return use[0].removeprefix(_ABSENT), use[1]


def check_use(
    findings: Sequence[Finding],
    claim: Parsed,
    source_text: str,
    source_uses: frozenset[Use],
    terms: UseTerms,
) -> tuple[Finding, ...]:
    """The findings of a claim, with those doses held back that it means for another use.

    ``source_uses`` are the values that a passage has by its words, headings and metadata. A
    value that the claim names and the passage does not is a mismatch; one that the words of the
    passage restrict its dose to, and the claim leaves out, makes the dose incomplete.
    """
    if not terms.terms or not claim.doses or claim.text == source_text:
        return tuple(findings)
    named = terms.named(claim.text)
    added = named - source_uses
    missing = terms.restricting(terms.named(source_text)) - named
    return tuple(_checked(finding, added, missing, terms) for finding in findings)


def _checked(
    finding: Finding, added: frozenset[Use], missing: frozenset[Use], terms: UseTerms
) -> Finding:
    if finding.dose is None or not finding.shown:
        return finding
    if added:
        return replace(
            finding,
            verdict=Verdict.MISMATCH,
            detail=Detail.USE,
            why=f"The source does not speak of: {terms.words(added)}.",
            source_axis=SourceAxis.DIFFERS,
        )
    milder = finding.verdict.severity > Verdict.INCOMPLETE.severity
    if missing and milder and finding.dose.role is DoseRole.STATED:
        return replace(
            finding,
            verdict=Verdict.INCOMPLETE,
            detail=Detail.USE,
            why=f"The source gives this dose for: {terms.words(missing)}.",
            source_axis=SourceAxis.LESS,
        )
    return finding
