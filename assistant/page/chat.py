"""Between a question and its card: the steps of one turn, as messages to the page."""

from __future__ import annotations

import html as escaping
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from assistant.errors import AnswerError
from assistant.model import Question
from assistant.page import html
from assistant.page.conversations import Conversations
from assistant.settings import Settings
from assistant.wiring import Assistant, open_assistant
from corpus.errors import GuidelineError

OPENING_LIMIT_S = 300.0


@dataclass
class Reception:
    """The assistant, opened in the background: the page is there before the model is."""

    settings: Settings
    ready: threading.Event = field(default_factory=threading.Event)
    assistant: Assistant | None = None
    failure: GuidelineError | None = None

    def open(self) -> None:
        """Open the assistant and let the model run once, so that the first answer is quick."""
        try:
            assistant = open_assistant(self.settings)
            assistant.search("first treatment", 1)
            self.assistant = assistant
        except GuidelineError as error:
            self.failure = error
        finally:
            self.ready.set()

    def wait(self, limit_s: float = OPENING_LIMIT_S) -> Assistant:
        """The assistant, as soon as it is open; AnswerError when it can't be opened."""
        if not self.ready.wait(limit_s):
            raise AnswerError("The assistant is still getting ready. Ask again in a minute.")
        if self.failure is not None:
            raise self.failure
        if self.assistant is None:
            raise AnswerError("The assistant did not start. The window it runs in says why.")
        return self.assistant


@dataclass
class Chat:
    """What happens between a question and its card; each step is a message to the page."""

    reception: Reception
    conversations: Conversations = field(default_factory=lambda: Conversations(time.monotonic))
    _numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def ask(self, text: str, page: str) -> Iterator[str]:
        """Messages for one question: what is going on, then the card."""
        if not text.strip():
            return
        turn = next(self._numbers)
        waiting = html.SEARCHING if self.reception.ready.is_set() else html.READY
        yield self._message("status", say=waiting)
        earlier = self.conversations.turns(page)
        try:
            answer = self.reception.wait().ask(Question(text=text, history=earlier)).value
        except GuidelineError as error:
            said = f"This question could not be answered. {error}"
            yield self._message("error", question=text, html=html.alert(str(error)), say=said)
            return
        self.conversations.add(page, text, after=earlier)
        yield self._message(
            "answer",
            question=text,
            html=html.card(answer, turn),
            say=html.announcement(answer),
        )

    def failed(self) -> str:
        """The message for a failure that nobody foresaw; the terminal has its details."""
        sentence = "Something went wrong in the program. Ask again; if it stays, restart it."
        return self._message(
            "error", question="", html=html.alert(sentence), say=f"No answer. {sentence}"
        )

    def clear(self, page: str) -> str:
        """Forget the conversation of this page."""
        self.conversations.clear(page)
        return self._message("cleared")

    def _message(self, kind: str, **parts: str) -> str:
        # Text in a <pre> is the one thing that Gradio's Markdown hands on unread.
        message = json.dumps({"id": next(self._numbers), "kind": kind, **parts})
        return f"<pre>{escaping.escape(message)}</pre>"
