"""What the arithmetic of a score concludes, before inputs and sources are put beside it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from assistant.dosing.calculators.result import Line


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Working, value and words; ``unit`` only where the score's own does not fit."""

    lines: tuple[Line, ...]
    value: Decimal | None = None
    unit: str = ""
    conclusion: str = ""
    notes: tuple[str, ...] = ()
