"""The values that flow: Question -> Evidence -> Draft -> CheckedAnswer.

Each holds the one before it, so the last is the whole story. Safety is a property of the
last type: ``CheckedAnswer.shown`` is derived from its findings, and a claim that nobody
looked at, or whose quote or number nobody vouched for, is not in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property, lru_cache

from assistant.dosing import DoseRole, Finding, Verdict, parse
from assistant.dosing.axes import SourceAxis
from corpus.model import Passage
from index.model import Retrieved


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """What was said about the patient; None where nothing was said."""

    age_years: float | None = None
    weight_kg: float | None = None
    height_cm: float | None = None
    sex: str | None = None
    creatinine: str | None = None  # with its unit, as given
    crcl_ml_min: float | None = None
    pregnant: bool | None = None
    previous: str | None = None  # totals given before: "etoposide 600 mg/m2"


class Length(StrEnum):
    """How long an answer may be."""

    BRIEF = "brief"
    STANDARD = "standard"
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One turn of a clinician, with the earlier turns of the same conversation.

    ``choices`` are ids of rules that the clinician picked where sources give different doses;
    ``patient_since``: the first turn of the history that speaks of the present patient.
    """

    text: str
    history: tuple[str, ...] = ()
    patient: Patient = field(default_factory=Patient)
    choices: tuple[str, ...] = ()
    patient_since: int = 0
    length: Length = Length.STANDARD


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What a question asks about, in the words of the library.

    ``query`` is what is searched; ``asked`` maps a facet (topic, drug, population,
    subtype, severity, condition) to the ids that the question names; ``carried`` says
    that an earlier turn supplied what this one leaves out.
    """

    query: str
    keyword_query: str
    asked: Mapping[str, tuple[str, ...]]
    plan: str | None
    on_subject: bool
    carried: bool
    asks_dose: bool
    asks_plan: bool = False  # for the whole of it, in words
    asks_action: bool = False  # what to do, not how it went
    asks_limit: DoseRole | None = None  # MAXIMUM or CUMULATIVE_LIMIT: how much at the most
    age_years: float | None = None
    weight_kg: float | None = None
    clearance: float | None = None  # of creatinine, mL/min
    own: str = ""  # the words of the turn itself, where an earlier turn supplied others
    core: str = ""  # the same as they were typed, with the names of the drugs that are meant
    carried_facets: frozenset[str] = frozenset()  # facets, and "dose", that only earlier turns name
    unknown_drugs: tuple[str, ...] = ()
    narrow_subtypes: tuple[str, ...] = ()  # asked subtypes that the library treats apart
    foreign: tuple[str, ...] = ()  # its words that point to something else than the library
    unreadable: str = ""  # why the text is no question; empty when it is one

    @property
    def measures(self) -> tuple[float | None, float | None, float | None]:
        """Age in years, weight in kg and creatinine clearance in mL/min of the patient."""
        return self.age_years, self.weight_kg, self.clearance

    def named(self, facet: str) -> tuple[str, ...]:
        """The ids that the question names of a facet."""
        return self.asked.get(facet, ())


class Likelihood(StrEnum):
    """How likely the library answers a question at all."""

    LIKELY = "likely"
    DOUBTFUL = "doubtful"
    UNLIKELY = "unlikely"


@dataclass(frozen=True, slots=True)
class Answerable:
    """How likely the library answers a question, and what of it lies beyond the library."""

    likelihood: Likelihood = Likelihood.LIKELY
    logit: float = 0.0
    conditions: tuple[str, ...] = ()  # other diseases that the question names
    matters: tuple[str, ...] = ()  # what it asks for and no statement on its drugs speaks of
    words: tuple[str, ...] = ()  # its words that are neither the library's nor everyday ones


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What was found for a question: the pool of candidates, best first."""

    question: Question
    understanding: Understanding
    pool: tuple[Retrieved, ...]
    logits: Mapping[str, float] = field(default_factory=dict)  # of answering, by passage id
    blood: tuple[str, ...] = ()  # laboratory values that the turns name, as they were written
    answerable: Answerable = field(default_factory=Answerable)


class Outcome(StrEnum):
    """The fate of an answer."""

    ANSWERED = "answered"
    LIMITED = "limited"
    DECLINED = "declined"


