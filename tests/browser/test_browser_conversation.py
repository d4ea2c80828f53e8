"""How a clinician steers a conversation on the page: correct, ask on, shorten, clear."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import Browser, Locator, expect

from tests.browser.conftest import Served, Watched, open_page

pytestmark = pytest.mark.browser

CHILD = "Etoposide dose in a 6-year-old child with HLH, 20 kg?"


def claims(card: Locator) -> int:
    """How many sentences of the library a card quotes."""
    return card.locator("section:is(.bottom-line, .topic, .differ) li").count()


def last_record(served: Served) -> dict[str, object]:
    """What was asked last, as the audit record says."""
    newest = max((served.data / "records").glob("*.jsonl"))
    record: dict[str, object] = json.loads(newest.read_text().splitlines()[-1])
    return record


# ------------------------------------------------------------------ what was understood


def test_the_card_begins_with_what_was_understood_and_takes_a_correction(watched: Watched) -> None:
    watched.ask(CHILD)

    page = watched.page
    line = page.locator(".card > .about .understood")
    expect(line).to_contain_text(
        re.compile(r"Understood as: dose\W.*etoposide.*; 6 years, 20 kg\.")
    )
    expect(line).to_contain_text("Not right? Write the correction, for example: weight 26 kg.")
    assert page.locator(".card > *").first.locator(".understood").count() == 1
    assert "Understood as: dose" in page.locator(".card").aria_snapshot()
    live = line.evaluate("e => e.closest('[aria-live], [role=status], [role=alert]').ariaLive")
    assert live == "off", "the answer is announced once, by its own region"
    size = "e => parseFloat(getComputedStyle(e).fontSize)"
    assert line.evaluate(size) < page.locator(".topic li").first.evaluate(size)

    watched.ask("weight 26 kg")

    corrected = page.locator(".about").nth(1)
    expect(corrected).to_contain_text("6 years, 26 kg; as before: dose, etoposide")
    expect(corrected).not_to_contain_text("20 kg")


# ------------------------------------------------------------------ follow-ups


def test_a_follow_up_is_asked_with_one_click_in_the_same_conversation(watched: Watched) -> None:
    watched.ask(CHILD)
    page = watched.page
    chips = page.get_by_role("region", name="You could also ask").get_by_role("button")
    assert 1 <= chips.count() <= 3
    text = chips.first.inner_text()
    page.fill("#question textarea", "half a thought")

    chips.first.click()

    page.locator(".card").nth(1).wait_for()
    expect(page.locator("h2.question").nth(1)).to_contain_text(text)
    expect(page.locator(".about").nth(1)).to_contain_text("20 kg; as before: etoposide")
    expect(page.locator("#question textarea")).to_have_value("half a thought")
    expect(page.locator(".turn").first.locator(".follow-ups")).to_be_hidden()
    expect(page.locator(".turn").first.locator(".card")).to_contain_text("Bottom line")


def test_a_follow_up_is_asked_from_the_keyboard_and_the_focus_goes_on(watched: Watched) -> None:
    watched.ask("Dexamethasone dose in adults with HLH?")
    chip = watched.page.locator(".follow-up").first
    chip.focus()

    watched.page.keyboard.press("Enter")

    expect(watched.page.locator("#question textarea")).to_be_focused()
    watched.page.locator(".card").nth(1).wait_for()
    assert watched.page.locator(".turn").count() == 2


# ------------------------------------------------------------------ length


def test_the_length_is_chosen_by_keyboard_and_stays_chosen(
    watched: Watched, served: Served
) -> None:
    page = watched.page
    group = page.get_by_role("group", name="Answer length")
    expect(group.get_by_role("radio")).to_have_count(3)
    expect(group.get_by_role("radio", name="Standard")).to_be_checked()
    watched.ask(CHILD)

    group.get_by_role("radio", name="Standard").focus()
    page.keyboard.press("ArrowLeft")
    expect(group.get_by_role("radio", name="Brief")).to_be_checked()
    expect(group.get_by_role("radio", checked=True)).to_have_count(1)
    watched.ask(CHILD)

    standard, brief = page.locator(".card").all()
    assert 1 <= claims(brief) < claims(standard)
    page.click("#new")
    expect(page.locator(".card")).to_have_count(0)
    expect(group.get_by_role("radio", name="Brief")).to_be_checked()
    watched.ask(CHILD)
    assert last_record(served)["length"] == "brief"


@pytest.mark.parametrize("height", [667, 420])
def test_on_a_phone_the_composer_leaves_room_for_the_answer(
    browser: Browser, served: Served, height: int
) -> None:
    page = open_page(browser, served, width=375, height=height).page

    for target in ("#question textarea", "#ask", "#length", "#clear-patient", "#new"):
        page.locator(target).scroll_into_view_if_needed()
        expect(page.locator(target)).to_be_in_viewport(ratio=1)
    composer = page.locator("#composer").bounding_box()
    assert composer is not None
    assert composer["height"] <= 160
    for choice in page.locator("#length label").all():
        box = choice.bounding_box()
        assert box is not None
        assert box["height"] >= 44
    page.context.close()


def test_the_full_answer_takes_the_place_of_the_shorter_one(
    watched: Watched, served: Served
) -> None:
    watched.ask("Dexamethasone dose in HLH?")
    watched.ask(CHILD)
    page = watched.page
    turn = page.locator(".turn").nth(1)
    before = claims(turn)
    button = turn.get_by_role("button", name="Show the full answer")
    button.focus()

    page.keyboard.press("Enter")
    turn.locator(".full").wait_for(state="detached")

    expect(turn.locator(".card")).to_have_count(1)
    assert page.locator(".turn").count() == 2
    assert claims(turn) > before
    expect(turn.locator(".card")).to_be_focused()
    expect(page.locator("#announce")).to_contain_text("Answer ready.")
    expect(page.get_by_role("radio", name="Standard")).to_be_checked()
    assert last_record(served)["length"] == "full"

    watched.ask("And in renal impairment?")

    record = last_record(served)
    assert record["history"] == ["Dexamethasone dose in HLH?", CHILD]
    assert record["length"] == "standard"


def test_a_full_answer_that_fails_leaves_the_answer_that_was_read(
    browser: Browser, served: Served
) -> None:
    watched = open_page(browser, served)
    watched.ask(CHILD)
    page = watched.page
    page.context.set_offline(True)

    page.locator(".full").click()

    expect(page.locator(".card.alert")).to_be_visible(timeout=30_000)
    expect(page.locator(".card").first).to_contain_text("Bottom line")
    page.context.close()


# ------------------------------------------------------------------ the patient


def test_a_cleared_patient_is_forgotten_and_the_topic_is_kept(watched: Watched) -> None:
    watched.ask(CHILD)
    page = watched.page
    # The answer is announced a moment after its card stands; what is counted here comes later.
    expect(page.locator("#announce")).to_contain_text("Answer ready")
    page.evaluate(
        "() => { window.said = []; new MutationObserver(() => {"
        " const text = document.querySelector('#announce').textContent;"
        " if (text) window.said.push(text); })"
        ".observe(document.querySelector('#announce'), {childList: true}); }"
    )

    page.get_by_role("button", name="Clear patient").click()

    expect(page.locator("#announce")).to_have_text("Patient cleared.")
    expect(page.locator(".turn .mark-patient")).to_have_text("Patient cleared.")
    page.get_by_role("button", name="Clear patient").click()
    page.wait_for_function("() => window.said.length >= 2")
    page.wait_for_timeout(500)
    assert page.evaluate("window.said") == ["Patient cleared."] * 2, "once for each click"
    expect(page.locator(".mark-patient")).to_have_count(1)

    watched.ask("And in renal impairment?")
    line = page.locator(".about").nth(1)
    expect(line).to_contain_text("as before: dose, etoposide")
    expect(line).not_to_contain_text("20 kg")
    expect(line).not_to_contain_text("6 years")

    page.click("#new")
    expect(page.locator(".card")).to_have_count(0)
    watched.ask("And in renal impairment?")
    expect(page.locator(".card")).not_to_contain_text("as before")


def test_a_patient_is_not_cleared_under_an_answer_that_is_being_made(
    browser: Browser, served: Served
) -> None:
    page = open_page(browser, served).page
    page.route("**/queue/join*", lambda route: None)
    page.fill("#question textarea", CHILD)
    page.press("#question textarea", "Enter")

    page.click("#clear-patient")

    expect(page.locator("#hint")).to_contain_text("Clear the patient when it is here.")
    expect(page.locator(".mark-patient")).to_have_count(0)
    page.context.close()
