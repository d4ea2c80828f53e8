"""The library -> its rules table, checked against its passages, drugs and sources."""

from __future__ import annotations

from assistant.dosing.table.load import load_table
from assistant.dosing.table.model import Table
from corpus.library import Library

FOLDER = "dosing"


def open_rules(library: Library) -> Table:
    """The rules in the library's folder; without that folder a table without drugs.

    Raises TableError with every mistake: file, key, reason, remedy.
    """
    return load_table(
        library.folder / FOLDER,
        drugs=library.drugs,
        # All editions: a rule may rest on one that answers may not use at present.
        passages={p.id: p.sha256 for p in library.all_passages.values()},
        sources=library.bibliography,
    )
