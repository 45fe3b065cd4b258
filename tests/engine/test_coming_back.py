"""Pictures that come back when the store is gone: cut out again, collected again by their task, or known to the lock
alone; never paid for twice, and never another picture."""

from __future__ import annotations

import json
import shutil
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from assetgen.plan.plan import Options
from tests.support.house import MODEL
from tests.support.workshop import CUT, ENLARGES, REMOVES, Studio, Workshop

LARGER = f"upscale: {{model: {ENLARGES.id}, factor: 4}}"
FREE = "removeBg: true"
SHOWS = "prompt: A bar, references: ['asset:coin#cutout']"


@pytest.fixture
def house(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path, Studio())


@pytest.fixture
def slow(tmp_path: Path) -> Workshop:
    house = Workshop(tmp_path, Studio())
    house.provider.busy = True
    return house


def forget(house: Workshop) -> None:
    """A fresh clone; the service still has everything."""
    shutil.rmtree(house.root / ".assetgen")


def elsewhere(house: Workshop, **changes: Any) -> None:
    """A fresh clone of what another machine built, whose PNGs have other bytes for the same pixels."""
    path = house.root / "app.lock"
    document = json.loads(path.read_text())
    cutout = document["assets"]["coin"]["cutout"]
    cutout["sha256"] = "0" * 64
    if "whole" in cutout:
        cutout["whole"] = "1" * 64
    for name, value in changes.items():
        cutout.pop(name) if value is None else cutout.update({name: value})
    path.write_text(json.dumps(document))
    forget(house)


async def idle(house: Workshop) -> None:
    """Nothing is left to do."""
    before, models, lock = house.files, house.models, house.lock
    assert set((await house.build()).results.values()) == {"up-to-date"}
    assert (house.files, house.models, house.lock) == (before, models, lock)


# --- cutouts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("crop", ["", ", crop: true"])
@pytest.mark.parametrize("settings", ["remover: key", "remover: kie"])
async def test_a_cutout_with_the_same_pixels_is_the_same_one(house: Workshop, settings: str, crop: str) -> None:
    asset = f"prompt: A coin, removeBg: {{{settings}{crop}}}, sizes: [8]"
    house.makes(coin=asset)
    await house.build()
    models = house.models
    elsewhere(house)
    before, cutout = house.files, house.lock.assets["coin"].cutout
    house.makes(coin=asset.replace("[8]", "[8, 16]"), bar=SHOWS)
    built = await house.build()
    assert built.results == {"coin": "built", "bar": "built"}, built.said("coin") + built.said("bar")
    assert house.lock.assets["coin"].cutout == cutout
    assert before.items() <= house.files.items()
    assert house.models == [*models, MODEL.id]
    await idle(house)
    house.makes(coin=asset.replace("[8]", "[8, 16, 24]"), bar=SHOWS)
    assert (await house.build()).results["coin"] == "built"
    assert (house.lock.assets["coin"].cutout, house.models) == (cutout, [*models, MODEL.id])
    await idle(house)


@pytest.mark.parametrize("changes", [{"pixels": "2" * 64}, {"pixels": None}], ids=["other pixels", "an old lock"])
async def test_other_pixels_are_never_used(house: Workshop, changes: dict[str, Any]) -> None:
    house.makes(coin=f"prompt: A coin, {FREE}")
    await house.build()
    elsewhere(house, **changes)
    before = house.files
    house.makes(coin=f"prompt: A coin, {FREE}, formats: [png, webp]")
    built = await house.build()
    assert (built.results, "--refresh coin" in built.said("coin")) == ({"coin": "blocked"}, True)
    assert house.files == before


async def test_a_paid_cutout_is_collected_again_by_its_task(house: Workshop) -> None:
    house.makes(coin=f"prompt: A coin, {CUT}")
    await house.build()
    cutout = house.lock.assets["coin"].cutout
    assert cutout is not None
    assert cutout.ordered is not None
    assert (cutout.ordered.task_id, cutout.ordered.provider) == ("task-2", "fake")
    forget(house)
    house.makes(coin=f"prompt: A coin, {CUT}, sizes: [16]")
    plan = house.planned()["coin"]
    assert (plan.usd, "collected again for free" in " ".join(plan.reasons)) == (Decimal(0), True)
    assert (await house.build()).results == {"coin": "built"}
    assert (house.models, house.lock.assets["coin"].cutout) == ([MODEL.id, REMOVES.id], cutout)
    await idle(house)


