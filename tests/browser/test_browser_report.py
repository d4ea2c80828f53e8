"""The evaluation page in a real Chromium: from a file, at both widths, in both schemes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from eval.page import render_html
from eval.page_others import parse_others
from eval.report import render_json
from tests.browser.conftest import Watched
from tests.builders_runs import PEERS, RETRIEVAL, a_varied_run

pytestmark = pytest.mark.browser

CONTRASTS = """
() => {
  const channels = text => {
    const found = (text.match(/[\\d.]+/g) || []).map(Number);
    return found.length >= 3 && found[3] !== 0 ? found : null;
  };
  const light = ([r, g, b]) => {
    const [x, y, z] = [r, g, b].map(v => v / 255).map(
      v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4);
    return .2126 * x + .7152 * y + .0722 * z;
  };
  const ratio = (a, b) => {
    const [one, two] = [light(a), light(b)].sort((x, y) => y - x);
    return (one + .05) / (two + .05);
  };
  const behind = element => {
    for (let at = element; at; at = at.parentElement) {
      const found = channels(getComputedStyle(at).backgroundColor);
      if (found) return found;
    }
  };
  const words = [], shapes = [];
  document.querySelectorAll('details').forEach(one => one.open = true);
  for (const element of document.querySelectorAll('body *')) {
    const style = getComputedStyle(element);
    const said = [...element.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const kinds = element.getAttribute('class') || '';
    const name = `${element.tagName} ${kinds} ${element.textContent.slice(0, 30)}`;
    if (element.tagName === 'text') {
      const cell = element.previousElementSibling;
      const isCell = cell && cell.classList.contains('cell') && !cell.classList.contains('none');
      const back = isCell ? channels(getComputedStyle(cell).fill) : behind(element);
      words.push([name, ratio(channels(style.fill), back)]);
    } else if (said && !['title', 'desc'].includes(element.tagName)) {
      words.push([name, ratio(channels(style.color), behind(element))]);
    }
    for (const [kind, property] of [['line', 'stroke'], ['marker', 'fill'], ['bar', 'fill'],
        ['axis', 'stroke'], ['reference', 'stroke'], ['wanted', 'stroke'], ['target', 'stroke'],
        ['whisker', 'stroke']]) {
      if (element.tagName !== 'text' && element.classList.contains(kind))
        shapes.push([name, ratio(channels(style[property]), behind(element))]);
    }
  }
  return {words, shapes};
}
"""


@pytest.fixture(scope="module")
def page_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    results = json.loads(render_json(a_varied_run()))
    times = {f"Q{at}": 40.0 + 7 * at for at in range(24)}
    others = [parse_others("a set", RETRIEVAL), parse_others("peers", PEERS)]
    path = tmp_path_factory.mktemp("report") / "evaluation.html"
    path.write_text(render_html(results, times, others), encoding="utf-8")
    return path


@pytest.fixture(params=[(1280, "light"), (1280, "dark"), (375, "light"), (375, "dark")], ids=str)
def opened(request: pytest.FixtureRequest, browser: Browser, page_file: Path) -> Iterator[Watched]:
    """The page; afterwards: nothing asked for but itself, and no complaint."""
    width, scheme = request.param
    context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
    watched = Watched(context.new_page())
    page = watched.page
    page.on("request", lambda asked: watched.requests.append(asked.url))
    page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    page.on("console", lambda message: watched.complaints.append(message.text))
    page.goto(page_file.as_uri())
    yield watched
    context.close()
    assert watched.requests == [page_file.as_uri()]
    assert watched.complaints == []


def measured(page: Page) -> dict[str, list[tuple[str, float]]]:
    found: dict[str, Any] = page.evaluate(CONTRASTS)
    return found


def test_it_reads_at_any_width_and_scheme(opened: Watched) -> None:
    page = opened.page

    found = measured(page)  # opens every table as well

    assert page.evaluate("document.documentElement.scrollWidth - window.innerWidth") <= 0
    assert len(found["words"]) > 200
    assert len(found["shapes"]) > 40
    assert [word for word in found["words"] if word[1] < 4.5] == []
    assert [shape for shape in found["shapes"] if shape[1] < 3] == []


def test_every_chart_is_named_and_has_its_data(opened: Watched) -> None:
    charts = opened.page.evaluate(
        """() => [...document.querySelectorAll('svg[role=img]')].map(svg => {
          const named = svg.getAttribute('aria-labelledby').split(' ');
          const figure = svg.closest('figure');
          return {
            names: named.map(id => document.getElementById(id).textContent),
            caption: figure.querySelector('figcaption').textContent,
            rows: figure.querySelectorAll('details table tbody tr').length,
          };
        })"""
    )

    assert len(charts) == opened.page.locator("figure").count() >= 10
    for chart in charts:
        assert all(chart["names"])
        assert chart["names"][0] == chart["caption"]
        assert chart["rows"] > 0


def test_words_in_a_chart_stay_inside_it_and_a_phone_can_read_them(opened: Watched) -> None:
    outside, sizes = opened.page.evaluate(
        """() => {
          const outside = [], sizes = [];
          for (const text of document.querySelectorAll('svg[role=img] text')) {
            const frame = text.ownerSVGElement, box = text.getBBox(), view = frame.viewBox.baseVal;
            if (box.x < -1 || box.x + box.width > view.width + 1) outside.push(text.textContent);
            const scale = frame.getBoundingClientRect().width / view.width;
            sizes.push(parseFloat(getComputedStyle(text).fontSize) * scale);
          }
          return [outside, sizes];
        }"""
    )

    assert outside == []
    assert min(sizes) >= 9.5
