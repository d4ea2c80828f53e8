"""One dose of a text against one dose of its source, field by field."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from assistant.dosing.lengths import inside_bound, same_bound, say_bound
from assistant.dosing.model import Bound, Dose, DoseRole, Frequency
from assistant.dosing.rates import (
    HOURS,
    compare_frequencies,
    inside,
    rates,
    say_frequency,
)
from assistant.dosing.schedule import day_set
from assistant.dosing.units import canonical
from assistant.dosing.verdict import Detail


@dataclass(frozen=True, slots=True)
class Difference:
    """One field in which two doses differ, in a plain sentence; a higher weight is worse."""

    detail: Detail
    why: str
    weight: int


@dataclass(frozen=True, slots=True)
class Match:
    """How well a claim's dose fits one dose of the source."""

    source: Dose
    differences: tuple[Difference, ...]
    within: bool = False
    less: str = ""  # what a required companion is missing
    note: str = ""

    @property
    def distance(self) -> int:
        """0 is equal; used to find the nearest dose of the source."""
        return sum(d.weight for d in self.differences)


def match_doses(claim: Dose, source: Dose) -> Match:
    """Compare every field that the claim states."""
    differences: list[Difference] = []
    notes: list[str] = []
    less = ""
    within = False
    if claim.drug != source.drug:
        why = f"The source gives {source.text} for {_name(source)}, not for {_name(claim)}."
        differences.append(Difference(Detail.DRUG, why, 64))
    amount = _amount(claim, source, notes)
    if isinstance(amount, Difference):
        differences.append(amount)
    else:
        within = amount
    role = _role(claim, source)
    if role:
        differences.append(role)
    schedule = _frequency(claim, source, notes)
    if isinstance(schedule, Difference):
        differences.append(schedule)
    within = within or schedule is True
    if _per_missing(claim, source):
        if source.per == "dose" and claim.role.is_limit:
            pass
        elif source.per == "dose":
            less = f"The source gives this amount per dose: {source.text}."
        else:
            what = _PER_WORDS[source.per]
            why = f"The source gives {source.text}, that is {what}; the text leaves that out."
            alike = claim.duration is not None and claim.duration == source.duration
            differences.append(Difference(Detail.SCHEDULE, why, 3 if alike else 8))
    timing, inside = _timing(claim, source)
    differences += timing
    within = within or inside
    if source.cumulative and not claim.cumulative and (claim.freq or claim.per or claim.count):
        why = f"The source gives {source.text} as a total, not for each dose."
        differences.append(Difference(Detail.SCHEDULE, why, 16))
    split = source.over is not None and amount is False
    if claim.cumulative and not source.cumulative and not split:
        why = f"The text gives a total; the source gives {source.text} as a single amount."
        differences.append(Difference(Detail.SCHEDULE, why, 7))
    if claim.routes and not set(claim.routes) <= set(source.routes):
        said = "/".join(source.routes) or "no route"
        why = f"The text says {'/'.join(claim.routes)}; the source says {said} for this dose."
        differences.append(Difference(Detail.ROUTE, why, 11))
    if claim.population and source.population and claim.population != source.population:
        why = f"The source gives this dose for {_group(source)}, the text for {_group(claim)}."
        differences.append(Difference(Detail.POPULATION, why, 5))
    elif claim.population and not source.population and not fits_ages(claim.population, source):
        groups = " and ".join(_GROUPS.get(g, g) for g in source.inherited)
        why = f"The source speaks of {groups}, the text of {_group(claim)}."
        differences.append(Difference(Detail.POPULATION, why, 5))
    if within and amount is False:
        notes.append("Its timing lies inside the range of the source.")
    return Match(source, tuple(differences), within, less, " ".join(notes))


_PER_WORDS = {
    "d": "per day",
    "wk": "per week",
    "h": "per hour",
    "min": "per minute",
    "mo": "per month",
    "dose": "per dose",
    "cycle": "per cycle",
    "course": "per course",
}
_GROUPS = {
    "child": "children",
    "adult": "adults",
    "infant": "infants",
    "elderly": "older people",
    "pregnancy": "pregnancy",
    "renal_impairment": "renal impairment",
    "hepatic_impairment": "hepatic impairment",
}


_AGES = frozenset({"adult", "elderly", "child", "infant"})


def fits_ages(population: str, source: Dose) -> bool:
    """Whether a group of patients is among those that the heading of a dose names.

    A group that is no age group fits any heading, and any group one without ages.
    """
    ages = _AGES & set(source.inherited)
    if not ages or population not in _AGES:
        return True
    return population in ages or (population == "elderly" and "adult" in ages)


def _group(dose: Dose) -> str:
    return _GROUPS.get(dose.population, dose.population)


def _name(dose: Dose) -> str:
    return dose.drug_name or "an unnamed drug"


