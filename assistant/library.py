"""Settings -> the library that answers may use: the one place that knows which editions."""

from __future__ import annotations

from datetime import date

from assistant.settings import TODAY, Settings
from corpus.library import Library, load_library
from corpus.model import Review


def open_library(settings: Settings, today: date | None = None) -> Library:
    """The documents in force on the day, and reviewed as far, as the settings say.

    ``today`` is the day that "today" means, that of the clock unless given.
    """
    if settings.as_of == TODAY:
        as_of: date | None = today or date.today()
    else:
        as_of = date.fromisoformat(settings.as_of) if settings.as_of else None
    return load_library(settings.library, as_of=as_of, least_review=Review(settings.least_review))
