"""``python -m eval train``: train the library's adapter of the embedding model.

A question and a statement that answers it are drawn together, and apart from the other statements
of the batch and one that does not answer (contrastive loss over cosines). The questions are the
editor's own of every statement; ``eval/training/asked.jsonl`` holds grades for a part of them
(2 answers, 0 does not), and for the others what lies near without being nearly the same stands for
what does not answer. No evaluation question is used. Takes about 15 minutes on two cores.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.library import open_library
from assistant.settings import FILE, load_settings
from corpus.library import Library
from index.adapter import CARD, PARTS, SCALE, WEIGHTS
from index.encoder import BUNDLED_SHA256, SentenceEncoder
from index.encoder import WEIGHTS as MODEL_WEIGHTS

if TYPE_CHECKING:
    import torch
    from torch.nn import Module

GRADED = Path(__file__).with_name("training") / "asked.jsonl"
RANK, EPOCHS, BATCH, RATE, TEMPERATURE, SEED = 16, 3, 16, 6e-4, 0.05, 1
WARM_UP = 40  # steps until the full rate
NEAR, ALIKE, WRONG = 20, 0.8, 4  # nearest statements looked at, too alike to be wrong, taken


@dataclass(frozen=True, slots=True)
class Example:
    """A question, the statements that answer it and some that do not, by passage id."""

    question: str
    right: tuple[str, ...]
    wrong: tuple[str, ...]


def main(argv: Sequence[str], environ: Mapping[str, str] = os.environ) -> int:
    """Train and write adapter.safetensors and adapter.toml into the library's folder."""
    parser = argparse.ArgumentParser(
        prog="python -m eval train",
        description="Train the library's adapter of the embedding model and write it beside the "
        "library. Build the index again and fit the weights afterwards: python -m assistant index, "
        "python -m eval fit.",
    )
    parser.add_argument("--epochs", type=int, default=EPOCHS)
    epochs = parser.parse_args(argv).epochs
    library = open_library(load_settings(FILE, environ))
    examples = examples_of(library, load_graded())
    print(f"{len(examples)} questions, {len(library.passages)} statements", file=sys.stderr)
    tensors = trained(examples, library, epochs)
    print(f"written: {write_adapter(tensors, library.folder)}")
    return 0


def examples_of(library: Library, graded: Mapping[str, Mapping[str, int]]) -> list[Example]:
    """One example for each of the editor's questions, the same each time."""
    rng = random.Random(SEED)
    encoder = SentenceEncoder()
    ids = list(library.passages)
    statements = encoder.embed([library.passages[id_].text for id_ in ids])
    place = {id_: at for at, id_ in enumerate(ids)}
    examples = []
    for id_, questions in library.asked.items():
        for question, vector in zip(questions, encoder.embed(list(questions)), strict=True):
            grades = graded.get(question, {})
            right = tuple(p for p, grade in grades.items() if grade == 2 and p in place) or (id_,)
            wrong = tuple(p for p, grade in grades.items() if grade == 0 and p in place)
            if not wrong:
                order = np.argsort(-(statements @ vector), kind="stable")[: 2 * NEAR]
                alike = statements[order] @ statements[place[id_]]
                near = [ids[k] for k, cosine in zip(order, alike, strict=True) if cosine < ALIKE]
                wrong = tuple(rng.sample(near[:NEAR], min(WRONG, len(near[:NEAR]))))
            if wrong:
                examples.append(Example(question, right, wrong))
    return examples


def write_adapter(tensors: Mapping[str, torch.Tensor], folder: Path) -> str:
    """Both files, the card last; returns the hash of the weights."""
    from safetensors.torch import save

    content = save(dict(tensors))
    sha256 = hashlib.sha256(content).hexdigest()
    (folder / WEIGHTS).write_bytes(content)
    (folder / CARD).write_text(
        "# Written by `python -m eval train`: a low-rank adapter of the embedding model, trained\n"
        "# on the questions of `asked/` and the grades of eval/training.\n"
        f'sha256 = "{sha256}"\nbase = "{BUNDLED_SHA256[MODEL_WEIGHTS]}"\n',
        "utf-8",
    )
    return sha256


