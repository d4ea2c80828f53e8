"""The earlier turns of each open page: in memory only, bounded, gone after an idle hour."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

MAX_CONVERSATIONS = 200
MAX_TURNS = 50
IDLE_S = 3600.0


@dataclass
class _Conversation:
    touched_s: float
    turns: list[str] = field(default_factory=list)


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

    def turns(self, page: str) -> tuple[str, ...]:
        """The earlier questions of this page, oldest first."""
        with self._lock:
            self._forget_idle()
            conversation = self._open.get(page)
            return tuple(conversation.turns) if conversation else ()

    def add(self, page: str, question: str, after: tuple[str, ...]) -> bool:
        """Keep a question that followed the turns ``after``.

        False, and nothing is kept, when the conversation was cleared while its answer was
        made: a new conversation must not inherit the old topic.
        """
        with self._lock:
            self._forget_idle()
            known = self._open.get(page)
            if tuple(known.turns if known else ()) != after:
                return False
            conversation = self._open.setdefault(page, _Conversation(self.clock()))
            conversation.touched_s = self.clock()
            conversation.turns = [*conversation.turns, question][-self.max_turns :]
            self._open.move_to_end(page)
            while len(self._open) > self.max_conversations:
                self._open.popitem(last=False)
            return True

    def clear(self, page: str) -> None:
        """Forget everything that was asked on this page."""
        with self._lock:
            self._open.pop(page, None)

    def __len__(self) -> int:
        with self._lock:
            self._forget_idle()
            return len(self._open)

    def _forget_idle(self) -> None:
        limit = self.clock() - self.idle_s
        while self._open:
            page, conversation = next(iter(self._open.items()))
            if conversation.touched_s > limit:
                return
            del self._open[page]
