"""Ways in which an answer about a dose goes wrong, one at a time: the mutation operators."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from corpus.drugs import DrugTable
from eval.dose_sites import (
    CAP,
    DASH,
    NUM,
    Changes,
    amounts_permuted,
    both,
    day_changed,
    days_permuted,
    digit_added,
    digit_changed,
    digits_swapped,
    dose_added,
    negation_made,
    number_near,
    pair_swapped,
    point_moved,
    point_removed,
    range_collapsed,
    range_end_changed,
    range_widened,
    removed,
    replaced,
    scaled,
    swapped,
    whole_range_scaled,
)

Uses = Mapping[str, Sequence[tuple[str, ...]]]
"""For each facet of a vocabulary the words of each of its values."""

NO_USES: Uses = {}
USE_SWAPPED = "use swapped"


@dataclass(frozen=True, slots=True)
class Mutant:
    """A sentence with one error, and the operator that made it."""

    operator: str
    text: str


@dataclass(frozen=True, slots=True)
class Operator:
    """A named error and every place of a text where it can be made."""

    name: str
    changes: Changes


_DURATION = r"(?=\s?-?(?:days?|weeks?|months?|hours?|h)\b)"
_COUNT = r"(?=\s(?:more\s)?(?:doses|infusions|cycles)\b)"
_REST = (
    r"(?=\s?(?:%|mL/min|years?\b|months?\b|kg\b|patients|children|cases|adults|ng/mL|µg/L"
    rf"|x10|weeks\sto|°C)|{DASH}{NUM}\s?(?:%|mL/min|years|months|kg\b))"
)
_AFTER_AMOUNT = r"(?<=\d )"
_BEFORE_LIMIT = r"\b(?= [\d–-]+(?:[.,]\d+)? ?(?:mg|g|%|kg|years|mL))"
_LIMITS = both(
    ("maximum", "minimum"),
    ("maximum of", "minimum of"),
    ("up to", "at least"),
    ("below", "above"),
    ("highest", "lowest"),
    ("over", "under"),
) | {"at most": "at least", "at least": "at most"}
_ROUTES = {
    "IV": "by mouth",
    "SC": "IV",
    "by mouth": "IV",
    "oral": "intravenous",
    "orally": "intravenously",
    "intrathecal": "intravenous",
    "intrathecally": "intravenously",
    "inhaled": "intravenous",
    "intravenous": "intrathecal",
    "intravenously": "intrathecally",
}
_PEOPLE = {
    "adult": "child",
    "adults": "children",
    "children": "adults",
    "infants": "adults",
    "neonatal": "adult",
    "childhood": "adult",
}
_THRESHOLDS = both(("under", "over"), ("above", "below"), ("older than", "younger than")) | {
    "from": "under"
}
_BEFORE_THRESHOLD = r"\b(?= [\d,]+(?:\.\d+)? ?(?:years?|kg|mL|months|%|ng/mL|µg/L|U/mL|x10|×10|°C))"
_COMPARATORS = {"<": ">", ">": "<", "≤": "≥", "≥": "≤"}
_PHASES = both(
    ("induction", "continuation"), ("initial", "maintenance"), ("initially", "as maintenance")
) | {"loading": "maintenance"}
_WORD_COUNTS = both(("two", "four"), ("one", "three"))
_UNITS_OF_TIME = both(("days", "weeks")) | {"months": "weeks", "hours": "days"}
_TIMES = {"three times": "four times", "two times": "three times", "four times": "twice"}
_REJECTIONS = {
    "is wrong": "is right",
    "reject that figure": "use that figure",
    "no protocol supports": "every protocol supports",
}

OPERATORS: tuple[Operator, ...] = (
    Operator("amount x 10", scaled("10")),
    Operator("amount / 10", scaled("0.1")),
    Operator("both ends x 10", whole_range_scaled),
    Operator("decimal point removed", point_removed),
    Operator("decimal point moved", point_moved),
    Operator("digit changed", digit_changed),
    Operator("digit added", digit_added),
    Operator("digits swapped", digits_swapped),
    Operator("range end changed", range_end_changed),
    Operator("range collapsed", range_collapsed),
    Operator("range widened", range_widened),
    Operator("mg to g", swapped(both(("mg", "g")), before=_AFTER_AMOUNT)),
    Operator("mg to µg", swapped(both(("mg", "µg")), before=_AFTER_AMOUNT)),
    Operator("basis changed", swapped({"kg": "m²", "m²": "kg", "m2": "kg"}, "(?<=g/)", r"(?!\w)")),
    Operator("basis dropped", replaced(r"(?<=g)/(?:kg\b|m²|m2\b)")),
    Operator("basis added", replaced(r"(?<=\d mg)(?!/)", "/kg")),
    Operator("per day to per week", replaced(r"/day\b", "/week")),
    Operator("per day to per dose", replaced(r"/day\b", " per dose")),
    Operator("per dose to per day", replaced(r"\sper dose\b|/dose\b", "/day")),
    Operator("per week to per day", replaced(r"/week\b|\s(?:per|a) week\b", "/day")),
    Operator("per hour to per day", replaced(r"/(?:hour|h)\b", "/day")),
    Operator("per dropped", replaced(
        r"(?<=[gk²2])(?:/(?:day|dose|hour|h)|\sper\s(?:dose|cycle))\b")),
    Operator("weekly to daily", swapped(both(("weekly", "daily")))),
    Operator("monthly to weekly", replaced(r"\bmonthly\b", "weekly")),
    Operator("once to twice", swapped(both(("once", "twice")))),
    Operator("times changed", swapped(_TIMES)),
    Operator("interval changed", number_near(r"(?<=every )", "")),
    Operator("interval word changed", swapped(both(("second", "third")), r"(?<=every )")),
    Operator("interval unit changed", replaced(
        r"(?<=every )(?:[\d–-]+|second) (?:h|hours|days|weeks?)\b", "5 months")),
    Operator("negation removed", replaced(r"\b(?:not an?|do not|not|[Nn]o|never)\s")),
    Operator("rejection removed", replaced(r"\b(?:instead of|rather than)\b", "or")),
    Operator("rejection word removed", swapped(_REJECTIONS)),
    Operator("negation made", negation_made),
    Operator("limit reversed", swapped(_LIMITS, after=_BEFORE_LIMIT)),
    Operator("lower limit reversed", replaced(r"(?<=kg) or more\b", " or less")),
    Operator("limit made a dose", replaced(
        r"(?i:\b(?:maximum|up to|at most|below|not exceeding)\s)(?=\d)")),
    Operator("cap removed", removed(CAP)),
    Operator("duration changed", number_near(r"(?<=for )(?:up to )?", _DURATION)),
    Operator("duration unit changed", swapped(_UNITS_OF_TIME, _AFTER_AMOUNT, r"\b(?! of age)")),
    Operator("split time changed", number_near(
        r"(?<=over )", r"(?=\s(?:days|minutes|hours?|min|h)\b)")),
    Operator("split unit changed", swapped(
        {"minutes": "hours", "hour": "minute"}, r"(?:(?<=over 60 )|(?<=over 1 ))")),
    Operator("route changed", swapped(_ROUTES, after=r"\b(?! immuno)")),
    Operator("count changed", number_near("", _COUNT)),
    Operator("count word changed", swapped(
        _WORD_COUNTS, after=r"(?= (?:doses|double|single|consecutive))")),
    Operator("share changed", swapped({"half": "a quarter of", "three quarters": "half"})),
    Operator("schedule day changed", day_changed),
    Operator("amounts permuted", amounts_permuted),
    Operator("days permuted", days_permuted),
    Operator("population swapped", swapped(_PEOPLE)),
    Operator("pair swapped", pair_swapped),
    Operator("other number changed", number_near(r"(?<![\w.,–/-])", _REST)),
    Operator("threshold word changed", swapped(_THRESHOLDS, after=_BEFORE_THRESHOLD)),
    Operator("comparator reversed", swapped(_COMPARATORS, before="", after=r"(?=\s?\d)")),
    Operator("phase swapped", swapped(_PHASES)),
    Operator("lower threshold reversed", replaced(r"(?<=\d years) and over\b", " and under")),
    Operator("dose added", dose_added),
)  # fmt: skip
"""Every operator of one site; drugs are swapped with the table, citations by the runner."""


def mutants(text: str, table: DrugTable, uses: Uses = NO_USES) -> Iterator[Mutant]:
    """Every single mutation of a sentence, each text once, in a fixed order.

    ``uses``: the values by which a library tells one use of a drug from another.
    """
    seen = {text}
    for operator in OPERATORS:
        for start, end, other in operator.changes(text):
            mutant = text[:start] + other + text[end:]
            if mutant not in seen:
                seen.add(mutant)
                yield Mutant(operator.name, mutant)
    for mutant in _drugs_swapped(text, table):
        if mutant not in seen:
            seen.add(mutant)
            yield Mutant("drug swapped", mutant)
    for mutant in _uses_swapped(text, uses):
        if mutant not in seen:
            seen.add(mutant)
            yield Mutant(USE_SWAPPED, mutant)


def _uses_swapped(text: str, uses: Uses) -> Iterator[str]:
    """Each word for a group, disease, severity or condition by a word of another such value."""
    for values in uses.values():
        for at, words in enumerate(values):
            other = next((v for v in (*values[at + 1 :], *values[:at]) if v and v != words), None)
            if not words or other is None:
                continue
            names = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
            for match in re.finditer(rf"(?i:(?<![\w-])(?:{names})(?![\w-]))", text):
                yield text[: match.start()] + other[0] + text[match.end() :]


def _drugs_swapped(text: str, table: DrugTable) -> Iterator[str]:
    """Another drug at one place, at every place of a drug, and two drugs exchanged."""
    mentions = table.find(text)
    named = list(dict.fromkeys(m.drug_id for m in mentions))
    others = [d for d in sorted(table.drugs) if d not in named]
    for at, mention in enumerate(mentions):
        other = table.name_of(others[(at * 7 + len(text)) % len(others)])
        yield text[: mention.start] + other + text[mention.end :]
    for drug in named:
        yield _renamed(text, table, {drug: others[len(drug) % len(others)]})
    for one, other in combinations(named, 2):
        yield _renamed(text, table, {one: other, other: one})


def _renamed(text: str, table: DrugTable, names: Mapping[str, str]) -> str:
    out, at = [], 0
    for mention in table.find(text):
        if mention.drug_id in names:
            out += [text[at : mention.start], table.name_of(names[mention.drug_id])]
            at = mention.end
    return "".join([*out, text[at:]])
