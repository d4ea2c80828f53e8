"""A small library with rules of its own, for tests of the gate: no dose in it is real."""

from __future__ import annotations

from pathlib import Path

from corpus.library import Library, load_library
from corpus.model import sha256
from tests.builders import HEADER, a_statement, write_library

TEXT = "Adults with examplitis: etoposide 60 mg/m² IV once weekly."
STATEMENT = a_statement("1.1", TEXT, role="dose", drugs="etoposide", population="adult")
PASSAGE = "example-2024:1.1"

_HEADER = """schema = "dosing-rules/1"
[table]
id = "invented"
version = "2026.1.0"
effective_from = 2026-01-01
review_due = 2026-12-31
"""
_DRUG = """schema = "dosing-rules/1"
[[drug]]
id = "etoposide"
amount_units = ["mg", "g"]
bases = ["m2"]
routes = ["IV", "PO"]
high_alert = false
narrow_therapeutic_index = true
"""
_REVIEWED = (
    'reviewed_by = [{ name = "Invented One", role = "pharmacist", registration = "T-1", '
    "date = 2026-01-01 }]"
)
_RULE = """schema = "dosing-rules/1"
[[rule]]
id = "etoposide.examplitis"
drug = "etoposide"
status = "{status}"
version = 1
effective_from = 2026-01-01
review_due = 2026-12-31
{reviewed_by}
verification = "{verification}"
[rule.context]
indications = ["examplitis"]
population = {{ groups = ["adult"] }}
[rule.dose]
kind = "per_administration"
unit = "mg/m2"
usual = {{ low = "{low}", high = "{high}" }}
hard_max = "{hard}"
[rule.schedule]
frequencies = [ {{ n = 1, period = 1, unit = "wk" }} ]
routes = ["IV"]
{calculate}
[[rule.source]]
key = "Author2024"
level = "primary"
passage_id = "{passage}"
quote_sha256 = "{quote}"
"""


_CALCULATE = """[rule.calculate]
size = "bsa.mosteller"
round = { step = "5 mg", max_change_percent = "5" }"""


def write_ruled(
    folder: Path,
    *statements: str,
    status: str = "draft",
    low: str = "60",
    high: str = "60",
    hard: str = "100",
    verification: str = "read",
) -> Path:
    """A library folder whose one rule was written from its first passage."""
    body = "\n".join(statements or (STATEMENT,))
    write_library(folder, {"example-2024.md": HEADER + body})
    quote = sha256(body.split("]", 1)[1].split("\n", 1)[0].strip())
    rule = _RULE.format(
        status=status,
        reviewed_by=_REVIEWED if status == "reviewed" else "reviewed_by = []",
        verification=verification,
        # Background knowledge may not even say how it would be calculated.
        calculate="" if verification == "background" else _CALCULATE,
        low=low,
        high=high,
        hard=hard,
        passage=PASSAGE,
        quote=quote,
    )
    for name, text in (
        ("table.toml", _HEADER),
        ("drugs/invented.toml", _DRUG),
        ("rules/author2024.toml", rule),
    ):
        path = folder / "dosing" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def a_ruled_library(folder: Path, *statements: str, **rule: str) -> Library:
    """The library of :func:`write_ruled`, read from disk."""
    return load_library(write_ruled(folder, *statements, **rule))
