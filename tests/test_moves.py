"""Renamed assets, other file names and folders: pictures go along, and no file is lost on the way."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from assetgen.plan.plan import Options
from tests.support.counting import CountingProvider
from tests.support.house import PAID, House

A, B = "output/app/a.png", "output/app/b.png"
SWAPPED = {"a": "prompt: A a, filename: 'b.{{ ext }}'", "b": "prompt: A b, filename: 'a.{{ ext }}'"}


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "project", CountingProvider())


async def two(house: House) -> tuple[str, str]:
    """Two assets were built; their pictures."""
    house.makes(a="prompt: A a", b="prompt: A b")
    await house.build()
    return house.files[A], house.files[B]


@pytest.mark.parametrize("kept", [True, False])
async def test_two_assets_change_names_and_files(house: House, kept: bool) -> None:
    a, b = await two(house)
    if not kept:
        house.lose()
    house.makes(
        p="prompt: A a, moved_from: a, filename: 'b.{{ ext }}'",
        q="prompt: A b, moved_from: b, filename: 'a.{{ ext }}'",
    )
    assert (await house.build()).results == {"p": "built", "q": "built"}
    assert house.files == {A: b, B: a}
    assert (await house.build()).results == {"p": "up-to-date", "q": "up-to-date"}
    assert not house.lock.orphans


@pytest.mark.parametrize("kept", [True, False])
async def test_two_assets_change_files(house: House, kept: bool) -> None:
    a, b = await two(house)
    if not kept:
        house.lose()
    house.makes(**SWAPPED)
    assert (await house.build()).results == {"a": "built", "b": "built"}
    assert house.files == {A: b, B: a}


async def test_the_last_copy_of_a_picture_outlives_an_asset_that_fails(house: House) -> None:
    """What `b` would need for its new size is gone, but `a` may have its old path: the store has those bytes then."""
    a, b = await two(house)
    house.lose()
    house.makes(a="prompt: A a, filename: 'b.{{ ext }}'", b="prompt: A b, filename: 'c.{{ ext }}', sizes: [16]")
    assert (await house.build()).results == {"a": "built", "b": "blocked"}
    assert house.files == {A: a, B: a}
    house.makes(a="prompt: A a", b="prompt: A b")
    assert (await house.build()).results == {"a": "built", "b": "built"}
    assert house.files == {A: a, B: b}


async def test_a_file_of_an_asset_that_is_not_selected_stays(house: House) -> None:
    before = await two(house)
    house.makes(**SWAPPED)
    built = await house.build(Options(only=("a",)))
    assert built.said("a").startswith(f"`{B}` is in the way: it still belongs to `b` | build `b` in the same run")
    assert (house.files[A], house.files[B]) == before


async def test_another_asset_makes_the_path_that_a_renamed_one_leaves(house: House) -> None:
    house.makes(coin="prompt: A coin")
    await house.build()
    house.makes(token="prompt: A coin, moved_from: coin", badge="prompt: A badge, filename: 'coin.{{ ext }}'")
    assert (await house.build()).results == {"token": "built", "badge": "built"}
    assert sorted(house.files) == ["output/app/coin.png", "output/app/token.png"]


async def test_two_outputs_with_equal_settings_are_renamed_to_their_equals(house: House) -> None:
    house.makes(coin="prompt: A coin, sizes: {hero: 32, '@1x': 32}")
    await house.build()
    house.makes(gem="prompt: A coin, sizes: {'@1x': 32, hero: 32}, moved_from: coin")
    writes = {write.spec.path: write.source for write in house.planned()["gem"].writes}
    assert writes == {
        "output/app/gem.png": "output/app/coin.png",
        "output/app/gem-hero.png": "output/app/coin-hero.png",
    }
    assert (await house.build()).results == {"gem": "built"}
    assert sorted(house.files) == sorted(writes)


@pytest.mark.parametrize("left", [True, False])
async def test_a_file_that_stands_at_its_new_place_needs_no_picture(house: House, left: bool) -> None:
    house.makes(coin="prompt: A coin")
    await house.build()
    house.lose()
    shutil.copy(house.root / "output/app/coin.png", house.root / "output/app/gem.png")
    if not left:
        (house.root / "output/app/coin.png").unlink()
    house.makes(gem="prompt: A coin, moved_from: coin")
    assert (await house.build()).results == {"gem": "built"}
    assert list(house.files) == ["output/app/gem.png"]


async def test_another_file_name_without_the_store_is_a_copy(house: House) -> None:
    house.makes(coin="prompt: A coin")
    await house.build()
    house.lose()
    house.makes(coin="prompt: A coin, filename: 'x.{{ ext }}'")
    assert (await house.build()).results == {"coin": "built"}
    assert house.files["output/app/x.png"] == house.files["output/app/coin.png"]
    assert list(house.lock.orphans) == ["output/app/coin.png"]


async def test_what_a_renamed_asset_left_outside_the_project_stays(house: House, tmp_path: Path) -> None:
    house.makes(f"output: old\n{PAID}", coin="prompt: A coin")
    await house.build()
    (house.root / "old").rename(tmp_path / "shared")
    (house.root / "old").symlink_to(tmp_path / "shared")
    house.makes(f"output: new\n{PAID}", gem="prompt: A coin, moved_from: coin")
    assert (await house.build()).results == {"gem": "built"}
    assert (tmp_path / "shared/coin.png").exists()
    assert await house.clean() == {"old/coin.png": "kept: it lies outside the project"}


async def test_a_manifest_does_not_overwrite_the_output_of_another(house: House) -> None:
    for house.manifest in ("ios/app.yaml", "web/app.yaml"):
        house.makes(coin=f"prompt: A coin for {house.manifest}")
    house.manifest = "ios/app.yaml"
    await house.build()
    before = house.files
    house.manifest = "web/app.yaml"
    built = await house.build()
    assert built.said("coin").startswith(
        "`output/app/coin.png` is in the way: it belongs to `coin` of ios/app.lock | give one of the two another"
    )
    assert (house.files, len(house.ordered)) == (before, 1)


async def test_a_file_of_a_lock_that_was_renamed_is_nobody_elses(house: House) -> None:
    house.makes(coin="prompt: A coin")
    await house.build()
    for name in ("app.yaml", "app.lock"):
        (house.root / name).rename(house.root / name.replace("app", "brand"))
    house.manifest = "brand.yaml"
    house.makes(f"output: output/app\n{PAID}", coin="prompt: A shiny coin")
    assert (await house.build()).results == {"coin": "built"}


async def test_without_lock_and_store_a_draft_is_better_replaced_than_adopted(house: House) -> None:
    for top, hint in (("", "replace it with `build --overwrite --only coin` if it is an old draft"), (PAID, "take it")):
        house.makes(top, coin="prompt: A coin")
        await house.build()
        shutil.rmtree(house.root / ".assetgen")
        (house.root / "app.lock").unlink()
        said = (await house.build()).said("coin")
        assert said.startswith(f"`output/app/coin.png` is in the way: no lock or store knows it | {hint}")
        (house.root / "output/app/coin.png").unlink()
