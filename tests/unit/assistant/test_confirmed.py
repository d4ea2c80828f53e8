"""What a question takes for granted is confirmed by the same dose, and by nothing else."""

from __future__ import annotations

import pytest

from assistant.drafting.confirmed import confirms
from assistant.drafting.granted import takes_for_granted
from corpus.library import BUNDLED, Library, load_library


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(BUNDLED)


@pytest.mark.parametrize(
    "text",
    [
        "etoposide 150 mg/m2 twice weekly, right?",
        "since ciclosporin comes first, when methylpred?",
        "why is etoposide the first drug for it?",
        "plasma exchange being an established treatment, how many sessions",
        "the guidelines recommend G-CSF, what dose",
        "DEP every day for 2 weeks, sign off?",
        "I'd start 4 mg/kg once daily",
    ],
)
def test_a_wording_that_takes_something_for_granted_is_told(text: str) -> None:
    assert takes_for_granted(text)


@pytest.mark.parametrize(
    "text", ["etoposide dose?", "which drug is first line in MAS", "how long is dex given"]
)
def test_a_plain_question_takes_nothing_for_granted(text: str) -> None:
    assert not takes_for_granted(text)


@pytest.mark.parametrize(
    ("text", "passage", "confirmed"),
    [
        ("etoposide 100 mg/m2 IV once weekly in DEP, right?", "salvage-studies:1.3", True),
        ("etoposide 100 mg/m2 IV daily in DEP, right?", "salvage-studies:1.3", False),
        ("etoposide 200 mg/m2 IV once weekly in DEP, right?", "salvage-studies:1.3", False),
        ("no etoposide 100 mg/m2 IV once weekly in DEP, right?", "salvage-studies:1.3", False),
        # Neither the same words nor the same figures say the same: see which protocol waited.
        ("hscore cut off is 169, right?", "hscore:1.1", False),
    ],
)
def test_only_the_same_dose_confirms(
    library: Library, text: str, passage: str, confirmed: bool
) -> None:
    assert confirms(library.passages[passage], text, library) is confirmed
