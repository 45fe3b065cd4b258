"""`removeBg: difference`: a second picture is an order like any other, collected again rather than paid again."""

from __future__ import annotations

import shutil
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image

from assetgen.catalog.grounds import COLORS, ground_asked_for
from assetgen.digest import Digest, digest_of
from assetgen.plan.plan import Action, Options
from assetgen.providers.base import (
    Accepted,
    ModeratedError,
    Order,
    Running,
    Succeeded,
    TaskId,
    TaskState,
    TransientError,
    UnavailableError,
)
from tests.support.workshop import Studio, Workshop, encoded

PAIR = "prompt: A coin, removeBg: {remover: difference}"
PRICE = Decimal("0.09")


class Twins(Studio):
    """Makes a disc of glass in a colour of its own on `ground`, and the same on any other that is asked for; something
    else there when it is `careless`. Of second pictures it takes no orders while it is `closed`, answers none while it
    is `dying`, and finishes none while it is `slow`."""

    ground = "#FFFFFF"
    careless = closed = dying = slow = False

    def __init__(self) -> None:
        super().__init__()
        self.colors: dict[Digest, tuple[int, int, int]] = {}

    @property
    def seconds(self) -> list[Order]:
        return [order for order in self.orders if ground_asked_for(order.prompt)]

    async def submit(self, order: Order) -> Accepted:
        second = ground_asked_for(order.prompt) is not None
        if second and self.closed:
            raise UnavailableError("closed")
        accepted = await super().submit(order)
        if second and self.dying:
            raise TransientError("no answer came")
        return accepted

    async def poll(self, task: TaskId) -> TaskState:
        order = self.orders[int(task.removeprefix("task-")) - 1]
        return Running("queuing") if self.slow and order in self.seconds else await super().poll(task)

    async def fetch(self, result: Succeeded, target: Path) -> None:
        await super().fetch(result, target)
        number = int(result.urls[0].removeprefix("task-"))
        order = self.orders[number - 1]
        ground = ground_asked_for(order.prompt)
        color = (40 * number % 200 + 20, 60, 180)
        if ground is not None and not self.careless:
            color = self.colors[Digest(order.links[0].rpartition("/")[2])]
        data = disc(color, COLORS[ground] if ground else self.ground, moved=self.careless and ground is not None)
        self.colors[digest_of(data)] = color
        target.write_bytes(data)  # noqa: ASYNC240 - a few bytes


def disc(color: tuple[int, int, int], ground: str, *, moved: bool = False) -> bytes:
    picture = Image.new("RGB", (64, 64), ground)
    left = 0 if moved else 16
    mask = Image.new("L", (64, 64))
    mask.paste(128, (left + 4, 16, left + 32, 48))
    mask.paste(255, (left + 8, 20, left + 24, 44))
    picture.paste(color, mask=mask)
    return encoded(picture)


class Glassworks(Workshop):
    provider: Twins

    def cutout(self, name: str = "coin") -> Image.Image:
        with Image.open(self.root / f"output/app/{name}.png") as picture:
            picture.load()
            return picture


@pytest.fixture
def house(tmp_path: Path) -> Glassworks:
    return Glassworks(tmp_path, Twins())


async def built(house: Glassworks, options: Options = Options()) -> None:  # noqa: B008 - frozen
    made = await house.build(options)
    assert set(made.results.values()) <= {"built", "up-to-date"}, made.said("coin")


async def idle(house: Glassworks) -> None:
    before, orders, lock = house.files, len(house.provider.orders), house.lock
    assert set((await house.build()).results.values()) == {"up-to-date"}
    assert (house.files, len(house.provider.orders), house.lock) == (before, orders, lock)


