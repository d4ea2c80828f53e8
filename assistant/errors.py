"""Errors of the answering side, below corpus.errors.GuidelineError.

AnswerError
├── QuestionUnreadable   text that can't be a question: empty, too long, binary
├── InputError           a line of a batch or a patient value that can't be used
├── RecordError          an answer could not be recorded, so it is not shown
└── SettingsError        guideline.toml or the environment holds an unusable value
"""

from __future__ import annotations

from corpus.errors import GuidelineError


class AnswerError(GuidelineError):
    """A question could not be answered for a reason that is not the library's content."""


class QuestionUnreadable(AnswerError):
    """The text is no question that this program can read."""


class InputError(AnswerError):
    """A batch line, history or patient value has the wrong form."""


class RecordError(AnswerError):
    """The audit record could not be written; the answer stays unshown."""


class SettingsError(AnswerError):
    """A setting has a value that can't be used."""