async def test_what_cannot_be_had_just_now_is_had_by_the_next_build(house: Workshop) -> None:
    house.makes(coin="prompt: A coin")
    await house.build()
    forget(house)
    house.provider.broken = True
    house.makes(coin="prompt: A coin, sizes: [16]")
    built = await house.build()
    assert (built.results, "the download broke off" in built.said("coin")) == ({"coin": "blocked"}, True)
    assert "--regenerate" not in built.said("coin")
    house.provider.broken = False
    assert (await house.build()).results == {"coin": "built"}
    assert house.models == [MODEL.id]
    await idle(house)


async def test_a_paid_cutout_that_the_service_has_no_more_is_not_paid_for_again(house: Workshop) -> None:
    house.makes(coin=f"prompt: A coin, {CUT}")
    await house.build()
    house.lose()
    before = house.files
    house.makes(coin=f"prompt: A coin, {CUT}, sizes: [16]")
    built = await house.build()
    assert (built.results, "--refresh coin" in built.said("coin")) == ({"coin": "blocked"}, True)
    assert (house.ordered, house.files) == ([], before)


@pytest.mark.parametrize("other", ["removeBg: {remover: kie, crop: true}", FREE, "removeBg: false"])
async def test_a_paid_cutout_known_to_the_lock_alone_is_there_when_settings_return(house: Workshop, other: str) -> None:
    house.makes(coin=f"prompt: A coin, {CUT}")
    await house.build()
    before = house.files
    forget(house)
    for settings in (other, CUT):
        house.makes(coin=f"prompt: A coin, {settings}")
        built = await house.build()
        assert built.results == {"coin": "built"}, built.said("coin")
    assert (house.models, house.files) == ([MODEL.id, REMOVES.id], before)


@pytest.mark.parametrize("settings", [FREE, CUT])
async def test_a_lost_cutout_of_a_larger_picture_comes_back_to_be_shown(house: Workshop, settings: str) -> None:
    house.makes(coin=f"prompt: A coin, {settings}, {LARGER}")
    await house.build()
    models = house.models
    forget(house)
    house.makes(coin=f"prompt: A coin, {settings}, {LARGER}", bar=SHOWS)
    built = await house.build()
    assert built.results == {"coin": "up-to-date", "bar": "built"}, built.said("bar")
    assert house.models == [*models, MODEL.id]


async def test_a_cutout_is_shown_though_its_files_cannot_be_made(house: Workshop) -> None:
    house.makes(coin="prompt: A coin, removeBg: {crop: true}, sizes: [60]", bar=SHOWS)
    built = await house.build()
    assert built.results == {"coin": "export", "bar": "built"}, built.said("bar")


@pytest.mark.parametrize("lost", [False, True])
async def test_a_cutout_is_shown_though_a_file_of_its_asset_is_in_the_way(house: Workshop, lost: bool) -> None:
    coin = f"prompt: A coin, {FREE}, {LARGER}, sizes: [8]"
    house.makes(coin=coin)
    await house.build()
    models = house.models
    (house.root / "output/app/coin-8.png").write_bytes(b"by hand")
    if lost:
        forget(house)
    house.makes(coin=coin, bar=SHOWS)
    built = await house.build()
    assert built.results == {"coin": "edited", "bar": "built"}, built.said("bar")
    assert house.models == [*models, MODEL.id]


# --- masters ---------------------------------------------------------------------------------------------------------


async def test_a_picture_that_several_assets_have_is_got_back_once(house: Workshop) -> None:
    house.makes(coin="prompt: A coin", gold="prompt: A coin", star="prompt: A coin")
    await house.build()
    forget(house)
    small = "prompt: A coin, sizes: [8]"
    house.makes(coin=small, gold=small, star=small)
    built = await house.build()
    assert set(built.results.values()) == {"built"}, built.said("gold")
    assert house.models == [MODEL.id]


