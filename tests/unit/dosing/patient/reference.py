"""A patient's dose once more, written from section 10 of the dosing specification alone.

Nothing of the calculators or of the patient package is used: integers instead of decimal roots,
fractions instead of rounded steps, and a *set* of refusals instead of the first one, because the
document gives no order among them.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import assistant.dosing.calculators
from assistant.dosing.table.model import Action, Adjustment, Amount, DoseKind, Rule, RuleKind
from corpus.model import Verification

BANDS = tomllib.loads(
    (Path(assistant.dosing.calculators.__file__).parent / "weight_band.toml").read_text("utf-8")
)["band"]
MILLIGRAMS = {
    "kg": Fraction(10**6),
    "g": Fraction(1000),
    "mg": Fraction(1),
    "ug": Fraction(1, 1000),
    "ng": Fraction(1, 10**6),
}
HOURS = {"min": Fraction(1, 60), "h": Fraction(1), "d": Fraction(24), "wk": Fraction(168)}
AGES = {
    "infant": (Fraction(0), Fraction(1)),
    "child": (Fraction(0), Fraction(18)),
    "adult": (Fraction(18), None),
}
AGES["elderly"] = (Fraction(65), None)


@dataclass(frozen=True)
class Person:
    """A patient in plain numbers: years, cm, kg, mg/dL, mL/min, mg/m2; ages of values in days."""

    years: Fraction
    male: bool
    cm: Fraction | None
    kg: Fraction
    creatinine: Fraction | None = None
    clearance: Fraction | None = None
    indexed: Fraction | None = None
    before: Fraction | None = None
    weighed: int = 0
    tested: int = 0
    unstable: bool = False


@dataclass(frozen=True)
class Expected:
    """Every refusal that the document names, or the dose with its total."""

    codes: frozenset[str]
    low: Fraction | None = None
    high: Fraction | None = None
    total: Fraction | None = None


def nearest(value: Fraction, step: Fraction) -> Fraction:
    """Half away from zero, of values that are not negative."""
    return math.floor(value / step + Fraction(1, 2)) * step


def mosteller(person: Person) -> Fraction:
    """To 0.01 m2: the n with (n - 1/2)^2 <= 10,000 h w / 3600 < (n + 1/2)^2."""
    assert person.cm is not None
    square = person.cm * person.kg * 10_000 / 3600
    n = math.isqrt(math.floor(square))
    return Fraction(n + 1 if Fraction(2 * n + 1, 2) ** 2 <= square else n, 100)


def surface_is_plausible(person: Person) -> bool:
    assert person.cm is not None
    square = person.cm * person.kg / 3600
    return Fraction(1, 100) <= square <= Fraction(49, 4)


def holds(band: Adjustment, value: Fraction) -> bool:
    if band.low is not None and (value < band.low or (value == band.low and band.low_open)):
        return False
    end = band.high
    return end is None or value < end or (value == end and band.high_closed)


def clearances(person: Person) -> list[Fraction]:
    """Cockcroft–Gault with actual, ideal and adjusted weight."""
    assert person.creatinine is not None
    assert person.cm is not None
    weights = [person.kg]
    if person.cm >= Fraction(1524, 10):
        ideal = (Fraction(50) if person.male else Fraction(91, 2)) + Fraction(23, 10) * (
            person.cm * 50 / 127 - 60
        )
        weights += [ideal, Fraction(2, 5) * person.kg + Fraction(3, 5) * ideal]
    factor = Fraction(1) if person.male else Fraction(17, 20)
    return [
        factor * (140 - math.floor(person.years)) * kg / (72 * person.creatinine) for kg in weights
    ]


def expected(rule: Rule, person: Person) -> Expected:
    """What the document says of one rule and one person, as a draft that may be used."""
    found = refusals_of_the_rule(rule) | refusals_of_the_body(person)
    if rule.dose is None or rule.calculate is None or rule.kind is not RuleKind.DOSE:
        return Expected(frozenset(found))
    found |= refusals_of_the_context(rule, person)
    kidney = [
        band
        for band in rule.adjust
        if band.variable == "creatinine_clearance"
        and band.verification is not Verification.BACKGROUND
    ]
    needs_weight = bool(rule.dose.basis) or weight_counts(rule)
    if rule.dose.basis == "m2" and person.cm is None:
        found.add("MISSING")
    bilirubin = [b for b in rule.adjust if b.variable == "bilirubin"]
    if bilirubin:
        found.add("MISSING")  # no person here has one
    factor, interval = Fraction(1), None
    if kidney:
        value, codes = kidney_value(person, kidney)
        found |= codes
        needs_weight = needs_weight or person.clearance is None
        if person.tested > 7:
            found.add("STALE")
        if person.unstable:
            found.add("UNSTABLE")
        if value is not None:
            band = next((b for b in kidney if holds(b, value)), None)
            lowest = all(b.low is not None and value <= b.low for b in kidney)
            if band is None and lowest:
                found.add("CONTEXT")
            if band is not None and band.action is Action.REFUSE:
                found.add("CONTEXT")
            if band is not None and band.action is Action.MULTIPLY:
                assert band.factor is not None
                factor = band.factor
            if band is not None and band.action is Action.INTERVAL:
                interval = band.interval
    if needs_weight and person.weighed > 30:
        found.add("STALE")
    if person.unstable and any(
        band.when in {"acute kidney injury", "kidney impairment", "kidney failure"}
        and band.action is Action.REFUSE
        and band.verification is not Verification.BACKGROUND
        for band in rule.adjust
    ):
        found.add("CONTEXT")
    if rule.dose.basis == "m2" and person.cm is None:
        return Expected(frozenset(found))
    size = {"": Fraction(1), "kg": person.kg}.get(rule.dose.basis) or mosteller(person)
    high = rule.dose.high * size * factor
    low = None if rule.dose.low is None else rule.dose.low * size * factor
    if rule.dose.hard_max is not None and high > rule.dose.hard_max * size:
        found.add("LIMIT")
    rate = most_a_day(rule, interval)
    most = maxima(rule, size, rate)
    high = min([high, *most])
    low = None if low is None else min([low, *most])
    low, high = rounded(rule, low, high, most)
    total, codes = total_of(rule, person, rule.dose.high * factor)
    return Expected(frozenset(found | codes), low, high, total)


def weight_counts(rule: Rule) -> bool:
    population = rule.context.population
    return population.weight_min is not None or population.weight_below is not None


def refusals_of_the_rule(rule: Rule) -> set[str]:
    found = set()
    if rule.kind is RuleKind.GAP or rule.dose is None or rule.calculate is None:
        found.add("NO_DOSE")
    if rule.kind is RuleKind.FORBIDDEN:
        found.add("LIMIT")
    if rule.kind is RuleKind.WARNING:
        found.add("CONTEXT")
    if rule.verification is Verification.BACKGROUND:
        found.add("BACKGROUND")
    if rule.conflicts_with:
        found.add("CONFLICT")
    schedule = rule.schedule
    if schedule.frequency_required and len(schedule.frequencies) != 1 and not schedule.days:
        found.add("MISSING")
    return found


def refusals_of_the_body(person: Person) -> set[str]:
    found = set()
    if not Fraction(4, 10) <= person.kg <= 350:
        found.add("IMPLAUSIBLE")
    if person.creatinine is not None and not 5 <= person.creatinine * Fraction(884, 10) <= 3000:
        found.add("IMPLAUSIBLE")
    band = next((b for b in BANDS if person.years < Fraction(b["below"])), None)
    if band is not None and not Fraction(band["low"]) <= person.kg <= Fraction(band["high"]):
        found.add("AGE_WEIGHT")
    if person.cm is not None:
        index = person.kg * 10_000 / person.cm**2
        if person.years > 2 and not 10 <= index <= 80:
            found.add("IMPLAUSIBLE")
        if not surface_is_plausible(person):
            found.add("IMPLAUSIBLE")
    return found


def refusals_of_the_context(rule: Rule, person: Person) -> set[str]:
    population = rule.context.population
    groups = [AGES[group] for group in population.groups if group in AGES] or [(None, None)]
    fits = False
    for from_word, below_word in groups:
        low = from_word if population.age_min is None else population.age_min
        below = below_word if population.age_below is None else population.age_below
        old = low is None or person.years >= low
        fits = fits or (old and (below is None or person.years < below))
    heavy = population.weight_min is None or person.kg >= population.weight_min
    light = population.weight_below is None or person.kg < population.weight_below
    return set() if fits and heavy and light else {"CONTEXT"}


def kidney_value(person: Person, bands: list[Adjustment]) -> tuple[Fraction | None, set[str]]:
    if person.clearance is not None:
        return person.clearance, set()
    if person.indexed is not None:
        if person.cm is None:
            return None, {"INDEXED_GFR"}
        return person.indexed * mosteller(person) / Fraction(173, 100), set()
    if person.years < 18:
        return None, {"CHILD_CLEARANCE"}
    if person.creatinine is None or person.cm is None:
        return None, {"MISSING"}
    values = clearances(person)
    where = {next((n for n, b in enumerate(bands) if holds(b, v)), None) for v in values}
    return values[0], {"CONFLICT"} if len(where) > 1 else set()


def most_a_day(rule: Rule, interval: object) -> Fraction:
    """The most doses that can fall on one day; at least one."""
    frequencies = rule.schedule.frequencies if interval is None else (interval,)
    found = [Fraction(1)]
    for freq in frequencies:
        n, period = freq.n_max or freq.n, freq.period  # type: ignore[attr-defined]
        hours = HOURS.get(freq.unit)  # type: ignore[attr-defined]
        if hours is not None:
            found.append(Fraction(math.ceil(Fraction(n) * 24 / (hours * period))))
    return max(found)


def maxima(rule: Rule, size: Fraction, rate: Fraction) -> list[Fraction]:
    """Every maximum, in the unit of the dose and as the dose is counted."""
    assert rule.dose is not None
    assert rule.calculate is not None
    found = []

    def amount(cap: Amount) -> Fraction:
        assert rule.dose is not None
        value = cap.value * MILLIGRAMS[cap.unit] / MILLIGRAMS[rule.dose.unit]
        return value * size if cap.basis else value

    if rule.dose.hard_max is not None:
        found.append(rule.dose.hard_max * size)
    if rule.calculate.max_single is not None:
        one = amount(rule.calculate.max_single)
        fewest = min(
            (math.floor(Fraction(f.n) * 24 / (HOURS[f.unit] * (f.period_max or f.period)))
             for f in rule.schedule.frequencies),
            default=1,
        )  # fmt: skip
        found.append(one * max(fewest, 1) if rule.dose.kind is DoseKind.PER_DAY else one)
    if rule.calculate.max_daily is not None:
        day = amount(rule.calculate.max_daily)
        found.append(day / rate if rule.dose.kind is DoseKind.PER_ADMINISTRATION else day)
    return found


def rounded(
    rule: Rule, low: Fraction | None, high: Fraction, most: list[Fraction]
) -> tuple[Fraction | None, Fraction]:
    """Both ends to the step, or neither; never above a maximum."""
    assert rule.dose is not None
    assert rule.calculate is not None
    given = rule.calculate.round_step
    if given is None:
        return low, high
    step = given.value * MILLIGRAMS[given.unit] / MILLIGRAMS[rule.dose.unit]

    def one(value: Fraction) -> Fraction:
        near = nearest(value, step)
        ceiling = min(most, default=near)
        return near if near <= ceiling else math.floor(ceiling / step) * step

    pairs = [(value, one(value)) for value in (low, high) if value is not None]
    allowed = min(rule.calculate.max_change_percent, Fraction(10)) / 100
    if any(abs(new - old) > allowed * old for old, new in pairs):
        return low, high
    return (None if low is None else pairs[0][1]), pairs[-1][1]


def total_of(rule: Rule, person: Person, per_size: Fraction) -> tuple[Fraction | None, set[str]]:
    """The total in the limit's unit after the doses that the rule plans, and what refuses it."""
    limit, schedule = rule.cumulative, rule.schedule
    if limit is None or limit.verification is Verification.BACKGROUND or rule.dose is None:
        return None, set()
    if limit.scope == "lifetime" and person.before is None:
        return None, {"CUMULATIVE_UNKNOWN"}
    scale = MILLIGRAMS[limit.unit]
    if person.before is not None and limit.basis != "m2":
        return None, {"CUMULATIVE_UNKNOWN"}  # it was given per m2 and can't be added
    before = (person.before or Fraction(0)) / scale
    one = per_size * MILLIGRAMS[rule.dose.unit] / scale
    count = 1
    if schedule.counts is not None and schedule.counts.high is not None:
        count = int(schedule.counts.high)
    elif schedule.duration is not None and schedule.duration.unit == "wk":
        count = int(schedule.duration.high or 1)  # of once a week, as every such rule here
    elif schedule.days:
        first, last = schedule.days.split("-")
        count = int(last) - int(first) + 1
    after = before + one * count
    beyond = limit.hard_max is not None and after > limit.hard_max
    return after, {"LIMIT"} if beyond else set()
