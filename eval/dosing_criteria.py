"""What was measured of the dosing module -> one line for each criterion, met or not.  (pure)"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from eval.dose_mutations import MutationScore, RewriteScore, WithheldScore
from eval.dose_reading import ReadingScore, Share
from eval.dosing_calculators import Comparisons, Examples
from eval.medcalc import MedcalcReport
from eval.metrics import wilson_interval

MISSING = "not here, not measured"


class State(StrEnum):
    """Whether a criterion is met, and the mark that says so."""

    MET = "✓"
    UNMET = "✗"
    REPORTED = "·"  # a number without a target
    UNMEASURED = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of the report; ``details`` are what it counts, one by one."""

    part: str
    name: str
    target: str
    measured: str
    state: State
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Times:
    """Fastest of several runs, in milliseconds; ``worst`` names the slowest adversarial text."""

    median: float
    p99: float
    worst: float
    worst_name: str
    answer: float
    statements: int


@dataclass(frozen=True, slots=True)
class ModuleMutations:
    """Mutants of one module of the code: all, those that were run, and those a test failed on."""

    name: str
    killed: int
    run: int
    total: int
    day: str
    command: str

    def __str__(self) -> str:
        sample = f"{self.run} of {self.total} mutants run"
        return f"{self.name}: killed {rate(self.killed, self.run)}, {sample}"


def rate(events: int, of: int, places: int = 2) -> str:
    """So many of so many with the 95 % interval; the rule of three where nothing happened.

    >>> rate(0, 300)
    '0 of 300 (below 1.00%)'
    """
    if not of:
        return "none counted"
    if not events:
        return f"0 of {of} (below {min(1.0, 3 / of):.2%})"
    low, high = wilson_interval(events, of)
    share, low_text, high_text = (f"{value:.{places}%}" for value in (events / of, low, high))
    return f"{events} of {of} = {share} ({low_text}–{high_text})"


def unmeasured(part: str, name: str, target: str, why: str = MISSING) -> Criterion:
    """A criterion for which what it needs is absent."""
    return Criterion(part=part, name=name, target=target, measured=why, state=State.UNMEASURED)


def _met(is_met: bool) -> State:
    return State.MET if is_met else State.UNMET


def open_list(part: str, right: int, of: int, wrong: Sequence[str]) -> Criterion:
    """The open list of the specification: every string or the criterion is not met."""
    return Criterion(
        part=part,
        name="strings of the open list read",
        target="60 of 60",
        measured=f"{right} of {of}",
        state=_met(right == of == 60),
        details=tuple(wrong),
    )


def reading(part: str, score: ReadingScore) -> Iterator[Criterion]:
    """Precision, recall, timing and silent errors over labelled strings."""
    yield Criterion(
        part=part,
        name="labelled strings",
        target="reported",
        measured=str(score.strings.of),
        state=State.REPORTED,
    )
    shares: tuple[tuple[str, Share, float | None], ...] = (
        ("quantity precision", score.precision, 0.99),
        ("quantity recall", score.recall, 0.97),
        ("frequency recall", score.frequency, 0.95),
        ("route recall", score.route, 0.95),
        ("duration recall", score.duration, 0.95),
        ("drug right, given the quantity", score.drug, None),
        ("role right, given the quantity", score.role, None),
        ("strings entirely right", score.strings, None),
        ("strings with a flag", score.flagged, None),
    )
    for name, share, least in shares:
        state = State.REPORTED if least is None else _at_least(share, least)
        target = "reported" if least is None else f"≥ {least}"
        yield Criterion(part=part, name=name, target=target, measured=share.text(), state=state)
    for name, found in (
        ("strings with a wrong dose and no flag", score.silent_wrong),
        ("strings with a missed dose and no flag", score.silent_missed),
        ("dose reported where there is none", score.invented),
    ):
        yield Criterion(
            part=part,
            name=name,
            target="0",
            measured=rate(len(found), score.strings.of),
            state=_met(not found) if score.strings.of else State.UNMEASURED,
            details=found,
        )


def _at_least(share: Share, least: float) -> State:
    return _met(share.right >= least * share.of) if share.of else State.UNMEASURED


