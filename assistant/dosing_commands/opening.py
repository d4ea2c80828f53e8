"""What the dosing commands have in common: library and table, rules by id, printing."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import TypeVar

from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.patient import render_refusal
from assistant.errors import InputError
from corpus.shell import write_whole

T = TypeVar("T")

MOST_SHOWN = 100  # characters of an id that is not there; no id is longer


def by_id(noun: str, found: Mapping[str, T], wanted: str, see: str) -> T:
    """The rule, regimen or calculator of an id; InputError names what is nearest to it."""
    if wanted in found:
        return found[wanted]
    shown = wanted[:MOST_SHOWN]
    near = get_close_matches(shown, found, n=3, cutoff=0.5)
    hint = f" Did you mean {' or '.join(near)}?" if near else ""
    raise InputError(f"There is no {noun} '{shown}'.{hint} See them all: {see}.")


def print_json(data: object) -> None:
    """Plain data to stdout, as the other commands print it."""
    print(json.dumps(data, ensure_ascii=False, indent=1))


def print_refused(refusals: Sequence[Refusal], as_json: bool) -> int:
    """Each refusal as a sentence on stderr, or all as JSON on stdout; the exit code is 1."""
    if as_json:
        print_json({"refused": [{"code": r.code, "message": r.message} for r in refusals]})
    else:
        for refusal in refusals:
            print(render_refusal(refusal), file=sys.stderr)
    return 1


def aligned(rows: Iterable[Sequence[str]]) -> str:
    """Rows of texts in columns of one width, the last one as long as it is."""
    table = [tuple(row) for row in rows]
    widths = [max(map(len, column)) for column in zip(*table, strict=True)]
    return "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
        for row in table
    )


def write(path: Path, text: str) -> None:
    """A whole file, or none of it; InputError says why it can't be written."""
    try:
        write_whole(path, text)
    except OSError as error:
        raise InputError(
            f"{path} can't be written: {error.strerror}. Choose a folder with space and "
            "permission to write, then run it again."
        ) from error
