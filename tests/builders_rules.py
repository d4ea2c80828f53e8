"""Rules tables for tests: the invented one of tests/fixtures/rules, with one thing changed."""

from __future__ import annotations

import shutil
from pathlib import Path

from assistant.dosing.table.load import load_table
from assistant.dosing.table.model import Table
from corpus.drugs import load_drugs

INVENTED = Path(__file__).parent / "fixtures" / "rules"
PASSAGES = {"alpha:1": "hash-of-alpha-1", "alpha:2": "hash-of-alpha-2"}
SOURCES = frozenset({"Alpha2020", "Beta2021"})
ALPHA, BETA, DRUGS = "rules/alpha2020.toml", "rules/beta2021.toml", "drugs/invented.toml"


def rules_folder(to: Path, file: str = "", old: str = "", new: str = "") -> Path:
    """A copy of the invented rules, with one piece of one file replaced (once)."""
    folder = to / "dosing"
    shutil.copytree(INVENTED, folder)
    if file:
        path = folder / file
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        assert old in text, f"{file} doesn't hold {old!r}"
        path.parent.mkdir(exist_ok=True)
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return folder


def load_invented(folder: Path = INVENTED, passages: dict[str, str] | None = None) -> Table:
    """The table of a folder, against the invented passages and bibliography."""
    return load_table(folder, drugs=load_drugs(), passages=passages or PASSAGES, sources=SOURCES)
