"""``python -m eval.bench.latency``: how long a warm question takes, stage by stage.

Prints what this machine needed in this run; asserts nothing. The last line compares the
whole chain with the bare encoding of the same query, so that it means something on any
machine. Exit 0 done, 2 wrong use, 1 failed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import QuestionUnreadable
from assistant.model import Question
from assistant.settings import FILE, load_settings
from assistant.understanding import understand
from assistant.wiring import Assistant, embedder_of
from corpus.errors import GuidelineError
from eval.load import FOLDER, load_cases
from eval.metrics import percentile
from eval.system import open_for_evaluation

QUESTIONS = FOLDER / "clinician-questions.jsonl"
REPEATS = 5
TOTAL = "whole chain"
ENCODING = "bare query encoding"


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds of one part, over all questions and repeats."""

    part: str
    times_ms: tuple[float, ...]

    def median_ms(self) -> float:
        """Half of the times lie below."""
        return percentile(self.times_ms, 50)

    def p95_ms(self) -> float:
        """19 of 20 times lie below."""
        return percentile(self.times_ms, 95)


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Measure and print; every expected failure is one clear sentence on stderr."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.latency")
    parser.add_argument("--cases", type=Path, default=QUESTIONS, metavar="FILE.jsonl")
    parser.add_argument("--repeats", type=int, default=REPEATS, metavar="N")
    arguments = parser.parse_args(argv)
    if arguments.repeats < 1:
        parser.error("--repeats takes 1 or more")
    try:
        questions = [case.question for case in load_cases([arguments.cases])]
        settings = load_settings(FILE, environ)
        with tempfile.TemporaryDirectory(prefix="guideline-bench-") as records:
            assistant = open_for_evaluation(settings, Path(records))
            embedder = embedder_of(settings)
            timings = measure(
                assistant, lambda text: embedder.embed([text]), questions, arguments.repeats
            )
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    print(render(timings, len(questions), arguments.repeats))
    return 0


def measure(
    assistant: Assistant,
    encode: Callable[[str], object],
    questions: Sequence[Question],
    repeats: int,
) -> tuple[Timing, ...]:
    """Times of each stage, the whole chain and the bare encoding, after one warm pass.

    ``encode`` must not share the assistant's memory of queries: it would only look them up.
    """
    from tqdm import tqdm

    times: dict[str, list[float]] = {}
    rounds = [(i, question) for i in range(repeats + 1) for question in questions]
    for i, asked in tqdm(rounds, unit="question", file=sys.stderr, disable=None):
        # The encoder remembers queries: question marks make each one new to it.
        question = replace(asked, text=f"{asked.text} {'?' * (i + 1)}")
        query = _query(assistant, question)
        begin = time.perf_counter()
        timed = assistant.ask(question)
        total = time.perf_counter() - begin
        begin = time.perf_counter()
        encode(query)
        encoding = time.perf_counter() - begin
        if i == 0:
            continue
        for stage, elapsed_ms in timed.timings_ms:
            times.setdefault(stage, []).append(elapsed_ms)
        times.setdefault(TOTAL, []).append(1000 * total)
        times.setdefault(ENCODING, []).append(1000 * encoding)
    return tuple(Timing(part, tuple(values)) for part, values in times.items())


def _query(assistant: Assistant, question: Question) -> str:
    try:
        return understand(question, assistant.library).query
    except QuestionUnreadable:
        return question.text


def render(timings: Sequence[Timing], questions: int, repeats: int) -> str:
    """A table of medians and 95th percentiles, and the ratio of one run."""
    lines = [
        f"{questions} questions x {repeats}, warm, on {platform.machine()} with "
        f"{os.cpu_count()} cores",
        "",
        f"{'part':<22}{'median ms':>12}{'p95 ms':>12}",
    ]
    medians = {}
    for timing in timings:
        medians[timing.part] = timing.median_ms()
        lines.append(f"{timing.part:<22}{timing.median_ms():>12.2f}{timing.p95_ms():>12.2f}")
    ratio = medians[TOTAL] / medians[ENCODING]
    return "\n".join([*lines, "", f"{TOTAL} / {ENCODING}, by their medians: {ratio:.2f}"])


if __name__ == "__main__":
    raise SystemExit(main())
