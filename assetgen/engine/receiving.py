"""Bytes from a provider into the store: fetched, checked to be a picture or a video, kept exactly as received."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from assetgen import atomic
from assetgen.digest import Digest
from assetgen.engine.clock import Clock, wait_at_most
from assetgen.engine.events import Stage
from assetgen.engine.line import Line
from assetgen.engine.shop import Job, Shop
from assetgen.errors import PictureError
from assetgen.manifest.recipe import Kind, PixelSize
from assetgen.plan.plan import Ordered
from assetgen.providers.base import Succeeded, TransientError

T = TypeVar("T")

_SAME_SHAPE = 0.05
"""Models round the edges of their pictures: what differs by less is the shape that was asked for."""


class UnusableError(TransientError):
    """What was fetched is no picture that we take. The next try may bring a better one."""

    code = "picture"


@dataclass(frozen=True, slots=True)
class Received:
    """A picture in the store: its digest, and what its bytes say it is."""

    sha256: Digest
    size: PixelSize
    format: str


async def downloaded(shop: Shop, job: Job, line: Line, result: Succeeded, name: str, kind: Kind = "image") -> Received:
    """Fetch a result, a picture or a video, and keep it; says why before each further try. Raises TransientError when
    every try failed (UnusableError if the last one brought neither), GoneError and WriteError; the task can be asked
    again later."""

    async def once() -> Received:
        target = shop.blobs.incoming(name)
        async with line.fetching:
            await line.provider.fetch(result, target)
        try:
            return await _kept(shop, target, kind)
        except PictureError as error:
            words = error.message.replace(f"`{target.name}`", "it")
            raise UnusableError(f"the result is not usable: {words}", hint=error.hint) from error

    return await line.retried(line.provider.retries.fetch, once, TransientError, partial(job.at, Stage.DOWNLOADING))


def disappointed(ordered: Ordered, size: PixelSize) -> str | None:
    """What was asked for, when the picture is of another size; where its size could only be guessed, of another
    shape."""
    expected, ratio = ordered.expected, ordered.asking.request.parameters.get("aspect_ratio")
    if not ordered.guessed:
        return str(expected) if size != expected else None
    stretch = (size.width * expected.height) / (size.height * expected.width)
    return str(ratio) if ratio not in (None, "auto") and abs(stretch - 1) > _SAME_SHAPE else None


async def received(shop: Shop, data: bytes, name: str, kind: Kind = "image") -> Received:
    """Keep a picture or a video that came as bytes. Raises PictureError and WriteError."""
    target = shop.blobs.incoming(name)
    await shop.threads.run(_write, target, data)
    return await _kept(shop, target, kind)


async def _kept(shop: Shop, file: Path, kind: Kind) -> Received:
    """What is refused stays in `incoming`, and is overwritten by the next attempt."""
    size, format_ = await shop.threads.run(looked_at, file, kind)
    digest = await shop.threads.run(shop.blobs.put_file, file)
    return Received(digest, size, format_)


def looked_at(file: Path, kind: Kind) -> tuple[PixelSize, str]:
    """Pixels and format of a file that has to be whole. Raises PictureError."""
    if kind == "video":
        from assetgen.imaging.video.demux import inspect_video

        video = inspect_video(file)
        return video.size, video.format
    from assetgen.imaging.decode import inspect

    picture = inspect(file)
    return PixelSize(picture.width, picture.height), picture.format


def _write(target: Path, data: bytes) -> None:
    with atomic.translated(target):
        target.write_bytes(data)


async def to_its_end(work: Coroutine[Any, Any, T], clock: Clock, seconds: float) -> T:
    """Await `work`; when cancelled, give it so long to end before letting the cancellation pass. For short local work
    whose loss would cost money."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await wait_at_most(clock, seconds, task)
        if not task.cancel() and not task.cancelled():
            task.exception()  # looked at, so that nobody logs it
        raise
