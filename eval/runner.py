"""Cases x system -> judgements, in the order of the cases."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from assistant.settings import ROOT
from corpus.library import Library
from corpus.model import sha256
from eval.judge import Judge
from eval.model import Case, Judgement, Observation
from eval.observing import observation_of
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
        observation = observation_of(case, system)
        if observation.error:
            failed(case, observation.error)
        judgements.append(judged(case, observation, judge))
    return tuple(judgements)


def judged(case: Case, observation: Observation, judge: Judge) -> Judgement:
    """What each measure says of one case, with the recall of the follow-up asked in full."""
    judgement = judge.judge(case, observation.asked)
    if observation.in_full is None:
        return judgement
    in_full = judge.judge(case, observation.in_full)
    return replace(judgement, recall_in_full=in_full.fact_recall)


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
    paths = (path for package in PACKAGES for path in sorted((root / package).rglob("*")))
    return _fingerprint_of(
        root,
        (
            path
            for path in paths
            if path.suffix in (".py", ".toml") and "library" not in path.relative_to(root).parts
        ),
    )


def folder_fingerprint(folder: Path) -> str:
    """Hex SHA-256 over the names and bytes of all files of a folder; a missing one has none."""
    return _fingerprint_of(folder, (path for path in sorted(folder.rglob("*")) if path.is_file()))


def _fingerprint_of(root: Path, paths: Iterable[Path]) -> str:
    total = hashlib.sha256()
    for path in paths:
        total.update(f"{path.relative_to(root).as_posix()}\n".encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def file_fingerprint(path: Path) -> str:
    """Hex SHA-256 of a file's bytes."""
    return hashlib.sha256(path.read_bytes()).hexdigest()
