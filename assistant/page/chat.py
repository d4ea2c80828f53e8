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
from assistant.model import Length, Question
from assistant.page import html
from assistant.page.conversations import Context, Conversations
from assistant.settings import Settings
from assistant.wiring import Assistant, open_assistant
from corpus.errors import GuidelineError

OPENING_LIMIT_S = 300.0
FORGOTTEN = (
    "This conversation was idle for an hour and is no longer in memory. Type the question again."
)


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

    def ask(self, text: str, page: str, length: Length = Length.STANDARD) -> Iterator[str]:
        """Messages for one question: what is going on, then the card."""
        if not text.strip():
            return
        yield self._waiting()
        earlier = self.conversations.context(page)
        message, answered = self._answer(text, earlier, length)
        if answered:
            self.conversations.add(page, text, after=earlier.turns)
        yield message

    def again_in_full(self, page: str) -> Iterator[str]:
        """Messages for the last question of this page, asked once more for its full answer.

        It is read with the turns before it, and stays the last turn: nothing is added.
        """
        yield self._waiting()
        context = self.conversations.context(page)
        if not context.turns:
            yield self._error("", FORGOTTEN)
            return
        *before, text = context.turns
        since = min(context.patient_since, len(before))
        yield self._answer(text, Context(tuple(before), since), Length.FULL)[0]

    def failed(self) -> str:
        """The message for a failure that nobody foresaw; the terminal has its details."""
        sentence = "Something went wrong in the program. Ask again; if it stays, restart it."
        return self._error("", sentence)

    def clear(self, page: str) -> str:
        """Forget the conversation of this page."""
        self.conversations.clear(page)
        return self._message("cleared")

    def clear_patient(self, page: str) -> str:
        """Forget the patient of this page's conversation; its topic stays."""
        self.conversations.clear_patient(page)
        return self._message("patient cleared")

    def _answer(self, text: str, earlier: Context, length: Length) -> tuple[str, bool]:
        """The message with the card of a question, or with its error; and whether it is a card."""
        question = Question(
            text=text,
            history=earlier.turns,
            patient_since=earlier.patient_since,
            length=length,
        )
        try:
            answer = self.reception.wait().ask(question).value
        except GuidelineError as error:
            return self._error(text, str(error)), False
        card = html.card(answer, next(self._numbers), in_full=length is Length.FULL)
        said = html.announcement(answer)
        return self._message("answer", question=text, html=card, say=said), True

    def _waiting(self) -> str:
        ready = self.reception.ready.is_set()
        return self._message("status", say=html.SEARCHING if ready else html.READY)

    def _error(self, question: str, sentence: str) -> str:
        said = f"This question could not be answered. {sentence}"
        return self._message("error", question=question, html=html.alert(sentence), say=said)

    def _message(self, kind: str, **parts: str) -> str:
        # Text in a <pre> is the one thing that Gradio's Markdown hands on unread.
        message = json.dumps({"id": next(self._numbers), "kind": kind, **parts})
        return f"<pre>{escaping.escape(message)}</pre>"
