"""A test collection of anyone's: passages, questions, and which passage answers which.

The layout is that of BEIR (Thakur et al. 2021): ``{"_id", "title", "text"}`` and
``{"_id", "text"}`` a line, and a table of query-id, corpus-id and score. A file whose name
ends in .gz is unpacked while it is read.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.errors import DataError


@dataclass(frozen=True, slots=True)
class Collection:
    """``passages`` and ``queries`` by id, and for each query the ids of what is relevant."""

    passages: Mapping[str, str]
    queries: Mapping[str, str]
    relevant: Mapping[str, frozenset[str]]


def load_collection(corpus: Path, queries: Path, qrels: Path) -> Collection:
    """The three files as one collection; only questions with a relevant passage are kept.

    A score above 0 is relevant: there are no grades. DataError names the file, the line and
    what is wrong with it, also where a judgement names a passage or a question that is not there.
    """
    passages = {id_: _titled(row) for id_, row in _rows(corpus)}
    asked = {id_: _text(row) for id_, row in _rows(queries)}
    if not passages:
        raise DataError(corpus, "it holds no passage.")
    relevant: dict[str, set[str]] = {}
    for at, (query, passage) in _judgements(qrels):
        for id_, known, where in ((query, asked, queries), (passage, passages, corpus)):
            if id_ not in known:
                raise DataError(qrels, f"line {at} names {id_!r}, which is not in {where.name}.")
        relevant.setdefault(query, set()).add(passage)
    if not relevant:
        raise DataError(qrels, "no passage is judged relevant to any question.")
    return Collection(
        passages=passages,
        queries={id_: text for id_, text in asked.items() if id_ in relevant},
        relevant={id_: frozenset(found) for id_, found in relevant.items()},
    )


def lines_of(path: Path) -> Iterator[tuple[int, str]]:
    """The lines of a text file with their numbers, blank ones left out."""
    try:
        with (
            gzip.open(path, "rt", encoding="utf-8")
            if path.suffix == ".gz"
            else path.open(encoding="utf-8") as file
        ):
            for at, line in enumerate(file, 1):
                if line.strip():
                    yield at, line.rstrip("\r\n")
    except FileNotFoundError as error:
        raise DataError(path, "there is no such file.") from error
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(path, f"it can't be read ({error}).") from error
    except UnicodeDecodeError as error:
        raise DataError(path, f"it is not UTF-8 ({error.reason}).") from error


def _rows(path: Path) -> Iterator[tuple[str, Mapping[str, Any]]]:
    seen: set[str] = set()
    for at, line in lines_of(path):
        try:
            row = json.loads(line)
        except ValueError as error:
            raise DataError(path, f"line {at} is no JSON ({error}).") from error
        if not isinstance(row, dict) or not isinstance(row.get("_id"), str | int):
            raise DataError(path, f'line {at} has no "_id".')
        if not isinstance(row.get("text"), str):
            raise DataError(path, f'line {at} has no "text".')
        id_ = str(row["_id"])
        if id_ in seen:
            raise DataError(path, f"line {at} repeats the id {id_!r}.")
        seen.add(id_)
        yield id_, row


def _text(row: Mapping[str, Any]) -> str:
    return str(row["text"])


def _titled(row: Mapping[str, Any]) -> str:
    return f"{row.get('title') or ''}\n{row['text']}".strip()


def _judgements(path: Path) -> Iterator[tuple[int, tuple[str, str]]]:
    """The pairs with a score above 0; a first line without a number for a score is a heading."""
    for at, line in lines_of(path):
        fields = line.split("\t")
        try:
            query, passage, score = fields
            value = float(score)
        except ValueError as error:
            if at == 1 and len(fields) == 3:
                continue
            wanted = "query-id, corpus-id and a score, with tabs between them"
            raise DataError(path, f"line {at} is not {wanted}.") from error
        if value > 0:
            yield at, (query, passage)
