"""The real page in a real Chromium: one server and one index for the whole run."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
START_LIMIT_S = 300


@dataclass
class Served:
    """The running program: where it is, where its data are, and what it printed."""

    address: str
    data: Path
    log: Path


@dataclass
class Watched:
    """One browser page with everything it asked for and complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, text: str) -> None:
        """Type a question, send it with Enter, and wait for its card."""
        cards = self.page.locator(".card").count()
        self.page.fill("#question textarea", text)
        self.page.press("#question textarea", "Enter")
        self.page.locator(".card").nth(cards).wait_for(timeout=120_000)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def served(bundled_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """``python app.py`` as a reader starts it, on the bundled library."""
    folder = tmp_path_factory.mktemp("page")
    port = _free_port()
    served = Served(f"http://127.0.0.1:{port}", bundled_data, folder / "log.txt")
    environ = {
        **{k: v for k, v in os.environ.items() if not k.startswith("GUIDELINE_")},
        "GUIDELINE_DATA": str(served.data),
        "GUIDELINE_PORT": str(port),
        "GUIDELINE_OPEN_BROWSER": "false",
    }
    with served.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "app.py"], cwd=ROOT, env=environ, stdout=log, stderr=log
        )
    try:
        _wait(served, process)
        yield served
    finally:
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(15)


def _wait(served: Served, process: subprocess.Popen[bytes]) -> None:
    limit = time.monotonic() + START_LIMIT_S
    while time.monotonic() < limit:
        try:
            with urllib.request.urlopen(f"{served.address}/healthz", timeout=5):
                return
        except (urllib.error.URLError, OSError):
            if process.poll() is not None:
                pytest.fail(f"The page did not start:\n{served.log.read_text()}", pytrace=False)
            time.sleep(0.2)
    pytest.fail(f"The page was not there after {START_LIMIT_S} s.", pytrace=False)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium; the tests fail, and say how to install it, where there is none."""
    if not Path(CHROMIUM).exists():
        pytest.fail(
            f"The browser tests need Chromium at {CHROMIUM}. Install it (apt-get install "
            "chromium), or name another one: CHROMIUM=/path/to/chromium make test",
            pytrace=False,
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()


def open_page(
    browser: Browser, served: Served, *, width: int = 1280, height: int = 900, scheme: str = "light"
) -> Watched:
    """A fresh page, watched from its first request."""
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
        has_touch=width < 600,
        is_mobile=width < 600,
    )
    context.set_default_timeout(60_000)  # two busy cores: patience, not luck
    watched = Watched(context.new_page())

    def asked_for(request: Request) -> None:
        watched.requests.append(request.url)

    watched.page.on("request", asked_for)
    watched.page.on("pageerror", lambda error: watched.complaints.append(str(error)))
    watched.page.on(
        "console",
        lambda message: message.type == "error" and watched.complaints.append(message.text),
    )
    watched.page.goto(served.address)
    watched.page.locator("html.ready #question textarea").wait_for(timeout=60_000)
    return watched


@pytest.fixture
def watched(browser: Browser, served: Served) -> Iterator[Watched]:
    """A desktop page; afterwards: no foreign request, no complaint in the console."""
    watched = open_page(browser, served)
    yield watched
    watched.page.context.close()
    foreign = [u for u in watched.requests if not u.startswith((served.address, "data:", "blob:"))]
    assert foreign == []
    assert watched.complaints == []
