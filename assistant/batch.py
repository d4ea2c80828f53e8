"""JSON Lines in, JSON Lines out: order kept, one bad line never stops the rest."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from assistant.errors import InputError
from assistant.model import Length, Patient, Question
from corpus.errors import GuidelineError

MAX_HISTORY = 50
LARGEST = 1_000_000

_PATIENT_NUMBERS = ("age_years", "weight_kg", "height_cm", "crcl_ml_min")
_PATIENT_ALIASES = {"age": "age_years"}


def read_lines(path: Path) -> list[str]:
    """The lines of a batch file that are not blank; InputError when it can't be read."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(f"{path} can't be read: {error.strerror}. Check the path.") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8 text. Save it again as UTF-8.") from error
    return [line for line in text.splitlines() if line.strip()]


def run_batch(
    lines: Iterable[str],
    handle: Callable[[Mapping[str, Any]], dict[str, Any]],
    out: Path,
) -> int:
    """Write one object for each line to ``out`` and return how many lines failed.

    The file appears whole, when the last line is done: a run that is stopped leaves an
    earlier ``out`` as it was.
    """
    partial = out.with_name(f".{out.name}.{os.getpid()}.partial")
    failed = 0
    try:
        with partial.open("w", encoding="utf-8") as stream:
            for number, line in enumerate(lines, start=1):
                result = _one(number, line, handle)
                failed += "error" in result
                stream.write(json.dumps(result, ensure_ascii=False) + "\n")
            stream.flush()
            os.fsync(stream.fileno())
        partial.replace(out)
    except OSError as error:
        raise InputError(
            f"{out} can't be written: {error.strerror}. Choose a folder with space and "
            "permission to write, then run it again."
        ) from error
    finally:
        partial.unlink(missing_ok=True)
    return failed


def _one(
    number: int, line: str, handle: Callable[[Mapping[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    identifier: Any = None
    try:
        try:
            entry = json.loads(line)
        except (json.JSONDecodeError, RecursionError) as error:
            raise InputError(f"Line {number} is not JSON: {error}. Correct that line.") from error
        if not isinstance(entry, dict):
            raise InputError(f"Line {number} is not a JSON object. Write it as {{...}}.")
        identifier = entry.get("id")
        return {"id": identifier, **handle(entry)}
    except GuidelineError as error:
        return {"id": identifier, "line": number, "error": str(error)}


def question_of(entry: Mapping[str, Any]) -> Question:
    """The question of a batch line; InputError names the field that can't be used."""
    text = entry.get("question")
    if not isinstance(text, str):
        raise InputError('The line has no \'question\' text. Add "question": "...".')
    history = entry.get("history") or []
    if not isinstance(history, list) or not all(isinstance(turn, str) for turn in history):
        raise InputError("'history' has to be a list of earlier questions as texts.")
    choices = entry.get("choices") or []
    if not isinstance(choices, list) or not all(isinstance(choice, str) for choice in choices):
        raise InputError("'choices' has to be a list of rule ids as texts.")
    return Question(
        text=text,
        history=tuple(history[-MAX_HISTORY:]),
        patient=patient_of(entry.get("patient")),
        choices=tuple(choices),
        length=length_of(entry.get("length")),
    )


def length_of(raw: object) -> Length:
    """How long the answer may be, standard when nothing is said; InputError names the choices."""
    if raw is None:
        return Length.STANDARD
    if raw not in tuple(Length):
        raise InputError(f"'length' has to be {', '.join(Length)}, not {str(raw)[:40]!r}.")
    return Length(str(raw))


def patient_of(raw: object) -> Patient:
    """The patient of a batch line; values are taken only in the units of their names."""
    if raw is None:
        return Patient()
    if not isinstance(raw, dict):
        raise InputError("'patient' has to be an object such as {\"weight_kg\": 70}.")
    known: dict[str, Any] = {}
    for key, value in raw.items():
        name = _PATIENT_ALIASES.get(key, key)
        if name in _PATIENT_NUMBERS:
            if value is None:
                continue
            # The comparison also refuses what is not a number (NaN) and what no float holds.
            if (
                isinstance(value, bool)
                or not isinstance(value, int | float)
                or not 0 <= value <= LARGEST
            ):
                raise InputError(
                    f"The patient's '{key}' has to be a number from 0 to {LARGEST:,}, "
                    f"not {str(value)[:40]!r}."
                )
            known[name] = float(value)
        elif name in ("sex", "creatinine", "previous") and value is not None:
            known[name] = str(value)
        elif name == "pregnant" and isinstance(value, bool):
            known[name] = value
    return Patient(**known)


def patient_text(text: str | None) -> Patient:
    """The patient of a JSON text, as in a batch line; InputError when it can't be read."""
    if text is None:
        return Patient()
    try:
        return patient_of(json.loads(text))
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(
            f'The patient is not JSON: {error}. Write it as {{"weight_kg": 62}}.'
        ) from error


def text_and_source_of(entry: Mapping[str, Any]) -> tuple[str, str | None]:
    """The text to check and the source to check it against, None for the whole library."""
    text, source = entry.get("text"), entry.get("source")
    if not isinstance(text, str):
        raise InputError('The line has no \'text\' to check. Add "text": "...".')
    if source is not None and not isinstance(source, str):
        raise InputError("'source' has to be a text, or be left out.")
    return text, source
