"""``python -m eval peers``: what a hospital could use in our place, measured in the same run.

Our chain, words alone, meaning alone and both over the statements, and two frameworks at their
default settings. The report goes to stdout, times to stderr and OUT.times.json: all else is the
same bytes each time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.settings import FILE, Settings, load_settings
from assistant.wiring import embedder_of
from corpus.errors import GuidelineError
from eval.foreign import ForeignJudge
from eval.judge import Judge
from eval.load import default_files, load_cases
from eval.matching import Matcher
from eval.model import Case, Question
from eval.peers.report import as_json, render, times_json, times_text
from eval.peers.scoring import Scored, ask_all, times_of
from eval.peers.systems import BASELINES, OURS, open_baselines
from eval.runner import texts_on_disk
from eval.system import ChainSystem, open_for_evaluation
from eval.writing import write_report

SYSTEMS = (OURS, *BASELINES)


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Exit 0 done, 1 failed with a sentence on stderr, 2 wrong use."""
    arguments = _parser().parse_args(argv)
    names = tuple(dict.fromkeys(arguments.systems or SYSTEMS))
    files = tuple(arguments.cases) if arguments.cases else default_files()
    try:
        settings = load_settings(FILE, environ)
        scored = measure(load_cases(files), names, settings)
        name = "all of eval/cases" if not arguments.cases else ", ".join(f.name for f in files)
        times = times_of(scored)
        print(render(name, scored), end="")
        print(times_text(times), file=sys.stderr)
        if arguments.json is not None:
            model = embedder_of(settings, adapted=False).name
            write_report(arguments.json, as_json(name, model, scored, ()))
            write_report(arguments.json.with_suffix(".times.json"), times_json(times))
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Nothing was left half-written.", file=sys.stderr)
        return 1
    failed = [(q.case.id, system, why) for q in scored for system, why in q.errors.items()]
    for id_, system, why in failed:
        print(f"{system} failed at {id_}: {why}", file=sys.stderr)
    return 1 if failed else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval peers",
        description="Our chain beside what a hospital could use in its place.",
    )
    parser.add_argument(
        "--cases",
        type=Path,
        nargs="+",
        action="extend",
        metavar="FILE.jsonl",
        help="question files (default: all of eval/cases)",
    )
    parser.add_argument(
        "--systems",
        nargs="+",
        action="extend",
        choices=SYSTEMS,
        metavar="NAME",
        help=f"of {', '.join(SYSTEMS)} (default: all)",
    )
    parser.add_argument("--json", type=Path, metavar="OUT.json", help="write the figures as JSON")
    return parser


def measure(cases: Sequence[Case], names: Sequence[str], settings: Settings) -> tuple[Scored, ...]:
    """Open the systems, ask each of them one question unmeasured, then every case."""
    from tqdm import tqdm

    with tempfile.TemporaryDirectory(prefix="guideline-peers-") as records:
        assistant = open_for_evaluation(settings, Path(records))
        library = assistant.library
        baselines = open_baselines(
            [name for name in names if name != OURS],
            library,
            lambda: embedder_of(settings, adapted=False),
            settings.data / "collections",
            weight=settings.dense_weight,
        )
        ours = ChainSystem(assistant) if OURS in names else None
        warm = Question(text=library.vocabulary.subject)
        for system in (ours, *baselines.values()):
            if system is not None:
                system.answer(warm)
        return ask_all(
            tqdm(cases, unit="question", file=sys.stderr, disable=None),
            ours,
            baselines,
            ForeignJudge(Judge(library, texts_on_disk(library)), Matcher(library)),
            OURS,
        )
