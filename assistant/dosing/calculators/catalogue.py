"""Every calculator of a library folder, for a command line or a form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.dosing.calculators.errors import Refusal
from assistant.dosing.calculators.formulas import FORMULAS, Formula
from assistant.dosing.calculators.inputs import Input
from assistant.dosing.calculators.result import Result, SourceMark, render_result
from assistant.dosing.calculators.scores.engine import run_score
from assistant.dosing.calculators.scores.loader import load_scores
from assistant.dosing.calculators.scores.model import Score
from corpus.bibliography import load_bibliography

__all__ = ["FOLDER", "Calculator", "calculators", "render_result"]

FOLDER = "scores"  # inside a library


@dataclass(frozen=True, slots=True)
class Calculator:
    """One formula or one score; both are listed and run in the same way."""

    source: Formula | Score

    @property
    def id(self) -> str:
        """Its name on a command line."""
        return self.source.id

    @property
    def label(self) -> str:
        """Its name for reading."""
        return self.source.label

    @property
    def inputs(self) -> tuple[Input, ...]:
        """What it asks for, in order."""
        return self.source.inputs

    @property
    def formula(self) -> tuple[str, ...]:
        """How it calculates, in words."""
        return self.source.formula

    @property
    def population(self) -> str:
        """For whom it was made; empty where it is for everyone."""
        return self.source.population

    @property
    def sources(self) -> tuple[SourceMark, ...]:
        """Bibliography keys, with how far each was checked."""
        return self.source.sources

    @property
    def examples(self) -> tuple[tuple[tuple[str, str], ...], ...]:
        """The inputs of its worked examples; a score carries them with it."""
        if isinstance(self.source, Score):
            return tuple(example.inputs for example in self.source.examples)
        return ()

    def run(self, given: Mapping[str, str]) -> Result | Refusal:
        """The result of the answers (input id -> text), or why there is none; never raises."""
        if isinstance(self.source, Score):
            return run_score(self.source, given)
        return self.source.run(given)


def calculators(library_folder: Path) -> tuple[Calculator, ...]:
    """The formulas, then the scores of a library; the latter need none of the code to change.

    Raises ScoreError with file, key and reason, and LibraryError for a broken bibliography.
    """
    sources = load_bibliography(library_folder / "bibliography.json").keys()
    scores = load_scores(library_folder / FOLDER, sources)
    every: tuple[Formula | Score, ...] = (*FORMULAS, *scores)
    return tuple(Calculator(source) for source in every)
