"""``python -m corpus check | list | show | diff | review``: work on a library.

Exit 0 done, 1 refused or the library has mistakes, 2 wrong use.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from corpus.checks import check_documents, check_statements
from corpus.diff import render_diff
from corpus.errors import GuidelineError, LibraryError, NotInLibrary, Problem, ReviewRefused
from corpus.library import BUNDLED, Library, Read, load_all_editions, read_library
from corpus.listing import find_document, render_document, render_list
from corpus.model import Document, Review
from corpus.parse import parse_document
from corpus.review import FILE, ReviewEntry, append_review
from corpus.shell import calendar_day, leave_with

STEPS = tuple(str(status) for status in Review if status is not Review.SUBMITTED)


def main(argv: Sequence[str] | None = None, today: date | None = None) -> int:
    """Run one command; every expected failure is one clear sentence on stderr."""
    today = today or date.today()
    parser = _parser(today)
    arguments = parser.parse_args(argv)
    _check_use(parser, arguments, today)
    command: Callable[[argparse.Namespace], int] = arguments.run
    try:
        return command(arguments)
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1


def _parser(today: date) -> argparse.ArgumentParser:
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument(
        "--library", type=Path, metavar="FOLDER", help="the library (default: the bundled one)"
    )
    day = argparse.ArgumentParser(add_help=False)
    day.add_argument(
        "--as-of",
        type=calendar_day,
        metavar="DATE",
        help="editions in force on that day, as 2024-05-31",
    )
    parser = argparse.ArgumentParser(
        prog="python -m corpus", description="Check, read, compare and review a library."
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    check = commands.add_parser("check", parents=[common], help="name every mistake in a library")
    check.add_argument("folder", type=Path, nargs="?")
    check.set_defaults(run=_check)

    listing = commands.add_parser("list", parents=[common, day], help="all documents, a line each")
    listing.set_defaults(run=_list)

    show = commands.add_parser("show", parents=[common, day], help="read a document")
    show.add_argument("document", metavar="DOCUMENT")
    show.add_argument("--statement", metavar="N", help="only the statement of this number")
    show.set_defaults(run=_show)

    diff = commands.add_parser("diff", parents=[common], help="what differs between two editions")
    diff.add_argument("document", metavar="DOCUMENT")
    diff.add_argument("other", metavar="OTHER", help="the newer one: a document, or a file")
    diff.set_defaults(run=_diff)

    review = commands.add_parser("review", parents=[common], help="record a step of a review")
    review.add_argument("document", metavar="DOCUMENT")
    review.add_argument("status", metavar="STATUS", choices=STEPS, help=" | ".join(STEPS))
    review.add_argument("--by", required=True, type=_filled, metavar="NAME")
    review.add_argument("--role", required=True, type=_filled, metavar="ROLE")
    review.add_argument("--comment", default="", metavar="TEXT")
    review.add_argument(
        "--on", type=calendar_day, default=today, metavar="DATE", help="default: today"
    )
    review.set_defaults(run=_review)
    return parser


def _check_use(parser: argparse.ArgumentParser, arguments: argparse.Namespace, today: date) -> None:
    if arguments.command == "check" and arguments.folder is not None:
        if arguments.library not in (None, arguments.folder):
            parser.error("check takes either a folder or --library FOLDER, not both")
        arguments.library = arguments.folder
    if arguments.library is None:
        arguments.library = BUNDLED
    if arguments.command == "review" and arguments.on > today:
        parser.error(f"--on {arguments.on} lies in the future; give the day of the review")


def _filled(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("it is empty")
    return text.strip()


def find_problems(read: Read) -> tuple[Problem, ...]:
    """Every mistake of a library: in reading it, and in how its statements are written.

    What statements say of each other is looked at once all of them can be read.
    """
    library = read.library
    if not read.problems:
        found = check_documents(library.all_documents.values(), library.drugs, library.vocabulary)
        return tuple(sorted(found, key=lambda p: (p.path, p.line)))
    files = {d.path: d.statements for d in library.all_documents.values()} | dict(read.broken)
    writing = (
        problem
        for path, statements in files.items()
        for problem in check_statements(path, statements, library.drugs, library.vocabulary)
    )
    return tuple(sorted((*read.problems, *writing), key=lambda p: (p.path, p.line)))


def _check(arguments: argparse.Namespace) -> int:
    read = read_library(arguments.library)
    problems = find_problems(read)
    if problems:
        raise LibraryError(problems)
    documents = read.library.all_documents.values()
    statements = sum(len(d.statements) for d in documents)
    print(f"{len(documents)} documents, {statements} statements: no problem.")
    return 0


def _list(arguments: argparse.Namespace) -> int:
    print(render_list(load_all_editions(arguments.library), arguments.as_of))
    return 0


def _show(arguments: argparse.Namespace) -> int:
    library = load_all_editions(arguments.library)
    document = find_document(library, arguments.document)
    print(render_document(document, library, arguments.statement, arguments.as_of))
    return 0


def _diff(arguments: argparse.Namespace) -> int:
    library = load_all_editions(arguments.library)
    old = find_document(library, arguments.document)
    if arguments.other in library.all_documents:
        print(render_diff(old, library.all_documents[arguments.other]))
        return 0
    path = Path(arguments.other)
    if not path.is_file():
        raise NotInLibrary(f"'{path}' is neither a document of the library nor a file.")
    print(render_diff(old, _read_file(path, library), new_name=str(path)))
    return 0


def _read_file(path: Path, library: Library) -> Document:
    try:
        text = path.read_bytes().decode("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise NotInLibrary(f"The file {path} can't be read as UTF-8 text: {error}.") from error
    parsed = parse_document(text, path.name, library.names)
    if parsed.document is None:
        raise LibraryError(parsed.problems)
    return parsed.document


def _review(arguments: argparse.Namespace) -> int:
    status = Review(arguments.status)
    read = read_library(arguments.library)
    if read.problems:
        raise LibraryError(read.problems)
    library = read.library
    document = find_document(library, arguments.document)
    if status is Review.APPROVED:
        problems = [p for p in find_problems(read) if p.path == document.path]
        if problems:
            lines = "\n".join(map(str, problems))
            raise ReviewRefused(
                f"'{document.id}' can't be approved before its mistakes are corrected:\n{lines}"
            )
    entry = ReviewEntry(
        document=document.id,
        sha256=document.sha256,
        status=status,
        by=arguments.by,
        role=arguments.role,
        on=arguments.on,
        comment=arguments.comment,
    )
    append_review(library.folder, document, entry)
    print(
        f"'{document.id}' is {status} from now on, as the text stands (SHA-256 "
        f"{document.sha256[:12]}). Recorded in {library.folder / FILE}."
    )
    return 0


if __name__ == "__main__":
    leave_with(main)
