"""A video from manifest to files: ordered once, checked by taking it apart; re-encodes and stills cost nothing."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

from assetgen.catalog import CATALOG
from assetgen.emulator.run import running_emulator
from assetgen.imaging.decode import inspect
from assetgen.imaging.video.demux import inspect_video
from tests.support.pictures import png
from tests.support.shop import Shop
from tests.support.space import CHECKOUT, Space
from tests.support.works import works

MANIFEST = """\
version: 1
providers: {kie: {poll_initial: 0.02, poll_max: 0.02}}
lint: {off: [no-hex-colour]}
defaults: {provider: kie, exclude: [text], sizes: [64], formats: [png]}
assets:
  film:
    type: video
    model: bytedance/v1-pro-text-to-video
    prompt: Slow push-in over hills
    resolution: 480p
    poster: {sizes: [96], formats: [webp]}
"""


@pytest.fixture
def shop(space: Space) -> Iterator[Shop]:
    with running_emulator() as emulator:
        yield Shop(space, emulator, "film", MANIFEST)


@pytest.fixture
def built(shop: Shop) -> Shop:
    assert shop.sends() == 1
    return shop


def test_a_video_is_asked_for_as_the_service_wants_it(built: Shop) -> None:
    (body,) = built.emulator.accepted
    assert body == {
        "model": "bytedance/v1-pro-text-to-video",
        "input": {
            "prompt": "Slow push-in over hills",
            "aspect_ratio": "16:9",
            "resolution": "480p",
            "duration": "5",
        },
    }


def test_the_video_is_kept_as_received_with_a_still_of_it(built: Shop) -> None:
    assert set(built.files) == {"film.mp4", "film-poster-96.webp"}
    facts = inspect_video(built.space.root / "output/app/film.mp4")
    assert (facts.format, facts.seconds) == ("mp4", 5.0)
    master = built.entry["masters"][0]
    assert (master["format"], master["sha256"]) == ("mp4", built.files["film.mp4"])
    assert (master["width"], master["height"]) == (facts.width, facts.height)
    assert built.entry["request"]["kind"] == "video"
    still = inspect(built.space.root / "output/app/film-poster-96.webp")
    assert (still.format, still.width) == ("webp", 96)


def test_formats_sizes_and_stills_cost_nothing(built: Shop) -> None:
    before = built.files
    built.edit("    poster:", "    formats: [mp4, webm, gif, webp]\n    poster:")
    assert built.sends() == 0
    assert set(built.files) - set(before) == {"film.webm", "film.gif", "film.webp"}
    built.edit("formats: [webp]}", "formats: [webp, jpg]}")
    assert built.sends() == 0
    built.edit("    formats: [mp4, webm, gif, webp]\n", "    sizes: {small: 64}\n")
    assert built.sends() == 0
    assert inspect_video(built.space.root / "output/app/film-small.mp4").width == 64
    built.edit("    sizes: {small: 64}\n", "")
    assert built.sends() == 0
    assert before.items() <= built.files.items()


def test_another_duration_is_another_video_and_going_back_brings_the_first_back(built: Shop) -> None:
    before = built.files
    built.edit("resolution: 480p", "resolution: 480p\n    duration: 10")
    asset = built.planned()
    assert asset["cost"]["usd"] == pytest.approx(0.14)
    assert asset["reasons"][0] == "duration changed: `5` -> `10`"
    assert built.sends() == 1
    assert inspect_video(built.space.root / "output/app/film.mp4").seconds == 10
    built.edit("    duration: 10\n", "")
    assert built.sends() == 0
    assert built.files == before


def test_what_defaults_say_of_pictures_changes_nothing(built: Shop) -> None:
    built.edit("sizes: [64], formats: [png]", "sizes: [32], formats: [webp], resolution: 2K")
    assert built.sends() == 0


def test_without_the_store_a_still_is_made_of_what_the_service_kept(built: Shop) -> None:
    before = built.files
    shutil.rmtree(built.space.root / ".assetgen")
    assert built.sends() == 0
    built.edit("sizes: [96]", "sizes: [96, 48]")
    assert built.sends() == 0
    assert before.items() <= built.files.items()


@pytest.mark.parametrize(
    ("fault", "words"),
    [("corrupt", "damaged or incomplete video"), ("wrong-type", "a PDF document, not a video that can be used")],
)
def test_a_result_that_is_no_whole_video_is_not_kept_and_not_paid_for_again(
    space: Space, fault: str, words: str
) -> None:
    with works(space, f"download:*:{fault}", catalog=CATALOG) as service:
        space.write("app.yaml", MANIFEST)
        for _ in range(2):
            built = service.build()
            assert built.exit_code == 1
            assert words in built.error("film")["message"]
            assert (service.outputs, service.emulator.creates) == ({}, 1)


@pytest.mark.parametrize(("seconds", "results"), [(900, {"film": "built"}), (1300, {"film": "failed"})])
def test_a_video_is_waited_for_longer_than_a_picture(space: Space, seconds: int, results: dict[str, str]) -> None:
    with works(space, catalog=CATALOG, latency=seconds) as service:
        space.write("app.yaml", MANIFEST.replace("0.02", "100"))
        built = service.build()
        assert built.results == results
        if built.exit_code:
            assert built.error("film")["code"] == "still_running"
        assert service.build().results["film"] in ("built", "up-to-date")
        assert service.emulator.creates == 1


def test_a_retouched_video_can_be_adopted(built: Shop) -> None:
    other = inspect_video(built.space.root / "output/app/film.mp4")
    built.edit("    poster:", "    sizes: {small: 64}\n    poster:")
    assert built.sends() == 0
    small = (built.space.root / "output/app/film-small.mp4").read_bytes()
    built.edit("    sizes: {small: 64}\n", "")
    built.space.write("output/app/film.mp4", small)
    assert built.run("build").exit_code == 1
    assert built.run("adopt", "film").exit_code == 0
    assert built.sends() == 0
    assert (built.space.root / "output/app/film.mp4").read_bytes() == small
    assert other.width != 64


def test_a_draft_is_a_video_too(shop: Shop) -> None:
    shop.edit("provider: kie", "provider: draft")
    shop.edit("resolution: 480p", "resolution: 480p\n    aspect_ratio: '1:1'")
    assert shop.run("build").exit_code == 0
    facts = inspect_video(shop.space.root / "output/app/film.mp4")
    assert (facts.width, facts.height, facts.seconds) == (480, 480, 5.0)
    before = shop.files
    shutil.rmtree(shop.space.root / ".assetgen")
    shop.edit("sizes: [96]", "sizes: [96, 48]")
    assert shop.sends() == 0
    assert before.items() <= shop.files.items()


MOVED = """\
version: 1
providers: {kie: {poll_initial: 0.02, poll_max: 0.02}}
lint: {off: [no-hex-colour, no-exclusions]}
defaults: {provider: kie}
assets:
  hills: {prompt: Rolling hills, aspect_ratio: "21:9", sizes: [32]}
  film: {type: video, source: "asset:hills", prompt: Push in, resolution: 480p}
  clip: {type: video, source: brand/still.png, prompt: Pull out, resolution: 480p}
