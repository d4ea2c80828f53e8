"""A dose that a question states as if it were the library's: is it in the library at all?"""

from __future__ import annotations

from collections.abc import Iterator

from assistant.dosing import Dose, DoseRole, parse
from assistant.dosing.units import canonical
from assistant.readings import readings_of
from corpus.library import Library
from corpus.model import Role

_GIVEN = frozenset({DoseRole.STATED, DoseRole.MAXIMUM, DoseRole.MINIMUM})
_SIZES = frozenset({"kg", "m2"})


def wrong_premises(text: str, library: Library) -> tuple[str, ...]:
    """The doses per kg or m² of a question that no statement gives: "etoposide 1500 mg/m2".

    A fixed amount may be worked out from a size, and a drug of which the library gives no dose
    of that kind can't be compared: neither counts. A total is no single dose.
    """
    return tuple(
        f"{dose.drug_name} {dose.text}"
        for dose in parse(text).doses
        if dose.role is DoseRole.STATED
        and dose.basis in _SIZES
        and dose.drug in library.drugs_covered
        and not dose.cumulative
        and not _is_given(dose, list(_alike(dose, library)))
    )


def _alike(dose: Dose, library: Library) -> Iterator[Dose]:
    """The library's single doses of the drug, by the same measure of size; none of a warning."""
    for id_, passage in library.passages.items():
        statement = passage.statement
        if dose.drug in statement.facets.drugs and statement.role is not Role.WARNING:
            for other in readings_of(library)[id_].parsed.doses:
                same = other.drug == dose.drug and other.basis == dose.basis
                if same and not other.cumulative and other.role in _GIVEN:
                    yield other


def _is_given(dose: Dose, others: list[Dose]) -> bool:
    """Whether an amount lies within one of the doses; without any it can't be told."""
    if dose.low is None or dose.high is None or not others:
        return True
    low, dimension = canonical(dose.low, dose.unit)
    high, _ = canonical(dose.high, dose.unit)
    for other in others:
        if other.low is None or other.high is None:
            continue
        least, same = canonical(other.low, other.unit)
        most, _ = canonical(other.high, other.unit)
        if same == dimension and least <= low and high <= most:
            return True
    return False
