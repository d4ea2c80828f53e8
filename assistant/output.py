"""An answer as the JSON contract that other programs call (README, "From the command line")."""

from __future__ import annotations

from typing import Any

from assistant.answer import Answer
from assistant.chain import Timed
from assistant.render import render


def answer_json(timed: Timed[Answer]) -> dict[str, Any]:
    """The fixed fields of one answer; only ``timings_ms`` differs between two runs."""
    answer = timed.value
    data = answer.to_json()
    timings = dict(timed.timings_ms)
    return {
        "outcome": data["outcome"],
        "reason": data["reason"],
        "understood": data["understood"],
        "suggestions": list(data["suggestions"]),
        "markdown": render(answer),
        "claims": data["claims"],
        "references": data["references"],
        "doses": data["doses"],
        "calculations": data["calculations"],
        "withheld": data["withheld"],
        "index": answer.index,
        "mode": answer.mode,
        "timings_ms": {**timings, "total": round(sum(timings.values()), 2)},
    }
