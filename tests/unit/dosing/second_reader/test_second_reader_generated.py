"""Both readers on dose phrases made up from their parts."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings

from .agreement import differences, first_reading, second_reading
from .generated import Phrase, sentences

quick = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow], derandomize=True
)


@quick
@given(phrase=sentences())
def test_both_readers_find_in_a_made_up_phrase_what_was_put_into_it(phrase: Phrase) -> None:
    first, second = first_reading(phrase.text), second_reading(phrase.text)

    assert differences(phrase.found, second) == ()
    assert differences(phrase.found, first) == ()
