"""Observing: what stands at every path that counts, whose entry holds, and nothing changed by looking."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assetgen.digest import Digest, StepKey, digest_of
from assetgen.lock.document import Lock, Orphan
from assetgen.lock.entry import Entry
from assetgen.lock.writing import entry_digest, entry_json
from assetgen.manifest.recipe import LoadedManifest, OutputPath, Recipe
from assetgen.plan.world import MISSING, FileFact, StoredMaster, Take, World, WrittenOutput
from assetgen.store.blobs import Blobs
from assetgen.store.entries import Remembered
from assetgen.store.folder import open_store, state_path
from assetgen.store.observe import SETTLED_NS, Observation, effective_entries, fact_of, observe
from assetgen.store.state import State
from assetgen.store.stats import FileStat
from tests.support import worlds
from tests.support.locks import entry
from tests.support.mounts import read_only

COIN = OutputPath("output/coin.png")
DATA = b"a coin"
DIGEST = digest_of(DATA)
KEY = StepKey(digest_of(b"key"))
NOW = 2_000_000_000 * 10**9
"""Later than anything that a test writes, so that every stat recorded then is settled."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    open_store(tmp_path)
    (tmp_path / "output").mkdir()
    return tmp_path


@pytest.fixture
def state(root: Path) -> Iterator[State]:
    with State.open(state_path(root)) as opened:
        yield opened


def manifest(root: Path, *recipes: Recipe) -> LoadedManifest:
    return LoadedManifest(
        path=root / "manifests" / "app.yaml",
        shown="app.yaml",
        root=root,
        lock_path=root / "manifests" / "app.lock",
        output=OutputPath("output"),
        publish=(),
        budget=None,
        tuning={},
        recipes=recipes,
        sources=(),
    )


def observed(root: Path, state: State | None = None, lock: Lock | None = None, now_ns: int = NOW) -> Observation:
    asset = worlds.recipe(outputs=(worlds.output(COIN),))
    return observe(manifest(root, asset), lock or Lock(), state, Blobs(root), loopback=False, now_ns=now_ns)


# --- which entry holds (rule 3) ------------------------------------------------------------------------------------

OLD, NEW, FOREIGN = entry("old"), entry("new"), entry("someone else's")


def remembered(made: Entry, base: Entry | None) -> Remembered:
    return Remembered(entry_json(made).decode(), entry_digest(made), entry_digest(base) if base else None)


@pytest.mark.parametrize(
    ("in_file", "ours", "base", "holds", "unrecorded"),
    [
        (None, NEW, None, NEW, True),  # killed before the first flush
        (None, NEW, OLD, NEW, True),  # the lock was deleted, or the entry taken out of it
        (None, NEW, NEW, NEW, True),
        (NEW, NEW, None, NEW, False),  # killed between flush and noting it
        (NEW, NEW, OLD, NEW, False),
        (NEW, NEW, NEW, NEW, False),
        (OLD, NEW, OLD, NEW, True),  # killed before this flush
        (OLD, NEW, NEW, OLD, False),  # the lock was taken back to an earlier state on purpose
        (OLD, NEW, None, OLD, False),  # an entry came into the file that we did not know of
        (FOREIGN, NEW, OLD, FOREIGN, False),  # somebody else's build was merged
        (FOREIGN, NEW, NEW, FOREIGN, False),
    ],
)
def test_the_lock_wins_except_over_what_never_reached_it(
    in_file: Entry | None, ours: Entry, base: Entry | None, holds: Entry, unrecorded: bool
) -> None:
    lock = Lock(assets={"coin": in_file} if in_file else {})
    entries, names = effective_entries(lock, {"coin": remembered(ours, base)})
    assert entries == {"coin": holds}
    assert names == ({"coin"} if unrecorded else set())


def test_an_entry_that_only_the_lock_knows_is_recorded() -> None:
    assert effective_entries(Lock(assets={"coin": OLD}), {}) == ({"coin": OLD}, frozenset())


def test_an_entry_of_another_branch_does_not_come_back(root: Path, state: State) -> None:
    for name in ("coin", "removed", "old-coin", "never-flushed"):
        state.entries.remember("manifests/app.lock", name, entry(name), None)
    state.entries.flushed(
        "manifests/app.lock", {name: entry_digest(entry(name)) for name in ("coin", "removed", "old-coin")}
    )
    recipe = worlds.recipe("coin", moved_from="old-coin")
    seen = observe(manifest(root, recipe), Lock(), state, Blobs(root), loopback=False, now_ns=NOW).world
    assert set(seen.entries) == seen.unrecorded == {"coin", "old-coin", "never-flushed"}


