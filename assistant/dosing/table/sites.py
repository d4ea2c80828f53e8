"""Local additions to the table: a site may tighten a limit, never widen one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from fractions import Fraction

from assistant.dosing.model import decimal_text
from assistant.dosing.table.model import DoseRange, Rule
from assistant.dosing.table.parse_table import Override, Precedence, Site

_NEVER = "A site may tighten a limit, never widen it."


def apply_site(site: Site, rules: Mapping[str, Rule]) -> dict[str, Rule]:
    """The rules with the tighter limits of one site; mistakes are noted where they stand."""
    tightened = dict(rules)
    for override in site.overrides:
        rule = tightened.get(override.rule)
        if rule is None:
            what = f"There is no rule '{override.rule}'."
            override.at.problem("rule", what, "Correct the id.")
        else:
            tightened[rule.id] = _tighten(rule, override)
    return tightened


def _tighten(rule: Rule, override: Override) -> Rule:
    schedule = rule.schedule
    if override.forbidden:
        # An allowed frequency may be forbidden here: what is forbidden is looked at first.
        forbidden = schedule.forbidden_frequencies + override.forbidden
        schedule = replace(schedule, forbidden_frequencies=forbidden)
    dose = rule.dose
    limits = (override.low, override.high, override.hard_max)
    if any(limit is not None for limit in limits):
        if dose is None:
            override.at.problem("", f"{rule.id} gives no dose.", "Remove the limits.")
        else:
            dose = _tighten_dose(dose, override)
    return replace(rule, dose=dose, schedule=schedule)


def _tighten_dose(dose: DoseRange, override: Override) -> DoseRange:
    low, high, hard = override.low, override.high, override.hard_max
    _never_above(override, "usual.high", high, dose.high)
    _never_above(override, "hard_max", hard, dose.hard_max)
    if low is not None and dose.low is not None and low < dose.low:
        what = f"{decimal_text(low)} is below the {decimal_text(dose.low)} of the rule."
        override.at.problem("usual.low", what, _NEVER)
    tight = replace(
        dose,
        low=dose.low if low is None else low,
        high=dose.high if high is None else high,
        hard_max=dose.hard_max if hard is None else hard,
    )
    if tight.low is not None and tight.low > tight.high:
        override.at.problem("usual", "low is above high.", "Exchange or correct them.")
    if tight.hard_max is not None and tight.high > tight.hard_max:
        what = "The usual dose is above the hard limit."
        override.at.problem("hard_max", what, "Lower usual.high as well.")
    return tight


def _never_above(override: Override, key: str, new: Fraction | None, old: Fraction | None) -> None:
    if new is not None and old is not None and new > old:
        what = f"{decimal_text(new)} is above the {decimal_text(old)} of the rule."
        override.at.problem(key, what, _NEVER)


def check_precedence(wish: Precedence, rules: Mapping[str, Rule]) -> None:
    """A precedence list names rules of its own drug."""
    for rule_id in wish.rules:
        rule = rules.get(rule_id)
        if rule is None:
            wish.at.problem("rules", f"There is no rule '{rule_id}'.", "Correct the id.")
        elif rule.drug != wish.drug:
            what = f"'{rule_id}' is a rule of {rule.drug}."
            wish.at.problem("rules", what, f"List rules of {wish.drug} only.")
