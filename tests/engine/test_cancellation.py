"""Every await of the engine hung once and cancelled there: what was ordered is never lost, and never ordered twice.

One asset at a time, in every way that it can come by its picture, so that each run waits at the same places.
"""

from __future__ import annotations

import ast
import asyncio
import itertools
import shutil
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import pytest

from assetgen import build
from assetgen.engine.clock import Clock
from assetgen.engine.ordering import GRACE
from assetgen.plan.plan import Options
from assetgen.providers.base import (
    Finished,
    LinkRefusedError,
    Order,
    PictureFile,
    Running,
    Submission,
    Succeeded,
    TaskId,
    TaskState,
    Uploaded,
)
from tests.support.counting import CountingProvider
from tests.support.erasing import CountingRemover
from tests.support.fakes import FakeClock, StoppedClock
from tests.support.hanging import Hang, Place, run_until_it_hangs
from tests.support.house import EVERYTHING, House
from tests.support.pictures import gif, png

ENGINE = Path(build.__file__).parent / "engine"


class Slow(CountingProvider):
    """Waits before and after everything that it does: an answer may be lost on both ways. A task is done when it is
    asked for the second time, or never while `stuck`; `at_once` answers with the picture instead of a task."""

    stuck = False
    at_once = False
    refuses = 0
    shelf = "https://files.example"

    def __init__(self) -> None:
        super().__init__()
        self.asked: set[TaskId] = set()

    async def submit(self, order: Order) -> Submission:  # type: ignore[override]  # it may know better
        await asyncio.sleep(0)
        if order.links and self.refuses:
            self.refuses -= 1
            raise LinkRefusedError("it cannot be loaded")
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

    async def upload(self, picture: PictureFile) -> Uploaded:
        await asyncio.sleep(0)
        return Uploaded(f"{self.shelf}/{picture.sha256}", 1_000)

    async def close(self) -> None:
        await asyncio.sleep(0)


class Hanging(House):
    """A house whose builds can hang, and that can be had as often as there are awaits to hang at."""

    provider: Slow

    async def hung(self, options: Options, hang: Hang) -> None:
        with suppress(asyncio.CancelledError):  # so late that there is no report any more
            await run_until_it_hangs(self.started(options), hang)

    def copied(self, root: Path) -> Hanging:
        shutil.copytree(self.root, root)
        provider = Slow()
        provider.orders = list(self.provider.orders)
        provider.refuses = self.provider.refuses
        provider.at_once, provider.asked = self.provider.at_once, set(self.provider.asked)
        house = Hanging(root, provider)
        house.remover = CountingRemover() if self.remover else None
        return house


# --- the ways to a picture ------------------------------------------------------------------------------------------


async def nothing(house: Hanging) -> None:
    """A first build."""


async def still_running(house: Hanging) -> None:
    house.provider.stuck = True
    await house.build()
    house.provider.stuck = False


async def built(house: Hanging) -> None:
    await house.build()


async def output_deleted(house: Hanging) -> None:
    await house.build()
    (house.root / "output/app/coin-24.png").unlink()


async def output_published(house: Hanging) -> None:
    house.edit("defaults:", "publish: mobile\ndefaults:")
    await house.build()
    (house.root / "output/app").rename(house.root / "mobile")


async def renamed(house: Hanging) -> None:
    await house.build()
    house.edit("coin: {", "gold: {moved_from: coin, ")


async def store_deleted(house: Hanging) -> None:
    await house.build()
    shutil.rmtree(house.root / ".assetgen")
    house.edit("[24]", "[24, 32]")


async def draft(house: Hanging) -> None:
    house.edit("fake", "draft")


async def draft_deleted(house: Hanging) -> None:
    await draft(house)
    await store_deleted(house)


async def picture_damaged(house: Hanging) -> None:
    await house.build()
    house.edit("[24]", "[24, 32]")
    for blob in (house.root / ".assetgen/blobs").glob("*/*"):
        blob.write_bytes(b"damaged")


async def picture_at_once(house: Hanging) -> None:
    house.provider.at_once = True


async def variants(house: Hanging) -> None:
    house.edit("A coin}", "A coin, variants: 2}")


