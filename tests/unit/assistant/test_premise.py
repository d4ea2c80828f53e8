"""A dose that a question takes for granted is compared with the whole library."""

from __future__ import annotations

import pytest

from assistant.drafting.premise import wrong_premises
from corpus.library import BUNDLED, Library, load_library


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(BUNDLED)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("confirm etoposide 1500 mg/m2 twice weekly", ("etoposide 1500 mg/m2",)),
        ("dex 100 mg/m2 daily, right?", ("dexamethasone 100 mg/m2",)),
    ],
)
def test_a_dose_that_no_statement_gives_is_named(
    library: Library, text: str, wrong: tuple[str, ...]
) -> None:
    assert wrong_premises(text, library) == wrong


@pytest.mark.parametrize(
    "text",
    [
        "etoposide 150 mg/m2 twice weekly, ok?",
        "etoposide 75 mg/m2 weekly",  # within 50-100 mg/m2
        "ciclosporin 3 mg/kg per dose",
        "dexamethasone 17 mg for 1.7 m2",  # worked out from a size
        "etoposide cumulative dose of 2000 mg/m2",  # a total is no single dose
        "rituximab 5 mg/kg",  # the library gives no dose of it by weight
        "how much etoposide?",
    ],
)
def test_a_dose_of_the_library_or_one_that_cannot_be_compared_is_not(
    library: Library, text: str
) -> None:
    assert wrong_premises(text, library) == ()