async def test_two_pictures_are_ordered_and_solved_exactly(house: Glassworks) -> None:
    house.makes(coin=PAIR)
    plan = house.planned()["coin"]
    assert plan.usd == 2 * PRICE
    assert plan.reasons == ("new", "`nano-banana-pro` makes its second picture, on another ground, for $0.09")
    await built(house)
    first, second = house.provider.orders
    assert (second.model, second.parameters) == (first.model, first.parameters)
    assert second.prompt.count("pure black (#000000)") == 1
    made = house.cutout()
    assert [made.getpixel(at) for at in ((0, 0), (30, 30))] == [(0, 0, 0, 0), (60, 60, 180, 255)]
    glass = made.getpixel((21, 17))
    assert isinstance(glass, tuple)
    assert abs(glass[3] - 128) <= 1
    entry = house.lock.assets["coin"]
    assert entry.cutout is not None
    assert entry.cutout.ordered is not None
    assert entry.cutout.asked is not None
    assert (entry.cutout.ordered.task_id, entry.cutout.ordered.charged) == ("task-2", PRICE)
    assert ground_asked_for(entry.cutout.asked.prompt) == "black"
    await idle(house)


async def test_a_dark_ground_is_answered_by_white(house: Glassworks) -> None:
    house.provider.ground = "#101828"
    house.makes(coin=PAIR)
    await built(house)
    assert ground_asked_for(house.provider.orders[1].prompt) == "white"
    assert house.cutout().getpixel((0, 0)) == (0, 0, 0, 0)


async def test_no_second_picture_is_paid_for_where_the_first_has_no_plain_ground(house: Glassworks) -> None:
    class Busy(Twins):
        async def fetch(self, result: Succeeded, target: Path) -> None:
            noise = Image.effect_noise((64, 64), 120).convert("RGB")
            target.write_bytes(encoded(noise))  # noqa: ASYNC240 - a few bytes

    house.provider = Busy()
    house.makes(coin=PAIR)
    made = await house.build()
    assert (made.results, "not plain" in made.said("coin")) == ({"coin": "removal"}, True)
    assert len(house.provider.orders) == 1
    assert (await house.build()).results == {"coin": "removal"}
    assert len(house.provider.orders) == 1


EDITS = (
    (f"{PAIR}, sizes: [16]", 0, 0),
    (f"{PAIR}, formats: [png, webp]", 0, 0),
    ("prompt: A coin, removeBg: {remover: difference, crop: true, padding: 0.1}", 0, 0),
    ("prompt: A coin, removeBg: true", 0, 0),
    ("prompt: A coin", 0, 0),
    (PAIR, 0, 0),
    (PAIR.replace("A coin", "A gem"), 1, 1),
    (PAIR, 0, 0),
    (f"{PAIR}, variants: 2", 1, 0),
    (f"{PAIR}, variants: 2, pick: 2", 0, 1),
    (f"{PAIR}, variants: 2", 0, 0),
    (f"{PAIR}, resolution: 2K", 1, 1),
    (f"{PAIR}, description: For people", 0, 0),
)
"""What the asset becomes, one after the other, and how many first and second pictures that orders."""


async def test_what_each_edit_orders(house: Glassworks) -> None:
    house.makes(coin=PAIR)
    await built(house)
    for fields, firsts, seconds in EDITS:
        before, known = len(house.provider.orders), len(house.provider.seconds)
        house.makes(coin=fields)
        assert house.planned()["coin"].usd == PRICE * (firsts + seconds), fields
        await built(house)
        ordered, paired = len(house.provider.orders) - before, len(house.provider.seconds) - known
        assert (ordered - paired, paired) == (firsts, seconds), fields
        await idle(house)


async def test_a_picture_that_two_assets_have_is_paired_once(house: Glassworks) -> None:
    house.makes(coin=PAIR, gold=PAIR.replace("}", ", crop: true}"))
    plans = house.planned()
    assert [plans[name].usd for name in ("coin", "gold")] == [2 * PRICE, 0]
    assert plans["gold"].reasons == ("new", "shares the picture of `coin`")
    await built(house)
    assert len(house.provider.orders) == 2
    await idle(house)


