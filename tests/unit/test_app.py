"""The server around the page: its headers, its start, and what it says when it can't."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

import app
from assistant.errors import RecordError, SettingsError
from assistant.model import Length
from assistant.page import chat as chat_module
from assistant.page.chat import Chat, Reception
from assistant.page.conversations import Conversations
from assistant.settings import Settings
from tests.unit.test_page_html import an_answer


class Clock:
    """Seconds that the test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


class Answerer:
    """An assistant that keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Any] = []
        self.error: RecordError | None = None
        self.index = SimpleNamespace(card=SimpleNamespace(fingerprint="ab" * 32))

    def ask(self, question: Any) -> Any:
        self.asked.append(question)
        if self.error:
            raise self.error
        return SimpleNamespace(value=an_answer())


@pytest.fixture
def answerer() -> Answerer:
    return Answerer()


@pytest.fixture
def reception(answerer: Answerer) -> Reception:
    reception = Reception(Settings())
    reception.assistant = answerer  # type: ignore[assignment]
    reception.ready.set()
    return reception


def read(messages: Iterator[str]) -> list[dict[str, Any]]:
    return [json.loads(unescape(m.removeprefix("<pre>").removesuffix("</pre>"))) for m in messages]


# ------------------------------------------------------------------ a turn


def test_a_question_gets_a_status_and_then_its_card(reception: Reception) -> None:
    messages = read(Chat(reception).ask("What now?", "page"))

    assert [m["kind"] for m in messages] == ["status", "answer"]
    assert messages[0]["say"] == "Searching the library…"
    assert "Bottom line" in messages[1]["html"]
    assert messages[1]["say"].startswith("Answer ready.")


def test_a_follow_up_carries_the_earlier_questions_of_its_own_page(
    reception: Reception, answerer: Answerer
) -> None:
    chat = Chat(reception)

    for text, page in (("one", "a"), ("other", "b"), ("two", "a")):
        list(chat.ask(text, page))

    assert [q.history for q in answerer.asked] == [(), (), ("one",)]


def test_a_new_conversation_forgets_even_an_answer_that_is_still_being_made(
    reception: Reception, answerer: Answerer
) -> None:
    chat = Chat(reception)
    list(chat.ask("first", "a"))
    running = chat.ask("second", "a")
    next(running)
    original = answerer.ask

    def cleared_meanwhile(question: Any) -> Any:
        chat.clear("a")
        return original(question)

    answerer.ask = cleared_meanwhile  # type: ignore[method-assign]
    list(running)

    assert chat.conversations.context("a").turns == ()


def test_an_answer_that_can_not_be_recorded_is_a_sentence_and_no_turn(
    reception: Reception, answerer: Answerer
) -> None:
    chat = Chat(reception)
    answerer.error = RecordError("The disk is full. Free some space.")

    messages = read(chat.ask("What now?", "a"))

    assert messages[-1]["kind"] == "error"
    assert "The disk is full. Free some space." in messages[-1]["html"]
    assert chat.conversations.context("a").turns == ()


def test_the_length_that_was_chosen_is_asked_for(reception: Reception, answerer: Answerer) -> None:
    list(Chat(reception).ask("What now?", "a"))
    list(Chat(reception).ask("What now?", "a", Length.BRIEF))

    assert [q.length for q in answerer.asked] == [Length.STANDARD, Length.BRIEF]


def test_the_full_answer_is_the_same_turn_and_not_one_more(
    reception: Reception, answerer: Answerer
) -> None:
    chat = Chat(reception)
    for text in ("one", "two"):
        list(chat.ask(text, "a"))

    messages = read(chat.again_in_full("a"))

    assert [m["kind"] for m in messages] == ["status", "answer"]
    assert messages[1]["question"] == "two"
    last = answerer.asked[-1]
    assert (last.text, last.history, last.length) == ("two", ("one",), Length.FULL)
    assert chat.conversations.context("a").turns == ("one", "two")


def test_the_full_answer_of_a_forgotten_conversation_is_an_error_in_words(
    reception: Reception, answerer: Answerer
) -> None:
    messages = read(Chat(reception).again_in_full("a"))

    assert messages[-1]["kind"] == "error"
    assert chat_module.FORGOTTEN in messages[-1]["html"]
    assert answerer.asked == []


def test_a_cleared_patient_is_not_asked_about_and_the_topic_is(
    reception: Reception, answerer: Answerer
) -> None:
    chat = Chat(reception)
    for text in ("one, 20 kg", "two"):
        list(chat.ask(text, "a"))
    assert answerer.asked[-1].patient_since == 0

    said = read(iter([chat.clear_patient("a")]))
    list(chat.again_in_full("a"))
    list(chat.ask("three", "a"))
    list(chat.ask("other", "b"))

    assert [m["kind"] for m in said] == ["patient cleared"]
    full, third, other = answerer.asked[-3:]
    assert (full.history, full.patient_since) == (("one, 20 kg",), 1)
    assert (third.history, third.patient_since) == (("one, 20 kg", "two"), 2)
    assert other.patient_since == 0

    chat.clear("a")
    list(chat.ask("four", "a"))
    assert (answerer.asked[-1].history, answerer.asked[-1].patient_since) == ((), 0)


def test_nothing_is_asked_for_a_blank_question(reception: Reception) -> None:
    assert list(Chat(reception).ask("  \n ", "a")) == []


def test_a_question_before_the_model_is_ready_waits_and_says_so(answerer: Answerer) -> None:
    reception = Reception(Settings())
    running = Chat(reception).ask("What now?", "a")

    first = read(iter([next(running)]))[0]
    reception.assistant = answerer  # type: ignore[assignment]
    threading.Timer(0.05, reception.ready.set).start()
    rest = read(running)

    assert first["say"] == "Getting ready…"
    assert [m["kind"] for m in rest] == ["answer"]


def test_a_model_that_can_not_be_opened_answers_every_question_with_its_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(settings: Settings) -> Any:
        raise SettingsError("The model is altered. Install it again.")

    monkeypatch.setattr(chat_module, "open_assistant", broken)
    reception = Reception(Settings())

    reception.open()

    assert "The model is altered" in read(Chat(reception).ask("What now?", "a"))[-1]["html"]


# ------------------------------------------------------------------ the conversations


def test_conversations_are_bounded_in_number_in_length_and_in_time() -> None:
    clock = Clock()
    kept = Conversations(clock, max_conversations=2, max_turns=3, idle_s=60)

    for i in range(5):
        assert kept.add("a", str(i), after=kept.context("a").turns)
    assert kept.context("a").turns == ("2", "3", "4")

    for page in ("b", "c"):
        kept.add(page, "x", after=())
    assert (kept.context("a").turns, len(kept)) == ((), 2)

    clock.now = 61
    assert len(kept) == 0


def test_turns_that_are_forgotten_do_not_move_where_the_present_patient_begins() -> None:
    kept = Conversations(Clock(), max_turns=3)
    kept.clear_patient("a")
    for text in ("old", "old too"):
        kept.add("a", text, after=kept.context("a").turns)
    kept.clear_patient("a")

    seen = []
    for text in ("new", "new too", "last", "very last"):
        kept.add("a", text, after=kept.context("a").turns)
        context = kept.context("a")
        seen.append(context.turns[context.patient_since :])

    assert seen == [
        ("new",),
        ("new", "new too"),
        ("new", "new too", "last"),
        ("new too", "last", "very last"),
    ]


# ------------------------------------------------------------------ the server


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    reception = Reception(Settings())
    server = app.build_server(Settings(frame_ancestors="'self' https://ward.example"), reception)
    with TestClient(server) as client:
        client.reception = reception  # type: ignore[attr-defined]
        yield client


@pytest.mark.parametrize("path", ["/", "/healthz", "/readyz", "/config", "/page/page.js", "/nope"])
def test_every_response_has_the_security_headers(client: TestClient, path: str) -> None:
    headers = client.get(path).headers

    policy = headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'self' https://ward.example" in policy
    assert "unsafe-eval" not in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "camera=()" in headers["permissions-policy"]
    assert "server" not in headers
    if not path.startswith("/page/"):
        assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    "path",
    [
        "/docs",
        "/redoc",
        "/openapi.json",
        "/gradio_api/openapi.json",
        "/gradio_api/upload",
        "/monitoring",
        "/page/../app.py",
        "/page/html.py",
    ],
)
def test_what_the_page_does_not_need_is_not_there(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (403, 404)
    assert client.post(path).status_code in (403, 404, 405)


def test_no_event_has_a_public_name(client: TestClient) -> None:
    info = client.get("/gradio_api/info").json()

    assert info == {"named_endpoints": {}, "unnamed_endpoints": {}}


def test_a_body_of_more_than_a_megabyte_is_refused(client: TestClient) -> None:
    assert client.post("/gradio_api/queue/join", content=b"x" * 1_000_001).status_code == 413


def test_ready_only_when_the_assistant_is(client: TestClient, answerer: Answerer) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 503

    client.reception.assistant = answerer  # type: ignore[attr-defined]

    assert client.get("/readyz").json() == {"status": "ready", "index": "ab" * 8}


def test_the_page_names_us_and_shows_no_trace_of_the_framework(client: TestClient) -> None:
    config = client.get("/config").json()

    assert config["title"] == "Guideline Assistant"
    assert config["footer_links"] == []
    assert config["analytics_enabled"] is False


# ------------------------------------------------------------------ the start


def test_a_port_in_use_is_one_sentence_with_the_port_and_the_setting(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]

        code = app.main([], {"GUIDELINE_PORT": str(port)})

    said = capsys.readouterr().err
    assert code == 1
    assert f"Port {port} is already in use" in said
    assert "GUIDELINE_PORT=" in said
    assert said.count("\n") == 1


def test_a_host_that_is_not_ours_is_one_sentence() -> None:
    with pytest.raises(SettingsError, match=r"Can't listen on 192\.0\.2\.1, port 1"):
        app.reserve("192.0.2.1", 18_860)


def test_a_broken_library_is_its_sentence_and_no_traceback(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    code = app.main([], {"GUIDELINE_LIBRARY": str(tmp_path), "GUIDELINE_PORT": str(port)})

    said = capsys.readouterr().err
    assert code == 1
    assert "library.toml" in said
    assert "Traceback" not in said


def test_an_old_gradio_is_refused_in_words() -> None:
    with pytest.raises(SystemExit, match=r"Gradio 6\.7\.2 is installed; 6\.31 or newer"):
        app.require_gradio("6.7.2")
    app.require_gradio("6.31.0")
    app.require_gradio("7.0.0")


@pytest.mark.parametrize(
    ("environ", "platform", "user", "likely"),
    [
        ({"DISPLAY": ":0"}, "linux", 1000, True),
        ({}, "linux", 1000, False),
        ({"DISPLAY": ":0", "CI": "true"}, "linux", 1000, False),
        ({"DISPLAY": ":0"}, "linux", 0, False),
        ({}, "darwin", 501, True),
        ({"SSH_CONNECTION": "x"}, "darwin", 501, False),
    ],
)
def test_a_browser_is_opened_only_where_someone_would_see_it(
    environ: dict[str, str], platform: str, user: int, likely: bool
) -> None:
    assert app.display_is_likely(environ, platform, user) is likely
