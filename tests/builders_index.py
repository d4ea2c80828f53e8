"""Libraries for tests of the index: as many statements as asked for, each different.

Nothing here imports more than the corpus, which is all that the index knows.
"""

from __future__ import annotations

import itertools
from pathlib import Path

from corpus.library import Library, load_library

_LIBRARY_TOML = """[library]
id = "examplitis"
title = "Examplitis"
subject = "examplitis"
subject_words = ["examplitis"]
notice = "Nobody reviewed this."
[[topic]]
id = "monitoring"
title = "Monitoring"
words = ["monitoring"]
"""
_BIBLIOGRAPHY = """[{"id": "Author2024", "type": "article-journal", "title": "Examplitis",
  "author": [{"family": "Author", "given": "A"}], "container-title": "J Ex",
  "issued": {"date-parts": [[2024]]}, "DOI": "10.1000/example", "custom": {"kind": "guideline"}}]
"""
_HEADER = """+++
id = "example-2024"
title = "Example guideline"
issuer = "Example Society"
edition = "2024"
year = 2024
kind = "guideline"
licence = "Own words."
review = "submitted"
+++

# Follow-up

"""
_STATEMENT = """[1.{number}] {text}
  source: Author2024
  verified: read
  role: monitoring
  topic: monitoring
"""
_WHO = ("Adults", "Children", "Neonates", "Pregnant women", "Transplant recipients")
_WHAT = ("ferritin", "platelets", "fibrinogen", "triglycerides", "bilirubin", "creatinine")
_HOW = ("daily", "twice weekly", "weekly", "at diagnosis", "before each dose", "after 8 weeks")


def a_library_of(folder: Path, count: int = 12, *, word: str = "measure") -> Library:
    """A library of ``count`` statements in a new folder; another ``word``, another library."""
    combinations = itertools.islice(itertools.cycle(itertools.product(_HOW, _WHAT, _WHO)), count)
    statements = (
        _STATEMENT.format(number=number, text=f"{who}: {word} {what} {how}, step {number}.")
        for number, (how, what, who) in enumerate(combinations, 1)
    )
    (folder / "documents").mkdir(parents=True)
    (folder / "library.toml").write_text(_LIBRARY_TOML, encoding="utf-8")
    (folder / "bibliography.json").write_text(_BIBLIOGRAPHY, encoding="utf-8")
    (folder / "documents" / "example-2024.md").write_text(
        _HEADER + "\n".join(statements), encoding="utf-8"
    )
    return load_library(folder)