def test_an_entry_of_somebody_else_in_the_lock_stays_when_we_write_it_again(root: Path, state: State) -> None:
    state.entries.remember("manifests/app.lock", "coin", NEW, None)
    state.entries.flushed("manifests/app.lock", {"coin": entry_digest(NEW)})
    state.entries.flushed("manifests/app.lock", {"coin": entry_digest(FOREIGN)})
    assert observed(root, state, Lock(assets={"coin": FOREIGN})).world.entries == {"coin": FOREIGN}


# --- what stands at a path -----------------------------------------------------------------------------------------


def nothing(path: Path) -> None:
    pass


def no_folder(path: Path) -> None:
    path.parent.rmdir()


def file(path: Path) -> None:
    path.write_bytes(DATA)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def large(path: Path) -> None:
    path.write_bytes(DATA * 1000)


def folder(path: Path) -> None:
    path.mkdir()


def pipe(path: Path) -> None:
    os.mkfifo(path)


def link_to_file(path: Path) -> None:
    (path.parent / "real").write_bytes(DATA)
    path.symlink_to("real")


def link_out_of_the_project(path: Path) -> None:
    outside = path.parents[2] / "outside"
    outside.write_bytes(DATA)
    path.symlink_to(outside)


def link_to_nowhere(path: Path) -> None:
    path.symlink_to("nowhere")


def link_to_itself(path: Path) -> None:
    path.symlink_to(path)


def link_to_folder(path: Path) -> None:
    path.symlink_to(path.parent)


def below_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_bytes(b"")


def lfs(path: Path) -> None:
    path.write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:%b\nsize 12345\n" % DIGEST.encode())


def lfs_with_extension(path: Path) -> None:
    lines = (
        b"version https://git-lfs.github.com/spec/v1",
        b"ext-0-x sha256:" + b"0" * 64,
        b"oid sha256:" + DIGEST.encode(),
    )
    path.write_bytes(b"\n".join([*lines, b"size 6", b""]))


POINTER_OF_OTHER_KIND = b"version https://git-lfs.github.com/spec/v1\noid sha1:abc\nsize 1\n"


def broken_lfs(path: Path) -> None:
    path.write_bytes(POINTER_OF_OTHER_KIND)


@pytest.mark.parametrize(
    ("put", "expected"),
    [
        (nothing, MISSING),
        (no_folder, MISSING),
        (file, FileFact("file", DIGEST)),
        (empty, FileFact("file", digest_of(b""))),
        (large, FileFact("file", digest_of(DATA * 1000))),
        (folder, FileFact("other")),
        (pipe, FileFact("other")),
        (link_to_file, FileFact("file", DIGEST)),
        (link_out_of_the_project, FileFact("file", DIGEST)),
        (link_to_nowhere, FileFact("other")),
        (link_to_itself, FileFact("other")),
        (link_to_folder, FileFact("other")),
        (below_a_file, FileFact("other")),
        (lfs, FileFact("file", DIGEST, pointer=True)),
        (lfs_with_extension, FileFact("file", DIGEST, pointer=True)),
        (broken_lfs, FileFact("file", digest_of(POINTER_OF_OTHER_KIND))),
    ],
)
def test_what_stands_at_a_path(tmp_path: Path, put: Callable[[Path], None], expected: FileFact) -> None:
    root = tmp_path / "project"
    (root / "output").mkdir(parents=True)
    put(root / COIN)
    assert fact_of(root / COIN) == expected
    assert observed(root).world.files[COIN] == expected


def test_every_path_that_counts_is_looked_at(root: Path, state: State) -> None:
    recipe = worlds.recipe(outputs=(worlds.output("output/made.png", published=("app/made.png", "web/made.png")),))
    lock = Lock(
        assets={"gone": entry(outputs=("output/locked.png",))},
        orphans={"output/orphan.png": Orphan(sha256=DIGEST, asset="old")},
    )
    lock_file = manifest(root, recipe)
    state.entries.remember(lock_file.lock_name, "late", entry(outputs=("output/late.png",)), None)
    seen = observe(lock_file, lock, state, Blobs(root), loopback=True, now_ns=NOW).world
    assert set(seen.files) == {
        "output/made.png",
        "app/made.png",
        "web/made.png",
        "output/locked.png",
        "output/late.png",
        "output/orphan.png",
    }
    assert set(seen.entries) == {"gone", "late"}
    assert seen.unrecorded == {"late"}
    assert set(seen.orphans) == {"output/orphan.png"}
    assert seen.loopback


