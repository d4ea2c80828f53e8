"""What other processes see of a build: the old index or the new one, nothing between."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from index import layout
from index.build import build_index
from index.copy import PREFIX
from index.errors import IndexLocked
from index.hashing import HashingEmbedder
from index.open import open_index
from index.stores import Kind
from tests.builders_index import a_library_of

REPOSITORY = Path(__file__).parents[2]
EMBEDDER = HashingEmbedder(32)
DEADLINE_S = 60

BUILDER = """
import os, signal, sys
from pathlib import Path
from corpus.library import load_library
from index import build, layout
from index.hashing import HashingEmbedder

def die(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)

root, folder, store, step = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], sys.argv[4]
if step == "while embedding":
    HashingEmbedder.embed = die
elif step == "while writing vectors":
    build.tree_sha256 = die
elif step == "before the card":
    layout.write_card = die
elif step == "inside the card":
    real = layout.write_file
    def half(path, text):
        if path.name == "card.json":
            path.write_text(text[:50]); die()
        real(path, text)
    layout.write_file = half
elif step == "before the rename":
    layout.sync_tree = die
elif step == "before the pointer":
    layout.point_to = die
elif step == "inside the pointer":
    Path.replace = die
elif step == "before the clearing":
    build._remove_old = die
build.build_index(load_library(folder), HashingEmbedder(32), root, store=store)
print("built")
"""
UNPUBLISHED = (
    "while embedding",
    "while writing vectors",
    "before the card",
    "inside the card",
    "before the rename",
    "before the pointer",
    "inside the pointer",
)

READER = """
import sys
from pathlib import Path
from corpus.library import load_library
from index.errors import StaleIndex
from index.hashing import HashingEmbedder
from index.open import open_index

root, old, new, stop = Path(sys.argv[1]), *map(load_library, map(Path, sys.argv[2:4])), sys.argv[4]
held = open_index(root, old, HashingEmbedder(32))
before = held.search("platelets", 5)
print("ready", flush=True)
seen = []
while True:
    last = Path(stop).exists()
    try:
        index, name = open_index(root, old, HashingEmbedder(32)), "old"
    except StaleIndex:
        index, name = open_index(root, new, HashingEmbedder(32)), "new"
    word = "measure" if name == "old" else "repeat"
    assert all(word in hit.passage.text for hit in index.search("platelets", 5))
    index.close()
    seen.append(name)
    assert held.search("platelets", 5) == before
    if last:
        break
