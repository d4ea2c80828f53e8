"""Numbers -> places on a chart: scales, ticks and how a number is printed.  (pure)"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

NOTHING = "–"
_STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Scale:
    """A straight line from values (``low``..``high``) to places (``start``..``end``).

    Values outside are put on the edge, so that nothing is drawn off the chart. A scale without
    an extent puts everything in the middle.
    """

    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """The place of a value, in units of the chart."""
        if self.high <= self.low:
            return (self.start + self.end) / 2
        # Divided first: the difference of two large values may be no number.
        share = value / (self.high - self.low) - self.low / (self.high - self.low)
        return self.start + (self.end - self.start) * min(1.0, max(0.0, share))


def is_number(value: float | None) -> bool:
    """Whether a value can be drawn: not None, not NaN, not infinite."""
    return value is not None and math.isfinite(value)


def extent(values: Iterable[float | None]) -> tuple[float, float]:
    """The smallest and the largest number among them; 0 and 1 where there is none.

    >>> extent([2.0, None, float("nan"), 5.0]), extent([])
    ((2.0, 5.0), (0.0, 1.0))
    """
    known = [v for v in values if v is not None and math.isfinite(v)]
    return (min(known), max(known)) if known else (0.0, 1.0)


def ticks(low: float, high: float, count: int = 5) -> tuple[float, ...]:
    """Round values inside low..high, about ``count`` of them, evenly spaced; at least one.

    The steps are 1, 2, 2.5 or 5 times a power of ten. Source: Heckbert 1990, Graphics Gems.

    >>> ticks(0, 1), ticks(3, 3)
    ((0.0, 0.2, 0.4, 0.6, 0.8, 1.0), (3.0,))
    """
    span = high - low
    if not math.isfinite(span) or span <= 0 or count < 1:
        return (float(low),)
    raw = span / count
    if raw <= math.ulp(max(abs(low), abs(high))) * 16:
        return (float(low), float(high))
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(s * power for s in _STEPS if s * power >= raw * (1 - 1e-9))
    first = math.ceil(low / step - 1e-9)
    last = math.floor(high / step + 1e-9)
    # Numbers from the step count, not by adding up: 0.1 + 0.2 is not 0.3.
    found = tuple(min(high, max(low, round(at * step, 12))) for at in range(first, last + 1))
    return found or (float(low),)


def number_text(value: float | None, decimals: int = 3) -> str:
    """A number as a table prints it: no more decimals than told, none for whole numbers.

    >>> number_text(0.91376), number_text(1240.0), number_text(None), number_text(0.5)
    ('0.914', '1,240', '–', '0.5')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    if abs(value) >= 1e15:
        return f"{value:.3g}"
    text = f"{value:,.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text.replace("-", "−")


def percent_text(value: float | None) -> str:
    """A share as a percentage with one decimal.

    >>> percent_text(0.0114), percent_text(None)
    ('1.1 %', '–')
    """
    if value is None or not math.isfinite(value):
        return NOTHING
    return f"{100 * value:.1f} %"


def cut_text(text: str, length: int) -> str:
    """A label that fits: at most ``length`` characters, the last an ellipsis where it was cut.

    >>> cut_text("a long label", 6), cut_text("short", 6)
    ('a lon…', 'short')
    """
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"


def wrapped(text: str, length: int, lines: int = 2) -> tuple[str, ...]:
    """A label in at most so many lines of at most ``length`` characters, broken between words.

    >>> wrapped("answered, should be declined", 16)
    ('answered, should', 'be declined')
    """
    first = text.rfind(" ", 0, length + 1)
    if len(text) <= length or lines <= 1 or first <= 0:
        return (cut_text(text, length),)
    return text[:first], *wrapped(text[first + 1 :], length, lines - 1)
