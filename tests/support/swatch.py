"""A provider that paints one flat colour: the smallest thing that works."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image

from assetgen.providers.base import (
    ONCE,
    Executor,
    Finished,
    GoneError,
    Order,
    ProviderContext,
    RefusedError,
    Succeeded,
    TaskId,
    TaskState,
)


class Swatch:
    """Answers each order at once with a plain picture in the first colour of the brand. Free, needs no key."""

    name = "swatch"
    retries = ONCE  # what failed once fails again

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def submit(self, order: Order) -> Finished:
        colors = tuple(order.drawing.colors.values())
        if not colors:
            raise RefusedError("swatch has no colour to paint with", hint="give the brand one, under `colors`")
        size = (order.expected.width, order.expected.height)
        return Finished(await self._executor.run(paint, size, colors[0]))

    async def poll(self, task: TaskId) -> TaskState:
        raise GoneError(f"swatch knows no task {task}", hint="build again: swatches are free")

    async def fetch(self, result: Succeeded, target: Path) -> None:
        raise GoneError("swatch keeps no results", hint="build again: swatches are free")

    async def close(self) -> None:
        """Holds nothing."""


def paint(size: tuple[int, int], color: str) -> bytes:
    """A PNG of `size` (width, height in pixels)."""
    file = BytesIO()
    Image.new("RGB", size, color).save(file, "PNG")
    return file.getvalue()


def swatch(context: ProviderContext) -> Swatch:
    """What the entry point names: makes the provider from what a run has."""
    return Swatch(context.executor)