async def shared(house: Hanging) -> None:
    house.edit("A coin}", "A coin}\n  gold: {prompt: A coin}")


async def shown(house: Hanging) -> None:
    (house.root / "mood.png").write_bytes(gif(4, 4))
    house.edit("A coin}", "A coin}\n  gem: {prompt: A gem, references: [asset:coin, mood.png]}")


async def shown_and_lost(house: Hanging) -> None:
    await shown(house)
    await house.build()
    house.edit("A gem,", "A stone,")
    for blob in (house.root / ".assetgen/blobs").glob("*/*"):
        blob.unlink()


async def both_lost(house: Hanging) -> None:
    await shown_and_lost(house)
    house.edit("[24]", "[24, 32]")


async def link_refused(house: Hanging) -> None:
    await shown(house)
    house.provider.refuses = 1


async def cut_out(house: Hanging) -> None:
    house.edit("A coin}", "A coin, removeBg: {crop: true}}")


async def cut_out_by_service(house: Hanging) -> None:
    house.remover = CountingRemover()
    house.edit("A coin}", "A coin, removeBg: {remover: service}}")


async def cut_out_once_for_two(house: Hanging) -> None:
    await cut_out_by_service(house)
    house.edit("service}}", "service}}\n  gold: {prompt: A coin, removeBg: {remover: service}}")


async def cutout_deleted(house: Hanging) -> None:
    await cut_out(house)
    await store_deleted(house)


async def cutout_damaged(house: Hanging) -> None:
    await cut_out(house)
    await picture_damaged(house)


async def cell_shown(house: Hanging) -> None:
    gem = "gem: {prompt: A gem, references: [asset:coin/b]}"
    house.edit("A coin}", f"A coin, grid: {{rows: 1, columns: 2, cells: [a, b]}}}}\n  {gem}")


async def cutout_shown(house: Hanging) -> None:
    await cut_out(house)
    house.edit("crop: true}}", 'crop: true}}\n  gem: {prompt: A gem, references: ["asset:coin#cutout"]}')


async def cutout_shown_and_lost(house: Hanging) -> None:
    await cutout_shown(house)
    await house.build()
    house.edit("A gem,", "A stone,")
    for blob in (house.root / ".assetgen/blobs").glob("*/*"):
        blob.unlink()


async def borrowed(house: Hanging) -> None:
    icon = "presets: [{preset: ios-imageset, width: 8, dark: gem}]"
    house.edit("A coin}", f"A coin, {icon}}}\n  gem: {{prompt: A gem}}")


@dataclass(frozen=True)
class Way:
    """How a project is before the build, what the build is told, and how many requests it sends."""

    before: Callable[[Hanging], Awaitable[None]]
    sends: int
    options: Options = EVERYTHING


MONEY = (
    Way(nothing, 1),
    Way(still_running, 0),
    Way(built, 1, Options(regenerate=("coin",))),
    Way(store_deleted, 0),
    Way(picture_damaged, 0),
    Way(picture_at_once, 1),
    Way(shared, 1),
    Way(variants, 2),
    Way(shown, 2),
    Way(cut_out_by_service, 1),
    Way(cut_out_once_for_two, 1),
)
FILES = (
    Way(output_deleted, 0),
    Way(output_published, 0),
    Way(renamed, 0),
    Way(draft, 0),
    Way(draft_deleted, 0),
    Way(shown_and_lost, 1),
    Way(both_lost, 1),
    Way(link_refused, 2),
    Way(cut_out, 1),
    Way(cutout_deleted, 0),
    Way(cutout_damaged, 0),
    Way(cell_shown, 2),
    Way(cutout_shown, 2),
    Way(cutout_shown_and_lost, 1),
    Way(borrowed, 2),
)
WAYS = (*MONEY, *(pytest.param(way, marks=pytest.mark.slow) for way in FILES))


async def prepared(root: Path, way: Way) -> Hanging:
    house = Hanging(root, Slow())
    house.wants("coin")
    await way.before(house)
    return house


