"""``python -m eval peers``: what a hospital could use in our place, measured in the same run.

Our chain, words alone, meaning alone and both over the statements, and two frameworks at their
default settings. The report goes to stdout, times to stderr and OUT.times.json: all else is the
same bytes each time.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

from assistant.settings import FILE, load_settings
from assistant.wiring import Assistant, embedder_of
from corpus.errors import GuidelineError
from eval.bench.public_sets import SETS, held_out
from eval.foreign import ForeignJudge
from eval.judge import Judge
from eval.load import default_files, load_cases
from eval.matching import Matcher
from eval.model import Case, Question
from eval.peers.public import public_figures, render_public, run_public
from eval.peers.report import as_json, render, times_json, times_text
from eval.peers.scoring import Scored, ask_all
from eval.peers.summary import summaries, times_of
from eval.peers.systems import BASELINES, FRAMEWORKS, OURS, open_baselines
from eval.retrieval import RetrievalRun
from eval.runner import texts_on_disk
from eval.system import ChainSystem, open_for_evaluation
from eval.writing import write_report
from index.ports import Embedder

SYSTEMS = (OURS, *BASELINES)


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Exit 0 done, 1 failed with a sentence on stderr, 2 wrong use."""
    arguments = _parser().parse_args(argv)
    names = tuple(dict.fromkeys(arguments.systems or SYSTEMS))
    files = tuple(arguments.cases) if arguments.cases else default_files()
    try:
        settings = load_settings(FILE, environ)
        folder = settings.data / "collections"
        with tempfile.TemporaryDirectory(prefix="guideline-peers-") as records:
            scored = measure(
                load_cases(files),
                names,
                open_for_evaluation(settings, Path(records)),
                lambda: embedder_of(settings, adapted=False),
                folder,
            )
        name = "all of eval/cases" if not arguments.cases else ", ".join(f.name for f in files)
        figures, times = summaries(scored, OURS), times_of(scored)
        print(render(name, figures), end="")
        print(times_text(times), file=sys.stderr)
        model = embedder_of(settings, adapted=False)
        public = []
        if arguments.public is not None:
            weight = settings.dense_weight
            for set_, run in _public(arguments.public, names, model, folder, weight):
                print(f"\n{render_public(set_, run)}", end="")
                public.append(public_figures(set_, run))
        if arguments.json is not None:
            write_report(arguments.json, as_json(name, model.name, figures, public))
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
    parser.add_argument(
        "--public",
        type=Path,
        metavar="FOLDER",
        help="retrieval on the public sets of FOLDER as well (see eval.bench.public_sets)",
    )
    parser.add_argument("--json", type=Path, metavar="OUT.json", help="write the figures as JSON")
    return parser


def measure(
    cases: Sequence[Case],
    names: Sequence[str],
    assistant: Assistant,
    embedder: Callable[[], Embedder],
    folder: Path,
) -> tuple[Scored, ...]:
    """Open the systems, ask each of them one question unmeasured, then every case.

    ``embedder`` makes the model as published; vectors are kept below ``folder``.
    """
    from tqdm import tqdm

    library = assistant.library
    baselines = open_baselines(
        [name for name in names if name != OURS],
        library,
        embedder,
        folder,
        weight=assistant.settings.dense_weight,
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


def _public(
    data: Path, names: Sequence[str], embedder: Embedder, folder: Path, weight: float
) -> Iterator[tuple[str, RetrievalRun]]:
    """The held-out questions of each public set; one that is missing is named and left out."""
    frameworks = {name: made for name, made in FRAMEWORKS.items() if name in names}
    for name, load in SETS.items():
        if (data / name).is_dir():
            collection = held_out(load(data / name))
            yield name, run_public(collection, frameworks, embedder, folder, weight=weight)
        else:
            print(f"{name}: not in {data}; left out.", file=sys.stderr)
