"""What is left of a sentence beside its doses: who, how, and whether it says "not".

A sentence that is nearly the source's own must also agree with it in the drugs that it names
without a dose, in its negations, routes, groups of patients and time words, and its doses must
stand in the same order. A free paraphrase is not held to this; its doses are compared as such.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from assistant.dosing.model import Parsed
from assistant.dosing.verdict import Detail

NEARLY = Fraction(3, 4)  # shared words over all words (Dice), from which a sentence is a near copy
_FEWEST = 2  # with fewer words in common, nothing can be called a copy

_WORD = re.compile(r"[^\W\d_]+(?:[-'][^\W\d_]+)*")
_PLAIN_WORDS = """
    a an and are as at be been by for from given give gives has have in into is it its of on or
    per should that the their then this to use used was were which with consider
"""
_PLAIN = frozenset(_PLAIN_WORDS.split())
_CUES: tuple[tuple[str, Detail, str], ...] = (
    (
        r"not(?!\s+(?:exceeding|more|above|over)\b)|no(?!\s+(?:more|less|fewer)\s+than\b)"
        r"|never|neither|nor|without|cannot|wrong|reject\w*|avoid\w*|contraindicated"
        r"|instead\s+of|rather\s+than|unless|except|don't|withh(?:e|o)ld\w*",
        Detail.ROLE,
        "not",
    ),
    (r"IV|i\.v\.|[Ii]ntravenous(?:ly)?", Detail.ROUTE, "IV"),
    (r"SC|SQ|s\.c\.|[Ss]ubcutaneous(?:ly)?", Detail.ROUTE, "SC"),
    (r"IM|[Ii]ntramuscular(?:ly)?", Detail.ROUTE, "IM"),
    (r"PO|p\.o\.|[Bb]y\s+mouth|[Oo]ral(?:ly)?|[Ee]nteral(?:ly)?", Detail.ROUTE, "PO"),
    (r"IT|[Ii]ntrathecal(?:ly)?", Detail.ROUTE, "IT"),
    (r"[Ii]nhal\w+|[Nn]ebuli\w+", Detail.ROUTE, "INH"),
    (r"(?i:older\s+adults?|older\s+people|elderly)", Detail.POPULATION, "elderly"),
    (r"(?i:adults?)", Detail.POPULATION, "adult"),
    (r"(?i:child(?:ren|hood|ren's)?|p(?:a)?ediatric\w*)", Detail.POPULATION, "child"),
    (r"(?i:infants?|neonat\w+|newborns?|preterm)", Detail.POPULATION, "infant"),
    (r"(?i:pregnan\w+)", Detail.POPULATION, "pregnancy"),
    (r"(?i:per\s+dose|each\s+dose)|(?<=/)dose", Detail.SCHEDULE, "dose"),
    (r"(?i:daily|per\s+day|a\s+day)|(?<=/)day", Detail.SCHEDULE, "day"),
    (r"(?i:weekly|per\s+week|a\s+week)|(?<=/)week", Detail.SCHEDULE, "week"),
    (r"(?i:monthly|per\s+month|a\s+month)|(?<=/)month", Detail.SCHEDULE, "month"),
)
_CUE = re.compile("|".join(rf"(?<![\w-])({p})(?![\w])" for p, _, _ in _CUES))
_CLAUSE = re.compile(r"[;:]\s|[.!?]\s(?=[A-Z])|\n")
_WORDS_FOR = {
    Detail.ROLE: "The text and the source differ in what they advise against.",
    Detail.ROUTE: "The text names another route than the source.",
    Detail.POPULATION: "The text speaks of other patients than the source.",
    Detail.SCHEDULE: "The text says per day, week or dose where the source does not.",
    Detail.DRUG: "The text names another drug than the source in this place.",
}


@dataclass(frozen=True, slots=True)
class Cue:
    """A word that decides what a sentence means, with its class; raw offsets."""

    start: int
    end: int
    detail: Detail
    code: str


@dataclass(frozen=True, slots=True)
class Residue:
    """The cues and the remaining words of a text, and where its clauses end."""

    cues: tuple[Cue, ...]
    words: Counter[str]
    clauses: tuple[tuple[int, int], ...]

    @property
    def everything(self) -> Counter[str]:
        """The words, and the cues by their codes."""
        return self.words + Counter(f"={cue.code}" for cue in self.cues)

    def of_clause(self, index: int) -> tuple[Cue, ...]:
        """The cues of one clause."""
        start, end = self.clauses[index]
        return tuple(c for c in self.cues if start <= c.start < end)


@dataclass(frozen=True, slots=True)
class Departure:
    """A cue in which a near copy departs from its source, in a plain sentence."""

    start: int
    end: int
    detail: Detail
    why: str


def residue(parsed: Parsed) -> Residue:
    """What is left of a text when its doses and numbers are taken out."""
    text = parsed.text
    taken = bytearray(len(text) + 1)
    spans = [span for d in parsed.doses for span in ((d.start, d.end), *d.parts)]
    spans += [(n.start, n.end) for n in parsed.numbers]
    for start, end in spans:
        taken[start:end] = b"\x01" * (end - start)
    cues = [Cue(start, end, Detail.DRUG, drug) for start, end, drug in parsed.named]
    for cue in cues:
        taken[cue.start : cue.end] = b"\x02" * (cue.end - cue.start)
    for match in _CUE.finditer(text):
        _, detail, code = _CUES[(match.lastindex or 1) - 1]
        mark = taken[match.start()]
        if mark == 2 or (mark and detail is Detail.SCHEDULE):
            continue
        cues.append(Cue(match.start(), match.end(), detail, code))
    for cue in cues:
        taken[cue.start : cue.end] = b"\x02" * (cue.end - cue.start)
    words = Counter(
        word
        for match in _WORD.finditer(text)
        if not taken[match.start()] and (word := match.group().lower()) not in _PLAIN
    )
    return Residue(tuple(sorted(cues, key=lambda c: c.start)), words, tuple(_clauses(text)))


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    for match in _CLAUSE.finditer(text):
        yield at, match.end()
        at = match.end()
    yield at, len(text) + 1


def is_near_copy(claim: Parsed, source: Parsed) -> bool:
    """Whether a text has nearly the same words as its source, doses and numbers aside."""
    mine, theirs = residue(claim), residue(source)
    if (mine.words & theirs.words).total() < _FEWEST:
        return False
    ours, others = mine.everything, theirs.everything
    return 2 * (ours & others).total() >= NEARLY * (ours.total() + others.total())


def departures(claim: Parsed, source: Parsed) -> tuple[Departure, ...]:
    """The cues in which a near copy departs from its source."""
    mine, theirs = residue(claim), residue(source)
    if len(mine.clauses) == len(theirs.clauses):
        pairs = [(mine.of_clause(i), theirs.of_clause(i)) for i in range(len(mine.clauses))]
    else:
        pairs = [(mine.cues, theirs.cues)]
    return tuple(found for pair in pairs for found in _differences(claim, *pair))


def _differences(claim: Parsed, mine: Sequence[Cue], theirs: Sequence[Cue]) -> Iterator[Departure]:
    spare = Counter((c.detail, c.code) for c in theirs)
    for cue in mine:
        key = (cue.detail, cue.code)
        if spare[key]:
            spare[key] -= 1
        elif not _repeated(cue, theirs):
            yield Departure(cue.start, cue.end, cue.detail, _WORDS_FOR[cue.detail])
    if spare[(Detail.ROLE, "not")]:
        at = len(claim.text)
        yield Departure(at, at, Detail.ROLE, _WORDS_FOR[Detail.ROLE])


def _repeated(cue: Cue, theirs: Sequence[Cue]) -> bool:
    """A drug that the text only names once more than the source does."""
    return cue.detail is Detail.DRUG and any(c.code == cue.code for c in theirs)
