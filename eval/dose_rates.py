"""How often the dose reader and the dose check err, on a sample: for the report of an evaluation.

``python -m eval dosing`` measures every criterion in full; these are its fast ones, in seconds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.dosing import Kind, parse
from assistant.settings import ROOT
from corpus.library import Library
from eval.dose_mutations import run_mutations, run_rewrites, withheld_over_library
from eval.dose_reading import score_reading
from eval.errors import DataError
from eval.markup import Table
from eval.metrics import rate_text, wilson_interval

LABELS = ROOT / "tests" / "fixtures" / "dosing" / "set2-development.jsonl"
SAMPLE = 24  # of the statements that are changed and rewritten, every so many
DOSE_RATES_NOTE = (
    f"Every {SAMPLE}th statement was changed and rewritten; all of them and more: "
    "`python -m eval dosing`."
)


@dataclass(frozen=True, slots=True)
class DoseRate:
    """Unwanted events of n, and the greatest share of them that is wanted, 0..1."""

    name: str
    events: int
    n: int
    most: float

    @property
    def is_met(self) -> bool | None:
        """Whether the share keeps within the target.

        None where a sample does not tell: nothing counted, or above the target while the 95 %
        interval reaches down to it. With a target of 0 any event is one too many.
        """
        if not self.n:
            return None
        if self.events <= self.most * self.n:
            return True
        low, _ = wilson_interval(self.events, self.n)
        return None if self.most >= low else False


def dose_rates(
    library: Library, labels: Path = LABELS, *, every: int = SAMPLE
) -> tuple[DoseRate, ...]:
    """What the reader gets wrong of labelled strings and the library, and the check lets by.

    Without the file of labels its rates count nothing; raises DataError for one that is broken.
    """
    return (*_reading(labels), *_checking(library, every))


def _reading(labels: Path) -> tuple[DoseRate, ...]:
    try:
        lines = labels.read_text("utf-8").splitlines() if labels.is_file() else []
        score = score_reading(lines)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(labels, f"a line is no labelled string ({error}).") from error
    read, labelled, strings = score.precision, score.recall, score.strings.of
    return (
        DoseRate("amounts read that are not labelled", read.of - read.right, read.of, 0.01),
        DoseRate("labelled amounts missed", labelled.of - labelled.right, labelled.of, 0.03),
        DoseRate("strings with a wrong dose and no flag", len(score.silent_wrong), strings, 0.0),
        DoseRate("strings with a missed dose and no flag", len(score.silent_missed), strings, 0.0),
    )


def _checking(library: Library, every: int) -> tuple[DoseRate, ...]:
    unexplained = sum(
        any(n.kind is Kind.UNKNOWN for n in read.numbers) or bool(read.unread)
        for p in library.passages.values()
        for read in [parse(p.text, context_drugs=p.statement.facets.drugs)]
    )
    withheld = withheld_over_library(library)
    changed, rewritten = run_mutations(library, every=every), run_rewrites(library, every=every)
    caught, missed = sum(changed.caught.values()), len(changed.missed)
    typography, alarms = len(rewritten.typography_alarms), len(rewritten.alarms)
    return (
        DoseRate("statements with an unexplained number", unexplained, len(library.passages), 0.0),
        DoseRate("doses withheld when quoted", len(withheld.withheld), withheld.doses, 0.01),
        DoseRate("changed doses that the check lets by", missed, caught + missed, 0.001),
        DoseRate("false alarms on other words", alarms, rewritten.made, 0.01),
        DoseRate("false alarms on typography alone", typography, rewritten.typography, 0.0),
    )


def dose_rate_table(rates: Sequence[DoseRate]) -> Table:
    """The rates with targets and intervals, one a row; a word says whether the target is met."""
    verdicts = {True: "met", False: "**not met**", None: "too few to tell"}
    rows = tuple(
        (
            rate.name,
            f"at most {100 * rate.most:g} %" if rate.most else "none",
            rate_text(rate.events, rate.n),
            verdicts[rate.is_met],
        )
        for rate in rates
    )
    return Table(("of the dose reader and the dose check", "wanted", "measured", "met?"), rows)


def render_dose_rates(rates: Sequence[DoseRate]) -> str:
    """The table under its heading, in Markdown; empty without a rate."""
    if not rates:
        return ""
    return "\n\n".join(
        ("## Reading and checking doses", DOSE_RATES_NOTE, dose_rate_table(rates).markdown())
    )
