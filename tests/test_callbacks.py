"""Builds that are told when a picture is done: on a clock that stands still only a callback can end a wait, and without
any callback nothing is different but the time."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, nullcontext
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from assetgen import build
from assetgen.build import Callbacks, Limits, Report
from assetgen.digest import Json
from assetgen.emulator.options import make_options
from assetgen.emulator.run import Emulator, emulating, running_emulator
from assetgen.engine.clock import MONOTONIC, Clock
from assetgen.plan.plan import Options
from assetgen.project import load
from assetgen.providers.webhook import signature
from assetgen.store.folder import state_path
from assetgen.store.state import State
from tests.support.fakes import RecordingListener, StoppedClock
from tests.support.kie import KEY, SMALL
from tests.support.network import free_port
from tests.support.space import Space

NAMES = ("coin", "gem", "star")
HOOK_KEY = "whsec-0123456789"
LIMIT = 10
"""Seconds after which a test gives up; nothing here waits for them."""


def write(space: Space) -> None:
    space.write(".git/HEAD", "")
    tuning = "providers: {kie: {poll_initial: 0.02, poll_max: 0.02}}\n"
    assets = "".join(f"  {name}: {{prompt: A {name}, sizes: [24]}}\n" for name in NAMES)
    space.write("app.yaml", f"version: 1\n{tuning}assets:\n{assets}")


class Site:
    """A project beside an emulator in the same loop. Posts go to `port`."""

    def __init__(self, space: Space, emulator: Emulator) -> None:
        self.space = space
        self.emulator = emulator
        self.port = free_port()
        self.listener = RecordingListener()
        self.url = f"http://127.0.0.1:{self.port}/kie"

    async def build(self, clock: Clock, callbacks: Callbacks | None, *only: str, **environ: str) -> Report:
        environ = {"KIE_AI_BASE_URL": self.emulator.base_url, "KIE_AI_API_KEY": KEY} | environ
        root = self.space.root
        project = load([root / "app.yaml"], environ=environ, cwd=root, catalog=SMALL)
        options = Options(provider="kie", only=only)
        async with asyncio.timeout(LIMIT):
            return await build.build(project, options, Limits(callbacks=callbacks), self.listener, clock)

    @property
    def tasks(self) -> list[str]:
        """The ids of the tasks that are in the journal."""
        with State.open_for_reading(state_path(self.space.root)) or nullcontext() as state:
            return [task.task for task in state.journal.open_tasks().values() if task.task] if state else []

    async def post(self, body: Any, **headers: str) -> int:
        async with aiohttp.ClientSession() as session, session.post(self.url, json=body, headers=headers) as answer:
            return answer.status


@asynccontextmanager
async def site(space: Space, *faults: str, **options: Any) -> AsyncIterator[Site]:
    write(space)
    async with emulating(make_options(faults=faults, catalog=SMALL, **options)) as emulator:
        yield Site(space, emulator)


@asynccontextmanager
async def tunnel(hand_on: Callable[[bytes, str], Any]) -> AsyncIterator[str]:
    """The public address of a tunnel; `hand_on` is awaited with each body and the task that it is about."""

    async def take(request: web.Request) -> web.Response:
        body = await request.json()
        await hand_on(body, body["data"]["taskId"])
        return web.Response()

    application = web.Application()
    application.router.add_post("/in", take)
    runner = web.AppRunner(application)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/in"
    finally:
        await runner.cleanup()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(LIMIT):
        while not condition():  # noqa: ASYNC110 - what is waited for happens in other threads and processes too
            await asyncio.sleep(0.01)


def results(report: Report) -> list[str]:
    return [outcome.result.value for outcome in report.outcomes]


# --- callbacks that come -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("latency", [0, 0.05])
async def test_only_callbacks_end_the_wait(space: Space, latency: float) -> None:
    """Without latency they come before the answer that tells us the task's id."""
    async with site(space, latency=latency) as there:
        report = await there.build(StoppedClock(), Callbacks(there.url, there.port))
        assert results(report) == ["built"] * 3
        assert (there.emulator.creates, there.emulator.polls) == (3, 3)
        assert all(isinstance(body, dict) and body["callBackUrl"] == there.url for body in there.emulator.accepted)
        assert there.listener.messages == []


async def test_a_task_of_an_earlier_build_is_woken_too(space: Space) -> None:
    async with site(space, latency="inf") as there:
        callbacks = Callbacks(there.url, there.port)
        first = asyncio.ensure_future(there.build(StoppedClock(), callbacks))
        await until(lambda: there.emulator.creates == 3)
        await until(lambda: len(there.tasks) == 3)
        first.cancel()
        assert (await first).interrupted
        there.listener = RecordingListener()
        second = asyncio.ensure_future(there.build(StoppedClock(), callbacks))
        await until(lambda: there.emulator.polls == 3)
        there.emulator.finish_all()
        assert results(await second) == ["built"] * 3
        assert there.emulator.creates == 3


async def test_the_address_is_no_part_of_a_request(space: Space) -> None:
    async with site(space) as there:
        await there.build(StoppedClock(), Callbacks(there.url, there.port))
        lock = space.read("app.lock")
        assert str(there.port) not in lock
        assert b"/kie" not in b"".join(path.read_bytes() for path in (space.root / ".assetgen").glob("state.sqlite*"))
        before, there.listener = there.emulator.requests, RecordingListener()
        assert results(await there.build(MONOTONIC, None)) == ["up-to-date"] * 3
        there.listener = RecordingListener()
        another = Callbacks("https://another.example/", free_port())
        assert results(await there.build(MONOTONIC, another)) == ["up-to-date"] * 3
        assert (there.emulator.requests, space.read("app.lock")) == (before, lock)


