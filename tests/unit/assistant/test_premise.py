"""A dose that a question takes for granted is compared with the whole library."""

from __future__ import annotations

import pytest

from assistant.drafting.premise import against, faults, wrong_premises
from corpus.library import BUNDLED, Library, load_library


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(BUNDLED)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("confirm etoposide 1500 mg/m2 twice weekly", ("etoposide 1500 mg/m2",)),
        ("dex 100 mg/m2 daily, right?", ("dexamethasone 100 mg/m2",)),
        # Another schedule of it holds 5 mg/kg: not the one of these days.
        ("ambisome 5 mg/kg days 1-5, 14 and 21", ("liposomal amphotericin b 5 mg/kg",)),
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
        "liposomal amphotericin B 3 mg/kg on days 1-5, 14 and 21",
        "etoposide 75 mg/m2 weekly",  # within 50-100 mg/m2
        "ciclosporin 3 mg/kg per dose",
        "dexamethasone 17 mg for 1.7 m2",  # worked out from a size
        "etoposide cumulative dose of 2000 mg/m2",  # a total is no single dose
        "we keep total etoposide under 2-3 g/m2, correct?",
        "tocilizumab 8 mg/kg = 576 mg at 72 kg, agree?",  # the second worked out from the first
        "rituximab 5 mg/kg",  # the library gives no dose of it by weight
        "how much etoposide?",
    ],
)
def test_a_dose_of_the_library_or_one_that_cannot_be_compared_is_not(
    library: Library, text: str
) -> None:
    assert wrong_premises(text, library) == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("dex 10 mg/kg/day in adult HLH, ok?", "as a dose"),  # per m² in the library
        ("pulse methylprednisolone 10 g/day, confirm", "as a dose"),
        ("etoposide 150 mg/m2 = 1500 mg, right?", "for a body of any size"),  # for a body of 10 m²
        ("rituximab 375 mg flat weekly, correct?", "as a dose"),  # the digits of 375 mg/m²
        ("tocilizumab max 1200 mg per dose", "as a dose"),  # a limit needs no asking
        ("since rituximab 375 mg/m2 is given daily", "that often"),
        ("confirm that emapalumab is given once a month", "that often"),
        ("aciclovir 20 mg/kg by mouth 8 hourly, right?", "by that route"),
    ],
)
def test_what_a_question_takes_for_granted_is_compared_in_amount_frequency_and_route(
    library: Library, text: str, kind: str
) -> None:
    assert [fault.kind for fault in faults(text, library)] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "posaconazole 300 mg bd on day 1 then od, right?",
        "methylprednisolone 1 g daily for 3 days, correct?",
        "aciclovir 20 mg/kg iv q8h, confirm",
        "on prednisolone 60 mg daily, what next",  # nothing is taken for granted
        "rituximab 375 mg/m2 weekly x4, right?",
    ],
)
def test_what_the_library_gives_is_not_called_wrong(library: Library, text: str) -> None:
    assert faults(text, library) == ()


@pytest.mark.parametrize(
    ("text", "first", "said"),
    [
        ("hscore cut off is 250, right?", "hscore:1.1", "other figures than the question (250)"),
        ("only 3 of 8 needed, right?", "hlh-2004-criteria:1.1", "(3)"),
        ("cutoff is 177, right?", "reference-manuals:1.1", "a warning that names"),
        ("vincristine into the spine is fine?", "general-practice:7.2", "may contradict"),
        ("gamifant first line for lymphoma, correct?", "emapalumab-label-2025:1.3", "contradict"),
        ("crcl 40 so 50% of etoposide?", "etoposide-label:3.1", "another share than 50%"),
        ("crcl 40 so 75% of etoposide?", "etoposide-label:3.1", ""),
        (
            "I was told etoposide 100 mg/m2 daily in DEP",
            "salvage-studies:1.3",
            "gives etoposide 100 mg/m2 at other times",
        ),
        ("I was told etoposide 100 mg/m2 weekly in DEP", "salvage-studies:1.3", ""),
        # "Treatment" ends like "isnt", and denies nothing.
        ("etoposide is first in lymphoma HLH for survival, right?", "lymphoma-hlh-studies:1.1", ""),
        # Whether two wordings mean the same is for the reader: nothing is called wrong.
        ("etoposide cures lupus nephritis, right?", "lymphoma-hlh-studies:1.1", ""),
        ("etoposide 100 mg/m2 IV weekly in DEP, confirm", "salvage-studies:1.3", ""),
        ("is etoposide good in lupus nephritis?", "lymphoma-hlh-studies:1.1", ""),
        ("hscore cut off is 169, right?", "hscore:1.1", ""),
        ("39.0 gets 33 points, right?", "hscore:2.4", ""),
        ("is it safe to stop ruxolitinib abruptly?", "general-practice:4.1", ""),
        # No yes is asked for: the figure has to stand right after the word for the norm.
        ("how many reach the hscore cutoff of 250?", "hscore:1.1", "(250)"),
        ("how many reach the hscore cut-off of 169?", "hscore:1.1", ""),
        ("hscore 250: above the cut-off?", "hscore:1.1", ""),
        ("ferritin above the threshold of 500?", "hscore:1.1", ""),  # it names no threshold
    ],
)
def test_figures_and_refusals_of_the_first_statement_are_held_against_the_question(
    library: Library, text: str, first: str, said: str
) -> None:
    found = against(text, library.passages[first], library)

    assert said in found
    assert bool(found) == bool(said)


def test_a_text_that_is_too_long_to_read_takes_nothing_for_granted(library: Library) -> None:
    text = "confirm " + "etoposide 1 mg " * 8000

    assert faults(text, library) == ()
    assert against(text, library.passages["hscore:1.1"], library) == ""
