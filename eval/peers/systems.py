"""The systems by name, opened over one library and one model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from corpus.library import Library
from eval.peers import statements
from eval.peers.langchain import LangChain
from eval.peers.port import Baseline, ChunkIndex, Framework
from eval.peers.stuffing import Holdings, Stuffing
from eval.peers.txtai import Txtai
from eval.peers.vectors import prepare
from eval.runner import texts_on_disk
from index.ports import Embedder

OURS = "ours"
FRAMEWORKS: Mapping[str, Framework] = {"langchain": LangChain(), "txtai": Txtai()}
BASELINES = ("bm25", "dense", "hybrid", *FRAMEWORKS)


def open_baselines(
    names: Sequence[str],
    library: Library,
    embedder: Callable[[], Embedder],
    folder: Path,
    *,
    weight: float,
) -> Mapping[str, Baseline]:
    """The named baselines; MissingExtra when one needs a framework that is not installed.

    Each gets an embedder of its own: an embedder remembers queries, and the time of a question
    would be that of the first system to ask it. Vectors are kept below ``folder``; ``weight`` is
    the share of the meaning in the hybrid.
    """
    holdings = Holdings(library)
    return {
        name: Stuffing(_index(name, library, embedder(), folder, weight), holdings)
        for name in names
    }


def _index(
    name: str, library: Library, embedder: Embedder, folder: Path, weight: float
) -> ChunkIndex:
    if name == "bm25":
        return statements.bm25(library)
    # Before a framework imports torch: loading the model sets how its threads wait.
    embedder.embed([library.vocabulary.subject])
    if name == "dense":
        return statements.dense(library, embedder, folder)
    if name == "hybrid":
        return statements.hybrid(library, embedder, folder, weight=weight)
    framework = FRAMEWORKS[name]
    chunks = framework.cut(texts_on_disk(library))
    prepared = prepare([chunk.text for chunk in chunks], embedder, folder)
    return framework.open(chunks, prepared)
