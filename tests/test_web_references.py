"""References by address: fetched once, pinned in the lock, and fetched again only when somebody asks for it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from assetgen.digest import digest_of
from assetgen.emulator.run import running_emulator
from tests.support.pages import Site, site
from tests.support.pictures import png
from tests.support.space import Space
from tests.test_edits import Project

RED, BLUE = png(8, 8, (255, 0, 0)), png(8, 8, (0, 0, 255))


@dataclass
class Web:
    project: Project
    site: Site
    url: str

    def write(self, *urls: str, prompt: str = "A coin") -> None:
        shown = ", ".join(f'"{url}"' for url in urls)
        self.project.write(
            "version: 1\nproviders: {kie: {poll_initial: 0.02, poll_max: 0.02}}\n"
            "defaults: {provider: kie, sizes: [32]}\nassets:\n"
            f"  coin: {{prompt: {prompt}, references: [{shown}]}}\n"
            f"  banner: {{prompt: A banner, references: [asset:coin]}}\n  moon: {{prompt: A moon}}\n"
        )

    @property
    def fetched(self) -> int:
        return len(self.site.asked)

    def reasons(self, *flags: str) -> list[str]:
        plan = self.project.space.run("plan", "app.yaml", "--json", *flags, env=self.project.env)
        found: list[str] = self.project.asset("coin", plan)["reasons"]
        return found


@pytest.fixture
def web(space: Space) -> Iterator[Web]:
    with running_emulator(faults=["download:*:size-256x256"]) as emulator, site() as opened:
        found = Web(Project(space, emulator), opened, opened.shows("/ref.png", RED))
        found.write(found.url)
        yield found


@pytest.fixture
def built(web: Web) -> Web:
    assert web.reasons() == ["new"]
    assert web.fetched == 0
    assert web.project.sends() == 3
    assert web.fetched == 1
    return web


def test_a_first_build_fetches_and_pins(built: Web) -> None:
    [reference] = built.project.lock["assets"]["coin"]["request"]["references"]
    assert reference == {"sha256": digest_of(RED), "source": f"url:{digest_of(built.url.encode())}"}
    assert built.url not in built.project.space.read("app.lock")
    bodies = json.loads(json.dumps(built.project.emulator.accepted))
    [fields] = [body["input"] for body in bodies if body["input"]["prompt"] == "A coin"]
    assert fields["image_input"] == [f"{built.project.emulator.base_url}/uploads/assetgen/{digest_of(RED)}.png"]


def test_other_bytes_at_the_address_change_nothing_until_they_are_asked_for(built: Web) -> None:
    built.site.shows("/ref.png", BLUE)
    assert built.project.sends() == 0
    built.write(built.url, prompt="A new coin")
    assert built.project.sends() == 2
    assert built.fetched == 1
    assert built.reasons("--refresh", "coin") == [f"{built.url} will be fetched"]
    assert built.project.sends("--refresh", "coin") == 2
    assert built.project.lock["assets"]["coin"]["request"]["references"][0]["sha256"] == digest_of(BLUE)
    assert built.project.sends() == 0


def test_the_same_bytes_fetched_again_stop_the_wave(built: Web) -> None:
    result = built.project.build("--json", "--refresh", "coin")
    assert {asset["result"] for asset in result.json["manifests"][0]["assets"]} == {"up-to-date"}
    assert (built.fetched, result.json["totals"]["requests"]) == (2, 0)
    said = built.project.build("--refresh", "coin")
    assert "3 up to date" in said.stdout + said.stderr
    assert "not finished" not in said.stdout + said.stderr
    built.project.idle()


def test_the_same_picture_at_another_address_is_pinned_for_nothing(built: Web) -> None:
    moved = built.site.shows("/moved.png", RED)
    built.write(moved)
    result = built.project.build("--json")
    assert result.json["totals"]["requests"] == 0
    assert built.project.lock["assets"]["coin"]["request"]["references"][0]["source"].endswith(
        digest_of(moved.encode())
    )
    shutil.rmtree(built.project.space.root / ".assetgen")
    built.project.idle()


def test_a_fresh_clone_fetches_nothing_until_it_needs_the_bytes(built: Web) -> None:
    shutil.rmtree(built.project.space.root / ".assetgen")
    built.project.idle()
    assert built.fetched == 1
    built.write(built.url, prompt="A new coin")
    assert built.project.sends() == 2
    assert built.fetched == 2


def test_pinned_bytes_that_are_nowhere_block_and_pay_nothing(built: Web) -> None:
    shutil.rmtree(built.project.space.root / ".assetgen")
    built.site.shows("/ref.png", BLUE)
    built.write(built.url, prompt="A new coin")
    before = built.project.emulator.creates
    error = built.project.asset("coin", built.project.build("--json", expect=1))["error"]
    assert (error["code"], built.project.emulator.creates) == ("blocked", before)
    assert "the address shows another one now" in error["message"]
    assert "--refresh" in error["message"]


def test_one_picture_is_fetched_once_for_all_who_show_it(web: Web) -> None:
    web.write(web.url, web.url)
    web.project.edit("A moon", f'A moon, references: ["{web.url}"]')
    assert web.project.sends() == 3
    assert web.fetched == 1
    web.project.edit("A banner,", "A new banner, take: 1,")
    web.project.edit("[asset:coin]", f'[asset:coin, "{web.url}"]')
    assert web.project.sends() == 1
    assert web.fetched == 1


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"<!DOCTYPE html><title>Sign in</title>", 200, "it is an HTML page"),
        (RED[:40], 200, "it is a damaged or incomplete PNG"),
        (b"", 404, "127.0.0.1 answers 404 instead of a picture."),
    ],
)
def test_what_is_no_picture_fails_its_asset_alone(web: Web, data: bytes, status: int, words: str) -> None:
    web.site.shows("/ref.png", data, status)
    result = web.project.build("--json", expect=1)
    error = web.project.asset("coin", result)["error"]
    assert words in error["message"]
    assert web.url in error["message"]
    assert web.project.asset("moon", result)["result"] == "built"
    assert web.project.asset("banner", result)["result"] == "skipped"
    web.site.shows("/ref.png", RED)
    assert web.project.sends() == 2


def test_what_was_fetched_is_not_forgotten_when_the_order_fails(web: Web) -> None:
    """Else an address that shows something new each time would be paid for again and again."""
    web.project.emulator.script("create:1:reset-after")
    web.project.build("--only", "coin", expect=1)
    web.site.shows("/ref.png", BLUE)
    web.project.build("--only", "coin")
    assert web.project.lock["assets"]["coin"]["request"]["references"][0]["sha256"] == digest_of(RED)
    assert web.fetched == 1


def test_drafts_are_drawn_without_the_network(web: Web) -> None:
    web.project.build("--provider", "draft")
    assert web.fetched == 0
    again = web.project.build("--json", "--provider", "draft")
    assert {asset["result"] for asset in again.json["manifests"][0]["assets"]} == {"up-to-date"}
    assert web.project.sends() == 3
    assert web.project.lock["assets"]["coin"]["request"]["references"][0]["sha256"] == digest_of(RED)
