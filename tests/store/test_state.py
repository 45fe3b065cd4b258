"""The state database: what was said is there after any crash, and nothing unreadable passes for empty."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing, nullcontext
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetgen.digest import Digest, StepKey, digest_of
from assetgen.errors import StateError
from assetgen.lock.writing import entry_digest
from assetgen.manifest.recipe import OutputPath, PixelSize
from assetgen.plan.world import StoredMaster, WrittenOutput
from assetgen.store.database import SCHEMA_VERSION
from assetgen.store.state import State
from assetgen.store.stats import FileStat
from tests.store.samples import JOURNAL, KEY, MASTER, OTHER, USD, bytes_of
from tests.support.locks import entries
from tests.support.mounts import full_disk, read_only
from tests.support.stepped import Stepped

COIN = OutputPath("out/coin.png")


# --- results, outputs, stats ---------------------------------------------------------------------------------------


def test_the_newest_result_counts(state: State) -> None:
    free = StoredMaster(digest_of(b"d"), PixelSize(1, 2), "webp", "draft")
    state.results.record(KEY, MASTER)
    state.results.record(KEY, free)
    assert state.results.masters() == {KEY: free}


def test_outputs_are_known_before_they_are_there(state: State) -> None:
    first, second = WrittenOutput(digest_of(b"1"), KEY), WrittenOutput(digest_of(b"2"), OTHER)
    state.outputs.writing({COIN: first})
    assert state.outputs.written() == {COIN: first}
    state.outputs.writing({COIN: second})
    assert state.outputs.written() == {COIN: second}
    state.outputs.forget(COIN)
    assert state.outputs.written() == {}


def test_file_stats(state: State) -> None:
    stats = {OutputPath(f"out/{n}.png"): FileStat(n, -n, 2**40, 2**63 - 1, digest_of(b"f"), n) for n in range(3)}
    state.stats.remember(stats)
    state.stats.remember({})
    assert state.stats.known() == stats


_keys = st.sampled_from([KEY, OTHER])
_masters = st.builds(
    StoredMaster,
    sha256=st.binary(min_size=32, max_size=32).map(lambda raw: Digest(raw.hex())),
    size=st.builds(PixelSize, st.integers(1, 2**31), st.integers(1, 2**31)),
    format=st.sampled_from(["png", "jpeg"]),
    provider=st.text(st.characters(exclude_categories=["Cs"])),
    task=st.none() | st.text(st.characters(exclude_categories=["Cs"])),
    usd=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
    charged=st.none() | st.decimals(allow_nan=False, allow_infinity=False),
)


@settings(max_examples=30, deadline=None)
@given(
    st.dictionaries(_keys, _masters),
    st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), entries, max_size=2),
)
def test_what_is_remembered_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, results: dict[StepKey, StoredMaster], kept: dict[str, object]
) -> None:
    path = tmp_path_factory.mktemp("state") / "state.sqlite"
    with State.open(path) as state:
        for key, master in results.items():
            state.results.record(key, master)
        for name, found in kept.items():
            state.entries.remember("a.lock", name, found, None)  # type: ignore[arg-type]
    with State.open(path) as state:
        assert state.results.masters() == results
        assert {name: entry_digest(r.entry()) for name, r in state.entries.of("a.lock").items()} == {
            name: entry_digest(found)  # type: ignore[arg-type]
            for name, found in kept.items()
        }


# --- reading without a trace ---------------------------------------------------------------------------------------


def filled(path: Path) -> None:
    with State.open(path) as state:
        state.results.record(KEY, MASTER)


def killed_in_the_middle(path: Path) -> None:
    with Stepped(JOURNAL, path) as child:
        while child.reached() != "finished":
            child.go_on()


def killed_and_copied_without_its_index(path: Path) -> None:
    killed_in_the_middle(path)
    path.with_name("state.sqlite-shm").unlink()


@pytest.mark.parametrize("left_by", [filled, killed_in_the_middle, killed_and_copied_without_its_index])
@pytest.mark.parametrize("disk", ["writable", "read-only"])
def test_reading_leaves_no_trace(tmp_path: Path, left_by: Callable[[Path], None], disk: str) -> None:
    folder = tmp_path / "with space?#%41"
    folder.mkdir()
    path = folder / "state.sqlite"
    left_by(path)
    before = bytes_of(folder)

    def read() -> None:
        state = State.open_for_reading(path)
        assert state is not None
        with state:
            assert set(state.results.masters()) == {KEY}

    if disk == "read-only":
        with read_only(folder):
            read()
    else:
        read()
    assert bytes_of(folder) == before


def test_nothing_to_read_is_none_and_creates_nothing(tmp_path: Path) -> None:
    assert State.open_for_reading(tmp_path / ".assetgen" / "state.sqlite") is None
    assert list(tmp_path.iterdir()) == []


def test_what_another_process_commits_is_seen_by_the_next_reader(state: State, path: Path) -> None:
    for count in range(3):
        state.results.record(StepKey(digest_of(bytes([count]))), MASTER)
        reading = State.open_for_reading(path)
        assert reading is not None
        with reading:
            assert len(reading.results.masters()) == count + 1


def test_a_reader_beside_a_busy_writer_sees_whole_transactions(path: Path) -> None:
    busy = """
    from pathlib import Path
    from assetgen.digest import digest_of
    from assetgen.store.state import State
    from assetgen.store.stats import FileStat
    state = State.open(Path(sys.argv[1]))
    step()
    for turn in range(1_000_000):
        state.stats.remember({str(n): FileStat(turn, 0, 0, 0, digest_of(b""), 0) for n in range(200)})
    """
    with Stepped(busy, path) as child:
        child.reached()
        child.go_on()
        turns: set[int] = set()
        while len(turns) < 20:
            reading = State.open_for_reading(path)
            assert reading is not None
            with reading:
                seen = {stat.mtime_ns for stat in reading.stats.known().values()}
            assert len(seen) <= 1
            turns |= seen


def test_a_reader_cannot_write(path: Path) -> None:
    filled(path)
    reading = State.open_for_reading(path)
    assert reading is not None
    with reading:
        assert not reading.writable
        with pytest.raises(StateError, match="read-only"):
            reading.results.record(OTHER, MASTER)
        with pytest.raises(StateError, match="read-only"):
            reading.journal.finished(KEY, MASTER)
        assert set(reading.results.masters()) == {KEY}


# --- what cannot be read is never empty ----------------------------------------------------------------------------


def garbage(path: Path) -> None:
    path.write_bytes(b"garbage" * 1000)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def folder(path: Path) -> None:
    path.mkdir()


def foreign(path: Path) -> None:
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE mine (a)")
    other.close()


def newer(path: Path) -> None:
    filled(path)
    with sqlite3.connect(path) as other:
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    other.close()


def older(path: Path) -> None:
    filled(path)
    with sqlite3.connect(path) as other:
        other.execute(f"PRAGMA user_version = {SCHEMA_VERSION - 1}")
    other.close()


def log_without_database(path: Path) -> None:
    killed_in_the_middle(path)
    path.unlink()


def broken_link(path: Path) -> None:
    path.symlink_to("nowhere")


def below_a_file(path: Path) -> None:
    path.parent.rmdir()
    path.parent.write_bytes(b"")


UNREADABLE = [
    (garbage, "damaged, or not a database", "backup"),
    (empty, "empty or not a state database of assetgen", "backup"),
    (folder, "is not a file", "move away"),
    (foreign, "empty or not a state database of assetgen", "backup"),
    (newer, "written by a newer assetgen", "upgrade assetgen"),
    (older, "from before the first release", "collect what is on order"),
    (log_without_database, "is still in state.sqlite-wal", "put the database back"),
    (broken_link, "is not a file", "move away"),
    (below_a_file, "Not a directory", "check the permissions"),
]


@pytest.mark.parametrize("opening", [State.open, State.open_for_reading])
@pytest.mark.parametrize(("spoil", "message", "hint"), UNREADABLE)
def test_what_cannot_be_read_is_an_error_and_stays_as_it_is(
    tmp_path: Path, opening: Callable[[Path], State | None], spoil: Callable[[Path], None], message: str, hint: str
) -> None:
    (tmp_path / "store").mkdir()
    path = tmp_path / "store" / "state.sqlite"
    spoil(path)
    before = bytes_of(tmp_path)
    with pytest.raises(StateError, match=message) as caught:
        opening(path)
    assert hint in str(caught.value.hint)
    assert caught.value.exit_code == 2
    assert bytes_of(tmp_path) == before


@pytest.mark.parametrize("kept", [1, 16, 100, 4095, 4096, 8192, 20480])
def test_a_truncated_database_never_passes_for_less(path: Path, kept: int) -> None:
    filled(path)
    data = path.read_bytes()
    assert kept < len(data)
    path.write_bytes(data[:kept])
    for opening in (State.open, State.open_for_reading):
        with pytest.raises(StateError, match=r"damaged|not a state database"):
            opening(path)


def test_damage_inside_is_noticed_when_it_is_read(path: Path) -> None:
    filled(path)
    with closing(sqlite3.connect(path)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'results'").fetchone()
    data, start = bytearray(path.read_bytes()), 4096 * (root - 1)
    data[start : start + 8] = b"\xff" * 8
    path.write_bytes(data)
    with State.open(path) as state, pytest.raises(StateError, match="damaged"):
        state.results.masters()


def test_a_sound_database_and_one_with_damage_inside(path: Path) -> None:
    filled(path)
    examined(path)
    sound = path.read_bytes()
    for page in range(4096, len(sound), 4096):
        path.write_bytes(sound[:page] + b"\xff" * 8 + sound[page + 8 :])
        with pytest.raises(StateError, match="it is damaged"):
            examined(path)


def test_every_table_is_such_as_the_check_up_of_sqlite_understands(path: Path) -> None:
    """Where the columns of a key are in another order, it takes rows for damaged that are not."""
    filled(path)
    with closing(sqlite3.connect(path)) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            numbers = [number for *_, number in connection.execute(f"PRAGMA table_info({table})") if number]
            assert numbers == sorted(numbers), table


def examined(path: Path) -> None:
    with State.open_for_reading(path) or nullcontext() as state:
        assert state is not None
        state.examine()


def test_a_full_disk_is_said_and_what_was_committed_stays(tmp_path: Path) -> None:
    stats = {OutputPath(str(n)): FileStat(0, 0, 0, 0, digest_of(b""), 0) for n in range(20_000)}
    with full_disk(tmp_path, size=1024 * 1024):
        path = tmp_path / "state.sqlite"
        with State.open(path) as state:
            state.journal.intend(KEY, "kie", "{}", USD)
            with pytest.raises(StateError, match=r"the disk is full|reports an error"):
                state.stats.remember(stats)
            state.journal.accepted(KEY, "t1")
            assert state.stats.known() == {}
        with State.open(path) as state:
            assert state.journal.open_tasks()[KEY].task == "t1"


def test_a_read_only_store_cannot_be_opened_for_writing(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    filled(path)
    with read_only(tmp_path), pytest.raises(StateError, match=r"read-only|opened|permission"):
        State.open(path).results.record(OTHER, MASTER)
    with read_only(tmp_path), pytest.raises(StateError, match=r"read-only|permission"):
        State.open(tmp_path / "new.sqlite")


def test_creation_leaves_nothing_else_behind(path: Path) -> None:
    filled(path)
    assert [found.name for found in path.parent.iterdir()] == ["state.sqlite"]
    shutil.rmtree(path.parent)