@pytest.mark.parametrize("way", WAYS, ids=lambda way: str(way.before.__name__))
async def test_no_await_that_hangs_and_is_cancelled_loses_or_doubles_anything(tmp_path: Path, way: Way) -> None:
    start = await prepared(tmp_path / "start", way)
    for number in itertools.count():
        house, hang = start.copied(tmp_path / str(number)), Hang(number)
        ordered = len(house.provider.orders)
        await house.hung(way.options, hang)
        if not hang.reached.is_set():
            break
        doubtful = house.consistent()
        assert not (await house.build()).report.failed, hang.waits[number]
        assert len(house.provider.orders) - ordered <= way.sends + doubtful, hang.waits[number]
        assert not house.remover or len(house.remover.calls) <= 1 + doubtful, hang.waits[number]
        assert house.consistent() == 0
    assert number > 3, "it hung at all"


async def test_no_await_of_the_engine_was_left_out(tmp_path: Path) -> None:
    """Each place that the runs above hang at, found by one more run of each."""
    hung: set[Place] = set()
    for way in (*MONEY, *FILES):
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
    ("cutters.py", "await remover.close"),  # hung at, out of sight: it is within an async context
    ("cutting.py", "await Ordering"),  # needs a model that removes backgrounds: test_kie_cutouts.py
    ("cutting.py", "await _kept"),  # likewise
    ("cutting.py", "await _other_ground"),  # likewise
    ("cutting.py", "await _placed"),  # likewise
    ("cutting.py", "await collect_again"),  # likewise
    ("cutting.py", "await draw_again"),  # likewise
    ("cutting.py", "await make_of"),  # likewise
    ("cutting.py", "await once"),  # likewise
    ("cutting.py", "await run"),  # likewise
    ("cutting.py", "await shop.threads.run"),  # likewise
    ("enlarging.py", "await Ordering"),  # needs a model that enlarges: test_upscale.py
    ("enlarging.py", "await _at_hand"),  # likewise
    ("enlarging.py", "await once"),  # likewise
    ("enlarging.py", "await collect_again"),  # likewise
    ("enlarging.py", "await got_back"),  # likewise
    ("enlarging.py", "await run.shop.threads.run"),  # likewise
    ("execute.py", "await base_of"),  # likewise
    ("limiter.py", "await self._clock.sleep"),  # a full window: test_pace.py
    ("line.py", "await asyncio.wait"),  # hung at, out of sight: it is within an async context
    ("line.py", "await self._window.turn"),  # likewise
    ("ordering.py", "await wait_at_most"),  # once cancelled: below
    ("receiving.py", "await wait_at_most"),  # once cancelled, as `picture_at_once` is
    ("pictures.py", "await got_back"),  # of a larger picture that was lost with the cutout that is shown
    ("pictures.py", "await _fetch_master"),  # of a cutout, where a person's picture stands in for it
    ("pictures.py", "await picture_of"),  # of a lost cutout: it is there by then
    ("pictures.py", "await run.shop.web.pinned"),  # needs a server on the web: test_web_references.py
    ("run.py", "await run.shop.web.picture"),  # likewise
    ("web.py", "await fetch_picture"),  # likewise
    ("web.py", "await self._fetched"),  # likewise
    ("web.py", "await self._kept"),  # likewise
    ("web.py", "await self.clock.sleep"),  # likewise
    ("web.py", "await self.picture"),  # likewise
    ("web.py", "await self.threads.run"),  # likewise
    ("writing.py", "await _encoded"),  # only with videos
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
    house.wants("coin")
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
    [begun] = (await task).begun
    assert begun.spent == Decimal("0.09")
    assert (begun.pending, begun.settled) == ((Decimal("0.09"),), Decimal(0))
    assert house.consistent() == 0
    assert not (await house.build()).report.failed
    assert len(provider.orders) == 1


async def test_an_answer_that_never_comes_is_waited_for_a_while(tmp_path: Path) -> None:
    clock = FakeClock()
    house, provider, task = await stopping(tmp_path, clock)
    [begun] = (await task).begun
    assert (begun.spent, begun.unsure) == (Decimal(0), Decimal("0.09"))
    assert begun.pending == ()
    assert clock.slept[0] == GRACE
    assert house.consistent() == 1
    provider.answer.set()
    assert not (await house.build()).report.failed
    assert len(provider.orders) == 2
