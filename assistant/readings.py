"""Every passage of a library as the dosing module reads it, and where its sources conflict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property, lru_cache

from assistant.dosing.conflict import Conflict, find_conflicts
from assistant.dosing.passage import PassageReading, passage_reading
from assistant.dosing.use import UseTerm, UseTerms
from corpus.library import Library
from corpus.model import Passage

_TRUE_CONFLICT = "true conflict"
_USE_FACETS = ("population", "subtype", "severity", "condition")


@lru_cache(maxsize=2)  # the library that serves, and the one before it
def readings_of(library: Library) -> Readings:
    """The readings of a library, the same for everyone who asks."""
    return Readings(library)


class Readings(Mapping[str, PassageReading]):
    """Passage id -> its reading with what headings and metadata add; each is read once."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._read: dict[str, PassageReading] = {}

    def __getitem__(self, passage_id: str) -> PassageReading:
        if passage_id not in self._read:
            self._read[passage_id] = _reading(self._library.passages[passage_id], self.terms)
        return self._read[passage_id]

    def __iter__(self) -> Iterator[str]:
        return iter(self._library.passages)

    def __len__(self) -> int:
        return len(self._library.passages)

    @cached_property
    def terms(self) -> UseTerms:
        """The values by which this library tells one use of a drug from another."""
        terms = self._library.vocabulary.terms
        return UseTerms(
            tuple(
                UseTerm((facet, term.id), term.words, term.broad)
                for facet in _USE_FACETS
                for term in terms[facet].values()
            )
        )

    @cached_property
    def conflicts(self) -> tuple[Conflict, ...]:
        """Passages that an editor linked as a true conflict and whose doses don't fit.

        Doses that differ because people, use or edition differ are no conflict.
        """
        positions: dict[str, list[str]] = {}
        for passage in self._library.passages.values():
            # A statement that names all positions takes none.
            if passage.statement.disagreement and not passage.statement.compares:
                positions.setdefault(passage.statement.disagreement, []).append(passage.id)
        found: list[Conflict] = []
        for disagreement in self._library.vocabulary.terms["disagreement"].values():
            if _TRUE_CONFLICT in disagreement.differs:
                linked = {id_: self[id_] for id_ in positions.get(disagreement.id, ())}
                found += find_conflicts(linked, _for_the_same_people)
        return tuple(found)


def _for_the_same_people(one: PassageReading, other: PassageReading) -> bool:
    """Not two groups of patients of which each has its own dose; use was judged by the editor."""
    apart = one.population and other.population
    return not apart or bool(set(one.population) & set(other.population))


def _reading(passage: Passage, terms: UseTerms) -> PassageReading:
    facets = passage.statement.facets
    values = {facet: getattr(facets, facet) for facet in _USE_FACETS}
    return passage_reading(
        passage.text,
        facets.drugs,
        facets.population,
        heading=passage.heading,
        document=passage.document_id,
        phase=" ".join(facets.line),
        indication=(facets.topic, *facets.subtype, *facets.condition),
        uses=((facet, id_) for facet, ids in values.items() for id_ in ids),
        terms=terms,
    )
