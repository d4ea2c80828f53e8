"""The headline figures of a run, each beside what is wanted of it.  (pure but for the targets)

A figure stands twice: over all questions, and over those of the test split, on which nothing was
tuned. A target is met by the value; whether the whole interval meets it is said as well.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from eval.answerability import auroc_interval
from eval.errors import DataError
from eval.markup import Table
from eval.metrics import bootstrap_interval, recall_at_k, wilson_interval
from eval.model import Judgement, Outcome
from eval.refusals import answerable_scores, is_answerable, is_as_if_inside
from eval.scales import number_text, percent_text
from eval.scores import MEANS, RATES, UNWANTED, UNWANTED_BESIDE

FILE = Path(__file__).parent / "targets.toml"
SINGLE = "single facts"
HELD_OUT = "test"
NOT_MET = "not met"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A value with its 95 % interval, over ``n``; ``events`` is the count behind a rate."""

    value: float
    low: float
    high: float
    n: int
    events: int | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """What is wanted of a measure: at least one bound is None."""

    measure: str
    at_least: float | None = None
    at_most: float | None = None

    def __str__(self) -> str:
        if self.at_least is not None:
            return f"at least {self.at_least:.2f}"
        most = self.at_most or 0.0
        return "none" if most == 0 else f"at most {number_text(100 * most, 1)} %"

    def verdict(self, figure: Figure | None) -> str:
        """Whether it is met, and where the interval leaves that open."""
        if figure is None:
            return "nothing counted"
        if self.at_most == 0:
            return NOT_MET if figure.events else "met"
        met, sure = self._holds(figure.value), self._holds(figure.low, figure.high)
        if met and not sure:
            return "met, interval crosses"
        return "met" if met else NOT_MET

    def _holds(self, *values: float) -> bool:
        least = self.at_least is None or min(values) >= self.at_least
        return least and (self.at_most is None or max(values) <= self.at_most)


@dataclass(frozen=True, slots=True)
class Targets:
    """The targets in order, and the kinds of questions: words that begin the name of a file."""

    targets: tuple[Target, ...]
    kinds: Mapping[str, tuple[str, ...]]

    def kind(self, judgement: Judgement) -> str:
        """The kind of a question by its file; a file of no kind is one of its own."""
        file = judgement.case.file
        for name, words in self.kinds.items():
            if file.startswith(words):
                return name
        return file.removesuffix(".jsonl")

    def by_kind(self, judgements: Sequence[Judgement]) -> Mapping[str, tuple[Judgement, ...]]:
        """The questions of each kind that there is, in the order of the table, then of the run."""
        found: dict[str, list[Judgement]] = {name: [] for name in self.kinds}
        for judgement in judgements:
            found.setdefault(self.kind(judgement), []).append(judgement)
        return {name: tuple(members) for name, members in found.items() if members}


@dataclass(frozen=True, slots=True)
class Headline:
    """One measure: over all questions, over the test split, and what is wanted."""

    target: Target
    everything: Figure | None
    held_out: Figure | None


