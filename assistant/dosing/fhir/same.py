"""Does a text say the dose that a structure would say?"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from assistant.dosing.model import Dose, Frequency
from assistant.dosing.reader import parse
from assistant.dosing.units import canonical

_ONCE_DAILY = Frequency(1, 1, "d")
_SINGLE: Mapping[str, str] = {"dose": ""}


def says_the_same(text: str, dose: Dose) -> bool:
    """Whether one of the amounts that are read from the text is this dose, with its timing.

    Amount, basis, what it is per, role, comparator, frequency, route, duration, infusion time
    and number of doses must be those of the dose; a drug, where both name one, too.
    """
    return any(_same(read, dose) for read in parse(text).doses)


def _same(read: Dose, dose: Dose) -> bool:
    if read.drug and dose.drug and read.drug != dose.drug:
        return False
    return (
        _amount(read) == _amount(dose)
        and (read.role, read.cmp, read.cumulative) == (dose.role, dose.cmp, dose.cumulative)
        and set(read.routes) == set(dose.routes)
        and _when(read) == _when(dose)
        and read.duration == dose.duration
        and read.over == dose.over
        and read.count == dose.count
        and read.divided == dose.divided
    )


def _amount(dose: Dose) -> tuple[Fraction | None, Fraction | None, str, str]:
    ends = [None if e is None else canonical(e, dose.unit) for e in (dose.low, dose.high)]
    dimension = canonical(Fraction(1), dose.unit)[1]
    low, high = (None if end is None else end[0] for end in ends)
    return low, high, dimension, dose.basis


def _when(dose: Dose) -> tuple[str, Frequency | None]:
    """What the amount is per, and how often; "X a day", "X once daily" and both are one."""
    per = _SINGLE.get(dose.per, dose.per)
    if dose.freq == _ONCE_DAILY and per in {"", "d"}:
        return "once daily" if dose.divided is None else "d", None
    return per, dose.freq
