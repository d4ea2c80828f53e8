"""What a run was measured on, in words and hashes: no host, no path, no clock."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.rules import open_rules
from assistant.settings import Settings
from corpus.library import Library
from corpus.model import sha256
from eval.grading import grade_files
from eval.machine import machine, python_packages
from eval.runner import code_fingerprint, file_fingerprint
from index.layout import current_folder, read_card

SETTINGS = ("store", "dense_weight", "pool", "least_review", "as_of", "calculations")
"""The settings that can change what is answered; the library has fingerprints of its own."""
JUDGING = ("cases ", "grades ")
"""How the names begin of what only the judging reads."""


def fingerprints(settings: Settings, library: Library, files: Sequence[Path]) -> dict[str, str]:
    """By name, what the results rest on; the index has to be built."""
    card = read_card(current_folder(settings.index_folder))
    rules = open_rules(library)
    return {
        "library": card.corpus,
        "vocabulary": file_fingerprint(settings.library / "library.toml"),
        "rules": f"{rules.version} {rules.fingerprint}",
        "index": card.fingerprint,
        "model": card.model,
        "code": code_fingerprint(),
        "settings": ", ".join(f"{name} {getattr(settings, name) or '-'}" for name in SETTINGS),
        "machine": machine(),
        "python": python_packages(),
        **{f"cases {path.name}": file_fingerprint(path) for path in files},
        **{f"grades {path.name}": file_fingerprint(path) for path in grade_files()},
    }


def journal_key(
    measured: Mapping[str, str], library_files: str, files: Sequence[str], day: str
) -> str:
    """A name for the journal of a run: it changes with all that an observation depends on.

    ``measured`` are the fingerprints of the run, ``library_files`` that of the library's whole
    folder; ``day`` is the one whose editions and rules hold. A question that changed is told by
    its own hash (``eval.journal``): of the question ``files`` only the names count, so that runs
    of different files don't wait for each other.
    """
    observed = {k: v for k, v in measured.items() if not k.startswith(JUDGING)}
    parts = [sorted(observed.items()), library_files, sorted(files), day]
    return sha256(json.dumps(parts))[:24]
