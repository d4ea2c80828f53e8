"""Answers of another system, read from a file, judged by the same measures as our own.

One JSON object a line: ``id`` of the question; ``outcome`` (answered, limited, declined; without
it an answer with any text counts as answered); and either ``text``, or ``sentences`` with a
``text`` and the ``cites`` (passage ids of the library) of each; ``retrieved``: passage ids, best
first, where it ranks them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from assistant.library import open_library
from assistant.settings import FILE, load_settings
from corpus.errors import GuidelineError
from eval.collection import lines_of
from eval.errors import DataError
from eval.judge import Judge
from eval.load import load_cases
from eval.matching import Matcher
from eval.model import Case, Judgement, Observed, Outcome, Run, Said
from eval.report import WORST, render_json, render_report
from eval.runner import file_fingerprint, texts_on_disk
from eval.scores import score
from eval.writing import write_report

KEYS = frozenset({"id", "outcome", "text", "sentences", "retrieved"})


def main(argv: Sequence[str], environ: Mapping[str, str]) -> int:
    """Exit 0 done, 1 failed with a sentence on stderr, 2 wrong use."""
    parser = argparse.ArgumentParser(
        prog="python -m eval score",
        description="Judge the answers of another system by the measures of this evaluation.",
    )
    parser.add_argument("cases", type=Path, metavar="FILE.jsonl", help="the questions")
    parser.add_argument("answers", type=Path, metavar="ANSWERS.jsonl", help="one answer a line")
    parser.add_argument("--json", type=Path, metavar="OUT.json", help="write every item as JSON")
    arguments = parser.parse_args(argv)
    try:
        library = open_library(load_settings(FILE, environ))
        cases = load_cases((arguments.cases,))
        answers = read_answers(arguments.answers)
        judge = ForeignJudge(Judge(library, texts_on_disk(library)), Matcher(library))
        judgements = tuple(judge.judge(case, answers.get(case.id)) for case in cases)
        run = Run(
            command=f"python -m eval score {arguments.cases.name} {arguments.answers.name}",
            fingerprints={
                "answers": file_fingerprint(arguments.answers),
                f"cases {arguments.cases.name}": file_fingerprint(arguments.cases),
            },
            judgements=judgements,
            scores=score(judgements),
        )
        print(render_report(run, WORST), end="")
        if arguments.json is not None:
            write_report(arguments.json, render_json(run))
    except GuidelineError as error:
        print(error, file=sys.stderr)
        return 1
    for id_ in sorted(set(answers) - {case.id for case in cases}):
        print(f"{id_} is answered, but no question has this id.", file=sys.stderr)
    return 0


@dataclass(frozen=True)
class ForeignJudge:
    """Judges answers that may cite nothing: what they carry is looked for in their text."""

    judge_of: Judge
    matcher: Matcher

    def judge(self, case: Case, observed: Observed | None) -> Judgement:
        """What each measure says; a question without an answer has failed.

        Key facts count where the text carries them (``eval.matching``) or a sentence cites them;
        support and unsupported numbers look at citations alone, as for our own answers.
        """
        if observed is None:
            missing = Observed(outcome=None, error="The file holds no answer to this question.")
            return self.judge_of.judge(case, missing)
        text = " ".join(said.text for said in observed.said)
        carried = tuple(Said(text="", cites=(id_,)) for id_ in self.matcher.carried(text))
        facts = self.judge_of.judge(case, replace(observed, said=(*observed.said, *carried)))
        rest = self.judge_of.judge(case, observed)
        return replace(
            rest,
            fates=facts.fates,
            fact_recall=facts.fact_recall,
            vital_recall=facts.vital_recall,
        )


def read_answers(path: Path) -> Mapping[str, Observed]:
    """The answers of a file by question; DataError names the line and what is wrong with it."""
    answers: dict[str, Observed] = {}
    for at, line in lines_of(path):
        try:
            entry = json.loads(line)
        except ValueError as error:
            raise DataError(path, f"line {at} is no JSON ({error}).") from error
        try:
            id_, observed = _answer(entry)
        except ValueError as error:
            raise DataError(path, f"line {at}: {error}.") from error
        if id_ in answers:
            raise DataError(path, f"line {at} answers {id_} a second time.")
        answers[id_] = observed
    return answers


def _answer(entry: object) -> tuple[str, Observed]:
    if not isinstance(entry, dict) or not isinstance(entry.get("id"), str):
        raise ValueError('an answer is an object with the "id" of its question')
    unknown = sorted(set(entry) - KEYS)
    if unknown:
        raise ValueError(f"{', '.join(unknown)} is not known; there are {', '.join(sorted(KEYS))}")
    said = _said(entry)
    outcome = entry.get("outcome", "answered" if any(s.text.strip() for s in said) else "declined")
    if outcome not in list(Outcome):
        raise ValueError(f"the outcome {outcome!r} is none of {', '.join(Outcome)}")
    ranking = _ids(entry.get("retrieved", []), "retrieved")
    return entry["id"], Observed(
        outcome=Outcome(outcome), said=said, ranking=tuple(dict.fromkeys(ranking))
    )


def _said(entry: Mapping[str, Any]) -> tuple[Said, ...]:
    if "sentences" not in entry:
        text = entry.get("text", "")
        if not isinstance(text, str):
            raise ValueError("its text is not in quotation marks")
        return (Said(text=text, cites=()),) if text.strip() else ()
    sentences = entry["sentences"]
    if "text" in entry or not isinstance(sentences, list):
        raise ValueError("it takes either a text or a list of sentences")
    said = []
    for sentence in sentences:
        if not isinstance(sentence, dict) or not isinstance(sentence.get("text"), str):
            raise ValueError('a sentence is an object with a "text"')
        said.append(Said(text=sentence["text"], cites=_ids(sentence.get("cites", []), "cites")))
    return tuple(said)


def _ids(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(id_, str) for id_ in value):
        raise ValueError(f"{key} is not a list of passage ids")
    return tuple(value)
