"""The adapter of a library: verified, applied once, and part of the name of the model."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from index.adapter import CARD, WEIGHTS, Adapter, adapter_of
from index.encoder import BUNDLED_NAME, BUNDLED_SHA256, SentenceEncoder
from index.errors import ModelAltered, ModelRefused

BASE = BUNDLED_SHA256["model.safetensors"]
NAME = "encoder.layer.5.output.dense"
TEXT = "dexamethasone in the first week"


def an_adapter(folder: Path, *, change: float = 1.0, name: str = NAME, base: str = BASE) -> Path:
    """A folder with an adapter of rank 1 of one matrix of the bundled model."""
    torch.manual_seed(0)
    tensors = {f"{name}.a": torch.randn(1, 1536).half() / 40}
    tensors[f"{name}.b"] = change * torch.randn(384, 1).half() / 4
    save_file(tensors, str(folder / WEIGHTS))
    sha256 = hashlib.sha256((folder / WEIGHTS).read_bytes()).hexdigest()
    (folder / CARD).write_text(f'sha256 = "{sha256}"\nbase = "{base}"\n', "utf-8")
    return folder


def adapter(folder: Path) -> Adapter:
    found = adapter_of(folder)
    assert found is not None
    return found


def test_a_library_without_a_card_has_none(tmp_path: Path) -> None:
    assert adapter_of(tmp_path) is None


@pytest.mark.parametrize("card", ["sha256 =", 'sha256 = "1"', ""])
def test_a_card_that_can_not_be_read_is_refused_by_name(tmp_path: Path, card: str) -> None:
    (tmp_path / CARD).write_text(card, "utf-8")

    with pytest.raises(ModelRefused, match=r"adapter\.toml.*can't be read"):
        adapter_of(tmp_path)


def test_an_altered_a_missing_and_a_strange_file_are_refused(tmp_path: Path) -> None:
    found = adapter(an_adapter(tmp_path))
    found.verify(BASE)
    with pytest.raises(ModelRefused, match="adapts another model"):
        found.verify("0" * 64)
    found.path.write_bytes(found.path.read_bytes() + b" ")
    with pytest.raises(ModelAltered):
        found.verify(BASE)
    found.path.unlink()
    with pytest.raises(ModelRefused, match="is missing"):
        found.verify(BASE)


def test_the_name_tells_adapters_apart_and_the_vectors_change(tmp_path: Path) -> None:
    plain, changed = SentenceEncoder(), SentenceEncoder(adapter=adapter(an_adapter(tmp_path)))

    assert plain.name == BUNDLED_NAME
    assert changed.name == f"{BUNDLED_NAME}+{adapter(tmp_path).sha256[:12]}"
    cosine = float((plain.embed([TEXT]) @ changed.embed([TEXT]).T)[0, 0])
    assert 0.5 < cosine < 0.999


def test_an_adapter_that_adds_nothing_changes_nothing(tmp_path: Path) -> None:
    encoder = SentenceEncoder(adapter=adapter(an_adapter(tmp_path, change=0.0)))

    assert np.array_equal(encoder.embed([TEXT]), SentenceEncoder().embed([TEXT]))


def test_an_adapter_of_a_matrix_that_the_model_lacks_is_refused(tmp_path: Path) -> None:
    found = adapter(an_adapter(tmp_path, name="encoder.layer.9.output.dense"))

    with pytest.raises(ModelRefused, match="does not fit the model"):
        SentenceEncoder(adapter=found).load()
