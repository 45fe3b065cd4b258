"""Backgrounds removed by a model of the service: ordered once, found again, resumed, never paid for twice."""

from __future__ import annotations

import shutil
from collections.abc import Iterator

import pytest

from assetgen.emulator.run import running_emulator
from tests.support.shop import Shop
from tests.support.space import Space

MODEL = "recraft/remove-background"


@pytest.fixture
def shop(space: Space) -> Iterator[Shop]:
    with running_emulator(faults=["download:~star:size-512x512"]) as emulator:
        yield Shop(space, emulator, "star")


def wants(shop: Shop, settings: str | None = "{remover: kie}", **fields: str) -> None:
    """A star of 512 x 512 pixels without its background."""
    shop.wants(prompt="A star on a plain white background", removeBg=settings, **fields)


def test_a_cutout_is_ordered_once_and_paid_for_beside_its_picture(shop: Shop) -> None:
    wants(shop)
    plan = shop.planned()
    assert (plan["action"], plan["cost"]) == ("generate", {"usd": 0.095})
    assert shop.built()["totals"]["requests"] == 2
    assert shop.models == ["nano-banana-pro", MODEL]
    made = shop.picture("star.png")
    assert (made.mode, made.size, made.getpixel((0, 0))) == ("RGBA", (512, 512), (0, 0, 0, 0))
    assert shop.entry["cutout"]["remover"] == "kie"
    shop.idle()


def test_other_settings_never_order_the_picture_again(shop: Shop) -> None:
    wants(shop, "true")
    shop.built()
    wants(shop)
    plan = shop.planned()
    assert (plan["action"], plan["cost"]) == ("cutout", {"usd": 0.005})
    assert plan["reasons"] == ["remover changed: `key` -> `kie`"]
    shop.built()
    wants(shop, "{remover: kie, crop: true, padding: 0.1}")
    assert shop.planned()["cost"] == {"usd": 0}
    shop.built()
    wants(shop, "true")
    shop.built()
    wants(shop)
    assert shop.planned()["action"] == "export"
    shop.built()
    assert shop.models == ["nano-banana-pro", MODEL]
    shop.idle()


def test_two_assets_with_one_picture_order_one_cutout(shop: Shop) -> None:
    wants(shop)
    text = shop.space.read("app.yaml")
    shop.space.write("app.yaml", text + text.splitlines()[-1].replace("  star:", "  gold:") + "\n")
    assert shop.run("plan", "--json").json["totals"]["usd"] == 0.095
    assert shop.built()["totals"]["requests"] == 2
    assert shop.models == ["nano-banana-pro", MODEL]


def test_what_was_paid_for_is_not_ordered_again_for_its_bytes(shop: Shop) -> None:
    wants(shop)
    shop.built()
    shutil.rmtree(shop.space.root / ".assetgen")
    shop.idle()
    wants(shop, sizes="[64]")
    assert shop.planned()["reasons"][0].startswith("its cutout is collected again for free")
    shop.built()
    assert len(shop.models) == 2
    shutil.rmtree(shop.space.root / ".assetgen")
    shop.built("--refresh", "star")
    assert shop.models == ["nano-banana-pro", MODEL, MODEL]
    shop.idle()


def test_drafts_are_cut_out_here(shop: Shop) -> None:
    wants(shop, provider="draft")
    assert shop.planned()["cost"] == {"usd": 0}
    shop.built()
    assert (shop.models, shop.picture("star.png").getpixel((0, 0))) == ([], (0, 0, 0, 0))


def test_a_cutout_counts_under_a_budget(shop: Shop) -> None:
    wants(shop)
    assert shop.run("build", "--max-cost", "0.09").exit_code == 4
    assert shop.models == []
    shop.built("--max-cost", "0.10")
