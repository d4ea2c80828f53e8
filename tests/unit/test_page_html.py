"""The card of an answer: it says what the Markdown says, and nothing in it is executed."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from assistant.answer import Answer, LedgerDose, Reference, ShownClaim
from assistant.model import Outcome, Refusal
from assistant.notices import Notice
from assistant.page import html, offers
from assistant.render import render

VOID = {"br", "hr", "img", "input", "path", "rect"}
OFFERS = {"correction", "full"}  # classes of what the card offers beside the answer


class _Page(HTMLParser):
    """The text that a reader sees, and every tag with its attributes."""

    def __init__(self, markup: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.unseen: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.offers: list[str] = []
        self._hidden: list[bool] = []
        self._offers: list[bool] = []
        self.feed(markup)
        self.close()
        assert not self._hidden, "every tag is closed"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self._hidden.append("hidden" in dict(attrs) or any(self._hidden))
            self._offers.append(dict(attrs).get("class") in OFFERS)

    def handle_endtag(self, tag: str) -> None:
        if tag not in VOID:
            self._hidden.pop()
            self._offers.pop()

    def handle_data(self, data: str) -> None:
        if any(self._offers):
            self.offers.append(data)
        else:
            (self.unseen if any(self._hidden) else self.seen).append(data)


def letters(parts: list[str]) -> str:
    """All of a text but its white space, which layout may change."""
    return re.sub(r"\s+", "", "".join(parts))


def a_reference(n: int = 1, **changes: object) -> Reference:
    reference = Reference(
        n=n,
        passage_id=f"example-2024:1.{n}",
        document="example-2024",
        title="Examplitis: a guideline",
        year=2024,
        kind="guideline",
        section="Treatment › First treatment",
        quote="Adults: examplol 10 mg/m² once daily.",
        review_status="submitted, not reviewed by a clinician",
        sources=("Author A. Examplitis. J Ex. 2024. https://doi.org/10.1000/example", "PMID: 123."),
        primary="Author A. Examplitis. J Ex. 2024. https://doi.org/10.1000/example",
        report="",
        verification="",
        edition="2024",
    )
    return replace(reference, **changes)  # type: ignore[arg-type]


def a_dose(**changes: object) -> LedgerDose:
    dose = LedgerDose(
        drug="examplol",
        text="10 mg/m² once daily",
        verdict="SOURCE_ONLY",
        passage_id="example-2024:1.1",
        rule=None,
        role="dose",
        why="",
    )
    return replace(dose, **changes)  # type: ignore[arg-type]


def an_answer(**changes: object) -> Answer:
    answer = Answer(
        outcome=Outcome.ANSWERED,
        reason="",
        refusal="",
        notices=(),
        claims=(
            ShownClaim(section="Bottom line", text="Adults: examplol 5–10 mg/m².", citations=(1,)),
            ShownClaim(section="Treatment", text="Ferritin <500 µg/L & falling.", citations=(2, 1)),
            ShownClaim(section="Sources differ: Which dose", text="One says 1 g.", citations=(1,)),
            ShownClaim(section="Sources differ: Which dose", text="One says 2 g.", citations=(2,)),
        ),
        references=(a_reference(1), a_reference(2, verification="second-hand")),
        doses=(a_dose(), a_dose(text="2 g", role="rejected", passage_id="example-2024:1.2")),
        calculations=(),
        withheld=(),
        nearest=(),
        carried=False,
        understood="",
        suggestions=(),
        notice="Nobody reviewed this.",
        index="0" * 16,
        mode="quoted",
    )
    return replace(answer, **changes)  # type: ignore[arg-type]


DECLINED = an_answer(
    outcome=Outcome.DECLINED,
    reason="The library does not cover this question.",
    claims=(),
    references=(),
    doses=(),
    nearest=("Example guideline › Treatment",),
)
LIMITED = an_answer(outcome=Outcome.LIMITED, reason="The library says nothing about fooxib.")
UNDERSTOOD = an_answer(
    understood="dose, examplol; 6 years, 20 kg",
    suggestions=("And monitoring?", "And A & B <i>therapy</i>?"),
    nearest=("Example guideline › Treatment", "Example guideline › Tapering"),
)


@pytest.mark.parametrize(
    "answer",
    [
        an_answer(),
        an_answer(doses=()),
        UNDERSTOOD,
        replace(DECLINED, understood="dose, fooxib"),
        replace(LIMITED, understood="examplol", nearest=("Example guideline › Tapering",)),
        DECLINED,
        LIMITED,
    ],
)
def test_the_card_says_exactly_what_the_markdown_says(answer: Answer) -> None:
    plain = MarkdownIt("commonmark", {"html": False}).enable("table").render(render(answer))

    card = _Page(html.card(answer, 1))

    assert letters(card.seen) == letters(_Page(plain).seen)


def test_how_the_question_was_read_stands_first_with_a_way_to_correct_it() -> None:
    markup = html.card(UNDERSTOOD, 1)

    line = markup.index('<p class="understood"><em>Understood as: dose, examplol; 6 years, 20 kg.')
    assert line < markup.index("Bottom line")
    assert f'<span class="correction">{offers.CORRECTION}</span></p>' in markup
    assert offers.CORRECTION not in html.card(an_answer(), 1)
    assert "aria-live" not in markup


def test_questions_that_could_follow_are_buttons_and_their_text_is_only_text() -> None:
    card = _Page(html.card(UNDERSTOOD, 1))

    buttons = [a for tag, a in card.tags if tag == "button" and "follow-up" in (a["class"] or "")]
    assert [a["type"] for a in buttons] == ["button", "button"]
    assert "And A & B <i>therapy</i>?" in "".join(card.seen)
    assert "i" not in {tag for tag, _ in card.tags}


def test_the_full_answer_is_offered_where_something_is_not_shown() -> None:
    markup = html.card(UNDERSTOOD, 1)

    assert _Page(markup).offers.count(offers.IN_FULL) == 1
    also = markup[markup.index('<section class="also"') :]
    assert also.index("Tapering") < also.index('class="full"') < also.index("</section>")
    for answer in (an_answer(), DECLINED):
        assert offers.IN_FULL not in html.card(answer, 1)


def test_the_full_answer_offers_no_fuller_one() -> None:
    card = _Page(html.card(UNDERSTOOD, 1, in_full=True))

    assert offers.IN_FULL not in card.offers
    assert "Example guideline: Treatment; Tapering" in card.seen


def test_every_citation_is_a_button_that_names_and_opens_its_source() -> None:
    card = _Page(html.card(an_answer(), 7))

    buttons = [a for tag, a in card.tags if tag == "button"]
    ids = {a["id"] for _, a in card.tags if "id" in a}
    assert len(buttons) == 8  # five in sentences, two in the table, one "same source as"
    assert {b["data-source"] for b in buttons} == {"t7-s1", "t7-s2"} <= ids
    assert buttons[0]["aria-label"] == "Source 1, Examplitis: a guideline, 2024"
    assert all(b["aria-haspopup"] == "dialog" and b["type"] == "button" for b in buttons)


def test_the_drawer_shows_quote_source_and_how_far_it_was_checked() -> None:
    card = _Page(html.card(an_answer(), 1))

    hidden = "".join(card.unseen)
    for part in (
        "Adults: examplol 10 mg/m² once daily.",
        "Treatment › First treatment",
        "Author A. Examplitis. J Ex. 2024.",
        "2024",
        "Guideline",
        "Second-hand",
        "Submitted, not reviewed by a clinician",
        "example-2024:1.1",
    ):
        assert part in hidden


def test_addresses_become_links_to_a_new_tab_and_nothing_else_does() -> None:
    card = _Page(html.card(an_answer(), 1))

    links = [a for tag, a in card.tags if tag == "a"]
    assert {a["href"] for a in links} == {
        "https://doi.org/10.1000/example",
        "https://pubmed.ncbi.nlm.nih.gov/123/",
    }
    assert all(a["target"] == "_blank" and a["rel"] == "noopener noreferrer" for a in links)


def test_the_dose_list_is_a_table_with_a_caption_and_header_cells() -> None:
    markup = html.card(an_answer(), 1)

    heads = [a for tag, a in _Page(markup).tags if tag == "th"]
    assert [a["scope"] for a in heads] == ["col"] * 4 + ["row"] * 2
    assert re.search(r"<caption><h3[^>]*>Doses in this answer</h3>", markup)
    assert 'class="verdict quoted"' in markup
    assert 'class="verdict bad"' in markup


@pytest.mark.parametrize(
    ("verdict", "colour"),
    [
        ("VERIFIED", "good"),
        ("WITHIN_RANGE", "good"),
        ("SOURCE_ONLY", "quoted"),
        ("ABOVE_USUAL", "caution"),
        ("SOMETHING_NEW", "caution"),
    ],
)
def test_only_a_dose_with_a_second_check_is_green(verdict: str, colour: str) -> None:
    markup = html.card(an_answer(doses=(a_dose(verdict=verdict),)), 1)

    assert f'class="verdict {colour}"' in markup


def test_sections_keep_their_order_and_have_headings_of_one_level() -> None:
    card = _Page(html.card(an_answer(), 1))

    sections = [a["class"] for tag, a in card.tags if tag == "section"]
    assert sections == ["bottom-line", "topic", "differ", "doses", "references"]
    assert {tag for tag, a in card.tags if re.fullmatch("h[1-6]", tag) and "id" in a} == {"h3"}


def test_an_amount_is_not_cut_by_a_line_break() -> None:
    claim = ShownClaim(section="Treatment", text="First 1–2 g/kg, then 5–10 mg.", citations=(1,))

    markup = html.card(an_answer(claims=(claim,), doses=()), 1)

    assert '<span class="keep">1–2 g/kg</span>' in markup
    assert '<span class="keep">5–10 mg. <button' in markup


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        '<img src="https://evil.example/x.png" onerror="alert(1)">',
        "![x](https://evil.example/x.png)",
        "[click](javascript:alert(1))",
        '"><svg onload=alert(1)>',
        "<iframe src=//evil.example></iframe>",
    ],
)
def test_markup_in_any_text_is_shown_or_dropped_but_never_live(hostile: str) -> None:
    reference = a_reference(
        1, title=hostile, quote=hostile, sources=(hostile, hostile), section=hostile
    )
    reference = replace(reference, primary=hostile, report=hostile)
    claim = ShownClaim(section="Treatment", text=hostile, citations=(1,))
    answer = an_answer(
        claims=(claim,),
        references=(reference,),
        doses=(a_dose(text=hostile, drug=hostile),),
        reason=hostile,
        understood=hostile,
        suggestions=(hostile,),
        nearest=(hostile,),
        notice=hostile,
        outcome=Outcome.LIMITED,
    )

    card = _Page(html.card(answer, 1))

    tags = {tag for tag, _ in card.tags}
    assert not tags & {"script", "img", "svg", "iframe", "style", "object"}
    assert not any(name.startswith("on") for _, attrs in card.tags for name in attrs)
    assert not any("javascript:" in (a.get("href") or "") for _, a in card.tags)


def test_a_number_in_brackets_that_is_no_reference_stays_text() -> None:
    claim = ShownClaim(section="Treatment", text="As in [9]", citations=(1,))

    answer = an_answer(claims=(claim,), references=(a_reference(1),), doses=())

    card = _Page(html.card(answer, 1))

    assert len([1 for tag, _ in card.tags if tag == "button"]) == 1
    assert "[9]" in "".join(card.seen)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (an_answer(), "Answer ready. 2 sources. 2 doses checked."),
        (
            an_answer(references=(a_reference(),), doses=(a_dose(),)),
            "Answer ready. 1 source. 1 dose checked.",
        ),
        (an_answer(doses=()), "Answer ready. 2 sources."),
        (LIMITED, "Limited answer ready. 2 sources. 2 doses checked."),
        (DECLINED, "No answer from the library. The reason is shown."),
    ],
)
def test_the_announcement_counts_what_is_there(answer: Answer, said: str) -> None:
    assert html.announcement(answer) == said


def test_an_error_is_its_sentence_with_nothing_live_in_it() -> None:
    card = _Page(html.alert("The disk is full <b>now</b>."))

    assert "The disk is full <b>now</b>." in "".join(card.seen)
    assert ("b", {}) not in card.tags


def test_the_shell_escapes_what_comes_from_the_library() -> None:
    shell = html.shell("A & <b>B</b>", ("What is <i>x</i>?", "two", "three", "four"), "<svg></svg>")

    assert "A &amp; &lt;b&gt;B&lt;/b&gt;" in shell
    assert shell.count('class="example"') == 3
    assert html.NOTICE in shell


@pytest.mark.parametrize(
    ("outcome", "refusal", "words"),
    [
        (Outcome.DECLINED, Refusal.NOT_IN_LIBRARY, "Not in the library."),
        (Outcome.DECLINED, Refusal.OUTSIDE_SCOPE, "Outside what this library is for."),
        (Outcome.DECLINED, Refusal.EMERGENCY, "Please seek help now."),
        (Outcome.LIMITED, Refusal.WRONG_PREMISE, "Not as the question says."),
        (Outcome.LIMITED, Refusal.DOUBTFUL, "The library may not answer this."),
    ],
)
def test_each_class_of_refusal_has_its_words(outcome: Outcome, refusal: str, words: str) -> None:
    markup = html.card(replace(DECLINED, outcome=outcome, refusal=str(refusal), reason="Why."), 1)

    assert f"<strong>{words}</strong> Why." in markup


def test_notices_stand_above_the_bottom_line_each_under_its_name() -> None:
    told = an_answer(
        notices=(
            Notice(Refusal.EMERGENCY, "Call for help."),
            Notice(Refusal.MISSING_VALUE, "Not given: weight."),
        )
    )

    markup = html.card(told, 1)

    assert "<strong>Emergency.</strong> Call for help." in markup
    assert markup.index("Call for help.") < markup.index("Not given: weight.")
    assert markup.index("Not given: weight.") < markup.index("Bottom line")
