"""A small KIE for tests: a catalog whose pictures are tiny, orders for it, and the provider on an emulator."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from assetgen.catalog import Catalog
from assetgen.catalog.models import NANO_BANANA_PRO
from assetgen.emulator.options import make_options
from assetgen.emulator.run import Emulator, emulating
from assetgen.manifest.recipe import Drawing, PixelSize
from assetgen.providers.base import Order
from assetgen.providers.http import Timeouts
from assetgen.providers.kie import Kie

SMALL = Catalog(models={"nano-banana-pro": replace(NANO_BANANA_PRO, sizes={("1:1", "1K"): (48, 48)})})
"""As the real catalog, with pictures that are drawn in no time."""

KEY = "kie-secret-0123456789"
QUICK = Timeouts(connect=5, call=5, stall=5, download=5)
IMPATIENT = Timeouts(connect=5, call=0.1, stall=0.1, download=5)
"""For faults that never answer."""


def order(prompt: str = "A coin", *, links: tuple[str, ...] = (), **input_: Any) -> Order:
    parameters = {"aspect_ratio": "1:1", "resolution": "1K"}
    drawing = Drawing("coin", {}, False)
    return Order("nano-banana-pro", prompt, parameters, input_, drawing, PixelSize(48, 48), links=links)


@asynccontextmanager
async def kie_on_emulator(
    *faults: str,
    key: str = KEY,
    timeouts: Timeouts = QUICK,
    clock: Callable[[], float] = time.monotonic,
    emulator_clock: Callable[[], float] = time.monotonic,
    largest: int = 10_000_000,
    **options: Any,
) -> AsyncIterator[tuple[Kie, Emulator]]:
    """The provider and the emulator that it talks to. `clock` is the provider's."""
    async with emulating(make_options(faults=faults, catalog=SMALL, **options), clock=emulator_clock) as emulator:
        kie = Kie(key, SMALL.models, address=emulator.base_url, timeouts=timeouts, largest=largest, clock=clock)
        try:
            yield kie, emulator
        finally:
            await kie.close()
