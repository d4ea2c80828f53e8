"""Any text of a clinician -> what each of its doses is worth against a source or the library."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from assistant.dosing import (
    Detail,
    Dose,
    DoseRole,
    LibraryFinding,
    Parsed,
    TextTooLong,
    Verdict,
    compare,
    compare_with_library,
    parse,
    worst,
)
from assistant.dosing.decide import decide, source_axis_of, worse
from assistant.dosing.fields import match_doses
from assistant.dosing.gloss import contradictions
from assistant.dosing.table.model import Table
from assistant.orders.drafts import DraftNotes
from assistant.orders.fit import Fit, fit
from assistant.orders.library_doses import Entry, LibraryDoses
from assistant.orders.limits import cap_by_size, total_problem
from assistant.orders.model import (
    NO_NUMBERS,
    OrderCheck,
    OrderFinding,
    Problem,
    ProblemKind,
)
from assistant.orders.problems import Namer
from assistant.orders.settle import Settled, settle
from assistant.orders.unread import numbers_without_unit, unknown_name, unread_sentences
from assistant.rules import open_rules
from corpus.library import Library

MAX_DOSES = 100
"""Doses checked at once; an order has a few."""
MAX_SHOWN = 6
"""Doses of the library listed beside one dose of an order; the rest are counted."""

_EMPTY = "There is no text to check. Write the order, for example a drug, a dose and how often."
_NOTHING = "The text gives no dose to check."


@dataclass(frozen=True, eq=False)
class LibraryChecker:
    """Judges texts against one library, whose passages are read once."""

    library: Library
    today: Callable[[], date] = field(default=date.today)

    def check(self, text: str, source: str | None = None) -> OrderCheck:
        """What each dose of a text is worth against ``source``, or the whole library.

        Never raises for a text: one that is empty or too long gets a sentence of its own.
        """
        text = _printable(text)
        try:
            read = parse(text)
            given = None if source is None else parse(_printable(source))
        except TextTooLong as error:
            return OrderCheck(
                state=str(Verdict.UNREADABLE),
                records=Parsed(text=""),
                findings=(),
                message=str(error),
            )
        if given is not None:
            found = compare(read, given)
            return OrderCheck(
                state=_state([f.verdict for f in found]), records=read, findings=found
            )
        if len(read.doses) > MAX_DOSES:
            return OrderCheck(
                state=str(Verdict.UNREADABLE),
                records=read,
                findings=(),
                message=f"The text holds {len(read.doses):,} doses; at most {MAX_DOSES} are "
                "checked at once. Check it part by part.",
            )
        findings = self._findings(read)
        message = "" if findings else _NOTHING if text.strip() else _EMPTY
        return OrderCheck(
            state=_state([f.verdict for f in findings]),
            records=read,
            findings=findings,
            message=message,
        )

    @cached_property
    def doses(self) -> LibraryDoses:
        """Every dose of the library by its drug."""
        return LibraryDoses(self.library)

    @cached_property
    def table(self) -> Table:
        """The rules of the library; TableError when they can't be used."""
        return open_rules(self.library)

    @cached_property
    def _namer(self) -> Namer:
        return Namer(self.doses)

    def _findings(self, read: Parsed) -> tuple[OrderFinding, ...]:
        drugs = list(dict.fromkeys(d.drug for d in read.doses))
        sources = self.doses.sources(drugs)
        singles = self.doses.sources(drugs, totals=False)
        against = contradictions(read)
        drafts = DraftNotes(self.table, self.today())
        found = []
        totals = [d.cumulative or d.role is DoseRole.CUMULATIVE_LIMIT for d in read.doses]
        wholes = compare_with_library(read, sources) if any(totals) else ()
        parts = compare_with_library(read, singles) if not all(totals) else ()
        for at, total in enumerate(totals):
            base, held = (wholes[at], sources) if total else (parts[at], singles)
            found.append(self._finding(base, at, read, held, drafts, against.get(at, "")))
        found = self._with_totals(found)
        found += unread_sentences(read)
        found += numbers_without_unit(read, self.library.drugs)
        return tuple(sorted(found, key=lambda f: (f.start, f.end)))

    def _finding(
        self,
        base: LibraryFinding,
        at: int,
        read: Parsed,
        sources: Sequence[tuple[str, Parsed]],
        drafts: DraftNotes,
        against: str,
    ) -> OrderFinding:
        dose = read.doses[at]
        fits = sorted(
            (fit(dose, entry) for entry in self.doses.of(dose.drug)),
            key=lambda f: (not f.entry.supports, f.distance),
        )
        settled = settle(base, at, read, fits, sources)
        verdict, why = settled.verdict, settled.why
        judged = drafts.judge(dose)
        if judged.decides and verdict in _COMPARED:
            verdict = decide(source_axis_of(verdict), judged.axis)
            why = judged.why if verdict is Verdict.HARD_LIMIT else why
        problems = list(settled.problems)
        beyond = cap_by_size(dose, self._caps(dose, settled), read) if verdict.shown else None
        if beyond is not None:
            verdict, why = worse(verdict, Verdict.MISMATCH), beyond.text
            settled = replace(settled, detail=Detail.LIMIT)
            problems.insert(0, beyond)
        name = unknown_name(dose, read) if dose.drug is None else ""
        if name and base.verdict is Verdict.UNREADABLE and base.detail is Detail.DRUG:
            verdict = Verdict.UNKNOWN_DRUG
            why = f"The library knows no drug by the name {name}. Check the spelling."
            problems.append(Problem(ProblemKind.NOT_IN_LIBRARY, why))
        elif beyond is None and not verdict.shown:
            problems += self._namer.name(dose, read, fits, base)
            why = problems[0].text if problems and base.verdict is Verdict.MISMATCH else why
        elif verdict is Verdict.INCOMPLETE and not problems:
            problems.append(Problem(_left_out(dose, fits, settled), why, settled.source_id))
        if against:
            verdict = worse(verdict, Verdict.INCONSISTENT)
            problems.insert(0, Problem(ProblemKind.INCONSISTENT, against))
            why = against
        unchecked = any(p.kind is ProblemKind.NOT_CHECKED for p in problems)
        ruled = drafts.problems(dose, verdict.shown and not unchecked)
        nearest = _unlike(fits)
        return OrderFinding(
            start=base.start,
            end=base.end,
            text=base.text,
            drug=base.drug,
            verdict=verdict,
            why=why,
            detail=Detail.NONE if verdict.shown else settled.detail,
            source_id=settled.source_id,
            source=settled.source,
            dose=dose,
            problems=(*problems, *ruled),
            notes=(*settled.notes, *judged.notes, *self._conflicts(dose, settled.source_id)),
            library=tuple(self.doses.show(f.entry) for f in nearest[:MAX_SHOWN]),
            more=len(fits) - len(nearest[:MAX_SHOWN]),
        )

    def _caps(self, dose: Dose, settled: Settled) -> list[Entry]:
        """The maxima that the passage found gives for this drug."""
        return [e for e in self.doses.of(dose.drug) if e.passage.id == settled.source_id]

    def _conflicts(self, dose: Dose, passage_id: str | None) -> tuple[str, ...]:
        """Other sources that an editor linked as disagreeing with the passage found."""
        others = [
            other
            for conflict in self.doses.readings.conflicts
            if conflict.drug == dose.drug and passage_id in conflict.passages
            for other in conflict.passages
            if other != passage_id
        ]
        if not others:
            return ()
        return (f"Other sources give another dose: {', '.join(dict.fromkeys(others))}.",)

    def _with_totals(self, found: list[OrderFinding]) -> list[OrderFinding]:
        """The same findings, with a planned total beyond a limit named at the drug's last dose."""
        out = list(found)
        last = {f.drug: at for at, f in enumerate(found) if f.drug and f.dose}
        for drug, at in last.items():
            doses = [f.dose for f in found if f.drug == drug and f.dose is not None]
            problem = total_problem(doses, self.doses.of(drug))
            if problem is None:
                continue
            finding = out[at]
            verdict = worse(finding.verdict, Verdict.MISMATCH)
            mild = finding.verdict is not verdict
            out[at] = replace(
                finding,
                verdict=verdict,
                detail=Detail.LIMIT if mild else finding.detail,
                why=problem.text if mild else finding.why,
                problems=(problem, *finding.problems) if mild else (*finding.problems, problem),
            )
        return out


