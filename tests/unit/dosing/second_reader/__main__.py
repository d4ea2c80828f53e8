"""Prints how far the two readers agree: ``python -m tests.unit.dosing.second_reader [strings]``."""

from __future__ import annotations

import sys

from .agreement import differences, first_reading, second_reading
from .corpora import accepted, shuffled, texts

_SEED = 20


def report(strings: int) -> None:
    """Counts over all corpora, then over ``strings`` shuffled ones, with what differs silently."""
    amounts = agreeing = differing = 0
    named = texts()
    for name, text in named.items():
        first, second = first_reading(text), second_reading(text)
        amounts += first.amounts.total()
        agreeing += (first.amounts & second.amounts).total()
        for difference in differences(first, second):
            differing += 1
            print(name, difference)
    print(
        f"{len(named)} texts, {amounts} quantities, {agreeing} read alike by both; "
        f"{differing} differences, {len(accepted())} accepted"
    )
    silent = loud = 0
    for text in shuffled(strings, _SEED):
        first = first_reading(text)
        for difference in differences(first, second_reading(text)):
            loud += first.flagged
            silent += not first.flagged
            if difference.field == "amounts" and not first.flagged:
                print(repr(text), difference)
    print(f"{strings} shuffled strings: {loud} differences with a flag, {silent} without")


report(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
