"""How long questions took: kept apart from the report, since two runs never agree.  (pure)"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from eval.metrics import percentile
from eval.model import Judgement, Observed


def render_times(judgements: Sequence[Judgement]) -> str:
    """As JSON, one object a line in the order of the cases: ``id`` and ``ms``.

    ``ms`` holds the milliseconds of each stage where the system says them, and ``total``; it is
    null for a question that failed. A follow-up that was asked in full counts as it was asked.
    """
    entries = [
        json.dumps({"id": j.case.id, "ms": _ms(j.observed)}, ensure_ascii=False) for j in judgements
    ]
    return "[\n" + ",\n".join(entries) + "\n]\n"


def _ms(observed: Observed) -> dict[str, Any] | None:
    if observed.outcome is None:
        return None
    return {**dict(observed.timings_ms), "total": round(observed.elapsed_ms, 2)}


def render_latency(judgements: Sequence[Judgement]) -> str:
    """One line for the end of a run."""
    times = sorted(j.observed.elapsed_ms for j in judgements if j.observed.outcome)
    if not times:
        return "No question was answered."
    return (
        f"Time in the chain, one thread: median {percentile(times, 50):.1f} ms, 95th percentile "
        f"{percentile(times, 95):.1f} ms (see eval.bench.latency)."
    )
