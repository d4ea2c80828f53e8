"""A private, verified copy of a store's files, for one reader.

Chroma writes to its files even when it only reads them, and a corrupt byte in its graph
ends the whole process. So a reader never opens the files of a finished index: it copies
them, compares their hash, and opens the copy. The finished index stays as it was written,
may be read-only, and no two processes ever share a database.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from index.errors import IndexDamaged, IndexNotOpened

PREFIX = "guideline-index-"
ROOM_BYTES = 4 * 1024 * 1024
"""Left free beside the copy: Chroma writes when it opens, and a full disk looks like damage."""
_LOCK = "lock"
_FILES = "files"


class PrivateCopy:
    """A temporary folder of this process; ``close``, or the end of the process, removes it."""

    def __init__(self) -> None:
        self._holder, self._lock = _new_holder()
        while not (Path(self._holder.name) / _LOCK).exists():
            # Another process took it for abandoned just before it was locked.
            os.close(self._lock)
            self._holder, self._lock = _new_holder()
        self.folder = Path(self._holder.name) / _FILES

    def close(self) -> None:
        """Remove the copy."""
        if self._lock >= 0:
            os.close(self._lock)
            self._lock = -1
        self._holder.cleanup()


def copy_checked(source: Path, expected_sha256: str) -> PrivateCopy:
    """A copy of the files below ``source``.

    Raises IndexDamaged when they are not those of the hash, IndexNotOpened when there is
    no room for a copy.
    """
    _remove_abandoned()
    copy = None
    try:
        copy = PrivateCopy()
        shutil.copytree(source, copy.folder)
        found = tree_sha256(copy.folder)
        if shutil.disk_usage(copy.folder).free < ROOM_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    except OSError as error:  # shutil.Error is one, too
        if copy is not None:
            copy.close()
        if not source.is_dir():
            raise IndexDamaged(source.parent, f"{source.name} is missing.") from error
        raise IndexNotOpened(source.parent, Path(tempfile.gettempdir()), _reason(error)) from error
    if found != expected_sha256:
        copy.close()
        raise IndexDamaged(source.parent, f"the files in {source.name} have been altered.")
    return copy


def tree_sha256(folder: Path) -> str:
    """Hex SHA-256 over the name and content of every file below ``folder``."""
    lines = []
    for path in sorted(p for p in folder.rglob("*") if not p.is_dir()):
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").hexdigest()
        lines.append(f"{content} {path.relative_to(folder).as_posix()}")
    return hashlib.sha256("\n".join(lines).encode("utf-8")).hexdigest()


def _new_holder() -> tuple[tempfile.TemporaryDirectory[str], int]:
    """A temporary folder and its lock: whoever else gets the lock knows the owner is gone."""
    holder = tempfile.TemporaryDirectory(prefix=PREFIX, ignore_cleanup_errors=True)
    lock = os.open(Path(holder.name) / _LOCK, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(lock, fcntl.LOCK_EX)
    return holder, lock


def _remove_abandoned() -> None:
    """Remove the copies of processes that were killed."""
    for holder in _own_copies():
        try:
            descriptor = os.open(holder / _LOCK, os.O_RDWR)
        except OSError:
            continue  # being made, or being removed
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            continue  # in use
        else:
            shutil.rmtree(holder, ignore_errors=True)
        finally:
            os.close(descriptor)


def _own_copies() -> Iterator[Path]:
    for path in Path(tempfile.gettempdir()).glob(PREFIX + "*"):
        try:
            status = path.lstat()
        except OSError:
            continue
        if path.is_dir() and not path.is_symlink() and status.st_uid == os.getuid():
            yield path


def _reason(error: OSError) -> str:
    if isinstance(error, shutil.Error) and error.args:
        # A list of (source, target, "[Errno 28] No space left on device: ...").
        match = re.search(r"\[Errno \d+\] ([^:'\"]+)", str(error))
        return match.group(1) if match else str(error)
    return error.strerror or str(error)
