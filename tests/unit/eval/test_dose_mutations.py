"""Single errors in the library's own dose statements are caught; other words raise no alarm."""

from __future__ import annotations

import pytest

from corpus.library import Library, load_library
from eval.dose_mutations import MOVED, run_mutations, run_rewrites, withheld_over_library

EVERY = 8  # the whole library takes a minute: python -m eval dosing


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def test_every_single_error_is_caught_or_explained(library: Library) -> None:
    score = run_mutations(library, every=EVERY)

    # A citation moved to the same dose for another use is told by its words, not by its dose.
    assert [s for s in score.missed if s.operator != MOVED] == []
    assert score.share_caught >= 0.995
    assert sum(score.made.values()) > 600


def test_other_words_rarely_and_other_type_never_raise_an_alarm(library: Library) -> None:
    score = run_rewrites(library, every=EVERY)

    assert score.share_of_alarms <= 0.01
    assert score.typography_alarms == ()


def test_no_dose_of_the_library_is_withheld_when_it_is_quoted(library: Library) -> None:
    score = withheld_over_library(library)

    assert score.doses > 250
    assert score.withheld == ()
