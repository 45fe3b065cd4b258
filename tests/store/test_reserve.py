"""Room that was taken in time: a full disk does not matter to it, and half a note is none."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.errors import StateError
from assetgen.store.reserve import SIZE, Reserve
from tests.support.mounts import full_disk


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "reserve"


def test_notes_are_there_for_whoever_opens_it_next_until_they_are_cleared(path: Path) -> None:
    reserve = Reserve(path)
    assert list(reserve.notes()) == []
    reserve.take()
    reserve.note("key", "täsk\n1")
    reserve.note("other", "2")
    reserve.take()
    assert list(Reserve(path).notes()) == [["key", "täsk\n1"], ["other", "2"]]
    reserve.clear()
    assert list(Reserve(path).notes()) == []
    assert path.stat().st_size == SIZE


@given(cut=st.integers(0, 200))
def test_a_note_that_was_not_written_to_its_end_is_none(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "reserve"
    reserve = Reserve(path)
    reserve.take()
    for number in range(5):
        reserve.note("key", f"task {number}")
    path.write_bytes(path.read_bytes()[:cut])
    notes = list(Reserve(path).notes())
    assert notes == [["key", f"task {number}"] for number in range(len(notes))]


def test_it_needs_no_room_once_it_was_taken(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    with full_disk(folder, 4 * SIZE):
        reserve = Reserve(folder / "reserve")
        reserve.take()
        with pytest.raises(OSError, match="No space left"):
            (folder / "filler").write_bytes(bytes(4 * SIZE))
        for number in range(100):
            reserve.note("a" * 64, f"task {number}")
        assert len(list(reserve.notes())) == 100


def test_without_room_it_says_so_before_anything_is_noted(tmp_path: Path) -> None:
    folder = tmp_path / "disk"
    folder.mkdir()
    with full_disk(folder, SIZE // 2), pytest.raises(StateError, match="the disk is full"):
        Reserve(folder / "reserve").take()


def test_more_notes_than_it_holds_are_refused(path: Path) -> None:
    reserve = Reserve(path)
    with pytest.raises(StateError, match="no room left"):
        reserve.note("not taken")
    reserve.take()
    with pytest.raises(StateError, match="no room left"):
        reserve.note("x" * SIZE)
    assert list(reserve.notes()) == []
