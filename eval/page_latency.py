"""The section of the page on how long a question took.  (pure)"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from eval.charts import histogram
from eval.drawing import Axis
from eval.markup import paragraph
from eval.metrics import percentile
from eval.model import Judgement
from eval.scales import ticks

CLASSES = 24
_SHOWN = 99  # percent of the questions that the histogram's classes hold


def latency(times_ms: Sequence[float]) -> str:
    """The times of a run as a histogram with median and 95th percentile; empty without a time."""
    if not times_ms:
        return ""
    edges, counts, beyond = classes(times_ms)
    median, late = percentile(times_ms, 50), percentile(times_ms, 95)
    return paragraph(
        f"{len(times_ms):,} questions, each asked once through the whole chain: median "
        f"{median:.1f} ms, 95th percentile {late:.1f} ms, longest {max(times_ms):,.0f} ms. Times "
        "vary from run to run and machine to machine, and the first question pays for the start; "
        "nothing else on this page varies."
    ) + histogram(
        key="latency",
        title="Questions by time",
        description="Number of questions by milliseconds through the whole chain, with the median "
        "and the 95th percentile marked.",
        axis=Axis("milliseconds", low=0.0, decimals=1),
        edges=edges,
        counts=counts,
        beyond=beyond,
        marks=(("median", median), ("95th percentile", late)),
        note=f"{beyond:,} longer ones are not drawn." if beyond else "",
    )


def classes(times_ms: Sequence[float]) -> tuple[tuple[float, ...], tuple[int, ...], int]:
    """(edges, counts, count beyond the last edge): even classes from 0 that hold 99 % of them.

    Classes are half-open on the right. Raises ValueError without a time.

    >>> classes([1.0, 2.0, 2.5])[0][:3]
    (0.0, 0.2, 0.4)
    """
    top = percentile(times_ms, _SHOWN)
    step = ticks(0.0, top or 1.0, CLASSES)[1]
    edges = [0.0]
    while edges[-1] <= top:
        edges.append(round(step * len(edges), 9))
    counts = [0] * (len(edges) - 1)
    beyond = 0
    for time in times_ms:
        at = bisect_right(edges, time) - 1
        if at < len(counts):
            counts[max(0, at)] += 1
        else:
            beyond += 1
    return tuple(edges), tuple(counts), beyond


def times_of(judgements: Sequence[Judgement]) -> list[float]:
    """The milliseconds of each question that was answered and timed."""
    return [
        j.observed.elapsed_ms
        for j in judgements
        if j.observed.outcome is not None and j.observed.elapsed_ms > 0
    ]
