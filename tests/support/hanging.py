"""Hanging one await of a program for ever: every place where its tasks wait, found by running it, one at a time.

Works on any coroutine as it is, through the task factory of the loop: nothing under test knows of it.
"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable, Coroutine, Generator
from typing import Any, TypeVar

T = TypeVar("T")

Place = tuple[str, int]
"""A file and a line that waits, or waits for something that does."""


class Hang:
    """Counts every time that a task is about to wait; the one with number `at` (from 0) never ends, except by being
    cancelled. `waits` are all of them so far, each with the places that it came through, outermost first."""

    def __init__(self, at: int | None = None) -> None:
        self.reached = asyncio.Event()
        self.waits: list[tuple[Place, ...]] = []
        self._at = at

    def strikes(self, work: Coroutine[Any, Any, Any]) -> bool:
        struck = len(self.waits) == self._at
        self.waits.append(_places(work))
        if struck:
            self.reached.set()
        return struck


def _places(work: Any) -> tuple[Place, ...]:
    places = []
    while (frame := getattr(work, "cr_frame", None)) is not None:
        places.append((frame.f_code.co_filename, frame.f_lineno))
        work = work.cr_await
    return tuple(places)


class _Watched:
    """An awaitable that does the work of a coroutine, and lets `hang` decide about each of its waits."""

    def __init__(self, work: Coroutine[Any, Any, T], hang: Hang) -> None:
        self._work = work
        self._hang = hang

    def __await__(self) -> Generator[Any, Any, Any]:
        step: Callable[[], Any] = functools.partial(self._work.send, None)
        while True:
            try:
                awaited = step()
            except StopIteration as end:
                return end.value
            try:
                if self._hang.strikes(self._work):
                    yield from asyncio.Future[None]().__await__()
                step = functools.partial(self._work.send, (yield awaited))
            except BaseException as error:
                if isinstance(awaited, asyncio.Future):
                    awaited.cancel()
                step = functools.partial(self._work.throw, error)


async def _all_of(watched: _Watched) -> Any:
    return await watched


async def run_until_it_hangs(work: Coroutine[Any, Any, T], hang: Hang) -> T:
    """Run `work` in tasks that are watched. When it hangs it is cancelled once; whatever it then returns or raises."""
    loop = asyncio.get_running_loop()

    def watched(loop: asyncio.AbstractEventLoop, work: Any, **extra: Any) -> asyncio.Task[Any]:
        return asyncio.Task(_all_of(_Watched(work, hang)), loop=loop, **extra)

    loop.set_task_factory(watched)
    try:
        task = loop.create_task(work)
    finally:
        reached = asyncio.Task(hang.reached.wait(), loop=loop)
    try:
        await asyncio.wait({task, reached}, return_when=asyncio.FIRST_COMPLETED)
        if not task.done():
            task.cancel()
        return await task
    finally:
        loop.set_task_factory(None)
        reached.cancel()
