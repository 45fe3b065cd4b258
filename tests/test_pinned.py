"""What a lock pins and what the store remembers is never bought again, and nothing else takes its place."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from assetgen.digest import digest_of_file
from assetgen.errors import LockError, UsageError
from assetgen.plan.plan import Options
from assetgen.providers.base import Running, Succeeded, TaskId, TaskState
from assetgen.store.folder import state_path
from assetgen.store.state import State
from tests.support.counting import CountingProvider
from tests.support.house import House


class Service(CountingProvider):
    """Tasks in `slow` stay running; `vanishing` is a file that is gone by the time a result is fetched."""

    def __init__(self) -> None:
        super().__init__()
        self.slow: set[str] = set()
        self.vanishing: Path | None = None

    async def poll(self, task: TaskId) -> TaskState:
        return Running("queuing") if task in self.slow else await super().poll(task)

    async def fetch(self, result: Succeeded, target: Path) -> None:
        if self.vanishing is not None:
            self.vanishing.unlink(missing_ok=True)
        await super().fetch(result, target)


class Shelf(House):
    """A house whose pictures can be compared."""

    provider: Service

    def assets(self, text: str, top: str = "defaults: {provider: fake}\n") -> None:
        self.write(f"version: 1\n{top}assets:\n  {text}\n")

    def forget(self) -> None:
        shutil.rmtree(self.root / ".assetgen")

    @property
    def pictures(self) -> dict[str, str]:
        return {path.name: digest_of_file(path) for path in (self.root / "output").rglob("*.png")}


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "project", Service())


async def test_a_picture_collected_again_is_known_again(shelf: Shelf) -> None:
    shelf.assets("coin: {prompt: A coin}")
    await shelf.build()
    shelf.forget()
    for text in ("coin: {prompt: A coin, sizes: [32]}", "coin: {prompt: A gem, sizes: [32]}"):
        shelf.assets(text)
        await shelf.build()
    shelf.assets("coin: {prompt: A coin, sizes: [32]}")
    assert (await shelf.build()).results == {"coin": "built"}
    assert shelf.ordered == ["coin", "gem"]


@pytest.mark.parametrize("provider", ["fake", "draft"])
async def test_a_damaged_picture_is_got_back_in_the_same_run(shelf: Shelf, provider: str) -> None:
    shelf.assets("coin: {prompt: A coin}", top=f"defaults: {{provider: {provider}}}\n")
    await shelf.build()
    for blob in (shelf.root / ".assetgen/blobs").glob("*/*"):
        blob.write_bytes(b"damaged")
    shelf.edit("A coin}", "A coin, sizes: [16]}")
    assert (await shelf.build()).results == {"coin": "built"}
    assert len(shelf.ordered) == (1 if provider == "fake" else 0)


async def test_going_back_after_a_fresh_clone_collects_the_locked_picture(shelf: Shelf) -> None:
    shelf.assets("coin: {prompt: A coin}")
    await shelf.build()
    before = shelf.pictures
    shelf.forget()
    for prompt in ("A gem", "A coin"):
        shelf.assets(f"coin: {{prompt: {prompt}}}")
        await shelf.build()
    assert (shelf.ordered, shelf.pictures) == (["coin", "gem"], before)


async def test_an_equal_request_in_a_lock_is_shared_without_the_store(shelf: Shelf) -> None:
    """Rule 1: equal requests share one master."""
    shelf.assets("coin: {prompt: A coin}")
    await shelf.build()
    shelf.forget()
    shelf.assets("coin: {prompt: A coin}\n  gem: {prompt: A coin}")
    await shelf.build()
    assert shelf.ordered == ["coin"]
    assert len(set(shelf.pictures.values())) == 1


@pytest.mark.parametrize("now", ["coin: {prompt: A coin}", "token: {prompt: A coin, moved_from: coin}"])
async def test_names_that_differ_in_case_are_one(shelf: Shelf, now: str) -> None:
    shelf.assets("Coin: {prompt: A coin}")
    await shelf.build()
    shelf.forget()
    shelf.assets(now)
    assert set((await shelf.build()).results.values()) == {"built"}
    assert shelf.ordered == ["coin"]


async def test_a_re_roll_belongs_to_the_asset_that_asked_for_it(shelf: Shelf) -> None:
    """Rule 5, where another asset of the project shares the request."""
    other = Shelf(shelf.root, shelf.provider)
    other.manifest = "web.yaml"
    shelf.assets("coin: {prompt: A coin}")
    other.assets("gem: {prompt: A coin}")
    for house in (shelf, other):
        await house.build()
    before = shelf.pictures
    shelf.provider.slow.add("task-2")
    assert (await shelf.build(Options(regenerate=("coin",)))).results == {"coin": "still_running"}
    shelf.provider.slow.clear()
    assert (await other.build()).results == {"gem": "up-to-date"}
    assert shelf.pictures == before
    await shelf.build()
    assert shelf.pictures["coin.png"] != before["coin.png"]
    assert (shelf.pictures["gem.png"], len(shelf.ordered)) == (before["gem.png"], 2)


async def test_a_draft_does_not_replace_the_real_picture_of_an_asset_that_comes_back(shelf: Shelf) -> None:
    """Rule 4: a draft never replaces a real master, however it was asked for."""
    coin, gem = "coin: {prompt: A coin}", "gem: {prompt: A gem}"
    shelf.assets(coin, top="")
    await shelf.build(Options(provider="fake"))
    before = shelf.pictures["coin.png"]
    for text in (gem, f"{gem}\n  {coin}"):
        shelf.assets(text, top="")
        await shelf.build()
    assert shelf.pictures["coin.png"] == before


async def test_a_lock_that_vanishes_during_a_build_loses_no_entry(shelf: Shelf) -> None:
    shelf.assets("coin: {prompt: A coin}\n  gem: {prompt: A gem}")
    await shelf.build()
    shelf.forget()
    shelf.edit("A coin", "A star")
    shelf.provider.vanishing = shelf.root / "app.lock"
    await shelf.build()
    assert set(json.loads((shelf.root / "app.lock").read_text())["assets"]) == {"coin", "gem"}


async def test_an_orphan_outlives_a_crash_before_the_lock_is_written(shelf: Shelf) -> None:
    shelf.assets("coin: {prompt: A coin, sizes: [16, 32]}")
    await shelf.build()
    lock = (shelf.root / "app.lock").read_bytes()
    with State.open(state_path(shelf.root)) as state:
        ((name, held),) = state.entries.of("app.lock").items()
        entry = held.entry()
        shrunk = entry.model_copy(
            update={"outputs": {"output/app/coin-16.png": entry.outputs["output/app/coin-16.png"]}}
        )
        state.entries.remember("app.lock", name, shrunk, held.digest)
    assert (shelf.root / "app.lock").read_bytes() == lock
    shelf.assets("coin: {prompt: A coin, sizes: [16]}")
    await shelf.build()
    assert set(json.loads((shelf.root / "app.lock").read_text())["orphans"]) == {"output/app/coin-32.png"}


@pytest.mark.parametrize(("was", "now"), [("{enhance: true}", "{enhance: 1}"), ("{x: 1}", "{x: 1, seed: null}")])
async def test_a_request_that_differs_on_the_wire_is_stale(shelf: Shelf, was: str, now: str) -> None:
    shelf.assets(f"coin: {{prompt: A coin, input: {was}}}")
    await shelf.build()
    shelf.edit(was, now)
    await shelf.build()
    assert len(shelf.ordered) == 2


@pytest.mark.parametrize("drawing", [{"colors": [1]}, {"foo": 1}])
async def test_a_damaged_drawing_in_the_lock_is_a_lock_error(shelf: Shelf, drawing: object) -> None:
    shelf.assets("coin: {prompt: A coin}", top="")
    await shelf.build()
    lock = json.loads((shelf.root / "app.lock").read_text())
    lock["assets"]["coin"]["request"]["drawing"] = drawing
    (shelf.root / "app.lock").write_text(json.dumps(lock))
    with pytest.raises(LockError, match="drawing"):
        await shelf.build()


async def test_a_re_roll_of_what_is_not_selected_is_a_mistake(shelf: Shelf) -> None:
    shelf.assets("coin: {prompt: A coin}\n  gem: {prompt: A gem}")
    with pytest.raises(UsageError, match="--regenerate coin matches no asset"):
        await shelf.build(Options(only=("gem",), regenerate=("coin",)))
