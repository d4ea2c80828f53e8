"""A low-rank adapter of the bundled embedding model, as a part of a library.

It is trained on the questions that a library's statements answer (``python -m eval train``), so
that a question and its statement come to lie closer together. Each adapted matrix W of the model
becomes W + SCALE * B A (LoRA, Hu et al. 2021, arXiv:2106.09685) once, when the model is loaded:
encoding takes no longer. The file lies beside the library; without it the model is as published.
"""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load_file

from index.errors import ModelAltered, ModelRefused

CARD = "adapter.toml"
WEIGHTS = "adapter.safetensors"
SCALE = 2.0
PARTS = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The matrices of each layer of the transformer that are adapted."""
_REMEDY = "Restore the folder of the library, or remove both files to use the model as published."


@dataclass(frozen=True, slots=True)
class Adapter:
    """The files of an adapter; ``base`` is the SHA-256 of the weights that it adapts."""

    path: Path
    sha256: str
    base: str

    def verify(self, base: str) -> None:
        """ModelAltered or ModelRefused unless the file is the one of its card, for this model."""
        if not self.path.is_file():
            raise ModelRefused(self.path, f"is missing. {_REMEDY}")
        with self.path.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if found != self.sha256:
            raise ModelAltered(self.path, self.sha256, found, _REMEDY)
        if base != self.base:
            raise ModelRefused(self.path, f"adapts another model ({self.base[:12]}). {_REMEDY}")

    def apply(self, transformer: Any) -> None:
        """Add the adapter to the matrices of a torch module; ModelRefused where it has others."""
        try:
            tensors = load_file(str(self.path))
            matrices = dict(transformer.named_parameters())
            names = {name.removesuffix(".a") for name in tensors if name.endswith(".a")}
            for name in sorted(names):
                a, b = (tensors[f"{name}.{part}"].astype(np.float32) for part in "ab")
                matrix = matrices[f"{name}.weight"].data
                matrix.add_(matrix.new_tensor(SCALE * (b @ a)))
        except (SafetensorError, OSError, KeyError, RuntimeError, ValueError) as error:
            raise ModelRefused(self.path, f"does not fit the model ({error}). {_REMEDY}") from error


def adapter_of(library: Path) -> Adapter | None:
    """The adapter in the folder of a library, if it has one; ModelRefused for a broken card."""
    card = library / CARD
    if not card.is_file():
        return None
    try:
        content = tomllib.loads(card.read_text("utf-8"))
        return Adapter(library / WEIGHTS, str(content["sha256"]), str(content["base"]))
    except (OSError, ValueError, KeyError) as error:
        raise ModelRefused(card, f"can't be read ({error}). {_REMEDY}") from error
