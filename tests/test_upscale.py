"""Pictures made larger by a paid step: ordered once, found again, resumed, and never paid for to recreate bytes."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from typing import Any

import pytest

from assetgen.emulator.run import running_emulator
from tests.support.shop import Shop
from tests.support.space import Space

TOPAZ = "{model: topaz/image-upscale}"
CRISP = "{model: recraft/crisp-upscale}"


@pytest.fixture
def shop(space: Space) -> Iterator[Shop]:
    with running_emulator(faults=["download:~star:size-64x64"]) as emulator:
        yield Shop(space, emulator, "star")


def wants(shop: Shop, upscale: str | None, prompt: str = "A star", **fields: str) -> None:
    """A star of which the service makes 64 x 64 pixels."""
    shop.wants(prompt=prompt, upscale=upscale, **fields)


def size(shop: Shop, name: str = "star.png") -> tuple[int, int]:
    return shop.picture(name).size


def test_a_picture_is_made_larger_once(shop: Shop) -> None:
    wants(shop, TOPAZ)
    assert shop.planned()["cost"] == {"usd": 0.14}
    built = shop.built()
    assert (built["totals"]["requests"], built["totals"]["built"]) == (2, 1)
    assert shop.models == ["nano-banana-pro", "topaz/image-upscale"]
    assert size(shop) == (128, 128)
    bodies: list[Any] = shop.emulator.accepted
    assert bodies[1]["input"]["upscale_factor"] == "2"
    entry = shop.entry
    assert (entry["masters"][0]["width"], entry["upscale"]["width"]) == (64, 128)
    assert entry["upscale"]["charged"] == 0.05
    shop.idle()


def test_everything_is_made_from_the_larger_picture(shop: Shop) -> None:
    wants(shop, TOPAZ, sizes="[128, 96]", formats="[png, webp]")
    shop.built()
    assert [size(shop, f"star-{name}") for name in ("128.png", "96.webp")] == [(128, 128), (96, 96)]
    shop.idle()


def test_files_that_are_made_later_ask_nobody(shop: Shop) -> None:
    wants(shop, TOPAZ)
    shop.built()
    wants(shop, TOPAZ, sizes="[100]", formats="[webp]")
    assert shop.built()["totals"]["requests"] == 0
    shop.idle()


def test_a_step_that_is_added_pays_for_itself_alone(shop: Shop) -> None:
    wants(shop, None)
    shop.built()
    wants(shop, TOPAZ)
    asset = shop.planned()
    assert (asset["action"], asset["reasons"][0], asset["cost"]["usd"]) == ("upscale", "upscale added", 0.05)
    assert shop.built()["totals"]["requests"] == 1
    assert size(shop) == (128, 128)
    shop.idle()


def test_other_settings_are_another_picture_and_going_back_is_free(shop: Shop) -> None:
    wants(shop, TOPAZ)
    shop.built()
    first = shop.entry
    wants(shop, "{model: topaz/image-upscale, factor: 4}")
    assert "upscale factor changed: `2` -> `4`" in shop.run("plan").stdout
    shop.built()
    assert size(shop) == (256, 256)
    wants(shop, CRISP)
    assert "upscale model changed" in shop.run("plan").stdout
    shop.built()
    wants(shop, None)
    shop.built()
    assert size(shop) == (64, 64)
    asked = len(shop.models)
    wants(shop, TOPAZ)
    assert shop.built()["totals"]["requests"] == 0
    assert shop.entry == first
    assert len(shop.models) == asked == 4
    shop.idle()


def test_a_factor_that_is_only_expected_changes_nothing(shop: Shop) -> None:
    wants(shop, CRISP)
    shop.built()
    wants(shop, "{model: recraft/crisp-upscale, factor: 4}")
    shop.idle()


def test_a_deleted_store_makes_nobody_pay(shop: Shop) -> None:
    wants(shop, TOPAZ)
    shop.built()
    before = shop.entry
    shutil.rmtree(shop.space.root / ".assetgen")
    shop.idle()
    wants(shop, TOPAZ, sizes="[100]")
    assert "its larger picture is collected again for free" in shop.run("plan").stdout
    assert shop.built()["totals"]["requests"] == 0
    assert shop.entry["upscale"] == before["upscale"]


def test_a_larger_picture_that_cannot_be_had_is_not_paid_for_again(shop: Shop) -> None:
    wants(shop, TOPAZ)
    shop.built()
    shutil.rmtree(shop.space.root / ".assetgen")
    shop.emulator.script("poll:*:code-404")
    wants(shop, TOPAZ, sizes="[100]")
    before = shop.emulator.creates
    result = shop.run("build", "--json")
    assert result.json["manifests"][0]["assets"][0]["result"] == "failed"
    assert shop.emulator.creates == before


def test_a_step_that_fails_keeps_the_picture_and_the_next_build_goes_on(shop: Shop) -> None:
    wants(shop, TOPAZ)
    shop.emulator.script("create:2:code-422?words=Not this one")
    failed = shop.run("build")
    assert failed.exit_code == 1
    assert "Not this one" in failed.stderr
    shop.emulator.heal()
    assert shop.built()["totals"]["requests"] == 1
    assert shop.models == ["nano-banana-pro", "topaz/image-upscale"]
    shop.idle()


def test_a_step_that_outlives_our_patience_is_collected(space: Space) -> None:
    with running_emulator() as emulator:
        shop = Shop(space, emulator, "star")
        wants(shop, None)
        shop.built()
        emulator.script("poll:*:state-generating")
        wants(shop, TOPAZ)
        shop.edit("poll_max: 0.02", "poll_max: 0.02, image_timeout: 0.05")
        assert shop.run("build").exit_code == 1
        emulator.heal()
        asset = shop.planned()
        assert (asset["action"], asset["cost"]["usd"]) == ("resume", 0)
        assert shop.built()["totals"]["requests"] == 0
        assert shop.models == ["nano-banana-pro", "topaz/image-upscale"]
        shop.idle()


def test_an_order_in_doubt_is_sent_once_more_and_then_only_when_asked_for(shop: Shop) -> None:
    wants(shop, None)
    shop.built()
    wants(shop, TOPAZ)
    shop.emulator.script("create:*:reset")
    for _ in range(2):
        result = shop.run("build", "--json")
        assert result.json["manifests"][0]["assets"][0]["error"]["code"] == "maybe_charged"
    shop.emulator.heal()
    blocked = shop.run("build")
    assert (blocked.exit_code, "--refresh star" in blocked.stderr) == (1, True)
    assert shop.built("--refresh", "star")["totals"]["requests"] == 1
    shop.idle()


def test_one_picture_is_made_larger_once_whoever_wants_it(shop: Shop) -> None:
    both = "".join(f"  {name}: {{prompt: A star, upscale: {TOPAZ}}}\n" for name in ("one", "two"))
    shop.space.write("app.yaml", f"version: 1\ndefaults: {{provider: kie}}\nassets:\n{both}")
    assert shop.run("plan", "--json").json["totals"]["usd"] == 0.14
    built = shop.built()
    assert (built["totals"]["built"], built["totals"]["requests"]) == (2, 2)
    assert size(shop, "one.png") == size(shop, "two.png") == (128, 128)


def test_the_price_of_the_step_counts_under_a_budget(shop: Shop) -> None:
    wants(shop, TOPAZ)
    assert shop.run("build", "--max-cost", "0.13").exit_code == 4
    assert shop.emulator.creates == 0
    assert shop.run("build", "--max-cost", "0.14").exit_code == 0


def test_a_draft_is_drawn_as_large_as_the_picture_will_be(shop: Shop) -> None:
    wants(shop, TOPAZ, sizes="[2048]")
    shop.built("--provider", "draft")
    assert (shop.emulator.creates, size(shop, "star-2048.png")) == (0, (2048, 2048))
    assert "upscale" not in shop.entry
    assert "only a draft so far" in shop.run("plan").stdout


@pytest.mark.parametrize("flags", [["--draft"], ["--provider", "draft"], []])
def test_who_asks_for_drafts_pays_for_no_step(shop: Shop, flags: list[str]) -> None:
    wants(shop, None)
    shop.built()
    wants(shop, TOPAZ, **({} if flags else {"provider": "draft"}))
    result = shop.run("build", *flags)
    assert result.exit_code == 1
    assert "has to be paid for, and drafts are asked for" in result.stderr
    assert shop.models == ["nano-banana-pro"]


def test_adopting_takes_the_settings_as_they_are(shop: Shop) -> None:
    wants(shop, None)
    shop.built()
    wants(shop, TOPAZ)
    assert shop.run("adopt", "star").exit_code == 0
    shop.idle()
    assert size(shop) == (64, 64)


def test_explain_names_the_step(shop: Shop) -> None:
    wants(shop, TOPAZ)
    text = " ".join(shop.space.run_ok("explain", "app.yaml", "star", env=shop.env).stdout.split())
    assert "upscale topaz/image-upscale, 2 times as large" in text
    assert "`topaz/image-upscale` makes it 2048x2048, for $0.05" in text
    assert "upscale not known before the picture is there" in text
    shop.built()
    text = " ".join(shop.space.run_ok("explain", "app.yaml", "star", env=shop.env).stdout.split())
    assert "(128x128, by kie)" in text
    assert "upscale not known" not in text


def test_what_is_cut_out_is_the_larger_picture(shop: Shop) -> None:
    wants(shop, TOPAZ, prompt="A star on a plain pure white background", removeBg="{keep: true}")
    plan = shop.run("plan", "--json").json
    assert plan["totals"]["generate"] == 1
    shop.built()
    assert (size(shop), size(shop, "star-original.png")) == ((128, 128), (128, 128))
    entry = shop.entry
    assert (entry["cutout"]["width"], entry["upscale"]["width"]) == (128, 128)
    shop.idle()
    shutil.rmtree(shop.space.root / ".assetgen")
    shop.idle()
    wants(shop, TOPAZ, prompt="A star on a plain pure white background", removeBg="{keep: true}", sizes="[100]")
    assert shop.built()["totals"]["requests"] == 0
    assert shop.entry["cutout"] == entry["cutout"]
    wants(shop, None, prompt="A star on a plain pure white background", removeBg="true")
    shop.built()
    assert size(shop) == (64, 64)
    assert shop.models == ["nano-banana-pro", "topaz/image-upscale"]


def test_a_picture_that_was_made_larger_after_it_was_accepted_is_not_published(shop: Shop) -> None:
    wants(shop, None, sizes="[16]", publish="app")
    shop.built()
    assert shop.run("accept", "star").exit_code == 0
    assert shop.run("publish").exit_code == 0
    seen = shop.space.tree()["app/star-16.png"]
    wants(shop, TOPAZ, sizes="[16]", publish="app")
    shop.built()
    assert "not decided about" in shop.run("publish").stdout
    assert shop.space.tree()["app/star-16.png"] == seen


def test_a_frozen_asset_keeps_its_larger_picture_until_it_is_adopted_as_it_is(shop: Shop) -> None:
    wants(shop, TOPAZ, frozen="true")
    shop.built()
    before = shop.entry["upscale"]
    wants(shop, CRISP, frozen="true", removeBg="{remover: kie}", sizes="[32]")
    assert shop.built()["totals"]["requests"] == 0
    assert (shop.entry["upscale"], shop.entry.get("cutout")) == (before, None)
    assert size(shop, "star-32.png") == (32, 32)
    assert "frozen: upscale model changed" in shop.run("plan").stdout
    shop.idle()
    assert shop.run("adopt", "star").exit_code == 0
    assert "frozen:" not in shop.run("plan").stdout
    shop.idle()
