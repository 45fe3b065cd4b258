"""Every await of the engine hung once and cancelled there: what was ordered is never lost, and never ordered twice.

One asset at a time, in every way that it can come by its picture, so that each run waits at the same places.
"""

from __future__ import annotations

import ast
import asyncio
import itertools
import shutil
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import nullcontext, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from assetgen import build
from assetgen.catalog import Catalog
from assetgen.catalog.models import NANO_BANANA_PRO
from assetgen.engine.clock import Clock
from assetgen.engine.ordering import GRACE
from assetgen.imaging.decode import inspect
from assetgen.lock import read_lock
from assetgen.plan.plan import Options
from assetgen.project import load
from assetgen.providers.base import (
    Finished,
    Order,
    Provider,
    ProviderContext,
    Running,
    Submission,
    Succeeded,
    TaskId,
    TaskState,
)
from assetgen.providers.registry import provider_named
from assetgen.store.folder import state_path
from assetgen.store.state import State
from tests.support.counting import CountingProvider, InstantClock
from tests.support.fakes import FakeClock, StoppedClock
from tests.support.hanging import Hang, Place, run_until_it_hangs
from tests.support.pictures import png

MODEL = replace(NANO_BANANA_PRO, provider="fake")
CATALOG = Catalog(providers=("draft", "fake"), models={MODEL.id: MODEL})
ENGINE = Path(build.__file__).parent / "engine"


class Slow(CountingProvider):
    """Waits before and after everything that it does: an answer may be lost on both ways. A task is done when it is
    asked for the second time, or never while `stuck`; `at_once` answers with the picture instead of a task."""

    stuck = False
    at_once = False

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[TaskId] = set()

    async def submit(self, order: Order) -> Submission:  # type: ignore[override]  # it may know better
        await asyncio.sleep(0)
        accepted = await super().submit(order)
        await asyncio.sleep(0)
        return Finished(png(32, 32)) if self.at_once else accepted

    async def poll(self, task: TaskId) -> TaskState:
        await asyncio.sleep(0)
        if self.stuck or task not in self.asked:
            self.asked.add(task)
            return Running("generating")
        return await super().poll(task)

    async def fetch(self, result: Succeeded, target: Path) -> None:
        await asyncio.sleep(0)
        await super().fetch(result, target)
        await asyncio.sleep(0)

    async def close(self) -> None:
        await asyncio.sleep(0)


EVERYTHING = Options()
MANIFEST = "version: 1\ndefaults: {provider: fake, sizes: [24]}\nassets:\n  coin: {prompt: A coin}\n"


class House:
    """A project of its own, and the service that it orders from."""

    def __init__(self, root: Path, provider: Slow) -> None:
        self.root = root
        self.provider = provider
        (root / ".git").mkdir(parents=True, exist_ok=True)

    def write(self, manifest: str) -> None:
        (self.root / "app.yaml").write_text(manifest)

    def edit(self, old: str, new: str) -> None:
        text = (self.root / "app.yaml").read_text()
        assert old in text
        self.write(text.replace(old, new))

    def started(self, options: Options = EVERYTHING, clock: Clock | None = None) -> Coroutine[Any, Any, build.Report]:
        project = load([self.root / "app.yaml"], environ={}, cwd=self.root, catalog=CATALOG)
        clock = clock or InstantClock()
        return build.build(project, options, build.Limits(jobs=1), clock=clock, provide=self.provide)

    async def build(self, options: Options = EVERYTHING) -> build.Report:
        return await self.started(options)

    async def hung(self, options: Options, hang: Hang) -> None:
        with suppress(asyncio.CancelledError):  # so late that there is no report any more
            await run_until_it_hangs(self.started(options), hang)

    def provide(self, name: str, context: ProviderContext) -> Provider:
        return self.provider if name == "fake" else provider_named(name, context)

    def copied(self, root: Path) -> House:
        shutil.copytree(self.root, root)
        provider = Slow()
        provider.orders = list(self.provider.orders)
        provider.at_once, provider.asked = self.provider.at_once, set(self.provider.asked)
        return House(root, provider)

    def consistent(self) -> int:
        """Nothing is half there: not in the lock, the journal or the outputs. Returns how many submissions are in
        doubt."""
        read_lock(self.root / "app.lock")
        for path in (self.root / "output").rglob("*"):
            assert path.is_dir() or inspect(path).format == "png", path
        with State.open_for_reading(state_path(self.root)) or nullcontext() as state:
            if state is None:
                return 0
            tasks, results = state.open_tasks(), state.results()
        ids = {f"task-{number + 1}" for number in range(len(self.provider.orders))}
        assert {task.task for task in tasks.values() if task.task} <= ids
        assert not tasks.keys() & results.keys(), "finished, and still open"
        return sum(task.ambiguous for task in tasks.values())


# --- the ways to a picture ------------------------------------------------------------------------------------------


async def nothing(house: House) -> None:
    """A first build."""


async def still_running(house: House) -> None:
    house.provider.stuck = True
    await house.build()
    house.provider.stuck = False


async def built(house: House) -> None:
    await house.build()


async def output_deleted(house: House) -> None:
    await house.build()
    (house.root / "output/app/coin-24.png").unlink()


async def output_published(house: House) -> None:
    house.edit("defaults:", "publish: mobile\ndefaults:")
    await house.build()
    (house.root / "output/app").rename(house.root / "mobile")


