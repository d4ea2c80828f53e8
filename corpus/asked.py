"""The questions that each statement answers, as clinicians type them: a help for the search.

They stand beside the documents, in ``asked/<document id>.toml``, one line for each statement:
``"1.2" = ["dose in renal failure?", ...]``. They are searched and never shown, and a document
without them is found by its own words. The method is known as document expansion by predicted
queries (Nogueira et al. 2019); here an editor writes them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

from corpus.errors import Problem
from corpus.model import Document

FOLDER = "asked"
LONGEST = 200
MOST = 8

_LINE = re.compile(r'\s*"?(?P<number>[0-9.]+)"?\s*=')


def load_asked(
    folder: Path, documents: Mapping[str, Document]
) -> tuple[Mapping[str, tuple[str, ...]], tuple[Problem, ...]]:
    """The questions by passage id, and every mistake in the files; none without the folder.

    ``documents`` are all editions that could be read, by id.
    """
    asked: dict[str, tuple[str, ...]] = {}
    problems: list[Problem] = []
    for path in sorted((folder / FOLDER).glob("*.toml")):
        name = f"{FOLDER}/{path.name}"
        document = documents.get(path.stem)
        if document is None:
            what = f"There is no document '{path.stem}'."
            problems.append(Problem(name, 1, what, "Name the file after a document, or delete it."))
            continue
        try:
            text = path.read_bytes().decode("utf-8")
            entries = tomllib.loads(text)
        except (OSError, ValueError) as error:
            problems.append(Problem(name, 1, f"The file can't be read: {error}.", "Correct it."))
            continue
        numbers = {statement.number for statement in document.statements}
        lines = _lines(text)
        for number, questions in entries.items():
            line = lines.get(number, 1)
            found = tuple(_mistakes(number, questions, numbers))
            problems.extend(Problem(name, line, what, remedy) for what, remedy in found)
            if not found:
                asked[f"{document.id}:{number}"] = tuple(questions)
    return asked, tuple(problems)


def _lines(text: str) -> Mapping[str, int]:
    """The line on which each statement's questions begin."""
    return {
        match["number"]: number
        for number, line in enumerate(text.split("\n"), 1)
        if (match := _LINE.match(line))
    }


def _mistakes(number: str, questions: object, numbers: set[str]) -> Iterator[tuple[str, str]]:
    if number not in numbers:
        yield f"The document has no statement {number}.", "Name a statement, or delete the line."
    if not isinstance(questions, list) or not all(isinstance(q, str) for q in questions):
        yield f"The questions of {number} are not a list of texts.", 'Write ["...", "..."].'
        return
    if not 1 <= len(questions) <= MOST:
        yield f"{number} has {len(questions)} questions.", f"Write 1 to {MOST} of them."
    if any(not q.strip() or len(q) > LONGEST for q in questions):
        yield (
            f"A question of {number} is empty or longer than {LONGEST} characters.",
            "Write it as a clinician would type it.",
        )
    if len(set(questions)) < len(questions):
        yield f"A question of {number} stands twice.", "Keep one of them."
