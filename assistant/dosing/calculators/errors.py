"""Why a calculation was not made: an ordinary outcome with a code and a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from corpus.errors import GuidelineError


class RefusalCode(StrEnum):
    """The reasons for which nothing is calculated."""

    UNIT_MISSING = "UNIT_MISSING"
    IMPLAUSIBLE = "IMPLAUSIBLE"
    AGE_WEIGHT = "AGE_WEIGHT"
    STALE = "STALE"
    UNSTABLE = "UNSTABLE"
    CHILD_CLEARANCE = "CHILD_CLEARANCE"
    INDEXED_GFR = "INDEXED_GFR"
    CONTEXT = "CONTEXT"
    UNREVIEWED = "UNREVIEWED"
    CONFLICT = "CONFLICT"
    CUMULATIVE_UNKNOWN = "CUMULATIVE_UNKNOWN"
    LIMIT = "LIMIT"
    MISSING = "MISSING"  # an input that the calculation needs was not given
    UNREADABLE = "UNREADABLE"  # what was given is no number, or none of the choices
    BACKGROUND = "BACKGROUND"  # general knowledge that was read nowhere never calculates
    NO_DOSE = "NO_DOSE"  # the source that was read gives no dose
    OFF = "OFF"  # calculations are switched off


@dataclass(frozen=True, slots=True)
class Refusal:
    """A calculation that was not made: what is wrong, with which value, and what to do."""

    code: RefusalCode
    message: str

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


class CalculationRefused(GuidelineError):
    """A formula was called with inputs for which it is not valid."""

    def __init__(self, refusal: Refusal) -> None:
        self.refusal = refusal
        super().__init__(str(refusal))

    @classmethod
    def because(cls, code: RefusalCode, message: str) -> CalculationRefused:
        """The error of one code and sentence."""
        return cls(Refusal(code, message))
