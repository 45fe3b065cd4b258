"""The embedded provider: finished at once, equal for equal orders, at the size that the real model would return."""

from __future__ import annotations

from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from assetgen.catalog.models import NANO_BANANA_PRO
from assetgen.executors.threads import Threads
from assetgen.manifest.recipe import Drawing, PixelSize
from assetgen.providers.base import Finished, GoneError, Order, Provider, Succeeded, TaskId
from assetgen.providers.draft import Draft, caption_of, seed_of

ORDER = Order(
    model="nano-banana-pro",
    prompt="A stack of coins.",
    parameters={"aspect_ratio": "1:1", "resolution": "1K"},
    input={},
    drawing=Drawing("coin", {"primary": "#EC4899"}, remove_bg=False),
    expected=PixelSize(96, 96),
)


async def submitted(order: Order) -> bytes:
    async with Threads(1) as threads:
        provider: Provider = Draft(threads)
        submission = await provider.submit(order)
        await provider.close()
    assert isinstance(submission, Finished)
    return submission.data


@pytest.mark.parametrize("ratio", ["1:1", "21:9", "9:16"])
async def test_draws_the_size_that_the_model_would_return(ratio: str) -> None:
    width, height = NANO_BANANA_PRO.sizes[ratio, "1K"]
    data = await submitted(replace(ORDER, expected=PixelSize(width, height)))
    with Image.open(BytesIO(data)) as picture:
        assert (picture.format, picture.size) == ("PNG", (width, height))


async def test_equal_orders_give_equal_bytes_and_other_requests_other_pictures() -> None:
    first = await submitted(ORDER)
    assert await submitted(replace(ORDER)) == first
    assert await submitted(replace(ORDER, prompt="A gem.")) != first


@pytest.mark.parametrize(
    "other",
    [
        replace(ORDER, prompt="A gem."),
        replace(ORDER, model="other"),
        replace(ORDER, parameters={"aspect_ratio": "1:1", "resolution": "2K"}),
        replace(ORDER, input={"seed": 7}),
        replace(ORDER, take=1),
        replace(ORDER, reroll=1),
    ],
)
def test_whatever_changes_the_request_changes_the_composition(other: Order) -> None:
    assert seed_of(other) != seed_of(ORDER)


def test_white_space_and_the_order_of_parameters_change_nothing() -> None:
    same = replace(ORDER, prompt=" A stack\n of  coins. ", parameters={"resolution": "1K", "aspect_ratio": "1:1"})
    assert seed_of(same) == seed_of(ORDER)


def test_the_caption_says_size_ratio_and_what_it_is() -> None:
    assert caption_of(ORDER) == "96 x 96 · 1:1 · draft"
    assert caption_of(replace(ORDER, parameters={})) == "96 x 96 · draft"


async def test_it_has_no_tasks() -> None:
    async with Threads(1) as threads:
        provider = Draft(threads)
        with pytest.raises(GoneError, match="keeps nothing: t-1"):
            await provider.poll(TaskId("t-1"))
        with pytest.raises(GoneError, match=r"keeps nothing: https://x\.test/1, out\.png"):
            await provider.fetch(Succeeded(("https://x.test/1",), None), Path("out.png"))
