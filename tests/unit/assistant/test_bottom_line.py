"""What stands on top of an answer without a plan, and how much stands below it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from assistant.drafting.quote import BOTTOM_LINE, QuotingDrafter
from assistant.model import Draft, Evidence, Outcome, Patient, Question
from assistant.understanding import understand
from corpus.library import Library
from index.model import Retrieved
from tests.builders import a_library, a_statement

DOSE = {"drugs": "dexamethasone", "role": "dose"}


def a_draft_of(
    library: Library, text: str, logits: Mapping[str, float], patient: Patient | None = None
) -> Draft:
    """What is drafted where these statements were found, with these logits."""
    question = Question(text=text, patient=patient or Patient())
    ranked = sorted(logits, key=lambda number: -logits[number])
    pool = tuple(
        Retrieved(
            passage=library.passages[f"example-2024:{number}"],
            score=0.9,
            rank=rank,
            dense=0.9,
            asked=None,
            keyword=9.0,
        )
        for rank, number in enumerate(ranked, 1)
    )
    evidence = Evidence(
        question=question,
        understanding=understand(question, library),
        pool=pool,
        logits={f"example-2024:{number}": logit for number, logit in logits.items()},
    )
    return QuotingDrafter(library).draft(evidence)


def on_top(draft: Draft) -> list[str]:
    return [claim.text for claim in draft.claims if claim.section == BOTTOM_LINE]


def test_the_likeliest_statement_is_the_bottom_line(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_statement("1", "Examplitis: dexamethasone 10 mg/m² daily.", **DOSE),
        a_statement("2", "Examplitis: watch the blood pressure on dexamethasone.", **DOSE),
    )

    draft = a_draft_of(library, "examplitis and dexamethasone", {"1": 2.0, "2": 4.0})

    assert on_top(draft) == ["Examplitis: watch the blood pressure on dexamethasone."]


def test_a_question_of_the_dose_has_one_on_top_though_another_is_likelier(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_statement("1", "Examplitis: dexamethasone 10 mg/m² daily.", **DOSE),
        a_statement("2", "Examplitis: watch the blood pressure on dexamethasone.", **DOSE),
    )

    draft = a_draft_of(library, "examplitis dexamethasone dose", {"1": 2.0, "2": 4.0})

    assert on_top(draft) == ["Examplitis: dexamethasone 10 mg/m² daily."]


def test_h21_a_dose_that_no_statement_gives_is_met_by_the_librarys_own(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_statement("1", "Examplitis: dexamethasone to a total of 100 mg/m².", **DOSE),
        a_statement("2", "Examplitis: dexamethasone 10 mg/m² daily.", **DOSE),
    )

    draft = a_draft_of(
        library, "confirm dexamethasone 100 mg/m2 daily in examplitis", {"1": 4.0, "2": 3.0}
    )

    assert draft.outcome is Outcome.LIMITED
    assert draft.reason.startswith("No statement of the library gives dexamethasone 100 mg/m2")
    assert on_top(draft) == ["Examplitis: dexamethasone 10 mg/m² daily."]


def test_a_dose_that_the_library_rejects_is_met_by_that_sentence(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_statement("1", "Examplitis: dexamethasone 10 mg/m² daily.", **DOSE),
        a_statement("2", "Examplitis: do not give dexamethasone 100 mg/m².", **DOSE),
    )

    draft = a_draft_of(
        library, "can I give dexamethasone 100 mg/m2 in examplitis", {"1": 5.0, "2": 1.0}
    )

    assert on_top(draft) == ["Examplitis: do not give dexamethasone 100 mg/m²."]
    assert "Examplitis: dexamethasone 10 mg/m² daily." in [claim.text for claim in draft.claims]


@pytest.mark.parametrize(("ahead", "first"), [(1.0, "after"), (2.0, "slowly")])
def test_a_question_of_when_is_met_by_a_time_unless_another_fits_far_better(
    tmp_path: Path, ahead: float, first: str
) -> None:
    library = a_library(
        tmp_path,
        a_statement("1", "Examplitis: inject dexamethasone slowly.", **DOSE),
        a_statement("2", "Examplitis: dexamethasone starts after the biopsy.", **DOSE),
    )

    draft = a_draft_of(
        library, "when do I start dexamethasone in examplitis", {"1": 2.0 + ahead, "2": 2.0}
    )

    assert first in on_top(draft)[0]


def test_what_is_far_less_likely_than_the_best_is_left_out(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        *(a_statement(str(n), f"Examplitis: fact {n} of it is so.") for n in range(1, 12)),
    )

    near = a_draft_of(library, "examplitis facts", {str(n): 3.0 for n in range(1, 12)})
    far = a_draft_of(library, "examplitis facts", {"1": 9.0, "2": 8.5, "3": 0.0})

    assert len(near.claims) > len(far.claims)
    assert ("example-2024:3",) in [claim.cites for claim in near.claims]
    assert ("example-2024:3",) not in [claim.cites for claim in far.claims]


def test_what_was_read_nowhere_gives_way_to_what_was_read(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_statement("1", "Examplitis: options are recalled to be many.", verified="background"),
        a_statement("2", "Examplitis: options are few."),
    )

    draft = a_draft_of(library, "examplitis options", {"1": 3.0, "2": 2.0})

    assert on_top(draft) == ["Examplitis: options are few."]


def test_a_dose_that_nobody_gives_brings_the_librarys_own_from_far_below(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_statement("1", "Examplitis: dexamethasone 10 mg/m² daily.", **DOSE),
        a_statement("2", "Examplitis: take dexamethasone with food.", **DOSE),
    )

    draft = a_draft_of(
        library, "dexamethasone 100 mg/m2 daily in examplitis, right?", {"1": -3.0, "2": 5.0}
    )

    assert on_top(draft) == ["Examplitis: dexamethasone 10 mg/m² daily."]


def test_h15_a_dose_for_another_weight_is_neither_on_top_nor_beside(tmp_path: Path) -> None:
    library = a_library(
        tmp_path,
        a_statement("1", "Examplitis, under 45 kg: dexamethasone 2 mg/kg daily.", **DOSE),
        a_statement("2", "Examplitis, 45 kg or more: dexamethasone 100 mg daily.", **DOSE),
    )
    logits = {"1": 4.0, "2": 3.0}

    heavy = a_draft_of(library, "examplitis dexamethasone dose", logits, Patient(weight_kg=47))
    light = a_draft_of(library, "examplitis dexamethasone dose", logits, Patient(weight_kg=44))

    assert [c.cites for c in heavy.claims] == [("example-2024:2",)]
    assert [c.cites for c in light.claims] == [("example-2024:1",)]
