"""What every calculator says to many answers, and each mistake in a score file, word for word."""

from __future__ import annotations

import copy
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from assistant.dosing.calculators.catalogue import Calculator, calculators
from assistant.dosing.calculators.convert import UNITS
from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.calculators.inputs import Input, InputKind
from assistant.dosing.calculators.result import render_result
from assistant.dosing.calculators.scores.loader import load_scores, parse_score
from assistant.dosing.calculators.scores.model import ScoreError
from corpus.bibliography import load_bibliography
from corpus.library import BUNDLED
from corpus.model import sha256
from tests.characterisation import Line, characterised
from tests.slips import LEFT_OUT, slipped
from tests.unit.dosing.calculators.test_scores import MISTAKES

KEYS = load_bibliography(BUNDLED / "bibliography.json").keys()
SCORES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((BUNDLED / "scores").glob("*.toml"))
}
SLIPS = (LEFT_OUT, "nonsense", "", 7, True, [], {}, ["a", "a"], ["3", "2"], [{"nothing": 1}])

# Answers to formulas, which carry no worked example; of a score they are its own examples.
FORMULA_ANSWERS: Mapping[str, Mapping[str, str]] = {
    "body-surface": {"height": "175 cm", "weight": "70 kg"},
    "body-mass-index": {"height": "200 cm", "weight": "80 kg"},
    "ideal-weight": {"height": "168 cm", "sex": "female", "weight": "110 kg"},
    "cockcroft-gault": {
        "age": "50 years",
        "sex": "female",
        "weight": "110 kg",
        "height": "168 cm",
        "creatinine": "1.4 mg/dL",
        "boundaries": "15; 50",
    },
    "ckd-epi-2021": {"age": "68 years", "sex": "male", "creatinine": "1.9 mg/dL"},
    "bedside-schwartz": {"age": "4 years", "height": "95 cm", "creatinine": "0.5 mg/dL"},
    "deindexed-rate": {"rate": "60 mL/min/1.73m2", "surface": "2 m2"},
}
NUMBERS = ("0", "0.4", "1.9", "3", "10", "75", "150", "684", "2000", "10000", "100000", "-3")
TEXTS = (
    *("nonsense", "5", "1,9 mg", "10 x 150 mg/m2", "20 x 150 mg/m2; 277 mg at 1.845 m2"),
    *("277 mg at 0.1 m2", "277 at 1.8 m2", "277 mg at 1.8", "0 mg at 1.8 m2", "0 x 150 mg/m2"),
    *("9 g/m2", "999 x 1 mg/m2; 2 x 1 mg/m2", "999 x 1 mg/m2; 1 x 1 mg/m2", ";", "15; x", "15, 50"),
)


def answers_to(item: Input) -> Iterator[str]:
    """Good, odd and impossible answers to one question."""
    yield from ("", "unknown", "nonsense", "7")
    match item.kind:
        case InputKind.MEASURED:
            assert item.analyte is not None
            for unit in UNITS[item.analyte]:
                yield from (f"{number} {unit.name}" for number in NUMBERS)
        case InputKind.YES_NO:
            yield from ("yes", "no", "YES", "absent")
        case InputKind.CHOICE:
            yield from (*item.choices, item.choices[0].upper())
        case InputKind.NUMBER:
            yield from NUMBERS
        case InputKind.TEXT:
            yield from TEXTS


def said(calculator: Calculator, answers: Mapping[str, str]) -> tuple[str, ...]:
    result = calculator.run(answers)
    if isinstance(result, Refusal):
        return (str(result),)
    return tuple(render_result(result).splitlines())


def sayings() -> Iterator[Line]:
    for calculator in calculators(BUNDLED):
        every = [dict(given) for given in calculator.examples]
        for number, given in enumerate(every or [dict(FORMULA_ANSWERS[calculator.id])], 1):
            yield calculator.id, f"{calculator.id}, example {number}", said(calculator, given)
            for item in calculator.inputs:
                for answer in answers_to(item):
                    changed = {**given, item.id: answer}
                    yield calculator.id, f"{item.id} {answer}", said(calculator, changed)
        yield calculator.id, "nothing", said(calculator, {})


def test_what_every_calculator_says_to_many_answers_is_as_approved() -> None:
    approved, now = characterised("calculators", sayings())

    assert now == approved


def places(table: Mapping[str, Any], path: tuple[str | int, ...] = ()) -> Iterator[Any]:
    """The path to every key of a file; of a list of tables only its first is walked."""
    for key, value in table.items():
        yield (*path, key)
        if isinstance(value, Mapping):
            yield from places(value, (*path, key))
        elif isinstance(value, list) and isinstance(value[0], Mapping):
            yield from places(value[0], (*path, key, 0))


def read(table: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """The mistake that is named, or a short word for what was read."""
    try:
        score = parse_score(table, f"{name}.toml", KEYS)
    except ScoreError as error:
        return (str(error),)
    return (f"Read. '{sha256(repr(score))[:12]}'",)


def mistakes() -> Iterator[Line]:
    for name, table in SCORES.items():
        for path in places(table):
            for slip in SLIPS:
                shown = "left out" if slip is LEFT_OUT else repr(slip)
                about = f"{name}, {'.'.join(map(str, path))} {shown}"
                yield name, about, read(slipped(table, path, slip), name)
        yield name, "an unknown key", read({**table, "colour": "red"}, name)
    for number, (name, change, _) in enumerate(MISTAKES, 1):
        table = copy.deepcopy(SCORES[name])
        change(table)
        yield "mistakes", f"{name}, mistake {number}", read(table, name)


def test_every_slip_in_a_score_file_is_named_as_approved() -> None:
    approved, now = characterised("score_mistakes", mistakes())

    assert now == approved


def test_a_file_that_cannot_be_read_is_named_with_what_is_wrong(tmp_path: Path) -> None:
    said = []
    for name, content in (("a.toml", b"label = "), ("b.toml", b"label = '\xff'")):
        (tmp_path / name).write_bytes(content)

        try:
            load_scores(tmp_path, KEYS)
        except ScoreError as error:
            said.append(str(error))
        (tmp_path / name).unlink()

    assert said == [
        "a.toml: the whole file: It is no TOML: Invalid value (at end of document). "
        "Correct the file, or remove it.",
        "b.toml: the whole file: It is not UTF-8 text. Correct the file, or remove it.",
    ]
