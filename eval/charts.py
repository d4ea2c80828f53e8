"""Values -> charts as inline SVG, each with a title, a description and its data as a table. (pure)

Drawn by hand: no script, no font, no file from elsewhere, and the same values give the same
bytes. Colours are classes that ``page.css`` fills for light, dark, high contrast and print;
series differ by dash and marker as well. A value that is no number is left out of the drawing
and printed as a dash in the table.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from eval.drawing import (
    GLYPH,
    WIDTH,
    Axis,
    axes,
    drawn,
    label,
    nothing,
    num,
    path_of,
    ticks_below,
    words,
)
from eval.markup import Table, escaped, figure
from eval.scales import Scale, cut_text, is_number, wrapped

SERIES = 8
"""How many series the page has colours, dashes and markers for; a ninth looks like the first."""
LEVELS = 5
"""Shades of a heat map, the lightest first."""

_HEIGHT = 270
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 20, 26, 44
_EDGE = 12  # left of bars: half of their first tick
_WIDE = 720  # of a heat map, which scrolls in its own box on a small screen
_MARKERS = (
    "M-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0Z",  # circle
    "M-3-3H3V3H-3Z",  # square
    "M0-4L4 3H-4Z",  # triangle
    "M0-4L4 0L0 4L-4 0Z",  # diamond
    "M-4-3H4L0 4Z",  # triangle, downwards
    "M-4-1H-1V-4H1V-1H4V1H1V4H-1V1H-4Z",  # plus
    "M-4-1.5H4V1.5H-4Z",  # bar
    "M-1.5-4H1.5V4H-1.5Z",  # bar, upright
)


@dataclass(frozen=True, slots=True)
class Series:
    """Points (x, y) in the order of x; ``band`` is the interval (low, high) at each of them."""

    name: str
    points: tuple[tuple[float, float], ...]
    band: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar with the ends of its interval, and in words what it was counted over."""

    label: str
    value: float | None
    low: float | None = None
    high: float | None = None
    counted: str = ""


# ---------------------------------------------------------------------------------- line


def line_chart(
    *,
    key: str,
    title: str,
    description: str,
    x: Axis,
    y: Axis,
    series: Sequence[Series],
    diagonal: bool = False,
    note: str = "",
    points_at: int = 1,
) -> str:
    """A figure with one line for each series; ``diagonal`` draws y = x for reference.

    ``points_at`` sets a marker at each so-manieth point, none at 0. ``key`` makes the ids of the
    page's elements unique: small letters and hyphens.
    """
    every = [point for one in series for point in one.points]
    bands = [edge for one in series for pair in one.band for edge in pair]
    across = x.scale([px for px, _ in every], _LEFT, WIDTH - _RIGHT)
    up = y.scale([*(py for _, py in every), *bands], _HEIGHT - _BOTTOM, _TOP)
    parts = [axes(x, y, across, up)]
    if diagonal:
        low, high = max(across.low, up.low), min(across.high, up.high)
        if low < high:
            ends = [(across(low), up(low)), (across(high), up(high))]
            parts.append(f'<path class="reference" d="{path_of(ends)}"/>')
    for at, one in enumerate(series):
        parts.append(_series(at, one, across, up, points_at))
    if not any(is_number(px) and is_number(py) for px, py in every):
        parts.append(nothing(WIDTH, _HEIGHT))
    return figure(
        title=title,
        drawing=drawn(key, title, description, WIDTH, _HEIGHT, parts),
        data=_line_table(x, y, series),
        note=note,
        legend=_legend(series) if len(series) > 1 else "",
    )


def _series(at: int, one: Series, across: Scale, up: Scale, points_at: int) -> str:
    known = [(across(px), up(py)) for px, py in one.points if is_number(px) and is_number(py)]
    edges = [
        (across(px), up(low), up(high))
        for (px, _), (low, high) in zip(one.points, one.band, strict=bool(one.band))
        if is_number(px) and is_number(low) and is_number(high)
    ]
    kind = f"s{at % SERIES}"
    parts = []
    if len(edges) > 1:
        there = [(px, high) for px, _, high in edges]
        back = [(px, low) for px, low, _ in reversed(edges)]
        parts.append(f'<path class="band {kind}" d="{path_of([*there, *back])}Z"/>')
    if len(known) > 1:
        parts.append(f'<path class="line {kind}" d="{path_of(known)}"/>')
    marker = _MARKERS[at % SERIES]
    parts += [
        f'<path class="marker {kind}" transform="translate({num(px)} {num(py)})" d="{marker}"/>'
        for px, py in (known[::points_at] if points_at else [])
    ]
    return "".join(parts)


def _line_table(x: Axis, y: Axis, series: Sequence[Series]) -> Table:
    columns = [x.label]
    for one in series:
        columns += [one.name, f"{one.name}, 95 % interval"] if one.band else [one.name]
    places = sorted({px for one in series for px, _ in one.points if is_number(px)})
    rows = []
    for place in places:
        cells = [x.text(place)]
        for one in series:
            at = next((i for i, (px, _) in enumerate(one.points) if px == place), None)
            cells.append(y.text(None if at is None else one.points[at][1]))
            if one.band:
                low, high = (None, None) if at is None else one.band[at]
                cells.append(f"{y.text(low)} to {y.text(high)}")
        rows.append(tuple(cells))
    return Table(tuple(columns), tuple(rows))