# ---------------------------------------------------------------------------- amount


def _amount(claim: Dose, source: Dose, notes: list[str]) -> bool | Difference:
    """Whether the claim lies inside the source's range, or how the amounts differ."""
    if claim.low is None or claim.high is None or source.low is None or source.high is None:
        return Difference(Detail.NUMBER, "The amount could not be read.", 100)
    c_low, dimension = canonical(claim.low, claim.unit)
    c_high, _ = canonical(claim.high, claim.unit)
    s_low, other = canonical(source.low, source.unit)
    s_high, _ = canonical(source.high, source.unit)
    if dimension != other:
        why = f"The unit differs: the source says {source.text}."
        return Difference(Detail.UNIT, why, 40)
    if claim.basis != source.basis:
        said = {"kg": "per kg", "m2": "per m²", "": "as a fixed amount"}[source.basis]
        why = f"The basis differs: the source gives {source.text}, {said}."
        return Difference(Detail.BASIS, why, 30)
    factors = _daily_factors(claim, source)
    if factors is None:
        why = (
            f"The source gives {source.text}{_each(source)}; "
            f"the text gives {claim.text}{_each(claim)}."
        )
        apart = (c_low, c_high) != (s_low, s_high)
        return Difference(Detail.SCHEDULE, why, 26 if apart else 12)
    (cl, ch), (sl, sh) = factors
    converted = any(factor != 1 for factor in (cl, ch, sl, sh))
    if converted:
        notes.append(f"The same daily total as {source.text}{_each(source)}.")
    c_low, c_high, s_low, s_high = c_low * cl, c_high * ch, s_low * sl, s_high * sh
    if (c_low, c_high) == (s_low, s_high):
        return False
    if s_low <= c_low and c_high <= s_high and c_low <= c_high and not converted:
        return True
    return _value_difference(claim, source, (c_low, c_high), (s_low, s_high))


def _value_difference(
    claim: Dose, source: Dose, mine: tuple[Fraction, Fraction], theirs: tuple[Fraction, Fraction]
) -> Difference:
    pairs = [(m, t) for m in set(mine) for t in set(theirs) if t]
    ratios = {m / t for m, t in pairs}
    same_digits = (claim.low, claim.high) == (source.low, source.high)
    if same_digits and claim.unit != source.unit:
        why = f"The unit differs: the source says {source.text}, the text {claim.text}."
        return Difference(Detail.UNIT, why, 25)
    for ratio, words in _SLIPS:
        whole = mine[0] == theirs[0] * ratio and mine[1] == theirs[1] * ratio
        if whole or (mine[0] == mine[1] and ratio in ratios):
            why = f"This is {words} the amount in the source, which says {source.text}."
            return Difference(Detail.VALUE, why, 13)
    where = "above" if mine[1] > theirs[1] else "below" if mine[0] < theirs[0] else "unlike"
    why = f"The amount is {where} the source, which says {source.text}."
    gap = abs(_log2(mine[1]) - _log2(theirs[1]))
    return Difference(Detail.VALUE, why, 14 + min(gap, 6))


_SLIPS = (
    (Fraction(10), "ten times"),
    (Fraction(1, 10), "a tenth of"),
    (Fraction(100), "a hundred times"),
    (Fraction(1, 100), "a hundredth of"),
    (Fraction(1000), "a thousand times"),
    (Fraction(1, 1000), "a thousandth of"),
)


def _log2(value: Fraction) -> int:
    return value.numerator.bit_length() - value.denominator.bit_length() if value > 0 else -50


def _each(dose: Dose) -> str:
    if dose.freq and not dose.per:
        return f" {say_frequency(dose.freq)}"
    return ""


def _unit_of_amount(dose: Dose) -> str:
    """What an amount is for: "d" or "wk" for a total, "dose" for each of several, "" unknown."""
    if dose.per:
        return dose.per
    return "dose" if dose.freq else ""


def _daily_factors(
    claim: Dose, source: Dose
) -> tuple[tuple[Fraction, Fraction], tuple[Fraction, Fraction]] | None:
    """Factors that make the two amounts comparable; None when they can't be compared."""
    one = (Fraction(1), Fraction(1))
    mine, theirs = _unit_of_amount(claim), _unit_of_amount(source)
    if mine == theirs or not mine or {mine, theirs} == {"", "dose"}:
        return one, one
    for total, each, flip in ((claim, source, False), (source, claim, True)):
        if total.per not in {"d", "wk", "h", "mo"} or _unit_of_amount(each) not in {"dose", ""}:
            continue
        if each.freq is None:
            return None
        pace = rates(each.freq, total.per)
        if pace is None or pace[0] != pace[1]:
            return None
        if total.freq and each.freq and compare_frequencies(total.freq, each.freq) == "different":
            return None
        return (pace, one) if flip else (one, pace)
    return None


