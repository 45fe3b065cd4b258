"""Backgrounds removed in real builds: what is cut out again and what is not; a service is never asked twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from assetgen import build
from assetgen.catalog.removers import REMOVERS
from assetgen.errors import BudgetError
from assetgen.plan.plan import Action, Options
from assetgen.project import Project
from assetgen.removers.base import BadKeyError, BusyError, RemovalError, SpoiledError, UnsureError
from tests.removers.service_server import packed, says, serving
from tests.support.counting import CountingProvider
from tests.support.erasing import CountingRemover
from tests.support.house import CATALOG, LIMITS, PAID, House

PRICED = f"providers: {{service: {{usd: 0.02}}}}\n{PAID}"
COIN = "output/app/coin.png"
REFRESH = Options(refresh=("coin",))


@pytest.fixture
def house(tmp_path: Path) -> House:
    house = House(tmp_path, CountingProvider())
    house.remover = CountingRemover()
    return house


def calls(house: House) -> int:
    assert house.remover is not None
    return len(house.remover.calls)


def fails(house: House, *failures: Exception) -> None:
    assert house.remover is not None
    house.remover.failures = list(failures)


def picture(house: House, path: str = COIN) -> Image.Image:
    with Image.open(house.root / path) as found:
        found.load()
        return found


async def idle(house: House) -> None:
    """Nothing is left to do."""
    before, ordered, called = house.files, len(house.ordered), calls(house)
    assert set((await house.build()).results.values()) == {"up-to-date"}
    assert (house.files, len(house.ordered), calls(house)) == (before, ordered, called)


# --- the embedded remover --------------------------------------------------------------------------------------------


async def test_an_asset_is_cut_out_once(house: House) -> None:
    house.makes(coin="prompt: A coin, removeBg: true")
    assert (await house.build()).results == {"coin": "built"}
    made = picture(house)
    assert (made.mode, made.size) == ("RGBA", (64, 64))
    assert (made.getpixel((0, 0)), made.getchannel("A").getpixel((32, 32))) == ((0, 0, 0, 0), 255)
    cutout = house.lock.assets["coin"].cutout
    assert cutout is not None
    assert (cutout.remover, cutout.version, cutout.width, cutout.whole) == ("key", REMOVERS["key"].version, 64, None)
    await idle(house)


@pytest.mark.parametrize(
    "settings",
    [
        "true",
        "{crop: true}",
        "{crop: true, padding: 0.1}",
        "{remover: service}",
        "{holes: true}",
        "{keep: true}",
    ],
)
async def test_edited_settings_never_order_a_picture_and_going_back_brings_the_files_back(
    house: House, settings: str
) -> None:
    house.makes(coin="prompt: A coin, removeBg: {crop: true, padding: 0.05}")
    await house.build()
    before = house.files
    house.makes(coin=f"prompt: A coin, removeBg: {settings}")
    assert (await house.build()).results == {"coin": "built"}
    await idle(house)
    house.makes(coin="prompt: A coin, removeBg: {crop: true, padding: 0.05}")
    plan = house.planned()["coin"]
    assert plan.action is Action.EXPORT, "the cutout is still known"
    await house.build()
    assert house.files | before == house.files
    assert house.ordered == ["coin"]


async def test_a_crop_has_the_shape_of_the_picture(house: House) -> None:
    house.makes(coin="prompt: A coin, removeBg: {crop: true, padding: 0.5}")
    await house.build()
    made = picture(house)
    assert (made.size, made.getchannel("A").getbbox()) == ((64, 64), (16, 16, 48, 48))


async def test_a_size_larger_than_what_is_left_fails_and_keeps_the_picture(house: House) -> None:
    house.makes(coin="prompt: A coin, removeBg: {crop: true}, sizes: [48]")
    built = await house.build()
    assert built.results == {"coin": "export"}
    assert "32" in built.said("coin")
    house.makes(coin="prompt: A coin, removeBg: {crop: true}, sizes: [32]")
    assert (await house.build()).results == {"coin": "built"}
    assert house.ordered == ["coin"]


async def test_the_uncut_picture_is_written_beside(house: House) -> None:
    house.makes(coin="prompt: A coin, removeBg: {keep: true}")
    await house.build()
    assert (picture(house).mode, picture(house, "output/app/coin-original.png").mode) == ("RGBA", "RGB")


async def test_a_deleted_store_changes_nothing_and_a_new_size_recreates_the_cutout(house: House) -> None:
    house.makes(coin="prompt: A coin, removeBg: {crop: true}, sizes: [16]")
    await house.build()
    before, lock = house.files, house.lock
    shutil.rmtree(house.root / ".assetgen")
    await idle(house)
    house.makes(coin="prompt: A coin, removeBg: {crop: true}, sizes: [16, 24]")
    assert (await house.build()).results == {"coin": "built"}
    assert (house.ordered, house.lock.assets["coin"].cutout) == (["coin"], lock.assets["coin"].cutout)
    assert before.items() <= house.files.items()


async def test_rule_3_another_picture_than_the_locked_one_is_never_used(house: House) -> None:
    house.makes(coin="prompt: A coin, removeBg: true")
    await house.build()
    before = house.files
    lock = house.root / "app.lock"
    document = json.loads(lock.read_text())
    document["assets"]["coin"]["cutout"] |= {"sha256": "0" * 64, "pixels": "1" * 64}
    lock.write_text(json.dumps(document))
    shutil.rmtree(house.root / ".assetgen")
    house.makes(coin="prompt: A coin, removeBg: true, formats: [png, webp]")
    built = await house.build()
    assert built.results == {"coin": "blocked"}
    assert "--refresh coin" in built.said("coin")
    assert house.files == before
    assert (await house.build(REFRESH)).results == {"coin": "built"}
    await idle(house)


async def test_a_damaged_cutout_is_cut_out_again(house: House) -> None:
    house.makes(coin="prompt: A coin, removeBg: true")
    await house.build()
    cutout = house.lock.assets["coin"].cutout
    assert cutout is not None
    (house.root / ".assetgen/blobs" / cutout.sha256[:2] / cutout.sha256[2:]).write_bytes(b"damaged")
    house.makes(coin="prompt: A coin, removeBg: true, sizes: [32]")
    assert (await house.build()).results == {"coin": "built"}
    assert house.lock.assets["coin"].cutout == cutout


async def test_what_cannot_be_cut_out_fails_without_a_file_and_is_not_paid_for_again(house: House) -> None:
    house.makes(coin="prompt: A coin, removeBg: true")
    house.provider.plain = True
    built = await house.build()
    assert built.results == {"coin": "removal"}
    assert "nothing stands out from the background" in built.said("coin")
    assert house.files == {}
    house.makes(coin="prompt: A coin, removeBg: {remover: service}")
    assert (await house.build()).results == {"coin": "built"}
    assert house.ordered == ["coin"]


async def test_a_person_who_adopts_a_file_has_it_as_it_is(house: House) -> None:
    house.makes(coin="prompt: A coin, removeBg: true")
    await house.build()
    Image.new("RGBA", (64, 64), (1, 2, 3, 4)).save(house.root / COIN)
    await house.adopt("coin")
    await idle(house)
    house.makes(coin="prompt: A coin, removeBg: {crop: true}")
    await house.adopt("coin")
    await idle(house)


async def test_an_adopted_picture_is_not_cut_out(house: House) -> None:
    house.makes(coin="prompt: A coin, removeBg: true")
    (house.root / "output/app").mkdir(parents=True)
    Image.new("RGB", (64, 64), (200, 30, 90)).save(house.root / COIN)
    await house.adopt("coin")
    await idle(house)
    house.makes(coin="prompt: A coin, removeBg: true, formats: [png, webp]")
    assert (await house.build()).results == {"coin": "built"}
    assert house.ordered == []


async def test_two_assets_with_one_picture_are_cut_out_and_trimmed_once(house: House) -> None:
    same = "prompt: A coin, removeBg: {crop: true}"
    house.makes(coin=same, gold=same, gem=same)
    assert set((await house.build()).results.values()) == {"built"}
    assert len(set(house.files.values())) == 1
    await idle(house)


# --- a service -------------------------------------------------------------------------------------------------------


async def test_a_service_is_asked_once_for_each_picture(house: House) -> None:
    same = "prompt: A coin, removeBg: {remover: service"
    house.makes(coin=f"{same}}}", gold=f"{same}, crop: true}}", gem="prompt: A gem, removeBg: {remover: service}")
    assert set((await house.build()).results.values()) == {"built"}
    assert (sorted(house.ordered), calls(house)) == (["coin", "gem"], 2)
    await idle(house)
    house.makes(coin=f"{same}, crop: true, padding: 0.2}}", gold=f"{same}}}", gem="prompt: A gem")
    await house.build()
    assert calls(house) == 2


async def test_what_a_service_made_is_not_asked_for_again(house: House) -> None:
    house.makes(coin="prompt: A coin, removeBg: {remover: service}")
    await house.build()
    shutil.rmtree(house.root / ".assetgen")
    await idle(house)
    house.makes(coin="prompt: A coin, removeBg: {remover: service}, sizes: [32]")
    built = await house.build()
    assert (built.results, calls(house)) == ({"coin": "blocked"}, 1)
    assert (await house.build(REFRESH)).results == {"coin": "built"}
    assert (calls(house), house.ordered) == (2, ["coin"])


async def test_a_free_service_is_asked_until_it_answers(house: House) -> None:
    fails(house, BusyError("busy"), UnsureError("no answer"))
    house.makes(coin="prompt: A coin, removeBg: {remover: service}")
    assert (await house.build()).results == {"coin": "built"}
    assert calls(house) == 3


async def test_a_priced_call_in_doubt_is_made_once_more_and_then_only_when_asked_for(
    house: House,
) -> None:
    house.makes(PRICED, coin="prompt: A coin, removeBg: {remover: service}")
    for number in (1, 2):
        fails(house, UnsureError("no answer"))
        built = await house.build()
        assert (built.results, calls(house)) == ({"coin": "maybe_charged"}, number)
        assert built.report.unsure == Decimal("0.02")
    fails(house)
    built = await house.build()
    assert (built.results, calls(house)) == ({"coin": "maybe_charged"}, 2)
    assert "--refresh coin" in built.said("coin")
    built = await house.build(REFRESH)
    assert (built.results, calls(house), built.report.spent) == ({"coin": "built"}, 3, Decimal("0.02"))
    assert house.ordered == ["coin"]
    assert house.consistent() == 0
    await idle(house)


async def test_work_that_is_of_no_use_may_have_been_charged(house: House) -> None:
    fails(house, SpoiledError("it removed nothing"))
    house.makes(PRICED, coin="prompt: A coin, removeBg: {remover: service}")
    assert (await house.build()).results == {"coin": "maybe_charged"}
    assert (calls(house), house.files) == (1, {})


async def test_a_call_that_was_surely_refused_costs_nothing(house: House) -> None:
    fails(house, RemovalError("too large"))
    house.makes(PRICED, coin="prompt: A coin, removeBg: {remover: service}")
    built = await house.build()
    assert (built.results, built.report.spent, built.report.unsure) == (
        {"coin": "removal"},
        Decimal("0.09"),
        Decimal(0),
    )
    assert house.files == {}
    assert (await house.build()).results == {"coin": "built"}
    assert house.ordered == ["coin"]


async def test_a_refused_key_is_told_once(house: House) -> None:
    fails(house, *[BadKeyError("no such key")] * 3)
    house.makes(**{name: f"prompt: A {name}, removeBg: {{remover: service}}" for name in ("coin", "gem", "star")})
    built = await house.build()
    assert sorted(built.results.values()) == ["auth", "not_sent", "not_sent"]
    assert len(house.ordered) == 3


async def test_the_price_of_the_service_counts_under_a_budget(house: House) -> None:
    house.makes(PRICED, coin="prompt: A coin, removeBg: {remover: service}")
    assert house.planned()["coin"].usd == Decimal("0.11")
    with pytest.raises(BudgetError):
        await house.build(limits=build.Limits(max_cost=Decimal("0.10"), jobs=1))
    assert (house.ordered, calls(house)) == ([], 0)
    built = await house.build(limits=build.Limits(max_cost=Decimal("0.11"), jobs=1))
    assert (built.results, built.report.spent) == ({"coin": "built"}, Decimal("0.11"))


@pytest.mark.parametrize("remover", ["service"])
async def test_a_remover_that_is_not_there_is_said_before_anything_is_ordered(house: House, remover: str) -> None:
    house.remover = None
    house.makes(coin=f"prompt: A coin, removeBg: {{remover: {remover}}}")
    built = await house.build()
    assert built.results == {"coin": "removal"}
    assert "BG_REMOVE_URL" in built.said("coin")
    assert house.ordered == []


async def test_drafts_are_cut_out_here(house: House) -> None:
    house.makes("", coin="prompt: A coin, removeBg: {remover: service}")
    built = await house.build()
    assert (built.results, calls(house)) == ({"coin": "built"}, 0)
    assert picture(house).getpixel((0, 0)) == (0, 0, 0, 0)
    assert built.outcomes["coin"].notes == ("its draft is cut out by `key`; `service` will cut out the real picture",)
    await idle(house)


async def test_a_real_service_over_http(house: House, project: Callable[[str], Project]) -> None:
    cutout = Image.new("RGBA", (64, 64))
    cutout.paste((200, 30, 90, 255), (16, 16, 48, 48))
    house.makes(coin="prompt: A coin, removeBg: {remover: service}")
    async with serving(says(200, packed(cutout), "image/png")) as service:
        work = build.build(project(service.url), Options(), LIMITS, provide=house.provide)
        report = await work
    assert [outcome.problem for outcome in report.outcomes] == [None]
    assert [received.headers["x-api-key"] for received in service.received] == ["k3y"]
    assert picture(house).getchannel("A").getbbox() == (16, 16, 48, 48)


@pytest.fixture
def project(house: House) -> Callable[[str], Project]:
    """The project in an environment that names a service."""
    from assetgen.project import load

    def made(url: str) -> Project:
        environ = {"BG_REMOVE_URL": url, "BG_REMOVE_API_KEY": "k3y"}
        return load([house.root / house.manifest], environ=environ, cwd=house.root, catalog=CATALOG)

    return made