print(" ".join(seen), flush=True)
"""


def start(code: str, *arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("store", "step"),
    [
        *(("memory", step) for step in UNPUBLISHED),
        ("chroma", "while writing vectors"),
        ("chroma", "before the rename"),
    ],
)
def test_a_build_killed_at_any_step_leaves_the_old_index_and_the_next_one_succeeds(
    tmp_path: Path, store: Kind, step: str
) -> None:
    root = tmp_path / "root"
    old = a_library_of(tmp_path / "old", 20)
    new = a_library_of(tmp_path / "new", 25, word="repeat")
    build_index(old, EMBEDDER, root, store=store)

    killed = start(BUILDER, root, tmp_path / "new", store, step)
    killed.communicate(timeout=DEADLINE_S)

    assert killed.returncode == -signal.SIGKILL
    open_index(root, old, EMBEDDER).close()
    build_index(new, EMBEDDER, root, store=store)
    open_index(root, new, EMBEDDER).close()
    assert not list(root.glob(".building-*"))
    assert not (root / "CURRENT.tmp").exists()


def test_a_build_killed_after_publishing_serves_the_new_index(tmp_path: Path) -> None:
    root = tmp_path / "root"
    build_index(a_library_of(tmp_path / "old", 20), EMBEDDER, root, store="memory")
    new = a_library_of(tmp_path / "new", 25, word="repeat")

    killed = start(BUILDER, root, tmp_path / "new", "memory", "before the clearing")
    killed.communicate(timeout=DEADLINE_S)

    assert killed.returncode == -signal.SIGKILL
    open_index(root, new, EMBEDDER).close()


def test_the_first_build_killed_leaves_no_index_rather_than_half_of_one(tmp_path: Path) -> None:
    library = a_library_of(tmp_path / "new", 20)

    killed = start(BUILDER, tmp_path / "root", tmp_path / "new", "memory", "before the rename")
    killed.communicate(timeout=DEADLINE_S)

    assert not (tmp_path / "root" / "CURRENT").exists()
    assert layout.finished_folders(tmp_path / "root") == []
    assert build_index(library, EMBEDDER, tmp_path / "root", store="memory").changed


def test_readers_see_the_old_index_then_the_new_one_and_nothing_else(tmp_path: Path) -> None:
    root, stop = tmp_path / "root", tmp_path / "stop"
    build_index(a_library_of(tmp_path / "old", 40), EMBEDDER, root)
    new = a_library_of(tmp_path / "new", 60, word="repeat")
    reader = start(READER, root, tmp_path / "old", tmp_path / "new", stop)
    assert reader.stdout is not None
    assert reader.stdout.readline().strip() == "ready"

    build_index(new, EMBEDDER, root)
    stop.touch()
    output, errors = reader.communicate(timeout=DEADLINE_S)

    assert reader.returncode == 0, errors
    seen = output.split()
    assert seen[-1] == "new"
    assert seen == sorted(seen, reverse=True)  # never back to the old one


def test_another_process_that_builds_is_named_and_its_death_frees_the_lock(
    tmp_path: Path,
) -> None:
    library = a_library_of(tmp_path / "library", 12)
    root = tmp_path / "root"
    root.mkdir()
    holder = start(
        """
        import sys, time
        from pathlib import Path
        from index.layout import writer_lock
        with writer_lock(Path(sys.argv[1])):
            print("locked", flush=True)
            time.sleep(600)
        """,
        root,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline().strip() == "locked"

    with pytest.raises(IndexLocked, match=f"process {holder.pid}"):
        build_index(library, EMBEDDER, root, store="memory")
    holder.kill()
    holder.communicate(timeout=DEADLINE_S)

    assert build_index(library, EMBEDDER, root, store="memory").changed


def test_the_copy_of_a_killed_reader_is_removed_by_the_next_and_a_live_one_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    library = a_library_of(tmp_path / "library", 12)
    build_index(library, EMBEDDER, tmp_path / "root", store="memory")
    code = """
        import sys, time
        from pathlib import Path
        from corpus.library import load_library
        from index.hashing import HashingEmbedder
        from index.open import open_index
        index = open_index(Path(sys.argv[1]), load_library(Path(sys.argv[2])), HashingEmbedder(32))
        print("open", flush=True)
        time.sleep(600)
        """
    reader = start(code, tmp_path / "root", tmp_path / "library")
    assert reader.stdout is not None
    assert reader.stdout.readline().strip() == "open"
    (theirs,) = temporary.glob(PREFIX + "*")

    open_index(tmp_path / "root", library, EMBEDDER).close()
    assert theirs.exists()
    reader.kill()
    reader.communicate(timeout=DEADLINE_S)
    assert theirs.exists()
    open_index(tmp_path / "root", library, EMBEDDER).close()

    assert not theirs.exists()


def test_two_builders_at_once_leave_one_sound_index(tmp_path: Path) -> None:
    root = tmp_path / "root"
    library = a_library_of(tmp_path / "library", 40)

    builders = [start(BUILDER, root, tmp_path / "library", "memory", "none") for _ in range(4)]
    outcomes = [builder.communicate(timeout=DEADLINE_S) for builder in builders]

    assert any("built" in output for output, _ in outcomes)
    assert all("built" in output or "IndexLocked" in errors for output, errors in outcomes)
    assert len(layout.finished_folders(root)) == 1
    open_index(root, library, EMBEDDER).close()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to become somebody else")
def test_a_root_that_may_not_be_written_is_named(tmp_path: Path) -> None:
    # A real permission: the child gives up its rights after everything is imported.
    library = a_library_of(tmp_path / "library", 12)
    root = tmp_path / "root"
    build_index(library, EMBEDDER, root, store="memory")
    other = a_library_of(tmp_path / "other", 15)
    code = """
        import os, sys
        from pathlib import Path
        from corpus.library import load_library
        from index import build
        from index.errors import IndexNotWritable
        from index.hashing import HashingEmbedder
        library = load_library(Path(sys.argv[2]))
        library.passages
        os.chdir(Path(sys.argv[1]).parent)
        os.seteuid(65534)
        try:
            build.build_index(library, HashingEmbedder(32), Path("root"), store="memory")
        except IndexNotWritable as error:
            print(error)
        """
    for path in (root, *root.parents):
        if path == Path("/tmp"):
            break
        path.chmod(0o755)
    done = start(code, root, tmp_path / "other")
    output, errors = done.communicate(timeout=DEADLINE_S)

    assert "can't be written to root: Permission denied" in output, errors
    assert other.passages
    open_index(root, library, EMBEDDER).close()
