"""Stand-ins that tests hand to our own code: clocks that never wait or never move, a listener that remembers."""

from __future__ import annotations

import asyncio
import heapq
import itertools

from assetgen.engine.events import Outcome, Result, Stage
from assetgen.manifest.recipe import AssetId

ROUNDS = 50
"""Turns of the event loop that must pass quietly before time moves on."""


class FakeClock:
    """Time that passes only by sleeping. Starts at `now`; `slept` lists every sleep asked for, in seconds.

    Sleepers wake in the order of their deadlines, each after everything that could run before it has run, as on a
    real clock. Waiting for sockets and threads takes no time on it: it suits code whose other parts are fakes too.
    """

    def __init__(self, now: float = 1_000.0) -> None:
        self.now = now
        self.slept: list[float] = []
        self._sleepers: list[tuple[float, int]] = []
        self._order = itertools.count()
        self._changes = 0

    def time(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass for whoever looks at the clock without sleeping."""
        self.now += seconds
        self._changes += 1

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        sleeper = (self.now + max(0.0, seconds), next(self._order))
        heapq.heappush(self._sleepers, sleeper)
        self._changes += 1
        try:
            await self._quiet()
            while self._sleepers[0] != sleeper:
                await self._quiet()
            self.now = max(self.now, sleeper[0])
        finally:
            self._sleepers.remove(sleeper)
            heapq.heapify(self._sleepers)
            self._changes += 1

    async def _quiet(self) -> None:
        """Return once nobody has gone to sleep or woken for a while."""
        seen, rounds = self._changes, 0
        while rounds < ROUNDS:
            await asyncio.sleep(0)
            rounds = rounds + 1 if seen == self._changes else 0
            seen = self._changes


class StoppedClock:
    """Time stands still: whoever sleeps sleeps for ever, so that what goes on was woken by something else."""

    def time(self) -> float:
        return 1_000.0

    async def sleep(self, seconds: float) -> None:
        await asyncio.Event().wait()


class RecordingListener:
    """Remembers what the engine said, in order."""

    def __init__(self) -> None:
        self.assets: tuple[AssetId, ...] = ()
        self.moves: list[tuple[AssetId, Stage, str]] = []
        self.outcomes: dict[AssetId, Outcome] = {}
        self.messages: list[str] = []

    def began(self, assets: tuple[AssetId, ...]) -> None:
        self.assets = assets

    def moved(self, asset: AssetId, stage: Stage, detail: str = "") -> None:
        self.moves.append((asset, stage, detail))

    def ended(self, outcome: Outcome) -> None:
        assert outcome.asset not in self.outcomes, f"{outcome.asset} ended twice"
        self.outcomes[outcome.asset] = outcome

    def said(self, message: str) -> None:
        self.messages.append(message)

    def stages(self, name: str) -> list[Stage]:
        """The stages that an asset went through, repetitions left out."""
        return [stage for stage, _ in itertools.groupby(stage for asset, stage, _ in self.moves if asset.name == name)]

    def results(self) -> dict[str, Result]:
        """How each asset ended, by name."""
        return {asset.name: outcome.result for asset, outcome in self.outcomes.items()}
