"""Waiting that may be cut short: whoever hears that a task is done, such as a webhook, says so here.

A word is a hint to look at once. It may come twice, for nothing, or before the task is known; without any word a wait
is just as long as it was meant to be. Knows no network.
"""

from __future__ import annotations

import asyncio

from assetgen.engine.clock import Clock, wait_at_most

MOST_KEPT = 10_000
"""How many task ids are remembered. Words about more that nobody waits for are forgotten: strangers may be talking."""


class Wakeups:
    """One bell for each task."""

    def __init__(self) -> None:
        self._bells: dict[str, asyncio.Event] = {}

    def wake(self, task: str) -> None:
        """End the current wait for a task, or its next one."""
        if task in self._bells or len(self._bells) < MOST_KEPT:
            self._bell(task).set()

    async def pause(self, task: str, seconds: float, clock: Clock) -> None:
        """Let `seconds` pass, or less when somebody says meanwhile, or has said since the last pause, that the task is
        done."""
        bell = self._bell(task)
        ringing = asyncio.ensure_future(bell.wait())
        try:
            await wait_at_most(clock, seconds, ringing)
        finally:
            ringing.cancel()
        bell.clear()

    def _bell(self, task: str) -> asyncio.Event:
        return self._bells.setdefault(task, asyncio.Event())