class Refusal(StrEnum):
    """Why a question can't be simply answered."""

    NOT_IN_LIBRARY = "not-in-library"
    SUPERSEDED = "superseded"
    OUTSIDE_SCOPE = "outside-scope"
    MISSING_VALUE = "missing-value"
    EMERGENCY = "emergency"
    WRONG_PREMISE = "wrong-premise"
    DOUBTFUL = "doubtful"  # the library may not say it: what stands nearest is shown
    UNCONFIRMED = "unconfirmed"  # what the question takes for granted, to be compared
    HIDDEN_INSTRUCTION = "hidden-instruction"


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One quoted statement under its section, citing one passage."""

    section: str
    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """What a drafter wrote: claims in reading order, nothing of it checked."""

    evidence: Evidence
    outcome: Outcome
    reason: str
    claims: tuple[Claim, ...]
    passages: Mapping[str, Passage]
    nearest: tuple[str, ...] = ()  # passage ids that are offered, not shown
    refusal: Refusal | None = None  # why it is not simply answered
    unconfirmed: str = ""  # why what the question takes for granted has to be compared


class Quote(StrEnum):
    """What the check found when it compared a claim with the stored text."""

    VERBATIM = "verbatim"
    NOT_VERBATIM = "not-verbatim"
    UNCITED = "uncited"
    ALTERED = "altered"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimCheck:
    """What the gate concluded about one claim: its quote and each of its numbers."""

    claim: int
    quote: Quote
    findings: tuple[Finding, ...] = ()
    conflicts: tuple[str, ...] = ()  # passages whose doses disagree with it, and its own
    fixed: str = ""  # what stands instead of a dose that is not shown, when there is no quote


@dataclass(frozen=True, slots=True, kw_only=True)
class Withheld:
    """A claim that is not shown, with the verdict that holds it back."""

    verdict: str
    passage_id: str | None
    why: str = ""  # for the reader, without the number
    findings: tuple[Finding, ...] = ()  # for the audit: never shown


@dataclass(frozen=True, kw_only=True)
class CheckedAnswer:
    """A draft and what the check concluded about every claim and number in it."""

    draft: Draft
    checks: tuple[ClaimCheck, ...]
    withheld: tuple[Withheld, ...] = ()

    @cached_property
    def shown(self) -> tuple[tuple[Claim, ClaimCheck], ...]:
        """Claims whose quote is verbatim and whose every number has a good finding.

        A claim without a check, or with a number that no finding covers, stays hidden.
        """
        checks = {check.claim: check for check in self.checks}
        pairs = []
        for position, claim in enumerate(self.draft.claims):
            check = checks.get(position)
            if check is not None and claim.cites and vouched_for(claim.text, check):
                pairs.append((claim, check))
        return tuple(pairs)

    @cached_property
    def outcome(self) -> Outcome:
        """The draft's outcome, or declined when nothing of it may be shown."""
        return self.draft.outcome if self.shown else Outcome.DECLINED


def vouched_for(text: str, check: ClaimCheck) -> bool:
    """Whether the quote is verbatim and each number of ``text`` has a finding that shows it."""
    if check.quote is not Quote.VERBATIM:
        return False
    if not all(finding.shown or is_quote_only(finding) for finding in check.findings):
        return False
    covered = [(finding.start, finding.end) for finding in check.findings]
    if not all(
        any(start <= begin and stop <= end for start, end in covered)
        for begin, stop in _spans_to_vouch_for(text)
    ):
        return False
    # A digit that no reader claimed is a digit that nobody looked at.
    return all(
        any(start <= place < end for start, end in covered)
        for place, character in enumerate(text)
        if character.isdigit()
    )


def is_quote_only(finding: Finding) -> bool:
    """A drug without rules: its dose may stand in the passage's own sentence and nowhere else."""
    same = finding.source_axis is SourceAxis.SAME
    return finding.verdict is Verdict.UNKNOWN_DRUG and same and not finding.withheld


@lru_cache(maxsize=20_000)
def _spans_to_vouch_for(text: str) -> tuple[tuple[int, int], ...]:
    """Where the reader finds doses and numbers in a text; number words count too."""
    read = parse(text)
    spans = [(dose.start, dose.end) for dose in read.doses]
    spans += [(number.start, number.end) for number in read.numbers]
    return tuple(spans)


__all__ = [
    "Answerable",
    "CheckedAnswer",
    "Claim",
    "ClaimCheck",
    "Draft",
    "Evidence",
    "Finding",
    "Length",
    "Likelihood",
    "Outcome",
    "Patient",
    "Question",
    "Quote",
    "Refusal",
    "Understanding",
    "Verdict",
    "Withheld",
    "vouched_for",
]
