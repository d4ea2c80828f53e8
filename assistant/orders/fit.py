"""One dose of an order against one dose of the library: what differs, by name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from assistant.dosing import Bound, Detail, Dose, DoseRole, Frequency
from assistant.dosing.fields import match_doses
from assistant.dosing.lengths import inside_bound, same_bound
from assistant.dosing.rates import HOURS, compare_frequencies, inside, rates, say_frequency
from assistant.dosing.schedule import day_set
from assistant.dosing.units import canonical
from assistant.orders.amounts import RAW, Pair, own_key, raw, shared, slip
from assistant.orders.amounts import inside as amount_inside
from assistant.orders.library_doses import Entry
from assistant.orders.model import Problem, ProblemKind
from assistant.orders.words import (
    BASIS,
    amount_words,
    bound_words,
    dose_words,
    library_words,
    plan_words,
    routes_words,
    sentence,
    times_words,
)

_WEIGHTS = {
    ProblemKind.UNIT: 40,
    ProblemKind.BASIS: 30,
    ProblemKind.ABOVE: 14,
    ProblemKind.BELOW: 14,
    ProblemKind.THOUSAND_FOLD: 13,
    ProblemKind.TEN_FOLD: 12,
    ProblemKind.PER: 8,
    ProblemKind.ROUTE: 11,
    ProblemKind.ROLE: 10,
    ProblemKind.FREQUENCY: 9,
    ProblemKind.POPULATION: 5,
}
_AMOUNT = frozenset(
    {
        ProblemKind.UNIT,
        ProblemKind.BASIS,
        ProblemKind.ABOVE,
        ProblemKind.BELOW,
        ProblemKind.TEN_FOLD,
        ProblemKind.THOUSAND_FOLD,
        ProblemKind.PER,
    }
)
SLIPS = frozenset({ProblemKind.TEN_FOLD, ProblemKind.THOUSAND_FOLD})
_INCOMPARABLE = 16  # a dose of a cycle is further off than twice the single dose
_TEN_FOLD = 10
_LEAST_SLIP = Fraction(1000)


@dataclass(frozen=True, slots=True)
class Fit:
    """How a dose of an order stands to one dose of the library.

    ``silent`` names the fields of the order of which this library dose says nothing;
    ``agreeing`` those that it gives in other words than the comparison of texts knows.
    """

    entry: Entry
    problems: tuple[Problem, ...]
    silent: tuple[str, ...] = ()
    agreeing: tuple[str, ...] = ()
    gap: int = 0  # doublings between the two amounts
    exact: bool = False  # a slip to the library's very amount, not only into its range
    same_digits: bool = False  # the numbers as written are the library's, whatever the unit

    @property
    def distance(self) -> int:
        """0 for the same dose; the nearest library dose has the least."""
        weighed = sum(_WEIGHTS.get(p.kind, 4) for p in self.problems)
        return 2 * weighed + self.gap + len(self.silent)

    @property
    def kinds(self) -> frozenset[ProblemKind]:
        """What differs."""
        return frozenset(p.kind for p in self.problems)

    @property
    def amount_agrees(self) -> bool:
        """Whether the amount and its basis are those of the library."""
        return not self.kinds & _AMOUNT


def fit(order: Dose, entry: Entry) -> Fit:
    """Name every difference between a dose of an order and a dose of the library."""
    amount, gap = _amount(order, entry)
    exact = any(p.kind in SLIPS for p in amount) and _is_exact(order, entry.dose)
    digits = (order.low, order.high) == (entry.dose.low, entry.dose.high)
    problems = [*amount, *_metadata(order, entry)]
    silent: list[str] = []
    agreeing: list[str] = []
    for field, problem in (*_frequency(order, entry), *_timing(order, entry)):
        if problem is None:
            agreeing.append(field)
        elif isinstance(problem, str):
            silent.append(field)
        else:
            problems.append(problem)
    return Fit(entry, tuple(problems), tuple(silent), tuple(agreeing), gap, exact, digits)


def _problem(kind: ProblemKind, text: str, entry: Entry) -> Problem:
    return Problem(kind, sentence(text), entry.passage.id)


# ---------------------------------------------------------------------------- amount


def _amount(order: Dose, entry: Entry) -> tuple[list[Problem], int]:
    dose = entry.dose
    mine, theirs = raw(order), raw(dose)
    if mine is None or theirs is None:
        return [_problem(ProblemKind.UNREADABLE, "The amount could not be read", entry)], 20
    said, gives = dose_words(order), f"the library gives {library_words(entry)}"
    if canonical(Fraction(1), order.unit)[1] != canonical(Fraction(1), dose.unit)[1]:
        text = f"The unit can't be converted: {said}; {gives}"
        return [_problem(ProblemKind.UNIT, text, entry)], 0
    digits = (order.low, order.high, order.unit) == (dose.low, dose.high, dose.unit)
    if order.basis != dose.basis:
        was = "the amount is " if not order.basis else ""
        text = f"{was}{BASIS[order.basis]} instead of {BASIS[dose.basis]}: {gives}"
        return [_problem(ProblemKind.BASIS, text, entry)], 0 if digits else 8
    if _is_single(order) and dose.cumulative and not (entry.up_to and not _repeats(order)):
        text = f"{said} is written as one dose; as a total {gives}"
        gap = _INCOMPARABLE + _doublings(mine[1], theirs[1])
        return [_problem(ProblemKind.PER, text, entry)], gap
    if entry.up_to and _below(order, entry):
        return [], 1
    ways = shared(order, dose)
    # As the library counts, where the order can be counted so: a daily dose by the day.
    counted = [way for way in ways if way[0] == own_key(dose)] or ways
    if any(amount_inside(a, b) for _, a, b in counted):
        return [], 0 if any(a == b for _, a, b in counted) else 1
    keys = {own_key(order), own_key(dose)}
    if len(keys) == 2 and RAW not in keys and amount_inside(mine, theirs):
        gap = 0 if ways else _INCOMPARABLE
        return [_problem(ProblemKind.PER, _per_words(order, entry), entry)], gap
    if not ways:
        gap = _INCOMPARABLE + min(_doublings(mine[1], theirs[1]), 8)
        return [_problem(ProblemKind.PER, _per_words(order, entry), entry)], gap
    way = ways[0]
    return _apart(order, entry, way[1], way[2]), min(_doublings(way[1][1], way[2][1]), 8)


def _is_single(order: Dose) -> bool:
    return not order.cumulative and order.role is not DoseRole.CUMULATIVE_LIMIT


def _repeats(order: Dose) -> bool:
    """Whether the order gives its amount more than once, or for each day."""
    once = order.count is not None and order.count.high == 1
    return bool(order.freq or order.per or order.duration or (order.count and not once))


def _below(order: Dose, entry: Entry) -> bool:
    """Below an "up to", but by less than ten times: so little is no use of that dose."""
    return any(
        mine[1] <= most[1] < mine[0] * _TEN_FOLD for _, mine, most in shared(order, entry.dose)
    )


def _apart(order: Dose, entry: Entry, mine: Pair, theirs: Pair) -> list[Problem]:
    gives = library_words(entry)
    found = []
    factor = slip(mine, theirs)
    if factor is not None:
        exact = mine[0] == theirs[0] * factor or mine[1] == theirs[1] * factor
        inner = "" if exact else "a dose inside "
        text = f"{times_words(factor)} {inner}the library's {gives}"
        kind = ProblemKind.TEN_FOLD
        if max(factor, 1 / factor) >= _LEAST_SLIP:
            kind = ProblemKind.THOUSAND_FOLD
            text += f": check the unit of {dose_words(order)}"
        found.append(_problem(kind, text, entry))
    if factor is None or theirs[0] != theirs[1]:
        where, kind = ("above", ProblemKind.ABOVE)
        if mine[1] <= theirs[1]:
            where, kind = ("below", ProblemKind.BELOW)
        found.append(_problem(kind, f"{dose_words(order)} is {where} the library's {gives}", entry))
    return found


def _is_exact(order: Dose, dose: Dose) -> bool:
    for _, mine, theirs in shared(order, dose):
        factor = slip(mine, theirs)
        if factor is not None:
            return mine[0] == theirs[0] * factor or mine[1] == theirs[1] * factor
    return False


def _per_words(order: Dose, entry: Entry) -> str:
    dose = entry.dose
    for key, mine, theirs in shared(order, dose):
        totals = [amount_words(p, order.unit, order.basis, key) for p in (mine, theirs)]
        return f"{totals[0]}, where the library's {library_words(entry)} makes {totals[1]}"
    return (
        f"{dose_words(order)} counts otherwise than the library's {library_words(entry)}: say "
        "whether it is for each dose or for the day"
    )


def _doublings(mine: Fraction, theirs: Fraction) -> int:
    if not mine or not theirs:
        return 8
    ratio = mine / theirs
    return abs(ratio.numerator.bit_length() - ratio.denominator.bit_length())


# ---------------------------------------------------------------------------- the rest

_Timing = tuple[str, Problem | str | None]


def _frequency(order: Dose, entry: Entry) -> Iterator[_Timing]:
    dose = entry.dose
    if order.freq is None or _shares_day(order, entry):
        return
    offered = [f for f in (dose.freq, *dose.phases) if f]
    if not offered and dose.per == "d" and own_key(order) != "d":
        return  # single doses were compared with the daily amount by their sum
    if not offered and dose.per == "d":
        offered = [Frequency(1, 1, "d")]
    if not offered:
        yield "freq", "silent"
        return
    given = order.freq
    if any(compare_frequencies(given, f) != "different" or inside(given, f) for f in offered):
        return
    text = (
        f"{say_frequency(given)} instead of {say_frequency(offered[0])}: "
        f"the library gives {library_words(entry)}"
    )
    yield "freq", _problem(ProblemKind.FREQUENCY, text, entry)


def _shares_day(order: Dose, entry: Entry) -> bool:
    """A daily amount that the source divides may be given in any parts."""
    return entry.dose.per == "d" and entry.dose.divided is not None and order.freq is not None


def _metadata(order: Dose, entry: Entry) -> Iterator[Problem]:
    """Population and role, as the comparison of texts sees them."""
    kinds = {Detail.POPULATION: ProblemKind.POPULATION, Detail.ROLE: ProblemKind.ROLE}
    for difference in match_doses(order, entry.dose).differences:
        if difference.detail in kinds:
            text = difference.why.replace("The source", "The library").replace(
                "the text", "the order"
            )
            yield _problem(kinds[difference.detail], text, entry)


def _timing(order: Dose, entry: Entry) -> Iterator[_Timing]:
    """Each further field of the order: a problem, "silent", or None where it agrees."""
    dose = entry.dose
    gives = f"the library gives {library_words(entry)}"
    if order.routes and not set(order.routes) <= set(dose.routes):
        if dose.routes:
            text = f"{routes_words(order.routes)} instead of {routes_words(dose.routes)}: {gives}"
            yield "routes", _problem(ProblemKind.ROUTE, text, entry)
        else:
            yield "routes", "silent"
    bounds = (
        ("duration", ProblemKind.DURATION, order.duration, _durations(dose)),
        ("count", ProblemKind.COUNT, order.count, _counts(dose)),
        ("over", ProblemKind.INFUSION_TIME, order.over, [b for b in (dose.over,) if b]),
    )
    for field, kind, mine, theirs in bounds:
        if mine is None or (mine.low is None and mine.high is None):
            continue
        if not theirs:
            yield field, "silent"
        elif any(same_bound(mine, b) or inside_bound(mine, b) or _under(mine, b) for b in theirs):
            yield field, None
        else:
            text = f"{_said(field, mine)} instead of {_said(field, theirs[0])}: {gives}"
            yield field, _problem(kind, text, entry)
    for field, days, given in (
        ("days", order.days, dose.days),
        ("weeks", order.weeks, dose.weeks),
    ):
        if not days:
            continue
        if not given:
            yield field, "silent"
        elif _plan_inside(days, given):
            yield field, None
        else:
            unit = field[:-1]
            text = f"{plan_words(unit, days)} instead of {plan_words(unit, given)}: {gives}"
            yield field, _problem(ProblemKind.SCHEDULE, text, entry)


def _said(field: str, bound: Bound) -> str:
    words = {"duration": "for {}", "count": "{} doses", "over": "over {}"}[field]
    return words.format(bound_words(bound))


def _under(mine: Bound, theirs: Bound) -> bool:
    """Inside "up to 4": the source gives no lower end."""
    if theirs.low is not None or theirs.high is None or mine.high is None:
        return False
    if (mine.unit == "") != (theirs.unit == ""):
        return False
    ours, other = (HOURS.get(b.unit, Fraction(1)) for b in (mine, theirs))
    return mine.high * ours <= theirs.high * other


def _plan_inside(mine: str, theirs: str) -> bool:
    """The same days or weeks, or some of those that the library names: "3-4" of "3-8"."""
    ours, other = day_set(mine), day_set(theirs)
    if isinstance(ours, str) or isinstance(other, str):
        if isinstance(ours, str) or not theirs.endswith("-") or not theirs[:-1].isdigit():
            return mine == theirs
        return min(ours) >= int(theirs[:-1])
    return ours <= other


def _durations(dose: Dose) -> list[Bound]:
    """How long the library gives it: as said, or by its plan ("weeks 3-8" are six weeks)."""
    found = [b for b in (dose.duration,) if b]
    for plan, unit in ((dose.weeks, "wk"), (dose.days, "d")):
        named = day_set(plan) if plan else ""
        if named and not isinstance(named, str):
            days = sorted(named)
            if days[-1] - days[0] == len(days) - 1:
                length = Fraction(len(days))
                found.append(Bound(length, length, unit))
    return found


def _counts(dose: Dose) -> list[Bound]:
    """How many doses the library gives: as said, or its frequency over its whole length."""
    found = [b for b in (dose.count,) if b]
    if dose.freq is None or dose.phases:
        return found
    for length in _durations(dose):
        pace = rates(dose.freq, length.unit) if length.unit in {"d", "wk"} else None
        if pace and pace[0] == pace[1] and length.low and length.high:
            found.append(Bound(length.low * pace[0], length.high * pace[0], ""))
    return found
