"""The removers of one run: each opened when it is first used, and whether asking the service still makes sense."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from assetgen.digest import StepKey
from assetgen.errors import AssetError
from assetgen.plan.plan import Kept
from assetgen.plan.world import StoredCutout
from assetgen.removers.base import Remover, StopRemovingError

CALLS = 4
"""Calls of the service at once: one that runs on a machine of one's own does one picture after the other."""


class NotAskedError(AssetError):
    """The service was not asked for this asset because asking made no sense any more; it counts as skipped."""

    code = "not_sent"


@dataclass(slots=True)
class Cutters:
    """The removers of one run, opened when first used. `under_way` are the removals of this run by key: two assets
    with one picture have its background removed once; `ordered` are the orders for that."""

    open_remover: Callable[[str], Remover]
    dice: Random = field(default_factory=Random)
    under_way: dict[StepKey, asyncio.Future[StoredCutout]] = field(default_factory=dict)
    ordered: dict[StepKey, asyncio.Future[Kept]] = field(default_factory=dict)
    calls: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(CALLS))
    refusal: StopRemovingError | None = None
    _open: dict[str, Remover] = field(default_factory=dict)

    def to(self, name: str) -> Remover:
        """The remover called `name`. Raises what opening it raised."""
        if name not in self._open:
            self._open[name] = self.open_remover(name)
        return self._open[name]

    def check(self) -> None:
        """Raises NotAskedError once all calls of the service are refused."""
        if self.refusal is not None:
            raise NotAskedError(f"not sent: no call of the service can succeed any more ({self.refusal.code})")

    def refused(self, refusal: StopRemovingError) -> AssetError:
        """Ask no more. Returns what the asset that met the refusal ends with: the first one with the refusal itself;
        the others, whose calls were on their way then, as if nothing had been sent for them."""
        first, self.refusal = self.refusal is None, self.refusal or refusal
        return refusal if first else NotAskedError(f"not sent: the service refuses all calls ({refusal.code})")

    async def close(self) -> None:
        for remover in self._open.values():
            await remover.close()
