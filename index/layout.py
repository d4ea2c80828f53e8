"""The folder that holds the indexes: names, card, pointer, lock.

    root/
      CURRENT                     the name of the folder that serves
      .lock                       held by the one process that builds
      .building-<pid>-<random>/   a build under way; readers never look at it
      3f1c…/                      one finished index, named by its fingerprint
        passages.jsonl            what was indexed, one passage a line
        store/                    the vectors
        card.json                 written last

A finished folder is never changed. CURRENT is replaced whole, so that a reader sees the
old index or the new one.
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path

from corpus.library import Library
from index.errors import IndexDamaged, IndexLocked, IndexMissing, IndexNotWritable
from index.model import IndexCard, indexed_text

POINTER = "CURRENT"
LOCK = ".lock"
BUILDING = ".building-"
CARD = "card.json"
PASSAGES = "passages.jsonl"
STORE = "store"

_NAME = re.compile(r"[0-9a-f]{16}(?:-[0-9]+)?")


def current_folder(root: Path) -> Path:
    """The folder that serves; IndexMissing or IndexDamaged when there is none."""
    try:
        name = (root / POINTER).read_bytes().decode("ascii").strip()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexMissing(root) from None
    except (OSError, UnicodeDecodeError) as error:
        raise IndexDamaged(root, f"{POINTER} can't be read ({error}).") from error
    if not _NAME.fullmatch(name):
        raise IndexDamaged(root, f"{POINTER} does not hold the name of an index.")
    if not (root / name).is_dir():
        raise IndexDamaged(root, f"{POINTER} names {name}, which is not there.")
    return root / name


def point_to(root: Path, folder: Path) -> None:
    """Make ``folder`` the one that serves, in one step that can't be seen half done."""
    draft = root / (POINTER + ".tmp")
    write_file(draft, folder.name + "\n")
    draft.replace(root / POINTER)
    sync(root)


def finished_folders(root: Path) -> list[Path]:
    """Every finished index, oldest first."""
    found = [p for p in root.iterdir() if p.is_dir() and _NAME.fullmatch(p.name)]
    return sorted(found, key=lambda p: (p.stat().st_mtime_ns, p.name))


def free_name(root: Path, fingerprint: str) -> Path:
    """The folder for a new index; a damaged one of the same fingerprint keeps its name."""
    folder = root / fingerprint[:16]
    number = 2
    while folder.exists():
        folder = root / f"{fingerprint[:16]}-{number}"
        number += 1
    return folder


def remove_leftovers(root: Path) -> None:
    """Remove what killed builds left; only for who holds the lock."""
    for path in root.glob(BUILDING + "*"):
        shutil.rmtree(path)
    (root / (POINTER + ".tmp")).unlink(missing_ok=True)


def read_card(folder: Path) -> IndexCard:
    """What the index in ``folder`` was built from; IndexDamaged when it can't be read."""
    try:
        raw = json.loads((folder / CARD).read_bytes().decode("utf-8"))
        names = {field.name: field.type for field in fields(IndexCard)}
        if not isinstance(raw, dict) or set(raw) != set(names):
            raise ValueError("its entries are not those of a card")
        for name, type_name in names.items():
            if type(raw[name]).__name__ != type_name:
                raise ValueError(f"'{name}' is not of type {type_name}")
        return IndexCard(**raw)
    except FileNotFoundError:
        raise IndexDamaged(folder, f"{CARD} is missing.") from None
    except (OSError, ValueError) as error:
        raise IndexDamaged(folder, f"{CARD} can't be read ({error}).") from error


def write_card(folder: Path, card: IndexCard) -> None:
    """Write the card: the last file of a build."""
    write_file(folder / CARD, json.dumps(asdict(card), indent=2, sort_keys=True) + "\n")


def passage_lines(library: Library) -> str:
    """What is written of the passages: one JSON line each, in their order."""
    return "".join(
        json.dumps(
            {
                "id": p.id,
                "sha256": p.sha256,
                "text": indexed_text(p),
                "asked": library.asked.get(p.id, ()),
            },
            ensure_ascii=False,
        )
        + "\n"
        for p in library.passages.values()
    )


def write_file(path: Path, text: str) -> None:
    """Write a whole file and wait until the disk has it."""
    with path.open("w", encoding="utf-8", newline="\n") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def sync_tree(folder: Path) -> None:
    """Wait until the disk has every file below ``folder``."""
    for path in sorted(folder.rglob("*")):
        sync(path)
    sync(folder)


def sync(path: Path) -> None:
    """Wait until the disk has this file, or the names in this folder."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def writing(root: Path) -> Iterator[None]:
    """Turns what the disk refuses into IndexNotWritable."""
    try:
        yield
    except IndexNotWritable as error:
        raise IndexNotWritable(root, error.reason) from error
    except OSError as error:
        raise IndexNotWritable(root, error.strerror or str(error)) from error


@contextmanager
def writer_lock(root: Path) -> Iterator[None]:
    """Hold the right to build; IndexLocked when another process has it.

    The system frees the lock when its holder ends, however it ends.
    """
    path = root / LOCK
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno not in (errno.EAGAIN, errno.EACCES):
                raise
            owner = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip()
            raise IndexLocked(path, owner) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode("ascii"), 0)
        yield
    finally:
        os.close(descriptor)
