"""The lockfile during a run: what it holds, whose entries it keeps, and how seldom it is written."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from assetgen.engine.record import INTERVAL, REST, LockRecord
from assetgen.lock.document import Lock
from assetgen.lock.reading import read_lock
from assetgen.lock.writing import lock_bytes
from assetgen.plan.world import World
from assetgen.store.folder import open_store, state_path
from assetgen.store.state import State
from tests.support.worlds import entry, planned, recipe

NAMES = [f"item-{number}" for number in range(40)]


class SlowClock:
    """A clock on which every look takes `tick` seconds, and so does everything between two looks."""

    def __init__(self, tick: float) -> None:
        self.tick = tick
        self._ticks = itertools.count()

    def time(self) -> float:
        return next(self._ticks) * self.tick

    async def sleep(self, seconds: float) -> None:
        raise AssertionError(f"nobody sleeps here, least of all {seconds} s")


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    open_store(tmp_path)
    with State.open(state_path(tmp_path)) as state:
        yield state


def record_of(path: Path, state: State, tick: float = INTERVAL) -> LockRecord:
    return LockRecord(path, path.name, read_lock(path), World(), frozenset(), state, SlowClock(tick))


def put(record: LockRecord, name: str) -> None:
    record.put(planned(recipe(name)), entry(recipe(name)))


def writes_while_putting(names: list[str], path: Path, record: LockRecord) -> int:
    """How often the lock was replaced while these assets were done one after another."""
    seen = []
    for name in names:
        put(record, name)
        seen.append(path.stat().st_ino)
    return len(list(itertools.groupby(seen)))


def test_the_first_asset_is_in_the_lock_at_once_and_the_last_in_the_end(tmp_path: Path, state: State) -> None:
    path = tmp_path / "app.lock"
    record = record_of(path, state, tick=0)
    for name in NAMES:
        put(record, name)
    assert list(read_lock(path).assets) == NAMES[:1]
    record.flush()
    assert sorted(read_lock(path).assets) == sorted(NAMES)


def test_writing_takes_a_small_share_of_a_run_however_long_a_write_takes(tmp_path: Path, state: State) -> None:
    path = tmp_path / "app.lock"
    assert writes_while_putting(NAMES, path, record_of(path, state)) <= 1 + len(NAMES) // REST


def test_what_somebody_else_writes_meanwhile_is_kept_by_every_write(tmp_path: Path, state: State) -> None:
    path = tmp_path / "app.lock"
    record = record_of(path, state, tick=0)
    for number, name in enumerate(NAMES[:4]):
        put(record, name)
        record.flush()
        theirs = read_lock(path)
        assert name in theirs.assets
        path.write_bytes(lock_bytes(Lock(assets={**theirs.assets, f"theirs-{number}": entry(recipe("theirs"))})))
    put(record, "last")
    record.flush()
    assert set(read_lock(path).assets) == {*NAMES[:4], *(f"theirs-{number}" for number in range(4)), "last"}


def test_the_state_knows_of_every_entry_that_the_lock_has_it(tmp_path: Path, state: State) -> None:
    path = tmp_path / "app.lock"
    record = record_of(path, state, tick=0)
    for name in NAMES[:6]:
        put(record, name)
        if name in NAMES[2:4]:
            record.flush()
    record.flush()
    remembered = state.entries.of(path.name)
    assert set(remembered) == set(NAMES[:6])
    assert all(ours.base == ours.digest for ours in remembered.values())
