"""The pool is bounded, the gate lets one through, and cancelling never loses or doubles a place."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator

import pytest

from assetgen.executors.threads import Threads

PATIENCE = 10
"""Seconds after which a test that hangs fails."""


class Door:
    """Work that stays inside until it is let go, and counts who is in."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open = False
        self.inside = 0
        self.most = 0
        self.ended = 0

    def work(self, result: int = 0) -> int:
        with self._changed:
            self.inside += 1
            self.most = max(self.most, self.inside)
            self._changed.notify_all()
            assert self._changed.wait_for(lambda: self._open, PATIENCE)
            self.inside -= 1
            self.ended += 1
            return result

    def let_go(self) -> None:
        with self._changed:
            self._open = True
            self._changed.notify_all()

    async def entered(self, count: int) -> None:
        await asyncio.to_thread(self._wait_for, count)

    def _wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.inside >= count, PATIENCE)


@pytest.fixture
async def threads() -> AsyncIterator[Threads]:
    async with Threads(2) as pool:
        yield pool


async def test_chains_are_finished_before_all_of_them_are_begun(threads: Threads) -> None:
    done: list[tuple[int, int]] = []

    async def chain(number: int) -> None:
        async with threads.chain:
            for piece in range(3):
                await threads.run(done.append, (number, piece))

    await asyncio.gather(*(chain(number) for number in range(20)))
    for number in range(20):
        before = done[: done.index((number, 0))]
        unfinished = {other for other, _ in before} - {other for other, piece in before if piece == 2}
        assert len(unfinished) < 2 * threads.jobs


async def test_hands_back_results_and_exceptions(threads: Threads) -> None:
    assert await threads.run(divmod, 7, 2) == (3, 1)
    assert await threads.run_large(divmod, 9, 2) == (4, 1)
    with pytest.raises(ZeroDivisionError):
        await threads.run(divmod, 1, 0)
    with pytest.raises(ZeroDivisionError):
        await threads.run_large(divmod, 1, 0)
    assert await threads.run_large(divmod, 9, 2) == (4, 1), "a failure opens the gate again"


async def test_runs_as_many_at_once_as_jobs(threads: Threads) -> None:
    door = Door()
    waiting = [asyncio.ensure_future(threads.run(door.work, number)) for number in range(6)]
    await door.entered(2)
    door.let_go()
    assert await asyncio.gather(*waiting) == [0, 1, 2, 3, 4, 5]
    assert door.most == 2


async def test_large_work_runs_one_at_a_time_and_leaves_room_for_other_work(threads: Threads) -> None:
    door = Door()
    large = [asyncio.ensure_future(threads.run_large(door.work, number)) for number in range(3)]
    await door.entered(1)
    assert await threads.run(divmod, 7, 2) == (3, 1)
    assert door.most == 1
    door.let_go()
    assert await asyncio.gather(*large) == [0, 1, 2]
    assert door.most == 1


async def test_a_cancelled_await_keeps_its_place_until_the_thread_has_ended() -> None:
    async with Threads(1) as threads:
        first, second = Door(), Door()
        cancelled = asyncio.ensure_future(threads.run(first.work))
        await first.entered(1)
        cancelled.cancel()
        with pytest.raises(asyncio.CancelledError):
            await cancelled
        follower = asyncio.ensure_future(threads.run(second.work, 5))
        await asyncio.sleep(0)
        assert (first.inside, second.inside) == (1, 0)
        first.let_go()
        second.let_go()
        assert await follower == 5


async def test_a_cancelled_large_piece_keeps_the_gate_shut_until_it_has_ended(threads: Threads) -> None:
    first, second = Door(), Door()
    cancelled = asyncio.ensure_future(threads.run_large(first.work))
    await first.entered(1)
    cancelled.cancel()
    with pytest.raises(asyncio.CancelledError):
        await cancelled
    follower = asyncio.ensure_future(threads.run_large(second.work, 5))
    assert await threads.run(divmod, 7, 2) == (3, 1)
    assert second.inside == 0
    first.let_go()
    second.let_go()
    assert await follower == 5


async def test_cancelled_before_its_turn_it_never_runs() -> None:
    async with Threads(1) as threads:
        door, never = Door(), Door()
        running = asyncio.ensure_future(threads.run_large(door.work, 1))
        await door.entered(1)
        queued = [asyncio.ensure_future(threads.run(never.work)), asyncio.ensure_future(threads.run_large(never.work))]
        await asyncio.sleep(0)
        for waiter in queued:
            waiter.cancel()
        await asyncio.gather(*queued, return_exceptions=True)
        door.let_go()
        assert await running == 1
        assert await threads.run_large(divmod, 7, 2) == (3, 1), "the gate is not lost with a waiter"
        assert never.most == 0


async def test_close_waits_for_what_runs_and_begins_nothing_more() -> None:
    threads, door, never = Threads(1), Door(), Door()
    running = asyncio.ensure_future(threads.run(door.work, 1))
    await door.entered(1)
    queued = asyncio.ensure_future(threads.run(never.work))
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(threads.close())
    await asyncio.sleep(0)
    assert not closing.done()
    door.let_go()
    await closing
    assert door.ended == 1
    assert await running == 1
    with pytest.raises(asyncio.CancelledError):
        await queued
    assert never.most == 0
    with pytest.raises(RuntimeError):
        await threads.run(divmod, 1, 1)
    with pytest.raises(RuntimeError):
        await threads.run_large(divmod, 1, 1)


def test_a_job_for_each_processor_unless_told() -> None:
    assert Threads().jobs >= 1
    assert Threads(3).jobs == 3
