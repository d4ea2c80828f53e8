"""The values of an evaluation: Case -> Observed -> Judgement -> Score -> Run.

All are frozen. A key fact is named by the fact number that statements carry ("F047") or by
a passage id ("hscore:1.1"), so that a hospital can name its own statements; several joined by
"|" are equally good, and any of them is enough.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.model import Outcome, Patient, Question, Refusal
from eval.dose_rates import DoseRate

BY_RULE = -99.0  # the answerable score of what a rule declines, in logits: below every other


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question with what a good answer holds, and where the question comes from."""

    id: str
    section: str
    question: Question
    expect: tuple[Outcome, ...]  # every outcome that is right
    provenance: str
    key_facts: tuple[str, ...] = ()
    vital: tuple[str, ...] = ()  # key facts without which the answer is unsafe or useless
    both_sides: tuple[str, ...] = ()  # key facts on which sources differ: two passages needed
    must_not: tuple[str, ...] = ()  # patterns that no shown sentence may match
    split: str | None = None  # "dev" or "test"; test items are not to be tuned on
    refusal: Refusal | None = None  # why it can't be simply answered, where that is so
    full: str = ""  # a follow-up, asked in full
    note: str = ""
    file: str = ""
    line: int = 0

    @property
    def group(self) -> str:
        """The row of the report to which the case belongs: its split, or its section."""
        return self.split or self.section


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One shown sentence and the ids of the passages that it cites."""

    text: str
    cites: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What a system did with one question."""

    outcome: Outcome | None  # None when it failed
    ranking: tuple[str, ...] = ()  # passage ids, best first
    said: tuple[Said, ...] = ()
    withheld: tuple[str, ...] = ()  # passage ids of sentences that the check held back
    error: str = ""
    refusal: str = ""  # the class of why it was not simply answered
    notices: tuple[str, ...] = ()  # the classes of what stood above it
    offered: tuple[str, ...] = ()  # titles of what is offered and not shown, in order
    # (drug or "", words, passage id) of each dose in the dosing ledger; None without a ledger
    ledger: tuple[tuple[str, str, str], ...] | None = None
    answerable: float | None = None  # the score that decides, in logits; None when not judged
    elapsed_ms: float = field(default=0.0, compare=False)  # never part of a report
    timings_ms: tuple[tuple[str, float], ...] = field(default=(), compare=False)  # by stage


@dataclass(frozen=True, slots=True, kw_only=True)
class Observation:
    """What was observed of one case: as it was asked and, for some follow-ups, asked in full."""

    asked: Observed
    in_full: Observed | None = None

    @property
    def error(self) -> str:
        """Why one of them failed; empty where none did."""
        return self.asked.error or (self.in_full.error if self.in_full else "")


class Fate(StrEnum):
    """What became of one key fact, and so which part of the line has to be looked at."""

    SHOWN = "shown"
    ONE_SIDED = "one side only"  # a disagreement of which one passage is shown
    WITHHELD = "withheld by the check"
    NOT_CHOSEN = "found, not chosen"
    NOT_FOUND = "not found"
    NOT_IN_LIBRARY = "not in the library"


class RefusalClass(StrEnum):
    """How an outcome compares with the ones that were right."""

    RIGHT = "right"
    WRONGLY_ANSWERED = "answered, should be declined"
    WRONGLY_DECLINED = "declined, should be answered"
    WRONG_LIMIT = "answered and limited confused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Support:
    """What stands behind the sentences of one answer: counts, and each that fails, by name."""

    citations: int = 0
    idle: tuple[str, ...] = ()  # citations whose passage does not carry their sentence
    uncovered: tuple[str, ...] = ()  # sentences that their citations together do not carry
    references: int = 0  # different passages that are cited
    altered: tuple[str, ...] = ()  # those whose text on disk has another hash, or is not there
    quantities: int = 0  # amounts of drugs that are shown, where there is a ledger
    outside_ledger: tuple[str, ...] = ()
    entries: int = 0  # of the ledger
    outside_source: tuple[str, ...] = ()  # entries with a value that the cited passage lacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Linked:
    """What the library links to one answer, and what of it the reader does not get to see."""

    companions: int = 0  # that belong beside the doses shown
    omitted: tuple[str, ...] = ()  # neither shown nor offered
    on_asked: int = 0  # companions that speak of a drug which the question names
    omitted_on_asked: tuple[str, ...] = ()
    differences: int = 0  # asked about, with a position shown
    one_sided: tuple[str, ...] = ()  # those of which no second position is shown or offered


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """One case, what was observed, and what the metrics say of it.

    Ranking metrics are None where no passage is relevant; ``fact_recall`` is None where no
    key fact was asked for; ``apt`` is None where nothing was shown or nothing was asked for.
    """

    case: Case
    observed: Observed
    refusal: RefusalClass
    fates: tuple[tuple[str, Fate], ...]
    recall_at_5: float | None
    reciprocal_rank: float | None
    ndcg_at_10: float | None
    facts_at_10: float | None
    fact_recall: float | None
    vital_recall: float | None
    apt: float | None
    grades: tuple[int, ...]  # of the sentences that were graded beforehand: 0 is irrelevant
    cut: tuple[str, ...]  # sentences that are not the whole of a statement that they cite
    unsupported: tuple[str, ...]  # sentences that are not verbatim in a cited passage
    numbers: int
    unsupported_numbers: tuple[str, ...]
    forbidden: tuple[str, ...]  # sentences that match a must-not pattern
    recall_at_1: float | None = None
    recall_at_10: float | None = None
    support: Support = field(default_factory=Support)
    linked: Linked = field(default_factory=Linked)
    recall_in_full: float | None = None  # key-fact recall of a follow-up that was asked in full
    carriers: tuple[tuple[str, tuple[str, ...]], ...] = ()  # passage ids that carry each key fact

    @property
    def missed(self) -> tuple[tuple[str, Fate], ...]:
        """The key facts that the answer lacks, and why."""
        return tuple((fact, fate) for fact, fate in self.fates if fate is not Fate.SHOWN)

    @property
    def relevant(self) -> frozenset[str]:
        """Ids of the passages that carry a key fact of the question."""
        return frozenset(id_ for _, ids in self.carriers for id_ in ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One metric over one group of cases, with its 95 % interval.

    ``events`` is the count behind a rate, None for a mean; ``n`` is what it was counted or
    averaged over; value and interval are None when n is 0.
    """

    group: str
    metric: str
    n: int
    events: int | None
    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A whole evaluation: what was judged, the scores, and what they were measured on."""

    command: str
    fingerprints: Mapping[str, str]
    judgements: tuple[Judgement, ...]
    scores: tuple[Score, ...]
    dose_rates: tuple[DoseRate, ...] = ()
    altered: tuple[str, ...] = field(default=())  # documents on disk that are not those loaded
    passages: Mapping[str, str] = field(default_factory=dict)  # texts of those a report shows


__all__ = [
    "BY_RULE",
    "Case",
    "Fate",
    "Judgement",
    "Linked",
    "Observation",
    "Observed",
    "Outcome",
    "Patient",
    "Question",
    "Refusal",
    "RefusalClass",
    "Run",
    "Said",
    "Score",
    "Support",
]
