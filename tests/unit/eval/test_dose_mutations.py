"""Single errors in the library's own dose statements are caught; other words raise no alarm."""

from __future__ import annotations

import pytest

from corpus.library import Library, load_library
from eval.dose_mutations import MOVED, run_mutations, run_rewrites, withheld_over_library
from eval.dose_operators import USE_SWAPPED, Mutant, mutants

EVERY = 8  # the whole library takes a minute: python -m eval dosing


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library()


def test_every_single_error_is_caught_or_explained(library: Library) -> None:
    score = run_mutations(library, every=EVERY)

    assert score.missed == ()
    assert all(survivor.reason for survivor in score.survivors)
    assert MOVED in score.made
    assert sum(score.made.values()) > 600


def test_other_words_rarely_and_other_type_never_raise_an_alarm(library: Library) -> None:
    score = run_rewrites(library, every=EVERY)

    assert score.share_of_alarms <= 0.01
    assert score.typography_alarms == ()


def test_no_dose_of_the_library_is_withheld_when_it_is_quoted(library: Library) -> None:
    score = withheld_over_library(library)

    assert score.doses > 250
    assert score.withheld == ()


@pytest.mark.parametrize(
    ("operator", "text", "mutant"),
    [
        ("phase swapped", "Maintenance is 5 mg.", "Initial is 5 mg."),
        ("comparator reversed", "Give 5 mg if ferritin > 500 ng/mL.",
         "Give 5 mg if ferritin < 500 ng/mL."),
        ("threshold word changed", "Give 5 mg if ferritin is above 500 ng/mL.",
         "Give 5 mg if ferritin is below 500 ng/mL."),
        ("per week to per day", "Give 5 mg/week.", "Give 5 mg/day."),
        (USE_SWAPPED, "In obesity give 5 mg.", "In jaundice give 5 mg."),
    ],
)  # fmt: skip
def test_an_operator_changes_its_place(
    library: Library, operator: str, text: str, mutant: str
) -> None:
    uses = {"condition": [("obesity",), ("jaundice",)]}

    made = list(mutants(text, library.drugs, uses))

    assert Mutant(operator, mutant) in made