def test_what_the_state_and_the_store_know(root: Path, state: State) -> None:
    blobs = Blobs(root)
    here, locked = blobs.put_bytes(b"here"), blobs.put_bytes(b"locked")
    gone = digest_of(b"gone")
    state.results.record(KEY, worlds.master())
    state.results.record(StepKey(here), StoredMaster(here, worlds.SQUARE, "png", "draft"))
    state.results.record(StepKey(gone), StoredMaster(gone, worlds.SQUARE, "png", "draft"))
    state.journal.intend(KEY, "kie", "{}", Decimal(1))
    state.wishes.record_take(KEY, 2)
    state.outputs.writing({COIN: WrittenOutput(DIGEST, KEY)})
    lock = Lock(assets={"coin": entry(data=b"locked")})
    seen = observed(root, state, lock).world
    assert seen.blobs == {here, locked}
    assert set(seen.results) == {KEY, here, gone}
    assert seen.open[KEY].ambiguous == 1
    assert seen.takes == {KEY: Take(2)}
    assert seen.written == {COIN: WrittenOutput(DIGEST, KEY)}


def test_without_a_state_there_are_the_lock_and_the_files(tmp_path: Path) -> None:
    (tmp_path / "output").mkdir()
    (tmp_path / COIN).write_bytes(DATA)
    lock = Lock(assets={"coin": OLD})
    assert observed(tmp_path, None, lock).world == World(
        entries={"coin": OLD},
        files={COIN: FileFact("file", DIGEST), OutputPath("out/coin.png"): MISSING},
    )
    assert [path.name for path in tmp_path.iterdir()] == ["output"]


def test_a_lock_is_named_from_the_root(tmp_path: Path) -> None:
    assert manifest(tmp_path).lock_name == "manifests/app.lock"


# --- the stat cache ------------------------------------------------------------------------------------------------

POISON = Digest("0" * 64)


def poisoned(root: Path, state: State, **changes: Any) -> FileStat:
    """Hash the coin, and remember a wrong digest for it: whoever trusts the stat cache is found out by it."""
    (root / COIN).write_bytes(DATA)
    (stat,) = observed(root).fresh.values()
    stat = stat._replace(sha256=POISON, **changes)
    state.stats.remember({COIN: stat})
    return stat


def seen_digest(root: Path, state: State) -> Digest | None:
    return observed(root, state).world.files[COIN].sha256


def test_a_file_that_did_not_change_is_not_hashed_again(root: Path, state: State) -> None:
    (root / COIN).write_bytes(DATA)
    first = observed(root, state)
    assert list(first.fresh) == [COIN]
    first.remember(state)
    second = observed(root, state)
    assert second.fresh == {}
    assert second.world == first.world
    poisoned(root, state)
    assert seen_digest(root, state) == POISON


@pytest.mark.parametrize("changed", ["mtime_ns", "ctime_ns", "size", "inode"])
def test_a_file_that_changed_is_hashed_again(root: Path, state: State, changed: str) -> None:
    (root / COIN).write_bytes(DATA)
    (stat,) = observed(root).fresh.values()
    poisoned(root, state, **{changed: getattr(stat, changed) - 1})
    assert seen_digest(root, state) == DIGEST


@pytest.mark.parametrize(
    ("age", "trusted"), [(SETTLED_NS, True), (SETTLED_NS - 1, False), (0, False), (-(10**18), False)]
)
@pytest.mark.parametrize("youngest", ["mtime_ns", "ctime_ns"])
def test_a_file_hashed_too_soon_after_it_changed_is_not_trusted(
    root: Path, state: State, age: int, trusted: bool, youngest: str
) -> None:
    path = root / COIN
    path.write_bytes(DATA)
    changed = path.stat().st_ctime_ns
    offset = 10**9 if youngest == "mtime_ns" else -(10**12)
    os.utime(path, ns=(changed + offset, changed + offset))
    latest = max(path.stat().st_ctime_ns, changed + offset)
    (stat,) = observed(root, now_ns=latest + age).fresh.values()
    state.stats.remember({COIN: stat._replace(sha256=POISON)})
    assert seen_digest(root, state) == (POISON if trusted else DIGEST)


def test_looking_changes_nothing(root: Path) -> None:
    (root / COIN).write_bytes(DATA)
    with State.open(state_path(root)) as state:
        state.results.record(KEY, worlds.master())
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}
    with read_only(root):
        reading = State.open_for_reading(state_path(root))
        assert reading is not None
        with reading:
            seen = observed(root, reading)
            seen.remember(reading)
            observed(root, None).remember(None)
    assert list(seen.fresh) == [COIN]
    assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before
