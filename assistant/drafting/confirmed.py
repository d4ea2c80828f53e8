"""Whether a statement of an answer gives the doses and figures that a question takes for granted.

A program without a language model can compare doses, figures and "not"; whether two wordings mean
the same it can't say. So there are three outcomes: called wrong (``assistant.drafting.premise``),
confirmed here, and neither: then the reader is asked to compare.
"""

from __future__ import annotations

from assistant.dosing import Dose, DoseRole
from assistant.drafting.asserted import (
    FIGURE,
    NOT,
    figures,
    library_doses,
    read,
    stands_in,
)
from assistant.orders.fit import fit
from corpus.library import Library
from corpus.model import Passage


def confirms(passage: Passage, text: str, library: Library) -> bool:
    """Whether a statement gives the very doses of a question; never where it names none."""
    doses = [dose for dose in read(text).doses if dose.drug in library.drugs]
    if not doses or bool(NOT.search(text)) != bool(NOT.search(passage.text)):
        return False
    return all(_gives(dose, passage, library) for dose in doses) and _has_figures(text, passage)


def _has_figures(text: str, passage: Passage) -> bool:
    own = FIGURE.findall(passage.text)
    return all(stands_in(figure, own, passage.text) for figure in figures(text))


def _gives(dose: Dose, passage: Passage, library: Library) -> bool:
    entries = (e for e in library_doses(library).of(dose.drug) if e.passage.id == passage.id)
    given = (fit(dose, entry) for entry in entries if entry.dose.role is not DoseRole.REJECTED)
    return any(not f.problems and not f.gap for f in given)
