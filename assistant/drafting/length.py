"""How long an answer is: what does not fit is offered, never dropped in silence."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from assistant.drafting.asked_for import asks_beside
from assistant.drafting.plan import BOTTOM_LINE, Sections
from assistant.model import Length, Question, Understanding
from corpus.model import Passage

BRIEF_WORDS = 80
DOSE_WORDS = 120  # one drug's dose: the dose, its companions, its source
STANDARD_WORDS = 450


@dataclass(frozen=True, slots=True)
class Shortened:
    """The sections that fit, and the statements that were taken out of them."""

    sections: Sections
    left_out: tuple[Passage, ...]


def words_allowed(question: Question, understanding: Understanding) -> int | None:
    """How many words the statements of an answer may have together; None for no limit."""
    length = question.length
    if length is Length.FULL:
        return None
    if length is Length.BRIEF:
        return BRIEF_WORDS
    one_drug = len(understanding.named("drug")) == 1 and len(understanding.named("topic")) <= 1
    if asks_beside(question.text):
        return STANDARD_WORDS
    # "and in renal failure?" after a dose asks for what changes, not for the dose alone.
    if "dose" in understanding.carried_facets and understanding.named("condition"):
        return STANDARD_WORDS
    return DOSE_WORDS if understanding.asks_dose and one_drug else STANDARD_WORDS


def shortened(
    sections: Sections,
    words: int | None,
    worth: Callable[[Passage], float],
    *,
    always: Collection[str] = (),
    whole: Collection[str] = (),
    places: Mapping[str, int] | None = None,
) -> Shortened:
    """The sections within so many words: the first statement of each before any second one.

    Of statements at the same place in their sections the one of more ``worth`` comes first. The
    bottom line and the sections whose titles are in ``always`` stay; those in ``whole`` stay or
    go as they are. What the bottom line says is not said again. ``places`` gives the place of
    passages, by id, that is not their place in their section.
    """
    if words is None:
        return Shortened(sections, ())
    kept: set[tuple[str, str]] = set()
    waiting: list[tuple[int, float, str, list[Passage]]] = []
    for title, passages in sections:
        if title == BOTTOM_LINE or title in always:
            kept |= {(title, p.id) for p in passages}
        elif title in whole:
            waiting.append((1, -max(map(worth, passages)), title, passages))
        else:
            for number, passage in enumerate(passages):
                place = (places or {}).get(passage.id, number)
                waiting.append((place, -worth(passage), title, [passage]))
    leading = {p.id for title, passages in sections if title == BOTTOM_LINE for p in passages}
    spent = sum(_words(p) for title, ps in sections for p in ps if (title, p.id) in kept)
    for _, _, title, passages in sorted(waiting, key=lambda w: (*w[:3], w[3][0].id)):
        more = sum(map(_words, passages))
        repeated = title not in whole and passages[0].id in leading
        if spent + more <= words and not repeated:
            spent += more
            kept |= {(title, p.id) for p in passages}
    chosen = [(t, [p for p in passages if (t, p.id) in kept]) for t, passages in sections]
    shown = {id_ for _, id_ in kept}
    left_out = {p.id: p for _, passages in sections for p in passages if p.id not in shown}
    return Shortened([(title, ps) for title, ps in chosen if ps], tuple(left_out.values()))


def _words(passage: Passage) -> int:
    return len(passage.text.split())