def _legend(series: Sequence[Series]) -> str:
    keys = []
    for at, one in enumerate(series):
        kind = f"s{at % SERIES}"
        sample = (
            f'<svg viewBox="0 0 32 12" width="32" height="12" aria-hidden="true">'
            f'<path class="line {kind}" d="M1 6H31"/>'
            f'<path class="marker {kind}" transform="translate(16 6)" '
            f'd="{_MARKERS[at % SERIES]}"/></svg>'
        )
        keys.append(f"<li>{sample}{escaped(one.name)}</li>")
    return f'<ul class="legend">{"".join(keys)}</ul>'


# ---------------------------------------------------------------------------------- bars


def bar_chart(
    *,
    key: str,
    title: str,
    description: str,
    axis: Axis,
    bars: Sequence[Bar],
    wanted: float | None = None,
    note: str = "",
) -> str:
    """A figure with a horizontal bar for each value, whiskers for its 95 % interval.

    ``wanted`` draws a line across all bars: the target.
    """
    row, top = 34, 4
    bottom = top + row * max(1, len(bars))
    height = bottom + (56 if wanted is not None else 40)
    edges = [edge for bar in bars for edge in (bar.value, bar.low, bar.high)]
    along = axis.scale([*edges, wanted, 0.0], _EDGE, WIDTH - _RIGHT)
    parts = [ticks_below(axis, along, top, bottom)]
    for at, bar in enumerate(bars):
        parts.append(_bar(bar, along, top + row * at, axis))
    if wanted is not None and is_number(wanted):
        place = along(wanted)
        said = f"wanted {axis.text(wanted)}"
        half = GLYPH * len(said) / 2
        # Beside each bar and not through the words above it.
        beside = "".join(f"M{num(place)} {top + row * at + 16}v14" for at in range(len(bars)))
        parts.append(f'<path class="halo" d="{beside}"/><path class="target" d="{beside}"/>')
        middle = min(max(place, half), WIDTH - half)
        parts.append(words("value middle", said, middle, bottom + 50))
    if not bars:
        parts.append(nothing(WIDTH, height))
    rows = tuple(
        (bar.label, axis.text(bar.value), _interval(bar, axis), bar.counted or "–") for bar in bars
    )
    return figure(
        title=title,
        drawing=drawn(key, title, description, WIDTH, height, parts),
        data=Table(("bar", axis.label, "95 % interval", "counted"), rows),
        note=note,
    )


def _bar(bar: Bar, along: Scale, y: float, axis: Axis) -> str:
    """The label and the value above, the bar with its whiskers below."""
    said = axis.text(bar.value)
    if is_number(bar.low) and is_number(bar.high):
        said += f" [{_interval(bar, axis)}]"
    said = cut_text(said, 28)
    room = WIDTH - 2 - _EDGE - GLYPH * (len(said) + 1)
    parts = [
        label(bar.label, "label start", _EDGE, y + 13, room),
        words("value end", said, WIDTH - 2, y + 13),
    ]
    zero, middle = along(max(along.low, min(along.high, 0.0))), y + 23
    if bar.value is not None and is_number(bar.value):
        place = along(bar.value)
        parts.append(
            f'<rect class="bar" x="{num(min(zero, place))}" y="{num(y + 18)}" '
            f'width="{num(abs(place - zero))}" height="10"/>'
        )
    if is_number(bar.low) and is_number(bar.high):
        low, high = along(bar.low or 0.0), along(bar.high or 0.0)
        parts.append(
            f'<path class="whisker" d="M{num(low)} {num(middle)}H{num(high)}'
            f"M{num(low)} {num(middle - 3)}V{num(middle + 3)}"
            f'M{num(high)} {num(middle - 3)}V{num(middle + 3)}"/>'
        )
    return "".join(parts)


def _interval(bar: Bar, axis: Axis) -> str:
    if not is_number(bar.low) or not is_number(bar.high):
        return "–"
    return f"{axis.text(bar.low).removesuffix(' %')}–{axis.text(bar.high)}"


# ----------------------------------------------------------------------------- histogram


