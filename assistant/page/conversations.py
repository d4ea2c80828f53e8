"""The earlier turns of each open page: in memory only, bounded, gone after an idle hour."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

MAX_CONVERSATIONS = 200
MAX_TURNS = 50
IDLE_S = 3600.0


@dataclass(frozen=True, slots=True)
class Context:
    """What a question is read with: the earlier questions of its page, oldest first.

    ``patient_since`` is the first of them that may speak of the present patient.
    """

    turns: tuple[str, ...] = ()
    patient_since: int = 0


@dataclass
class _Conversation:
    touched_s: float
    context: Context = field(default_factory=Context)


@dataclass
class Conversations:
    """Earlier questions by page. The oldest page is forgotten first; nothing is written down.

    ``clock`` gives seconds that only grow.
    """

    clock: Callable[[], float]
    max_conversations: int = MAX_CONVERSATIONS
    max_turns: int = MAX_TURNS
    idle_s: float = IDLE_S
    _open: OrderedDict[str, _Conversation] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def context(self, page: str) -> Context:
        """What was asked on this page before, and since when about the present patient."""
        with self._lock:
            self._forget_idle()
            return self._context(page)

    def add(self, page: str, question: str, after: tuple[str, ...]) -> bool:
        """Keep a question that followed the turns ``after``.

        False, and nothing is kept, when the conversation was cleared while its answer was
        made: a new conversation must not inherit the old topic.
        """
        with self._lock:
            self._forget_idle()
            known = self._context(page)
            if known.turns != after:
                return False
            turns = (*known.turns, question)
            dropped = max(0, len(turns) - self.max_turns)
            since = max(0, known.patient_since - dropped)
            self._open[page] = _Conversation(self.clock(), Context(turns[dropped:], since))
            self._open.move_to_end(page)
            while len(self._open) > self.max_conversations:
                self._open.popitem(last=False)
            return True

    def clear_patient(self, page: str) -> None:
        """Forget the patient of this page, and keep what was asked about."""
        with self._lock:
            self._forget_idle()
            if page in self._open:
                turns = self._open[page].context.turns
                self._open[page].context = Context(turns, len(turns))

    def clear(self, page: str) -> None:
        """Forget everything that was asked on this page."""
        with self._lock:
            self._open.pop(page, None)

    def __len__(self) -> int:
        with self._lock:
            self._forget_idle()
            return len(self._open)

    def _context(self, page: str) -> Context:
        conversation = self._open.get(page)
        return conversation.context if conversation else Context()

    def _forget_idle(self) -> None:
        limit = self.clock() - self.idle_s
        while self._open:
            page, conversation = next(iter(self._open.items()))
            if conversation.touched_s > limit:
                return
            del self._open[page]
