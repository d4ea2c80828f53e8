"""Composing along a plan of the library: which statement stands in which section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence

from assistant.drafting.rank import OTHER_SUBTYPE, facet_values, fit, meets, without_repeats
from assistant.model import Understanding
from corpus.library import Library
from corpus.model import Kind, Passage
from corpus.vocabulary import Plan, Section
from index.model import Retrieved

BOTTOM_LINE = "Bottom line"

# In a plan the section decides what is wanted, so the closeness of wording counts less,
# and the editor's mark and the kind of source count more.
WORDING = -0.8
PREFERRED = 0.4
CORE = 0.4
KINDS = {Kind.SUMMARY: -0.25, Kind.GUIDELINE: 0.1, Kind.CONSENSUS: 0.1, Kind.PROTOCOL: 0.1}
FLOOR = 0.1

Sections = list[tuple[str, list[Passage]]]


def along_plan(
    plan: Plan,
    library: Library,
    understanding: Understanding,
    found: Mapping[str, Retrieved],
) -> tuple[Sections, Mapping[str, int]]:
    """The plan's sections with their statements; a section without one is left out.

    A statement stands once, except that the bottom line may be repeated below, where it
    stands among its conditions. Also the place of each statement, by passage id, in its part
    of the plan: parts that share a title each have a first one.
    """
    sections: dict[str, list[Passage]] = {}
    places: dict[str, int] = {}
    taken: list[Passage] = []
    for section in plan.sections:
        of_title = sections.get(section.title, [])
        against = of_title if section.title == BOTTOM_LINE else taken
        ranked = _ranked(section, library, understanding, found)
        chosen = without_repeats(_one_per(section, ranked), section.limit, against)
        if not chosen:
            continue
        sections[section.title] = [*of_title, *chosen]
        if section.title != BOTTOM_LINE:
            taken.extend(chosen)
            places |= {passage.id: place for place, passage in enumerate(chosen)}
    return list(sections.items()), places


def _ranked(
    section: Section,
    library: Library,
    understanding: Understanding,
    found: Mapping[str, Retrieved],
) -> list[Passage]:
    usual = library.vocabulary.usual_population
    scored = []
    for passage in library.passages.values():
        if not _belongs(passage, section, understanding, usual):
            continue
        retrieved = found.get(passage.id)
        score = fit(passage, retrieved, understanding, usual)
        score += WORDING * (retrieved.score if retrieved else 0.0)
        score += PREFERRED * meets(passage, section.prefer)
        score += CORE if passage.statement.core else 0.0
        score += KINDS.get(passage.kind, 0.0)
        if section.any_subtype and _other_subtype(passage, understanding):
            score -= OTHER_SUBTYPE
        if score >= FLOOR:
            scored.append((score, passage))
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    return [passage for _, passage in scored]


def _belongs(
    passage: Passage, section: Section, understanding: Understanding, usual: Sequence[str]
) -> bool:
    statement = passage.statement
    facets = statement.facets
    if facets.topic not in section.topics or meets(passage, section.exclude):
        return False
    if section.roles and statement.role not in section.roles:
        return False
    if section.drugs and not set(section.drugs) & set(facets.drugs):
        return False
    if section.conditions and not set(section.conditions) & set(facets.condition):
        return False
    people = understanding.named("population") or usual
    if facets.population and not set(facets.population) & set(people):
        return False
    return section.any_subtype or not _other_subtype(passage, understanding)


def _other_subtype(passage: Passage, understanding: Understanding) -> bool:
    """Whether the statement is restricted to subtypes that were not asked about."""
    stated = set(passage.statement.facets.subtype)
    return bool(stated) and not stated & set(understanding.named("subtype"))


def _one_per(section: Section, ranked: Iterable[Passage]) -> Iterable[Passage]:
    """The ranked passages, leaving out those whose facet values have all appeared."""
    if not section.one_per:
        yield from ranked
        return
    seen: set[str] = set()
    for passage in ranked:
        values = facet_values(passage, section.one_per)
        if values and seen.issuperset(values):
            continue
        seen.update(values)
        yield passage


def with_disagreements(
    sections: Sections,
    library: Library,
    understanding: Understanding,
    rank: Callable[[Passage], float],
    title: str,
) -> Sections:
    """Adds, for each question on which sources differ, the positions not shown already.

    A statement that names the positions itself comes first; without one every position
    of the people and subtypes asked about is set beside the others.
    """
    shown = {p.id for _, passages in sections for p in passages}
    questions = dict.fromkeys(
        p.statement.disagreement
        for _, passages in sections
        for p in passages
        if p.statement.disagreement and not _other_subtype(p, understanding)
    )
    result = list(sections)
    for question in questions:
        positions = [
            p
            for p in library.passages.values()
            if p.statement.disagreement == question and _fits_people(p, understanding, library)
        ]
        comparing = [p for p in positions if p.statement.compares]
        if any(p.id in shown for p in comparing):
            continue
        positions.sort(key=lambda p: (not p.statement.compares, -rank(p), p.id))
        # One sentence that names every position is enough beside those already shown;
        # without one the positions stand side by side, shown before or not.
        chosen = comparing[:1] or without_repeats(positions, 3, [])
        if len(positions) > 1 and len(chosen) + len(comparing) > 1:
            name = library.vocabulary.term("disagreement", question).title
            result.append((title + name, chosen))
            shown.update(p.id for p in chosen)
    return result


def _fits_people(passage: Passage, understanding: Understanding, library: Library) -> bool:
    people = understanding.named("population") or library.vocabulary.usual_population
    stated = passage.statement.facets.population
    return not stated or not people or bool(set(stated) & set(people))
