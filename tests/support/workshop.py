"""A house whose provider also has the models that cut out and enlarge: for tests of the steps that are ordered."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

from PIL import Image

from assetgen.catalog import Catalog
from assetgen.catalog.models import Model
from assetgen.providers.base import PictureFile, Succeeded, TransientError, Uploaded
from tests.support.counting import SlowProvider
from tests.support.house import MODEL, House
from tests.support.pictures import subject


def offered(name: str) -> Model:
    """A model as it is, offered by the provider under test, which takes small pictures."""
    model = Catalog().models[name]
    assert model.pictures is not None
    return replace(model, provider="fake", pictures=replace(model.pictures, min_edge=1))


REMOVES = offered("recraft/remove-background")
ENLARGES = offered("topaz/image-upscale")
CUT = "removeBg: {remover: kie}"


class Studio(SlowProvider):
    """Makes pictures, cuts them out (all of it gone when it is `careless`), and makes them four times as large; no
    download succeeds while it is `broken`."""

    shelf = "https://files.example"
    careless = False
    broken = False

    async def upload(self, picture: PictureFile) -> Uploaded:
        return Uploaded(f"{self.shelf}/{picture.sha256}", 1_000)

    async def fetch(self, result: Succeeded, target: Path) -> None:
        if self.broken:
            raise TransientError("the download broke off")
        await super().fetch(result, target)
        number = int(result.urls[0].removeprefix("task-"))
        model = self.orders[number - 1].model
        if model == ENLARGES.id:
            target.write_bytes(subject(256, 256, (number, 0, 0)))  # noqa: ASYNC240 - a few bytes
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
