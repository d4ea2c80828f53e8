"""Kept results -> the evaluation report as one HTML page.  (pure but for its style and targets)

The page is whole in itself: no script, nothing fetched, and its content security policy forbids
everything but its own style. The same results and times give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.charts import heat_map
from eval.dose_rates import DOSE_RATES_NOTE, dose_rate_table
from eval.headline import Targets, headlines, load_targets, summary_table
from eval.kept import run_of
from eval.markup import escaped, items, paragraph, table
from eval.model import Fate, Run
from eval.page_finding import answering, finding
from eval.page_items import worst_section
from eval.page_latency import latency, times_of
from eval.page_others import Measured, other
from eval.page_refusals import outcomes, refusals
from eval.report import NO_FACTS, WORST
from eval.scores import UNWANTED, UNWANTED_BESIDE
from eval.tables import BEHIND, losses_by_file, score_table, unwanted_table

POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
TITLE = "Evaluation of the guideline assistant"
STYLE = Path(__file__).with_name("page.css")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the page under its own heading; ``id`` is its anchor."""

    id: str
    title: str
    body: str


def render_html(
    results: Mapping[str, Any],
    times: Mapping[str, float] | None = None,
    others: Sequence[Measured] = (),
    worst: int = WORST,
) -> str:
    """The page of the results of ``python -m eval``.

    ``times`` are milliseconds by question id. Raises ValueError where the results are none, and
    DataError where the targets can't be read.
    """
    run, targets = run_of(results, times), load_targets()
    sections = [s for s in _sections(run, targets, others, worst) if s.body]
    contents = "".join(
        f'<li><a href="#{section.id}">{escaped(section.title)}</a></li>' for section in sections
    )
    body = "".join(
        f'<section id="{section.id}" aria-labelledby="{section.id}-h">'
        f'<h2 id="{section.id}-h">{escaped(section.title)}</h2>{section.body}</section>'
        for section in sections
    )
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f"<title>{TITLE}</title>\n<style>\n{STYLE.read_text(encoding='utf-8')}</style></head>\n"
        f"<body><header><h1>{TITLE}</h1>{paragraph(_measured_on(run))}</header>"
        f'<nav aria-label="Contents"><ol>{contents}</ol></nav><main>{body}</main></body></html>\n'
    )


def _sections(run: Run, targets: Targets, others: Sequence[Measured], count: int) -> list[Section]:
    judgements = run.judgements
    parts: list[tuple[str, str, Callable[[], str]]] = [
        ("about", "What this is, and what it is not", lambda: _about(run)),
        ("summary", "Summary", lambda: _summary(run, targets)),
        ("finding", "Finding passages", lambda: finding(run, targets)),
        ("answering", "Composing answers", lambda: answering(run, targets)),
        ("refusals", "Knowing when not to answer", lambda: refusals(judgements)),
        ("verdicts", "Verdicts", lambda: outcomes(judgements)),
        ("latency", "Time of a question", lambda: latency(times_of(judgements))),
        ("unwanted", "What must not happen", lambda: _unwanted(run)),
        ("beside", "What stands behind and beside the sentences", lambda: _beside(run)),
        ("losses", "Where key facts are lost", lambda: _losses(run)),
        ("worst", "The worst items", lambda: worst_section(run, count)),
    ]
    sections = [Section(id_, title, body()) for id_, title, body in parts]
    for at, measured in enumerate(others, 1):
        sections.append(Section(f"other-{at}", measured.title, other(f"others-{at}", measured)))
    return [*sections, Section("measured", "What was measured", _measured(run))]


def _measured_on(run: Run) -> str:
    library = run.fingerprints.get("library", "")
    of = f" on the library {library[:12]}" if library else ""
    files = len({j.case.file for j in run.judgements})
    return f"{len(run.judgements):,} questions from {files} files{of}."


def _about(run: Run) -> str:
    altered = ""
    if run.altered:
        said = "Documents on disk differ from those loaded: " + ", ".join(run.altered) + "."
        altered = paragraph(said, "bad")
    return altered + items(
        (
            "It measures whether the assistant finds and quotes what its library holds, and "
            "whether it keeps silent where it should.",
            "It does not measure whether the library is right, nor whether an answer helps a "
            "patient. No clinician has reviewed the questions, the key facts or the library.",
            "No language model judged anything here: every figure is counted by plain code. Of "
            "the bundled questions most were written by language models, and language models "
            "graded which statements belong in an answer.",
            "Development questions were looked at while the program was written, so their figures "
            "are optimistic. The test split was not; it has a column or a line of its own.",
            "Intervals are 95 %. Means are drawn over questions (bootstrap), shares are Wilson's, "
            "counts of nothing follow the rule of three. A dash: nothing to count.",
        )
    )


def _summary(run: Run, targets: Targets) -> str:
    found = summary_table(headlines(run.judgements, targets))
    return table(found) + paragraph(
        "A target is met by the value. “Interval crosses” says that the 95 % interval also "
        "holds values that would not meet it. Single facts are the questions of files "
        + " and ".join(f"{word}-*" for word in targets.kinds.get("single facts", ()))
        + ".",
        "note",
    )


def _unwanted(run: Run) -> str:
    return paragraph(
        "Sentences and numbers that no cited passage holds letter by letter, sentences that a "
        "question forbids, and questions that ended in an error. In brackets: the 95 % interval, "
        "or <3/n, its upper end by the rule of three where nothing happened."
    ) + table(unwanted_table(run, UNWANTED))


def _beside(run: Run) -> str:
    tables = (score_table(run, BEHIND), unwanted_table(run, UNWANTED_BESIDE))
    blocks = [table(data) for data in tables if data.rows]
    if blocks:
        said = paragraph(
            "Citation precision: citations whose own passage carries their sentence; recall: "
            "sentences that their citations carry together. Companions are what the library "
            "links to a shown dose: limits, kidney and liver rules, monitoring, prophylaxis; "
            "omitted is what is neither shown nor offered by name."
        )
        blocks.insert(0, said)
    rates = dose_rate_table(run.dose_rates)
    if rates.rows:
        said = paragraph(f"The dose reader and the dose check: {DOSE_RATES_NOTE}")
        blocks += [said, table(rates)]
    return "".join(blocks)


def _losses(run: Run) -> str:
    losses = losses_by_file(run.judgements)
    if not losses:
        return paragraph(NO_FACTS)
    return heat_map(
        key="losses",
        title="What became of each key fact",
        description="Counts of key facts: rows are files of questions, columns what became of the "
        "fact. The first column is what is wanted.",
        corner="key facts of",
        columns=tuple(map(str, Fate)),
        rows=losses,
        outlined=frozenset((row, 0) for row in range(len(losses))),
        note="Outlined: shown. Not in the library: the statement has to be written. Not found: "
        "none of the passages that the search handed on carries it. Found, not chosen: the "
        "drafter left it out. In brackets: share of the row.",
    )


def _measured(run: Run) -> str:
    rows = [(name, value) for name, value in run.fingerprints.items()]
    rows += [("questions", f"{len(run.judgements):,}"), ("command", run.command)]
    listed = "".join(
        f"<div><dt>{escaped(name)}</dt><dd><code>{escaped(value)}</code></dd></div>"
        for name, value in rows
    )
    return f'<dl class="prints">{listed}</dl>'
