"""Steps that are ordered from a model, as pictures are: nobody waits for one with a place in the line, and none is paid
for again that nobody asked for by name."""

from __future__ import annotations

import asyncio
import shutil
from decimal import Decimal
from pathlib import Path

import pytest

from assetgen.build import Report
from assetgen.engine.events import Silence, Stage
from assetgen.manifest.recipe import AssetId
from assetgen.plan.plan import Options
from assetgen.providers.base import ModeratedError, TaskId, TaskState
from tests.support.house import MODEL
from tests.support.workshop import CUT, ENLARGES, REMOVES, Studio, Workshop

LARGER = f"upscale: {{model: {ENLARGES.id}, factor: 4}}"

PATIENCE = 60.0
"""Seconds of real time after which a build hangs for ever."""


@pytest.fixture
def house(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path, Studio())


# --- waiting for one another -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("places", [1, 2])
@pytest.mark.parametrize("steps", [CUT, f"{CUT}, upscale: {{model: {ENLARGES.id}, factor: 4}}"])
async def test_whoever_shows_a_cutout_leaves_its_order_a_place_in_the_line(
    house: Workshop, places: int, steps: str
) -> None:
    top = f"providers: {{fake: {{concurrency: {places}}}}}\ndefaults: {{provider: fake}}\n"
    house.makes(top, coin="prompt: A coin")
    await house.build()
    shows = "references: ['asset:coin#cutout']"
    house.makes(top, ace=f"prompt: An ace, {shows}", bar=f"prompt: A bar, {shows}", coin=f"prompt: A coin, {steps}")
    async with asyncio.timeout(PATIENCE):
        built = await house.build()
    assert set(built.results.values()) == {"built"}, built.said("coin")
    assert house.models.count(MODEL.id) == 3


# --- asking for another one ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("glob", ["*", "coi?"])
async def test_refreshing_everything_pays_for_no_lost_cutout(house: Workshop, glob: str) -> None:
    house.makes(coin=f"prompt: A coin, {CUT}")
    await house.build()
    before = house.files
    shutil.rmtree(house.root / ".assetgen")
    assert house.planned(Options(refresh=(glob,)))["coin"].usd == 0
    assert (await house.build(Options(refresh=(glob,)))).results == {"coin": "up-to-date"}
    assert (house.models, house.files) == ([MODEL.id, REMOVES.id], before)


async def test_a_cutout_of_no_use_is_ordered_again_by_name_alone(house: Workshop) -> None:
    house.provider.careless = True
    house.makes(coin=f"prompt: A coin, {CUT}")
    spoiled = await house.build()
    house.provider.careless = False
    assert (spoiled.results, "--refresh coin" in spoiled.said("coin")) == ({"coin": "removal"}, True)
    assert (await house.build(Options(refresh=("*",)))).results == spoiled.results
    assert house.models == [MODEL.id, REMOVES.id]
    assert house.planned(Options(refresh=("coin",)))["coin"].usd == Decimal("0.005")
    assert (await house.build(Options(refresh=("coin",)))).results == {"coin": "built"}
    assert (await house.build(Options(refresh=("coin",)))).results == {"coin": "up-to-date"}
    assert house.models == [MODEL.id, REMOVES.id, REMOVES.id]


class Prudish(Studio):
    """Refuses to do anything with a picture as long as it is `shocked`."""

    shocked = True

    async def poll(self, task: TaskId) -> TaskState:
        if self.shocked and self.orders[int(task.removeprefix("task-")) - 1].model != MODEL.id:
            raise ModeratedError("It was flagged.")
        return await super().poll(task)


@pytest.mark.parametrize(("step", "done"), [(CUT, "cut out"), (LARGER, "made larger")])
async def test_a_refused_step_is_sent_once_more_and_then_by_name_alone(house: Workshop, step: str, done: str) -> None:
    house.provider = prudish = Prudish()
    house.makes(coin=f"prompt: A coin, {step}")
    await house.build()
    said = "refused before, and sent once more as it is: It was flagged."
    assert said in house.planned()["coin"].reasons
    assert "only --refresh coin sends the same again" in (await house.build()).said("coin")
    stuck = await house.build(Options(refresh=("*",)))
    assert (stuck.results, len(house.models)) == ({"coin": "moderated"}, 3)
    assert f"refused 2 times as one to be {done}: It was flagged. | order another picture" in stuck.said("coin")
    prudish.shocked = False
    assert (await house.build(Options(refresh=("coin",)))).results == {"coin": "built"}
    assert (await house.build()).results == {"coin": "up-to-date"}
    assert len(house.models) == 4


class Impatient(Silence):
    """Stops the build as soon as the picture is to be cut out."""

    def __init__(self) -> None:
        self.build: asyncio.Task[Report] | None = None

    def moved(self, asset: AssetId, stage: Stage, detail: str = "") -> None:
        if stage is Stage.CUTTING and self.build:
            self.build.cancel()


async def test_a_cutout_that_was_never_ordered_is_not_said_to_be(house: Workshop) -> None:
    house.makes(coin=f"prompt: A coin, {CUT}")
    listener = Impatient()
    listener.build = asyncio.create_task(house.started(listener=listener))
    [begun] = (await listener.build).begun
    assert house.models == [MODEL.id]
    assert (begun.requests, begun.settled, begun.pending) == (1, Decimal("0.09"), ())


# --- what is frozen --------------------------------------------------------------------------------------------------


async def test_a_pick_of_a_frozen_asset_pays_for_no_step(house: Workshop) -> None:
    fields = f"prompt: A coin, frozen: true, variants: 2, upscale: {{model: {ENLARGES.id}, factor: 4}}"
    house.makes(coin=fields)
    await house.build()
    before, models = house.files, house.models
    house.makes(coin=f"{fields}, pick: 2")
    plan = house.planned()["coin"]
    assert (plan.usd, plan.notes) == (Decimal(0), ("frozen: pick changed: 1 -> 2, which would have to be paid for",))
    assert (await house.build()).results == {"coin": "up-to-date"}
    assert (house.files, house.models) == (before, models)


async def test_a_pick_of_a_frozen_asset_that_is_free_follows(house: Workshop) -> None:
    house.makes(coin="prompt: A coin, frozen: true, variants: 2, removeBg: true")
    await house.build()
    before, models = house.files, house.models
    house.edit("variants: 2", "variants: 2, pick: 2")
    assert (await house.build()).results == {"coin": "built"}
    assert (house.files != before, house.models) == (True, models)


async def test_what_shows_a_cutout_that_a_frozen_asset_does_not_get_is_not_ordered(house: Workshop) -> None:
    house.makes(coin="prompt: A coin, frozen: true")
    await house.build()
    shows = "prompt: A bar, references: ['asset:coin#cutout']"
    house.makes(coin=f"prompt: A coin, frozen: true, {CUT}", bar=shows)
    built = await house.build()
    assert built.results == {"coin": "up-to-date", "bar": "dependency_failed"}
    assert "`coin` is frozen without a cutout" in built.said("bar")
    assert house.models == [MODEL.id]


async def test_what_shows_a_cutout_that_a_frozen_asset_keeps_is_made_with_that(house: Workshop) -> None:
    shows = "prompt: A bar, references: ['asset:coin#cutout']"
    house.makes(coin="prompt: A coin, frozen: true, removeBg: true", bar=shows)
    await house.build()
    models = house.models
    house.makes(coin=f"prompt: A coin, frozen: true, {CUT}", bar=shows)
    assert set((await house.build()).results.values()) == {"up-to-date"}
    assert house.models == models
