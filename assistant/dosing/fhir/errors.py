"""What can't be exchanged as FHIR, and why."""

from __future__ import annotations

from corpus.errors import GuidelineError


class NotExportable(GuidelineError):
    """A dose that must not leave as structured data; ``reason`` says why."""

    def __init__(self, words: str, reason: str) -> None:
        self.words = words
        self.reason = reason
        super().__init__(f"The dose “{words}” can't be exported as FHIR: {reason}")


class NotImportable(GuidelineError):
    """A resource that can't be read as drafts; ``path`` is the element at fault."""

    def __init__(self, path: str, what: str, remedy: str) -> None:
        self.path = path
        self.what = what
        super().__init__(f"{path}: {what} Nothing was imported. {remedy}")
