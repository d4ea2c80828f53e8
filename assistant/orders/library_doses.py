"""Every dose of a library by its drug, with what its passage may vouch for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from assistant.dosing import Dose, DoseRole
from assistant.dosing.model import Parsed
from assistant.dosing.rates import say_frequency
from assistant.orders.model import LibraryDose
from assistant.readings import Readings, readings_of
from corpus.bibliography import Source, reported_by, vancouver
from corpus.library import Library
from corpus.model import Kind, Passage, Role, Verification

_SUPPORTING = (
    Role.RECOMMENDATION,
    Role.DOSE,
    Role.ADJUSTMENT,
    Role.PROPHYLAXIS,
    Role.STOP_RULE,
)
_GIVES_DOSE = frozenset({Role.RECOMMENDATION, Role.DOSE, Role.PROPHYLAXIS})
_UPPER = frozenset({DoseRole.MAXIMUM, DoseRole.CUMULATIVE_LIMIT})


def supports_doses(passage: Passage) -> bool:
    """Whether a passage may vouch for a dose that someone wants to give.

    A warning names doses in order to reject them, a study tells what was once given,
    background knowledge was read nowhere, and a summary alone never supports a dose.
    """
    return (
        passage.statement.role in _SUPPORTING
        and passage.statement.verification is not Verification.BACKGROUND
        and passage.kind is not Kind.SUMMARY
    )


@dataclass(frozen=True, slots=True)
class Entry:
    """One dose of the library and the passage that gives it.

    ``up_to`` marks a maximum that is the dose itself ("up to 1.6 g/kg in total"), not the cap
    of another amount; such a dose reads as stated.
    """

    dose: Dose
    passage: Passage
    supports: bool
    up_to: bool = False


@dataclass(frozen=True, eq=False)
class LibraryDoses:
    """The doses of one library; every passage is read once, when first asked for."""

    library: Library

    def of(self, drug: str | None) -> Sequence[Entry]:
        """The doses of a drug, those that may support an order first."""
        return self._by_drug.get(drug or "", ())

    def supporting(self) -> Sequence[Entry]:
        """Every dose that may support an order, in the order of the library."""
        return [e for entries in self._by_drug.values() for e in entries if e.supports]

    def sources(
        self, drugs: Sequence[str | None], *, totals: bool = True
    ) -> tuple[tuple[str, Parsed], ...]:
        """The passages that may support a dose of one of these drugs, as they were read.

        Without ``totals`` amounts that count all doses together are left out: they support no
        single dose.
        """
        ids = {e.passage.id: None for d in drugs for e in self.of(d) if e.supports}
        read = self._read if totals else self._singles
        return tuple((id_, read[id_]) for id_ in read if id_ in ids)

    @cached_property
    def readings(self) -> Readings:
        """Every passage as the dosing module reads it."""
        return readings_of(self.library)

    @cached_property
    def _read(self) -> dict[str, Parsed]:
        """Readings in which "up to X" counts as a dose where it is one."""
        found = {}
        for id_, passage in self.library.passages.items():
            parsed = self.readings[id_].parsed
            doses = tuple(
                replace(d, role=DoseRole.STATED, cmp="=") if _is_dose(d, parsed, passage) else d
                for d in parsed.doses
            )
            found[id_] = replace(parsed, doses=doses)
        return found

    @cached_property
    def _singles(self) -> dict[str, Parsed]:
        up_to = {
            (e.passage.id, e.dose.start) for es in self._by_drug.values() for e in es if e.up_to
        }
        return {
            id_: replace(
                parsed,
                doses=tuple(
                    d
                    for d in parsed.doses
                    if not (d.cumulative and d.role is DoseRole.STATED) or (id_, d.start) in up_to
                ),
            )
            for id_, parsed in self._read.items()
        }

    @cached_property
    def _by_drug(self) -> dict[str, tuple[Entry, ...]]:
        found: dict[str, list[Entry]] = {}
        for id_, parsed in self._read.items():
            passage = self.library.passages[id_]
            if passage.statement.verification is Verification.BACKGROUND:
                continue  # read nowhere: never shown as a dose
            before = self.readings[id_].parsed.doses
            for dose, raw in zip(parsed.doses, before, strict=True):
                if dose.drug and dose.high is not None:
                    entry = Entry(dose, passage, supports_doses(passage), dose.role != raw.role)
                    found.setdefault(dose.drug, []).append(entry)
        return {
            drug: tuple(sorted(entries, key=lambda e: not e.supports))
            for drug, entries in found.items()
        }

    def show(self, entry: Entry) -> LibraryDose:
        """A dose of the library in words, with where it comes from."""
        passage, statement = entry.passage, entry.passage.statement
        bibliography = self.library.bibliography
        first = statement.sources[0]
        report = reported_by(first, bibliography, statement.verification)
        return LibraryDose(
            text=self._words(entry),
            frequency=frequency_words(entry.dose),
            population=population_words(entry.dose),
            indication=passage.place,
            passage_id=passage.id,
            quote=passage.text,
            source=vancouver(bibliography[first.key]),
            short=_short(bibliography[first.key]),
            verification=report or "read in the source itself",
            standing=standing(passage),
            supports=entry.supports,
        )

    def _words(self, entry: Entry) -> str:
        """The passage's words from the amount to the last number that belongs to it.

        Only the amount when another dose stands in between.
        """
        dose, text = entry.dose, entry.passage.text
        end = max([dose.end, *(stop for _, stop in dose.parts)])
        others = self._read[entry.passage.id].doses
        between = any(dose.end <= other.start < end for other in others)
        return text[dose.start : dose.end] if between else text[dose.start : end]


def _short(source: Source) -> str:
    """A source in a few words: first author, journal, year; its title where it has no author."""
    more = ", et al" if source.et_al or len(source.authors) > 1 else ""
    who = f"{source.authors[0]}{more}" if source.authors else source.title
    return ". ".join(part for part in (who, source.container, source.year) if part)


def _is_dose(dose: Dose, parsed: Parsed, passage: Passage) -> bool:
    if dose.role not in _UPPER or passage.statement.role not in _GIVES_DOSE:
        return False
    beside = [d for d in parsed.doses if d.drug == dose.drug and d.sentence == dose.sentence]
    return all(d.role in _UPPER for d in beside)


def standing(passage: Passage) -> str:
    """What a passage does with its doses: "dose", "warning", "evidence", "summary"."""
    if supports_doses(passage):
        return "dose"
    if passage.kind is Kind.SUMMARY and passage.statement.role in _SUPPORTING:
        return "summary"
    return str(passage.statement.role)


def frequency_words(dose: Dose) -> str:
    """How often a dose is given, in words; "" where that is not said."""
    if dose.freq is None:
        return ""
    later = "".join(f", then {say_frequency(phase)}" for phase in dose.phases)
    return say_frequency(dose.freq) + later


_GROUPS = {
    "child": "children",
    "adult": "adults",
    "infant": "infants",
    "elderly": "older people",
    "renal_impairment": "renal impairment",
    "hepatic_impairment": "hepatic impairment",
}


def population_words(dose: Dose) -> str:
    """For whom a dose is given: its own group, else those of its heading."""
    groups = (dose.population,) if dose.population else dose.inherited
    return ", ".join(_GROUPS.get(group, group) for group in groups)
