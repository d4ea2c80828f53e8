"""What a build promises, whatever the store: all or nothing, and the same twice."""

from __future__ import annotations

import errno
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from corpus.library import Library
from index import build, layout
from index.build import build_index
from index.errors import (
    EmptyLibrary,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexNotOpened,
    IndexNotWritable,
    IndexUnusable,
    StaleIndex,
)
from index.hashing import HashingEmbedder
from index.open import is_current, open_index
from index.stores import KINDS, Kind
from tests.builders_index import a_library_of

EMBEDDER = HashingEmbedder(32)


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> Kind:
    value: Kind = request.param
    return value


@pytest.fixture
def library(tmp_path: Path) -> Library:
    return a_library_of(tmp_path / "library", 40)


@pytest.fixture
def other(tmp_path: Path) -> Library:
    return a_library_of(tmp_path / "other", 50, word="repeat")


def snapshot(root: Path) -> dict[str, tuple[int, bytes]]:
    """Every file below root but the lock: when it was written, and its bytes."""
    return {
        str(path.relative_to(root)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in root.rglob("*")
        if path.is_file() and path.name != layout.LOCK
    }


def answers(root: Path, library: Library) -> list[tuple[str, float]]:
    index = open_index(root, library, EMBEDDER)
    hits = index.search("ferritin in children weekly", 10)
    index.close()
    return [(hit.passage.id, hit.score) for hit in hits]


def test_what_was_built_can_be_searched(kind: Kind, tmp_path: Path, library: Library) -> None:
    built = build_index(library, EMBEDDER, tmp_path / "root", store=kind)

    index = open_index(tmp_path / "root", library, EMBEDDER)
    wanted = list(library.passages.values())[12]
    hits = index.search(wanted.text, 5)
    index.close()

    assert built.changed
    assert [hit.rank for hit in hits] == [1, 2, 3, 4, 5]
    assert hits[0].passage is wanted


def test_the_card_says_what_the_index_was_built_from(
    kind: Kind, tmp_path: Path, library: Library
) -> None:
    built = build_index(
        library, EMBEDDER, tmp_path, store=kind, built_at="2025-01-31T12:00:00Z", code="abc123"
    )

    card = json.loads((built.folder / "card.json").read_text(encoding="utf-8"))
    assert card["corpus"] == library.fingerprint
    assert (card["library_id"], card["passages"]) == ("examplitis", 40)
    assert (card["model"], card["dim"], card["store"]) == (EMBEDDER.name, 32, kind)
    assert (card["built_at"], card["code"]) == ("2025-01-31T12:00:00Z", "abc123")
    assert built.folder.name == built.card.fingerprint[:16]


def test_building_twice_changes_no_file(kind: Kind, tmp_path: Path, library: Library) -> None:
    first = build_index(library, EMBEDDER, tmp_path / "root", store=kind)
    before = snapshot(tmp_path / "root")

    second = build_index(library, EMBEDDER, tmp_path / "root", store=kind, built_at="later")

    assert not second.changed
    assert second.card == first.card
    assert snapshot(tmp_path / "root") == before


def test_reading_changes_no_file(kind: Kind, tmp_path: Path, library: Library) -> None:
    build_index(library, EMBEDDER, tmp_path / "root", store=kind)
    before = snapshot(tmp_path / "root")

    answers(tmp_path / "root", library)

    assert snapshot(tmp_path / "root") == before


def test_two_builds_of_one_library_answer_alike(
    kind: Kind, tmp_path: Path, library: Library
) -> None:
    for name in ("one", "two"):
        build_index(library, EMBEDDER, tmp_path / name, store=kind)

    assert answers(tmp_path / "one", library) == answers(tmp_path / "two", library)


def test_progress_ends_with_every_passage(tmp_path: Path, library: Library) -> None:
    seen: list[tuple[int, int]] = []

    build_index(
        library, EMBEDDER, tmp_path, store="memory", progress=lambda *done: seen.append(done)
    )

    assert seen[-1] == (40, 40)
    assert seen == sorted(seen)


def test_an_index_open_in_this_process_outlives_its_successors(
    kind: Kind, tmp_path: Path, library: Library, other: Library
) -> None:
    root = tmp_path / "root"
    build_index(library, EMBEDDER, root, store=kind)
    held = open_index(root, library, EMBEDDER)
    before = held.search("platelets", 5)

    for number in range(4):
        build_index(a_library_of(tmp_path / str(number), 5 + number), EMBEDDER, root, store=kind)
    build_index(other, EMBEDDER, root, store=kind)
    new = open_index(root, other, EMBEDDER)

    assert held.search("platelets", 5) == before
    assert all("repeat" in hit.passage.text for hit in new.search("platelets", 5))
    held.close()
    assert len(new.search("platelets", 5)) == 5
    new.close()


def test_only_the_serving_index_and_the_one_before_are_kept(tmp_path: Path) -> None:
    for number in range(5):
        library = a_library_of(tmp_path / str(number), 5 + number)
        build_index(library, EMBEDDER, tmp_path / "root", store="memory")

    assert len(layout.finished_folders(tmp_path / "root")) == build.KEPT
    assert answers(tmp_path / "root", library)


def test_going_back_to_the_library_before_builds_nothing(
    tmp_path: Path, library: Library, other: Library
) -> None:
    first = build_index(library, EMBEDDER, tmp_path / "root", store="memory")
    build_index(other, EMBEDDER, tmp_path / "root", store="memory")
    seen: list[int] = []

    again = build_index(
        library, EMBEDDER, tmp_path / "root", store="memory", progress=lambda n, _: seen.append(n)
    )

    assert not seen
    assert (again.folder, again.changed) == (first.folder, True)
    assert answers(tmp_path / "root", library)


def test_without_an_index_the_message_says_how_to_build_one(
    tmp_path: Path, library: Library
) -> None:
    with pytest.raises(IndexMissing, match="python -m assistant index") as caught:
        open_index(tmp_path / "nowhere", library, EMBEDDER)

    assert str(tmp_path / "nowhere") in str(caught.value)
    assert not (tmp_path / "nowhere").exists()


def test_another_text_makes_the_index_stale(
    kind: Kind, tmp_path: Path, library: Library, other: Library
) -> None:
    build_index(library, EMBEDDER, tmp_path / "root", store=kind)

    with pytest.raises(StaleIndex, match=r"the text of the library.*python -m assistant index"):
        open_index(tmp_path / "root", other, EMBEDDER)


def test_another_model_makes_the_index_stale(tmp_path: Path, library: Library) -> None:
    build_index(library, EMBEDDER, tmp_path / "root", store="memory")

    with pytest.raises(StaleIndex, match=r"the embedding model.*hashed-words-64.*hashed-words-32"):
        open_index(tmp_path / "root", library, HashingEmbedder(64))


def test_another_splitter_makes_the_index_stale(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(library, EMBEDDER, tmp_path / "root", store="memory")
    monkeypatch.setattr("index.open.SPLITTER", "statement/next")

    with pytest.raises(StaleIndex, match="the way the text is split"):
        open_index(tmp_path / "root", library, EMBEDDER)


def test_text_that_would_be_indexed_otherwise_makes_the_index_stale(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(library, EMBEDDER, tmp_path / "root", store="memory")
    monkeypatch.setattr(layout, "indexed_text", lambda passage: passage.text)

    with pytest.raises(StaleIndex, match="the text that is indexed"):
        open_index(tmp_path / "root", library, EMBEDDER)


def test_is_current_only_for_exactly_these_parts(
    tmp_path: Path, library: Library, other: Library
) -> None:
    root = tmp_path / "root"

    assert not is_current(root, library, EMBEDDER.name)
    build_index(library, EMBEDDER, root, store="memory")

    assert is_current(root, library, EMBEDDER.name, "memory")
    assert not is_current(root, library, EMBEDDER.name, "chroma")
    assert not is_current(root, library, "another model", "memory")
    assert not is_current(root, other, EMBEDDER.name, "memory")
    (root / "CURRENT").write_text("0123456789abcdef\n", encoding="ascii")
    assert not is_current(root, library, EMBEDDER.name, "memory")


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def alter(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def remove(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize("harm", [truncate, alter, remove])
@pytest.mark.parametrize("target", ["passages.jsonl", "card.json", "store"])
def test_a_harmed_file_is_reported_and_the_next_build_repairs_it(
    kind: Kind, tmp_path: Path, library: Library, harm: Callable[[Path], None], target: str
) -> None:
    root = tmp_path / "root"
    folder = build_index(library, EMBEDDER, root, store=kind).folder
    before = answers(root, library)
    path = folder / target
    if path.is_dir():  # the largest file of the store
        path = max((p for p in path.rglob("*") if p.is_file()), key=lambda p: p.stat().st_size)
    harm(path)

    with pytest.raises(IndexUnusable, match="python -m assistant index"):
        open_index(root, library, EMBEDDER)
    repaired = build_index(library, EMBEDDER, root, store=kind)

    assert repaired.changed
    assert answers(root, library) == before


def test_any_harmed_file_of_a_large_chroma_store_is_reported(tmp_path: Path) -> None:
    library = a_library_of(tmp_path / "library", 1100)  # enough for every file of Chroma
    root = tmp_path / "root"
    folder = build_index(library, EMBEDDER, root).folder
    files = [p for p in (folder / "store").rglob("*") if p.is_file() and p.stat().st_size]
    assert len(files) >= 5

    for path in files:
        whole = path.read_bytes()
        alter(path)
        with pytest.raises(IndexDamaged, match="altered"):
            open_index(root, library, EMBEDDER)
        path.write_bytes(whole)

    assert answers(root, library)


@pytest.mark.parametrize(
    "content", ["", "0123456789abcdef\n", "../elsewhere\n", "/etc\n", "ÿ", "\0" * 16]
)
def test_a_pointer_to_nowhere_is_reported_and_repaired(
    tmp_path: Path, library: Library, content: str
) -> None:
    root = tmp_path / "root"
    build_index(library, EMBEDDER, root, store="memory")
    (root / "CURRENT").write_text(content, encoding="utf-8")

    with pytest.raises(IndexDamaged, match="CURRENT"):
        open_index(root, library, EMBEDDER)
    build_index(library, EMBEDDER, root, store="memory")

    assert answers(root, library)


def test_an_altered_card_can_not_pass_off_one_index_as_another(
    tmp_path: Path, library: Library, other: Library
) -> None:
    root = tmp_path / "root"
    first = build_index(library, EMBEDDER, root, store="memory")
    second = build_index(other, EMBEDDER, root, store="memory")
    (second.folder / "card.json").write_bytes((first.folder / "card.json").read_bytes())

    with pytest.raises(IndexDamaged):
        open_index(root, library, EMBEDDER)


def test_a_library_without_statements_is_not_indexed(tmp_path: Path, library: Library) -> None:
    empty = Library(
        library.folder, library.vocabulary, library.bibliography, library.drugs, documents={}
    )

    with pytest.raises(EmptyLibrary, match="no statement"):
        build_index(empty, EMBEDDER, tmp_path / "root")


def test_a_second_builder_is_told_who_holds_the_lock(tmp_path: Path, library: Library) -> None:
    root = tmp_path / "root"
    root.mkdir()

    with layout.writer_lock(root), pytest.raises(IndexLocked) as caught:
        build_index(library, EMBEDDER, root, store="memory")

    assert str(root / ".lock") in str(caught.value)
    assert f"process {os.getpid()}" in str(caught.value)
    build_index(library, EMBEDDER, root, store="memory")


def refusing(error: int) -> Callable[..., None]:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(error, os.strerror(error))

    return refuse


@pytest.mark.parametrize("error", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT])
@pytest.mark.parametrize(
    "step", ["write_file", "write_card", "sync_tree", "point_to"], ids=lambda step: step
)
def test_a_disk_that_refuses_leaves_the_old_index_and_nothing_half_written(
    tmp_path: Path,
    library: Library,
    other: Library,
    monkeypatch: pytest.MonkeyPatch,
    step: str,
    error: int,
) -> None:
    # Simulated: these tests may run as root, whom no permission stops.
    root = tmp_path / "root"
    build_index(library, EMBEDDER, root, store="memory")
    before = answers(root, library)

    with monkeypatch.context() as patched:
        patched.setattr(layout, step, refusing(error))
        with pytest.raises(IndexNotWritable, match=os.strerror(error)) as caught:
            build_index(other, EMBEDDER, root, store="memory")

    assert str(root) in str(caught.value)
    assert answers(root, library) == before
    assert not list(root.glob(".building-*"))
    build_index(other, EMBEDDER, root, store="memory")
    assert answers(root, other)


def test_a_store_that_fails_midway_leaves_the_old_index(
    kind: Kind, tmp_path: Path, library: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    build_index(library, EMBEDDER, root, store=kind)
    before = answers(root, library)

    with monkeypatch.context() as patched:
        patched.setattr("index.memory.MemoryStore.close", refusing(errno.ENOSPC))
        patched.setattr("index.chroma.ChromaStore.add", refusing(errno.ENOSPC))
        with pytest.raises(IndexNotWritable):
            build_index(other, EMBEDDER, root, store=kind)

    assert not list(root.glob(".building-*"))
    assert answers(root, library) == before


def test_no_room_for_the_readers_copy_is_said_and_is_not_called_damage(
    tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(library, EMBEDDER, tmp_path / "root", store="memory")

    with monkeypatch.context() as patched:
        patched.setattr("index.copy.shutil.copytree", refusing(errno.ENOSPC))
        with pytest.raises(IndexNotOpened, match=r"No space left.*TMPDIR"):
            open_index(tmp_path / "root", library, EMBEDDER)

    assert answers(tmp_path / "root", library)


@pytest.fixture(params=["200k", "400k", "500k"])
def small_disk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Path]:
    """A real disk that is soon full; each size fails at another step of Chroma's writing."""
    folder = tmp_path / "disk"
    folder.mkdir()
    size = f"size={request.param}"
    mount = shutil.which("mount")
    if (
        mount is None
        or subprocess.run(
            [mount, "-t", "tmpfs", "-o", size, "tmpfs", str(folder)],
            capture_output=True,
            check=False,
        ).returncode
    ):
        pytest.skip("no right to mount a small disk here")
    yield folder
    subprocess.run(["umount", str(folder)], check=True)


def test_a_disk_that_is_really_full_is_said_and_leaves_nothing(
    tmp_path: Path, small_disk: Path
) -> None:
    library = a_library_of(tmp_path / "large", 300)

    with pytest.raises(IndexNotWritable, match="Free some space") as caught:
        build_index(library, HashingEmbedder(64), small_disk / "root")

    assert caught.value.folder == small_disk / "root"
    assert [path.name for path in (small_disk / "root").iterdir()] == [layout.LOCK]


def test_a_full_disk_for_the_readers_copy_is_said_and_leaves_nothing(
    kind: Kind, tmp_path: Path, library: Library, small_disk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    build_index(library, EMBEDDER, tmp_path / "root", store=kind)
    monkeypatch.setattr("tempfile.tempdir", str(small_disk))

    with pytest.raises(IndexNotOpened, match=r"No space left.*TMPDIR"):
        open_index(tmp_path / "root", library, EMBEDDER)

    assert list(small_disk.iterdir()) == []


def test_vectors_that_come_back_changed_are_never_published(
    tmp_path: Path, library: Library, other: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    build_index(library, EMBEDDER, root, store="memory")

    with monkeypatch.context() as patched:
        patched.setattr("index.build.same", lambda left, right: False)
        with pytest.raises(IndexDamaged, match="read back"):
            build_index(other, EMBEDDER, root, store="memory")

    assert answers(root, library)


def test_closing_an_index_removes_its_private_copy(
    kind: Kind, tmp_path: Path, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    build_index(library, EMBEDDER, tmp_path / "root", store=kind)
    assert list(temporary.iterdir()) == []

    index = open_index(tmp_path / "root", library, EMBEDDER)
    assert len(list(temporary.iterdir())) == 1
    index.close()

    assert list(temporary.iterdir()) == []
