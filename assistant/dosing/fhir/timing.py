"""When a dose is given, as FHIR ``Timing``: what it can say, and nothing that it would twist."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from assistant.dosing.fhir.codes import exact, time_code, time_quantity
from assistant.dosing.model import Bound, Dose, Frequency


def timing_of(
    dose: Dose, events: Sequence[date], *, daily_total: bool
) -> tuple[dict[str, Any], frozenset[str]]:
    """The Timing of a dose (empty when there is none), and the fields that it says.

    A frequency followed by others, or one that only says that the amount is a day's total,
    isn't given as a repeat: alone it would mean something else.
    """
    repeat: dict[str, Any] = {}
    said: set[str] = set()
    if dose.freq and not dose.phases and not daily_total and _plain(dose):
        repeat |= _frequency(dose.freq)
        said.add("freq")
    for name, elements in (
        ("duration", None if dose.phases else _bounds(dose.duration)),
        ("count", None if dose.phases else _count(dose.count)),
        ("over", _infusion(dose.over)),
    ):
        if elements:
            repeat |= elements
            said.add(name)
    timing: dict[str, Any] = {}
    if events:
        timing["event"] = [day.isoformat() for day in events]
    if repeat:
        timing["repeat"] = repeat
    return timing, frozenset(said)


def _plain(dose: Dose) -> bool:
    freq = dose.freq
    return (
        freq is not None
        and "ambiguous_frequency" not in dose.flags
        and min(freq.n, freq.period) > 0
        and time_code(freq.unit) is not None
    )


def _frequency(freq: Frequency) -> dict[str, Any]:
    found: dict[str, Any] = {"frequency": freq.n, "period": freq.period}
    if freq.n_max is not None:
        found["frequencyMax"] = freq.n_max
    if freq.period_max is not None:
        found["periodMax"] = freq.period_max
    return found | {"periodUnit": time_code(freq.unit)}


def _bounds(duration: Bound | None) -> dict[str, Any] | None:
    """``boundsDuration`` for one length, ``boundsRange`` for two ends or an upper end alone."""
    if duration is None or time_code(duration.unit) is None:
        return None
    low, high = exact(duration.low), exact(duration.high)
    if low is None and high is None:
        return None
    if (duration.low is not None and low is None) or (duration.high is not None and high is None):
        return None
    if low is not None and low == high:
        return {"boundsDuration": time_quantity(low, duration.unit)}
    named = {"low": low, "high": high}
    return {
        "boundsRange": {
            name: time_quantity(end, duration.unit)
            for name, end in named.items()
            if end is not None
        }
    }


def _count(count: Bound | None) -> dict[str, Any] | None:
    """``count`` and ``countMax``; an upper end alone has no element (invariant tim-8)."""
    if count is None or count.low is None or count.high is None:
        return None
    if count.low.denominator != 1 or count.high.denominator != 1 or count.low < 1:
        return None
    found = {"count": int(count.low)}
    return found | ({"countMax": int(count.high)} if count.high != count.low else {})


def _infusion(over: Bound | None) -> dict[str, Any] | None:
    """How long one administration lasts; days are the split of a course and no infusion."""
    if over is None or over.unit not in {"min", "h"}:
        return None
    low, high = exact(over.low), exact(over.high)
    if low is None or high is None:
        return None
    found: dict[str, Any] = {"duration": low}
    if high != low:
        found["durationMax"] = high
    return found | {"durationUnit": over.unit}