def histogram(
    *,
    key: str,
    title: str,
    description: str,
    axis: Axis,
    edges: Sequence[float],
    counts: Sequence[int],
    beyond: int = 0,
    marks: Sequence[tuple[str, float]] = (),
    note: str = "",
) -> str:
    """A figure with one bar for each of the ``len(edges) - 1`` classes, half-open on the right.

    ``beyond`` counts what lies at or above the last edge: it is printed, not drawn. ``marks`` are
    named values, such as the median, drawn as lines.
    """
    if edges and len(counts) != len(edges) - 1:
        raise ValueError("a histogram has one edge more than counts")
    across = axis.scale([*edges], _LEFT, WIDTH - _RIGHT)
    most = Axis("questions", low=0.0)
    top = _TOP + 14 * max(1, len(marks))  # room for the names of the marks
    up = most.scale([float(count) for count in counts], _HEIGHT - _BOTTOM, top)
    parts = [axes(axis, most, across, up)]
    for low, high, count in zip(edges, edges[1:], counts, strict=False):
        left, right, y = across(low), across(high), up(count)
        parts.append(
            f'<rect class="bar" x="{num(left)}" y="{num(y)}" '
            f'width="{num(max(0.0, right - left - 0.8))}" height="{num(up(0) - y)}"/>'
        )
    known = sorted((mark for mark in marks if is_number(mark[1])), key=lambda mark: -mark[1])
    for at, (name, value) in enumerate(known):
        # The rightmost has the top row: no other line runs through its name.
        place = across(value)
        parts.append(_mark(f"{name} {axis.text(value)}", place, _TOP + 2 + 14 * at, up(0)))
    if not any(counts):
        parts.append(nothing(WIDTH, _HEIGHT))
    rows = [
        (f"{axis.text(low)} to below {axis.text(high)}", f"{count:,}")
        for low, high, count in zip(edges, edges[1:], counts, strict=False)
    ]
    if beyond and edges:
        rows.append((f"{axis.text(edges[-1])} and more", f"{beyond:,}"))
    rows += [(name, axis.text(value)) for name, value in marks]
    return figure(
        title=title,
        drawing=drawn(key, title, description, WIDTH, _HEIGHT, parts),
        data=Table((axis.label, "questions"), tuple(rows)),
        note=note,
    )


def _mark(said: str, x: float, y: float, bottom: float) -> str:
    """A line with its name to the left, or to the right where the left is too narrow."""
    said = cut_text(said, 40)
    to_left = x - 4 - GLYPH * len(said) > 2
    place, anchor = (x - 4, "end") if to_left else (x + 4, "start")
    line = f'<path class="wanted" d="M{num(x)} {num(y - 9)}V{num(bottom)}"/>'
    return line + words(f"value {anchor}", said, place, y)


# ------------------------------------------------------------------------------ heat map


def heat_map(
    *,
    key: str,
    title: str,
    description: str,
    corner: str,
    columns: Sequence[str],
    rows: Sequence[tuple[str, Sequence[int]]],
    outlined: frozenset[tuple[int, int]] = frozenset(),
    note: str = "",
) -> str:
    """A figure with a shaded count in each cell; the shade is the share of its row.

    ``corner`` names what the rows are. ``outlined`` cells (row, column) get a heavy border.
    """
    left, row = 190, 34
    width = (_WIDE - left - 6) / max(1, len(columns))
    heads = [wrapped(name, max(4, int(width / GLYPH)), 3) for name in columns]
    top = 12 + 14 * max(map(len, heads), default=1)
    height = top + row * max(1, len(rows)) + 6
    parts = [words("title start", cut_text(corner, 26), 4, top - 8)]
    for at, lines in enumerate(heads):
        parts.append(_lines("title middle", lines, left + width * (at + 0.5), top - 8, up=True))
    for at, (name, counts) in enumerate(rows):
        y = top + row * at
        lines = wrapped(name, int(left / GLYPH) - 2)
        parts.append(_lines("label end", lines, left - 8, y + row / 2 + 4 - 7 * (len(lines) - 1)))
        for column, count in enumerate(counts):
            frame = (left + width * column, y, width, row)
            parts.append(_cell(count, sum(counts), frame, (at, column) in outlined))
    if not rows or not columns:
        parts.append(nothing(_WIDE, height))
    cells = tuple((name, *(f"{c:,}" for c in counts)) for name, counts in rows)
    return figure(
        title=title,
        drawing=drawn(key, title, description, _WIDE, height, parts),
        data=Table((corner, *columns), cells),
        note=note,
        wide=True,
    )


def _lines(kind: str, lines: Sequence[str], x: float, y: float, *, up: bool = False) -> str:
    """Lines of text from ``y`` on downwards, or with the last of them at ``y``."""
    first = y - 14 * (len(lines) - 1) if up else y
    return "".join(words(kind, said, x, first + 14 * at) for at, said in enumerate(lines))


def _cell(count: int, total: int, frame: tuple[float, float, float, float], outlined: bool) -> str:
    x, y, width, height = frame
    share = count / total if total else 0.0
    shade = min(LEVELS - 1, int(share * LEVELS)) if count else -1
    kind = f"h{shade}" if shade >= 0 else "none"
    strong = " right" if outlined else ""
    said = f"{count:,} ({100 * share:.0f} %)" if count else "0"
    return (
        f'<rect class="cell {kind}{strong}" x="{num(x + 2)}" y="{num(y + 2)}" '
        f'width="{num(width - 4)}" height="{num(height - 4)}"/>'
    ) + words("value middle", said, x + width / 2, y + height / 2 + 4)
