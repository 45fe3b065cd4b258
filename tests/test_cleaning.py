"""`clean`: removes what nobody makes, and nothing that somebody does, whatever name it goes by."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.counting import CountingProvider
from tests.support.house import PAID, House

SHARED = f"output: art\n{PAID}"
GEM = "art/gem.png"


def pointer_to(digest: str) -> str:
    """A Git LFS pointer."""
    return f"version https://git-lfs.github.com/spec/v1\noid sha256:{digest}\nsize 123\n"


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path / "project", CountingProvider())


async def split(house: House) -> None:
    """One manifest made two pictures; now another one makes the second, and nothing is built yet."""
    house.manifest = "a.yaml"
    house.makes(SHARED, coin="prompt: A coin", gem="prompt: A gem")
    await house.build()
    house.makes(SHARED, coin="prompt: A coin")
    house.manifest = "b.yaml"
    house.makes(SHARED, gem="prompt: A gem")
    house.manifest = "a.yaml"


async def test_what_another_manifest_of_the_run_makes_stays(house: House) -> None:
    await split(house)
    assert await house.clean("b.yaml") == {}
    assert GEM in house.files


async def test_what_another_manifest_made_meanwhile_stays(house: House) -> None:
    await split(house)
    house.manifest = "b.yaml"
    assert (await house.build()).results == {"gem": "built"}
    house.manifest = "a.yaml"
    await house.build()
    assert not house.lock.orphans
    assert await house.clean() == {}
    assert GEM in house.files
    assert len(house.ordered) == 2


async def test_what_another_manifest_takes_over_later_stays(house: House) -> None:
    await split(house)
    await house.build()
    assert list(house.lock.orphans) == [GEM]
    house.manifest = "b.yaml"
    house.makes(SHARED, gem="prompt: A bigger gem")
    assert (await house.build()).results == {"gem": "built"}
    house.manifest = "a.yaml"
    assert await house.clean() == {}
    assert GEM in house.files


async def test_another_name_of_a_live_output_is_not_removed(house: House) -> None:
    (house.root / "art").mkdir()
    (house.root / "link").symlink_to("art")
    house.makes(f"output: link\n{PAID}", coin="prompt: A coin")
    await house.build()
    house.makes(SHARED, coin="prompt: A coin")
    await house.build()
    assert await house.clean() == {"link/coin.png": "kept: an asset makes it"}
    assert (house.root / "art/coin.png").exists()
    assert await house.clean() == {}


async def test_what_lies_outside_the_project_stays(house: House, tmp_path: Path) -> None:
    house.makes(f"output: old\n{PAID}", coin="prompt: A coin")
    await house.build()
    (house.root / "old").rename(tmp_path / "shared")
    (house.root / "old").symlink_to(tmp_path / "shared")
    house.makes(f"output: new\n{PAID}", coin="prompt: A coin")
    await house.build()
    assert await house.clean() == {"old/coin.png": "kept: it lies outside the project"}
    assert (tmp_path / "shared/coin.png").exists()


async def test_a_pointer_at_the_publish_place_is_no_picture(house: House) -> None:
    house.makes(f"publish: pub\n{PAID}", coin="prompt: A coin")
    await house.build()
    out = house.root / "output/app/coin.png"
    digest = house.files["output/app/coin.png"]
    out.unlink()
    (house.root / "pub").mkdir()
    (house.root / "pub/coin.png").write_text(pointer_to(digest))
    await house.build()
    assert house.files["output/app/coin.png"] == digest


async def test_where_the_picture_cannot_be_made_a_pointer_will_do(house: House) -> None:
    house.makes(f"publish: pub\n{PAID}", coin="prompt: A coin")
    await house.build()
    pointer = pointer_to(house.files["output/app/coin.png"])
    (house.root / "output/app/coin.png").unlink()
    (house.root / "pub").mkdir()
    (house.root / "pub/coin.png").write_text(pointer)
    house.lose()
    assert (await house.build()).results == {"coin": "up-to-date"}
    assert (house.root / "output/app/coin.png").read_text() == pointer
