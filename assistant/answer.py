"""CheckedAnswer -> Answer: what a reader sees, as plain values ready for JSON or the page.

Only what ``CheckedAnswer.shown`` holds gets in. References are numbered in the order in
which the answer first cites them; what a reader sees of each is its primary source.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from assistant.dosing import Dose, DoseRole, Finding
from assistant.dosing.patient import rules_of
from assistant.dosing.table.model import Rule, Table
from assistant.model import CheckedAnswer, Claim, ClaimCheck, Draft, Outcome
from assistant.notices import Notice, notices
from assistant.suggestions import suggestions
from assistant.understood import understood_as
from assistant.workings import ShownWorking
from corpus.bibliography import reported_by, vancouver
from corpus.library import Library
from corpus.model import WITHIN, Passage, Review, Role, Verification

TOTAL = "total"
"""The ledger's word for an amount that counts all doses together and bounds nothing."""

REVIEW_WORDS = {
    Review.SUBMITTED: "submitted, not reviewed by a clinician",
    Review.UNDER_REVIEW: "under review",
    Review.APPROVED: "approved",
    Review.REJECTED: "rejected",
}
VERIFICATION_WORDS = {
    Verification.READ: "",
    Verification.SECOND_HAND: "second-hand",
    Verification.BACKGROUND: "background, not verified",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownClaim:
    """One sentence of the answer with the numbers of its references."""

    section: str
    text: str
    citations: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One cited passage, with the primary source that it reports."""

    n: int
    passage_id: str
    document: str
    title: str
    year: int | None  # of the primary source; none where its text bears no date
    kind: str
    section: str
    quote: str
    review_status: str
    sources: tuple[str, ...]
    primary: str  # the first source alone, without where it was read
    report: str  # who reported it, when it was not read itself
    verification: str
    edition: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerDose:
    """One dose of the answer and what the check said of it."""

    drug: str | None
    text: str
    verdict: str
    passage_id: str
    rule: str | None  # the reviewed rule that decided, else the one written from the passage
    role: str
    why: str
    rule_status: str = ""
    notes: tuple[str, ...] = ()  # what unreviewed rules say, each marked as such
    beside: tuple[str, ...] = ()  # passages whose dose disagrees with this one


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Everything that is shown for one question, and nothing that was not checked."""

    outcome: Outcome
    reason: str
    refusal: str  # the class of why it is not simply answered; "" where it is
    notices: tuple[Notice, ...]  # what stands above it
    claims: tuple[ShownClaim, ...]
    references: tuple[Reference, ...]
    doses: tuple[LedgerDose, ...]
    calculations: tuple[ShownWorking, ...]
    withheld: tuple[Mapping[str, str | None], ...]
    nearest: tuple[str, ...]
    carried: bool
    understood: str  # what was asked, about whom, in one line
    suggestions: tuple[str, ...]  # questions that could follow
    notice: str
    index: str
    mode: str

    def to_json(self) -> dict[str, Any]:
        """Plain data in the order of the fields; the same answer gives the same bytes."""
        data = asdict(self)
        data["outcome"] = str(self.outcome)
        return data


def compose(
    checked: CheckedAnswer,
    library: Library,
    table: Table,
    *,
    index: str,
    mode: str,
    calculations: tuple[ShownWorking, ...] = (),
) -> Answer:
    """The answer that a reader sees; a claim that is not in ``checked.shown`` is not in it."""
    draft = checked.draft
    numbers: dict[str, int] = {}
    claims: list[ShownClaim] = []
    doses: list[LedgerDose] = []
    for claim, check in checked.shown:
        for passage_id in claim.cites:
            numbers.setdefault(passage_id, len(numbers) + 1)
        claims.append(
            ShownClaim(
                section=claim.section,
                text=claim.text,
                citations=tuple(numbers[passage_id] for passage_id in claim.cites),
            )
        )
        doses += [
            entry for entry in _ledger(claim, check, draft, library, table) if entry not in doses
        ]
    outcome = checked.outcome
    reason = draft.reason
    if outcome is Outcome.DECLINED and not reason:
        reason = "Nothing of the answer could be verified, so nothing is shown."
    return Answer(
        outcome=outcome,
        reason=reason,
        refusal=str(draft.refusal or ""),
        notices=notices(checked, table),
        claims=tuple(claims),
        references=tuple(
            reference(n, draft.passages[passage_id], library) for passage_id, n in numbers.items()
        ),
        doses=tuple(doses),
        calculations=calculations if claims else (),
        withheld=tuple(
            {"verdict": item.verdict, "passage_id": item.passage_id, "why": item.why}
            for item in checked.withheld
        ),
        nearest=tuple(dict.fromkeys(draft.passages[id_].place for id_ in draft.nearest)),
        carried=draft.evidence.understanding.carried,
        understood=understood_as(draft.evidence, library),
        suggestions=suggestions(checked, library),
        notice=library.vocabulary.notice,
        index=index,
        mode=mode,
    )


def _ledger(
    claim: Claim, check: ClaimCheck, draft: Draft, library: Library, table: Table
) -> Iterator[LedgerDose]:
    """The doses of one claim; a frequency or duration is part of its dose's entry."""
    cited = claim.cites[0]
    for finding in check.findings:
        dose = finding.dose
        if dose is None or (finding.start, finding.end) != (dose.start, dose.end):
            continue
        rule = _rule_of(finding, dose, cited, table)
        yield LedgerDose(
            drug=library.drugs.name_of(finding.drug) if finding.drug else None,
            text=_whole_dose(claim.text, dose, check),
            verdict=str(finding.verdict),
            passage_id=cited,
            rule=rule.id if rule else None,
            role=_role(dose, draft.passages[cited]),
            why=finding.why,
            rule_status=str(rule.status) if rule else "",
            notes=finding.notes,
            beside=tuple(id_ for id_ in check.conflicts if id_ not in claim.cites),
        )


def _rule_of(finding: Finding, dose: Dose, passage_id: str, table: Table) -> Rule | None:
    """The rule that decided; else the first that was written from the passage for this dose."""
    decided = next((table.rules[id_] for id_ in finding.rule_ids if id_ in table.rules), None)
    return decided or next(iter(rules_of(dose, passage_id, table)), None)


def reference(n: int, passage: Passage, library: Library) -> Reference:
    """The reference of a passage: its primary source first, and how far that was checked."""
    statement = passage.statement
    primary = library.bibliography[statement.sources[0].key]
    sources = []
    for ref in statement.sources:
        text = vancouver(library.bibliography[ref.key])
        report = reported_by(ref, library.bibliography, statement.verification)
        sources.append(f"{text} ({report})" if report else text)
    first = statement.sources[0]
    return Reference(
        n=n,
        passage_id=passage.id,
        document=passage.document_id,
        title=primary.title,
        year=_year(primary.year),
        kind=str(passage.kind),
        section=WITHIN.join(passage.heading),
        quote=library.quote(passage),
        review_status=REVIEW_WORDS[passage.review],
        sources=tuple(sources),
        primary=vancouver(library.bibliography[first.key]),
        report=reported_by(first, library.bibliography, statement.verification) or "",
        verification=VERIFICATION_WORDS[statement.verification],
        edition=passage.edition,
    )


def _role(dose: Dose, passage: Passage) -> str:
    """What the passage does with a dose; a warning names doses in order to reject them."""
    if dose.role == DoseRole.STATED and passage.statement.role in (Role.WARNING, Role.EVIDENCE):
        return str(passage.statement.role)
    if dose.role == DoseRole.STATED and dose.cumulative:
        return TOTAL
    return str(dose.role)


def _whole_dose(text: str, dose: Dose, check: ClaimCheck) -> str:
    """The claim's words from the amount to the last number that belongs to it.

    Only the amount when another dose stands in between.
    """
    start = min([dose.start, *(begin for begin, _ in dose.parts)])
    end = max([dose.end, *(stop for _, stop in dose.parts)])
    between = any(
        f.dose is not None and f.dose != dose and start <= f.start < end for f in check.findings
    )
    return text[dose.start : dose.end] if between else text[start:end]


def _year(printed: str | None) -> int | None:
    """The last year of what the bibliography prints ("2019", "2004-2011", "about 2018")."""
    years = re.findall(r"\d{4}", printed or "")
    return int(years[-1]) if years else None
