"""What is wrong with a dose that the library does not support, named for a clinician."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.dosing import Detail, Dose, LibraryFinding, Parsed, Verdict
from assistant.orders.fit import SLIPS, Fit, fit
from assistant.orders.library_doses import LibraryDoses, standing
from assistant.orders.limits import cap_problem
from assistant.orders.model import Problem, ProblemKind
from assistant.orders.words import library_words, sentence

_FAR = 2  # doublings: nearer than four times the dose, an excess is no slip of the pen
_APART = frozenset({ProblemKind.UNIT, ProblemKind.BASIS})


@dataclass(frozen=True, slots=True)
class Namer:
    """Names the problems of one dose against all doses of a library."""

    doses: LibraryDoses

    def name(
        self, dose: Dose, read: Parsed, fits: Sequence[Fit], base: LibraryFinding
    ) -> tuple[Problem, ...]:
        """Every problem once, the gravest of the nearest library dose first."""
        return _once(self._problems(dose, read, fits, base))

    def _problems(
        self, dose: Dose, read: Parsed, fits: Sequence[Fit], base: LibraryFinding
    ) -> Iterator[Problem]:
        if base.verdict is Verdict.UNREADABLE:
            kind = ProblemKind.DRUG if base.detail is Detail.DRUG else ProblemKind.UNREADABLE
            yield Problem(kind, base.why, base.source_id)
            return
        if base.verdict is Verdict.UNKNOWN_DRUG:
            yield Problem(ProblemKind.NOT_IN_LIBRARY, self._unknown(dose, fits))
        comparable = [f for f in fits if _same_sort(dose, f)] or list(fits)
        supporting = _routed([f for f in comparable if f.entry.supports] or comparable)
        # A dose that differs nowhere is only silent on what another dose contradicts.
        differing = [f for f in supporting if f.problems] or supporting
        nearest = min(differing, key=lambda f: f.distance, default=None)
        yield from _slips(supporting)
        if nearest is not None:
            yield from (p for p in nearest.problems if p.kind not in SLIPS)
        yield from _lost_basis(supporting)
        cap = cap_problem(dose, [f.entry for f in fits], read)
        if cap is not None:
            yield cap
        yield from _only_named(fits)
        if nearest is None or not nearest.amount_agrees:
            yield from self._other_drug(dose)

    def _unknown(self, dose: Dose, fits: Sequence[Fit]) -> str:
        name = dose.drug_name or "this drug"
        if not fits:
            return f"The library holds no dose of {name}."
        said = ", ".join(dict.fromkeys(standing(f.entry.passage) for f in fits))
        return f"The library holds no dose of {name} that may support an order, only: {said}."

    def _other_drug(self, dose: Dose) -> Iterator[Problem]:
        """The very dose of another drug, frequency or basis included."""
        if dose.freq is None or dose.high is None:
            return
        for entry in self.doses.supporting():
            if entry.dose.drug == dose.drug or entry.dose.freq is None:
                continue
            same = (dose.low, dose.high, dose.unit, dose.basis, dose.freq) == (
                entry.dose.low,
                entry.dose.high,
                entry.dose.unit,
                entry.dose.basis,
                entry.dose.freq,
            )
            swapped = replace(dose, drug=entry.dose.drug)
            if same and not fit(swapped, entry).problems:
                text = f"this is the library's dose of another drug: {library_words(entry)}"
                yield Problem(ProblemKind.DRUG, sentence(text), entry.passage.id)
                return


def _same_sort(dose: Dose, found: Fit) -> bool:
    """A dose is held against doses, a limit against limits."""
    return found.entry.dose.role.is_limit == dose.role.is_limit


def _routed(fits: Sequence[Fit]) -> list[Fit]:
    """The fits, with a route that no dose of the drug has held against every one of them."""
    wrong = next((p for f in fits for p in f.problems if p.kind is ProblemKind.ROUTE), None)
    given = [f for f in fits if f.entry.dose.routes]
    if wrong is None or any(ProblemKind.ROUTE not in f.kinds for f in given):
        return list(fits)
    return [
        f if ProblemKind.ROUTE in f.kinds else replace(f, problems=(*f.problems, wrong))
        for f in fits
    ]


def _lost_basis(fits: Sequence[Fit]) -> Iterator[Problem]:
    """The same numbers and unit with another basis: "30 mg" where the library has 30 mg/kg."""
    for found in fits:
        if found.same_digits and ProblemKind.BASIS in found.kinds and not found.gap:
            yield from (p for p in found.problems if p.kind is ProblemKind.BASIS)
            return


def _slips(fits: Sequence[Fit]) -> Iterator[Problem]:
    """The slip by a power of ten against the nearest dose of the drug that it would be.

    A slip into a library's range, and not to its very amount, counts only far from every dose.
    """
    slipped = [f for f in fits if f.kinds & SLIPS]
    far = all(f.gap >= _FAR for f in fits if not f.kinds & _APART)
    for found in sorted(slipped, key=lambda f: (not f.same_digits, not f.exact, f.distance)):
        if found.exact or far:
            yield from (p for p in found.problems if p.kind in SLIPS)
            return


_ONLY = {
    "warning": (ProblemKind.WARNED, "names this dose in a warning"),
    "evidence": (ProblemKind.REPORTED, "only reports that this dose was given"),
    "summary": (ProblemKind.REPORTED, "has this dose only from a summary"),
}


def _only_named(fits: Sequence[Fit]) -> Iterator[Problem]:
    """The order's very dose, which the library names only to warn of it or to report it."""
    for found in fits:
        known = _ONLY.get(standing(found.entry.passage))
        if known is None or found.problems or found.gap or set(found.silent) - {"routes"}:
            continue
        kind, words = known
        text = f"the library {words}: {found.entry.passage.text}"
        yield Problem(kind, sentence(text), found.entry.passage.id)


def _once(problems: Iterator[Problem]) -> tuple[Problem, ...]:
    found: dict[ProblemKind, Problem] = {}
    for problem in problems:
        found.setdefault(problem.kind, problem)
    return tuple(found.values())
