"""The parts of a chart as SVG: axes, ticks, labels, and the drawing that holds them.  (pure)"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.markup import escaped
from eval.scales import Scale, cut_text, extent, is_number, number_text, percent_text, ticks

WIDTH = 360
"""Of a chart, in its own units; a phone shows one for about a pixel."""
GLYPH = 7.2
"""Units that a letter takes on average, at most, in the font of the charts."""


@dataclass(frozen=True, slots=True)
class Axis:
    """What stands along a side; the extent is that of the values where none is given."""

    label: str
    low: float | None = None
    high: float | None = None
    percent: bool = False  # values are shares, printed as percentages
    decimals: int | None = None  # of a printed value; as many as it needs where None

    def text(self, value: float | None) -> str:
        """A value as the table prints it."""
        if self.percent:
            return percent_text(value)
        if self.decimals is None or value is None or not is_number(value):
            return number_text(value)
        return f"{value:,.{self.decimals}f}"

    def tick(self, value: float) -> str:
        """A value as the axis prints it."""
        return f"{number_text(100 * value, 1)} %" if self.percent else number_text(value, 2)

    def scale(self, values: Sequence[float | None], start: float, end: float) -> Scale:
        """The scale from these values to places; one value gets room on both sides."""
        low, high = extent(values)
        low = low if self.low is None else self.low
        high = high if self.high is None else self.high
        if high <= low:
            room = abs(low) * 0.1 or 1.0
            low, high = low - room, high + room
        return Scale(low, high, start, end)


def drawn(
    key: str, title: str, description: str, width: float, height: float, parts: Sequence[str]
) -> str:
    """The drawing with its name and description, for eyes and for screen readers alike."""
    return (
        f'<svg viewBox="0 0 {num(width)} {num(height)}" role="img" '
        f'aria-labelledby="{key}-title {key}-desc">'
        f'<title id="{key}-title">{escaped(title)}</title>'
        f'<desc id="{key}-desc">{escaped(description)}</desc>{"".join(parts)}</svg>'
    )


def axes(x: Axis, y: Axis, across: Scale, up: Scale) -> str:
    """Both axes with their grids, ticks and names."""
    parts = [ticks_below(x, across, up.end, up.start)]
    parts.append(words("title start", cut_text(y.label, 50), 2, 12))
    for value in ticks(up.low, up.high):
        place = up(value)
        parts.append(
            f'<path class="grid" d="M{num(across.start)} {num(place)}H{num(across.end)}"/>'
        )
        parts.append(words("tick end", y.tick(value), across.start - 5, place + 4))
    return "".join(parts)


def ticks_below(axis: Axis, along: Scale, top: float, bottom: float) -> str:
    """The axis along the bottom with its grid, ticks and name."""
    parts = [f'<path class="axis" d="M{num(along.start)} {num(bottom)}H{num(along.end)}"/>']
    for value in ticks(along.low, along.high):
        place = along(value)
        parts.append(f'<path class="grid" d="M{num(place)} {num(top)}V{num(bottom)}"/>')
        parts.append(words("tick middle", axis.tick(value), place, bottom + 15))
    middle = (along.start + along.end) / 2
    parts.append(words("title middle", cut_text(axis.label, 44), middle, bottom + 32))
    return "".join(parts)


def label(name: str, kind: str, x: float, y: float, room: float) -> str:
    """A label cut to its room; a pointer held over it shows the whole where it was cut."""
    shown = cut_text(name, max(2, int(room / GLYPH)))
    whole = f"<title>{escaped(name)}</title>" if shown != name else ""
    return words(kind, shown, x, y, whole)


def words(kind: str, said: str, x: float, y: float, inside: str = "") -> str:
    """A text at a place; ``inside`` is markup that goes into it."""
    return f'<text class="{kind}" x="{num(x)}" y="{num(y)}">{inside}{escaped(said)}</text>'


def nothing(width: float, height: float) -> str:
    """What stands in a chart without a value."""
    return words("label middle", "Nothing to show.", width / 2, height / 2)


def path_of(points: Sequence[tuple[float, float]]) -> str:
    """The path through these places."""
    return "M" + "L".join(f"{num(px)} {num(py)}" for px, py in points)


def num(place: float) -> str:
    """A place in units of the chart, to a tenth: what an eye can see."""
    text = f"{place:.1f}"
    return text.removesuffix(".0") if text != "-0.0" else "0"
