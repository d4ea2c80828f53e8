"""Evidence -> one line that says how a question was understood, for the reader to correct."""

from __future__ import annotations

from assistant.model import Evidence
from assistant.stated import patient_words
from corpus.library import Library

NEAREST = 10  # statements found that show which of the topics named is meant
_FACETS = ("topic", "subtype", "population", "severity", "condition")


def understood_as(evidence: Evidence, library: Library) -> str:
    """What is asked, about whom: "dose; etoposide; child; 6 years, 20 kg"; "" without anything.

    What only an earlier turn says is named too, after the words "as before".
    """
    understanding = evidence.understanding
    if understanding.unreadable:
        return ""
    own: list[str] = []
    carried: list[str] = []
    if understanding.asks_dose:
        (carried if "dose" in understanding.carried_facets else own).append("dose")
    drugs = [library.drugs.name_of(drug) or drug for drug in understanding.named("drug")]
    (carried if "drug" in understanding.carried_facets else own).extend(drugs)
    found = {r.passage.statement.facets.topic for r in evidence.pool[:NEAREST]}
    for facet in _FACETS:
        ids = understanding.named(facet)
        if facet == "topic":  # "what is" names a topic that nothing found is about
            ids = tuple(id_ for id_ in ids if id_ in found)
        titles = [library.vocabulary.term(facet, id_).title for id_ in ids]
        words = [
            title[0].lower() + title[1:] if title[1:2].islower() else title for title in titles
        ]
        (carried if facet in understanding.carried_facets else own).extend(words)
    own, carried = list(dict.fromkeys(own)), list(dict.fromkeys(carried))
    patient = [*patient_words(evidence.question.patient), *evidence.blood]
    parts = [*own, ", ".join(patient)] if patient else own
    if carried:
        parts = [*parts, f"as before: {', '.join(carried)}"]
    return "; ".join(parts)
