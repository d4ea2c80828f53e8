"""A plain LangChain pipeline as its tutorials build it; the one importer of its splitter and store.

Documents are cut by RecursiveCharacterTextSplitter at 1,000 characters with 200 of overlap, kept
in Chroma, and the four nearest chunks are stuffed into the prompt. Source: LangChain's tutorial
"Build a Retrieval Augmented Generation (RAG) app", and the default k of its vector stores.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from eval.peers.missing import needed
from eval.peers.port import Chunk, ChunkIndex
from index.ports import Embedder

CHUNK_SIZE = 1000  # characters
CHUNK_OVERLAP = 200  # characters
SHOWN = 4


@dataclass(frozen=True)
class LangChain:
    """The tutorial's pipeline, up to the language model."""

    def cut(self, texts: Mapping[str, str]) -> tuple[Chunk, ...]:
        """The chunks of these texts, by id, in their order."""
        with needed("langchain"):
            from langchain_text_splitters import RecursiveCharacterTextSplitter

        splitter = RecursiveCharacterTextSplitter(
            chunk_size=CHUNK_SIZE, chunk_overlap=CHUNK_OVERLAP
        )
        return tuple(
            Chunk(text=piece, source=id_)
            for id_, text in texts.items()
            for piece in splitter.split_text(text)
        )

    def open(self, chunks: tuple[Chunk, ...], embedder: Embedder) -> ChunkIndex:
        """The chunks in a Chroma collection of their own, in memory."""
        with needed("langchain"):
            from chromadb.config import Settings
            from langchain_chroma import Chroma

        store = Chroma.from_texts(
            [chunk.text for chunk in chunks],
            _Embeddings(embedder),
            metadatas=[{"at": at} for at in range(len(chunks))],
            ids=[str(at) for at in range(len(chunks))],
            collection_name=f"peers-{uuid.uuid4().hex}",  # collections of a process share a place
            client_settings=Settings(anonymized_telemetry=False),
            # A graph built by several threads is another one each time.
            collection_configuration={"hnsw": {"num_threads": 1}},
        )

        def find(query: str, n: int) -> Sequence[int]:
            found = store.similarity_search(query, k=min(n, len(chunks)))
            return tuple(int(document.metadata["at"]) for document in found)

        return ChunkIndex(chunks=chunks, shown=SHOWN, find=find)


@dataclass(frozen=True)
class _Embeddings:
    """Our embedder in the words of LangChain's interface."""

    embedder: Embedder

    def embed_documents(self, texts: Sequence[str]) -> list[list[float]]:
        rows: list[list[float]] = self.embedder.embed(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]
