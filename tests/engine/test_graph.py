"""Assets that show one another: each waits only for what it shows, and a wave stops where a picture stays the same."""

from __future__ import annotations

import asyncio
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assetgen.build import Limits
from assetgen.engine.events import Stage
from assetgen.errors import UsageError
from assetgen.plan.plan import Action, Options
from assetgen.providers.base import Accepted, Order, Running, Succeeded, TaskFailedError, TaskId, TaskState
from tests.support.counting import CountingProvider
from tests.support.examples import builds
from tests.support.fakes import RecordingListener
from tests.support.house import House
from tests.support.pictures import png

CHAIN = {
    "banner": "prompt: A banner, references: [asset:gem]",
    "gem": "prompt: A gem, references: [asset:coin]",
    "coin": "prompt: A coin",
    "moon": "prompt: A moon",
}


class Steady(CountingProvider):
    """A service that gives one picture for one prompt, however often it is asked."""

    async def fetch(self, result: Succeeded, target: Path) -> None:
        prompt = self.orders[int(result.urls[0].removeprefix("task-")) - 1].prompt
        shade = sum(prompt.encode()) % 256
        target.write_bytes(png(64, 64, (shade, 0, 0)))  # noqa: ASYNC240 - a few bytes


class Picky(CountingProvider):
    """Fails the tasks of some prompts, and never finishes those of others."""

    def __init__(self, *, fails: str = "", hangs: str = "") -> None:
        super().__init__()
        self.fails, self.hangs = fails, hangs

    async def poll(self, task: TaskId) -> TaskState:
        prompt = self.orders[int(task.removeprefix("task-")) - 1].prompt
        if prompt == self.fails:
            raise TaskFailedError("no")
        return Running("queuing") if prompt == self.hangs else await super().poll(task)


def house(folder: Path, provider: CountingProvider | None = None, **assets: str) -> House:
    made = House(folder, provider or CountingProvider())
    made.makes(**(assets or CHAIN))
    return made


async def test_what_is_shown_is_ordered_first_whatever_the_order_in_the_manifest(tmp_path: Path) -> None:
    it = house(tmp_path)
    assert set((await it.build()).results.values()) == {"built"}
    ordered = [name for name in it.ordered if name != "moon"]
    assert ordered == ["coin", "gem", "banner"]
    assert set((await it.build()).results.values()) == {"up-to-date"}


async def test_an_asset_waits_for_nothing_else(tmp_path: Path) -> None:
    it = house(tmp_path, Picky(hangs="A coin"))
    results = (await it.build()).results
    assert results == {
        "coin": "still_running",
        "gem": "dependency_failed",
        "banner": "dependency_failed",
        "moon": "built",
    }
    assert sorted(it.ordered) == ["coin", "moon"]


async def test_what_is_shown_need_not_have_its_files_yet(tmp_path: Path) -> None:
    listener = RecordingListener()
    sizes = ", sizes: [8, 16, 24, 32], formats: [png, webp, avif]"
    await house(tmp_path, coin="prompt: A coin" + sizes, gem="prompt: A gem, references: [asset:coin]").build(
        listener=listener
    )
    moves = [(str(asset.name), stage) for asset, stage, _ in listener.moves]
    assert moves.index(("gem", Stage.SUBMITTING)) < moves.index(("coin", Stage.WRITING))


async def test_a_picture_that_stays_the_same_stops_the_wave(tmp_path: Path) -> None:
    it = house(tmp_path, Steady())
    await it.build()
    again = Options(regenerate=("coin",))
    plan = it.planned(again)
    assert {name: plan[name].action for name in CHAIN} == {
        "coin": Action.GENERATE,
        "gem": Action.GENERATE,
        "banner": Action.GENERATE,
        "moon": Action.UP_TO_DATE,
    }
    built = await it.build(again)
    assert built.results == {"coin": "built", "gem": "up-to-date", "banner": "up-to-date", "moon": "up-to-date"}
    assert (built.report.requests, it.ordered[-1]) == (1, "coin")


async def test_an_earlier_picture_comes_back_where_the_wave_arrives_at_it(tmp_path: Path) -> None:
    it = house(tmp_path)
    await it.build()
    pictures = it.files
    it.edit("prompt: A coin", "prompt: A penny")
    await it.build()
    it.edit("prompt: A penny", "prompt: A coin")
    built = await it.build()
    assert (built.report.requests, it.files) == (0, pictures)


async def test_requests_that_turn_out_equal_share_one_picture(tmp_path: Path) -> None:
    it = house(
        tmp_path,
        coin="prompt: A coin",
        gem="prompt: A gem, references: [asset:coin]",
        jewel="prompt: A gem, references: [asset:coin]",
        penny="prompt: A coin",
        stone="prompt: A gem, references: [asset:penny]",
    )
    assert it.planned()["jewel"].action is Action.EXPORT
    assert set((await it.build()).results.values()) == {"built"}
    assert sorted(it.ordered) == ["coin", "gem"]
    assert set((await it.build()).results.values()) == {"up-to-date"}


async def test_a_request_that_is_known_before_is_shared_by_one_that_turns_out_equal(tmp_path: Path) -> None:
    it = house(tmp_path, Steady(), coin="prompt: A coin", gem="prompt: A gem, references: [asset:coin]")
    await it.build()
    it.makes(
        coin="prompt: A coin",
        gem="prompt: A stone, references: [asset:coin]",
        penny="prompt: A coin, take: 1",
        stone="prompt: A stone, references: [asset:penny]",
    )
    before = len(it.ordered)
    assert (await it.build()).results == {"coin": "up-to-date", "gem": "built", "penny": "built", "stone": "built"}
    assert sorted(it.ordered[before:]) == ["coin", "stone"]


