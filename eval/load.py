"""Question files (JSON Lines) -> Cases, with every mistake named.

``docs/evaluation.md`` explains each entry of a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any

from assistant.batch import patient_of
from assistant.errors import InputError
from corpus.errors import Problem
from eval.errors import CaseFilesError
from eval.model import Case, Outcome, Patient, Question, Refusal

FOLDER = Path(__file__).parent / "cases"
REQUIRED = ("id", "section", "question", "expect", "provenance")
OPTIONAL = (
    *("history", "full", "patient", "key_facts", "vital", "both_sides", "must_not", "refusal"),
    *("split", "note"),
)
SPLITS = ("dev", "test")

_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Report = Callable[[str, str], None]


def default_files() -> tuple[Path, ...]:
    """The question files of this repository, in the order of their names."""
    return tuple(sorted(FOLDER.glob("*.jsonl")))


def load_cases(paths: Sequence[Path]) -> tuple[Case, ...]:
    """The cases of the files in order; CaseFilesError lists every mistake of all of them."""
    cases: list[Case] = []
    problems: list[Problem] = []
    if not paths:
        problems.append(Problem("eval/cases", 1, "There is no question file.", "Name one."))
    names = [path.name for path in paths]
    for path in paths:
        if names.count(path.name) > 1:
            what = "Two files have this name, and the report tells files apart by it."
            problems.append(Problem(path.name, 1, what, "Rename one, or name it once."))
            continue
        try:
            text = path.read_bytes().decode("utf-8-sig")
        except OSError as error:
            what = f"The file can't be read: {error.strerror}."
            problems.append(Problem(path.name, 1, what, "Check the path."))
            continue
        except UnicodeDecodeError as error:
            what = f"The file is not UTF-8 text (byte {error.start})."
            problems.append(Problem(path.name, 1, what, "Save it again as UTF-8."))
            continue
        parsed, found = parse_cases(text, path.name)
        cases.extend(parsed)
        problems.extend(found)
    problems.extend(_repeated(cases))
    if problems:
        raise CaseFilesError(problems)
    return tuple(cases)


def parse_cases(text: str, file: str) -> tuple[tuple[Case, ...], tuple[Problem, ...]]:
    """The good lines of one file as cases, and every mistake of the others; never raises."""
    cases: list[Case] = []
    problems: list[Problem] = []
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    if not lines:
        remedy = 'Add one line for each question: {"id": "A1", "section": ..., ...}.'
        problems.append(Problem(file, 1, "The file holds no question.", remedy))
    for number, line in lines:
        found: list[Problem] = []

        def report(
            what: str, remedy: str, number: int = number, found: list[Problem] = found
        ) -> None:
            found.append(Problem(file, number, what, remedy))

        case = _case(line, file, number, report)
        problems.extend(found)
        if case is not None and not found:
            cases.append(case)
    return tuple(cases), tuple(problems)


def _case(line: str, file: str, number: int, report: Report) -> Case | None:
    try:
        entry = json.loads(line, object_pairs_hook=_without_repeats)
        json.dumps(entry, ensure_ascii=False).encode("utf-8")
    except UnicodeEncodeError:
        report("The line holds half a character (a lone surrogate).", "Type it again.")
        return None
    except (ValueError, RecursionError) as error:
        report(f"The line is not JSON ({error}).", "Write one JSON object on one line.")
        return None
    if not isinstance(entry, dict):
        report("The line is not a JSON object.", "Write it as {...}.")
        return None
    _check_keys(entry, report)
    texts = {key: _text(entry, key, report) for key in REQUIRED if key != "expect"}
    expect = _expect(entry.get("expect"), report) if "expect" in entry else ()
    lists = {
        key: _texts(entry.get(key, []), key, report)
        for key in ("history", "key_facts", "vital", "both_sides", "must_not")
    }
    split = entry.get("split")
    if split is not None and split not in SPLITS:
        report(f"'split' is {_short(split)}.", "Write 'dev' or 'test', or leave it out.")
    refusal = entry.get("refusal")
    if refusal is not None and refusal not in list(Refusal):
        report(f"'refusal' is {_short(refusal)}.", f"Use one of {', '.join(Refusal)}.")
        refusal = None
    for key in ("note", "full"):
        if not isinstance(entry.get(key, ""), str):
            report(f"'{key}' is not a text.", "Put it in quotation marks.")
    if texts["id"] and not _ID.fullmatch(texts["id"]):
        report(f"'{texts['id']}' is no id.", "Use letters, digits, dots and hyphens: 'A1'.")
    if texts["section"] and not _SLUG.fullmatch(texts["section"]):
        report(f"'{texts['section']}' is no section.", "Use small letters and hyphens.")
    _check_facts(lists, expect, report)
    _check_patterns(lists["must_not"], report)
    patient = _patient(entry.get("patient"), report)
    return Case(
        id=texts["id"],
        section=texts["section"],
        question=Question(text=texts["question"], history=lists["history"], patient=patient),
        expect=expect,
        provenance=texts["provenance"],
        key_facts=lists["key_facts"],
        vital=lists["vital"],
        both_sides=lists["both_sides"],
        must_not=lists["must_not"],
        split=split,
        refusal=Refusal(refusal) if refusal is not None else None,
        full=str(entry.get("full", "")),
        note=str(entry.get("note", "")),
        file=file,
        line=number,
    )


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entry = dict(pairs)
    if len(entry) < len(pairs):
        names = [key for key, _ in pairs]
        twice = next(key for key in names if names.count(key) > 1)
        raise ValueError(f"'{twice}' stands twice")
    return entry


def _check_keys(entry: Mapping[str, Any], report: Report) -> None:
    for key in REQUIRED:
        if key not in entry:
            report(f"The line has no '{key}'.", f'Add "{key}": ....')
    for key in entry:
        if key not in REQUIRED + OPTIONAL:
            report(f"Unknown entry '{key}'.", f"Use one of: {', '.join(REQUIRED + OPTIONAL)}.")


def _text(entry: Mapping[str, Any], key: str, report: Report) -> str:
    value = entry.get(key)
    if isinstance(value, str) and value.strip():
        return value
    if key in entry:
        report(f"'{key}' is {_short(value)}.", "Write a text that is not empty.")
    return ""


def _texts(value: object, key: str, report: Report) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(v, str) and v.strip() for v in value):
        report(f"'{key}' is not a list of texts.", f'Write it as "{key}": ["...", "..."].')
        return ()
    if key != "history" and len(set(value)) < len(value):
        report(f"'{key}' names something twice.", "Keep one of them.")
    return tuple(value)


def _expect(value: object, report: Report) -> tuple[Outcome, ...]:
    values: list[Any] = value if isinstance(value, list) else [value]
    known = [str(outcome) for outcome in Outcome]
    if not values or any(v not in known for v in values) or len(set(values)) < len(values):
        report(
            f"'expect' is {_short(value)}.",
            f"Use one of {', '.join(known)}, or a list of those that are right.",
        )
        return ()
    return tuple(Outcome(v) for v in values)


def _check_facts(
    lists: Mapping[str, Sequence[str]], expect: Sequence[Outcome], report: Report
) -> None:
    key_facts = lists["key_facts"]
    shown = {Outcome.ANSWERED, Outcome.LIMITED}
    if set(expect) & shown and Outcome.DECLINED not in expect and not key_facts:
        report(
            "The question is to be answered but names no key fact.",
            'Add "key_facts": the fact numbers or passage ids that a good answer shows.',
        )
    for key in ("both_sides", "vital"):
        for fact in lists[key]:
            if fact not in key_facts:
                report(f"'{key}' names {fact}, which is no key fact.", "Add it to 'key_facts'.")


def _check_patterns(patterns: Sequence[str], report: Report) -> None:
    for pattern in patterns:
        try:
            matches_nothing = re.compile(pattern).search("") is None
        except re.error as error:
            report(f"The pattern '{pattern}' can't be read ({error}).", "Correct it.")
            continue
        if not matches_nothing:
            report(f"The pattern '{pattern}' matches any text.", "Make it say what is wrong.")


def _patient(value: object, report: Report) -> Patient:
    try:
        patient = patient_of(value)
    except InputError as error:
        report(f"The patient can't be used: {error}", "Correct that value.")
        return Patient()
    known = [field.name for field in fields(Patient)]
    for key in value if isinstance(value, dict) else ():
        if key not in known:
            report(f"Unknown patient value '{key}'.", f"Use one of: {', '.join(known)}.")
    return patient


def _repeated(cases: Sequence[Case]) -> list[Problem]:
    problems: list[Problem] = []
    ids: dict[str, Case] = {}
    questions: dict[Question, Case] = {}
    for case in cases:
        first = ids.setdefault(case.id, case)
        if first is not case:
            what = f"The id '{case.id}' is already used ({first.file}:{first.line})."
            problems.append(Problem(case.file, case.line, what, "Give this one its own id."))
        same = questions.setdefault(case.question, case)
        if same is not case:
            what = f"The question is the same as {same.id} ({same.file}:{same.line})."
            problems.append(Problem(case.file, case.line, what, "Delete one of them."))
    return problems


def _short(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 40 else text[:37] + "..."
