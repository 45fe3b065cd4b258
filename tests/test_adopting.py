"""`adopt`: what people put in place is theirs, and nothing that nobody asked for takes its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from assetgen.errors import UsageError
from assetgen.imaging.decode import inspect
from assetgen.plan.plan import Action, Options
from tests.support.counting import CountingProvider, SlowProvider
from tests.support.house import PAID, House
from tests.support.pictures import png
from tests.test_cleaning import pointer_to

ART = png(64, 64, (1, 2, 3))
COIN = "output/app/coin.png"


@pytest.fixture
def provider() -> SlowProvider:
    return SlowProvider()


@pytest.fixture
def house(tmp_path: Path, provider: SlowProvider) -> House:
    return House(tmp_path / "project", provider)


async def adopted(house: House, top: str = PAID) -> None:
    """A coin was made, a person drew a better one, and that is now the coin."""
    house.makes(top, coin="prompt: A coin")
    await house.build()
    (house.root / COIN).write_bytes(ART)
    assert await house.adopt("coin") == (f"coin: adopted {COIN}",)
    assert set((await house.build()).results.values()) == {"up-to-date"}


async def test_art_goes_along_to_another_folder(house: House) -> None:
    await adopted(house)
    house.makes(f"output: art\n{PAID}", coin="prompt: A coin")
    await house.build()
    assert await house.clean() == {COIN: "removed"}
    assert (house.root / "art/coin.png").read_bytes() == ART


async def test_art_goes_along_under_another_name_without_its_file(house: House) -> None:
    await adopted(house)
    (house.root / COIN).unlink()
    house.makes(gem="prompt: A coin, moved_from: coin")
    await house.build()
    assert (house.root / "output/app/gem.png").read_bytes() == ART


async def test_art_that_was_deleted_comes_back(house: House) -> None:
    await adopted(house)
    (house.root / COIN).unlink()
    assert (await house.build()).results == {"coin": "built"}
    assert (house.root / COIN).read_bytes() == ART


async def test_art_that_is_nowhere_is_not_replaced_by_the_picture_that_it_replaced(house: House) -> None:
    await adopted(house)
    (house.root / COIN).unlink()
    house.lose()
    built = await house.build()
    assert built.results == {"coin": "blocked"}
    assert "was adopted, and the bytes that were adopted are nowhere" in built.said("coin")
    assert not (house.root / COIN).exists()


async def test_art_in_the_place_of_a_draft_is_no_draft(house: House, provider: SlowProvider) -> None:
    await adopted(house, top="")
    house.makes("brand: {colors: {primary: '#112233'}}\n", coin="prompt: A coin")
    built = await house.build(Options(ambient_provider="fake"))
    assert built.results == {"coin": "up-to-date"}
    assert (house.lock.assets["coin"].master.provider, provider.orders) == ("adopted", [])


async def test_a_draft_that_only_reads_otherwise_now_stays_a_draft(house: House) -> None:
    house.makes("", coin="prompt: A coin")
    await house.build()
    house.makes("", coin="prompt: A shiny coin")
    await house.adopt("coin")
    assert house.lock.assets["coin"].master.provider == "draft"
    assert house.planned(Options(ambient_provider="fake"))["coin"].action is Action.GENERATE


async def test_art_is_not_replaced_by_a_re_roll_that_was_not_finished(house: House, provider: SlowProvider) -> None:
    house.makes(coin="prompt: A coin")
    await house.build()
    provider.busy = True
    await house.build(Options(regenerate=("coin",)))
    provider.busy = False
    (house.root / COIN).write_bytes(ART)
    await house.adopt("coin")
    assert (await house.build()).results == {"coin": "up-to-date"}
    assert (house.root / COIN).read_bytes() == ART


async def test_a_changed_prompt_says_that_it_replaces_art_and_going_back_brings_it_back(house: House) -> None:
    await adopted(house)
    house.makes(coin="prompt: A shiny coin")
    assert f"replaces your adopted output {COIN} (going back brings it back)" in house.planned()["coin"].reasons
    await house.build()
    assert (house.root / COIN).read_bytes() != ART
    house.makes(coin="prompt: A coin")
    assert f"your adopted {COIN} comes back" in house.planned()["coin"].reasons
    await house.build()
    assert (house.root / COIN).read_bytes() == ART
    assert (await house.build()).results == {"coin": "up-to-date"}


async def test_art_of_somebody_else_is_stored_before_it_is_replaced(house: House) -> None:
    await adopted(house)
    house.lose()
    house.makes(coin="prompt: A shiny coin")
    await house.build()
    house.makes(coin="prompt: A coin")
    await house.build()
    assert (house.root / COIN).read_bytes() == ART


async def test_a_first_picture_that_was_adopted_is_tied_to_no_provider(house: House, provider: SlowProvider) -> None:
    house.makes("", coin="prompt: A coin")
    (house.root / "output/app").mkdir(parents=True)
    (house.root / COIN).write_bytes(ART)
    await house.adopt("coin")
    house.makes("", coin="prompt: A shiny coin")
    assert house.planned()["coin"].action is Action.BLOCKED
    assert (await house.build(Options(ambient_provider="fake"))).results == {"coin": "built"}
    assert len(provider.orders) == 1


async def test_a_request_whose_task_still_runs_keeps_its_picture(house: House, provider: SlowProvider) -> None:
    house.makes(coin="prompt: A coin")
    await house.build()
    provider.busy = True
    house.makes(coin="prompt: A shiny coin")
    assert (await house.build()).results == {"coin": "still_running"}
    await house.adopt("coin")
    provider.busy = False
    house.makes(coin="prompt: A gem")
    await house.build()
    house.makes(coin="prompt: A shiny coin")
    assert house.planned()["coin"].action is Action.RESUME
    await house.build()
    assert house.lock.assets["coin"].master.task_id == "task-2"
    assert len(provider.orders) == 3


async def test_adopting_under_a_new_name_forgets_no_file(house: House) -> None:
    house.makes(coin="prompt: A coin")
    await house.build()
    picture = house.files[COIN]
    house.makes(gem="prompt: A coin, moved_from: coin")
    await house.adopt("gem")
    assert list(house.lock.orphans) == [COIN]
    house.provider = CountingProvider()
    await house.build()
    assert house.files == {COIN: picture, "output/app/gem.png": picture}


async def test_outputs_that_stand_only_published_are_adopted_with_the_rest(house: House) -> None:
    house.makes(f"publish: pub\n{PAID}", coin="prompt: A coin")
    await house.build()
    (house.root / "output/app").rename(house.root / "pub")
    house.lose()
    house.makes(f"publish: pub\n{PAID}", coin="prompt: A shiny coin")
    await house.adopt("coin")
    assert house.planned()["coin"].action is Action.UP_TO_DATE


async def test_a_pointer_to_a_new_picture_is_none(house: House) -> None:
    house.makes(coin="prompt: A coin")
    await house.build()
    before = house.lock
    (house.root / COIN).write_text(pointer_to("0" * 64))
    with pytest.raises(Exception, match="Git LFS"):
        await house.adopt("coin")
    assert house.lock == before


async def test_several_assets_are_adopted_together_or_not_at_all(house: House) -> None:
    house.makes(coin="prompt: A coin", gem="prompt: A gem")
    (house.root / "output/app").mkdir(parents=True)
    (house.root / COIN).write_bytes(ART)
    with pytest.raises(UsageError, match="nothing to adopt for `gem`"):
        await house.adopt("coin", "gem")
    assert not house.lock.assets
    assert house.planned()["coin"].blocked


async def test_the_largest_picture_stands_in_for_the_master(house: House) -> None:
    house.makes("", coin="prompt: A coin, sizes: [16, 64]")
    await house.build()
    (house.root / "output/app/coin-64.png").write_bytes(ART)
    await house.adopt("coin")
    house.makes("", coin="prompt: A coin, sizes: [16, 64, 32]")
    assert (await house.build()).results == {"coin": "built"}
    assert inspect(house.root / "output/app/coin-32.png").width == 32
    assert house.lock.assets["coin"].master.width == 64
