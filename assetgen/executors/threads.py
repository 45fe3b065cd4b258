"""CPU work on threads: a pool as wide as `jobs`, and a gate that lets one memory-hungry piece of work in at a time.

Knows nothing of pictures. The codecs release the GIL, so threads run them in parallel.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self, TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_M_MMAP_THRESHOLD = -3
"""A parameter of glibc's `mallopt`: see mallopt(3)."""

_LARGE_BLOCK = 4 << 20
"""Bytes."""


class Threads:
    """Runs blocking functions off the event loop, at most `jobs` at once (default: one per CPU).

    Functions begin in the order in which they are handed in. Work in several pieces goes into `async with
    threads.chain`, which lets in as many as keep the threads busy: so what is begun is finished before more is begun,
    instead of the last pieces of all coming after the first pieces of all.

    A thread cannot be stopped. When the await of a running function is cancelled the function runs to its end, and
    only then is its place free again; one that has not begun never runs. To be used from one event loop.
    """

    def __init__(self, jobs: int | None = None) -> None:
        _give_large_blocks_back()
        self.jobs = jobs or os.cpu_count() or 1
        self._pool = ThreadPoolExecutor(self.jobs, thread_name_prefix="assetgen")
        self.chain = asyncio.Semaphore(2 * self.jobs)
        self._gate = asyncio.Semaphore(1)

    async def run(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """The result of `function(*args)`, or its exception. RuntimeError once closed."""
        return await asyncio.wrap_future(self._pool.submit(function, *args))

    async def run_large(self, function: Callable[[*Ts], T], *args: *Ts) -> T:
        """As `run`, for work that needs much memory: one at a time, in order of asking."""
        await self._gate.acquire()
        try:
            work = self._pool.submit(function, *args)
        except RuntimeError:
            self._gate.release()
            raise
        self._release_after(work)
        return await asyncio.wrap_future(work)

    async def close(self) -> None:
        """Lets no further work begin, and returns when what runs has ended."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        await asyncio.to_thread(self._pool.shutdown)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    def _release_after(self, work: Future[T]) -> None:
        """Opens the gate when `work` has really ended, which may be after nobody waits for it any more."""
        loop = asyncio.get_running_loop()
        work.add_done_callback(lambda _: loop.call_soon_threadsafe(self._gate.release))


def _give_large_blocks_back() -> None:
    """Have glibc return large blocks to the system as soon as they are freed, for 3 % more processor time.

    Left alone it soon keeps them for later, in a heap of each thread: over 200 pictures of 4K the peak then creeps from
    500 to 600 MB. Other C libraries have no such call.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(_M_MMAP_THRESHOLD, _LARGE_BLOCK)
