"""Cumulative doses per body surface: "10 x 150 mg/m2; 277 mg at 1.845 m2" -> a total.

Each dose is divided by the body surface of its own day: totals in mg/m2 are summed as they
are and never worked out again with today's surface.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from fractions import Fraction

from assistant.dosing.calculators.bounds import check_surface
from assistant.dosing.calculators.convert import Analyte, read_value
from assistant.dosing.calculators.decimals import display, plain, to_decimal
from assistant.dosing.calculators.errors import Refusal, RefusalCode
from assistant.dosing.calculators.inputs import Answers
from assistant.dosing.calculators.result import Line
from assistant.dosing.calculators.scores.model import Cumulative, Level
from assistant.dosing.calculators.scores.outcome import Outcome

MAX_DOSES = 1_000
FORM = "'10 x 150 mg/m2; 277 mg at 1.845 m2', separated by semicolons"

_TIMES = re.compile(r"(\d{1,4})\s*[x×]\s*(?=\d)")


@dataclass(frozen=True, slots=True)
class Doses:
    """Some equal doses: how many, and each in mg per m2."""

    count: int
    per_m2: Fraction
    text: str

    @property
    def total(self) -> Fraction:
        """mg/m2 of all of them."""
        return self.count * self.per_m2


def read_doses(text: str) -> tuple[Doses, ...] | Refusal:
    """Every dose of a list; the first that can't be read is refused as it is written."""
    found = []
    for part in (p.strip() for p in text.split(";")):
        if not part:
            continue
        doses = _read_one(part)
        if isinstance(doses, Refusal):
            return doses
        found.append(doses)
    if not found:
        return Refusal(RefusalCode.MISSING, f"No dose was given. Write {FORM}.")
    if sum(doses.count for doses in found) > MAX_DOSES:
        return Refusal(
            RefusalCode.IMPLAUSIBLE, f"More than {MAX_DOSES} doses were given. Check the list."
        )
    return tuple(found)


def _read_one(part: str) -> Doses | Refusal:
    times = _TIMES.match(part)
    count = int(times.group(1)) if times else 1
    amount_text, at, surface_text = part[times.end() if times else 0 :].partition(" at ")
    if not at:
        per_m2 = read_value(amount_text, Analyte.DOSE_PER_SURFACE, f"dose '{part}'")
        if isinstance(per_m2, Refusal):
            return Refusal(
                per_m2.code, f"{per_m2.message} A dose in mg needs its body surface: {FORM}."
            )
        return _positive(Doses(count, per_m2.value, part))
    amount = read_value(amount_text, Analyte.DOSE, f"dose '{part}'")
    surface = read_value(surface_text, Analyte.SURFACE, f"body surface of '{part}'")
    if isinstance(amount, Refusal):
        return amount
    if isinstance(surface, Refusal):
        return surface
    refusal = check_surface(surface.decimal)
    return refusal or _positive(Doses(count, amount.value / surface.value, part))


def _positive(doses: Doses) -> Doses | Refusal:
    if doses.count > 0 and doses.per_m2 > 0:
        return doses
    return Refusal(RefusalCode.IMPLAUSIBLE, f"dose '{doses.text}' is not above 0. Check the list.")


def cumulative_outcome(cumulative: Cumulative, answers: Answers) -> Outcome | Refusal:
    """The total against every level, and with a planned dose when each level is reached."""
    doses = read_doses(answers.text(cumulative.doses))
    if isinstance(doses, Refusal):
        return doses
    total = sum((d.total for d in doses), Fraction(0))
    lines = [Line(d.text, f"{display(d.total, 1)} mg/m²") for d in doses]
    reached = [level for level in cumulative.levels if total >= level.at_least]
    planned = answers.measured(cumulative.planned)
    if planned is not None:
        if planned.value <= 0:
            return Refusal(
                RefusalCode.IMPLAUSIBLE, f"the planned dose {planned} is not above 0. Check it."
            )
        for level in cumulative.levels:
            more = doses_until(total, planned.value, level.at_least)
            number = "already reached" if more == 0 else f"with dose {more} of those planned"
            lines.append(Line(f"{plain(level.at_least)} mg/m² ({level.name})", number))
    return Outcome(
        lines=tuple(lines),
        value=to_decimal(total),
        conclusion=_said(reached[-1]) if reached else cumulative.below,
    )


def _said(level: Level) -> str:
    return f"{level.name}: at or above {plain(level.at_least)} mg/m²."


def doses_until(total: Fraction, dose: Fraction, level: Fraction) -> int:
    """How many further doses until a total reaches or passes a level; 0 when it has.

    >>> doses_until(Fraction(0), Fraction(150), Fraction(2000))
    14
    """
    return max(0, math.ceil((level - total) / dose))
