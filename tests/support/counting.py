"""A provider that makes small pictures at once and counts: for tests of what is ordered, not of how."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from assetgen.digest import canonical_json, digest_of
from assetgen.providers.base import (
    ONCE,
    Accepted,
    GoneError,
    Order,
    ProviderContext,
    Running,
    Succeeded,
    TaskId,
    TaskState,
)
from tests.support.pictures import png, subject

EDGE = 64
"""Pixels of each picture's edges."""


class CountingProvider:
    """Takes every order, finishes it before the first poll. `orders` are all submissions, in order; two submissions of
    one request give two different pictures, as a real service would: a subject on white, or when `plain` nothing but a
    colour."""

    name = "fake"
    retries = ONCE

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.plain = False

    def provide(self, name: str, context: ProviderContext) -> CountingProvider:
        assert name == self.name, f"nothing but the fake provider should be asked, not {name}"
        return self

    async def submit(self, order: Order) -> Accepted:
        self.orders.append(order)
        return Accepted(TaskId(f"task-{len(self.orders)}"))

    async def poll(self, task: TaskId) -> TaskState:
        return Succeeded((task,), Decimal("0.09"))

    async def fetch(self, result: Succeeded, target: Path) -> None:
        number = int(result.urls[0].removeprefix("task-"))
        if number > len(self.orders):
            raise GoneError(f"no {result.urls[0]}")
        order = self.orders[number - 1]
        seed = digest_of(canonical_json([order.prompt, number]))
        color = (int(seed[:2], 16) // 2, int(seed[2:4], 16) // 2, int(seed[4:6], 16) // 2)
        data = png(EDGE, EDGE, color) if self.plain else subject(EDGE, EDGE, color)
        target.write_bytes(data)  # noqa: ASYNC240 - a few bytes

    async def close(self) -> None:
        """Holds nothing."""


class SlowProvider(CountingProvider):
    """Takes orders like the other, and finishes none while it is `busy`."""

    def __init__(self) -> None:
        super().__init__()
        self.busy = False

    async def poll(self, task: TaskId) -> TaskState:
        return Running("queuing") if self.busy else await super().poll(task)


class InstantClock:
    """Time in which every sleep is over at once."""

    def __init__(self) -> None:
        self._now = 0.0

    def time(self) -> float:
        return self._now

    async def sleep(self, seconds: float) -> None:
        self._now += seconds
