"""Judging and running: what is found, what is lost and where, and that nothing stops a run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from corpus.library import Library, load_library
from eval.errors import EvaluationError
from eval.judge import Judge, refusal_class
from eval.model import Case, Fate, Observed, Outcome, Question, RefusalClass, Said
from eval.runner import altered_documents, code_fingerprint, run_cases, texts_on_disk
from tests.builders import HEADER, write_library

BODY = """# Treatment

[1.1] Adults with examplitis: dexamethasone 10 mg/m² once daily.
  source: Author2024
  verified: read
  role: dose
  topic: treatment
  drugs: dexamethasone
  facts: F001
  disagreement: which-dose

[1.2] Adults with examplitis: dexamethasone 5 mg/m² once daily.
  source: Reprint2025
  verified: read
  role: dose
  topic: treatment
  drugs: dexamethasone
  facts: F002
  disagreement: which-dose

[1.3] Check counts every week.
  source: Author2024
  verified: read
  role: monitoring
  topic: monitoring
  facts: F003
"""
FIRST, SECOND, THIRD = "example-2024:1.1", "example-2024:1.2", "example-2024:1.3"


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return load_library(write_library(tmp_path / "lib", {"example-2024.md": HEADER + BODY}))


@pytest.fixture
def judge(library: Library) -> Judge:
    return Judge(library, texts_on_disk(library))


def a_case(**changes: object) -> Case:
    case = Case(
        id="A1",
        section="single-fact",
        question=Question(text="dose?"),
        expect=(Outcome.ANSWERED,),
        provenance="test",
        key_facts=("F001",),
        file="own.jsonl",
        line=1,
    )
    return replace(case, **changes)  # type: ignore[arg-type]


def quoting(library: Library, *ids: str) -> tuple[Said, ...]:
    return tuple(Said(text=library.passages[id_].text, cites=(id_,)) for id_ in ids)


@dataclass
class ScriptedSystem:
    """Ranks and answers as told, and keeps what it was asked; it fails where told to."""

    ranking: Sequence[str]
    said: tuple[Said, ...]
    fails: dict[str, Exception] = field(default_factory=dict)
    asked: list[Question] = field(default_factory=list)

    def rank(self, question: Question) -> Sequence[str]:
        return self.ranking

    def answer(self, question: Question) -> Observed:
        self.asked.append(question)
        if question.text in self.fails:
            raise self.fails[question.text]
        return Observed(outcome=Outcome.ANSWERED, said=self.said)


def test_a_shown_passage_shows_its_facts(library: Library, judge: Judge) -> None:
    observed = Observed(
        outcome=Outcome.ANSWERED, ranking=(THIRD, FIRST), said=quoting(library, FIRST)
    )

    judgement = judge.judge(a_case(key_facts=("F001", FIRST)), observed)

    assert judgement.fact_recall == 1
    assert not judgement.missed
    assert judgement.reciprocal_rank == 0.5
    assert judgement.recall_at_5 == 1
    assert judgement.apt == 1
    assert judgement.unsupported == ()
    assert judgement.numbers == 1
    assert judgement.unsupported_numbers == ()


def test_each_missed_fact_says_where_it_was_lost(library: Library, judge: Judge) -> None:
    case = a_case(key_facts=("F001", "F002", "F003", "F999"), both_sides=("F001",))
    observed = Observed(
        outcome=Outcome.ANSWERED,
        ranking=(FIRST, SECOND),
        said=quoting(library, FIRST),
        withheld=(SECOND,),
    )

    judgement = judge.judge(case, observed)

    assert dict(judgement.missed) == {
        "F001": Fate.ONE_SIDED,
        "F002": Fate.WITHHELD,
        "F003": Fate.NOT_FOUND,
        "F999": Fate.NOT_IN_LIBRARY,
    }
    assert judgement.fact_recall == 0


def test_a_found_passage_that_is_not_shown_was_not_chosen(library: Library, judge: Judge) -> None:
    observed = Observed(outcome=Outcome.ANSWERED, ranking=(FIRST, THIRD), said=())

    judgement = judge.judge(a_case(key_facts=("F003",)), observed)

    assert judgement.missed == (("F003", Fate.NOT_CHOSEN),)
    assert judgement.facts_at_10 == 1
    assert judgement.apt is None


def test_a_disagreement_is_whole_with_two_positions(library: Library, judge: Judge) -> None:
    case = a_case(both_sides=("F001",))
    observed = Observed(outcome=Outcome.ANSWERED, said=quoting(library, FIRST, SECOND))

    assert judge.judge(case, observed).fact_recall == 1


def test_a_sentence_that_is_not_verbatim_is_unsupported(library: Library, judge: Judge) -> None:
    invented = Said(text="Adults with examplitis: dexamethasone 10 g once daily.", cites=(FIRST,))
    uncited = Said(text="Check counts every week.", cites=())
    unknown = Said(text="Check counts every week.", cites=(THIRD, "nowhere:1"))
    observed = Observed(outcome=Outcome.ANSWERED, said=(invented, uncited, unknown))

    judgement = judge.judge(a_case(), observed)

    assert judgement.unsupported == (invented.text, uncited.text, unknown.text)
    assert judgement.unsupported_numbers == ("10g",)


def test_a_sentence_gets_the_best_grade_of_what_it_cites_and_none_where_nobody_judged(
    library: Library,
) -> None:
    case = a_case()
    judge = Judge(library, texts_on_disk(library), {case.id: {FIRST: 0, SECOND: 2}})
    said = (*quoting(library, FIRST, THIRD), Said(text="both", cites=(FIRST, SECOND)))

    assert judge.judge(case, Observed(outcome=Outcome.ANSWERED, said=said)).grades == (0, 2)


def test_a_document_altered_on_disk_supports_nothing(library: Library) -> None:
    path = library.folder / "documents" / "example-2024.md"
    path.write_text(path.read_text(encoding="utf-8").replace("10 mg", "70 mg"), encoding="utf-8")
    texts = texts_on_disk(library)

    observed = Observed(outcome=Outcome.ANSWERED, said=quoting(library, FIRST))
    judgement = Judge(library, texts).judge(a_case(), observed)

    assert altered_documents(library, texts) == ("example-2024",)
    assert len(judgement.unsupported) == 1


def test_a_must_not_pattern_is_looked_for_in_shown_sentences(
    library: Library, judge: Judge
) -> None:
    observed = Observed(outcome=Outcome.ANSWERED, said=quoting(library, FIRST, THIRD))

    judgement = judge.judge(a_case(must_not=("DEXAMETHASONE 10",)), observed)

    assert judgement.forbidden == (library.passages[FIRST].text,)


@pytest.mark.parametrize(
    ("expect", "observed", "refusal"),
    [
        ((Outcome.ANSWERED, Outcome.LIMITED), Outcome.LIMITED, RefusalClass.RIGHT),
        ((Outcome.DECLINED,), Outcome.LIMITED, RefusalClass.WRONGLY_ANSWERED),
        ((Outcome.ANSWERED,), Outcome.DECLINED, RefusalClass.WRONGLY_DECLINED),
        ((Outcome.ANSWERED,), Outcome.LIMITED, RefusalClass.WRONG_LIMIT),
        ((Outcome.DECLINED,), None, RefusalClass.FAILED),
    ],
)
def test_an_outcome_is_classed(
    expect: tuple[Outcome, ...], observed: Outcome | None, refusal: RefusalClass
) -> None:
    assert refusal_class(expect, observed) is refusal


def test_one_bad_case_never_stops_the_run(library: Library, judge: Judge) -> None:
    system = ScriptedSystem(
        ranking=(FIRST, FIRST),
        said=quoting(library, FIRST),
        fails={"bug": KeyError("x"), "expected": EvaluationError("Nothing there. Build it.")},
    )
    cases = [
        a_case(id=f"A{n}", question=Question(text=text, history=("before",)))
        for n, text in enumerate(("bug", "expected", "fine"))
    ]
    failures: list[tuple[str, str]] = []

    judgements = run_cases(
        cases, system, judge, failed=lambda case, why: failures.append((case.id, why))
    )

    assert [j.refusal for j in judgements] == [
        RefusalClass.FAILED,
        RefusalClass.FAILED,
        RefusalClass.RIGHT,
    ]
    assert failures == [("A0", "KeyError: 'x'"), ("A1", "Nothing there. Build it.")]
    assert judgements[0].fact_recall == 0
    assert judgements[2].observed.ranking == (FIRST,)
    assert system.asked[2].history == ("before",)


def test_a_follow_up_is_asked_in_full_as_well_and_without_its_conversation(
    library: Library, judge: Judge
) -> None:
    system = ScriptedSystem(ranking=(FIRST,), said=quoting(library, FIRST))
    case = a_case(id="A1", question=Question(text="and then?", history=("before",)), full="What?")

    (judgement,) = run_cases([case], system, judge)

    assert judgement.recall_in_full == judgement.fact_recall
    assert [(q.text, q.history) for q in system.asked] == [
        ("and then?", ("before",)),
        ("What?", ()),
    ]


def test_the_code_fingerprint_moves_with_the_code_and_not_with_the_library(
    tmp_path: Path,
) -> None:
    for package in ("corpus", "index", "assistant", "eval"):
        (tmp_path / package / "library").mkdir(parents=True)
        (tmp_path / package / "a.py").write_text("one = 1\n")
    before = code_fingerprint(tmp_path)

    (tmp_path / "corpus" / "library" / "library.toml").write_text("x = 1\n")
    unmoved = code_fingerprint(tmp_path)
    (tmp_path / "eval" / "a.py").write_text("one = 2\n")

    assert unmoved == before
    assert code_fingerprint(tmp_path) != before
