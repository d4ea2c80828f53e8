"""The plug point for writers of drafts."""

from __future__ import annotations

from typing import Protocol

from assistant.model import Draft, Evidence


class Drafter(Protocol):
    """Turns evidence into a draft. What it writes is input to the check, never trusted."""

    @property
    def name(self) -> str:
        """How the mode is called where an answer is shown: "quoted"."""
        ...

    def draft(self, evidence: Evidence) -> Draft:
        """Claims in reading order, each citing passages of the evidence or the library."""
        ...
