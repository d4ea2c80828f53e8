"""Cases x system -> judgements, in the order of the cases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from assistant.settings import ROOT
from corpus.errors import GuidelineError
from corpus.library import Library
from corpus.model import sha256
from eval.judge import Judge
from eval.model import Case, Judgement, Observed
from eval.system import System

PACKAGES = ("corpus", "index", "assistant", "eval")


def run_cases(
    cases: Iterable[Case],
    system: System,
    judge: Judge,
    failed: Callable[[Case, str], None] = lambda case, why: None,
) -> tuple[Judgement, ...]:
    """Ask every case and judge it. A case that fails is counted as failed; the rest go on."""
    judgements: list[Judgement] = []
    for case in cases:
        observed = observe(case, system)
        if observed.error:
            failed(case, observed.error)
        judged = judge.judge(case, observed)
        if case.full and case.key_facts:
            in_full = judge.judge(case, observe(asked_in_full(case), system))
            judged = replace(judged, recall_in_full=in_full.fact_recall)
        judgements.append(judged)
    return tuple(judgements)


def asked_in_full(case: Case) -> Case:
    """The follow-up as a question of its own, without the conversation before it."""
    return replace(case, question=replace(case.question, text=case.full, history=()))


def observe(case: Case, system: System) -> Observed:
    """What the system did; its failure is an observation like any other."""
    try:
        answered = system.answer(case.question)
        return replace(answered, ranking=tuple(dict.fromkeys(system.rank(case.question))))
    except GuidelineError as error:
        return Observed(outcome=None, error=str(error))
    except Exception as error:  # noqa: BLE001 - a crash is what an evaluation has to report
        return Observed(outcome=None, error=f"{type(error).__name__}: {error}")


def texts_on_disk(library: Library) -> Mapping[str, str]:
    """Every document read again from its file, by id; empty text where that fails."""
    texts: dict[str, str] = {}
    for id_, document in library.documents.items():
        try:
            path = library.folder / "documents" / document.path
            texts[id_] = path.read_bytes().decode("utf-8")
        except (OSError, UnicodeDecodeError):
            texts[id_] = ""
    return texts


def altered_documents(library: Library, texts: Mapping[str, str]) -> tuple[str, ...]:
    """Ids of the documents whose file is not what was loaded."""
    return tuple(
        id_ for id_, document in library.documents.items() if sha256(texts[id_]) != document.sha256
    )


def code_fingerprint(root: Path = ROOT) -> str:
    """Hex SHA-256 over the names and bytes of the packages' sources and their tables."""
    total = hashlib.sha256()
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            if path.suffix in (".py", ".toml") and "library" not in path.relative_to(root).parts:
                total.update(f"{path.relative_to(root).as_posix()}\n".encode())
                total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def file_fingerprint(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
