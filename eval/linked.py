"""What the library links to what an answer shows: companions of doses, other positions.  (pure)

The links come from the library (``corpus.companions`` and the disagreements of statements), not
from the code that composes answers.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from assistant.ages import is_for
from assistant.clearance import clearance_of
from assistant.model import Question
from assistant.stated import stated_patient
from corpus.companions import companions
from corpus.library import Library
from corpus.model import Passage
from eval.citations import quantities_of, supports
from eval.model import Linked, Observed, Said


@dataclass(frozen=True)
class Links:
    """The links of one library, held against answers."""

    library: Library

    def of(self, question: Question, observed: Observed, carriers: Collection[str]) -> Linked:
        """What an answer says of the companions and the disagreements that belong to it.

        ``carriers``: ids of the passages that carry a key fact; they say which disagreements
        were asked about.
        """
        beside = self.companions(question, observed.said)
        on_asked = {p.id for p in beside if self._drugs(question) & set(p.statement.facets.drugs)}
        missing = [p for p in beside if not is_said(p, observed.said)]
        omitted = tuple(p.id for p in missing if p.place not in observed.offered)
        differences = self.differences(observed.said, carriers)
        return Linked(
            companions=len(beside),
            omitted=omitted,
            on_asked=len(on_asked),
            omitted_on_asked=tuple(id_ for id_ in omitted if id_ in on_asked),
            differences=len(differences),
            one_sided=tuple(d for d in differences if not self._is_linked(d, observed)),
        )

    def companions(self, question: Question, said: Sequence[Said]) -> tuple[Passage, ...]:
        """What belongs beside the doses shown: each companion once, the shown ones among them.

        A dose is shown where a sentence holds an amount of a drug and cites a passage that has
        companions. What is restricted to other ages, weights or clearances than the patient's
        is left out.
        """
        known = replace(question, patient=stated_patient(question).patient)
        measures = known.patient.age_years, known.patient.weight_kg, clearance_of(known)
        doses = {id_ for s in said if quantities_of(s.text) for id_ in s.cites}
        beside = {
            companion.id: companion
            for id_ in sorted(doses & self.library.passages.keys())
            for companion in companions(self.library.passages[id_], self.library)
        }
        return tuple(p for p in beside.values() if is_for(p.text, *measures) is not False)

    def _drugs(self, question: Question) -> frozenset[str]:
        """The drugs that the turns name; the drug table finds them, not the assistant."""
        turns = (*question.history, question.text)
        return frozenset(m.drug_id for turn in turns for m in self.library.drugs.find(turn))

    def differences(self, said: Sequence[Said], carriers: Collection[str]) -> tuple[str, ...]:
        """The disagreements that were asked about and on which a shown passage takes a side."""
        asked = set(self._disagreements(carriers))
        return tuple(d for d in self._disagreements(_cites(said)) if d in asked)

    def _disagreements(self, ids: Collection[str]) -> tuple[str, ...]:
        passages = (self.library.passages[i] for i in ids if i in self.library.passages)
        found = (passage.statement.disagreement for passage in passages)
        return tuple(dict.fromkeys(d for d in found if d is not None))

    def _is_linked(self, disagreement: str, observed: Observed) -> bool:
        """Whether a second position is shown or offered, or one sentence names the positions."""
        positions = {
            p.id: p
            for p in self.library.passages.values()
            if p.statement.disagreement == disagreement
        }
        shown = positions.keys() & set(_cites(observed.said))
        if len(shown) >= 2 or any(positions[id_].statement.compares for id_ in shown):
            return True
        return any(p.place in observed.offered for id_, p in positions.items() if id_ not in shown)


def is_said(passage: Passage, said: Sequence[Said]) -> bool:
    """Whether an answer cites a passage, or one of its sentences carries the statement."""
    return passage.id in _cites(said) or any(supports(passage.text, [s.text]) for s in said)


def _cites(said: Sequence[Said]) -> tuple[str, ...]:
    return tuple(id_ for sentence in said for id_ in sentence.cites)
