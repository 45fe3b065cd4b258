"""Variants: each is paid for once, one is picked, and no picture changes that nobody asked to change."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image

from assetgen import upkeep
from assetgen.errors import UsageError
from assetgen.lock.writing import lock_bytes
from assetgen.plan.plan import Action, Options
from assetgen.providers.base import Accepted, ModeratedError, Order, Succeeded
from assetgen.store.blobs import Blobs
from tests.support.counting import CountingProvider, SlowProvider
from tests.support.house import House
from tests.support.pictures import subject

PICTURE = "output/app/hero.png"


class Choosy(CountingProvider):
    """Refuses the variants of these numbers."""

    def __init__(self, *refused: int) -> None:
        super().__init__()
        self.refused = set(refused)

    async def submit(self, order: Order) -> Accepted:
        if order.variant in self.refused:
            raise ModeratedError("it was refused")
        return await super().submit(order)


class Monotonous(CountingProvider):
    """Makes the same picture whatever is asked for."""

    async def fetch(self, result: Succeeded, target: Path) -> None:
        target.write_bytes(subject(64, 64, (5, 5, 5)))  # noqa: ASYNC240 - a few bytes


@pytest.fixture
def provider() -> CountingProvider:
    return CountingProvider()


@pytest.fixture
def house(tmp_path: Path, provider: CountingProvider) -> House:
    made = House(tmp_path / "project", provider)
    made.makes(hero="prompt: A hero, variants: 3")
    return made


def ordered(house: House) -> list[int]:
    """The numbers of the variants that were ordered, since this was last asked."""
    numbers = [order.variant for order in house.provider.orders[getattr(house, "told", 0) :]]
    house.told = len(house.provider.orders)  # type: ignore[attr-defined]
    return sorted(numbers)


def masters(house: House) -> list[str]:
    return [master.sha256 for master in house.lock.assets["hero"].masters]


def shown(house: House) -> int:
    """The number of the variant that the file shows: pictures have one colour each in the middle."""
    blobs = Blobs(house.root)
    colours = [colour(blobs.path(master.sha256)) for master in house.lock.assets["hero"].masters]
    assert len(set(colours)) == len(colours)
    return colours.index(colour(house.root / PICTURE)) + 1


def colour(path: Path) -> object:
    with Image.open(path) as picture:
        return picture.convert("RGB").getpixel((picture.width // 2, picture.height // 2))


def reasons(house: House, options: Options = Options()) -> tuple[str, ...]:  # noqa: B008 - frozen
    return house.planned(options)["hero"].reasons


async def test_every_variant_is_made_and_the_first_is_used(house: House) -> None:
    plan = house.planned()["hero"]
    assert (plan.action, plan.reasons) == (Action.GENERATE, ("new", "3 variants at $0.09 each"))
    assert str(plan.usd) == "0.27"
    report = (await house.build()).report
    assert (ordered(house), report.requests, str(report.spent)) == ([1, 2, 3], 3, "0.27")
    entry = house.lock.assets["hero"]
    assert len(set(masters(house))) == 3
    assert (entry.picked, entry.pick, entry.exported) == (1, None, None)
    assert shown(house) == 1
    await house.build()
    assert ordered(house) == []


async def test_one_variant_is_locked_as_before(house: House) -> None:
    house.edit(", variants: 3", "")
    await house.build()
    before = lock_bytes(house.lock)
    for word in (b"pick", b"exported", b"reroll", b"variant"):
        assert word not in before
    house.edit("A hero", "A hero, variants: 1, pick: 1")
    assert house.planned()["hero"].action is Action.UP_TO_DATE


async def test_one_more_variant_pays_for_that_one_and_one_less_for_none(house: House) -> None:
    await house.build()
    before, first = masters(house), house.files[PICTURE]
    ordered(house)
    house.edit("variants: 3", "variants: 4")
    assert reasons(house) == ("variant 4 ($0.09): new",)
    await house.build()
    assert (ordered(house), masters(house)[:3], house.files[PICTURE]) == ([4], before, first)
    house.edit("variants: 4", "variants: 2")
    assert house.planned()["hero"].action is Action.UP_TO_DATE
    house.edit("variants: 2", "variants: 4")
    assert house.planned()["hero"].action is Action.UP_TO_DATE


async def test_a_pick_is_an_export_and_pays_nothing(house: House) -> None:
    await house.build()
    ordered(house)
    assert await upkeep.pick(house.project(), "hero", 2)
    assert not await upkeep.pick(house.project(), "hero", 2)
    plan = house.planned()["hero"]
    assert (plan.action, plan.reasons, str(plan.usd)) == (Action.EXPORT, ("pick changed: 1 -> 2",), "0")
    assert shown(house) == 1, "nothing is made before the next build"
    await house.build()
    assert (ordered(house), shown(house)) == ([], 2)
    assert house.planned()["hero"].action is Action.UP_TO_DATE
    await upkeep.pick(house.project(), "hero", 1)
    await house.build()
    assert (ordered(house), shown(house), house.lock.assets["hero"].pick) == ([], 1, None)


async def test_a_pick_taken_back_before_the_build_changes_nothing(house: House) -> None:
    await house.build()
    before = lock_bytes(house.lock)
    await upkeep.pick(house.project(), "hero", 3)
    await upkeep.pick(house.project(), "hero", 1)
    assert lock_bytes(house.lock) == before
    assert house.planned()["hero"].action is Action.UP_TO_DATE


async def test_the_manifest_picks_before_the_lock(house: House) -> None:
    await house.build()
    await upkeep.pick(house.project(), "hero", 2)
    house.edit("variants: 3", "variants: 3, pick: 3")
    assert reasons(house) == ("pick changed: 1 -> 3",)
    await house.build()
    assert shown(house) == 3
    with pytest.raises(UsageError, match="the manifest picks variant 3 of `hero`"):
        await upkeep.pick(house.project(), "hero", 1)
    house.edit(", pick: 3", "")
    assert house.planned()["hero"].action is Action.UP_TO_DATE, "what is picked stays until somebody picks another"


async def test_what_cannot_be_picked(house: House) -> None:
    with pytest.raises(UsageError, match="`hero` has no picture yet"):
        await upkeep.pick(house.project(), "hero", 1)
    await house.build()
    with pytest.raises(UsageError, match="`hero` has 3 variants"):
        await upkeep.pick(house.project(), "hero", 4)
    with pytest.raises(UsageError, match="there is no asset `heron`"):
        await upkeep.pick(house.project(), "heron", 1)


async def test_fewer_variants_than_the_picked_one_keep_it(house: House) -> None:
    await house.build()
    await upkeep.pick(house.project(), "hero", 3)
    await house.build()
    house.edit("variants: 3", "variants: 2")
    assert house.planned()["hero"].action is Action.UP_TO_DATE
    house.edit(", variants: 2", "")
    assert house.planned()["hero"].action is Action.UP_TO_DATE


async def test_another_request_makes_all_anew_and_the_old_one_brings_all_back(house: House) -> None:
    await house.build()
    await upkeep.pick(house.project(), "hero", 2)
    await house.build()
    before = masters(house)
    ordered(house)
    house.edit("A hero", "A villain")
    await house.build()
    assert (ordered(house), house.lock.assets["hero"].picked) == ([1, 2, 3], 1)
    house.edit("A villain", "A hero")
    await house.build()
    assert (ordered(house), masters(house)) == ([], before)


@pytest.mark.parametrize(("glob", "numbers"), [("hero", [1, 2, 3]), ("hero/2", [2]), ("*/1", [1])])
async def test_all_are_rolled_again_or_one(house: House, glob: str, numbers: list[int]) -> None:
    await house.build()
    await upkeep.pick(house.project(), "hero", 2)
    await house.build()
    before = masters(house)
    ordered(house)
    await house.build(Options(regenerate=(glob,)))
    assert ordered(house) == numbers
    now = masters(house)
    assert [n for n in (1, 2, 3) if now[n - 1] != before[n - 1]] == numbers
    assert shown(house) == 2, "the place that was picked stays picked"
    assert house.planned()["hero"].action is Action.UP_TO_DATE


async def test_a_number_that_there_is_not_is_no_glob(house: House) -> None:
    with pytest.raises(UsageError, match="hero/4 matches no asset"):
        house.planned(Options(regenerate=("hero/4",)))


async def test_a_fresh_clone_needs_no_picture_and_picks_by_the_task(house: House) -> None:
    await house.build()
    before = masters(house)
    provider = house.provider
    house.lose()
    assert house.planned()["hero"].action is Action.UP_TO_DATE
    house.provider = provider
    house.edit("variants: 3", "variants: 3, pick: 3")
    assert house.planned()["hero"].action is Action.RESUME
    await house.build()
    assert (house.lock.assets["hero"].picked, masters(house), len(provider.orders)) == (3, before, 3)


async def test_a_picked_picture_that_nobody_has_is_blocked_and_not_paid_for(house: House) -> None:
    await house.build()
    house.lose()
    house.edit("variants: 3", "variants: 3, pick: 3")
    assert (await house.build()).results == {"hero": "blocked"}
    assert house.provider.orders == []


async def test_one_that_fails_keeps_the_others(tmp_path: Path) -> None:
    house = House(tmp_path / "project", Choosy(2))
    house.makes(hero="prompt: A hero, variants: 3")
    built = await house.build()
    assert (built.results, built.report.requests, ordered(house)) == ({"hero": "moderated"}, 2, [1, 3])
    house.provider.refused.clear()  # type: ignore[attr-defined]
    assert (await house.build()).results == {"hero": "built"}
    assert ordered(house) == [2]


async def test_those_still_running_are_collected_each(tmp_path: Path) -> None:
    provider = SlowProvider()
    house = House(tmp_path / "project", provider)
    house.makes(hero="prompt: A hero, variants: 3")
    provider.busy = True
    assert (await house.build()).results == {"hero": "still_running"}
    assert ordered(house) == [1, 2, 3]
    provider.busy = False
    assert house.planned()["hero"].action is Action.RESUME
    assert (await house.build()).results == {"hero": "built"}
    assert ordered(house) == []


async def test_equal_requests_share_each_variant(house: House) -> None:
    house.makes(hero="prompt: A hero, variants: 2", icon="prompt: A hero, variants: 3, pick: 2")
    await house.build()
    assert ordered(house) == [1, 2, 3]
    hero, icon = (house.lock.assets[name] for name in ("hero", "icon"))
    assert hero.masters == icon.masters[:2]
    assert house.planned()["icon"].action is Action.UP_TO_DATE


async def test_a_frozen_asset_gets_no_variant_and_no_draft_stands_beside_a_real_picture(house: House) -> None:
    house.edit(", variants: 3", "")
    await house.build()
    house.edit("A hero", "A hero, variants: 3, frozen: true")
    assert house.planned()["hero"].action is Action.UP_TO_DATE
    house.edit(", frozen: true", "")
    assert house.planned(Options(draft=True))["hero"].action is Action.UP_TO_DATE
    assert house.planned()["hero"].reasons == ("variant 2 ($0.09): new", "variant 3 ($0.09): new")


async def test_a_renamed_asset_keeps_all_its_variants(house: House) -> None:
    await house.build()
    await upkeep.pick(house.project(), "hero", 2)
    await house.build()
    before = house.lock.assets["hero"]
    ordered(house)
    house.makes(star="prompt: A hero, variants: 3, moved_from: hero")
    await house.build()
    after = house.lock.assets["star"]
    assert (ordered(house), after.masters, after.pick) == ([], before.masters, before.pick)


async def test_what_was_adopted_keeps_its_pick(house: House) -> None:
    await house.build()
    await upkeep.pick(house.project(), "hero", 2)
    await house.build()
    ordered(house)
    house.edit("A hero", "A hero indeed")
    await house.adopt("hero")
    assert house.planned()["hero"].action is Action.UP_TO_DATE
    assert (house.lock.assets["hero"].picked, len(masters(house))) == (2, 3)
    house.edit("A hero indeed", "A hero")
    await house.build()
    assert ordered(house) == []


async def picked_second(house: House) -> None:
    """The second variant is picked, and another asset shows it."""
    await house.build()
    await upkeep.pick(house.project(), "hero", 2)
    await house.build()
    house.edit("variants: 3}", "variants: 3}\n  banner: {prompt: A banner, references: ['asset:hero']}")
    await house.build()
    ordered(house)


@pytest.mark.parametrize(
    ("field", "other"),
    [("A hero", "A villain"), ("A hero", "A hero, take: 1"), ("A hero", "A hero, model: other/model")],
)
async def test_a_pick_is_back_when_an_edit_is_undone(house: House, field: str, other: str) -> None:
    await picked_second(house)
    before = house.files
    house.edit(field, other)
    await house.build(Options(only=("hero",)))
    assert (ordered(house), house.lock.assets["hero"].picked) == ([1, 2, 3], 1)
    house.edit(other, field)
    assert house.planned()["banner"].usd == 0
    await house.build()
    assert (ordered(house), shown(house), house.files) == ([], 2, before)


async def test_a_pick_is_back_with_an_asset_that_was_removed(house: House) -> None:
    await picked_second(house)
    before = house.files
    manifest = (house.root / house.manifest).read_text()
    house.makes(other="prompt: Another")
    await house.build()
    ordered(house)
    house.write(manifest)
    await house.build()
    assert (ordered(house), shown(house)) == ([], 2)
    assert before.items() <= house.files.items()


async def test_a_pick_beyond_what_is_asked_for_is_back_when_an_edit_is_undone(house: House) -> None:
    await picked_second(house)
    before = house.files
    house.edit(", variants: 3", "")
    house.edit("A hero", "A villain")
    await house.build(Options(only=("hero",)))
    assert house.planned(Options(only=("hero",)))["hero"].reasons == ()
    assert ordered(house) == [1]
    house.edit("A villain", "A hero")
    await house.build()
    assert (ordered(house), house.files) == ([], before)


async def test_each_of_two_assets_with_one_request_returns_to_its_own_pick(house: House) -> None:
    house.makes(hero="prompt: A hero, variants: 3", icon="prompt: A hero, variants: 3")
    await house.build()
    await upkeep.pick(house.project(), "icon", 3)
    await house.build()
    before = house.files
    house.edit("hero: {prompt: A hero", "hero: {prompt: A villain")
    house.edit("icon: {prompt: A hero", "icon: {prompt: A villain")
    await house.build()
    house.edit("hero: {prompt: A villain", "hero: {prompt: A hero")
    house.edit("icon: {prompt: A villain", "icon: {prompt: A hero")
    await house.build()
    assert house.files == before


async def test_a_pick_comes_along_with_a_new_name_and_is_back_when_an_edit_is_undone(house: House) -> None:
    await house.build()
    await upkeep.pick(house.project(), "hero", 2)
    house.edit("A hero", "A villain")
    await house.build()
    house.makes(star="prompt: A villain, variants: 3, moved_from: hero")
    await house.build()
    ordered(house)
    house.edit("A villain", "A hero")
    await house.build()
    assert (ordered(house), house.lock.assets["star"].picked) == ([], 2)


async def test_equal_variants_settle(tmp_path: Path) -> None:
    house = House(tmp_path / "project", Monotonous())
    house.makes(hero="prompt: A hero, variants: 2, pick: 2, removeBg: {remover: key}")
    await house.build()
    assert len(set(masters(house))) == 1
    assert house.planned()["hero"].action is Action.UP_TO_DATE
    house.edit(", pick: 2", "")
    await upkeep.pick(house.project(), "hero", 1)
    await upkeep.pick(house.project(), "hero", 2)
    assert (await house.build()).results == {"hero": "up-to-date"}
    house.edit("variants: 2", "variants: 2, pick: 1, sizes: [16]")
    await house.build()
    assert house.planned()["hero"].action is Action.UP_TO_DATE
    assert ordered(house) == [1, 2]


@pytest.fixture
async def rolling(tmp_path: Path) -> House:
    """Two variants, both of which are being made anew."""
    provider = SlowProvider()
    house = House(tmp_path / "project", provider)
    house.makes(hero="prompt: A hero, variants: 2")
    await house.build()
    provider.busy = True
    assert (await house.build(Options(regenerate=("hero",)))).results == {"hero": "still_running"}
    provider.busy = False
    ordered(house)
    return house


async def test_a_reroll_is_waited_for_while_its_variant_is_not_asked_for(rolling: House) -> None:
    rolling.edit(", variants: 2", "")
    await rolling.build()
    rolling.edit("A hero", "A hero, variants: 2")
    assert reasons(rolling, Options(regenerate=("hero/2",)))[0].startswith("variant 2: re-roll 1 was not finished")
    await rolling.build()
    assert ordered(rolling) == []
    assert [master.task_id for master in rolling.lock.assets["hero"].masters] == ["task-3", "task-4"]
    await rolling.build(Options(regenerate=("hero/2",)))
    assert ordered(rolling) == [2], "nothing is waited for any more"


async def test_a_reroll_is_waited_for_under_a_new_name(rolling: House) -> None:
    rolling.makes(star="prompt: A hero, moved_from: hero")
    await rolling.build()
    rolling.makes(star="prompt: A hero, variants: 2")
    await rolling.build(Options(regenerate=("star/2",)))
    assert ordered(rolling) == []


async def test_a_reroll_is_waited_for_while_files_are_made_from_the_old_picture(rolling: House) -> None:
    rolling.edit("variants: 2", "variants: 2, sizes: [16]")
    await rolling.build(Options(draft=True))
    assert (await rolling.build(Options(regenerate=("hero",)))).results == {"hero": "built"}
    assert ordered(rolling) == []


async def test_every_reroll_is_put_aside_by_whoever_adopts(rolling: House) -> None:
    rolling.edit(", variants: 2", "")
    await rolling.adopt("hero")
    rolling.edit("A hero", "A hero, variants: 2")
    assert rolling.planned()["hero"].action is Action.UP_TO_DATE
    await rolling.build(Options(regenerate=("hero",)))
    assert ordered(rolling) == [1, 2]