async def renamed(house: House) -> None:
    await house.build()
    house.edit("coin: {", "gold: {moved_from: coin, ")


async def store_deleted(house: House) -> None:
    await house.build()
    shutil.rmtree(house.root / ".assetgen")
    house.edit("[24]", "[24, 32]")


async def draft(house: House) -> None:
    house.edit("fake", "draft")


async def draft_deleted(house: House) -> None:
    await draft(house)
    await store_deleted(house)


async def picture_at_once(house: House) -> None:
    house.provider.at_once = True


async def shared(house: House) -> None:
    house.edit("A coin}", "A coin}\n  gold: {prompt: A coin}")


@dataclass(frozen=True)
class Way:
    """How a project is before the build, what the build is told, and how many requests it sends."""

    before: Callable[[House], Awaitable[None]]
    sends: int
    options: Options = EVERYTHING


WAYS = (
    Way(nothing, 1),
    Way(still_running, 0),
    Way(built, 1, Options(regenerate=("coin",))),
    Way(output_deleted, 0),
    Way(output_published, 0),
    Way(renamed, 0),
    Way(store_deleted, 0),
    Way(draft, 0),
    Way(draft_deleted, 0),
    Way(picture_at_once, 1),
    Way(shared, 1),
)


async def prepared(root: Path, way: Way) -> House:
    house = House(root, Slow())
    house.write(MANIFEST)
    await way.before(house)
    return house


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.before.__name__)
async def test_no_await_that_hangs_and_is_cancelled_loses_or_doubles_anything(tmp_path: Path, way: Way) -> None:
    start = await prepared(tmp_path / "start", way)
    for number in itertools.count():
        house, hang = start.copied(tmp_path / str(number)), Hang(number)
        ordered = len(house.provider.orders)
        await house.hung(way.options, hang)
        if not hang.reached.is_set():
            break
        doubtful = house.consistent()
        assert not (await house.build()).failed, hang.waits[number]
        assert len(house.provider.orders) - ordered <= way.sends + doubtful, hang.waits[number]
        assert house.consistent() == 0
    assert number > 3, "it hung at all"


async def test_no_await_of_the_engine_was_left_out(tmp_path: Path) -> None:
    """Each place that the runs above hang at, found by one more run of each."""
    hung: set[Place] = set()
    for way in WAYS:
        hang = Hang()
        house = await prepared(tmp_path / way.before.__name__, way)
        await house.hung(way.options, hang)
        hung |= {place for places in hang.waits for place in places}
    never = {
        (name, words)
        for name, lines, words in awaits()
        if not any((str(ENGINE / name), line) in hung for line in lines)
    }
    assert never == ELSEWHERE


ELSEWHERE = {
    ("clock.py", "await asyncio.sleep"),  # real time
    ("limiter.py", "await self._clock.sleep"),  # a full window: test_pace.py
    ("line.py", "await asyncio.gather"),  # hung at, out of sight: it is within an async context
    ("line.py", "await self._window.turn"),  # likewise
    ("ordering.py", "await wait_at_most"),  # once cancelled: below
    ("receiving.py", "await wait_at_most"),  # once cancelled, as `picture_at_once` is
    ("writing.py", "await shop.threads.run_large"),  # needs a picture of many megapixels
}
"""Awaits that no undisturbed build of a small picture comes to."""


def awaits() -> Iterator[tuple[str, range, str]]:
    """Every await of the engine's modules: the file, the lines that it spans, and how it begins."""
    for path in ENGINE.glob("*.py"):
        text = path.read_text()
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Await):
                words = (ast.get_source_segment(text, node) or "").partition("(")[0]
                yield path.name, range(node.lineno, (node.end_lineno or node.lineno) + 1), words


# --- stopping while an answer is on its way -------------------------------------------------------------------------


class Unanswered(Slow):
    """Takes an order, and answers when it is told to."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = asyncio.Event()
        self.answer = asyncio.Event()

    async def submit(self, order: Order) -> Submission:  # type: ignore[override]  # it may know better
        submission = await super().submit(order)
        self.sent.set()
        await self.answer.wait()
        return submission


async def stopping(root: Path, clock: Clock) -> tuple[House, Unanswered, asyncio.Task[build.Report]]:
    """A build that was asked to stop just after it had sent something."""
    provider = Unanswered()
    house = House(root, provider)
    house.write(MANIFEST)
    task = asyncio.create_task(house.started(clock=clock))
    await provider.sent.wait()
    task.cancel()
    return house, provider, task


async def test_an_answer_that_comes_while_stopping_is_recorded(tmp_path: Path) -> None:
    house, provider, task = await stopping(tmp_path, StoppedClock())
    for _ in range(20):
        await asyncio.sleep(0)
    assert not task.done(), "it waits for the answer"
    provider.answer.set()
    assert (await task).interrupted
    assert house.consistent() == 0
    assert not (await house.build()).failed
    assert len(provider.orders) == 1


async def test_an_answer_that_never_comes_is_waited_for_a_while(tmp_path: Path) -> None:
    clock = FakeClock()
    house, provider, task = await stopping(tmp_path, clock)
    assert (await task).interrupted
    assert clock.slept[0] == GRACE
    assert house.consistent() == 1
    provider.answer.set()
    assert not (await house.build()).failed
    assert len(provider.orders) == 2
