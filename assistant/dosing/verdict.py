"""What the comparison concludes about one number, and what may be shown."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from assistant.dosing.axes import RuleAxis, SourceAxis
from assistant.dosing.model import Dose


class Verdict(StrEnum):
    """The conclusion about one dose or number; ``severity`` 0 is the worst."""

    UNREADABLE = "UNREADABLE"
    HARD_LIMIT = "HARD_LIMIT"
    INCONSISTENT = "INCONSISTENT"
    MISMATCH = "MISMATCH"
    NOT_IN_SOURCE = "NOT_IN_SOURCE"
    WRONG_CITATION = "WRONG_CITATION"
    UNKNOWN_DRUG = "UNKNOWN_DRUG"
    INCOMPLETE = "INCOMPLETE"
    SOURCE_CONFLICT = "SOURCE_CONFLICT"
    ABOVE_USUAL = "ABOVE_USUAL"
    BELOW_USUAL = "BELOW_USUAL"
    SOURCE_ONLY = "SOURCE_ONLY"
    WITHIN_RANGE = "WITHIN_RANGE"
    VERIFIED = "VERIFIED"

    @property
    def severity(self) -> int:
        """Rank in the order above: 0 is the worst."""
        return list(Verdict).index(self)

    @property
    def shown(self) -> bool:
        """Whether the number may stand in an answer."""
        return self.severity >= Verdict.INCOMPLETE.severity


class Detail(StrEnum):
    """Which field a verdict speaks of."""

    NONE = ""
    NUMBER = "NUMBER"
    UNIT = "UNIT"
    TAIL = "TAIL"
    VALUE = "VALUE"
    BASIS = "BASIS"
    SCHEDULE = "SCHEDULE"
    ROUTE = "ROUTE"
    ROLE = "ROLE"
    DRUG = "DRUG"
    POPULATION = "POPULATION"
    USE = "USE"
    COMPARATOR = "COMPARATOR"
    ORDER = "ORDER"
    LIMIT = "LIMIT"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What the comparison says of one dose or number; offsets into the claim's raw text."""

    start: int
    end: int
    text: str
    drug: str | None
    verdict: Verdict
    why: str
    detail: Detail = Detail.NONE
    dose: Dose | None = None
    source: str = ""  # the words of the source it was compared with
    kind: str = "dose"
    source_axis: SourceAxis | None = None  # None for what is no dose
    rule_axis: RuleAxis = RuleAxis.NONE
    rule_ids: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()  # what unreviewed rules say, and other remarks
    withheld: bool = False  # not shown although its verdict alone would allow it

    @property
    def shown(self) -> bool:
        """Whether the number may stand in an answer."""
        return self.verdict.shown and not self.withheld


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryFinding:
    """The best that a whole library says of one dose, and the id of the nearest passage."""

    start: int
    end: int
    text: str
    drug: str | None
    verdict: Verdict
    why: str
    detail: Detail = Detail.NONE
    source_id: str | None = None
    source: str = ""
    dose: Dose | None = None


def worst(verdicts: list[Verdict]) -> Verdict:
    """The worst of some verdicts; VERIFIED when there is none."""
    return min(verdicts, key=lambda v: v.severity, default=Verdict.VERIFIED)
