"""A passage as it was read at ingestion, with what its headings and metadata say of it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.dosing.groups import groups_in
from assistant.dosing.model import Parsed
from assistant.dosing.phase import phases_in
from assistant.dosing.reader import parse
from assistant.dosing.use import Use, UseTerms
from corpus.drugs import DrugTable

NO_TERMS = UseTerms()

# How a library names groups of patients, in the words of the reader.
_GROUPS = {"older-adult": "elderly", "neonate": "infant"}


def reader_groups(ids: Sequence[str]) -> tuple[str, ...]:
    """Groups of patients of a library in the words of the reader, each once.

    >>> reader_groups(["neonate", "infant", "adult"])
    ('infant', 'adult')
    """
    return tuple(dict.fromkeys(_GROUPS.get(name, name) for name in ids))


# The narrowest is first.
_AGES = ("infant", "child", "elderly", "adult")


def age_group(groups: Sequence[str]) -> str:
    """The narrowest age group among some, in the words of the reader; "" without any."""
    return next((group for group in _AGES if group in groups), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class PassageReading:
    """One passage and everything that was read of it, ready to be compared with.

    ``population`` is in the words of the reader; ``indication`` and ``phase`` are free words
    that two passages share when they speak of the same situation; ``uses`` are the values of a
    vocabulary for which its doses hold.
    """

    text: str
    parsed: Parsed
    document: str = ""
    population: tuple[str, ...] = ()
    indication: tuple[str, ...] = ()
    phase: str = ""
    uses: frozenset[Use] = frozenset()


def passage_reading(
    text: str,
    drugs: tuple[str, ...] = (),
    population: Sequence[str] = (),
    *,
    heading: Sequence[str] = (),
    document: str = "",
    indication: tuple[str, ...] = (),
    phase: str = "",
    table: DrugTable | None = None,
    uses: Iterable[Use] = (),
    terms: UseTerms = NO_TERMS,
) -> PassageReading:
    """Read a passage with what it inherits: drugs, groups of patients, phase, use.

    ``uses`` are those of its metadata; what its words and headings name of ``terms`` is added.

    Groups come from ``population`` (ids of a library), or else from the words of the headings.
    A dose whose own sentence names its group keeps that group. Raises TextTooLong.
    """
    parsed = parse(text, table, context_drugs=drugs)
    groups = reader_groups(population)
    groups = groups or tuple(dict.fromkeys(g for line in heading for g in groups_in(line)))
    doses = tuple(
        dose if dose.population else replace(dose, inherited=groups) for dose in parsed.doses
    )
    phases = phases_in(". ".join((phase, *heading)))
    return PassageReading(
        text=text,
        parsed=replace(parsed, doses=doses, phases=tuple(sorted(phases))),
        document=document,
        population=groups,
        indication=indication,
        phase=phase,
        uses=frozenset((*uses, *terms.named(" ".join((text, *heading))))),
    )
