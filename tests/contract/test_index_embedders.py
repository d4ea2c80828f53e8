"""What every embedder promises, asked of the hashing one and of the real model."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.encoder import BUNDLED_NAME, SentenceEncoder
from index.hashing import HashingEmbedder
from index.ports import Embedder

TEXTS = (
    "Dexamethasone 10 mg/m² once daily for 2 weeks.",
    "Children",
    "Etoposide 150 mg/m² twice weekly in weeks 1 and 2, then weekly until week 8. " * 12,
    "Neutrophils below 0.5 × 10⁹/L.",
    "Children",
    "",
)


@pytest.fixture(scope="session")
def encoder() -> SentenceEncoder:
    return SentenceEncoder()


@pytest.fixture(params=["hashing", "model"])
def embedder(request: pytest.FixtureRequest, encoder: SentenceEncoder) -> Embedder:
    return HashingEmbedder() if request.param == "hashing" else encoder


def test_rows_are_finite_unit_vectors_of_the_stated_length(embedder: Embedder) -> None:
    rows = embedder.embed(TEXTS)

    assert rows.shape == (len(TEXTS), embedder.dim)
    assert rows.dtype == np.float32
    assert np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5)


def test_no_text_gives_no_row(embedder: Embedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dim)


def test_rows_stand_in_the_order_of_the_texts(embedder: Embedder) -> None:
    forwards = embedder.embed(TEXTS)
    backwards = embedder.embed(TEXTS[::-1])

    assert np.allclose(forwards, backwards[::-1], atol=1e-5)


def test_a_text_has_one_vector_alone_or_in_company(embedder: Embedder) -> None:
    together = embedder.embed(TEXTS)
    alone = np.vstack([embedder.embed([text]) for text in TEXTS])

    assert np.allclose(together, alone, atol=1e-5)


def test_the_same_query_twice_gives_the_same_bytes(embedder: Embedder) -> None:
    first = embedder.embed(["etoposide dose"]).tobytes()
    embedder.embed(["another question"])

    assert embedder.embed(["etoposide dose"]).tobytes() == first


def test_a_text_is_nearest_to_itself(embedder: Embedder) -> None:
    texts = tuple(dict.fromkeys(TEXTS))
    rows = embedder.embed(texts)

    assert (rows @ rows.T).argmax(axis=1).tolist() == list(range(len(texts)))


def test_the_model_sees_meaning_where_no_word_is_shared(encoder: SentenceEncoder) -> None:
    question, close, far = encoder.embed(
        ["kidney failure", "renal impairment", "platelet transfusion"]
    )

    assert question @ close > question @ far


def test_the_name_and_length_of_the_model_are_known_without_loading_it() -> None:
    code = (
        "import sys; from index.encoder import SentenceEncoder; e = SentenceEncoder(); "
        "print(e.name, e.dim, 'torch' in sys.modules, 'sentence_transformers' in sys.modules)"
    )

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.split() == [BUNDLED_NAME, "384", "False", "False"]


def test_the_stated_length_is_that_of_the_loaded_model(encoder: SentenceEncoder) -> None:
    encoder.load()

    assert encoder.embed(["one"]).shape[1] == encoder.dim == SentenceEncoder(encoder.folder).dim