def _per_missing(claim: Dose, source: Dose) -> bool:
    """The source gives the amount per day (or dose, week ...); the claim says nothing of it."""
    if not source.per or claim.per or claim.role.is_limit != source.role.is_limit:
        return False
    return claim.freq is None


def _frequency(claim: Dose, source: Dose, notes: list[str]) -> Difference | bool:
    """How the frequencies differ; True when the claim lies inside a range of the source."""
    within = False
    stated = [claim.freq] if claim.freq else []
    offered = [f for f in (source.freq, *source.phases) if f]
    if source.per in HOURS and source.freq is None:
        offered.append(Frequency(1, 1, source.per))
    at = 0  # phases follow each other in the order of the source
    for freq in (*stated, *claim.phases):
        rest = offered[at:]
        relations = [compare_frequencies(freq, other) for other in rest]
        if "same" in relations:
            at += relations.index("same") + bool(claim.phases)
            continue
        if "noted" in relations:
            notes.append(
                f"As often as the source says: {say_frequency(rest[relations.index('noted')])}."
            )
            continue
        if any(inside(freq, other) for other in rest):
            within = True
            continue
        if source.freq is None and source.per == "d" and _by_sum(claim, source):
            continue
        if not offered:
            why = f"The source gives no such frequency for this dose: {say_frequency(freq)}."
        else:
            why = (
                f"The text says {say_frequency(freq)}; the source says {say_frequency(offered[0])}."
            )
        return Difference(Detail.SCHEDULE, why, 9)
    return within


def _by_sum(claim: Dose, source: Dose) -> bool:
    """Single doses that add up to the source's daily amount, or a daily amount in parts."""
    if claim.per in {"", "dose"}:
        factors = _daily_factors(claim, source)
        if factors is None or claim.low is None or source.low is None:
            return False
        mine = canonical(claim.low, claim.unit)[0] * factors[0][0]
        return mine == canonical(source.low, source.unit)[0]
    parts = source.divided
    n = claim.freq.n if claim.freq else 1
    return parts is not None and (parts.low is None or parts.low == n)


# ---------------------------------------------------------------------------- the rest


def _role(claim: Dose, source: Dose) -> Difference | None:
    if claim.role is source.role and _direction(claim) == _direction(source):
        return None
    words = {
        DoseRole.STATED: "as a dose",
        DoseRole.REJECTED: "as a dose not to give",
        DoseRole.PREVIOUS: "as an earlier dose",
        DoseRole.MAXIMUM: "as a maximum",
        DoseRole.MINIMUM: "as a minimum",
        DoseRole.CUMULATIVE_LIMIT: "as a limit of the cumulative dose",
        DoseRole.RELATIVE: "as a share of the dose",
    }
    why = f"The source gives {source.text} {words[source.role]}, the text {words[claim.role]}."
    return Difference(Detail.ROLE, why, 10)


def _direction(dose: Dose) -> str:
    return dose.cmp[:1]


def _timing(claim: Dose, source: Dose) -> tuple[list[Difference], bool]:
    """The times that differ, and whether one lies inside a range of the source."""
    found: list[Difference] = []
    within = False
    pairs: tuple[tuple[str, Bound | None, Bound | None], ...] = (
        ("duration", claim.duration, source.duration),
        ("infusion or split time", claim.over, source.over),
        ("number of doses", claim.count, source.count),
        ("number of units in a dose", claim.units_per_dose, source.units_per_dose),
        ("number of divided doses", claim.divided, source.divided),
    )
    for name, mine, theirs in pairs:
        if mine is None or (mine.low is None and mine.high is None) or same_bound(mine, theirs):
            continue
        once = name == "number of doses" and mine.low == mine.high == 1
        if once and theirs is None and source.freq is None:
            continue  # "once": the source speaks of one dose anyway
        if theirs is not None and inside_bound(mine, theirs):
            within = True
            continue
        if name == "infusion or split time" and same_bound(mine, source.duration):
            continue
        if name == "number of divided doses" and _divided_by_frequency(mine, source):
            continue
        said = "none" if theirs is None else say_bound(theirs)
        why = f"The {name} differs: the text says {say_bound(mine)}, the source {said}."
        found.append(Difference(Detail.SCHEDULE, why, 4))
    for name, days, other in (
        ("days", claim.days, source.days),
        ("weeks", claim.weeks, source.weeks),
    ):
        if days and (not other or day_set(days) != day_set(other)):
            said = other or "none"
            why = f"The {name} differ: the text says {days}, the source {said} for this dose."
            found.append(Difference(Detail.SCHEDULE, why, 4))
    return found, within


def _divided_by_frequency(mine: Bound, source: Dose) -> bool:
    freq = source.freq
    return freq is not None and freq.unit == "d" and freq.period == 1 and mine.low == freq.n
