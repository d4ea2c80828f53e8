"""What a clinician does on the page, in a real Chromium against the real program."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import ROOT, Served, Watched, open_page

pytestmark = pytest.mark.browser

FLAGSHIP = (
    "What is the recommended treatment for a patient with secondary hemophagocytic "
    "lymphohistiocytosis (HLH) and pancytopenia?"
)
SECRET = "canaryword"  # stands for anything that a reader types


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def expect_focus(page: Page, start: str) -> None:
    """Wait until the element whose tag.class or tag#id starts like this has the focus."""
    page.wait_for_function(
        "start => { const e = document.activeElement; const name = e.tagName.toLowerCase()"
        " + (e.id ? '#' + e.id : '.' + e.className); return name.startsWith(start) }",
        arg=start,
    )


def letters(text: str) -> str:
    return re.sub(r"\s+", "", text)


@pytest.fixture(scope="module")
def answered(browser: Browser, served: Served) -> Page:
    """The page after the question that this program was made for."""
    watched = open_page(browser, served)
    watched.ask(FLAGSHIP)
    return watched.page


def test_the_question_is_answered_bottom_line_first(answered: Page) -> None:
    card = answered.locator(".card")

    expect(card).to_have_attribute("data-outcome", "answered")
    first = card.locator("section").first
    expect(first.locator("h3")).to_have_text("Bottom line")
    text = first.inner_text()
    assert "dexamethasone" in text
    assert "10 mg/m²" in text
    assert first.locator("button.cite").count() >= 1
    expect(answered.locator("h2.question")).to_contain_text(FLAGSHIP)
    expect(answered.locator("#announce")).to_have_text(
        re.compile(r"^Answer ready\. \d+ sources?\. \d+ doses? checked\.$")
    )
    expect(answered.locator("#log")).to_have_attribute("aria-busy", "false")


def test_a_citation_opens_its_quoted_passage_with_its_source(answered: Page) -> None:
    cite = answered.locator(".bottom-line button.cite").first
    sentence = answered.locator(".bottom-line li").first.inner_text().split(" [")[0]
    label = cite.get_attribute("aria-label") or ""

    cite.click()

    drawer = answered.locator("#drawer")
    expect(drawer).to_be_visible()
    expect_focus(answered, "h2#drawer-title")
    assert label.startswith(drawer.locator(".drawer-kicker").inner_text() + ", ")
    assert letters(drawer.locator("blockquote").inner_text()) in letters(sentence)
    facts = drawer.locator("dl").inner_text()
    for name in ("Section", "Primary source", "Year", "Kind", "Verification", "Review", "Passage"):
        assert name in facts
    link = drawer.locator("a").first
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", re.compile("noopener"))
    assert (link.get_attribute("href") or "").startswith("https://")

    answered.keyboard.press("Escape")

    expect(drawer).to_be_hidden()
    expect_focus(answered, "button.cite")


def test_every_citation_has_its_source(answered: Page) -> None:
    orphans = answered.evaluate(
        "[...document.querySelectorAll('.cite')]"
        ".filter(c => !document.getElementById(c.dataset.source)).length"
    )

    assert orphans == 0


def test_the_dose_list_is_read_as_a_table_with_verdicts_in_words(answered: Page) -> None:
    table = answered.get_by_role("table")

    expect(table.locator("caption")).to_have_text("Doses in this answer")
    assert [h.inner_text() for h in table.locator("thead th").all()] == [
        "Drug",
        "Dose as quoted",
        "Check",
        "Source",
    ]
    rows = table.locator("tbody tr").all()
    assert len(rows) >= 3
    for row in rows:
        verdict = row.locator("td.verdict").inner_text()
        assert verdict[0] in "✓△✗"
        assert len(verdict.split()) >= 2
        assert row.locator("button.cite").count() == 1


def test_the_card_says_what_the_command_line_says(answered: Page, served: Served) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "ask", FLAGSHIP, "--json"],
        cwd=ROOT,
        env={**os.environ, "GUIDELINE_DATA": str(served.data)},
        capture_output=True,
        text=True,
        check=True,
    )
    markdown = json.loads(done.stdout)["markdown"]

    card = answered.locator(".card")
    card.locator(".also summary").click()
    shown = letters(card.inner_text())
    for offer in card.locator(".correction, .full, summary").all():
        shown = shown.replace(letters(offer.inner_text()), "", 1)

    # Markdown's own marks, and the numbers of the list of references, are not text.
    plain = re.sub(r"(?m)^(#+ |- |\d+\. |---$|\|[-|]+\|$)", "", markdown)
    plain = plain.replace("**", "").replace("*", "").replace("|", "")
    assert shown == letters(plain)


