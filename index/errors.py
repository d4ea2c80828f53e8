"""What can go wrong between a library and its index.

RetrievalError (a GuidelineError)
├── IndexUnusable            the folder can't be searched; building again helps
│   ├── IndexMissing         there is none
│   ├── StaleIndex           it was built from something else
│   └── IndexDamaged         its files are not what was written
├── IndexNotOpened           there is no room for a reader's own copy
├── IndexNotWritable         the disk is full, or the folder may not be written
├── IndexLocked              another process is building
├── EmptyLibrary             there is nothing to index
└── ModelUnusable            the embedding model can't be used
    ├── ModelMissing         a file of it is not there
    ├── ModelAltered         a file of it is not what it should be
    └── ModelRefused         it would run code, or is not in the safetensors format
"""

from __future__ import annotations

from pathlib import Path

from corpus.errors import GuidelineError

BUILD_COMMAND = "python -m assistant index"


class RetrievalError(GuidelineError):
    """Passages can't be found."""


class IndexUnusable(RetrievalError):
    """The index can't be searched until it is built again."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(f"{self._what(folder)} {reason} Build it again, run: {BUILD_COMMAND}")

    @staticmethod
    def _what(folder: Path) -> str:
        return f"The index in {folder} can't be used:"


class IndexMissing(IndexUnusable):
    """No index was built in this folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.reason = "there is none"
        RetrievalError.__init__(
            self, f"There is no index in {folder}. Build it, run: {BUILD_COMMAND}"
        )


class StaleIndex(IndexUnusable):
    """The index was built from another text, another model or by another code.

    ``part`` names what differs; ``expected`` is in use now, ``found`` is in the index.
    """

    def __init__(self, folder: Path, part: str, expected: object, found: object) -> None:
        self.part = part
        self.expected = expected
        self.found = found
        reason = f"{part} differs (in use {_short(expected)}, in the index {_short(found)})."
        super().__init__(folder, reason)

    @staticmethod
    def _what(folder: Path) -> str:
        return f"The index in {folder} is out of date:"


class IndexDamaged(IndexUnusable):
    """A file of the index is missing, cut short or altered."""

    @staticmethod
    def _what(folder: Path) -> str:
        return f"The index in {folder} is damaged:"


class IndexNotOpened(RetrievalError):
    """A sound index could not be opened, for want of room or rights in ``temporary``."""

    def __init__(self, folder: Path, temporary: Path, reason: str) -> None:
        self.folder = folder
        self.temporary = temporary
        self.reason = reason
        super().__init__(
            f"The index in {folder} can't be opened: it could not be copied to {temporary} "
            f"({reason}). Free some space there, or set TMPDIR to another folder."
        )


class IndexNotWritable(RetrievalError):
    """The index could not be written; what was there before still serves."""

    def __init__(self, folder: Path, reason: str) -> None:
        self.folder = folder
        self.reason = reason
        super().__init__(
            f"The index can't be written to {folder}: {reason}. Free some space or correct the "
            f"permissions, then run: {BUILD_COMMAND}. An index built before is unchanged."
        )


class IndexLocked(RetrievalError):
    """Another process is building an index in the same folder."""

    def __init__(self, lock: Path, owner: str) -> None:
        self.lock = lock
        self.owner = owner
        by = f" (process {owner})" if owner else ""
        super().__init__(
            f"Another build is running{by}: it holds the lock {lock}. Wait until it ends, then "
            f"run: {BUILD_COMMAND}"
        )


class EmptyLibrary(RetrievalError):
    """The library holds no passage."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(f"The library {folder} holds no statement to index. Add one.")


class ModelUnusable(RetrievalError):
    """The embedding model can't be used; ``path`` is its folder or file."""

    def __init__(self, path: Path, message: str) -> None:
        self.path = path
        super().__init__(message)


class ModelMissing(ModelUnusable):
    """The embedding model, or one of its files, is not there."""

    def __init__(self, path: Path, remedy: str) -> None:
        super().__init__(path, f"The embedding model is incomplete: {path} is missing. {remedy}")


class ModelAltered(ModelUnusable):
    """A file of the embedding model has not the content that it should have."""

    def __init__(self, path: Path, expected: str, found: str, remedy: str) -> None:
        self.expected = expected
        self.found = found
        super().__init__(
            path,
            f"The embedding model is not the one expected: {path} has been altered or cut short "
            f"(expected {_short(expected)}, found {_short(found)}). {remedy}",
        )


class ModelRefused(ModelUnusable):
    """The model folder would run code of its own, or is not in the safetensors format."""

    def __init__(self, path: Path, reason: str) -> None:
        self.reason = reason
        super().__init__(
            path,
            f"The embedding model is refused: {path} {reason}. Choose a plain "
            "sentence-transformers folder in the safetensors format.",
        )


def _short(value: object) -> str:
    """A hash cut to twelve digits; anything else in full."""
    text = str(value)
    if len(text) == 64 and all(c in "0123456789abcdef" for c in text):
        return text[:12]
    return text
