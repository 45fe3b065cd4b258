"""A sliding window over submissions: services reject what exceeds it, and a rejected submission is lost, not queued.

What counts for a service is when a request reaches it, which lies somewhere between its sending and its answer.
"""

from __future__ import annotations

from collections.abc import Sequence

from assetgen.engine.clock import Clock

_MARGIN = 0.05
"""Seconds that a window is kept longer than the service says, for requests that travel at different speeds."""

_HAIR = 0.001
"""Seconds: nobody goes to sleep for less."""


def wait_for_turn(recent: Sequence[float], now: float, limit: int, period: float) -> float:
    """Seconds until one more event may happen, with at most `limit` of them in any `period` seconds.

    `recent` holds the times of the last events, oldest first.
    """
    if len(recent) < limit:
        return 0.0
    return max(0.0, recent[-limit] + period - now)


class SlidingWindow:
    """Grants turns in the order in which they were asked for, at most `limit` in any `period` seconds."""

    def __init__(self, limit: int, period: float, clock: Clock) -> None:
        self._limit = limit
        self._period = period + _MARGIN
        self._clock = clock
        self._times: list[float] = []

    async def turn(self) -> int:
        """Wait for the next free place in the window and take it; returns its number."""
        number = len(self._times)
        wait = self._wait(number)
        self._times.append(self._clock.time() + wait)  # taken before waiting, so that nobody else plans with it
        while wait > _HAIR:
            await self._clock.sleep(wait)
            wait = self._wait(number)  # longer than planned where an answer came late
        self._times[number] = self._clock.time()
        return number

    def answered(self, number: int) -> None:
        """The service answered the request of this turn: it was there by now, and cannot have been counted later."""
        self._times[number] = self._clock.time()

    def _wait(self, number: int) -> float:
        return wait_for_turn(self._times[:number], self._clock.time(), self._limit, self._period)
