"""Backgrounds removed by a model of the service: ordered once, found again, resumed, never paid for twice."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from assetgen.emulator.run import Emulator, running_emulator
from tests.support.space import Result, Space

SETTINGS = "{remover: kie}"
MODEL = "recraft/remove-background"


@pytest.fixture
def emulator() -> Iterator[Emulator]:
    with running_emulator(faults=["download:~star:size-512x512"]) as running:
        yield running


class Shop:
    """A project with one asset, built by the emulator: a star of 512 x 512 pixels."""

    def __init__(self, space: Space, emulator: Emulator) -> None:
        self.space = space
        self.emulator = emulator
        self.env = {"KIE_AI_BASE_URL": emulator.base_url, "KIE_AI_API_KEY": "emulator"}

    def wants(self, settings: str | None = SETTINGS, **fields: str) -> None:
        prompt = "A star on a plain white background"
        written = {"prompt": prompt, **({"removeBg": settings} if settings else {}), **fields}
        inner = ", ".join(f"{name}: {value}" for name, value in written.items())
        head = "version: 1\nproviders: {kie: {poll_initial: 0.02, poll_max: 0.02}}\ndefaults: {provider: kie}\n"
        self.space.write("app.yaml", f"{head}assets:\n  star: {{{inner}}}\n")

    def run(self, command: str = "build", *flags: str) -> Result:
        return self.space.run(command, "app.yaml", *flags, env=self.env)

    def planned(self, *flags: str) -> Any:
        return self.run("plan", "--json", *flags).json["manifests"][0]["assets"][0]

    def built(self, *flags: str) -> Any:
        """The report of a build that has to succeed."""
        result = self.run("build", "--json", *flags)
        assert result.exit_code == 0, result.stderr
        return result.json

    def idle(self) -> None:
        before = self.emulator.creates
        assert self.run("check").exit_code == 0
        assert self.built()["totals"]["up_to_date"] == 1
        assert self.emulator.creates == before

    @property
    def models(self) -> list[str]:
        bodies: list[Any] = self.emulator.accepted
        return [body["model"] for body in bodies]

    @property
    def entry(self) -> Any:
        return json.loads(self.space.read("app.lock"))["assets"]["star"]

    def picture(self, path: str = "output/app/star.png") -> Image.Image:
        with Image.open(self.space.root / path) as picture:
            picture.load()
            return picture


@pytest.fixture
def shop(space: Space, emulator: Emulator) -> Shop:
    return Shop(space, emulator)


def test_a_cutout_is_ordered_once_and_paid_for_beside_its_picture(shop: Shop) -> None:
    shop.wants()
    plan = shop.planned()
    assert (plan["action"], plan["cost"]) == ("generate", {"usd": 0.095})
    assert shop.built()["totals"]["requests"] == 2
    assert shop.models == ["nano-banana-pro", MODEL]
    made = shop.picture()
    assert (made.mode, made.size, made.getpixel((0, 0))) == ("RGBA", (512, 512), (0, 0, 0, 0))
    assert shop.entry["cutout"]["remover"] == "kie"
    shop.idle()


def test_other_settings_never_order_the_picture_again(shop: Shop) -> None:
    shop.wants("true")
    shop.built()
    shop.wants()
    plan = shop.planned()
    assert (plan["action"], plan["cost"]) == ("cutout", {"usd": 0.005})
    assert plan["reasons"] == ["remover changed: `key` -> `kie`"]
    shop.built()
    shop.wants("{remover: kie, crop: true, padding: 0.1}")
    assert shop.planned()["cost"] == {"usd": 0}
    shop.built()
    shop.wants("true")
    shop.built()
    shop.wants()
    assert shop.planned()["action"] == "export"
    shop.built()
    assert shop.models == ["nano-banana-pro", MODEL]
    shop.idle()


def test_two_assets_with_one_picture_order_one_cutout(shop: Shop) -> None:
    shop.wants()
    text = shop.space.read("app.yaml")
    shop.space.write("app.yaml", text + text.splitlines()[-1].replace("  star:", "  gold:") + "\n")
    assert shop.run("plan", "--json").json["totals"]["usd"] == 0.095
    assert shop.built()["totals"]["requests"] == 2
    assert shop.models == ["nano-banana-pro", MODEL]


def test_what_was_paid_for_is_not_ordered_again_for_its_bytes(shop: Shop) -> None:
    shop.wants()
    shop.built()
    shutil.rmtree(shop.space.root / ".assetgen")
    shop.idle()
    shop.wants(sizes="[64]")
    assert shop.planned()["reasons"][0].startswith("its cutout is collected again by task emulator-")
    shop.built()
    assert len(shop.models) == 2
    shutil.rmtree(shop.space.root / ".assetgen")
    shop.built("--refresh", "star")
    assert shop.models == ["nano-banana-pro", MODEL, MODEL]
    shop.idle()


def test_drafts_are_cut_out_here(shop: Shop) -> None:
    shop.wants(provider="draft")
    assert shop.planned()["cost"] == {"usd": 0}
    shop.built()
    assert (shop.models, shop.picture().getpixel((0, 0))) == ([], (0, 0, 0, 0))


def test_a_cutout_counts_under_a_budget(shop: Shop) -> None:
    shop.wants()
    assert shop.run("build", "--max-cost", "0.09").exit_code == 4
    assert shop.models == []
    shop.built("--max-cost", "0.10")
