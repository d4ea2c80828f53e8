"""``python -m assistant index | ask | replay | check | search | library``, and the dosing commands.

Data goes to stdout, progress to stderr. Exit 0 done, 2 wrong use, 1 failed.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.dosing_commands.register import add_dosing_commands
from assistant.settings import FILE, Settings, load_settings
from corpus.errors import GuidelineError
from corpus.shell import leave_with


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run one command; every expected failure is one clear sentence on stderr."""
    parser = _parser()
    arguments = parser.parse_args(argv)
    if arguments.command in ("ask", "check"):
        _one_way_in(parser, arguments)
    try:
        settings = load_settings(FILE, environ)
        command: Callable[[Settings, argparse.Namespace], int] = arguments.run
        return command(settings, arguments)
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Nothing was left half-written.", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m assistant",
        description="Cited, number-checked answers from the library.",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    index = commands.add_parser("index", help="build the index when it is missing or stale")
    index.set_defaults(run=_index)

    ask = commands.add_parser("ask", help="answer a question, or a file of questions")
    ask.add_argument("question", nargs="?")
    ask.add_argument("--json", action="store_true", help="print the answer as JSON")
    ask.add_argument("--patient", metavar="JSON", help="work doses out, e.g. '{\"weight_kg\": 62}'")
    ask.add_argument(
        "--chosen",
        action="append",
        default=[],
        metavar="RULE",
        help="the rule or regimen to work from where sources give different doses",
    )
    ask.add_argument(
        "--length", choices=("brief", "standard", "full"), help="how long the answer may be"
    )
    ask.add_argument("--batch", type=Path, metavar="IN.jsonl")
    ask.add_argument("--out", type=Path, metavar="OUT.jsonl")
    ask.set_defaults(run=_ask)

    check = commands.add_parser("check", help="judge every number of a text")
    check.add_argument("text", nargs="?")
    check.add_argument("--text", action="store_true", dest="plain", help="print plain text")
    check.add_argument("--batch", type=Path, metavar="IN.jsonl")
    check.add_argument("--out", type=Path, metavar="OUT.jsonl")
    check.set_defaults(run=_check)

    again = commands.add_parser("replay", help="make a recorded answer again and compare it")
    again.add_argument("record", metavar="RECORD_ID", help="its id, or the beginning of it")
    again.add_argument("--json", action="store_true", help="print the answer as JSON")
    again.set_defaults(run=_replay)

    search = commands.add_parser("search", help="the passages nearest to a query")
    search.add_argument("query")
    search.add_argument("-k", type=int, default=10, help="how many passages (default 10)")
    search.add_argument("--json", action="store_true", help="print them as JSON")
    search.set_defaults(run=_search)

    library = commands.add_parser(
        "library", help="statements whose doses differ and that no disagreement links"
    )
    library.set_defaults(run=_library)

    add_dosing_commands(commands)
    return parser


def _one_way_in(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    text = arguments.question if arguments.command == "ask" else arguments.text
    if (text is None) == (arguments.batch is None):
        parser.error(f"{arguments.command} takes either a text or --batch IN.jsonl, not both")
    if (arguments.batch is None) != (arguments.out is None):
        parser.error("--batch IN.jsonl and --out OUT.jsonl go together")


def _index(settings: Settings, arguments: argparse.Namespace) -> int:
    from assistant.setup_index import build

    built = build(settings)
    state = "built" if built.changed else "is up to date"
    card = built.card
    print(f"Index {card.fingerprint[:16]} {state}: {card.passages} passages, {card.model}.")
    return 0


def _ready(settings: Settings) -> Any:
    """The assistant, with its index built first where that is needed."""
    from assistant.setup_index import ensure_index
    from assistant.wiring import open_assistant

    ensure_index(settings)
    return open_assistant(settings)


def _ask(settings: Settings, arguments: argparse.Namespace) -> int:
    from assistant.batch import length_of, patient_text, question_of, read_lines, run_batch
    from assistant.model import Question
    from assistant.output import answer_json
    from assistant.render import render

    if arguments.batch is None:
        question = Question(
            text=arguments.question,
            patient=patient_text(arguments.patient),
            choices=tuple(arguments.chosen),
            length=length_of(arguments.length),
        )
        timed = _ready(settings).ask(question)
        if arguments.json:
            _print_json({"id": None, **answer_json(timed)})
        else:
            print(render(timed.value))
        return 0
    lines = read_lines(arguments.batch)
    assistant = _ready(settings)
    return _batch(
        lines, lambda entry: answer_json(assistant.ask(question_of(entry))), arguments, run_batch
    )


def _check(settings: Settings, arguments: argparse.Namespace) -> int:
    from assistant.batch import read_lines, run_batch, text_and_source_of
    from assistant.library import open_library
    from assistant.orders import LibraryChecker, render_check

    checker = LibraryChecker(open_library(settings))
    if arguments.batch is None:
        found = checker.check(arguments.text)
        if arguments.plain:
            print(render_check(found), end="")
        else:
            _print_json(found.to_json())
        return 0
    lines = read_lines(arguments.batch)
    return _batch(
        lines,
        lambda entry: checker.check(*text_and_source_of(entry)).to_json(),
        arguments,
        run_batch,
    )


def _batch(
    lines: Sequence[str],
    handle: Callable[[Mapping[str, Any]], dict[str, Any]],
    arguments: argparse.Namespace,
    run_batch: Callable[..., int],
) -> int:
    from tqdm import tqdm

    bar = tqdm(lines, file=sys.stderr, unit="line", disable=None)
    failed = run_batch(bar, handle, arguments.out)
    if failed:
        noun = "line" if failed == 1 else "lines"
        print(f"{failed} {noun} could not be used; see 'error' there.", file=sys.stderr)
    return 0


def _replay(settings: Settings, arguments: argparse.Namespace) -> int:
    """Exit 0 when the answer is the recorded one, byte for byte; 1 when it is not."""
    from assistant.render import render
    from assistant.replay import find_record, replay

    record = find_record(settings.record_folder, arguments.record)
    made = replay(_ready(settings), record)
    if arguments.json:
        _print_json(made.answer.to_json())
    else:
        print(render(made.answer))
    if not made.differs:
        print(f"Record {made.record}: the same answer.", file=sys.stderr)
        return 0
    why = " The library, its index or its model has changed since." if made.other_index else ""
    print(f"Record {made.record}: not the same in {', '.join(made.differs)}.{why}", file=sys.stderr)
    return 1


def _search(settings: Settings, arguments: argparse.Namespace) -> int:
    if arguments.k < 1:
        print("-k has to be 1 or more.", file=sys.stderr)
        return 2
    results = _ready(settings).search(arguments.query, arguments.k)
    if arguments.json:
        _print_json(
            [
                {
                    "passage_id": r.passage.id,
                    "score": round(r.score, 6),
                    "rank": r.rank,
                    "text": r.passage.text,
                    "document": r.passage.document_id,
                    "heading": list(r.passage.heading),
                }
                for r in results
            ]
        )
        return 0
    for r in results:
        print(f"{r.rank:>3}  {r.score:.3f}  {r.passage.id}\n     {r.passage.text}")
    return 0


def _library(settings: Settings, arguments: argparse.Namespace) -> int:
    """Exit 0 when every candidate is linked or explained, 1 otherwise."""
    from assistant.library import open_library
    from assistant.library_check import check_candidates, render_candidates

    checked = check_candidates(open_library(settings))
    print(render_candidates(checked))
    return 0 if checked.is_settled else 1


def _print_json(data: object) -> None:
    print(json.dumps(data, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    leave_with(main)
