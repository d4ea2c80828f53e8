"""``python -m corpus check``: read the library and name every mistake in it."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from corpus.errors import GuidelineError
from corpus.library import BUNDLED, load_library


def main(argv: Sequence[str] | None = None) -> int:
    """Exit 0 when the library is sound, 1 when it is not, 2 on wrong use."""
    parser = argparse.ArgumentParser(prog="python -m corpus", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="read every document and name every mistake")
    check.add_argument("folder", type=Path, nargs="?", default=BUNDLED)
    arguments = parser.parse_args(argv)
    try:
        library = load_library(arguments.folder)
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{len(library.documents)} documents, {len(library.passages)} statements: no problem.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
