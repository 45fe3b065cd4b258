"""A sliding window over submissions: services reject what exceeds it, and a rejected submission is lost, not queued."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from assetgen.engine.clock import Clock

_MARGIN = 0.05
"""Seconds that a window is kept longer than the service says, for requests that travel at different speeds."""


def wait_for_turn(recent: Collection[float], now: float, limit: int, period: float) -> float:
    """Seconds until one more event may happen, with at most `limit` of them in any `period` seconds.

    `recent` holds the times of the last events, oldest first.
    """
    if len(recent) < limit:
        return 0.0
    oldest = list(recent)[-limit]
    return max(0.0, oldest + period - now)


class SlidingWindow:
    """Grants turns in the order in which they were asked for, at most `limit` in any `period` seconds."""

    def __init__(self, limit: int, period: float, clock: Clock) -> None:
        self._limit = limit
        self._period = period + _MARGIN
        self._clock = clock
        self._granted: deque[float] = deque(maxlen=limit)

    async def turn(self) -> None:
        """Wait for the next free place in the window and take it."""
        now = self._clock.time()
        wait = wait_for_turn(self._granted, now, self._limit, self._period)
        self._granted.append(now + wait)  # taken before waiting, so that nobody else plans with it
        if wait:
            await self._clock.sleep(wait)
