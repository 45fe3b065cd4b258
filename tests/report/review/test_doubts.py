"""What a reviewer is told to look at twice."""

from __future__ import annotations

from decimal import Decimal
from io import BytesIO
from typing import Any

import pytest
from PIL import Image, ImageDraw

from assetgen.lock.entry import Entry
from assetgen.lock.model import LockedCutout, LockedExport, LockedMaster, LockedOutput, LockedRequest
from assetgen.manifest.recipe import OutputPath, PixelSize
from assetgen.plan.plan import Action
from assetgen.plan.world import FileFact, World
from assetgen.report.review.contents import Picture
from assetgen.report.review.doubts import doubts
from tests.report.samples import asset
from tests.support.worlds import digest

PATH = "output/coin.png"
PARAMETERS = {"aspect_ratio": "1:1", "resolution": "1K"}
STANDS = World(files={OutputPath(PATH): FileFact("file", digest("coin"))})


def entry(prompt: str = "A coin", size: int = 1024, provider: str = "kie", **fields: Any) -> Entry:
    master = LockedMaster(
        sha256=digest("m"), width=1024, height=size, format="png", provider=provider, usd=Decimal("0.09")
    )
    output = LockedOutput(sha256=digest("coin"), width=24, height=24, export=LockedExport(format="png"))
    request = LockedRequest(provider=provider, model="nano-banana-pro", prompt=prompt, parameters=PARAMETERS)
    return Entry(request=request, masters=[master], outputs={PATH: output}, **fields)


def picture(box: tuple[int, int, int, int] = (20, 20, 80, 80), ground: str | None = None) -> Picture:
    drawn = Image.new("RGBA", (100, 100), ground or (0, 0, 0, 0))
    ImageDraw.Draw(drawn).rectangle(box, "#EC4899")
    file = BytesIO()
    drawn.save(file, "WEBP", lossless=True)
    return Picture(PixelSize(100, 100), file.getvalue(), None)


SHAPE = "another shape than asked for was received: 1024x768 instead of 1024x1024"
GROUND = "its background was removed, and yet nothing of it is transparent"
COLOR = "hardly anything has a colour that the prompt names (#2563EB)"

CUTOUT = LockedCutout(sha256=digest("c"), width=9, height=9, remover="key")


@pytest.mark.parametrize(
    ("made", "shown", "world", "said"),
    [
        (entry(), picture(), STANDS, []),
        (entry(), None, STANDS, ["no file of it stands here, so there is nothing to see"]),
        (entry(), picture(), World(), [f"{PATH} is missing"]),
        (entry(size=768), picture(), STANDS, [SHAPE]),
        (entry(size=768, provider="adopted"), picture(), STANDS, []),
        (entry(), picture((0, 20, 80, 80)), STANDS, ["the subject runs out of the picture (left)"]),
        (entry(cutout=CUTOUT.model_copy(update={"crop": True})), picture((0, 20, 80, 80)), STANDS, []),
        (entry(cutout=CUTOUT), picture(), STANDS, []),
        (entry(cutout=CUTOUT), picture(ground="#FFFFFF"), STANDS, [GROUND]),
        (entry("A coin in #EC4899 on #FFFFFF"), picture(), STANDS, []),
        (entry("A coin in #2563EB on #FFFFFF"), picture(), STANDS, [COLOR]),
        (entry("A coin on #FFFFFF"), picture(), STANDS, []),
        (entry("A coin in #2563EB", provider="draft"), picture(), STANDS, []),
    ],
)
def test_doubts(made: Entry, shown: Picture | None, world: World, said: list[str]) -> None:
    assert list(doubts(asset(action=Action.UP_TO_DATE, previous=made), world, shown)) == said


def test_a_file_that_somebody_changed() -> None:
    world = World(files={OutputPath(PATH): FileFact("file", digest("mine"))})
    said = list(doubts(asset(action=Action.UP_TO_DATE, previous=entry()), world, picture()))
    assert said == [f"{PATH} was changed by hand since it was made"]
