"""Ctrl-C and SIGTERM while a coroutine runs: the first cancels it and lets it put things right, the second kills."""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any, TypeVar

T = TypeVar("T")

SIGNALS = (signal.SIGINT, signal.SIGTERM)

INTERRUPTED = 130
"""Exit code of everything that was interrupted."""

SHOW_CURSOR = b"\x1b[?25h\r\n"


def run_until_stopped(work: Coroutine[Any, Any, T], stopping: Callable[[], None]) -> T:
    """Run `work` to its end and return its result.

    A signal calls `stopping` and cancels it once; a second one ends the process at once. Raises KeyboardInterrupt when
    the work let itself be cancelled; work that returns nevertheless has its result returned.
    """
    with asyncio.Runner() as runner:
        stop = _Stop(runner.get_loop(), stopping)
        with _hearing(stop.heard):
            try:
                return runner.run(stop.watch(work))
            except asyncio.CancelledError:
                raise KeyboardInterrupt from None


class _Stop:
    """Remembers whether we were asked to stop. `heard` runs as a signal handler and therefore only leaves word."""

    def __init__(self, loop: asyncio.AbstractEventLoop, stopping: Callable[[], None]) -> None:
        self._loop = loop
        self._stopping = stopping
        self._task: asyncio.Task[Any] | None = None
        self._asked = False

    async def watch(self, work: Coroutine[Any, Any, T]) -> T:
        self._task = asyncio.current_task()
        return await work

    def heard(self, _signal: int, _frame: FrameType | None) -> None:
        if self._asked:
            _kill()
        self._asked = True
        self._loop.call_soon_threadsafe(self._cancel)

    def _cancel(self) -> None:
        if self._task and not self._task.done():
            self._stopping()
            self._task.cancel()


@contextmanager
def _hearing(handler: Callable[[int, FrameType | None], None]) -> Iterator[None]:
    """Send both signals to `handler`. Only a program's main thread hears signals."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.signal(number, handler) for number in SIGNALS}
    try:
        yield
    finally:
        for number, earlier in before.items():
            signal.signal(number, earlier)


def _kill() -> None:
    """End at once. What is recorded stays recorded: the journal is written ahead of everything that costs."""
    if os.isatty(2):
        os.write(2, SHOW_CURSOR)
    os._exit(INTERRUPTED)
