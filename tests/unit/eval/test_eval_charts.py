"""Charts as SVG: whole, named, inside their frame, and never without their numbers."""

from __future__ import annotations

import html
import math
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.charts import Bar, Series, bar_chart, heat_map, histogram, line_chart
from eval.drawing import Axis
from eval.markup import Table, escaped
from eval.markup import table as html_table
from eval.scales import Scale, cut_text, ticks, wrapped

SVG = re.compile(r'<svg viewBox="0 0 [^>]*role="img".*?</svg>', re.DOTALL)
ANY = st.floats(allow_nan=True, allow_infinity=True)
NUMBERS = st.floats(-1e12, 1e12, allow_nan=False)
SHARES = st.floats(0, 1)
LABELS = st.text(max_size=120)


def drawing(figure: str) -> ET.Element:
    found = SVG.search(figure)
    assert found is not None
    return ET.fromstring(found.group())


def cells(figure: str) -> list[str]:
    return [
        html.unescape(re.sub("<[^>]+>", "", c)) for c in re.findall(r"<t[dh].*?</t[dh]>", figure)
    ]


def is_whole(figure: str) -> bool:
    """The drawing is XML, has a name, a description and a table, and stays inside its frame."""
    svg = drawing(figure)
    _, _, width, height = map(float, svg.attrib["viewBox"].split())
    names = {e.attrib.get("id"): e.text for e in svg if e.tag in ("title", "desc")}
    assert all(names[id_] for id_ in svg.attrib["aria-labelledby"].split())
    assert "<details>" in figure
    assert "<table>" in figure
    for element in svg.iter():
        for key, most in (("x", width), ("y", height)):
            if key in element.attrib:
                assert 0 <= float(element.attrib[key]) <= most
        if element.tag == "rect":
            assert float(element.attrib["x"]) + float(element.attrib["width"]) <= width + 0.2
            assert float(element.attrib["y"]) + float(element.attrib["height"]) <= height + 0.2
        places = element.attrib.get("transform", "") + element.attrib.get("d", "") * (
            element.attrib.get("class", "").split()[:1] != ["marker"]
        )
        for x, y in re.findall(r"(?:translate\(|[ML])(-?[\d.]+) (-?[\d.]+)", places):
            assert 0 <= float(x) <= width
            assert 0 <= float(y) <= height
        assert "nan" not in places
        assert "inf" not in places
    return True


def a_line(*series: Series, **more: object) -> str:
    axes = {"x": Axis("k"), "y": Axis("share")} | more
    return line_chart(key="a", title="A line", description="What it is.", series=series, **axes)  # type: ignore[arg-type]


def some_bars(*bars: Bar, **more: object) -> str:
    given = {"axis": Axis("value"), **more}
    return bar_chart(key="b", title="Bars", description="What they are.", bars=bars, **given)  # type: ignore[arg-type]


@given(low=NUMBERS, span=st.floats(1e-6, 1e12), count=st.integers(1, 12))
def test_ticks_rise_evenly_inside_their_range(low: float, span: float, count: int) -> None:
    found = ticks(low, low + span, count)

    assert found
    assert all(low <= tick <= low + span for tick in found)
    assert list(found) == sorted(set(found))
    assert len(found) <= 2 * count + 2


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 20, (0.0, 5.0, 10.0, 15.0, 20.0)),
        (0, 0.3, (0.0, 0.1, 0.2, 0.3)),
        (-6, 8, (-5.0, 0.0, 5.0)),
        (3, 3, (3.0,)),
    ],
)
def test_ticks_are_round_numbers(low: float, high: float, expected: tuple[float, ...]) -> None:
    assert ticks(low, high) == expected


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_a_scale_puts_nothing_outside_its_ends(value: float) -> None:
    assert 10 <= Scale(0, 1, 10, 50)(value) <= 50
    assert Scale(3, 3, 10, 50)(value) == 30


@settings(max_examples=25, deadline=None)
@given(
    points=st.lists(st.tuples(ANY, ANY), max_size=12),
    name=LABELS,
    diagonal=st.booleans(),
)
def test_a_line_chart_is_whole_whatever_its_values_and_prints_each(
    points: list[tuple[float, float]], name: str, diagonal: bool
) -> None:
    known = {px: (px, py) for px, py in reversed(points) if math.isfinite(px)}
    series = Series(name, tuple(sorted(known.values())))

    figure = a_line(series, Series("other", ()), diagonal=diagonal)

    assert is_whole(figure)
    for px, py in series.points:
        assert Axis("k").text(px) in cells(figure)
        assert Axis("share").text(py) in cells(figure)


@settings(max_examples=25, deadline=None)
@given(
    bars=st.lists(
        st.builds(Bar, LABELS, st.none() | ANY, st.none() | ANY, st.none() | ANY), max_size=8
    ),
    wanted=st.none() | SHARES,
)
def test_a_bar_chart_is_whole_whatever_its_values_and_prints_each(
    bars: list[Bar], wanted: float | None
) -> None:
    figure = some_bars(*bars, wanted=wanted)

    assert is_whole(figure)
    for bar in bars:
        assert Axis("value").text(bar.value) in cells(figure)