async def test_fail_fast_leaves_nothing_waiting(tmp_path: Path) -> None:
    provider = Picky(fails="A coin")
    it = house(tmp_path, provider)
    built = await it.build(limits=Limits(jobs=1, fail_fast=True))
    assert built.results["coin"] == "task_failed"
    assert set(built.results.values()) <= {"task_failed", "stopped", "dependency_failed", "built"}
    provider.fails = ""
    assert set((await it.build()).results.values()) <= {"built", "up-to-date"}


async def test_a_frozen_asset_does_not_wait(tmp_path: Path) -> None:
    it = house(tmp_path, coin="prompt: A coin", gem="prompt: A gem, frozen: true, references: [asset:coin]")
    await it.build()
    it.edit("prompt: A coin", "prompt: A penny")
    assert (await it.build()).results == {"coin": "built", "gem": "up-to-date"}


async def test_only_brings_along_when_it_is_told_to(tmp_path: Path) -> None:
    it = house(tmp_path)
    assert set(it.planned(Options(only=("gem",), dependencies=True))) == {"gem", "coin"}
    assert set(it.planned(Options(only=("gem",)))) == {"gem"}


async def test_adopting_one_asset_adopts_no_other(tmp_path: Path) -> None:
    it = house(tmp_path)
    await it.build()
    it.edit("prompt: A gem", "prompt: A gem reworded")
    assert (await it.adopt("gem")) == ("gem: adopted its request as it now reads; no file differs",)
    built = await it.build()
    assert (built.report.requests, set(built.results.values())) == (0, {"up-to-date"})


async def test_what_waits_for_another_cannot_be_adopted(tmp_path: Path) -> None:
    it = house(tmp_path)
    await it.build()
    it.edit("prompt: A coin", "prompt: A penny")
    with pytest.raises(UsageError, match="`gem` cannot be adopted yet: `coin`, which it shows, will change") as caught:
        await it.adopt("gem")
    assert caught.value.hint == "build or adopt coin first"


class Lazy(Steady):
    """Takes its time before it answers, so that much waits for it."""

    async def submit(self, order: Order) -> Accepted:
        await asyncio.sleep(0)
        return await super().submit(order)


# --- over random graphs ----------------------------------------------------------------------------------------------

NAMES = ("a", "b", "c", "d", "e")


@dataclass(frozen=True)
class Node:
    """An asset: its prompt, what it shows of those before it, and a file that it may show besides."""

    prompt: int
    shows: tuple[int, ...]
    file: bool

    def fields(self, number: int) -> str:
        shown = [f"asset:{NAMES[other]}" for other in self.shows if other < number]
        shown += ["mood.png"] if self.file else []
        return f"prompt: Picture {self.prompt}, sizes: [8], references: [{', '.join(shown)}]"


nodes = st.builds(
    Node, st.integers(0, 2), st.lists(st.integers(0, 4), max_size=2, unique=True).map(tuple), st.booleans()
)
graphs = st.lists(nodes, min_size=1, max_size=5)
steps = st.tuples(graphs, st.integers(0, 1), st.sampled_from(["", *NAMES]))


def written(it: House, graph: list[Node], shade: int) -> None:
    (it.root / "mood.png").write_bytes(png(4, 4, (shade, 0, 0)))
    assets = [(NAMES[number], node.fields(number)) for number, node in enumerate(graph)]
    it.makes(**dict(reversed(assets)))


async def stepped(it: House, graph: list[Node], shade: int, again: str = "") -> int:
    """Build once, at most as planned, then once more for nothing; returns how many requests were sent."""
    written(it, graph, shade)
    options = Options(regenerate=(again,)) if again in NAMES[: len(graph)] else Options()
    plans = it.planned(options)
    planned = sum(plan.action is Action.GENERATE for plan in plans.values())
    cost = sum(plan.usd or 0 for plan in plans.values())
    built = await it.build(options)
    assert not built.report.failed, built.results
    assert built.report.requests <= planned
    assert (built.report.spent or 0) <= cost
    second = await it.build()
    assert (second.report.requests, set(second.results.values())) == (0, {"up-to-date"})
    return built.report.requests


@builds(12)
@given(history=st.lists(steps, min_size=1, max_size=4), steady=st.booleans())
def test_a_build_sends_at_most_what_was_planned_and_a_second_one_nothing(history: list[Any], steady: bool) -> None:
    async def run(it: House) -> None:
        for graph, shade, again in history:
            await stepped(it, graph, shade, again)

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(House(Path(folder).resolve(), Lazy() if steady else CountingProvider())))


@builds(10)
@given(first=graphs, second=graphs, shades=st.tuples(st.integers(0, 1), st.integers(0, 1)))
def test_going_back_costs_nothing(first: list[Node], second: list[Node], shades: tuple[int, int]) -> None:
    async def run(it: House) -> None:
        await stepped(it, first, shades[0])
        before = it.files
        await stepped(it, second, shades[1])
        assert await stepped(it, first, shades[0]) == 0
        assert before.items() <= it.files.items()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(House(Path(folder).resolve(), CountingProvider())))