"""


@pytest.fixture
def moved(shop: Shop) -> Shop:
    shop.space.write("brand/still.png", png(320, 320))
    shop.space.write("app.yaml", MOVED)
    assert shop.sends() == 3
    return shop


def test_a_video_begins_with_a_still(moved: Shop) -> None:
    orders: dict[str, Any] = {fields(order)["prompt"]: order for order in moved.emulator.accepted}
    film = orders["Push in"]
    assert film["model"] == "bytedance/v1-pro-image-to-video"
    assert set(film["input"]) == {"prompt", "image_url", "resolution", "duration"}
    assert film["input"]["image_url"] != orders["Pull out"]["input"]["image_url"]
    shapes = [inspect_video(moved.space.root / f"output/app/{name}.mp4") for name in ("film", "clip")]
    assert [round(video.width / video.height, 1) for video in shapes] == [2.4, 1.0]
    (still,) = moved.entry["request"]["references"]
    assert still["begins"] is True
    assert still["source"] == "asset:hills"
    hills = json.loads(moved.space.read("app.lock"))["assets"]["hills"]["masters"][0]
    assert still["sha256"] == hills["sha256"]


def fields(order: Any) -> Any:
    return order["input"]


def test_another_still_is_another_video_and_the_same_still_is_not(moved: Shop) -> None:
    moved.edit("sizes: [32]", "sizes: [48]")
    assert moved.sends() == 0
    moved.space.write("brand/still.png", png(320, 300))
    assert moved.sends() == 1
    moved.edit("Rolling hills", "Steep hills")
    plan = moved.run("plan", "--json").json
    assert {asset["name"]: asset["action"] for asset in plan["manifests"][0]["assets"]} == {
        "hills": "generate",
        "film": "generate",
        "clip": "up-to-date",
    }
    assert moved.sends() == 2
    moved.edit("Steep hills", "Rolling hills")
    assert moved.sends() == 0


def test_a_still_that_succeeded_is_kept_when_its_video_fails(space: Space) -> None:
    with running_emulator(faults=["create:~Push in:code-422"]) as emulator:
        shop = Shop(space, emulator, "film", MOVED)
        space.write("brand/still.png", png(320, 320))
        report = shop.run("build", "--json").json
        results = {asset["name"]: asset["result"] for asset in report["manifests"][0]["assets"]}
        assert results == {"hills": "built", "film": "failed", "clip": "built"}
        assert "hills-32.png" in shop.files


def test_the_draft_of_a_video_has_the_shape_of_its_still(shop: Shop) -> None:
    draft = MOVED.replace("provider: kie", "provider: draft").replace("21:9", "9:16")
    shop.space.write("app.yaml", draft.partition("  clip:")[0])
    assert shop.run("build").exit_code == 0
    film = inspect_video(shop.space.root / "output/app/film.mp4")
    assert (film.width, film.height) == (480, 860)


ALONE = """
import sys
sys.modules["av"] = None  # as if it were not installed
from assetgen.__main__ import main
sys.argv = ["assetgen", *sys.argv[1:]]
sys.exit(main())
"""


def test_without_the_extra_nothing_is_ordered_and_the_way_to_get_it_is_said(shop: Shop) -> None:
    shop.space.write("app.yaml", MANIFEST + "  coin: {prompt: A coin, provider: draft, formats: [png]}\n")
    environ = {**os.environ, "PYTHONPATH": str(CHECKOUT), **shop.env}
    command = [sys.executable, "-c", ALONE, "build", "app.yaml", "--json"]
    ran = subprocess.run(command, cwd=shop.space.root, env=environ, capture_output=True, text=True)
    assert ran.returncode == 1, ran.stderr
    film, coin = json.loads(ran.stdout)["manifests"][0]["assets"]
    assert (film["result"], film["error"]["code"], coin["result"]) == ("failed", "missing-part", "built")
    assert 'pip install "assetgen-build[video]"' in film["error"]["message"] + ran.stderr
    assert shop.emulator.creates == 0