async def test_a_run_that_ends_between_the_two_pays_for_one_each(house: Glassworks) -> None:
    house.makes(coin=PAIR)
    house.provider.closed = True
    assert (await house.build()).results == {"coin": "unavailable"}
    house.provider.closed = False
    assert house.planned()["coin"].usd == PRICE
    await built(house)
    assert len(house.provider.orders) == 2
    await idle(house)


async def test_a_second_picture_that_takes_long_is_collected_by_the_next_build(house: Glassworks) -> None:
    house.makes(coin=PAIR)
    house.provider.slow = True
    assert (await house.build()).results == {"coin": "still_running"}
    house.provider.slow = False
    plan = house.planned()["coin"]
    assert plan.usd == 0
    assert plan.reasons[-1].startswith("task task-2 makes its second picture, on another ground: it is already paid")
    await built(house)
    assert len(house.provider.orders) == 2
    await idle(house)


async def test_an_unanswered_second_order_is_sent_once_more_and_then_only_by_name(house: Glassworks) -> None:
    house.makes(coin=PAIR)
    house.provider.dying = True
    for _ in range(2):
        assert (await house.build()).results == {"coin": "maybe_charged"}
    assert len(house.provider.seconds) == 2
    stuck = await house.build()
    assert (stuck.results, "--refresh coin" in stuck.said("coin")) == ({"coin": "maybe_charged"}, True)
    house.provider.dying = False
    await built(house, Options(refresh=("coin",)))
    assert len(house.provider.seconds) == 3
    await idle(house)


async def test_a_refused_second_picture_is_sent_once_more_and_then_only_by_name(house: Glassworks) -> None:
    class Prudish(Twins):
        shocked = True

        async def poll(self, task: TaskId) -> TaskState:
            if self.shocked and self.orders[int(task.removeprefix("task-")) - 1] in self.seconds:
                raise ModeratedError("It was flagged.")
            return await super().poll(task)

    house.provider = prudish = Prudish()
    house.makes(coin=PAIR)
    await house.build()
    said = "refused before, and sent once more as it is: It was flagged."
    assert house.planned()["coin"].reasons[-1] == said
    assert "only --refresh coin sends the same again" in (await house.build()).said("coin")
    stuck = await house.build()
    assert (stuck.results, stuck.report.requests, len(prudish.seconds)) == ({"coin": "moderated"}, 0, 2)
    assert "refused 2 times as one to be made on another ground: It was flagged." in stuck.said("coin")
    prudish.shocked = False
    await built(house, Options(refresh=("coin",)))
    assert (len(prudish.seconds), len(prudish.orders)) == (3, 4)
    await idle(house)


async def test_pictures_that_do_not_fit_are_kept_and_paid_for_again_by_name_alone(house: Glassworks) -> None:
    house.provider.careless = True
    house.makes(coin=PAIR)
    spoiled = await house.build()
    said = spoiled.said("coin")
    assert spoiled.results == {"coin": "removal"}
    assert "shows another subject" in said
    assert all(word in said for word in ("--refresh coin", "--regenerate coin", "remover: key"))
    house.provider.careless = False
    assert (await house.build(Options(refresh=("*",)))).results == {"coin": "removal"}
    assert len(house.provider.orders) == 2
    assert house.planned(Options(refresh=("coin",)))["coin"].usd == PRICE
    await built(house, Options(refresh=("coin",)))
    assert len(house.provider.orders) == 3
    await idle(house)
    await built(house, Options(refresh=("coin",)))
    assert len(house.provider.orders) == 3


async def test_without_the_store_both_are_collected_again_and_solved_for_nothing(house: Glassworks) -> None:
    house.makes(coin=PAIR)
    await built(house)
    before = house.lock.assets["coin"].cutout
    shutil.rmtree(house.root / ".assetgen")
    await idle(house)
    house.makes(coin=f"{PAIR}, sizes: [16]")
    plan = house.planned()["coin"]
    assert plan.usd == 0
    assert "its second picture is collected again for free: not in the store" in plan.reasons
    await built(house)
    assert (len(house.provider.orders), house.lock.assets["coin"].cutout) == (2, before)
    await idle(house)