def load_graded(path: Path = GRADED) -> dict[str, Mapping[str, int]]:
    """The grades of statements by question, of the questions that have some."""
    lines = (json.loads(line) for line in path.read_text("utf-8").splitlines())
    return {entry["question"]: entry["grades"] for entry in lines}


def trained(examples: Sequence[Example], library: Library, epochs: int) -> dict[str, Any]:
    """The two factors of every adapted matrix, by the name of the matrix and ".a" or ".b"."""
    import torch
    from tqdm import tqdm

    torch.manual_seed(SEED)
    rng = random.Random(SEED)
    encoder = SentenceEncoder()
    model = encoder.sentence_transformer()
    changes = _adapted(model[0].auto_model)
    parameters = [tensor for pair in changes.values() for tensor in pair]
    optimiser = torch.optim.AdamW(parameters, lr=RATE, weight_decay=0.01)
    steps = epochs * (len(examples) // BATCH)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda at: min(1.0, (at + 1) / WARM_UP) * max(0.02, 1 - at / steps)
    )
    order = list(examples)
    with tqdm(total=steps, unit="step", file=sys.stderr, disable=None) as bar:
        for _ in range(epochs):
            rng.shuffle(order)
            for start in range(0, len(order) - BATCH + 1, BATCH):
                loss = _loss(model, order[start : start + BATCH], library, rng)
                optimiser.zero_grad()
                loss.backward()
                torch.nn.utils.clip_grad_norm_(parameters, 1.0)
                optimiser.step()
                schedule.step()
                bar.set_postfix(loss=f"{loss.item():.3f}", refresh=False)
                bar.update()
    return {
        f"{name}.{part}": tensor.detach().half().contiguous()
        for name, pair in changes.items()
        for part, tensor in zip("ab", pair, strict=True)
    }


def _adapted(transformer: Module) -> dict[str, tuple[Any, Any]]:
    """The two factors of each adapted matrix, wired into the transformer; nothing else trains."""
    import torch

    for parameter in transformer.parameters():
        parameter.requires_grad = False
    changes = {}
    layers: Any = transformer.encoder
    for number in range(len(layers.layer)):
        for part in PARTS:
            name = f"encoder.layer.{number}.{part}"
            linear: Any = transformer.get_submodule(name)
            width, depth = linear.in_features, linear.out_features
            a = torch.nn.Parameter(torch.randn(RANK, width) / width**0.5)
            b = torch.nn.Parameter(torch.zeros(depth, RANK))
            # The hook adds to what the matrix gives: the sum is that of the changed matrix.
            linear.register_forward_hook(
                lambda _, given, made, a=a, b=b: made + SCALE * (given[0] @ a.T) @ b.T
            )
            changes[name] = (a, b)
    return changes


def _loss(model: Any, batch: Sequence[Example], library: Library, rng: random.Random) -> Any:
    import torch

    right = [rng.choice(example.right) for example in batch]
    shown = right + [rng.choice(example.wrong) for example in batch]
    texts = [example.question for example in batch] + [library.passages[id_].text for id_ in shown]
    vectors = _vectors(model, texts)
    scores = vectors[: len(batch)] @ vectors[len(batch) :].T / TEMPERATURE
    # Another question's answer that answers this one too is not to be pushed away.
    also = torch.tensor(
        [
            [at != own and id_ in example.right for at, id_ in enumerate(shown)]
            for own, example in enumerate(batch)
        ]
    )
    scores = scores.masked_fill(also, -1e4)
    return torch.nn.functional.cross_entropy(scores, torch.arange(len(batch)))


def _vectors(model: Any, texts: Sequence[str], chunk: int = 16) -> Any:
    """Unit rows with gradients, short texts together: padding costs as much as words."""
    import torch

    order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
    rows: list[Any] = [None] * len(texts)
    for start in range(0, len(order), chunk):
        part = order[start : start + chunk]
        features = model.preprocess([texts[at] for at in part])
        made = torch.nn.functional.normalize(model(features)["sentence_embedding"], dim=1)
        for at, row in zip(part, made, strict=True):
            rows[at] = row
    return torch.stack(rows)
