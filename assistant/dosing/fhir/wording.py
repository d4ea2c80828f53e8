"""The words of a ``Dosage``: printed from the record where that says all of it, else literal."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dosing.fhir.same import says_the_same
from assistant.dosing.model import Dose
from assistant.dosing.printing import NotPrintable, render

# No field of a dose says that it is given only when it is needed; the literal text does.
_AS_NEEDED = re.compile(
    r"(?i:\b(?:as|if|when(?:ever)?)\s(?:needed|required|necessary)\b|\bp\.?r\.?n\b|\bsos\b)"
)


def wording(dose: Dose, limits: Sequence[Dose], literal: str) -> str:
    """The dose and its limits as printed, "A; up to B", or ``literal`` where that says more.

    >>> from assistant.dosing.reader import parse
    >>> wording(parse("VP-16 50 mg qd").doses[0], (), "VP-16 50 mg qd")
    'etoposide 50 mg daily'
    """
    if _AS_NEEDED.search(literal):
        return literal
    try:
        line = "; ".join(render(one) for one in (dose, *limits))
    except NotPrintable:
        return literal
    return line if all(says_the_same(line, one) for one in (dose, *limits)) else literal
