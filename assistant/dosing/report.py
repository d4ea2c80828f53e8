"""What the check of a whole answer concludes, sentence by sentence."""

from __future__ import annotations

from dataclasses import dataclass, field

from assistant.dosing.model import MODULE_VERSION
from assistant.dosing.verdict import Finding, Verdict


@dataclass(frozen=True, slots=True)
class Replacement:
    """What stands in for a withheld sentence: a quote of a passage, or a fixed text."""

    text: str
    passage_id: str | None = None  # to link to, also where its words are not quoted
    is_quote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceReport:
    """One sentence, the passages that count for it after repair, and its findings."""

    text: str
    cites: tuple[str, ...]
    findings: tuple[Finding, ...]
    replacement: Replacement | None = None  # None: the sentence is shown as it is
    repaired: bool = False  # the citation was moved to the one passage that supports it
    conflicts: tuple[str, ...] = ()  # passages to show beside it, as they disagree
    claims_consensus: bool = False

    @property
    def verdict(self) -> Verdict | None:
        """The worst verdict of its numbers; None without a number."""
        return min((f.verdict for f in self.findings), key=_severity, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The whole answer. ``quotes_only``: more than half of it was replaced, so all of it is."""

    sentences: tuple[SentenceReport, ...]
    quotes_only: bool = False
    quotes: tuple[Replacement, ...] = ()
    table_version: str = ""
    module_version: str = field(default=MODULE_VERSION)

    @property
    def state(self) -> Verdict | None:
        """The worst verdict of its parts; None for an answer without numbers."""
        found = (s.verdict for s in self.sentences)
        return min((v for v in found if v is not None), key=_severity, default=None)


def _severity(verdict: Verdict) -> int:
    return verdict.severity
