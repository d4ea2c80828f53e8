"""The two axes on which a dose is judged: what its source says, and what the rules say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class SourceAxis(StrEnum):
    """What the cited passage says of a dose."""

    SAME = "same"
    WITHIN = "within"
    LESS = "less"  # a required companion is missing
    DIFFERS = "differs"
    ABSENT = "absent"
    ELSEWHERE = "elsewhere"  # another retrieved passage supports it, and exactly one
    UNREADABLE = "unreadable"


class RuleAxis(StrEnum):
    """What the reviewed rules of this drug and context say of a dose."""

    INSIDE = "inside"
    ABOVE = "above"
    BELOW = "below"
    BEYOND = "beyond"  # past a hard limit, or a forbidden frequency, basis or route
    NONE = "none"  # no rule for this context
    UNREVIEWED = "unreviewed"
    UNKNOWN_DRUG = "unknown drug"


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleJudgement:
    """The rule axis of one dose, the rules it rests on, and what unreviewed rules would say."""

    axis: RuleAxis
    why: str = ""
    rule_ids: tuple[str, ...] = ()
    usual: str = ""  # the usual range in words, for the reader
    limit: str = ""  # the hard limit in words
    notes: tuple[str, ...] = ()  # what draft rules say; shown as unreviewed, never decisive
    frequency_required: bool = False
