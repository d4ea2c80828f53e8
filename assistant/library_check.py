"""Disagreements that nobody linked: statements of two sources with different doses.

Two statements of different sources are a candidate when both may give a dose of the same drug
for the same topic, people, subtype, severity and condition, by the same route, in the same days
or weeks, and the amounts differ. What a statement leaves open (no population, no route) counts
as the same. Evidence, which reports what was given, is no position.

A candidate is settled when both statements share a ``disagreement``, or when
``explained.toml`` says why the two do not compete.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations
from pathlib import Path
from typing import Any

from assistant.dosing import Dose, DoseRole, parse
from corpus.errors import Problem
from corpus.library import Library
from corpus.model import Passage, Role
from corpus.vocabulary import Term

EXPLAINED = "explained.toml"

_GIVES_A_DOSE = {Role.DOSE, Role.ADJUSTMENT, Role.PROPHYLAXIS, Role.RECOMMENDATION, Role.WARNING}
_COMPARED = {DoseRole.STATED, DoseRole.MAXIMUM, DoseRole.CUMULATIVE_LIMIT}
_IN_MG = {
    "ng": Fraction(1, 1_000_000),
    "µg": Fraction(1, 1000),
    "mg": Fraction(1),
    "g": Fraction(1000),
}
_HOURS = {"h": Fraction(1), "d": Fraction(24), "wk": Fraction(168), "mo": Fraction(730)}


@dataclass(frozen=True, slots=True)
class Candidate:
    """Two statements that may disagree on a drug's dose, by passage id, in order."""

    first: Passage
    second: Passage
    drug: str
    doses: tuple[str, str]  # as written

    @property
    def ids(self) -> frozenset[str]:
        """The ids of the two statements."""
        return frozenset({self.first.id, self.second.id})

    def __str__(self) -> str:
        return (
            f"{self.drug}: {self.first.id} ({self.doses[0]}) and "
            f"{self.second.id} ({self.doses[1]})\n"
            f"    {self.first.text}\n    {self.second.text}"
        )


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why two statements with different doses do not compete."""

    statements: frozenset[str]
    why: str
    line: int


def find_candidates(library: Library) -> tuple[Candidate, ...]:
    """Every pair of statements whose doses differ and that share no disagreement."""
    by_drug: dict[str, dict[str, list[Dose]]] = defaultdict(lambda: defaultdict(list))
    for passage in library.passages.values():
        if passage.statement.role not in _GIVES_A_DOSE:
            continue
        for dose in parse(passage.text, context_drugs=passage.statement.facets.drugs).doses:
            if dose.drug and dose.role in _COMPARED and dose.low is not None:
                by_drug[dose.drug][passage.id].append(dose)
    found = []
    for drug, doses in sorted(by_drug.items()):
        for one, other in combinations(doses, 2):
            first, second = library.passages[one], library.passages[other]
            if not _compete(first, second, library):
                continue
            pair = _different(doses[one], doses[other])
            if pair:
                found.append(Candidate(first, second, drug, (pair[0].text, pair[1].text)))
    return tuple(found)


def _compete(first: Passage, second: Passage, library: Library) -> bool:
    """Whether two statements speak of the same situation, in different sources, unlinked."""
    one, other = first.statement, second.statement
    if {ref.key for ref in one.sources} == {ref.key for ref in other.sources}:
        return False
    if one.disagreement and one.disagreement == other.disagreement:
        return False
    a, b = one.facets, other.facets
    terms = library.vocabulary.terms["population"]
    return (
        a.topic == b.topic
        and _meet(a.condition, b.condition)
        and _meet(a.subtype, b.subtype)
        and _meet(a.severity, b.severity)
        and _same_people(a.population, b.population, terms)
    )


def _meet(one: Sequence[str], other: Sequence[str]) -> bool:
    return not one or not other or bool(set(one) & set(other))


def _same_people(one: Sequence[str], other: Sequence[str], terms: Mapping[str, Term]) -> bool:
    """Whether the populations share a value, or their ages overlap, or one is open."""
    if _meet(one, other):
        return True
    return any(terms[a].ages_overlap(terms[b]) for a in one for b in other)


def _different(one: Sequence[Dose], other: Sequence[Dose]) -> tuple[Dose, Dose] | None:
    """The first two comparable doses that differ, unless an equal one stands on each side."""
    for a in one:
        against = [b for b in other if _comparable(a, b)]
        if against and not any(_equal(a, b) for b in against):
            return a, against[0]
    return None


def _comparable(a: Dose, b: Dose) -> bool:
    return (
        a.role is b.role
        and a.cumulative == b.cumulative
        and _meet(a.routes, b.routes)
        and _windows_meet(a.days, b.days)
        and _windows_meet(a.weeks, b.weeks)
        and (a.unit in _IN_MG) == (b.unit in _IN_MG)
    )


def _windows_meet(one: str, other: str) -> bool:
    """Whether two lists of days or weeks ("1-5,14", "9-") share one; an empty list is open.

    >>> _windows_meet("1-2", "3-8"), _windows_meet("1-5,14", "9-")
    (False, True)
    """
    if not one or not other:
        return True
    return any(max(a[0], b[0]) <= min(a[1], b[1]) for a in _windows(one) for b in _windows(other))


def _windows(text: str) -> Iterator[tuple[int, int]]:
    for part in text.split(","):
        first, dash, last = part.partition("-")
        start = int(first) if first.isdigit() else 0
        yield start, int(last) if last.isdigit() else (10_000 if dash else start)


def _equal(a: Dose, b: Dose) -> bool:
    if a.basis != b.basis or (a.days and b.days and a.days != b.days):
        return False
    per_day = _per_day(a), _per_day(b)
    if per_day[0] and per_day[1]:
        return per_day[0] == per_day[1]
    return _amount(a) == _amount(b)


def _amount(dose: Dose) -> tuple[Fraction, Fraction, str]:
    factor = _IN_MG.get(dose.unit)
    unit = "mg" if factor else dose.unit
    low = dose.low if dose.low is not None else Fraction(0)
    high = dose.high if dose.high is not None else low
    return low * (factor or 1), high * (factor or 1), unit


def _per_day(dose: Dose) -> tuple[Fraction, Fraction] | None:
    """The least and greatest amount of a day, where the text gives it."""
    low, high, _ = _amount(dose)
    if dose.per == "d":
        return low, high
    if dose.freq is None or dose.per not in ("", "dose"):
        return None
    often = dose.freq.n_max or dose.freq.n
    seldom = dose.freq.period_max or dose.freq.period
    day = Fraction(24) / _HOURS[dose.freq.unit]
    return low * dose.freq.n * day / seldom, high * often * day / dose.freq.period


# ------------------------------------------------------------------ the whole check


@dataclass(frozen=True, slots=True)
class Checked:
    """Every candidate of a library, those nobody explained, and entries that can't stand."""

    candidates: tuple[Candidate, ...]
    unexplained: tuple[Candidate, ...]
    problems: tuple[Problem, ...]

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to do."""
        return not self.unexplained and not self.problems


def check_candidates(library: Library) -> Checked:
    """Find the candidates and hold them against ``explained.toml``."""
    candidates = find_candidates(library)
    explained, problems = load_explained(library.folder)
    settled = {entry.statements for entry in explained}
    return Checked(
        candidates,
        tuple(c for c in candidates if c.ids not in settled),
        (*problems, *_stale(candidates, explained, library)),
    )


def render_candidates(checked: Checked) -> str:
    """The findings as text, and a line that counts them."""
    lines = [f"{candidate}\n" for candidate in checked.unexplained]
    lines += [str(problem) for problem in checked.problems]
    if checked.unexplained:
        lines.append(
            "For each pair: give both statements the same 'disagreement:', or add a [[pair]] to "
            f"{EXPLAINED} that says why they do not compete."
        )
    lines.append(
        f"{len(checked.candidates)} pairs of statements with different doses, "
        f"{len(checked.candidates) - len(checked.unexplained)} explained, "
        f"{len(checked.unexplained)} not; {len(checked.problems)} problems in {EXPLAINED}."
    )
    return "\n".join(lines)


# ------------------------------------------------------------------ explanations


def load_explained(folder: Path) -> tuple[tuple[Explanation, ...], tuple[Problem, ...]]:
    """The pairs that an editor explained, and every entry that can't be used."""
    path = folder / EXPLAINED
    if not path.exists():
        return (), ()
    text = path.read_text(encoding="utf-8")
    try:
        entries = tomllib.loads(text).get("pair", [])
    except tomllib.TOMLDecodeError as error:
        what = f"The file is not valid TOML: {error}."
        return (), (Problem(EXPLAINED, 1, what, "Correct that line."),)
    lines = [n for n, line in enumerate(text.splitlines(), 1) if line.strip() == "[[pair]]"]
    explained: list[Explanation] = []
    problems: list[Problem] = []
    for number, entry in enumerate(entries):
        line = lines[number] if number < len(lines) else 1
        pair, why = _pair(entry)
        if pair is None:
            what = "The entry does not name two different statements."
            remedy = 'Write: statements = ["document-id:1.2", "other-id:2.1"].'
            problems.append(Problem(EXPLAINED, line, what, remedy))
        elif not why:
            what = "The entry does not say why."
            problems.append(Problem(EXPLAINED, line, what, 'Add a line: why = "...".'))
        elif any(pair == other.statements for other in explained):
            what = f"The pair {_names(pair)} is explained twice."
            problems.append(Problem(EXPLAINED, line, what, "Keep one of them."))
        else:
            explained.append(Explanation(pair, why, line))
    return tuple(explained), tuple(problems)


def _pair(entry: Mapping[str, Any]) -> tuple[frozenset[str] | None, str]:
    ids = entry.get("statements")
    usable = isinstance(ids, list) and all(isinstance(i, str) for i in ids)
    pair = frozenset(ids) if usable and ids else frozenset()
    why = entry.get("why")
    return (pair if len(pair) == 2 else None), why.strip() if isinstance(why, str) else ""


def _names(pair: frozenset[str]) -> str:
    return " and ".join(sorted(pair))


def _stale(
    candidates: Sequence[Candidate], explained: Sequence[Explanation], library: Library
) -> Iterator[Problem]:
    """Explanations of statements that are gone, or that no longer differ."""
    current = {c.ids for c in candidates}
    for entry in explained:
        unknown = sorted(entry.statements - library.passages.keys())
        if unknown:
            what = f"The entry names an unknown statement '{unknown[0]}'."
            yield Problem(EXPLAINED, entry.line, what, "Correct the id, or remove the entry.")
        elif entry.statements not in current:
            what = f"{_names(entry.statements)} are no longer a candidate."
            yield Problem(EXPLAINED, entry.line, what, "Remove the entry.")
