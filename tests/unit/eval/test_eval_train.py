"""The training of the adapter: its examples, and that it draws questions to their statements."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.library import BUNDLED, Library, load_library
from eval.train import BATCH, Example, examples_of, load_graded, trained, write_adapter
from index.adapter import adapter_of
from index.encoder import SentenceEncoder


@pytest.fixture(scope="module")
def library() -> Library:
    return load_library(BUNDLED)


@pytest.fixture(scope="module")
def examples(library: Library) -> list[Example]:
    return examples_of(library, load_graded())


def test_every_question_of_the_editor_is_an_example_and_nothing_is_right_and_wrong(
    library: Library, examples: list[Example]
) -> None:
    assert len(examples) == sum(map(len, library.asked.values()))
    assert not any(set(example.right) & set(example.wrong) for example in examples)


def test_grades_decide_where_there_are_some(library: Library) -> None:
    passage = next(iter(library.asked))
    question = library.asked[passage][0]
    others = [id_ for id_ in library.passages if id_ != passage][:2]
    grades = {question: {passage: 2, others[0]: 2, others[1]: 0}}

    first = examples_of(library, grades)[0]

    assert first == Example(question, (passage, others[0]), (others[1],))


def test_trained_on_a_batch_its_questions_lie_nearer_to_their_statements(
    library: Library, examples: list[Example], tmp_path: Path
) -> None:
    batch = examples[:BATCH]
    write_adapter(trained(batch, library, epochs=4), tmp_path)

    def nearness(encoder: SentenceEncoder) -> float:
        questions = encoder.embed([example.question for example in batch])
        right = encoder.embed([library.passages[example.right[0]].text for example in batch])
        wrong = encoder.embed([library.passages[example.wrong[0]].text for example in batch])
        return float(((questions * right).sum(1) - (questions * wrong).sum(1)).mean())

    assert nearness(SentenceEncoder(adapter=adapter_of(tmp_path))) > nearness(SentenceEncoder())