def test_a_follow_up_is_read_together_with_the_question_before_it(watched: Watched) -> None:
    watched.ask("Etoposide dose in adults with HLH?")
    watched.ask("And in renal impairment?")

    second = watched.page.locator(".card").nth(1)
    expect(second.locator(".about")).to_contain_text("as before: dose, etoposide")
    expect(second).to_contain_text("etoposide", ignore_case=True)

    watched.page.click("#new")
    expect(watched.page.locator(".card")).to_have_count(0)
    expect(watched.page.locator("#empty")).to_be_visible()
    watched.ask("And in renal impairment?")
    assert "as before" not in watched.page.locator(".card").inner_text()


def test_what_the_library_does_not_cover_is_refused_in_another_card(watched: Watched) -> None:
    watched.ask("What is the best inhaler for asthma?")

    card = watched.page.locator(".card")
    expect(card).to_have_attribute("data-outcome", "declined")
    expect(card).to_contain_text("Outside what this library is for")
    expect(watched.page.locator("#announce")).to_have_text(re.compile("No answer"))


def test_nothing_typed_is_kept_in_the_browser(watched: Watched) -> None:
    page = watched.page
    page.get_by_role("radio", name="Brief").check()
    watched.ask(f"Etoposide {SECRET} dose in HLH, 20 kg?")
    page.click("#clear-patient")
    expect(page.locator(".mark-patient")).to_be_visible()

    kept = page.evaluate(
        """async () => JSON.stringify({
             local: {...localStorage}, session: {...sessionStorage}, cookie: document.cookie,
             databases: (await indexedDB.databases()).map(d => d.name),
             caches: await caches.keys(), address: location.href,
           })"""
    )
    cookies = json.dumps(page.context.cookies())

    for word in (SECRET, "toposide", "HLH"):
        assert word not in kept
        assert word not in cookies
    assert json.loads(kept)["databases"] == []


def test_nothing_typed_reaches_the_log_of_the_program(watched: Watched, served: Served) -> None:
    watched.ask(f"Dexamethasone {SECRET} dose in HLH?")

    assert SECRET not in served.log.read_text()


def test_the_way_from_question_to_source_and_back_needs_no_mouse(watched: Watched) -> None:
    page = watched.page
    expect_focus(page, "textarea")
    page.keyboard.type("Dexamethasone dose in severe HLH?")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("In adults")
    assert page.locator(".turn").count() == 0
    page.keyboard.press("Enter")
    page.locator(".card").wait_for()
    expect(page.locator("#question textarea")).to_have_value("")

    page.keyboard.press("Shift+Tab")
    expect_focus(page, "a.skip")
    page.keyboard.press("Enter")
    expect_focus(page, "article.card")
    page.keyboard.press("Tab")
    expect_focus(page, "button.cite")
    page.keyboard.press("Enter")
    expect(page.locator("#drawer")).to_be_visible()
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    expect(page.locator("#drawer")).to_be_hidden()
    expect_focus(page, "button.cite")


def test_markup_in_a_question_is_shown_and_not_run(watched: Watched) -> None:
    hostile = '<img src=x onerror="document.title=1"> HLH <script>document.title=2</script>'

    watched.ask(hostile)

    expect(watched.page.locator("h2.question")).to_contain_text(hostile)
    expect(watched.page).to_have_title("Guideline Assistant")
    assert watched.page.locator("#log img, #log script").count() == 0


def test_a_question_too_long_to_read_is_refused_in_words(watched: Watched) -> None:
    watched.ask("HLH etoposide dose " * 600)

    card = watched.page.locator(".card")
    expect(card).to_have_attribute("data-outcome", "declined")
    expect(card).to_contain_text("the limit is")


def test_a_blank_question_gets_a_hint_and_no_turn(watched: Watched) -> None:
    watched.page.fill("#question textarea", "   ")
    watched.page.click("#ask")

    expect(watched.page.locator("#hint")).to_have_text("Type a question first.")
    assert watched.page.locator(".turn").count() == 0


def test_an_example_is_asked_with_one_click(watched: Watched) -> None:
    first = watched.page.locator(".example").first
    expect(first).to_have_text(FLAGSHIP)

    first.click()

    expect(watched.page.locator("h2.question")).to_contain_text(FLAGSHIP)
    watched.page.locator(".card").wait_for(timeout=60_000)
    expect(watched.page.locator(".card")).to_have_attribute("data-outcome", "answered")


def test_two_pages_do_not_share_a_conversation(browser: Browser, served: Served) -> None:
    one, other = open_page(browser, served), open_page(browser, served)

    one.ask("Etoposide dose in adults with HLH?")
    other.ask("And in renal impairment?")

    assert other.page.locator(".card").count() == 1
    assert "as before" not in other.page.locator(".card").inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 375, 820, 1280])
