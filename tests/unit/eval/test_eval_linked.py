"""Companions of the doses shown and the other side of a disagreement: shown, offered, left out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from assistant.model import Patient
from corpus.library import Library, load_library
from eval.judge import Judge
from eval.linked import Links
from eval.model import Observed, Outcome, Question, Said
from eval.runner import texts_on_disk
from tests.builders import write_library
from tests.unit.eval.test_eval_judge import a_case

HEAD = """+++
id = "{id}"
title = "Example {id}"
issuer = "Example Society"
edition = "2024"
year = 2024
kind = "guideline"
licence = "Own words."
review = "submitted"
+++

# {heading}
"""


def statement(number: str, text: str, role: str, *more: str) -> str:
    lines = [f"\n[{number}] {text}", "  source: Author2024", "  verified: read", f"  role: {role}"]
    lines += ["  topic: treatment", *(f"  {line}" for line in more)]
    return "\n".join(lines) + "\n"


DEXAMETHASONE = "drugs: dexamethasone"
DOSES = (
    HEAD.format(id="doses-2024", heading="Doses")
    + statement(
        "1.1",
        "Adults with examplitis: dexamethasone 10 mg/m² once daily.",
        "dose",
        DEXAMETHASONE,
        "facts: F001",
        "disagreement: which-dose",
    )
    + statement("1.2", "Etoposide suits examplitis.", "recommendation", "drugs: etoposide")
)
OTHERS = (
    HEAD.format(id="others-2024", heading="Other doses")
    + statement(
        "1.1",
        "Examplitis: dexamethasone 5 mg/m² once daily.",
        "dose",
        DEXAMETHASONE,
        "disagreement: which-dose",
    )
    + statement("1.2", "Some give dexamethasone 10 mg/m², some 5 mg/m².", "evidence",
                DEXAMETHASONE, "disagreement: which-dose", "compares: yes")
)  # fmt: skip
CARE = (
    HEAD.format(id="care-2024", heading="Care")
    + statement("1.1", "Check glucose daily with dexamethasone.", "monitoring", DEXAMETHASONE)
    + statement("1.2", "Children, under 2 years: check growth.", "monitoring", DEXAMETHASONE)
)
DOSE, ETOPOSIDE = "doses-2024:1.1", "doses-2024:1.2"
OTHER, COMPARES = "others-2024:1.1", "others-2024:1.2"
GLUCOSE, GROWTH = "care-2024:1.1", "care-2024:1.2"
CARE_TITLE = "Example care-2024 › Care"


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("linked") / "lib"
    documents = {"doses-2024.md": DOSES, "others-2024.md": OTHERS, "care-2024.md": CARE}
    return load_library(write_library(folder, documents))


def showing(library: Library, *ids: str, offered: tuple[str, ...] = ()) -> Observed:
    said = tuple(Said(text=library.passages[id_].text, cites=(id_,)) for id_ in ids)
    return Observed(outcome=Outcome.ANSWERED, said=said, offered=offered)


ADULT = Question(text="dexamethasone dose?", patient=Patient(age_years=40))


def test_a_companion_is_omitted_unless_it_is_shown_or_offered(library: Library) -> None:
    links = Links(library)

    bare = links.of(ADULT, showing(library, DOSE), ())
    shown = links.of(ADULT, showing(library, DOSE, GLUCOSE), ())
    offered = links.of(ADULT, showing(library, DOSE, offered=(CARE_TITLE,)), ())

    assert (bare.companions, bare.omitted) == (1, (GLUCOSE,))
    assert (shown.companions, shown.omitted) == (1, ())
    assert (offered.companions, offered.omitted) == (1, ())
    assert library.passages[GLUCOSE].place == CARE_TITLE


def test_a_companion_in_other_words_is_said(library: Library) -> None:
    observed = showing(library, DOSE)
    alike = Said(text="With dexamethasone, check the glucose daily.", cites=())

    linked = Links(library).of(ADULT, replace(observed, said=(*observed.said, alike)), ())

    assert linked.omitted == ()


def test_a_companion_for_other_ages_than_the_patients_is_not_asked_for(library: Library) -> None:
    links, observed = Links(library), showing(library, DOSE)

    assert links.of(ADULT, observed, ()).omitted == (GLUCOSE,)
    assert links.of(Question(text="dose?"), observed, ()).omitted == (GLUCOSE, GROWTH)


def test_a_companion_for_another_clearance_is_not_asked_for_also_where_it_is_worked_out(
    tmp_path: Path,
) -> None:
    kidney = "Dexamethasone at creatinine clearance below 15 mL/min: check counts."
    care = HEAD.format(id="care-2024", heading="Care")
    care += statement("1.1", kidney, "monitoring", DEXAMETHASONE)
    documents = {"doses-2024.md": DOSES, "care-2024.md": care}
    library = load_library(write_library(tmp_path / "lib", documents))
    links, observed = Links(library), showing(library, DOSE)

    def companions(text: str) -> int:
        return links.of(Question(text=text), observed, ()).companions

    assert companions("dose?") == 1
    assert companions("dose? 40-year-old man, 70 kg, creatinine 1.0 mg/dL") == 0
    assert companions("dose? 40-year-old man, 70 kg, on dialysis") == 1


def test_what_shows_no_amount_has_no_companions(library: Library) -> None:
    words = Said(text="Adults with examplitis", cites=(DOSE,))
    observed = replace(showing(library, ETOPOSIDE), said=(words,))

    assert Links(library).of(ADULT, showing(library, ETOPOSIDE), ()).companions == 0
    assert Links(library).of(ADULT, observed, ()).companions == 0


def test_companions_of_a_drug_that_the_turns_name_are_counted_apart(library: Library) -> None:
    links, observed = Links(library), showing(library, DOSE)
    later = Question(text="and the dose?", history=("dexamethasone?",))

    assert links.of(ADULT, observed, ()).omitted_on_asked == (GLUCOSE,)
    assert links.of(later, observed, ()).on_asked == 2
    assert links.of(Question(text="treatment?"), observed, ()).on_asked == 0


def test_a_disagreement_is_linked_by_a_second_position_shown_offered_or_compared(
    library: Library,
) -> None:
    links, offer = Links(library), (library.passages[OTHER].place,)

    def one_sided(*ids: str, offered: tuple[str, ...] = ()) -> tuple[str, ...]:
        linked = links.of(ADULT, showing(library, *ids, offered=offered), (DOSE,))
        assert linked.differences == 1
        return linked.one_sided

    assert one_sided(DOSE) == ("which-dose",)
    assert one_sided(DOSE, OTHER) == ()
    assert one_sided(COMPARES) == ()
    assert one_sided(DOSE, offered=offer) == ()


def test_a_disagreement_that_no_key_fact_is_about_was_not_asked(library: Library) -> None:
    observed = showing(library, DOSE)

    assert Links(library).of(ADULT, observed, ()).differences == 0
    assert Links(library).of(ADULT, showing(library, GLUCOSE), (DOSE,)).differences == 0


def test_the_judge_counts_citations_hashes_and_the_ledger(library: Library) -> None:
    judge, observed = Judge(library, texts_on_disk(library)), showing(library, DOSE)
    wrong = Said(text="Check glucose daily with dexamethasone.", cites=(DOSE, "nowhere:1"))
    ledger = (("dexamethasone", "10 mg/m² once daily", DOSE), ("dexamethasone", "5 mg", DOSE))

    without = judge.judge(a_case(), observed).support
    support = judge.judge(
        a_case(), replace(observed, said=(*observed.said, wrong), ledger=ledger)
    ).support
    elsewhere = (("dexamethasone", "10 mg/m² once daily", OTHER),)
    of_another = judge.judge(a_case(), replace(observed, ledger=elsewhere)).support
    empty = judge.judge(a_case(), replace(observed, ledger=())).support

    assert (without.citations, without.idle, without.quantities) == (1, (), 0)
    assert (support.citations, support.idle) == (3, (DOSE, "nowhere:1"))
    assert support.uncovered == (wrong.text,)
    assert (support.references, support.altered) == (2, ("nowhere:1",))
    assert (support.quantities, support.outside_ledger) == (1, ())
    assert (support.entries, support.outside_source) == (2, (f"5 mg [{DOSE}]",))
    assert (empty.quantities, empty.outside_ledger) == (1, ("10mg/m²",))
    assert of_another.outside_ledger == ("10mg/m²",)


def test_a_passage_altered_on_disk_carries_nothing_and_has_another_hash(library: Library) -> None:
    texts = {id_: text.replace("10 mg", "70 mg") for id_, text in texts_on_disk(library).items()}

    support = Judge(library, texts).judge(a_case(), showing(library, DOSE)).support

    assert (support.altered, support.idle) == ((DOSE,), (DOSE,))


def test_recall_at_one_and_ten_are_judged(library: Library) -> None:
    judge = Judge(library, texts_on_disk(library))
    observed = Observed(outcome=Outcome.ANSWERED, ranking=(ETOPOSIDE, DOSE))

    judgement = judge.judge(a_case(), observed)

    assert (judgement.recall_at_1, judgement.recall_at_10) == (0, 1)
