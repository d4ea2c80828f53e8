"""What stands beside an answer: companions of its doses, points on which sources differ."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from assistant.drafting.asked_for import on_drug
from assistant.drafting.plan import Sections
from assistant.drafting.rank import without_repeats
from assistant.model import Understanding
from corpus.companions import companions
from corpus.library import Library
from corpus.model import Passage

SOURCES_DIFFER = "Sources differ: "
COMPANION_LIMIT = 2
ASKED_DIFFERENCE = 0.12  # the least probability of a difference that nothing on top is about


def beside_doses(
    understanding: Understanding,
    shown: Sequence[Passage],
    library: Library,
    *,
    worth: Callable[[Passage], tuple[float, float]],
    apart: Callable[[Passage], bool],
    full: bool,
) -> Sections:
    """What a reader of the doses that were asked for must not miss: the best of it.

    In a ``full`` answer all of it; what is not chosen here ``with_companions`` offers. ``worth``
    orders it, higher first; what is ``apart`` is for other patients.
    """
    sections: Sections = []
    shown = list(shown)
    for drug in understanding.named("drug")[:2] if understanding.asks_dose else ():
        beside = {
            companion.id: companion
            for passage in shown
            if on_drug(drug, passage)
            for companion in companions(passage, library)
            if (on_drug(drug, companion) or companion.id in passage.statement.companions)
            and not apart(companion)
        }
        ranked = sorted(beside.values(), key=lambda p: p.id)
        ranked.sort(key=worth, reverse=True)
        chosen = without_repeats(ranked, len(ranked) if full else COMPANION_LIMIT, shown)
        if chosen:
            shown = [*shown, *chosen]
            sections.append((also_with(library.drugs[drug].name), chosen))
    return sections


def with_companions(
    sections: Sections,
    library: Library,
    left_out: Sequence[Passage] = (),
    *,
    excluded: Callable[[Passage], bool],
    apart: Callable[[Passage], bool],
    full: bool,
) -> tuple[Sections, list[Passage]]:
    """The sections, and what belongs beside any dose in them, asked about or not, and is not there.

    In the order of the doses, the most urgent of each first; last of doses that were asked for and
    ``left_out``. In a ``full`` answer it is shown, one
    section for each drug. What is ``apart`` stands under a heading for other patients, where its
    dose could not be shown: it is offered only. What is ``excluded`` says itself that it is for
    others.
    """
    shown = [passage for _, passages in sections for passage in passages]
    there = {passage.id for passage in shown}
    found = {p.id: p for dose in (*shown, *left_out) for p in companions(dose, library)}
    beside = [p for id_, p in found.items() if id_ not in there and not excluded(p)]
    if not full:
        return sections, beside
    drugs: dict[str, list[Passage]] = {}
    fitting = [passage for passage in beside if not apart(passage)]
    for passage in without_repeats(fitting, len(fitting), shown):
        named = passage.statement.facets.drugs
        drugs.setdefault(library.drugs[named[0]].name if named else "these doses", []).append(
            passage
        )
    added = [(also_with(name), passages) for name, passages in drugs.items()]
    return merged([*sections, *added]), beside


def merged(sections: Sections) -> Sections:
    """Sections of one title as one, at the place of the first."""
    by_title: dict[str, list[Passage]] = {}
    for title, passages in sections:
        by_title.setdefault(title, []).extend(passages)
    return list(by_title.items())


def also_with(name: str) -> str:
    """The heading of what stands beside the dose of a drug."""
    return f"Also with {name}"


def asked_differences(
    sections: Sections, chances: Mapping[str, float]
) -> tuple[Sections, list[Passage]]:
    """The sections without the differences that nobody asked about, and their statements.

    A difference on which the bottom line takes a side is always asked about. Without chances, in a
    broad answer, every difference is.
    """
    leading = {p.statement.disagreement for _, passages in sections[:1] for p in passages}
    kept: Sections = []
    unasked: list[Passage] = []
    for title, passages in sections:
        likely = max((chances.get(p.id, 0.0) for p in passages), default=0.0)
        on_top = any(p.statement.disagreement in leading - {None} for p in passages)
        differs = title.startswith(SOURCES_DIFFER)
        if differs and chances and not on_top and likely < ASKED_DIFFERENCE:
            unasked += passages
        else:
            kept.append((title, passages))
    return kept, unasked
