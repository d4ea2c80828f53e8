"""The order of what was found: features, weights, and what is set by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.model import Patient, Question
from assistant.relevance import OTHER_AGE, SAME_AGE, Relevance
from assistant.understanding import understand
from corpus.library import BUNDLED, Library, load_library
from index.model import Retrieved


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(BUNDLED)


def found(library: Library, *ids: str) -> tuple[Retrieved, ...]:
    return tuple(
        Retrieved(
            passage=library.passages[id_],
            score=0.5,
            rank=rank,
            dense=0.4,
            asked=None,
            keyword=2.0,
        )
        for rank, id_ in enumerate(ids, 1)
    )


def a_model(library: Library, **weights: float) -> Relevance:
    return Relevance(library, weights, 0.0)


def test_a_logit_is_the_weighted_sum_of_the_features(library: Library) -> None:
    understanding = understand(Question(text="hscore cut-off"), library)
    pool = found(library, "hscore:1.1")

    logits = Relevance(library, {"dense": 2.0, "fused": 1.0}, -1.0).logits(understanding, pool)

    assert logits == {"hscore:1.1": pytest.approx(-1.0 + 2 * 0.4 + 0.5)}


def test_a_statement_on_the_drug_that_was_asked_for_is_told_from_another(library: Library) -> None:
    etoposide = next(
        p.id for p in library.passages.values() if p.statement.facets.drugs == ("etoposide",)
    )
    anakinra = next(
        p.id for p in library.passages.values() if p.statement.facets.drugs == ("anakinra",)
    )
    understanding = understand(Question(text="etoposide dose in HLH"), library)

    logits = a_model(library, drug=1.0, drug_missing=-1.0).logits(
        understanding, found(library, etoposide, anakinra)
    )

    assert logits == {etoposide: 1.0, anakinra: -1.0}


def test_a_dose_of_another_age_never_stands_in_for_the_patients(library: Library) -> None:
    pool = found(library, *library.passages)
    question = Question(text="intrathecal methotrexate in HLH", patient=Patient(age_years=2.0))
    understanding = understand(question, library)

    logits = a_model(library).logits(understanding, pool)

    assert {OTHER_AGE, SAME_AGE, 0.0} == set(logits.values())


def test_the_written_weights_are_of_features_that_exist(library: Library) -> None:
    model = Relevance.load(library)
    understanding = understand(Question(text="etoposide dose in HLH"), library)

    (values,) = model.features(understanding, found(library, "hscore:1.1"))

    assert set(model.weights) <= set(values)
    assert all(
        0 <= value <= 1 or name in {"dense", "asked", "best"}
        for name, value in values.items()
        if name != "keyword_absolute"
    )


def test_weights_are_read_from_a_file(library: Library, tmp_path: Path) -> None:
    path = tmp_path / "weights.toml"
    path.write_text('intercept = -2.0\n[weights]\n"dense" = 3.0\n', encoding="utf-8")

    model = Relevance.load(library, path)

    assert (model.intercept, model.weights) == (-2.0, {"dense": 3.0})
