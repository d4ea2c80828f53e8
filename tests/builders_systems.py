"""Small systems to be evaluated, which do what their question says; they open in any process."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.model import Question
from eval.errors import EvaluationError
from eval.model import Case, Observed, Outcome, Said

KILLED, HANGS, RAISES, INTERRUPTED = "killed", "hangs", "raises", "interrupted"


@dataclass(frozen=True)
class Obeying:
    """Answers with the question, unless the question says otherwise; notes what it was asked.

    "interrupted" is answered as well, but for the first time that it is asked.
    """

    asked: Path | None = None

    def rank(self, question: Question) -> Sequence[str]:
        return ("example-2024:1.1", *question.history)

    def answer(self, question: Question) -> Observed:
        before = self._note(question.text)
        if question.text == KILLED:
            os.kill(os.getpid(), signal.SIGKILL)
        if question.text == HANGS:
            time.sleep(3600)
        if question.text == RAISES:
            raise KeyError("x")
        if question.text == INTERRUPTED and INTERRUPTED not in before:
            raise KeyboardInterrupt
        said = Said(text=f"On {question.text}: 10 mg.", cites=("example-2024:1.1",))
        return Observed(
            outcome=Outcome.ANSWERED,
            said=(said,),
            answerable=1 / 3,
            elapsed_ms=0.1,
            timings_ms=(("draft", 0.1),),
        )

    def _note(self, text: str) -> Sequence[str]:
        """What was asked before this."""
        if self.asked is None:
            return ()
        with self.asked.open("a+", encoding="utf-8") as file:
            file.seek(0)
            before = file.read().splitlines()
            file.write(f"{text}\n")
        return before


@dataclass(frozen=True)
class OpenObeying:
    """Opens it in the process that calls this."""

    asked: Path | None = None

    def __call__(self) -> Obeying:
        return Obeying(self.asked)


def open_nothing() -> Obeying:
    """A system that can't be opened, with a reason."""
    raise EvaluationError("There is no index. Build it.")


def cases_of(*texts: str, **changes: object) -> tuple[Case, ...]:
    """A case for each text, with an id of its own."""
    given: dict[str, object] = {"file": "own.jsonl", "section": "small", "provenance": "test"}
    return tuple(
        Case(  # type: ignore[arg-type]
            id=f"A{number}",
            line=number,
            question=Question(text=text),
            expect=(Outcome.ANSWERED,),
            **{**given, **changes},
        )
        for number, text in enumerate(texts, 1)
    )
