"""Steps that are ordered from a model, as pictures are: nobody waits for one with a place in the line, and none is paid
for again that nobody asked for by name."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from assetgen.catalog import Catalog
from assetgen.catalog.models import Model
from assetgen.plan.plan import Options
from assetgen.providers.base import PictureFile, Succeeded, Uploaded
from tests.support.counting import CountingProvider
from tests.support.house import MODEL, House


def offered(name: str) -> Model:
    """A model as it is, offered by the provider under test, which takes small pictures."""
    model = Catalog().models[name]
    assert model.pictures is not None
    return replace(model, provider="fake", pictures=replace(model.pictures, min_edge=1))


REMOVES = offered("recraft/remove-background")
ENLARGES = offered("topaz/image-upscale")
PATIENCE = 60.0
"""Seconds of real time after which a build hangs for ever."""

CUT = "removeBg: {remover: kie}"


class Studio(CountingProvider):
    """Makes pictures, cuts them out (all of it gone when it is `careless`), and makes them four times as large."""

    shelf = "https://files.example"
    careless = False

    async def upload(self, picture: PictureFile) -> Uploaded:
        return Uploaded(f"{self.shelf}/{picture.sha256}", 1_000)

    async def fetch(self, result: Succeeded, target: Path) -> None:
        await super().fetch(result, target)
        number = int(result.urls[0].removeprefix("task-"))
        model = self.orders[number - 1].model
        if model == ENLARGES.id:
            target.write_bytes(encoded(Image.new("RGB", (256, 256), (number, 0, 0))))  # noqa: ASYNC240 - a few bytes
        if model == REMOVES.id and not self.careless:
            picture = Image.new("RGBA", (64, 64))
            picture.paste((200, number, 0, 255), (16, 16, 48, 48))
            target.write_bytes(encoded(picture))  # noqa: ASYNC240 - a few bytes


def encoded(picture: Image.Image) -> bytes:
    data = BytesIO()
    picture.save(data, "PNG")
    return data.getvalue()


class Workshop(House):
    """A house whose provider has the models that cut out and enlarge."""

    provider: Studio
    catalog = Catalog(providers=("draft", "fake"), models={model.id: model for model in (MODEL, REMOVES, ENLARGES)})

    @property
    def models(self) -> list[str]:
        return [order.model for order in self.provider.orders]


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
