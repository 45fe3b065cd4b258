"""Entries are kept until the lock file has them, and a damaged one is no missing one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from assetgen.digest import Digest
from assetgen.errors import StateError
from assetgen.lock.writing import entry_digest
from assetgen.store.state import State
from tests.support.locks import entry


def test_entries_are_kept_per_lock_with_what_the_file_holds(state: State) -> None:
    old, new = entry("old"), entry("new")
    state.entries.remember("a.lock", "coin", old, None)
    state.entries.remember("b.lock", "coin", new, Digest("0" * 64))
    (remembered,) = state.entries.of("a.lock").values()
    assert (remembered.entry(), remembered.digest, remembered.base) == (old, entry_digest(old), None)
    assert state.entries.unflushed("a.lock") == {"coin"}
    state.entries.flushed("a.lock", {"coin": entry_digest(old), "gem": entry_digest(new)})
    assert state.entries.of("a.lock")["coin"].base == entry_digest(old)
    assert state.entries.unflushed("a.lock") == set()
    assert state.entries.of("b.lock")["coin"].base == "0" * 64
    state.entries.remember("a.lock", "coin", new, entry_digest(old))
    assert state.entries.of("a.lock")["coin"].entry() == new
    state.entries.forget("a.lock", "coin")
    assert state.entries.of("a.lock") == {}
    assert set(state.entries.of("b.lock")) == {"coin"}


def test_a_damaged_entry_is_no_missing_one(state: State, path: Path) -> None:
    state.entries.remember("a.lock", "coin", entry(), None)
    with sqlite3.connect(path) as other:
        other.execute("UPDATE entries SET entry = '{}'")
    other.close()
    with pytest.raises(StateError, match="damaged lock entry"):
        state.entries.of("a.lock")["coin"].entry()
