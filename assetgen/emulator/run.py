"""Running an emulator: as a coroutine for the command, as a context manager for tests with and without a loop.

Prints nothing. Listens on this machine unless it is told another host.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import Future
from contextlib import asynccontextmanager, contextmanager
from decimal import Decimal
from typing import Any

from aiohttp import web

from assetgen.digest import Json
from assetgen.emulator.faults import Call, Fault, parse_fault
from assetgen.emulator.options import Options, make_options
from assetgen.emulator.server import Received, Server
from assetgen.errors import UsageError

LOOPBACK = "127.0.0.1"
_PATIENCE = 10
"""Seconds for an emulator in a thread of its own to start or stop."""


class Emulator:
    """A running emulator as others see it. May be read and told things from any thread."""

    def __init__(self, server: Server) -> None:
        self._server = server

    @property
    def base_url(self) -> str:
        """What KIE_AI_BASE_URL has to be."""
        return self._server.home

    @property
    def accepted(self) -> list[Json]:
        """The bodies of the creates that became tasks, in order, also those from the state file."""
        return list(self._server.desk.accepted)

    @property
    def received(self) -> list[Received]:
        """Every request as it came in, whatever became of it."""
        return list(self._server.received)

    @property
    def requests(self) -> int:
        """All requests that came in."""
        return len(self._server.received)

    @property
    def creates(self) -> int:
        """How many creates came in, accepted or not."""
        return self.calls(Call.CREATE)

    @property
    def polls(self) -> int:
        return self.calls(Call.POLL)

    @property
    def downloads(self) -> int:
        return self.calls(Call.DOWNLOAD)

    @property
    def uploads(self) -> int:
        """How many uploads came in, taken or not."""
        return self.calls(Call.UPLOAD)

    @property
    def credits_left(self) -> Decimal:
        return self._server.desk.credits_left

    def calls(self, call: Call) -> int:
        """How many calls of a kind got past the checks of headers."""
        return self._server.counts[call]

    def script(self, *faults: Fault | str) -> None:
        """More faults; they count calls from now on."""
        self._server.script.add(*(fault if isinstance(fault, Fault) else parse_fault(fault) for fault in faults))

    def heal(self) -> None:
        """Forget all faults."""
        self._server.script.clear()

    def watch(self, watcher: Callable[[Call, int], None]) -> None:
        """Have `watcher` called with every call that comes in and its number among its kind, in the emulator's thread
        and before anything is done about it."""
        self._server.watch = watcher

    def finish_all(self) -> None:
        """Let every task that still runs be done now."""
        self._server.desk.finish_all()


@asynccontextmanager
async def emulating(
    options: Options, *, host: str = LOOPBACK, clock: Callable[[], float] = time.monotonic
) -> AsyncIterator[Emulator]:
    """An emulator in the running loop. `clock` counts seconds. Raises UsageError when the port is not to be had."""
    server = Server(options, clock)
    runner = web.AppRunner(server.application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5)
    await runner.setup()
    try:
        server.home = await _listen(runner, host, options.port)
        server.elsewhere = await _listen(runner, host, 0)
        yield Emulator(server)
    finally:
        await server.close()
        await runner.cleanup()


async def serve(
    options: Options,
    *,
    host: str = LOOPBACK,
    ready: Callable[[Emulator], None] | None = None,
    clock: Callable[[], float] = time.monotonic,
) -> None:
    """Run an emulator until cancelled; `ready` is called once it listens."""
    async with emulating(options, host=host, clock=clock) as emulator:
        if ready is not None:
            ready(emulator)
        await asyncio.Event().wait()


@contextmanager
def running_emulator(*, clock: Callable[[], float] = time.monotonic, **options: Any) -> Iterator[Emulator]:
    """An emulator in a thread of its own. `options` are those of `make_options`: latency and faults also as text."""
    ground = _Ground(make_options(**options), clock)
    try:
        yield ground.emulator()
    finally:
        ground.close()


class _Ground:
    """A thread with a loop in which one emulator runs."""

    def __init__(self, options: Options, clock: Callable[[], float]) -> None:
        self._began: Future[tuple[Emulator, asyncio.AbstractEventLoop, asyncio.Event]] = Future()
        self._thread = threading.Thread(target=self._run, args=(options, clock), name="emulator", daemon=True)
        self._thread.start()

    def emulator(self) -> Emulator:
        """The emulator once it listens. Raises what kept it from starting."""
        return self._began.result(_PATIENCE)[0]

    def close(self) -> None:
        if self._began.done() and self._began.exception() is None:
            _, loop, stopped = self._began.result()
            loop.call_soon_threadsafe(stopped.set)
        self._thread.join(_PATIENCE)

    def _run(self, options: Options, clock: Callable[[], float]) -> None:
        try:
            asyncio.run(self._main(options, clock))
        except BaseException as error:
            if self._began.done():
                raise
            self._began.set_exception(error)

    async def _main(self, options: Options, clock: Callable[[], float]) -> None:
        stopped = asyncio.Event()
        async with emulating(options, clock=clock) as emulator:
            self._began.set_result((emulator, asyncio.get_running_loop(), stopped))
            await stopped.wait()


async def _listen(runner: web.AppRunner, host: str, port: int) -> str:
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
    except OSError as error:
        raise UsageError(
            f"the emulator cannot listen on {host}:{port}: {error.strerror or error}",
            hint="choose another port, or 0 for any free one",
        ) from error
    listening = runner.addresses[-1]
    return f"http://{host}:{listening[1]}"
