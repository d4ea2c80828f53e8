"""A dose stated twice in one sentence: does the arithmetic hold?

``0.25 mg/kg/dose BID, i.e. 0.5 mg/kg/day``; ``1.2 g/kg over 3 days (0.4 g/kg/day)``;
``75 mg/m2 = 129 mg`` where the sentence gives the body surface.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise

from assistant.dosing.model import Bound, Dose, DoseRole, Parsed
from assistant.dosing.rates import HOURS
from assistant.dosing.units import canonical

_LINK = re.compile(
    r"(?i:\s?[(,;]?\s?(?:=|i\.e\.,?|that\sis,?|equals|equivalent\sto|which\sis|is\sabout)\s?\(?"
    r"|\s\(\Z)"
)
_LONGEST = 45  # characters between two statements of one dose
_SURFACE = re.compile(r"(?<![\d.,/])(\d+(?:\.\d+)?)\s?m(?:²|2|\^2)(?![\w/])")
_WEIGHT = re.compile(r"(?<![\d.,/])(\d+(?:\.\d+)?)\s?kg(?![\w/])")
_ROUNDED = Fraction(1, 20)  # a dose worked out for a patient may be rounded by 5 %

Pair = tuple[Fraction, Fraction]


def contradictions(claim: Parsed) -> dict[int, str]:
    """The doses, by index, that the text itself contradicts, each with a plain sentence."""
    found: dict[int, str] = {}
    for i, (first, second) in enumerate(pairwise(claim.doses)):
        between = claim.text[first.end : second.start]
        if len(between) > _LONGEST or not _LINK.search(between) or first.drug != second.drug:
            continue
        if {first.role, second.role} != {DoseRole.STATED}:
            continue
        if any(_contradicts(claim, one, other) for one, other in _orders(first, second)):
            why = f"The text contradicts itself: {first.text} and {second.text}."
            found[i] = found[i + 1] = why
    return found


def _orders(first: Dose, second: Dose) -> Iterator[tuple[Dose, Dose]]:
    yield first, second
    if first.per == "d":
        yield second, first


def _contradicts(claim: Parsed, stated: Dose, gloss: Dose) -> bool:
    given = _amount(gloss)
    if given is None:
        return False
    if gloss.per == "d" and stated.basis == gloss.basis:
        expected = _daily(stated) or _share(stated, gloss)
        return expected is not None and not _rounds_to(expected, given)
    if stated.basis and not gloss.basis and gloss.per in {"", stated.per}:
        size = _only(_SURFACE if stated.basis == "m2" else _WEIGHT, claim.text)
        amount = _amount(stated)
        if size is None or amount is None:
            return False
        expected = amount[0] * size, amount[1] * size
        return any(
            abs(have - want) > want * _ROUNDED for have, want in zip(given, expected, strict=True)
        )
    return False


def _amount(dose: Dose) -> Pair | None:
    if dose.low is None or dose.high is None:
        return None
    return canonical(dose.low, dose.unit)[0], canonical(dose.high, dose.unit)[0]


def _daily(dose: Dose) -> Pair | None:
    """Single doses of a day added up, where their number is one number."""
    amount = _amount(dose)
    freq = dose.freq
    if (
        amount is None
        or freq is None
        or dose.per not in {"", "dose"}
        or freq.unit not in {"d", "h"}
    ):
        return None
    if freq.n_max or freq.period_max or not freq.period or dose.over is not None:
        return None
    times = Fraction(freq.n * 24) / (HOURS[freq.unit] * freq.period)
    return amount[0] * times, amount[1] * times


def _share(total: Dose, gloss: Dose) -> Pair | None:
    """A total split over days, by the day; ``0.4 g/kg/day for 3 days (1.2 g/kg)`` as well."""
    amount, span = _amount(total), _days(total.over) or _days(gloss.duration)
    if amount is None or span is None or total.per or total.freq:
        return None
    return amount[0] / span[1], amount[1] / span[0]


def _days(bound: Bound | None) -> Pair | None:
    if bound is None or bound.unit not in {"d", "wk"} or not bound.low or not bound.high:
        return None
    factor = HOURS[bound.unit] / 24
    return bound.low * factor, bound.high * factor


def _rounds_to(expected: Pair, given: Pair) -> bool:
    """Equal, or equal after rounding to two significant digits ("about 0.5-0.8")."""
    return all(
        abs(want - have) * 15 <= want for want, have in zip(expected, given, strict=True)
    ) and (expected == given or expected[0].denominator not in {1, 2, 4, 5, 8, 10, 20})


def _only(pattern: re.Pattern[str], text: str) -> Fraction | None:
    """The one size that a text gives; None without one, or with several."""
    sizes = {Fraction(match.group(1)) for match in pattern.finditer(text)}
    return next(iter(sizes)) if len(sizes) == 1 else None
