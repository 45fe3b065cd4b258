"""The fakes are what other tests stand on."""

from __future__ import annotations

import asyncio

import pytest

from assetgen.engine.events import Listener, Outcome, Result, Stage
from assetgen.manifest.recipe import AssetId, AssetName
from tests.support.fakes import FakeClock, RecordingListener


async def test_sleepers_wake_in_the_order_of_their_deadlines() -> None:
    clock = FakeClock(now=0)
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, *pauses: float) -> None:
        for pause in pauses:
            await clock.sleep(pause)
            woken.append((name, clock.time()))

    await asyncio.gather(sleeper("slow", 5), sleeper("steady", 2, 2, 2), sleeper("quick", 1))
    assert woken == [("quick", 1), ("steady", 2), ("steady", 4), ("slow", 5), ("steady", 6)]


async def test_what_can_run_runs_before_time_passes() -> None:
    clock = FakeClock(now=0)
    queue: asyncio.Queue[str] = asyncio.Queue()

    async def produce() -> None:
        await clock.sleep(1)
        await queue.put("made")

    async def consume() -> float:
        await queue.get()
        for _ in range(10):
            await asyncio.sleep(0)
        return clock.time()

    _, consumed, _ = await asyncio.gather(produce(), consume(), clock.sleep(3))
    assert consumed == 1
    assert clock.time() == 3


async def test_a_cancelled_sleep_holds_nobody_up() -> None:
    clock = FakeClock(now=0)
    sleeping = asyncio.ensure_future(clock.sleep(1))
    await asyncio.sleep(0)
    sleeping.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sleeping
    await clock.sleep(2)
    assert clock.time() == 2
    assert clock.slept == [1, 2]


def test_the_listener_remembers() -> None:
    listener = RecordingListener()
    heard: Listener = listener
    coin = AssetId("app.yaml", AssetName("coin"))
    heard.began((coin,))
    heard.moved(coin, Stage.RUNNING, "waiting")
    heard.moved(coin, Stage.RUNNING, "queued")
    heard.moved(coin, Stage.WRITING)
    heard.ended(Outcome(coin, Result.BUILT))
    heard.said("done")
    assert listener.assets == (coin,)
    assert listener.stages("coin") == [Stage.RUNNING, Stage.WRITING]
    assert listener.results() == {"coin": Result.BUILT}
    assert listener.messages == ["done"]
