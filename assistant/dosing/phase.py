"""In which phase of a treatment a dose is given: at the start, or later on.

A dose of the first weeks is wrong as a maintenance dose, though each of its fields agrees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dosing.model import Dose, DoseRole, Parsed

START, LATER = "start", "later"
_WORDS_FOR = {START: "the start of treatment", LATER: "continuation or maintenance"}
_NOTHING: frozenset[str] = frozenset()

_CUE = re.compile(
    r"(?i:\b(?:(?P<start>induction|initial(?:ly)?(?!\sdose\sreduction)|loading|at\sfirst)"
    r"|(?P<later>continuation|maintenance))\b)"
)
_STOP = re.compile(r"[.!?]\s(?=[A-Z])|\n|;\s")
_THEN = re.compile(r"(?i:\b(?:then|followed\sby|thereafter|afterwards|subsequently)\b)")
_FROM_WEEK_ONE = re.compile(r"1(?!\d)")


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a text between two stops, or before or after a "then"."""

    start: int
    end: int
    implied: str  # by its place before or after "then"


def phases_in(text: str) -> frozenset[str]:
    """The phases that a text names.

    >>> sorted(phases_in("Induction and maintenance")), sorted(phases_in("Discontinuation"))
    (['later', 'start'], [])
    """
    return frozenset(m.lastgroup for m in _CUE.finditer(text) if m.lastgroup)


def other_phase(dose: Dose, claim: Parsed, supporting: Sequence[Dose], source: Parsed) -> str:
    """Why none of the source's doses that fit is for the phase that the claim names; or empty.

    Only a phase that the claim names in so many words counts. A source that gives no phase may
    stand for the start of a treatment; for a later phase it must speak of one.
    """
    if dose.role is not DoseRole.STATED:
        return ""
    mine = _named(dose, claim)
    if len(mine) != 1:
        return ""
    theirs = [_phases(d, source) for d in supporting]
    if any(mine <= phases for phases in theirs):
        return ""
    said = next((phases for phases in theirs if phases), _NOTHING)
    if all(theirs):
        return f"The source gives this dose for {_say(said)}, the text for {_say(mine)}."
    everywhere = phases_in(source.text) | set(source.phases)
    if LATER in mine and LATER not in everywhere:
        return f"The source does not speak of {_say(mine)}."
    owner = next(
        (d for d in source.doses if d.drug == dose.drug and mine <= _phases(d, source)), None
    )
    return f"The source gives another dose for {_say(mine)}: {owner.text}." if owner else ""


def _say(phases: frozenset[str]) -> str:
    return " and ".join(_WORDS_FOR[phase] for phase in (START, LATER) if phase in phases)


def _phases(dose: Dose, source: Parsed) -> frozenset[str]:
    """The phase of a source's dose: by its words, its weeks, its place, or its heading."""
    named = _named(dose, source)
    if named:
        return named
    if _FROM_WEEK_ONE.match(dose.weeks):
        return frozenset({START})
    implied = _part_of(dose, source.text).implied
    return frozenset({implied}) if implied else frozenset(source.phases)


def _named(dose: Dose, parsed: Parsed) -> frozenset[str]:
    """The phases named in the part of the text in which the dose stands.

    With as many names as doses in one part, each belongs to the dose in its place.
    """
    part = _part_of(dose, parsed.text)
    cues = [m.lastgroup for m in _CUE.finditer(parsed.text, part.start, part.end) if m.lastgroup]
    beside = [
        d.start
        for d in parsed.doses
        if d.role is DoseRole.STATED and part.start <= d.start < part.end
    ]
    if len(cues) == len(beside) and dose.start in beside:
        return frozenset({cues[beside.index(dose.start)]})
    return frozenset(cues)


def _part_of(dose: Dose, text: str) -> _Part:
    stops = [m.end() for m in _STOP.finditer(text)]
    start = max((at for at in stops if at <= dose.start), default=0)
    end = min((at for at in stops if at > dose.start), default=len(text))
    thens = [m.start() for m in _THEN.finditer(text, start, end)]
    before = [at for at in thens if at <= dose.start]
    after = [at for at in thens if at > dose.start]
    implied = LATER if before else START if after else ""
    return _Part(before[-1] if before else start, after[0] if after else end, implied)
