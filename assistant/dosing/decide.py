"""Two axes, one table: what the source says and what the rules say of a dose -> its verdict."""

from __future__ import annotations

from collections.abc import Mapping

from assistant.dosing.axes import RuleAxis, SourceAxis
from assistant.dosing.verdict import Verdict

_COLUMNS = (
    RuleAxis.INSIDE,
    RuleAxis.ABOVE,
    RuleAxis.BELOW,
    RuleAxis.BEYOND,
    RuleAxis.NONE,
    RuleAxis.UNREVIEWED,
    RuleAxis.UNKNOWN_DRUG,
)
# A rule that nobody reviewed never decides: its column is that of no rule.
_ROWS: Mapping[SourceAxis, str] = {
    SourceAxis.SAME: (
        "VERIFIED ABOVE_USUAL BELOW_USUAL HARD_LIMIT SOURCE_ONLY SOURCE_ONLY UNKNOWN_DRUG"
    ),
    SourceAxis.WITHIN: (
        "WITHIN_RANGE ABOVE_USUAL BELOW_USUAL HARD_LIMIT SOURCE_ONLY SOURCE_ONLY UNKNOWN_DRUG"
    ),
    SourceAxis.LESS: (
        "INCOMPLETE INCOMPLETE INCOMPLETE HARD_LIMIT INCOMPLETE INCOMPLETE UNKNOWN_DRUG"
    ),
    SourceAxis.DIFFERS: "MISMATCH MISMATCH MISMATCH HARD_LIMIT MISMATCH MISMATCH MISMATCH",
    SourceAxis.ABSENT: (
        "NOT_IN_SOURCE NOT_IN_SOURCE NOT_IN_SOURCE HARD_LIMIT NOT_IN_SOURCE NOT_IN_SOURCE"
        " NOT_IN_SOURCE"
    ),
    SourceAxis.ELSEWHERE: (
        "WRONG_CITATION WRONG_CITATION WRONG_CITATION HARD_LIMIT WRONG_CITATION WRONG_CITATION"
        " WRONG_CITATION"
    ),
    SourceAxis.UNREADABLE: " ".join(["UNREADABLE"] * 7),
}
TABLE: Mapping[tuple[SourceAxis, RuleAxis], Verdict] = {
    (source, rule): Verdict(word)
    for source, row in _ROWS.items()
    for rule, word in zip(_COLUMNS, row.split(), strict=True)
}
"""The whole table, 7 x 7."""

_AXIS_OF: Mapping[Verdict, SourceAxis] = {
    Verdict.SOURCE_ONLY: SourceAxis.SAME,
    Verdict.WITHIN_RANGE: SourceAxis.WITHIN,
    Verdict.INCOMPLETE: SourceAxis.LESS,
    Verdict.MISMATCH: SourceAxis.DIFFERS,
    Verdict.NOT_IN_SOURCE: SourceAxis.ABSENT,
    Verdict.UNREADABLE: SourceAxis.UNREADABLE,
}


def decide(source: SourceAxis, rule: RuleAxis) -> Verdict:
    """The base verdict of a dose.

    >>> decide(SourceAxis.SAME, RuleAxis.UNREVIEWED).name
    'SOURCE_ONLY'
    """
    return TABLE[source, rule]


def source_axis_of(verdict: Verdict) -> SourceAxis:
    """The source axis behind a verdict of the comparison with one source alone.

    Raises KeyError for a verdict that the comparison alone never gives.
    """
    return _AXIS_OF[verdict]


def worse(base: Verdict, other: Verdict) -> Verdict:
    """``other`` where it is worse than the base verdict: INCONSISTENT, SOURCE_CONFLICT."""
    return min(base, other, key=lambda verdict: verdict.severity)
