"""Building the index when it is missing or stale, with a progress bar on stderr."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from typing import cast

from assistant.library import open_library
from assistant.settings import Settings
from assistant.wiring import embedder_of
from corpus.library import Library
from index.build import Built, build_index
from index.open import is_current
from index.ports import Embedder
from index.stores import Kind


def ensure_index(settings: Settings) -> None:
    """Build the index unless the one that serves was built from this library and model."""
    library, embedder = open_library(settings), embedder_of(settings)
    store = cast(Kind, settings.store)
    if not is_current(settings.index_folder, library, embedder.name, store):
        _build(settings, library, embedder)


def build(settings: Settings) -> Built:
    """Build the index, or repair it: a sound one of the same parts is left as it is."""
    return _build(settings, open_library(settings), embedder_of(settings))


def _build(settings: Settings, library: Library, embedder: Embedder) -> Built:
    from tqdm import tqdm

    print("Preparing the index of the library.", file=sys.stderr)
    with tqdm(total=len(library.passages), unit=" texts", file=sys.stderr) as bar:

        def progress(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        return build_index(
            library,
            embedder,
            settings.index_folder,
            progress=progress,
            store=cast(Kind, settings.store),
            built_at=datetime.now(UTC).isoformat(timespec="seconds"),
        )