def instructions(part: str, line: str) -> Criterion:
    """Prescription instructions, which are reported and have no target."""
    what, _, said = line.partition(": ")
    absent = said.endswith("not measured")
    state = State.UNMEASURED if absent else State.REPORTED
    return Criterion(part=part, name=what, target="reported", measured=said, state=state)


@dataclass(frozen=True, slots=True)
class Unexplained:
    """A statement with a number that no recogniser explains, and whether it states a dose."""

    passage_id: str
    numbers: tuple[str, ...]
    text: str
    has_dose: bool


def library(
    part: str, unexplained: Sequence[Unexplained], statements: int, withheld: WithheldScore
) -> Iterator[Criterion]:
    """What the library's own statements say of the reader and the comparison."""
    dosed = sum(found.has_dose for found in unexplained)
    beside = f"; {dosed} of them state a dose" if unexplained else ""
    yield Criterion(
        part=part,
        name="statements with an unexplained number",
        target="0",
        measured=f"{rate(len(unexplained), statements)}{beside}",
        state=_met(not unexplained),
        details=tuple(
            f"{'dose, ' if u.has_dose else ''}{u.passage_id}: {', '.join(u.numbers)}: {u.text}"
            for u in unexplained
        ),
    )
    yield Criterion(
        part=part,
        name="doses withheld when a statement is quoted",
        target="≤ 1 %",
        measured=rate(len(withheld.withheld), withheld.doses),
        state=_met(withheld.share <= 0.01),
        details=tuple(f"{where}: {text}: {why}" for where, text, why in withheld.withheld),
    )


def mutations(part: str, score: MutationScore) -> Iterator[Criterion]:
    """Errors caught, by operator, and every survivor with its reason."""
    caught, missed = sum(score.caught.values()), score.missed
    yield Criterion(
        part=part,
        name="answer mutations caught, of those that change the meaning",
        target="≥ 99.9 %",
        measured=rate(caught, caught + len(missed), places=3),
        state=_met(score.share_caught >= 0.999),
        details=tuple(_operators(score)),
    )
    explained = [s for s in score.survivors if s.reason]
    reasons = Counter(s.reason for s in explained)
    yield Criterion(
        part=part,
        name="survivors that nothing explains",
        target="0",
        measured=f"{len(missed)} of {len(score.survivors)} survivors",
        state=_met(not missed),
        details=tuple(f"{s.operator}, {s.passage_id}: {s.text}" for s in missed),
    )
    yield Criterion(
        part=part,
        name="survivors that mean the same",
        target="listed with the reason",
        measured=", ".join(f"{n} × {reason}" for reason, n in reasons.most_common()) or "none",
        state=State.REPORTED,
        details=tuple(f"{s.reason}: {s.operator}, {s.passage_id}: {s.text}" for s in explained),
    )


def _operators(score: MutationScore) -> Iterator[str]:
    missed = Counter(s.operator for s in score.missed)
    explained = Counter(s.operator for s in score.survivors if s.reason)
    for operator, made in sorted(score.made.items()):
        yield (
            f"{operator}: {made} made, {score.caught.get(operator, 0)} caught, "
            f"{explained[operator]} explained, {missed[operator]} missed"
        )


def rewrites(part: str, score: RewriteScore) -> Iterator[Criterion]:
    """False alarms on other words and on other type."""
    typography = score.typography_alarms
    for name, target, alarms, of, is_met in (
        ("false alarms on rewrites that keep the meaning", "≤ 1 %", score.alarms, score.made,
         score.share_of_alarms <= 0.01),
        ("false alarms on typography alone", "0", typography, score.typography, not typography),
    ):  # fmt: skip
        yield Criterion(
            part=part,
            name=name,
            target=target,
            measured=rate(len(alarms), of),
            state=_met(is_met),
            details=tuple(f"{a.rewrite}, {a.passage_id}: {a.text}: {a.why}" for a in alarms),
        )


def times(part: str, found: Times) -> Iterator[Criterion]:
    """Reading times against their limits in milliseconds."""
    for name, measured, most in (
        (f"a sentence, median of {found.statements}", found.median, 0.5),
        ("a sentence, 99th percentile", found.p99, 2.0),
        (f"2,000 adversarial characters, slowest ({found.worst_name})", found.worst, 20.0),
        ("an answer with 8 passages", found.answer, 50.0),
    ):
        yield Criterion(
            part=part,
            name=name,
            target=f"≤ {most:g} ms",
            measured=f"{measured:.2f} ms",
            state=_met(measured <= most),
        )


