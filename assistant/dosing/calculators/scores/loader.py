"""The ``scores`` folder of a library -> its scores, checked; ScoreError names file and key."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping
from pathlib import Path

from assistant.dosing.calculators.convert import Analyte, Measured, read_value
from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.calculators.inputs import Absent, Input, InputKind
from assistant.dosing.calculators.result import SourceMark
from assistant.dosing.calculators.scores.arithmetic import KINDS, read_arithmetic
from assistant.dosing.calculators.scores.checks import check_score
from assistant.dosing.calculators.scores.model import Example, Score, ScoreError
from assistant.dosing.calculators.scores.reading import TableReader
from corpus.model import Verification

SCHEMA = "scores/1"


def load_scores(folder: Path, known_sources: Collection[str]) -> tuple[Score, ...]:
    """Every score of a folder, in the order of the file names; none without the folder.

    ``known_sources`` are the keys of the bibliography. Raises ScoreError at the first file
    that is no TOML, has an unknown or missing key or unit, names a source that is not in the
    bibliography, refers to an input that is not there, or leaves a gap between categories.
    """
    scores: dict[str, Score] = {}
    for path in sorted(folder.glob("*.toml")):
        score = _read(path, known_sources)
        if score.id in scores:
            raise ScoreError(path.name, "id", f"'{score.id}' is taken by {scores[score.id].file}.")
        scores[score.id] = score
    return tuple(scores.values())


def _read(path: Path, known_sources: Collection[str]) -> Score:
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise ScoreError(path.name, "the whole file", f"It is no TOML: {error}.") from error
    except UnicodeDecodeError as error:
        raise ScoreError(path.name, "the whole file", "It is not UTF-8 text.") from error
    return parse_score(table, path.name, known_sources)


def parse_score(table: Mapping[str, object], file: str, known_sources: Collection[str]) -> Score:
    """One score from the content of its file; raises ScoreError."""
    reader = TableReader(table, file)
    if reader.text("schema") != SCHEMA:
        raise reader.error("schema", f"'{SCHEMA}' is expected.")
    inputs = tuple(_input(t) for t in reader.tables("input", required=True))
    kind = reader.text("kind")
    if kind not in KINDS:
        raise reader.error("kind", f"'{kind}' is not one of {', '.join(KINDS)}.")
    score = Score(
        id=reader.text("id"),
        label=reader.text("label"),
        kind=kind,
        formula=reader.texts("formula", required=True),
        population=reader.text("population"),
        inputs=inputs,
        arithmetic=read_arithmetic(kind, reader, {i.id: i for i in inputs}),
        sources=tuple(_source(t, known_sources) for t in reader.tables("source", required=True)),
        places=reader.whole("places", 0),
        unit=reader.text("unit", ""),
        caveats=reader.texts("caveats"),
        examples=tuple(_example(t) for t in reader.tables("example", required=True)),
        file=file,
    )
    reader.close()
    check_score(score)
    return score


def _input(reader: TableReader) -> Input:
    kind = reader.choice("kind", InputKind)
    analyte = reader.choice("analyte", Analyte) if kind is InputKind.MEASURED else None
    choices = reader.texts("choices", required=True) if kind is InputKind.CHOICE else ()
    item = Input(
        id=reader.text("id"),
        label=reader.text("label"),
        kind=kind,
        analyte=analyte,
        choices=choices,
        low=_bound(reader, "from", analyte),
        high=_bound(reader, "to", analyte),
        optional=reader.flag("optional"),
        absent=reader.choice("absent", Absent, "unknown"),
        absent_note=reader.text("absent_note", ""),
        hint=reader.text("hint", ""),
    )
    reader.close()
    return item


def _bound(reader: TableReader, key: str, analyte: Analyte | None) -> Measured | None:
    if analyte is None:
        return None
    value = read_value(reader.text(key), analyte)
    if isinstance(value, Refusal):
        raise reader.error(key, value.message)
    return value


def _source(reader: TableReader, known: Collection[str]) -> SourceMark:
    source = SourceMark(
        key=reader.text("key"),
        via=reader.text("via", ""),
        verification=reader.choice("verification", Verification),
        part=reader.text("part", ""),
    )
    for name in (source.key, source.via):
        if name and name not in known:
            raise reader.error("key", f"'{name}' is not in the bibliography.")
    reader.close()
    return source


def _example(reader: TableReader) -> Example:
    example = Example(
        title=reader.text("title"),
        inputs=reader.pairs("inputs"),
        value=reader.text("value", ""),
        contains=reader.texts("contains", required=True),
    )
    reader.close()
    return example
