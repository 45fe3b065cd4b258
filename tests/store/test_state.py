"""The state database: what was said is there after any crash, and nothing unreadable passes for empty."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, nullcontext
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assetgen.digest import Digest, StepKey, digest_of
from assetgen.errors import StateError
from assetgen.lock.writing import entry_digest
from assetgen.manifest.recipe import OutputPath, PixelSize
from assetgen.plan.world import OpenTask, StoredMaster, Take, WrittenOutput
from assetgen.store.database import SCHEMA_VERSION
from assetgen.store.state import FileStat, State
from tests.support.locks import entries, entry
from tests.support.mounts import full_disk, read_only
from tests.support.stepped import Stepped

KEY = StepKey(digest_of(b"key"))
OTHER = StepKey(digest_of(b"other"))
USD = Decimal("0.09")
MASTER = StoredMaster(digest_of(b"m"), PixelSize(1024, 768), "png", "kie", "t1", USD, Decimal("0.0900000000001"))
COIN = OutputPath("out/coin.png")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.sqlite"


@pytest.fixture
def state(path: Path) -> Iterator[State]:
    with State.open(path) as opened:
        yield opened


def bytes_of(folder: Path) -> dict[str, bytes | None]:
    return {str(path): path.read_bytes() if path.is_file() else None for path in sorted(folder.rglob("*"))}


# --- the journal (rule 8 and section 5) ----------------------------------------------------------------------------


def sent(state: State, times: int = 1) -> None:
    """Send the request and hear nothing, so many times."""
    for _ in range(times):
        state.intend(KEY, "kie", "{}", USD)
        state.ambiguous(KEY)


def test_a_request_from_intent_to_result(state: State) -> None:
    state.intend(KEY, "kie", '{"prompt": "a coin"}', USD)
    assert state.open_tasks() == {KEY: OpenTask(KEY, "kie", None, 1, USD)}
    state.accepted(KEY, "t1")
    assert state.open_tasks() == {KEY: OpenTask(KEY, "kie", "t1", 0, USD)}
    assert state.links(KEY) == ()
    state.delivered(KEY, ["http://127.0.0.1/1.png", "http://127.0.0.1/2.png"])
    assert state.links(KEY) == ("http://127.0.0.1/1.png", "http://127.0.0.1/2.png")
    state.finished(KEY, MASTER)
    assert state.open_tasks() == {}
    assert state.results() == {KEY: MASTER}


def test_what_was_surely_not_accepted_leaves_the_row_as_it_was(state: State) -> None:
    state.intend(KEY, "kie", "{}", USD)
    state.withdrawn(KEY)
    assert state.open_tasks() == {}
    sent(state)
    before = state.open_tasks()
    state.intend(KEY, "kie", "{}", Decimal(9))
    state.withdrawn(KEY)
    assert state.open_tasks() == before == {KEY: OpenTask(KEY, "kie", None, 1, USD)}


def test_ambiguities_add_up_until_there_is_a_result(state: State) -> None:
    sent(state, times=2)
    assert state.open_tasks()[KEY].ambiguous == 2
    state.intend(KEY, "kie", "{}", USD)
    state.accepted(KEY, "t3")
    assert state.open_tasks() == {KEY: OpenTask(KEY, "kie", "t3", 2, USD)}
    state.dropped(KEY)
    assert state.open_tasks() == {KEY: OpenTask(KEY, "kie", None, 2, USD)}
    state.intend(KEY, "kie", "{}", USD)
    state.finished(KEY, MASTER)
    assert state.open_tasks() == {}


def test_a_task_that_failed_at_the_service_is_over(state: State) -> None:
    state.intend(KEY, "kie", "{}", None)
    state.accepted(KEY, "t1")
    state.dropped(KEY)
    assert state.open_tasks() == {}


def test_a_task_that_the_service_does_not_know_is_kept_and_marked(state: State) -> None:
    state.intend(KEY, "kie", "{}", USD)
    state.accepted(KEY, "t1")
    state.gone(KEY)
    assert state.open_tasks() == {KEY: OpenTask(KEY, "kie", "t1", 0, USD, gone=True)}
    with pytest.raises(StateError):
        state.intend(KEY, "kie", "{}", USD)
    state.finished(KEY, MASTER)
    assert state.open_tasks() == {}


@pytest.mark.parametrize("alive", ["sending", "accepted"])
def test_a_second_submission_of_a_request_that_is_alive_is_impossible(state: State, alive: str) -> None:
    state.intend(KEY, "kie", "{}", USD)
    if alive == "accepted":
        state.accepted(KEY, "t1")
    before = state.open_tasks()
    with pytest.raises(StateError, match="already holds what must not be there twice"):
        state.intend(KEY, "kie", "{}", USD)
    assert state.open_tasks() == before
    state.intend(OTHER, "kie", "{}", USD)


@pytest.mark.parametrize(
    "say",
    [
        lambda state: state.accepted(KEY, "t1"),
        lambda state: state.ambiguous(KEY),
        lambda state: state.withdrawn(KEY),
        lambda state: state.dropped(KEY),
        lambda state: state.gone(KEY),
        lambda state: state.delivered(KEY, []),
    ],
)
def test_what_was_not_sent_cannot_be_answered(state: State, say: Callable[[State], None]) -> None:
    with pytest.raises(RuntimeError, match="no such submission"):
        say(state)


def test_an_interrupted_submission_is_one_ambiguity_more_and_is_counted_once(state: State) -> None:
    sent(state)
    state.intend(KEY, "kie", "{}", USD)
    state.intend(OTHER, "kie", "{}", None)
    state.accepted(OTHER, "t2")
    assert state.settle_interrupted() == (OpenTask(KEY, "kie", None, 2, USD),)
    assert state.settle_interrupted() == ()
    assert state.open_tasks() == {
        KEY: OpenTask(KEY, "kie", None, 2, USD),
        OTHER: OpenTask(OTHER, "kie", "t2", 0, None),
    }


def test_a_result_is_remembered_and_its_journal_closed_together_or_not_at_all(state: State, path: Path) -> None:
    state.intend(KEY, "kie", "{}", USD)
    state.accepted(KEY, "t1")
    with sqlite3.connect(path) as other:
        other.execute("CREATE TRIGGER no BEFORE DELETE ON submissions BEGIN SELECT RAISE(ABORT, 'no'); END")
    other.close()
    with pytest.raises(StateError):
        state.finished(KEY, MASTER)
    assert state.results() == {}
    assert state.open_tasks()[KEY].task == "t1"


JOURNAL = """
from decimal import Decimal
from pathlib import Path
from assetgen.digest import digest_of
from assetgen.manifest.recipe import PixelSize
from assetgen.plan.world import StoredMaster
from assetgen.store.state import State