def examples(part: str, found: Examples) -> Criterion:
    """Worked examples to the last printed digit."""
    right = found.compared - len(found.wrong)
    return Criterion(
        part=part,
        name="printed values of the worked examples",
        target="all",
        measured=f"{right} of {found.compared}",
        state=_met(not found.wrong and found.compared > 0),
        details=found.wrong,
    )


def second_implementation(part: str, found: Comparisons | None) -> Criterion:
    """Agreement with the second implementation of every calculator."""
    name, target = "comparisons with a second implementation that agree", "all"
    if found is None:
        return unmeasured(part, name, target, "its tests are not here, not measured")
    measured = f"{found.agreed} of {found.run}, each on 100 generated inputs or more"
    return Criterion(
        part=part, name=name, target=target, measured=measured,
        state=_met(found.agreed == found.run),
    )  # fmt: skip


def medcalc(part: str, report: MedcalcReport) -> Criterion:
    """MedCalc-Bench, which is reported and has no target."""
    name = "MedCalc-Bench items within the corrected bounds"
    if report.note:
        return unmeasured(part, name, "reported")
    lines = [f"{t.calculator}: {t.within} of {t.labelled}" for t in report.tallies]
    lines += [
        f"item {d.item} ({d.calculator}): ours {d.ours}, label {d.label}"
        for d in report.disagreements
    ]
    return Criterion(
        part=part,
        name=name,
        target="reported",
        measured=rate(report.within, report.labelled),
        state=State.REPORTED,
        details=tuple(lines),
    )


def code_mutations(part: str, modules: Sequence[ModuleMutations]) -> Criterion:
    """Mutants of the module's code on which a test failed, as entered after the last runs."""
    name, target = "mutants of the code killed", "≥ 95 %"
    if not modules:
        return unmeasured(part, name, target, "not measured")
    killed, run, total = (
        sum(counts) for counts in zip(*((m.killed, m.run, m.total) for m in modules), strict=True)
    )
    measured, share = rate(killed, run), killed / run
    if run < total:  # samples of different parts of the modules count by the modules' sizes
        share = sum(m.total * m.killed / m.run for m in modules) / total
        measured = f"{killed} of {run} sampled mutants of {total:,}; by size of module {share:.2%}"
    return Criterion(
        part=part,
        name=name,
        target=target,
        measured=measured,
        state=_met(share >= 0.95),
        details=tuple(f"{m}, {m.day}, {m.command}" for m in modules),
    )


def to_json(criteria: Sequence[Criterion], facts: Mapping[str, str]) -> dict[str, object]:
    """Plain data: what the run was, and every criterion with all that it counts."""
    return {
        "run": dict(facts),
        "criteria": [
            {
                "part": c.part,
                "name": c.name,
                "target": c.target,
                "measured": c.measured,
                "met": {State.MET: True, State.UNMET: False}.get(c.state),
                "details": list(c.details),
            }
            for c in criteria
        ],
    }


def render(criteria: Sequence[Criterion], facts: Mapping[str, str]) -> str:
    """The report as Markdown: the criteria in one table, then what each one counts."""
    unmet = sum(c.state is State.UNMET for c in criteria)
    met = sum(c.state is State.MET for c in criteria)
    absent = sum(c.state is State.UNMEASURED for c in criteria)
    lines = ["# The dosing module, measured", ""]
    lines += [f"- {name}: {value}" for name, value in facts.items()]
    lines += [f"- Criteria: {met} met, {unmet} not met, {absent} not measured", ""]
    lines += [
        "✓ met, ✗ not met, · reported without a target, – not measured. After a share its 95 % "
        "interval (Wilson), or the bound of the rule of three where nothing was counted.",
        "",
        "| | Part | Criterion | Target | Measured |",
        "|---|---|---|---|---|",
    ]
    for c in criteria:
        cells = (c.state, c.part, c.name, c.target, c.measured)
        lines.append(f"| {' | '.join(str(cell).replace('|', '/') for cell in cells)} |")
    for c in criteria:
        if c.details:
            lines += ["", f"## {c.part}: {c.name}", "", *(f"- {line}" for line in c.details)]
    return "\n".join(lines) + "\n"
