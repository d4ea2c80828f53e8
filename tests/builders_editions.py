"""Two editions of one document, and another process that answers from them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from assistant.model import Question
from assistant.settings import Settings
from tests.builders import a_document, a_statement

REPOSITORY = Path(__file__).parents[1]
OLD_DOSE = "Adults with examplitis: dexamethasone 10 mg/m² once daily."
NEW_DOSE = "Adults with examplitis: dexamethasone 20 mg/m² once daily."
ASKED = Question(text="Adults with examplitis: dose of dexamethasone once daily?")


def dose(text: str) -> str:
    return a_statement("1.1", text, role="dose", drugs="dexamethasone")


def the_old(header: str = 'superseded_by = "example-2024"') -> str:
    return a_document("example-2019", dose(OLD_DOSE), header=header, year=2019)


def the_new(header: str = "valid_from = 2024-05-31") -> str:
    return a_document("example-2024", dose(NEW_DOSE), header=header)


READER = """
import json, sys
from pathlib import Path
from assistant.settings import Settings
from corpus.errors import GuidelineError
from tests.builders import an_assistant_over
from tests.builders_editions import ASKED

settings = Settings(
    library=Path(sys.argv[1]), data=Path(sys.argv[2]), store="memory", least_review=sys.argv[3]
)
def said(assistant):
    return json.dumps(assistant.ask(ASKED).value.to_json(), ensure_ascii=False)

held = an_assistant_over(settings, build=False)
print(said(held), flush=True)
for line in sys.stdin:
    print(said(held), flush=True)
    try:
        print(said(an_assistant_over(settings, build=False)), flush=True)
    except GuidelineError as error:
        print(type(error).__name__, flush=True)
"""


class Reader:
    """Another process that keeps its assistant open, and opens a new one when asked."""

    def __init__(self, settings: Settings) -> None:
        arguments = [settings.library, settings.data, settings.least_review]
        self.process = subprocess.Popen(
            [sys.executable, "-c", READER, *map(str, arguments)],
            cwd=REPOSITORY,
            env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.first = self._line()

    def ask(self) -> tuple[str, str]:
        """What the assistant that was open all the time says, and a newly opened one."""
        assert self.process.stdin is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return self._line(), self._line()

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def close(self) -> None:
        self.process.communicate(timeout=60)
