"""``python -m eval``: ask every question of the case files and report how good it was.

``python -m eval run FILE.jsonl ...`` asks those of other files. The report goes to stdout and to
var/reports, progress to stderr. Two runs of the same code on the same library print the same
bytes, however many processes ask, and whether or not one was interrupted and went on. Exit 0 done,
2 wrong use, 1 failed. ``COMMANDS`` lists what else may stand behind ``python -m eval``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from importlib import import_module
from pathlib import Path

from assistant.settings import FILE, Settings, load_settings
from corpus.errors import GuidelineError
from corpus.model import sha256
from corpus.shell import leave_with
from eval.asking import MOST_WORKERS, PATIENCE_S, Asking, ask, default_workers
from eval.journal import open_journal
from eval.load import default_files, load_cases
from eval.model import Case, Run
from eval.page import render_html
from eval.report import WORST, passages_of, render_json, render_report, worst_items
from eval.times import render_latency, render_times
from eval.writing import write_report

COMMANDS: Mapping[str, tuple[str, str]] = {
    "score": ("eval.foreign", "the answers of another system"),
    "new": ("eval.new", "write questions about the installed library"),
    "gate": ("eval.gate", "hold an evaluation against its floors"),
    "report": ("eval.render", "a kept run as an HTML page with charts"),
    "compare": ("eval.compare", "what changed between two runs"),
    "peers": ("eval.peers.command", "our chain beside what a hospital could use in its place"),
    "retrieval": ("eval.retrieval", "our retriever on any collection"),
    "dosing": ("eval.dosing", "every criterion of the dosing module"),
    "fit": ("eval.fit", "fit the weights by which passages are ordered"),
    "train": ("eval.train", "train the adapter of the embedding model"),
}
"""Words that may stand first: the module whose ``main`` takes the rest, and what it does."""
RUN = "run"
"""The word behind which question files are named; everything else is as without it."""


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run the evaluation; every expected failure is one clear sentence on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in COMMANDS:
        command = import_module(COMMANDS[words[0]][0])
        return int(command.main(words[1:], environ))
    named = words[:1] == [RUN]
    parser = _parser(named=named)
    arguments = parser.parse_args(words[1:] if named else words)
    if arguments.worst < 0:
        parser.error("--worst takes 0 or more")
    if arguments.workers < 1:
        parser.error("--workers takes 1 or more")
    if not arguments.patience > 0:
        parser.error("--patience takes more than 0 seconds")
    files = (*(arguments.files if named else ()), *arguments.cases) or default_files()
    try:
        cases = load_cases(files)
        if arguments.lint:
            print(f"{len(cases)} questions in {len(files)} files, no problem.")
            return 0
        settings = load_settings(FILE, environ)
        asking = Asking(
            workers=arguments.workers, patience_s=arguments.patience, fresh=arguments.fresh
        )

        def deliver(run: Run) -> None:
            _deliver(run, settings, arguments.worst, arguments.json)

        line = _command(arguments, named)
        run = evaluate(cases, files, settings, line, asking, deliver, arguments.worst)
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. The same command goes on where it stopped.", file=sys.stderr)
        return 1
    broken = sum(judgement.observed.outcome is None for judgement in run.judgements)
    if broken:
        print(f"{broken} of {len(run.judgements)} questions failed; see above.", file=sys.stderr)
    return 1 if broken else 0


def _parser(*, named: bool) -> argparse.ArgumentParser:
    others = [
        f"python -m eval {RUN} FILE.jsonl ...: the same, of these question files",
        *(f"python -m eval {name} -h: {what}" for name, (_, what) in COMMANDS.items()),
    ]
    parser = argparse.ArgumentParser(
        prog=f"python -m eval {RUN}" if named else "python -m eval",
        description="How good are the answers, with counts and intervals.",
        epilog=None if named else "\n".join(others),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    if named:
        parser.add_argument(
            "files", type=Path, nargs="*", metavar="FILE.jsonl", help="question files"
        )
    parser.add_argument(
        "--cases",
        type=Path,
        nargs="+",
        action="extend",
        default=[],
        metavar="FILE.jsonl",
        help="question files (default: all of eval/cases)",
    )
    parser.add_argument("--json", type=Path, metavar="OUT.json", help="write every item as JSON")
    parser.add_argument("--worst", type=int, default=WORST, metavar="N", help="items to list")
    parser.add_argument("--lint", action="store_true", help="only check the question files")
    parser.add_argument(
        "--workers",
        type=int,
        default=default_workers(),
        metavar="N",
        help=f"processes that ask (default: one for each usable core, at most {MOST_WORKERS}; here "
        f"{default_workers()}); 1 asks in this process. The results are the same",
    )
    parser.add_argument(
        "--patience",
        type=float,
        default=PATIENCE_S,
        metavar="SECONDS",
        help="a question that takes longer has failed (default: %(default)g). Needs two workers: "
        "with 1 a question that hangs can't be ended, and one that crashes ends the run",
    )
    parser.add_argument(
        "--fresh",
        action="store_true",
        help="ask every question again, also those that an interrupted run has asked",
    )
    return parser


def _command(arguments: argparse.Namespace, named: bool) -> str:
    """The command line, without what changes no result: where it is written, how it is asked."""
    words = ["python -m eval"]
    if named:
        words += [RUN, *(path.name for path in arguments.files)]
    if arguments.cases:
        words += ["--cases", *(path.name for path in arguments.cases)]
    if arguments.worst != WORST:
        words += ["--worst", str(arguments.worst)]
    return " ".join(words)


def evaluate(
    cases: Sequence[Case],
    files: Sequence[Path],
    settings: Settings,
    command: str,
    asking: Asking | None = None,
    deliver: Callable[[Run], None] = lambda run: None,
    worst: int = WORST,
) -> Run:
    """Ask every case, score the answers and deliver the run; only then its journal is removed.

    The run brings the texts of the passages that its ``worst`` items are about.
    """
    from assistant.library import open_library
    from assistant.setup_index import ensure_index
    from eval.dose_rates import dose_rates
    from eval.fingerprints import fingerprints, journal_key
    from eval.grading import load_grades
    from eval.judge import Judge
    from eval.runner import altered_documents, folder_fingerprint, judged, texts_on_disk
    from eval.scores import score
    from eval.system import OpenChain

    asking = asking or Asking()
    ensure_index(settings)
    library = open_library(settings)
    texts = texts_on_disk(library)
    # Before the run: somebody may edit the sources meanwhile.
    measured = fingerprints(settings, library, files)
    names, day = [path.name for path in files], date.today().isoformat()
    key = journal_key(measured, folder_fingerprint(library.folder), names, day)
    with (
        open_journal(settings.data / "evaluations" / f"{key}.jsonl", fresh=asking.fresh) as journal,
        tempfile.TemporaryDirectory(prefix="guideline-eval-") as records,
    ):
        observations = ask(cases, OpenChain(settings, Path(records)), journal, asking)
        judge = Judge(library, texts, load_grades())
        judgements = tuple(
            judged(case, observation, judge)
            for case, observation in zip(cases, observations, strict=True)
        )
        print(render_latency(judgements), file=sys.stderr)
        listed, _ = worst_items(judgements, worst)
        run = Run(
            command=command,
            fingerprints=measured,
            judgements=judgements,
            scores=score(judgements),
            dose_rates=dose_rates(library),
            altered=altered_documents(library, texts),
            passages={
                id_: library.passages[id_].text
                for id_ in passages_of(listed)
                if id_ in library.passages
            },
        )
        deliver(run)
        journal.remove()
    return run


def _deliver(run: Run, settings: Settings, worst: int, out: Path | None) -> None:
    report, results = render_report(run, worst), render_json(run)
    print(report, end="")
    folder = settings.data / "reports"
    name = f"evaluation-{sha256(results)[:12]}"
    write_report(folder / f"{name}.md", report)
    write_report(folder / f"{name}.json", results)
    write_report(folder / f"{name}.times.json", render_times(run.judgements))
    times = {j.case.id: j.observed.elapsed_ms for j in run.judgements}
    page = render_html(json.loads(results), times, worst=worst)
    write_report(folder / f"{name}.html", page)
    print(f"Kept as {folder / name}.md, .json, .html and .times.json", file=sys.stderr)
    if out is not None:
        write_report(out, results)


if __name__ == "__main__":
    leave_with(main)