def test_nothing_scrolls_sideways_and_controls_are_large_enough(
    browser: Browser, served: Served, width: int, scheme: str
) -> None:
    watched = open_page(browser, served, width=width, height=740, scheme=scheme)
    page = watched.page
    assert overflow(page) <= 0

    watched.ask(FLAGSHIP)

    assert overflow(page) <= 0
    large = ("#ask", "#new", "#clear-patient", "#question textarea", ".full", ".follow-up")
    least_px = dict.fromkeys(large, 44) | {"#length label": 24, ".cite": 24}
    for selector, least in least_px.items():
        box = page.locator(selector).first.bounding_box()
        assert box is not None
        assert box["height"] >= least, selector
        assert box["width"] >= least, selector
    page.locator(".cite").first.click()
    close = page.locator("#drawer .close").bounding_box()
    assert close is not None
    assert close["height"] >= 44
    assert overflow(page) <= 0
    page.context.close()


CONTRAST = """
() => {
  const parse = c => c.match(/[\\d.]+/g).map(Number);
  const lum = ([r, g, b]) => [r, g, b].map(v => v / 255)
    .map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4)
    .reduce((s, v, i) => s + v * [.2126, .7152, .0722][i], 0);
  const ground = e => {
    for (; e; e = e.parentElement) {
      const c = parse(getComputedStyle(e).backgroundColor);
      if (c.length < 4 || c[3] > .99) return c;
    }
    return [255, 255, 255];
  };
  const low = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !e.checkVisibility()) continue;
    if (e.closest('.unseen, .skip, .bracket, script, style')) continue;
    const [a, b] = [lum(parse(getComputedStyle(e).color)), lum(ground(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push(`${ratio.toFixed(2)} ${e.tagName}.${e.className} ` +
                              walker.currentNode.data.slice(0, 30));
  }
  return [...new Set(low)];
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_all_text_has_enough_contrast(browser: Browser, served: Served, scheme: str) -> None:
    watched = open_page(browser, served, scheme=scheme)
    page = watched.page
    assert page.evaluate(CONTRAST) == []

    watched.ask(FLAGSHIP)
    watched.ask("What is the best inhaler for asthma?")
    page.mouse.move(0, 0)
    assert page.evaluate(CONTRAST) == []

    page.locator(".cite").first.click()
    assert page.evaluate(CONTRAST) == []
    page.context.close()


def test_landmarks_and_headings_are_in_order(answered: Page) -> None:
    levels = answered.evaluate(
        "[...document.querySelectorAll('h1,h2,h3,h4')].filter(h => h.checkVisibility())"
        ".map(h => Number(h.tagName[1]))"
    )

    assert levels[:2] == [1, 2]
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))
    assert answered.get_by_role("main").count() == 1
    assert answered.get_by_role("banner").count() == 1
    expect(answered.get_by_role("log")).to_have_attribute("aria-label", "Conversation")
    expect(answered.get_by_role("textbox", name="Your question")).to_be_visible()
    expect(answered.get_by_role("note")).to_contain_text("Not for emergencies.")


def test_no_trace_of_the_framework_is_seen(answered: Page) -> None:
    assert "gradio" not in answered.locator("body").inner_text().lower()
    assert answered.locator("footer:visible").count() == answered.locator(".card-notice").count()


def test_on_paper_the_answer_stands_without_the_controls(answered: Page, tmp_path: Path) -> None:
    answered.emulate_media(media="print")
    try:
        expect(answered.locator("#composer")).to_be_hidden()
        expect(answered.locator(".card")).to_be_visible()
        expect(answered.locator(".notice")).to_be_visible()
        expect(answered.locator(".understood")).to_be_visible()
        for control in (".correction", ".full", ".follow-ups"):
            expect(answered.locator(control)).to_be_hidden()
    finally:
        answered.emulate_media(media="screen")


def test_a_lost_connection_is_said_and_nothing_typed_is_lost(
    browser: Browser, served: Served
) -> None:
    watched = open_page(browser, served)
    page = watched.page
    watched.ask("Etoposide dose in adults with HLH?")
    page.context.set_offline(True)

    page.fill("#question textarea", "And in renal impairment?")
    page.press("#question textarea", "Enter")

    alert = page.locator(".card.alert")
    expect(alert).to_contain_text("The connection to the assistant was lost", timeout=30_000)
    expect(page.locator("#question textarea")).to_have_value("And in renal impairment?")
    page.context.set_offline(False)
    page.click("#ask")
    expect(page.locator("#hint")).to_contain_text("reload the page")
    assert page.locator(".card").count() == 2, "the answer that was read stays"

    page.get_by_role("button", name="Reload the page").click()
    page.locator("html.ready #empty").wait_for()
    watched.ask("Etoposide dose in HLH?")
    expect(page.locator(".card")).to_contain_text("etoposide", ignore_case=True)
    page.context.close()


def test_what_is_folded_in_a_card_is_printed(answered: Page) -> None:
    folded = answered.locator(".card .also details")
    folded.evaluate("element => { element.open = false; }")
    expect(folded.locator("li").first).to_be_hidden()

    answered.pdf()  # prints as a reader would

    expect(folded.locator("li").first).to_be_visible()
