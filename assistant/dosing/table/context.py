"""When a rule holds: whether two contexts can meet in one patient, one selector at a time."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from assistant.dosing.table.model import Population, Rule
from assistant.dosing.table.parse_rule import AGE_GROUPS, CONDITION_GROUPS

ADULT_FROM = Fraction(18)  # years, as the age bounds of paediatric and adult guidelines
INFANT_BELOW = Fraction(1)
ELDERLY_FROM = Fraction(65)

# Half-open bounds in years that a word for an age group stands for.
_AGES: dict[str, tuple[Fraction, Fraction | None]] = {
    "infant": (Fraction(0), INFANT_BELOW),
    "child": (Fraction(0), ADULT_FROM),
    "adult": (ADULT_FROM, None),
    "elderly": (ELDERLY_FROM, None),
}


def words(text: str) -> str:
    """A selector in one spelling: lower case, single spaces.

    >>> words("Induction  weeks 1-2")
    'induction weeks 1-2'
    """
    return " ".join(text.lower().split())


def texts_meet(rule: str, asked: str) -> bool:
    """Whether two phases or settings can be the same; an empty one sets no condition.

    A wider name meets a narrower one that begins with it: "induction", "induction weeks 1-2".
    """
    ours, theirs = words(rule), words(asked)
    if not ours or not theirs:
        return True
    return f"{ours} ".startswith(f"{theirs} ") or f"{theirs} ".startswith(f"{ours} ")


def lists_meet(rule: Iterable[str], asked: Iterable[str]) -> bool:
    """Whether two lists have a member in common; an empty one sets no condition."""
    ours, theirs = {words(r) for r in rule}, {words(a) for a in asked}
    return not ours or not theirs or bool(ours & theirs)


def intervals_meet(
    low: Fraction | None, below: Fraction | None, other: Fraction | None, under: Fraction | None
) -> bool:
    """Whether [low, below) and [other, under) have a value in common; None is unbounded."""
    first = below is None or other is None or other < below
    second = under is None or low is None or low < under
    return first and second


def age_bounds(population: Population) -> tuple[tuple[Fraction | None, Fraction | None], ...]:
    """The ages in years for which a population holds, as half-open intervals.

    Its own bounds and, where it names groups, their ages; the two narrow each other.
    """
    groups = [group for group in population.groups if group in AGE_GROUPS]
    if not groups:
        return ((population.age_min, population.age_below),)
    spans = []
    for group in groups:
        low, below = _AGES[group]
        # Bounds that a source prints beside the word replace what the word stands for.
        spans.append(
            (
                low if population.age_min is None else population.age_min,
                below if population.age_below is None else population.age_below,
            )
        )
    return tuple(spans)


def ages_meet(first: Population, second: Population) -> bool:
    """Whether a patient's age can lie in both."""
    return any(intervals_meet(*a, *b) for a in age_bounds(first) for b in age_bounds(second))


def conditions(groups: Iterable[str]) -> frozenset[str]:
    """Of some groups those that are no age: pregnancy, kidney or liver impairment."""
    return frozenset(groups) & frozenset(CONDITION_GROUPS)


def contexts_overlap(first: Rule, second: Rule) -> bool:
    """Whether one patient and one question could fit both rules, so that neither is chosen."""
    a, b = first.context, second.context
    ours, theirs = conditions(a.population.groups), conditions(b.population.groups)
    return (
        lists_meet(a.indications, b.indications)
        and ages_meet(a.population, b.population)
        and ours == theirs
        and intervals_meet(
            a.population.weight_min,
            a.population.weight_below,
            b.population.weight_min,
            b.population.weight_below,
        )
        and texts_meet(a.phase, b.phase)
        and texts_meet(a.setting, b.setting)
        and lists_meet(first.schedule.routes, second.schedule.routes)
        and words(a.variant) == words(b.variant)
    )
