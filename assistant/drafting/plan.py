"""Composing along a plan of the library: which statement stands in which section."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from assistant.drafting.rank import facet_values, meets, without_repeats
from assistant.model import Understanding
from corpus.library import Library
from corpus.mentions import mentions
from corpus.model import Passage, Role
from corpus.vocabulary import Plan, Section

BOTTOM_LINE = "Bottom line"
NEAREST = "Nearest in the library"  # in place of it where the library may not answer

# What the wording of a broad question points at stands beside its plan: so many statements, and so
# much less likely than the best one of all, in logits of relevance.
BESIDE = 3
BESIDE_SPREAD = 2.0

Sections = list[tuple[str, list[Passage]]]


def along_plan(
    plan: Plan,
    library: Library,
    understanding: Understanding,
    logits: Mapping[str, float],
    preferred: float,
) -> tuple[Sections, Mapping[str, int]]:
    """The plan's sections with their statements; a section without one is left out.

    A statement stands once, except that the bottom line may be repeated below, where it
    stands among its conditions. Also the place of each statement, by passage id, in its part
    of the plan: parts that share a title each have a first one. ``logits`` say by passage id how
    likely a statement belongs in a broad answer, ``preferred`` what a preferred facet adds.
    """
    sections: dict[str, list[Passage]] = {}
    places: dict[str, int] = {}
    taken: list[Passage] = []
    for section in _for_severity(plan.sections, understanding):
        of_title = sections.get(section.title, [])
        against = of_title if section.title == BOTTOM_LINE else taken
        first = not sections
        ranked = _ranked(section, library, understanding, logits, preferred, leads=first)
        chosen = without_repeats(_one_per(section, ranked, understanding), section.limit, against)
        if not chosen:
            continue
        sections[section.title] = [*of_title, *chosen]
        if section.title != BOTTOM_LINE:
            taken.extend(chosen)
            # What the bottom line says already is not the first of its section.
            leading = sections.get(BOTTOM_LINE, ())
            new = [passage for passage in chosen if passage not in leading]
            places |= {passage.id: place for place, passage in enumerate(new)}
    return list(sections.items()), places


def _for_severity(sections: Sequence[Section], understanding: Understanding) -> Sequence[Section]:
    """Without the sections for another severity, where the plan has some for the asked one."""
    asked = set(understanding.named("severity"))
    preferred = [set(section.prefer.get("severity", ())) for section in sections]
    if not any(asked & severities for severities in preferred):
        return sections
    return [
        section
        for section, severities in zip(sections, preferred, strict=True)
        if not severities or asked & severities
    ]


def with_the_likeliest(
    sections: Sections, ranked: Sequence[Passage], logits: Mapping[str, float], library: Library
) -> Sections:
    """The plan with the statements that its question points at by its wording, under their topics.

    A broad question names a case as well: what speaks of the case stands after the bottom line.
    """
    shown = [p for _, passages in sections for p in passages]
    floor = max(logits.values(), default=0.0) - BESIDE_SPREAD
    likely = [
        p for p in ranked if logits[p.id] >= floor and p.statement.role is not Role.DEFINITION
    ]
    more = without_repeats(likely, BESIDE, shown)
    leading = [s for s in sections if s[0] == BOTTOM_LINE]
    return [*leading, *by_topic(more, library), *(s for s in sections if s[0] != BOTTOM_LINE)]


def by_topic(passages: Sequence[Passage], library: Library) -> Sections:
    """The statements under the titles of their topics, in the order in which these come."""
    topics: dict[str, list[Passage]] = {}
    for passage in passages:
        topics.setdefault(passage.statement.facets.topic, []).append(passage)
    terms = library.vocabulary.terms["topic"]
    return [(terms[topic].title, group) for topic, group in topics.items()]


def _ranked(
    section: Section,
    library: Library,
    understanding: Understanding,
    logits: Mapping[str, float],
    preferred: float,
    *,
    leads: bool,
) -> list[Passage]:
    narrow, terms = set(understanding.narrow_subtypes), library.vocabulary.terms["subtype"]

    def order(passage: Passage) -> tuple[bool, int, float, str]:
        preference = meets(passage, section.prefer)
        logit = logits[passage.id] + preferred * preference
        if section.title != BOTTOM_LINE:
            return False, 0, -logit, passage.id
        # What leads speaks of the subtype that was asked about, then of what the plan prefers.
        named = any(mentions(passage.text, terms[subtype].words) for subtype in narrow)
        on_subtype = named or bool(narrow & set(passage.statement.facets.subtype))
        return leads and not on_subtype, -preference, -logit, passage.id

    return sorted(belonging(section, library, understanding), key=order)


def belonging(
    section: Section, library: Library, understanding: Understanding
) -> Iterator[Passage]:
    """The statements that may stand in a section, for the people and subtypes asked about."""
    usual = library.vocabulary.usual_population
    for passage in library.passages.values():
        if _belongs(passage, section, understanding, usual):
            yield passage


def _belongs(
    passage: Passage, section: Section, understanding: Understanding, usual: Sequence[str]
) -> bool:
    statement = passage.statement
    facets = statement.facets
    if facets.topic not in section.topics or _excluded(passage, section, understanding):
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
    narrow = set(understanding.narrow_subtypes)
    if section.any_subtype and narrow:
        return not facets.subtype or bool(narrow & set(facets.subtype))
    return section.any_subtype or not _other_subtype(passage, understanding)


def _excluded(passage: Passage, section: Section, understanding: Understanding) -> bool:
    """Whether the section leaves the statement out; what was asked for by name it never does."""
    return any(
        (set(values) - set(understanding.named(facet))) & set(facet_values(passage, facet))
        for facet, values in section.exclude.items()
    )


def _other_subtype(passage: Passage, understanding: Understanding) -> bool:
    """Whether the statement is restricted to subtypes that were not asked about."""
    stated = set(passage.statement.facets.subtype)
    return bool(stated) and not stated & set(understanding.named("subtype"))


def _one_per(
    section: Section, ranked: Iterable[Passage], understanding: Understanding
) -> Iterable[Passage]:
    """The ranked passages, leaving out those whose facet values have all appeared.

    Where the question names the subtype, "one per subtype" would leave one statement.
    """
    if not section.one_per or (section.one_per == "subtype" and understanding.narrow_subtypes):
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