@settings(max_examples=25, deadline=None)
@given(
    counts=st.lists(st.integers(0, 10**6), max_size=20),
    marks=st.lists(st.tuples(LABELS, ANY), max_size=2),
)
def test_a_histogram_is_whole_whatever_its_values_and_prints_each(
    counts: list[int], marks: list[tuple[str, float]]
) -> None:
    figure = histogram(
        key="h",
        title="Times",
        description="What they are.",
        axis=Axis("ms"),
        edges=tuple(range(len(counts) + 1)) if counts else (),
        counts=counts,
        beyond=7,
        marks=marks,
    )

    assert is_whole(figure)
    assert cells(figure)[3::2][: len(counts)] == [f"{count:,}" for count in counts]
    assert ("7" in cells(figure)) or not counts


@settings(max_examples=25, deadline=None)
@given(rows=st.lists(st.tuples(LABELS, st.lists(st.integers(0, 10**6), min_size=3, max_size=3))))
def test_a_heat_map_is_whole_whatever_its_counts_and_prints_each(
    rows: list[tuple[str, list[int]]],
) -> None:
    figure = heat_map(
        key="m",
        title="Matrix",
        description="What it is.",
        corner="rows",
        columns=("a very long name of a column that fits nowhere", "b", ""),
        rows=rows,
        outlined=frozenset({(0, 0)}),
    )

    assert is_whole(figure)
    for _, counts in rows:
        assert {f"{count:,}" for count in counts} <= set(cells(figure))


def test_one_point_and_no_point_are_drawn_without_a_line() -> None:
    one = a_line(Series("one", ((2.0, 0.5),), ((0.4, 0.6),)))
    none = a_line()

    assert is_whole(one)
    assert 'class="marker s0"' in one
    assert 'class="line s0"' not in one
    assert "Nothing to show." in none
    assert "Nothing to show." not in one


def test_a_value_that_is_no_number_is_not_drawn() -> None:
    figure = a_line(Series("one", ((0.0, 0.2), (1.0, math.nan), (2.0, 0.4), (3.0, math.inf))))

    assert figure.count('class="marker s0"') == 2
    assert "–" in cells(figure)


def test_series_differ_by_class_and_marker_and_the_legend_names_them() -> None:
    points = ((0.0, 0.0), (1.0, 1.0))

    figure = a_line(Series("first", points), Series("second & last", points))

    assert 'class="line s0"' in figure
    assert 'class="line s1"' in figure
    assert figure.count("second &amp; last") >= 2, "in the legend and in the table"
    shapes = set(
        re.findall(r'class="marker s\d" transform="translate\(16 6\)" d="([^"]+)"', figure)
    )
    assert len(shapes) == 2


def test_a_band_is_drawn_and_its_ends_are_printed() -> None:
    figure = a_line(Series("one", ((0.0, 0.5), (1.0, 0.7)), ((0.4, 0.6), (0.65, 0.75))))

    assert 'class="band s0"' in figure
    assert {"0.4 to 0.6", "0.65 to 0.75"} <= set(cells(figure))


def test_a_bar_reaches_its_value_and_the_target_stands_at_its_place() -> None:
    figure = some_bars(Bar("half", 0.5, 0.4, 0.6), axis=Axis("v", low=0.0, high=1.0), wanted=1.0)

    rect = next(e for e in drawing(figure).iter() if e.tag == "rect")
    start, end = 12.0, 340.0
    assert float(rect.attrib["x"]) == start
    assert float(rect.attrib["width"]) == pytest.approx((end - start) / 2, abs=0.1)
    assert f'class="target" d="M{end:.0f} ' in figure


def test_a_long_label_is_cut_and_its_whole_is_kept() -> None:
    name = "a label that nobody will ever be able to read in one line of a small chart"

    figure = some_bars(Bar(name, 0.5))

    assert f"<title>{name}</title>" in figure
    assert "…" in figure
    assert name in cells(figure)


def test_markup_in_a_label_stays_text() -> None:
    bad = "<script>alert('x')</script>&\x00"

    figures = [
        some_bars(Bar(bad, 0.5, counted=bad), axis=Axis(bad)),
        a_line(Series(bad, ((0.0, 1.0),)), Series("b", ())),
        html_table(Table((bad,), ((bad,),)), caption=bad),
    ]

    for figure in figures:
        assert "<script" not in figure
        assert "\x00" not in figure
        assert "&lt;script&gt;" in figure
    assert escaped(bad).endswith("&amp;�")


def test_a_histogram_of_edges_that_do_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="one edge more"):
        histogram(
            key="h", title="t", description="d", axis=Axis("ms"), edges=(0.0, 1.0), counts=(1, 2)
        )


@given(text=st.text(alphabet="ab ", max_size=60), length=st.integers(1, 20))
def test_a_wrapped_label_fits_its_lines(text: str, length: int) -> None:
    lines = wrapped(text, length, 3)

    assert 1 <= len(lines) <= 3
    assert all(len(line) <= length for line in lines)
    assert len(cut_text(text, length)) <= length


def test_a_table_in_markdown_escapes_its_bars() -> None:
    assert (
        Table(("a", "b"), (("F1|F2", "1"),)).markdown() == "| a | b |\n|---|---|\n| F1\\|F2 | 1 |"
    )
