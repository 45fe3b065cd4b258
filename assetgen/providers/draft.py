"""The embedded provider: draws placeholders for nothing, offline, at the size that the real model would return.

Has no tasks: every order is finished when it is submitted.
"""

from __future__ import annotations

from pathlib import Path

from assetgen.digest import Json, canonical_json, digest_of
from assetgen.imaging.draw import placeholder_png
from assetgen.providers.base import ONCE, Executor, Finished, GoneError, Order, Succeeded, TaskId, TaskState


class Draft:
    """Draws each order from its name, colours and request: equal orders give equal bytes."""

    name = "draft"
    retries = ONCE

    def __init__(self, executor: Executor) -> None:
        self._executor = executor

    async def submit(self, order: Order) -> Finished:
        draw = _video if order.kind == "video" else _picture
        return Finished(await self._executor.run(draw, order))

    async def poll(self, task: TaskId) -> TaskState:
        raise _nothing_there(task)

    async def fetch(self, result: Succeeded, target: Path) -> None:
        raise _nothing_there(*result.urls, target.name)

    async def close(self) -> None:
        """Holds nothing."""


SECONDS = 5
"""Length of a video that nobody says the length of."""


def _picture(order: Order) -> bytes:
    return placeholder_png(order.expected, order.drawing, seed_of(order), caption_of(order))


def _video(order: Order) -> bytes:
    """As long as the real one. Needs the extra for videos, which only they import."""
    from assetgen.imaging.video.placeholder import placeholder_mp4

    return placeholder_mp4(order.expected, _seconds(order), order.drawing, seed_of(order), caption_of(order))


def _seconds(order: Order) -> int:
    seconds = order.parameters.get("duration")
    return seconds if isinstance(seconds, int) else SECONDS


def seed_of(order: Order) -> str:
    """What chooses the composition: the request and its takes. Another prompt, or a re-roll, looks different."""
    request: dict[str, Json] = {
        "model": order.model,
        "prompt": " ".join(order.prompt.split()),
        "parameters": order.parameters,
        "input": order.input,
        "takes": [order.take, order.reroll, *([order.variant] if order.variant > 1 else [])],
    }
    return digest_of(canonical_json(request))


def caption_of(order: Order) -> str:
    """Pixel size, ratio, length and the word that says what this is: `1024 x 1024 · 1:1 · draft`."""
    size = order.expected
    ratio = order.parameters.get("aspect_ratio")
    length = [f"{_seconds(order)} s"] if order.kind == "video" else []
    return " · ".join([f"{size.width} x {size.height}", *([str(ratio)] if ratio else []), *length, "draft"])


def _nothing_there(*what: str) -> GoneError:
    return GoneError(f"the draft provider keeps nothing: {', '.join(what)}", hint="build again: drafts are free")
