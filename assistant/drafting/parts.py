"""The parts of a question: each thing that it asks about each drug, which one statement answers.

"Etoposide: dose, monitoring, when to stop?" names one drug and three things. A statement that
answers one of them very well must not keep the others out of the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from assistant.model import Understanding
from corpus.model import Passage


def parts_asked(understanding: Understanding) -> Iterator[Callable[[Passage], bool]]:
    """Tests, one for each topic that this turn names of each drug; none for a single topic.

    Of what an earlier turn named nothing is a part, it is the context.
    """
    if {"topic", "drug"} & understanding.carried_facets:
        return
    topics, drugs = understanding.named("topic"), understanding.named("drug")
    if len(topics) < 2:
        return
    for topic in topics:
        for drug in drugs or (None,):
            yield _on(topic, drug)


def _on(topic: str, drug: str | None) -> Callable[[Passage], bool]:
    def answers(passage: Passage) -> bool:
        facets = passage.statement.facets
        return facets.topic == topic and (drug is None or drug in facets.drugs)

    return answers