_COMPARED = frozenset(
    {
        Verdict.SOURCE_ONLY,
        Verdict.WITHIN_RANGE,
        Verdict.INCOMPLETE,
        Verdict.MISMATCH,
        Verdict.NOT_IN_SOURCE,
    }
)


def _unlike(fits: Sequence[Fit]) -> list[Fit]:
    """The nearest fits that show different doses, those that support an order first."""
    found: dict[tuple[object, ...], Fit] = {}
    for one in fits:
        dose = one.entry.dose
        amount = (dose.low, dose.high, dose.unit, dose.basis, dose.per, dose.role)
        plan = (dose.freq, dose.weeks, dose.days, dose.population)
        found.setdefault((*amount, *plan, one.entry.supports), one)
    return list(found.values())


def _left_out(dose: Dose, fits: Sequence[Fit], settled: Settled) -> ProblemKind:
    """Which companion of the dose an order leaves out."""
    beside = [f.entry.dose for f in fits if f.entry.passage.id == settled.source_id]
    if any(settled.why == match_doses(dose, other).less for other in beside):
        return ProblemKind.PER
    limited = any(other.role.is_limit for other in beside)
    return ProblemKind.LIMIT_LEFT_OUT if limited else ProblemKind.POPULATION


def _state(verdicts: list[Verdict]) -> str:
    return str(worst(verdicts)) if verdicts else NO_NUMBERS


def _printable(text: str) -> str:
    """The text without halves of characters, which no output could print; as long as before."""
    return text.encode("utf-8", "replace").decode("utf-8")
