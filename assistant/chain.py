"""retrieve | draft | check | record, as a LangChain runnable over typed values."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from langchain_core.runnables import Runnable, RunnableLambda

from assistant.answer import Answer
from assistant.model import CheckedAnswer, Draft, Evidence, Question

A = TypeVar("A")
B = TypeVar("B")


@dataclass(frozen=True, slots=True)
class Timed(Generic[A]):
    """A value on its way through the chain, with the milliseconds each stage took."""

    value: A
    timings_ms: tuple[tuple[str, float], ...] = ()


def build_chain(
    retrieve: Callable[[Question], Evidence],
    draft: Callable[[Evidence], Draft],
    check: Callable[[Draft], CheckedAnswer],
    record: Callable[[CheckedAnswer], Answer],
) -> Runnable[Question, Timed[Answer]]:
    """Question in, checked and recorded answer out; unrecorded means unanswered."""
    start: Runnable[Question, Timed[Question]] = RunnableLambda(_start)
    return (
        start
        | _stage("retrieve", retrieve)
        | _stage("draft", draft)
        | _stage("check", check)
        | _stage("record", record)
    )


def _start(question: Question) -> Timed[Question]:
    return Timed(question)


def _stage(name: str, function: Callable[[A], B]) -> Runnable[Any, Any]:
    def run(timed: Timed[A]) -> Timed[B]:
        begin = time.perf_counter()
        value = function(timed.value)
        elapsed_ms = round((time.perf_counter() - begin) * 1000, 2)
        return Timed(value, (*timed.timings_ms, (name, elapsed_ms)))

    return RunnableLambda(run, name=name)
