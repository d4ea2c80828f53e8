"""A score as a frozen value: its inputs, its kind of arithmetic, sources and examples."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from assistant.dosing.calculators.convert import Measured
from assistant.dosing.calculators.inputs import Input
from assistant.dosing.calculators.result import SourceMark
from assistant.dosing.calculators.scores.conditions import Condition
from corpus.errors import GuidelineError
from corpus.model import Verification


class ScoreError(GuidelineError):
    """A score file that can't be used: which file, which key, and why."""

    def __init__(self, file: str, key: str, reason: str) -> None:
        self.file = file
        self.key = key
        self.reason = reason
        super().__init__(f"{file}: {key}: {reason} Correct the file, or remove it.")


@dataclass(frozen=True, slots=True)
class Category:
    """One category of an item and its points."""

    label: str
    points: int
    when: Condition


@dataclass(frozen=True, slots=True)
class Item:
    """One scored variable; exactly one category holds. ``may_be_unknown``: "marrow not done"."""

    label: str
    categories: tuple[Category, ...]
    may_be_unknown: bool = False
    without: str = ""  # how a score without it is named: "without marrow"
    ask: str = ""  # what to give, where the item can be answered in more than one way

    @property
    def most(self) -> int:
        """The greatest number of points."""
        return max(c.points for c in self.categories)

    @property
    def least(self) -> int:
        """The least number of points."""
        return min(c.points for c in self.categories)


@dataclass(frozen=True, slots=True)
class PrintedTable:
    """Values that the source prints at some scores; between two of them both are given.

    At or below the first score its value holds, at or above the last one that one's.
    """

    label: str
    scores: tuple[Fraction, ...]
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cutoff:
    """A score from which on (included) the source draws a line."""

    at_least: Fraction
    reached: str
    not_reached: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Points:
    """Sum of the points of every item."""

    items: tuple[Item, ...]
    cutoff: Cutoff | None
    printed: PrintedTable | None


@dataclass(frozen=True, slots=True)
class Criterion:
    """One criterion with its limit in words."""

    label: str
    when: Condition


@dataclass(frozen=True, slots=True)
class Words:
    """How the outcome is said; each is printed as it stands."""

    yes: str
    no: str
    open: str = ""  # unknown tests can still decide it
    not_applicable: str = ""


@dataclass(frozen=True, slots=True)
class Criteria:
    """At least ``needed`` of the criteria, or one of the alternatives alone.

    ``entry`` are conditions without which the criteria do not apply; ``required`` must all be
    met besides the count.
    """

    criteria: tuple[Criterion, ...]
    needed: int
    words: Words
    entry: tuple[Criterion, ...] = ()
    required: tuple[Criterion, ...] = ()
    alternatives: tuple[Criterion, ...] = ()


@dataclass(frozen=True, slots=True)
class Term:
    """A coefficient times an input: a measured value in ``unit``, or 1 for yes and 0 for no."""

    input: str
    coefficient: Fraction
    scale: Fraction = Fraction(1)  # value in the term's unit = base value x scale
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Linear:
    """A constant plus a sum of terms."""

    constant: Fraction
    terms: tuple[Term, ...]
    cutoff: Cutoff


@dataclass(frozen=True, slots=True)
class Thresholds:
    """All conditions together, in those to whom it applies."""

    applies: tuple[Criterion, ...]
    conditions: tuple[Criterion, ...]
    words: Words


@dataclass(frozen=True, slots=True)
class Ratio:
    """One input divided by another, without a verdict. ``context`` is what was published."""

    numerator: str
    denominator: str
    context: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """A total at or above which a word is said."""

    at_least: Fraction
    name: str


@dataclass(frozen=True, slots=True)
class Cumulative:
    """Sum of doses per body surface, each with the surface of its own day."""

    doses: str  # the input that lists them
    planned: str  # the optional input with the next dose
    levels: tuple[Level, ...]  # in rising order
    below: str  # what is said below the first level


@dataclass(frozen=True, slots=True)
class Equivalents:
    """Amounts of several drugs that are taken as equal: a comparison, never a dose."""

    drug: str  # the choice input
    amount: str  # the measured input
    table: tuple[tuple[str, Measured], ...]


Arithmetic: TypeAlias = Points | Criteria | Linear | Thresholds | Ratio | Cumulative | Equivalents


@dataclass(frozen=True, slots=True)
class Example:
    """A worked example of the source: what is given, and what must come out."""

    title: str
    inputs: tuple[tuple[str, str], ...]
    value: str  # rounded, as printed; empty where the result is words
    contains: tuple[str, ...]  # lines or parts of lines of the printed result


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """One file of the scores folder."""

    id: str
    label: str
    kind: str
    formula: tuple[str, ...]
    population: str  # for whom it was made
    inputs: tuple[Input, ...]
    arithmetic: Arithmetic
    sources: tuple[SourceMark, ...]
    places: int
    unit: str
    caveats: tuple[str, ...]
    examples: tuple[Example, ...]
    file: str

    @property
    def verification(self) -> Verification:
        """The weakest mark among the sources."""
        order = list(Verification)
        return max((s.verification for s in self.sources), key=order.index)