async def test_repeated_strange_and_early_posts_change_nothing(space: Space) -> None:
    async with site(space, latency="inf") as there:
        building = asyncio.ensure_future(there.build(StoppedClock(), Callbacks(there.url, there.port), "coin"))
        await until(lambda: len(there.tasks) == 1)
        (task,) = there.tasks
        strangers: list[Json] = ["", None, [], {"data": {"taskId": "somebody-elses"}}]
        for strange in strangers:
            assert await there.post(strange) in (200, 400)
        assert there.emulator.polls == 0
        for polls in (1, 2):
            assert await there.post({"data": {"taskId": task, "state": "success"}}) == 200
            await until(lambda polls=polls: there.emulator.polls == polls)  # type: ignore[misc]
        assert not building.done()
        there.emulator.finish_all()
        for _ in range(3):
            assert await there.post({"data": {"taskId": task}}) == 200
        assert results(await building) == ["built"]
        assert there.emulator.creates == 1


# --- signed callbacks ----------------------------------------------------------------------------------------------


async def test_signed_callbacks_end_the_wait(space: Space) -> None:
    async with site(space) as there:

        async def sign(body: Any, task: str) -> None:
            stamp = str(int(time.time()))
            headers = {"X-Webhook-Timestamp": stamp, "X-Webhook-Signature": signature(task, stamp, HOOK_KEY)}
            assert await there.post(body) == 401
            assert await there.post(body, **headers) == 200

        async with tunnel(sign) as public:
            report = await there.build(StoppedClock(), Callbacks(public, there.port), KIE_AI_WEBHOOK_KEY=HOOK_KEY)
        assert results(report) == ["built"] * 3
        assert there.listener.messages == [
            "3 of 6 callbacks were not signed with KIE_AI_WEBHOOK_KEY and counted for nothing: compare it with the "
            "webhook key in the settings of the service"
        ]


async def test_unsigned_callbacks_only_leave_the_polling(space: Space) -> None:
    async with site(space, latency=0.01) as there:
        report = await there.build(MONOTONIC, Callbacks(there.url, there.port), KIE_AI_WEBHOOK_KEY=HOOK_KEY)
        assert results(report) == ["built"] * 3
        assert there.emulator.creates == 3


# --- callbacks that do not come --------------------------------------------------------------------------------------


async def lose(body: bytes, task: str) -> None:
    """A tunnel that leads nowhere."""


async def test_losing_every_callback_changes_nothing_but_the_time(space: Space) -> None:
    async with site(space, "poll:1-2:code-429", latency=0.05) as there, tunnel(lose) as public:
        report = await there.build(MONOTONIC, Callbacks(public, there.port))
        assert results(report) == ["built"] * 3
        assert there.emulator.creates == 3
        with_callbacks = space.tree()
        (space.root / "app.lock").unlink()
        for folder in ("output", ".assetgen"):
            shutil.rmtree(space.root / folder)
    async with site(space, latency=0.05) as there:
        await there.build(MONOTONIC, None)
        assert space.tree() == with_callbacks


# --- the command ---------------------------------------------------------------------------------------------------


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with running_emulator(catalog=SMALL) as running:
        yield running


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--callback-url", "https://x.example"], "--callback-url and --callback-port go together"),
        (["--callback-port", "8099"], "--callback-url and --callback-port go together"),
        (["--callback-url", "x.example", "--callback-port", "8099"], "--callback-url is not a web address"),
        (["--callback-url", "https://x.example", "--callback-port", "0"], "invalid value for '--callback-port'"),
        (
            ["--callback-url", "http://127.0.0.1:8099", "--callback-port", "8099"],
            "--callback-url names this machine, which the service cannot reach from outside",
        ),
    ],
)
def test_wrong_use_is_said_before_anything_is_done(space: Space, arguments: list[str], message: str) -> None:
    write(space)
    before = space.tree(store=True)
    result = space.run("build", "app.yaml", "--provider", "kie", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
    assert space.tree(store=True) == before


def test_the_command_listens_and_is_called(space: Space, emulator: Emulator) -> None:
    write(space)
    port = str(free_port())
    env = {"KIE_AI_BASE_URL": emulator.base_url}
    flags = ("--callback-url", f"http://127.0.0.1:{port}/kie", "--callback-port", port)
    space.run_ok("build", "app.yaml", "--provider", "kie", *flags, env=env)
    assert emulator.creates == 3
    space.run_ok("build", "app.yaml", "--provider", "kie", *flags, env=env)
    assert emulator.creates == 3


def test_a_taken_port_stops_the_build_before_anything_is_sent(space: Space, emulator: Emulator) -> None:
    write(space)
    port = emulator.base_url.rpartition(":")[2]
    flags = ("--callback-url", "https://x.example/", "--callback-port", port)
    result = space.run("build", "app.yaml", "--provider", "kie", *flags, env={"KIE_AI_BASE_URL": emulator.base_url})
    assert result.exit_code == 2
    assert f"cannot listen for callbacks on 127.0.0.1:{port}: Address already in use" in result.stderr
    assert emulator.requests == 0
