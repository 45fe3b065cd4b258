"""Time as the engine needs it: passed in, so that tests let it pass without waiting."""

from __future__ import annotations

import asyncio
import time
from typing import Any, Protocol


class Clock(Protocol):
    """`time` is monotonic, in seconds; `sleep` lets it pass."""

    def time(self) -> float: ...

    async def sleep(self, seconds: float) -> None: ...


class MonotonicClock:
    """Real time."""

    def time(self) -> float:
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


MONOTONIC = MonotonicClock()


async def wait_at_most(clock: Clock, seconds: float, work: asyncio.Future[Any]) -> None:
    """Return when `work` is done, or after `seconds`; look at `work` for which. It is not cancelled, nor its error
    raised."""
    timer = asyncio.ensure_future(clock.sleep(seconds))
    try:
        await asyncio.wait({work, timer}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        timer.cancel()
