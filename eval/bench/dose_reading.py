"""``python -m eval.bench.dose_reading``: how long the dose reader takes on this machine.

Prints three things and asserts nothing: the time of a sentence over all statements of the
bundled library; the time of texts that are built to be slow, with the ratio of 2,000 to 1,000
characters (2 is linear, 4 is quadratic); and the check of a whole answer against the passages
that it cites, which were read before. Each time is the fastest of several runs, so that what
else the machine does counts little. Exit 0 done, 2 wrong use, 1 failed.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice

from assistant.dosing import compare, parse
from assistant.dosing.model import MAX_SENTENCE
from corpus.errors import GuidelineError
from corpus.library import load_library
from eval.metrics import percentile

REPEATS = 5
PASSAGES = 8
WORST_SHOWN = 12

# One phrase each, repeated to the length: what makes a reader go over the same text again.
PHRASES: Mapping[str, str] = {
    "ranges": "1-",
    "denominators": "/kg",
    "white space": " ",
    "line ends": "\n",
    "digits": "1",
    "digit list": "1,",
    "numbered list": "1; ",
    "decimals": "1.",
    "spaced thousands": "1 000 ",
    "units": "mg ",
    "amounts": "5 mg ",
    "amounts in a range": "to 5 mg ",
    "amounts in two units": "5 mg/5 mL ",
    "amounts listed": " and 5",
    "amounts in brackets": "(5 mg ",
    "times": "10 x ",
    "powers of ten": "10^",
    "days": "day 1, ",
    "glued days": "0d ",
    "every": "every ",
    "for": "for ",
    "half": "half ",
    "weekdays": "mon ",
    "ranges in words": "1 to ",
    "changes": "from 5 to ",
    "limits": "max ",
    "limits in words": "limit a b c to ",
    "denials": "no a ",
    "reductions": "reduce dose by 25%, ",
    "percentages": "25% ",
    "drug names": "etoposide ",
    "drugs with amounts": "etoposide 5 mg, ",
    "orders": "Give 5 mg.\n",
    "whole orders": "etoposide 50-100 mg/m2 weekly (max 150 mg) IV for 3 days; ",
    "citations": "[1,",
    "brackets": "(",
    "superscripts": "¹",
    "fractions": "½",
    "mark-up": "<sup>1</sup>",
    "formulae": "\\ ",
    "dollars": "$",
    "names": "HLH-94-",
    "scores": "grade 5 ",
    "ages": "aged 5 to 6 years ",
    "groups": "adults 5 mg ",
    "laboratory values": "ferritin 5 ",
    "counts": "9/31 ",
    "sentences": "Aa. ",
}


@dataclass(frozen=True, slots=True)
class Worst:
    """One pattern: milliseconds at the full length, and how they grew from half of it."""

    name: str
    full_ms: float
    ratio: float


def fastest_ms(run: Callable[[], object], repeats: int) -> float:
    """The shortest of several runs, in milliseconds."""
    times = []
    for _ in range(repeats):
        begin = time.perf_counter()
        run()
        times.append(time.perf_counter() - begin)
    return 1000 * min(times)


def adversarial(length: int) -> dict[str, str]:
    """The patterns at one length in characters, and random characters from a fixed seed."""
    texts = {name: (phrase * length)[:length] for name, phrase in PHRASES.items()}
    drawn = random.Random(20_251_101)
    letters = [chr(i) for i in (*range(32, 127), *range(160, 0x2FFF))]
    texts["random characters"] = "".join(drawn.choice(letters) for _ in range(length))
    return texts


def measure_adversarial(repeats: int) -> list[Worst]:
    """Every pattern, slowest first."""
    half, full = adversarial(MAX_SENTENCE // 2), adversarial(MAX_SENTENCE)
    found = []
    for name, text in full.items():
        short_ms = fastest_ms(partial(parse, half[name]), repeats)
        full_ms = fastest_ms(partial(parse, text), repeats)
        found.append(Worst(name, full_ms, full_ms / short_ms))
    return sorted(found, key=lambda worst: -worst.full_ms)


def whole_answer_ms(texts: Sequence[str], repeats: int) -> float:
    """An answer of eight sentences, read and compared with its passages, read before."""
    dosed = islice((t for t in texts if parse(t).doses), PASSAGES)
    passages = [parse(text) for text in dosed]

    def check() -> None:
        for passage in passages:
            claim = parse(passage.text)
            for other in passages:
                compare(claim, other)

    return fastest_ms(check, repeats)


def render(texts: Sequence[str], repeats: int) -> str:
    """The measured times as text."""
    sentences = [fastest_ms(partial(parse, text), repeats) for text in texts]
    worst = measure_adversarial(repeats)
    lines = [
        f"{len(texts)} statements, fastest of {repeats}, on {platform.machine()} with "
        f"{os.cpu_count()} cores",
        "",
        f"a sentence, median          {percentile(sentences, 50):8.2f} ms",
        f"a sentence, 99 of 100       {percentile(sentences, 99):8.2f} ms",
        f"an answer with {PASSAGES} passages    {whole_answer_ms(texts, repeats):8.2f} ms",
        "",
        f"{MAX_SENTENCE:,} characters of",
    ]
    lines += [
        f"  {found.name:<26}{found.full_ms:8.2f} ms   x {found.ratio:.1f} for twice the length"
        for found in worst[:WORST_SHOWN]
    ]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure and print; every expected failure is one clear sentence on stderr."""
    parser = argparse.ArgumentParser(prog="python -m eval.bench.dose_reading")
    parser.add_argument("--repeats", type=int, default=REPEATS, metavar="N")
    arguments = parser.parse_args(argv)
    if arguments.repeats < 1:
        parser.error("--repeats takes 1 or more")
    try:
        texts = [passage.statement.text for passage in load_library().passages.values()]
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    print(render(texts, arguments.repeats))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
