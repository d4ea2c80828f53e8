"""Both readers on dose phrases made up from their parts."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from .agreement import Found, first_reading, second_reading
from .generated import Phrase, sentences

quick = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


def heard(found: Found) -> tuple[object, ...]:
    return found.amounts, found.frequencies, found.durations


@quick
@given(phrase=sentences())
def test_both_readers_find_in_a_made_up_phrase_what_was_put_into_it(phrase: Phrase) -> None:
    said = phrase.amounts, phrase.frequencies, phrase.durations

    assert heard(second_reading(phrase.text)) == said
    assert heard(first_reading(phrase.text)) == said
