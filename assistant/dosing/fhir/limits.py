"""Where the limits of an imported dose belong in a rule."""

from __future__ import annotations

from fractions import Fraction

from assistant.dosing.fhir.read import ReadDosage
from assistant.dosing.model import Dose, DoseRole, decimal_text
from assistant.dosing.table.model import Cumulative, DoseKind
from assistant.dosing.units import convert

_PER = {DoseKind.PER_ADMINISTRATION: {"", "dose"}, DoseKind.PER_DAY: {"d"}}


def place_limits(
    read: ReadDosage, kind: DoseKind
) -> tuple[Fraction | None, Cumulative | None, list[str]]:
    """The hard limit in the unit of the dose, the lifetime limit, and the rest in words.

    An absolute cap beside a dose per kg or m2 is one of the rest: its place is
    ``rule.calculate``, which a person adds together with the decision to calculate.
    """
    hard: Fraction | None = None
    cumulative: Cumulative | None = None
    rest: list[str] = []
    for limit in read.limits:
        value = _hard(limit, read.dose, kind)
        lifetime = limit.role is DoseRole.CUMULATIVE_LIMIT and limit.cmp == "<=" and limit.high
        if lifetime and cumulative is None and not limit.conditions and not limit.population:
            cumulative = Cumulative(
                scope="lifetime",
                unit=limit.unit,
                basis=limit.basis,
                soft_max=None,
                hard_max=limit.high,
            )
        elif value is not None and hard is None:
            hard = value
        else:
            rest.append(f"The limit of {_words(limit)} needs a place in the rule.")
    return hard, cumulative, rest


def _hard(limit: Dose, dose: Dose, kind: DoseKind) -> Fraction | None:
    """The limit in the dose's own unit, where it bounds the same amount; else None."""
    plain = limit.role is DoseRole.MAXIMUM and limit.cmp == "<=" and not limit.cumulative
    fits = plain and not limit.conditions and not limit.population and limit.basis == dose.basis
    if not fits or limit.high is None or limit.per not in _PER.get(kind, set()):
        return None
    value = convert(limit.high, limit.unit, dose.unit)
    above = value is not None and dose.high is not None and value >= dose.high
    return value if above else None


def _words(limit: Dose) -> str:
    value = "?" if limit.high is None else decimal_text(limit.high)
    unit = "/".join(part for part in (limit.unit, limit.basis, limit.per) if part)
    return f"{limit.role} {limit.cmp} {value} {unit}"
