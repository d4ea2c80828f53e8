"""Up to three questions that could follow: what was found beside the answer and is not in it."""

from __future__ import annotations

from assistant.model import CheckedAnswer, Outcome
from corpus.library import Library

MOST = 3
LIKELY = -1.0  # logits of relevance; below, a follow-up tends to bring the same answer again


def suggestions(checked: CheckedAnswer, library: Library) -> tuple[str, ...]:
    """Follow-ups about topics that the answer leaves out, the likeliest first.

    They name a topic of the library and nothing else: "And monitoring and response?". Where the
    question names drugs, only topics on which the library speaks of one of them.
    """
    evidence = checked.draft.evidence
    understanding = evidence.understanding
    if checked.outcome is Outcome.DECLINED:
        return _instead(checked, library)
    shown = {
        checked.draft.passages[id_].statement.facets.topic
        for claim, _ in checked.shown
        for id_ in claim.cites
    }
    # A topic that is also a group of patients ("pregnancy") is for a patient of that group.
    groups = set(library.vocabulary.terms["population"]) - set(understanding.named("population"))
    done = shown | set(understanding.named("topic")) | groups
    drugs = set(understanding.named("drug"))
    found: dict[str, float] = {}
    for retrieved in evidence.pool:
        facets = retrieved.passage.statement.facets
        logit = evidence.logits.get(retrieved.passage.id, LIKELY)
        on_drug = not drugs or drugs & set(facets.drugs)
        if facets.topic not in done and on_drug and logit > LIKELY:
            found[facets.topic] = max(found.get(facets.topic, logit), logit)
    topics = sorted(found, key=lambda topic: (-found[topic], topic))[:MOST]
    return tuple(_question(library.vocabulary.term("topic", topic).title) for topic in topics)


def _instead(checked: CheckedAnswer, library: Library) -> tuple[str, ...]:
    """What could be asked instead: the topics of the nearest statements, with drug or subject.

    None where the question has nothing of the library, which only makes a list of anything.
    """
    draft = checked.draft
    understanding = draft.evidence.understanding
    named = set(understanding.named("drug")) - set(understanding.unknown_drugs)
    if not (understanding.on_subject or named or understanding.narrow_subtypes):
        return ()
    found = []
    for id_ in draft.nearest:
        facets = draft.passages[id_].statement.facets
        drug = next((drug for drug in facets.drugs if drug in named), "")
        subject = library.drugs[drug].name if drug else library.vocabulary.subject
        title = _plain(library.vocabulary.term("topic", facets.topic).title)
        found.append(f"{subject[0].upper()}{subject[1:]}: {title}?")
    return tuple(dict.fromkeys(found))[:MOST]


def _question(title: str) -> str:
    return f"And {_plain(title)}?"


def _plain(title: str) -> str:
    return title[0].lower() + title[1:] if title[1:2].islower() else title