key = digest_of(b"key")
state = State.open(Path(sys.argv[1]))
step("opened")
state.intend(key, "kie", "{}", Decimal("0.09"))
step("intended")
state.accepted(key, "t1")
step("accepted")
state.finished(key, StoredMaster(digest_of(b"m"), PixelSize(1024, 768), "png", "kie", "t1"))
step("finished")
"""

AFTERWARDS = {
    "opened": (None, None),
    "intended": (None, 1),
    "accepted": ("t1", 0),
    "finished": (None, None),
}


@pytest.mark.parametrize("killed_at", AFTERWARDS)
def test_killed_between_any_two_steps_the_journal_says_what_was_done(path: Path, killed_at: str) -> None:
    with Stepped(JOURNAL, path) as child:
        while child.reached() != killed_at:
            child.go_on()
        child.kill()
    before = bytes_of(path.parent)
    reading = State.open_for_reading(path)
    assert reading is not None
    seen = (reading.open_tasks(), reading.results())
    reading.close()
    assert bytes_of(path.parent) == before
    with State.open(path) as state:
        state.settle_interrupted()
        assert (state.open_tasks(), state.results()) == seen
        task = state.open_tasks().get(KEY)
        assert (task and task.task, task and task.ambiguous) == AFTERWARDS[killed_at]
        assert (KEY in state.results()) == (killed_at == "finished")


# --- uploads -------------------------------------------------------------------------------------------------------


def test_uploads_are_remembered_by_place_until_they_expire(path: Path) -> None:
    with State.open(path) as state:
        state.uploaded("https://a.example", MASTER.sha256, "https://a.example/1.png", 1_000.0)
    with State.open(path) as state:
        assert state.upload("https://a.example", MASTER.sha256, 999.0) == "https://a.example/1.png"
        assert state.upload("https://a.example", MASTER.sha256, 1_000.0) is None
        assert state.upload("https://b.example", MASTER.sha256, 0.0) is None
        state.uploaded("https://a.example", MASTER.sha256, "https://a.example/2.png", 2_000.0)
        assert state.upload("https://a.example", MASTER.sha256, 1_500.0) == "https://a.example/2.png"
        state.forget_uploads(["https://a.example/2.png"])
        assert state.upload("https://a.example", MASTER.sha256, 0.0) is None


def test_a_database_from_before_there_were_uploads_is_completed(path: Path) -> None:
    State.open(path).close()
    connection = sqlite3.connect(path)
    connection.execute("DROP TABLE uploads")
    connection.close()
    with State.open_for_reading(path) or nullcontext() as read:
        assert read
        assert read.upload("https://a.example", MASTER.sha256, 0.0) is None
    with State.open(path) as state:
        state.uploaded("https://a.example", MASTER.sha256, "https://a.example/1.png", 1_000.0)


# --- the rest of what is remembered --------------------------------------------------------------------------------


def test_the_newest_take_counts(state: State) -> None:
    state.record_take(KEY, 3)
    state.record_take(KEY, 2)
    assert state.takes("app.lock") == {KEY: Take(3)}


def test_a_take_is_waited_for_by_those_who_asked_until_they_have_theirs(state: State) -> None:
    state.ask_take(KEY, 1, "app.lock", "coin")
    state.ask_take(KEY, 2, "app.lock", "gem")
    state.ask_take(KEY, 1, "web.lock", "coin")
    assert state.takes("app.lock") == {KEY: Take(2, {"coin": 1, "gem": 2})}
    state.settle_take(OTHER, "app.lock", "coin")
    assert state.takes("app.lock") == {KEY: Take(2, {"coin": 1, "gem": 2})}
    state.settle_take(KEY, "app.lock", "coin")
    assert state.takes("app.lock") == {KEY: Take(2, {"gem": 2})}
    state.rename_wishes("app.lock", "gem", "ruby")
    assert state.takes("app.lock") == {KEY: Take(2, {"ruby": 2})}
    state.settle_takes("app.lock", "ruby")
    assert state.takes("app.lock") == {KEY: Take(2)}
    assert state.takes("web.lock") == {KEY: Take(2, {"coin": 1})}


def test_what_was_picked_is_known_by_asset_and_request(state: State) -> None:
    for picture in (b"first", b"second"):
        state.remember_pick("app.lock", "coin", KEY, digest_of(picture))
    state.remember_pick("web.lock", "coin", KEY, digest_of(b"third"))
    assert state.picks("app.lock") == {("coin", KEY): digest_of(b"second")}
    state.rename_wishes("app.lock", "coin", "gem")
    assert state.picks("app.lock") == {("gem", KEY): digest_of(b"second")}


def test_the_newest_result_counts(state: State) -> None:
    free = StoredMaster(digest_of(b"d"), PixelSize(1, 2), "webp", "draft")
    state.record_result(KEY, MASTER)
    state.record_result(KEY, free)
    assert state.results() == {KEY: free}


def test_outputs_are_known_before_they_are_there(state: State) -> None:
    first, second = WrittenOutput(digest_of(b"1"), KEY), WrittenOutput(digest_of(b"2"), OTHER)
    state.writing({COIN: first})
    assert state.written() == {COIN: first}
    state.writing({COIN: second})
    assert state.written() == {COIN: second}
    state.forget_output(COIN)
    assert state.written() == {}


def test_entries_are_kept_per_lock_with_what_the_file_holds(state: State) -> None:
    old, new = entry("old"), entry("new")
    state.remember_entry("a.lock", "coin", old, None)
    state.remember_entry("b.lock", "coin", new, Digest("0" * 64))
    (remembered,) = state.entries("a.lock").values()
    assert (remembered.entry(), remembered.digest, remembered.base) == (old, entry_digest(old), None)
    state.flushed("a.lock", {"coin": entry_digest(old), "gem": entry_digest(new)})
    assert state.entries("a.lock")["coin"].base == entry_digest(old)
    assert state.entries("b.lock")["coin"].base == "0" * 64
    state.remember_entry("a.lock", "coin", new, entry_digest(old))
    assert state.entries("a.lock")["coin"].entry() == new
    state.forget_entry("a.lock", "coin")
    assert state.entries("a.lock") == {}
    assert set(state.entries("b.lock")) == {"coin"}


def test_a_damaged_entry_is_no_missing_one(state: State, path: Path) -> None:
    state.remember_entry("a.lock", "coin", entry(), None)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE entries SET entry = '{}'")
    other.close()
    with pytest.raises(StateError, match="damaged lock entry"):
        state.entries("a.lock")["coin"].entry()


def test_file_stats(state: State) -> None:
    stats = {OutputPath(f"out/{n}.png"): FileStat(n, -n, 2**40, 2**63 - 1, digest_of(b"f"), n) for n in range(3)}
    state.remember_files(stats)
    state.remember_files({})
    assert state.file_stats() == stats


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
            state.record_result(key, master)
        for name, found in kept.items():
            state.remember_entry("a.lock", name, found, None)  # type: ignore[arg-type]
    with State.open(path) as state:
        assert state.results() == results
        assert {name: entry_digest(r.entry()) for name, r in state.entries("a.lock").items()} == {
            name: entry_digest(found)  # type: ignore[arg-type]
            for name, found in kept.items()
        }


# --- reading without a trace ---------------------------------------------------------------------------------------


def filled(path: Path) -> None:
    with State.open(path) as state:
        state.record_result(KEY, MASTER)


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
            assert set(state.results()) == {KEY}

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
        state.record_result(StepKey(digest_of(bytes([count]))), MASTER)
        reading = State.open_for_reading(path)
        assert reading is not None
        with reading:
            assert len(reading.results()) == count + 1


def test_a_reader_beside_a_busy_writer_sees_whole_transactions(path: Path) -> None:
    busy = """
    from pathlib import Path
    from assetgen.digest import digest_of
    from assetgen.store.state import FileStat, State
    state = State.open(Path(sys.argv[1]))
    step()
    for turn in range(1_000_000):
        state.remember_files({str(n): FileStat(turn, 0, 0, 0, digest_of(b""), 0) for n in range(200)})
    """
    with Stepped(busy, path) as child:
        child.reached()
        child.go_on()
        turns: set[int] = set()
        while len(turns) < 20:
            reading = State.open_for_reading(path)
            assert reading is not None
            with reading:
                seen = {stat.mtime_ns for stat in reading.file_stats().values()}
            assert len(seen) <= 1
            turns |= seen


def test_a_reader_cannot_write(path: Path) -> None:
    filled(path)
    reading = State.open_for_reading(path)
    assert reading is not None
    with reading:
        assert not reading.writable
        with pytest.raises(StateError, match="read-only"):
            reading.record_result(OTHER, MASTER)
        with pytest.raises(StateError, match="read-only"):
            reading.finished(KEY, MASTER)
        assert set(reading.results()) == {KEY}


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
        state.results()


def test_a_sound_database_and_one_with_damage_inside(path: Path) -> None:
    filled(path)
    examined(path)
    sound = path.read_bytes()
    for page in range(4096, len(sound), 4096):
        path.write_bytes(sound[:page] + b"\xff" * 8 + sound[page + 8 :])
        with pytest.raises(StateError, match="it is damaged"):
            examined(path)


def examined(path: Path) -> None:
    with State.open_for_reading(path) or nullcontext() as state:
        assert state is not None
        state.examine()


def test_what_was_asked_for_can_be_recognized(state: State) -> None:
    state.intend(KEY, "kie", '{"prompt": "a coin"}', USD)
    state.ambiguous(KEY)
    state.intend(OTHER, "kie", '{"prompt": "a gem"}', USD)
    assert state.requests() == {KEY: '{"prompt": "a coin"}', OTHER: '{"prompt": "a gem"}'}


def test_a_full_disk_is_said_and_what_was_committed_stays(tmp_path: Path) -> None:
    stats = {OutputPath(str(n)): FileStat(0, 0, 0, 0, digest_of(b""), 0) for n in range(20_000)}
    with full_disk(tmp_path, size=1024 * 1024):
        path = tmp_path / "state.sqlite"
        with State.open(path) as state:
            state.intend(KEY, "kie", "{}", USD)
            with pytest.raises(StateError, match=r"the disk is full|reports an error"):
                state.remember_files(stats)
            state.accepted(KEY, "t1")
            assert state.file_stats() == {}
        with State.open(path) as state:
            assert state.open_tasks()[KEY].task == "t1"


def test_a_read_only_store_cannot_be_opened_for_writing(tmp_path: Path) -> None:
    path = tmp_path / "state.sqlite"
    filled(path)
    with read_only(tmp_path), pytest.raises(StateError, match=r"read-only|opened|permission"):
        State.open(path).record_result(OTHER, MASTER)
    with read_only(tmp_path), pytest.raises(StateError, match=r"read-only|permission"):
        State.open(tmp_path / "new.sqlite")


def test_creation_leaves_nothing_else_behind(path: Path) -> None:
    filled(path)
    assert [found.name for found in path.parent.iterdir()] == ["state.sqlite"]
    shutil.rmtree(path.parent)