def load_targets(path: Path = FILE) -> Targets:
    """The targets of a file; DataError where it is none, or names a measure that there is not."""
    try:
        whole = tomllib.loads(path.read_text(encoding="utf-8"))
        targets = tuple(_target(entry) for entry in whole["target"])
        kinds = {str(name): tuple(map(str, words)) for name, words in whole["kinds"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise DataError(path, f"it holds no targets ({error}).") from error
    unknown = [target.measure for target in targets if target.measure not in MEASURES]
    if unknown:
        raise DataError(path, f"{', '.join(unknown)} is no measure; see eval/headline.py.")
    return Targets(targets, kinds)


def _target(entry: Mapping[str, object]) -> Target:
    bounds = {key: float(str(entry[key])) for key in ("at_least", "at_most") if key in entry}
    if len(bounds) != 1 or set(entry) - {"measure", "at_least", "at_most"}:
        raise ValueError("a target has a measure and either at_least or at_most")
    return Target(str(entry["measure"]), **bounds)


def headlines(judgements: Sequence[Judgement], targets: Targets) -> tuple[Headline, ...]:
    """Every measure that has a target, in the order of the targets."""
    held_out = [j for j in judgements if j.case.split == HELD_OUT]
    return tuple(
        Headline(
            target,
            MEASURES[target.measure](judgements, targets),
            MEASURES[target.measure](held_out, targets),
        )
        for target in targets.targets
    )


def summary_table(found: Sequence[Headline]) -> Table:
    """The headline figures as a table: value, interval, target and whether it is met."""
    rows = []
    for headline in found:
        target = headline.target
        cells = [target.measure, str(target)]
        for figure in (headline.everything, headline.held_out):
            verdict = target.verdict(figure)
            cells += [
                figure_text(figure, target),
                f"**{verdict}**" if verdict == NOT_MET else verdict,
            ]
        rows.append(tuple(cells))
    return Table(
        ("figure", "wanted", "all questions", "met?", "test split only", "met on it?"),
        tuple(rows),
    )


def figure_text(figure: Figure | None, target: Target) -> str:
    """A figure as the summary prints it: a rate as a percentage with its count."""
    if figure is None:
        return "–"
    if target.at_most == 0:
        bound = f" (<3/{figure.n:,} = {min(100.0, 300 / figure.n):.2f} %)"
        return f"{figure.events or 0} of {figure.n:,}" + ("" if figure.events else bound)
    if figure.events is not None:
        ends = f"{100 * figure.low:.1f}–{100 * figure.high:.1f}"
        return f"{percent_text(figure.value)} [{ends}] {figure.events:,}/{figure.n:,}"
    return f"{figure.value:.3f} [{figure.low:.3f}–{figure.high:.3f}] n={figure.n:,}"


# ------------------------------------------------------------------------------ measures


def mean_figure(values: Sequence[float]) -> Figure | None:
    """A mean with its bootstrap interval; None without a value."""
    if not values:
        return None
    low, high = bootstrap_interval(values)
    return Figure(value=sum(values) / len(values), low=low, high=high, n=len(values))


def rate_figure(events: int, n: int) -> Figure | None:
    """A share with its Wilson interval; None where nothing was counted."""
    if not n:
        return None
    low, high = wilson_interval(events, n)
    return Figure(value=events / n, low=low, high=high, n=n, events=events)


def mean_of(measure: str, judgements: Sequence[Judgement]) -> Figure | None:
    """A mean of ``eval.scores`` over any questions."""
    return mean_figure([v for v in map(MEANS[measure], judgements) if v is not None])


def recalls_at(judgements: Sequence[Judgement], k: int) -> list[float]:
    """recall@k of each question that has a relevant passage, in order."""
    pairs = [(j.observed.ranking, j.relevant) for j in judgements if j.relevant]
    return [recall_at_k(ranking, relevant, k) for ranking, relevant in pairs]


def _rate_of(measure: str, judgements: Sequence[Judgement], _: Targets) -> Figure | None:
    pairs = [RATES[measure](judgement) for judgement in judgements]
    return rate_figure(sum(events for events, _ in pairs), sum(n for _, n in pairs))


def _single_facts(judgements: Sequence[Judgement], targets: Targets) -> Figure | None:
    single = [j for j in judgements if targets.kind(j) == SINGLE]
    return mean_figure(recalls_at(single, 10))


def _declined(judgements: Sequence[Judgement], _: Targets) -> Figure | None:
    inside = [j for j in judgements if is_answerable(j.case)]
    declined = sum(j.observed.outcome is Outcome.DECLINED for j in inside)
    return rate_figure(declined, len(inside))


def _as_if_inside(judgements: Sequence[Judgement], _: Targets) -> Figure | None:
    outside = [j for j in judgements if is_answerable(j.case) is False]
    return rate_figure(sum(map(is_as_if_inside, outside)), len(outside))


def _auroc(judgements: Sequence[Judgement], _: Targets) -> Figure | None:
    inside, outside = answerable_scores(judgements)
    found = auroc_interval(inside, outside)
    if found is None:
        return None
    value, low, high = found
    return Figure(value=value, low=low, high=high, n=len(inside) + len(outside))


MEASURES: Mapping[str, Callable[[Sequence[Judgement], Targets], Figure | None]] = {
    "key-fact recall": lambda js, _: mean_of("key-fact recall", js),
    "vital-fact recall": lambda js, _: mean_of("vital-fact recall", js),
    "recall@10 on single facts": _single_facts,
    "MRR": lambda js, _: mean_of("MRR", js),
    "answerable and declined": _declined,
    "outside the library and answered as if inside": _as_if_inside,
    "AUROC of answerability": _auroc,
    "linked disagreements, both sides": partial(_rate_of, "both sides linked"),
    **{name: partial(_rate_of, name) for name in (*UNWANTED, *UNWANTED_BESIDE)},
}
"""What a target can be set for."""