async def test_back_from_another_remover_without_the_store(house: Glassworks) -> None:
    house.makes(coin=PAIR)
    await built(house)
    shutil.rmtree(house.root / ".assetgen")
    house.makes(coin="prompt: A coin, removeBg: true")
    await built(house)
    house.makes(coin=PAIR)
    assert house.planned()["coin"].usd == 0
    await built(house)
    assert len(house.provider.orders) == 2
    await idle(house)


async def test_a_regenerated_picture_gets_a_second_one_of_its_own(house: Glassworks) -> None:
    house.makes(coin=PAIR)
    await built(house)
    assert house.planned(Options(regenerate=("coin",)))["coin"].usd == 2 * PRICE
    await built(house, Options(regenerate=("coin",)))
    assert (len(house.provider.orders), len(house.provider.seconds)) == (4, 2)
    await idle(house)


async def test_a_frozen_picture_pays_for_no_second_one(house: Glassworks) -> None:
    house.makes(coin="prompt: A coin")
    await built(house)
    house.makes(coin=f"{PAIR}, frozen: true")
    plan = house.planned()["coin"]
    assert plan.usd == 0
    assert plan.notes == ("frozen: removeBg added",)
    await built(house)
    assert len(house.provider.orders) == 1


async def test_a_frozen_picture_stays_when_another_asset_pays_for_its_second_one(house: Glassworks) -> None:
    house.makes(coin="prompt: A coin")
    await built(house)
    before = house.files
    frozen = f"{PAIR}, frozen: true"
    house.makes(coin=frozen, gold=PAIR)
    await built(house)
    plan = house.planned()["coin"]
    assert (plan.action, plan.notes) == (Action.UP_TO_DATE, ("frozen: removeBg added",))
    await idle(house)
    assert before.items() <= house.files.items()
    house.makes(coin=PAIR, gold=PAIR)
    await built(house)
    assert len(house.provider.orders) == 2
    assert house.cutout().getpixel((0, 0)) == (0, 0, 0, 0)


async def test_a_renamed_asset_keeps_both(house: Glassworks) -> None:
    house.makes(coin=PAIR)
    await built(house)
    house.makes(disc=f"{PAIR}, moved_from: coin")
    await built(house)
    assert len(house.provider.orders) == 2
    cutout = house.lock.assets["disc"].cutout
    assert cutout is not None
    assert cutout.ordered is not None


async def test_others_may_be_shown_the_cutout(house: Glassworks) -> None:
    house.makes(coin=PAIR, bar="prompt: A bar, references: ['asset:coin#cutout']")
    await built(house)
    assert len(house.provider.orders) == 3
    await idle(house)


async def test_a_sheet_is_paired_as_a_whole(house: Glassworks) -> None:
    house.makes(coin=f"{PAIR}, grid: {{rows: 1, columns: 2, cells: [one, two]}}")
    await built(house)
    assert len(house.provider.orders) == 2
    assert house.cutout("coin-one").getpixel((0, 0)) == (0, 0, 0, 0)
    await idle(house)


async def test_a_draft_is_drawn_on_both_grounds_for_nothing(house: Glassworks) -> None:
    asset = f"{PAIR}, sizes: [64]"
    house.makes("", coin=asset)
    assert house.planned()["coin"].usd == 0
    await built(house)
    assert house.provider.orders == []
    assert house.cutout("coin-64").getpixel((0, 0)) == (0, 0, 0, 0)
    assert house.cutout("coin-64").getpixel((32, 40))[3] == 255  # type: ignore[index]
    shutil.rmtree(house.root / ".assetgen")
    house.makes("", coin=asset.replace("[64]", "[64, 32]"))
    await built(house)
    await idle(house)


async def test_a_run_that_makes_drafts_pays_for_no_second_picture(house: Glassworks) -> None:
    house.makes(coin="prompt: A coin")
    await built(house)
    house.makes(coin=PAIR)
    made = await house.build(Options(draft=True))
    assert made.results == {"coin": "blocked"}
    assert len(house.provider.orders) == 1