@pytest.mark.parametrize("fields", ["prompt: A coin", f"prompt: A coin, {LARGER}", f"prompt: A coin, {CUT}"])
async def test_an_asset_that_comes_back_in_a_fresh_clone_costs_nothing(house: Workshop, fields: str) -> None:
    house.makes(coin=fields, gem="prompt: A gem")
    await house.build()
    before, models = house.files, house.models
    forget(house)
    house.makes(gem="prompt: A gem")
    await house.build()
    house.makes(coin=fields, gem="prompt: A gem")
    assert house.planned()["coin"].usd == 0
    assert (await house.build()).results == {"coin": "built", "gem": "up-to-date"}
    assert (house.files, house.models) == (before, models)


async def test_a_fresh_clone_remembers_what_its_lock_knew_when_another_is_checked_out(house: Workshop) -> None:
    lock = house.root / "app.lock"
    house.makes(coin="prompt: A coin")
    await house.build()
    earlier = lock.read_bytes()
    house.makes(coin=f"prompt: A new coin, variants: 2, {CUT}, {LARGER}")
    await house.build(Options(regenerate=("coin",)))
    await house.build(Options(regenerate=("coin",)))
    before, models = house.files, house.models
    forget(house)
    await idle(house)
    lock.write_bytes(earlier)
    assert house.planned()["coin"].usd == 0
    assert (await house.build()).results == {"coin": "built"}
    assert (house.files, house.models) == (before, models)


async def test_all_variants_of_an_asset_come_back(house: Workshop) -> None:
    coin, gem = "prompt: A coin, variants: 2, pick: 2", "prompt: A gem"
    house.makes(coin=coin, gem=gem)
    await house.build()
    masters, models = house.lock.assets["coin"].masters, house.models
    forget(house)
    house.makes(gem=gem)
    await house.build()
    house.makes(coin=coin, gem=gem)
    assert (await house.build()).results["coin"] == "built"
    assert (house.lock.assets["coin"].masters, house.models) == (masters, models)


# --- files -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("manifest", ["A coin", "A gem"])
async def test_a_file_that_was_ours_once_gives_way_to_the_one_of_the_lock(house: Workshop, manifest: str) -> None:
    house.makes(coin="prompt: A coin, sizes: [16]")
    await house.build()
    file, earlier = house.root / "output/app/coin-16.png", house.files
    data = file.read_bytes()
    house.edit("A coin", "A gem")
    await house.build()
    later, models = house.files, house.models
    file.write_bytes(data)
    house.edit("A gem", manifest)
    reasons = ("output output/app/coin-16.png is an earlier file of ours, and not the locked one",)
    assert manifest == "A coin" or house.planned()["coin"].reasons == reasons
    assert (await house.build()).results == {"coin": "built"}
    assert (house.files, house.models) == (earlier if manifest == "A coin" else later, models)
    file.write_bytes(b"by hand")
    assert (await house.build()).results == {"coin": "edited"}


# --- orders ----------------------------------------------------------------------------------------------------------


async def test_an_order_for_an_earlier_request_is_said_until_it_is_collected(slow: Workshop) -> None:
    slow.makes(coin="prompt: A coin", gem="prompt: A gem")
    assert set((await slow.build()).results.values()) == {"still_running"}
    assert not slow.planned()["coin"].notes
    slow.makes(coin="prompt: A new coin", gem="prompt: A gem")
    note = (
        "task task-1, ordered for an earlier request (`A coin`), is paid for and not collected: its picture comes when "
        "that request returns"
    )
    assert (slow.planned()["coin"].notes, slow.planned()["gem"].notes) == ((note,), ())
    slow.provider.busy = False
    built = await slow.build()
    assert built.outcomes["coin"].notes[0] == note
    assert slow.planned()["coin"].notes == (note,)
    slow.makes(coin="prompt: A coin", gem="prompt: A gem")
    assert not slow.planned()["coin"].notes
    assert (await slow.build()).results["coin"] == "built"
    slow.makes(coin="prompt: A new coin", gem="prompt: A gem")
    assert not slow.planned()["coin"].notes
    assert len(slow.models) == 3
