"""``python -m eval``: ask every question of the case files and report how good it was.

The report goes to stdout and to var/reports, progress to stderr. Two runs of the same code
on the same library print the same bytes. Exit 0 done, 2 wrong use, 1 failed.
``COMMANDS`` lists what else may stand behind ``python -m eval``.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path

from assistant.settings import FILE, Settings, load_settings
from corpus.errors import GuidelineError
from corpus.model import sha256
from corpus.shell import leave_with
from eval.load import default_files, load_cases
from eval.metrics import percentile
from eval.model import Case, Judgement, Run
from eval.report import WORST, render_json, render_report
from eval.writing import write_report

COMMANDS: Mapping[str, tuple[str, str]] = {
    "score": ("eval.foreign", "the answers of another system"),
    "new": ("eval.new", "write questions about the installed library"),
    "gate": ("eval.gate", "hold an evaluation against its floors"),
    "compare": ("eval.compare", "what changed between two runs"),
    "peers": ("eval.peers.command", "our chain beside what a hospital could use in its place"),
    "retrieval": ("eval.retrieval", "our retriever on any collection"),
    "dosing": ("eval.dosing", "every criterion of the dosing module"),
    "fit": ("eval.fit", "fit the weights by which passages are ordered"),
    "train": ("eval.train", "train the adapter of the embedding model"),
}
"""Words that may stand first: the module whose ``main`` takes the rest, and what it does."""


def main(argv: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ) -> int:
    """Run the evaluation; every expected failure is one clear sentence on stderr."""
    words = list(sys.argv[1:] if argv is None else argv)
    if words and words[0] in COMMANDS:
        command = import_module(COMMANDS[words[0]][0])
        return int(command.main(words[1:], environ))
    parser = _parser()
    arguments = parser.parse_args(words)
    if arguments.worst < 0:
        parser.error("--worst takes 0 or more")
    files = tuple(arguments.cases) if arguments.cases else default_files()
    try:
        cases = load_cases(files)
        if arguments.lint:
            print(f"{len(cases)} questions in {len(files)} files, no problem.")
            return 0
        settings = load_settings(FILE, environ)
        run = evaluate(cases, files, settings, _command(arguments))
        _deliver(run, settings, arguments.worst, arguments.json)
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Stopped. Nothing was left half-written.", file=sys.stderr)
        return 1
    broken = sum(judgement.observed.outcome is None for judgement in run.judgements)
    if broken:
        print(f"{broken} of {len(run.judgements)} questions failed; see above.", file=sys.stderr)
    return 1 if broken else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m eval",
        description="How good are the answers, with counts and intervals.",
        epilog="\n".join(f"python -m eval {n} -h: {what}" for n, (_, what) in COMMANDS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--cases",
        type=Path,
        nargs="+",
        action="extend",
        metavar="FILE.jsonl",
        help="question files (default: all of eval/cases)",
    )
    parser.add_argument("--json", type=Path, metavar="OUT.json", help="write every item as JSON")
    parser.add_argument("--worst", type=int, default=WORST, metavar="N", help="items to list")
    parser.add_argument("--lint", action="store_true", help="only check the question files")
    return parser


def _command(arguments: argparse.Namespace) -> str:
    """The command line, without where the result is written: that changes no result."""
    words = ["python -m eval"]
    if arguments.cases:
        words += ["--cases", *(path.name for path in arguments.cases)]
    if arguments.worst != WORST:
        words += ["--worst", str(arguments.worst)]
    return " ".join(words)


def evaluate(cases: Sequence[Case], files: Sequence[Path], settings: Settings, command: str) -> Run:
    """Open the assistant, ask every case and score the answers."""
    from tqdm import tqdm

    from eval.grading import grade_files, load_grades
    from eval.judge import Judge
    from eval.runner import (
        altered_documents,
        code_fingerprint,
        file_fingerprint,
        run_cases,
        texts_on_disk,
    )
    from eval.scores import score
    from eval.system import ChainSystem, open_for_evaluation

    code = code_fingerprint()  # before the run: somebody may edit the sources meanwhile
    with tempfile.TemporaryDirectory(prefix="guideline-eval-") as records:
        assistant = open_for_evaluation(settings, Path(records))
        texts = texts_on_disk(assistant.library)
        bar = tqdm(cases, unit="question", file=sys.stderr, disable=None)
        judgements = run_cases(
            bar,
            ChainSystem(assistant),
            Judge(assistant.library, texts, load_grades()),
            failed=lambda case, why: print(f"{case.id} failed: {why}", file=sys.stderr),
        )
    print(_latency(judgements), file=sys.stderr)
    card = assistant.index.card
    return Run(
        command=command,
        fingerprints={
            "library": card.corpus,
            "vocabulary": file_fingerprint(settings.library / "library.toml"),
            "index": card.fingerprint,
            "model": card.model,
            "code": code,
            "settings": f"store {settings.store}, dense_weight {settings.dense_weight}, "
            f"pool {settings.pool}",
            **{f"cases {path.name}": file_fingerprint(path) for path in files},
            **{f"grades {path.name}": file_fingerprint(path) for path in grade_files()},
        },
        judgements=judgements,
        scores=score(judgements),
        altered=altered_documents(assistant.library, texts),
    )


def _latency(judgements: Sequence[Judgement]) -> str:
    times = sorted(j.observed.elapsed_ms for j in judgements if j.observed.outcome)
    if not times:
        return "No question was answered."
    return f"Time in the chain: median {percentile(times, 50):.1f} ms, 95th percentile " + (
        f"{percentile(times, 95):.1f} ms (cold start included; see eval.bench.latency)."
    )


def _deliver(run: Run, settings: Settings, worst: int, out: Path | None) -> None:
    report, results = render_report(run, worst), render_json(run)
    print(report, end="")
    folder = settings.data / "reports"
    name = f"evaluation-{sha256(results)[:12]}"
    write_report(folder / f"{name}.md", report)
    write_report(folder / f"{name}.json", results)
    print(f"Kept as {folder / name}.md and .json", file=sys.stderr)
    if out is not None:
        write_report(out, results)


if __name__ == "__main__":
    leave_with(main)
