"""One writer per project (rule 12): the second waits and is told for whom; a crash lets it in."""

from __future__ import annotations

import asyncio
import contextlib
import os
from pathlib import Path

import pytest

from assetgen.errors import StateError
from assetgen.store.folder import open_store
from assetgen.store.hold import POLL_SECONDS, Hold, Holder, hold_when_free, holder_of, try_hold, waiting_for
from tests.support.mounts import full_disk, read_only
from tests.support.stepped import Stepped

HOLDING = """
import asyncio
from pathlib import Path
from assetgen.store.hold import hold_when_free

def say(message):
    print(message, flush=True)

with asyncio.run(hold_when_free(Path(sys.argv[1]), "build app.yaml", say, lambda seconds: asyncio.sleep(0.001))):
    step("held")
"""


def taken(root: Path) -> Hold:
    found = try_hold(root, "publish")
    assert isinstance(found, Hold)
    return found


def holder(root: Path) -> Holder:
    found = try_hold(root, "publish")
    assert isinstance(found, Holder)
    return found


def test_a_free_project_is_held_at_once_and_given_back(tmp_path: Path) -> None:
    with taken(tmp_path):
        assert holder(tmp_path) == Holder(os.getpid(), os.uname().nodename, "publish")
    with taken(tmp_path):
        pass
    assert sorted(path.name for path in (tmp_path / ".assetgen").iterdir()) == [
        ".gitignore",
        "CACHEDIR.TAG",
        "hold.lock",
    ]


def test_giving_back_twice_takes_nothing_from_the_next_one(tmp_path: Path) -> None:
    first = taken(tmp_path)
    first.release()
    with taken(tmp_path):
        first.release()
        assert holder(tmp_path).pid == os.getpid()


def test_another_process_is_named_and_its_death_lets_us_in(tmp_path: Path) -> None:
    with Stepped(HOLDING, tmp_path) as child:
        assert child.reached() == "held"
        found = holder(tmp_path)
        assert found == Holder(child.pid, os.uname().nodename, "build app.yaml")
        assert f"waiting for `assetgen build app.yaml` (process {child.pid} on " in waiting_for(found)
        child.kill()
        taken(tmp_path).release()


def test_the_second_process_waits_until_the_first_is_done(tmp_path: Path) -> None:
    with taken(tmp_path) as first, Stepped(HOLDING, tmp_path) as child:
        assert child.reached().startswith(f"waiting for `assetgen publish` (process {os.getpid()} on ")
        first.release()
        assert child.reached() == "held"
        assert holder(tmp_path).pid == child.pid
        assert child.finish() == 0
        taken(tmp_path).release()


def test_waiting_ends_with_an_interrupt_and_holds_nothing(tmp_path: Path) -> None:
    with taken(tmp_path) as first, Stepped(HOLDING, tmp_path) as child:
        child.reached()
        child.interrupt()
        assert child.finish() != 0
        first.release()
        taken(tmp_path).release()


async def test_waiting_in_the_loop_tells_of_each_holder_once(tmp_path: Path) -> None:
    first, slept = taken(tmp_path), 0
    said: list[str] = []

    async def sleep(seconds: float) -> None:
        nonlocal slept
        assert seconds == POLL_SECONDS
        slept += 1
        if slept == 3:
            first.release()

    with await hold_when_free(tmp_path, "build", said.append, sleep):
        assert holder(tmp_path).command == "build"
    assert said == [waiting_for(Holder(os.getpid(), os.uname().nodename, "publish"))]
    assert slept == 3


async def test_cancelled_waiting_holds_nothing(tmp_path: Path) -> None:
    first, asleep = taken(tmp_path), asyncio.Event()

    async def sleep(seconds: float) -> None:
        asleep.set()
        await asyncio.Event().wait()

    waiting = asyncio.ensure_future(hold_when_free(tmp_path, "build", lambda said: None, sleep))
    await asleep.wait()
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    first.release()
    taken(tmp_path).release()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"pid": "x"}', b"\xff"])
def test_a_holder_that_did_not_say_who_it_is_still_holds(tmp_path: Path, content: bytes) -> None:
    with taken(tmp_path):
        (tmp_path / ".assetgen" / "hold.lock").write_bytes(content)
        assert try_hold(tmp_path, "build") is None
    assert "another assetgen" in waiting_for(None)


def test_where_nothing_can_be_locked_it_is_said(tmp_path: Path) -> None:
    (tmp_path / ".assetgen" / "hold.lock").mkdir(parents=True)
    with pytest.raises(StateError, match=r"cannot lock .*: Is a directory"):
        try_hold(tmp_path, "build")


def test_a_read_only_project_cannot_be_held(tmp_path: Path) -> None:
    open_store(tmp_path)
    with read_only(tmp_path), pytest.raises(StateError, match=r"Read-only|Permission"):
        try_hold(tmp_path, "build")


def test_a_full_disk_keeps_nobody_from_holding(tmp_path: Path) -> None:
    with full_disk(tmp_path, size=64 * 1024):
        taken(tmp_path).release()
        with contextlib.suppress(OSError):
            (tmp_path / "filler").write_bytes(bytes(64 * 1024))
        with taken(tmp_path):
            assert not isinstance(try_hold(tmp_path, "build"), Hold)


def test_looking_who_holds_a_project_leaves_no_trace(tmp_path: Path) -> None:
    assert holder_of(tmp_path) is None
    assert list(tmp_path.iterdir()) == []
    with taken(tmp_path):
        assert holder_of(tmp_path) == Holder(os.getpid(), os.uname().nodename, "publish")
    assert holder_of(tmp_path) is None
    (tmp_path / ".assetgen" / "hold.lock").write_bytes(b"garbage")
    assert holder_of(tmp_path) is None


def test_a_killed_holder_holds_nothing(tmp_path: Path) -> None:
    with Stepped(HOLDING, tmp_path) as child:
        child.reached()
        assert holder_of(tmp_path) == Holder(child.pid, os.uname().nodename, "build app.yaml")
        child.kill()
    assert (tmp_path / ".assetgen" / "hold.lock").read_bytes() != b""
    assert holder_of(tmp_path) is None
