"""txtai at its default settings; the only importer of txtai.

Documents are cut at blank lines (Segmentation with paragraphs), searched by meaning with its
default index, and the three best are the context. Source: the defaults of txtai 9.14.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.peers.missing import needed
from eval.peers.port import Chunk, ChunkIndex
from index.ports import Embedder, Vectors

SHOWN = 3


@dataclass(frozen=True)
class Txtai:
    """Its search with its splitter, up to the language model."""

    def cut(self, texts: Mapping[str, str]) -> tuple[Chunk, ...]:
        """The paragraphs of these texts, by id, in their order."""
        with needed("txtai"):
            from txtai.pipeline import Segmentation

        paragraphs = Segmentation(paragraphs=True)
        return tuple(
            Chunk(text=piece, source=id_)
            for id_, text in texts.items()
            for piece in paragraphs(text)
        )

    def open(self, chunks: tuple[Chunk, ...], embedder: Embedder) -> ChunkIndex:
        """The chunks in an index in memory."""
        with needed("txtai"):
            from txtai import Embeddings

        def transform(texts: Sequence[str]) -> Vectors:
            return embedder.embed(list(texts))

        index = Embeddings({"method": "external", "transform": transform})
        index.index((at, chunk.text, None) for at, chunk in enumerate(chunks))

        def find(query: str, n: int) -> Sequence[int]:
            return tuple(int(at) for at, _ in index.search(query, n))

        return ChunkIndex(chunks=chunks, shown=SHOWN, find=find)
