"""A dose with the verdict that lets it be exported, and the record of what FHIR can't hold."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import date
from fractions import Fraction
from typing import Any

from assistant.dosing.fhir.errors import NotImportable
from assistant.dosing.model import Bound, Dose, DoseRole, Frequency
from assistant.dosing.verdict import Verdict

EXPORTED = frozenset({Verdict.VERIFIED, Verdict.WITHIN_RANGE, Verdict.SOURCE_ONLY})
# Flags that say the reading itself is unsure; no verdict makes such a dose exportable.
UNSURE = frozenset(
    {"unreadable_number", "unreadable_unit", "unparsed_tail", "ambiguous_drug", "inverted_range"}
)

_BOUNDS = ("duration", "over", "count", "units_per_dose", "divided")
_WORDS = ("days", "weeks", "population", "unit", "basis", "per", "cmp", "role")
_DEFAULTS = {f.name: f.default for f in fields(Dose)}


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedDose:
    """One dose, what the check concluded about it, and the words that say the same.

    ``limits`` are the caps that stand beside the dose; ``events`` the dates of a dated plan.
    ``sequence`` numbers the steps of a taper from 1.
    """

    dose: Dose
    verdict: Verdict
    text: str
    rule_id: str = ""
    table_version: str = ""
    passage_id: str = ""
    limits: tuple[Dose, ...] = ()
    calculated: bool = False
    as_needed: bool = False
    as_needed_for: str = ""
    events: tuple[date, ...] = ()
    sequence: int | None = None
    indication: str = ""


def left_over(dose: Dose, said: frozenset[str]) -> dict[str, Any]:
    """Every field of a dose that has a value and isn't in ``said``, as plain data."""
    left: dict[str, Any] = {}
    for name in ("low", "high"):
        value: Fraction | None = getattr(dose, name)
        if name not in said and value is not None:
            left[name] = f"{value}"
    for name in _BOUNDS:
        bound: Bound | None = getattr(dose, name)
        if name not in said and bound is not None:
            left[name] = {
                "low": None if bound.low is None else str(bound.low),
                "high": None if bound.high is None else str(bound.high),
                "unit": bound.unit,
            }
    if "freq" not in said and dose.freq is not None:
        left["freq"] = dose.freq.to_record()
    if dose.phases:
        left["phases"] = [phase.to_record() for phase in dose.phases]
    for name in ("routes", "conditions"):
        if name not in said and getattr(dose, name):
            left[name] = list(getattr(dose, name))
    for name in _WORDS:
        if name not in said and getattr(dose, name) != _DEFAULTS.get(name, ""):
            left[name] = str(getattr(dose, name))
    if "cumulative" not in said and dose.cumulative:
        left["cumulative"] = True
    return left


def record_text(left: Mapping[str, Any]) -> str:
    """What FHIR has no element for, as one line of JSON with sorted keys."""
    return json.dumps(left, ensure_ascii=False, sort_keys=True)


def fields_of(text: str, path: str) -> dict[str, Any]:
    """The fields of a dose from such a line. Raises NotImportable for anything else."""
    try:
        return {name: _field(name, value) for name, value in json.loads(text).items()}
    except (ValueError, TypeError, AttributeError, KeyError, ZeroDivisionError) as error:
        raise NotImportable(
            path,
            f"The record of the dose check can't be read ({error}).",
            "Export it again, or remove the extension.",
        ) from error


def _field(name: str, value: Any) -> Any:
    if name in {"low", "high"}:
        return Fraction(value)
    if name in _BOUNDS:
        low, high = value["low"], value["high"]
        return Bound(
            None if low is None else Fraction(low),
            None if high is None else Fraction(high),
            str(value["unit"]),
        )
    if name == "freq":
        return Frequency(**value)
    if name == "phases":
        return tuple(Frequency(**phase) for phase in value)
    if name in {"routes", "conditions"}:
        return tuple(str(item) for item in value)
    if name == "role":
        return DoseRole(value)
    if name in _WORDS:
        return str(value)
    if name == "cumulative":
        return bool(value)
    raise KeyError(name)
