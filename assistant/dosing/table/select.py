"""Which rules of a drug hold for one dose: by indication, population, phase, route.

Where neither the dose nor its context says anything on a selector, every rule is kept.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from assistant.dosing.model import Dose
from assistant.dosing.table.context import (
    age_bounds,
    conditions,
    intervals_meet,
    lists_meet,
    texts_meet,
)
from assistant.dosing.table.model import Population, Rule, Status, Table
from assistant.dosing.table.parse_rule import AGE_GROUPS

_CONDITION = re.compile(
    r"(?P<cmp><=|>=|<|>)?(?P<low>\d+(?:\.\d+)?)(?:-(?P<high>\d+(?:\.\d+)?))?(?P<unit>kg|y|mo)"
)
# "30 kg or less" includes 30; intervals here are half-open, so the end moves up by this much.
_INCLUDED = Fraction(1, 10**6)
_MONTHS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class DoseContext:
    """What is known of the answer in which a dose stands; empty fields say nothing.

    ``populations`` are words of the reader (adult, child, renal_impairment, ...); age in years
    and weight in kg are those of a patient. ``day`` decides which reviewed rules are in date.
    """

    day: date
    indications: tuple[str, ...] = ()
    populations: tuple[str, ...] = ()
    age_years: Fraction | None = None
    weight_kg: Fraction | None = None
    phase: str = ""
    setting: str = ""
    routes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Selection:
    """The rules that hold: those that may decide, and those that may only add a note."""

    reviewed: tuple[Rule, ...]
    unreviewed: tuple[Rule, ...]


def select_rules(dose: Dose, context: DoseContext, table: Table) -> Selection:
    """Every rule of the dose's drug whose context can be that of the dose."""
    rules = table.of_drug(dose.drug) if dose.drug else ()
    fitting = [r for r in rules if r.status is not Status.RETIRED and fits(r, dose, context)]
    reviewed = tuple(r for r in fitting if r.reviewed_on(context.day))
    return Selection(reviewed, tuple(r for r in fitting if r not in reviewed))


def fits(rule: Rule, dose: Dose, context: DoseContext) -> bool:
    """Whether a rule can be meant, as far as dose and context say."""
    asked = rule.context
    return (
        lists_meet(asked.indications, context.indications)
        and _population_fits(asked.population, dose, context)
        and texts_meet(asked.phase, context.phase)
        and texts_meet(asked.setting, context.setting)
        and lists_meet(rule.schedule.routes, dose.routes or context.routes)
        and _plans_meet(rule.schedule.weeks, dose.weeks)
    )


def _population_fits(population: Population, dose: Dose, context: DoseContext) -> bool:
    ages, weights = _stated_bounds(dose.conditions)
    if dose.population in AGE_GROUPS:
        ages += age_bounds(Population(groups=(dose.population,)))
    elif context.age_years is not None:
        ages += ((context.age_years, context.age_years + _INCLUDED),)
    else:
        groups = tuple(g for g in context.populations if g in AGE_GROUPS)
        if groups and not _any_meets(age_bounds(population), age_bounds(Population(groups=groups))):
            return False
    if context.weight_kg is not None:
        weights += ((context.weight_kg, context.weight_kg + _INCLUDED),)
    bounds = (population.weight_min, population.weight_below)
    own = conditions(population.groups)
    known = conditions((dose.population, *context.populations))
    return (
        all(_any_meets(age_bounds(population), (age,)) for age in ages)
        and all(intervals_meet(*bounds, *weight) for weight in weights)
        # A rule for kidney impairment holds where nothing is said of the kidneys; it is no rule
        # for a text about pregnancy alone.
        and (not own or not known or bool(own & known))
    )


_Interval = tuple[Fraction | None, Fraction | None]


def _any_meets(ours: Iterable[_Interval], theirs: Iterable[_Interval]) -> bool:
    others = tuple(theirs)
    return any(intervals_meet(*a, *b) for a in ours for b in others)


def _stated_bounds(
    stated: Iterable[str],
) -> tuple[tuple[_Interval, ...], tuple[_Interval, ...]]:
    """Ages (years) and weights (kg) that the text sets for the amount: "<30kg", ">=65y"."""
    ages: list[_Interval] = []
    weights: list[_Interval] = []
    for text in stated:
        match = _CONDITION.fullmatch(text)
        if match is None:
            continue
        scale = Fraction(1, _MONTHS) if match["unit"] == "mo" else Fraction(1)
        low = Fraction(match["low"]) * scale
        high = Fraction(match["high"] or match["low"]) * scale
        interval: _Interval = {
            "<": (None, low),
            "<=": (None, low + _INCLUDED),
            ">": (low, None),
            ">=": (low, None),
        }.get(match["cmp"] or "", (low, high + _INCLUDED))
        (weights if match["unit"] == "kg" else ages).append(interval)
    return tuple(ages), tuple(weights)


def _plans_meet(rule: str, asked: str) -> bool:
    """Whether two lists of weeks have one in common: "1-2", "9-"; an empty one is any."""
    ours, theirs = plan_ranges(rule), plan_ranges(asked)
    return not ours or not theirs or _any_meets(ours, theirs)


def plan_ranges(plan: str) -> tuple[_Interval, ...]:
    """The half-open ranges of a list of days or weeks; an open end is unbounded.

    >>> [tuple(map(str, r)) for r in plan_ranges("1-2,9-")]
    [('1', '3'), ('9', 'None')]
    """
    ranges: list[_Interval] = []
    for part in plan.split(","):
        match = re.fullmatch(r"(\d+)(-?)(\d*)", part)
        if match is None:
            return ()
        low = Fraction(match[1])
        high = Fraction(match[3]) + 1 if match[3] else None if match[2] else low + 1
        ranges.append((low, high))
    return tuple(ranges)
