"""Waits that a word may end: the same wait without one, and never more than one wait for one word."""

from __future__ import annotations

import asyncio

from assetgen.engine.wakeups import MOST_KEPT, Wakeups
from tests.support.fakes import FakeClock, StoppedClock


async def test_without_a_word_a_pause_is_as_long_as_it_was_meant_to_be() -> None:
    clock = FakeClock()
    await Wakeups().pause("t1", 7.5, clock)
    assert clock.slept == [7.5]
    assert clock.time() == 1_007.5


async def test_a_word_ends_the_pause_of_its_task_alone() -> None:
    wakeups, clock = Wakeups(), StoppedClock()
    first, second = (asyncio.ensure_future(wakeups.pause(task, 60, clock)) for task in ("t1", "t2"))
    await asyncio.sleep(0)
    wakeups.wake("t2")
    await second
    assert not first.done()
    wakeups.wake("t1")
    await first


async def test_a_word_that_comes_too_early_ends_the_next_pause_and_only_that() -> None:
    wakeups, clock = Wakeups(), FakeClock()
    for _ in range(3):
        wakeups.wake("t1")
    await wakeups.pause("t1", 60, clock)
    assert clock.time() == 1_000
    await wakeups.pause("t1", 60, clock)
    assert clock.time() == 1_060


async def test_strangers_words_do_not_pile_up() -> None:
    wakeups, clock = Wakeups(), FakeClock()
    for number in range(MOST_KEPT + 10):
        wakeups.wake(f"stranger-{number}")
    await wakeups.pause(f"stranger-{MOST_KEPT + 5}", 1, clock)
    assert clock.time() == 1_001
    waiting = asyncio.ensure_future(wakeups.pause("ours", 60, StoppedClock()))
    await asyncio.sleep(0)
    wakeups.wake("ours")
    await waiting


async def test_a_cancelled_pause_leaves_nothing_behind() -> None:
    wakeups = Wakeups()
    before = asyncio.all_tasks()
    pause = asyncio.ensure_future(wakeups.pause("t1", 60, StoppedClock()))
    for _ in range(3):
        await asyncio.sleep(0)
    pause.cancel()
    await asyncio.wait({pause})
    for _ in range(3):
        await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
    wakeups.wake("t1")
    await wakeups.pause("t1", 60, StoppedClock())
