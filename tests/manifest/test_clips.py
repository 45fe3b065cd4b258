"""A video in a manifest: what is asked for, and which files it gets."""

from __future__ import annotations

from pathlib import Path

import pytest

from assetgen.manifest.recipe import ClipExport, Export
from tests.manifest.support import problems, recipe

FILM = "assets:\n  film:\n    type: video\n    prompt: Push in.\n    model: bytedance/v1-pro-text-to-video\n"
PICTURES = """\
defaults:
  model: nano-banana-pro
  aspect_ratio: "1:1"
  resolution: 1K
  exclude: [text]
  sizes: [64, 128]
  formats: [png, webp]
  upscale: true
"""


def files(folder: Path, text: str) -> list[str]:
    return [output.path.removeprefix("output/app/") for output in recipe(folder, text).outputs]


def test_what_nobody_says_is_what_the_model_makes(tmp_path: Path) -> None:
    request = recipe(tmp_path, FILM).request
    assert request.kind == "video"
    assert request.parameters == {"aspect_ratio": "16:9", "resolution": "720p", "duration": 5}
    assert request.defaulted == {"aspect_ratio", "resolution", "duration"}


def test_what_is_written_is_asked_for(tmp_path: Path) -> None:
    text = FILM + "    resolution: 1080p\n    duration: 10\n    camera_fixed: false\n    seed: 7\n"
    asked = {"aspect_ratio": "16:9", "resolution": "1080p", "duration": 10, "camera_fixed": False, "seed": 7}
    assert recipe(tmp_path, text).request.parameters == asked


def test_the_built_in_model_takes_a_still(tmp_path: Path) -> None:
    text = "assets: {film: {type: video, prompt: Push in., input: {image_url: 'https://example.com/a.png'}}}\n"
    request = recipe(tmp_path, text).request
    assert request.model == "bytedance/v1-pro-image-to-video"
    assert request.defaulted == {"model", "resolution", "duration"}


def test_defaults_for_pictures_are_left_out(tmp_path: Path) -> None:
    made = recipe(tmp_path, PICTURES.replace('  aspect_ratio: "1:1"\n', "") + FILM)
    assert made.request.prompt == "Push in."
    assert made.request.parameters == {"aspect_ratio": "16:9", "resolution": "720p", "duration": 5}
    assert made.request.left_out == {"resolution": "1K"}
    assert [output.path for output in made.outputs] == ["output/app/film.mp4"]


def test_a_default_model_of_the_other_kind_is_left_out(tmp_path: Path) -> None:
    text = "assets: {film: {type: video, prompt: Push in., input: {image_url: 'https://example.com/a.png'}}}\n"
    request = recipe(tmp_path, PICTURES + text).request
    assert request.model == "bytedance/v1-pro-image-to-video"
    assert request.left_out == {"model": "nano-banana-pro", "aspect_ratio": "1:1", "resolution": "1K"}
    film = "defaults: {model: bytedance/v1-pro-text-to-video, resolution: 720p, duration: 10, formats: [mp4, webm]}\n"
    coin = recipe(tmp_path, film + "assets: {coin: {prompt: A coin.}}\n")
    assert coin.request.model == "nano-banana-pro"
    assert [output.path for output in coin.outputs] == ["output/app/coin.png"]


def test_exclusions_reach_a_video_only_when_written_on_it(tmp_path: Path) -> None:
    assert recipe(tmp_path, PICTURES + FILM + "    exclude: [cuts]\n").request.prompt == "Push in. No cuts."


def test_default_formats_for_videos_are_for_videos(tmp_path: Path) -> None:
    assert files(tmp_path, "defaults: {formats: [mp4, webp]}\n" + FILM) == ["film.mp4", "film.webp"]
    assert files(tmp_path, "defaults: {formats: [webp]}\n" + FILM) == ["film.mp4"]


def test_stills_are_named_after_the_video(tmp_path: Path) -> None:
    text = (
        FILM
        + "    formats: [mp4, webp]\n    poster: {sizes: {'@1x': 320, '@2x': 640, hero: 1280x400}, formats: [webp]}\n"
    )
    made = recipe(tmp_path, text)
    assert [output.path.removeprefix("output/app/") for output in made.outputs] == [
        "film.mp4",
        "film.webp",
        "film-poster.webp",
        "film-poster@2x.webp",
        "film-poster-hero.webp",
    ]
    assert [isinstance(output.export, ClipExport) for output in made.outputs] == [True, True, False, False, False]


def test_a_still_without_sizes_is_one_png(tmp_path: Path) -> None:
    made = recipe(tmp_path, FILM + "    poster: {}\n")
    assert made.outputs[1].path == "output/app/film-poster.png"
    assert made.outputs[1].export == Export("png")


def test_sizes_of_a_video(tmp_path: Path) -> None:
    text = FILM + "    sizes: {small: 640x360}\n    formats: [mp4, gif]\n    fit: contain\n    background: '#000000'\n"
    made = recipe(tmp_path, text)
    assert [output.path for output in made.outputs] == ["output/app/film-small.mp4", "output/app/film-small.gif"]
    settings = Export("png", 640, 360, "contain", "#000000")
    assert [output.export for output in made.outputs] == [ClipExport("mp4", settings), ClipExport("gif", settings)]


@pytest.mark.parametrize("line", ["removeBg: false", "upscale: true", "frozen: true", "poster: {}", "references: []"])
def test_what_a_video_may_have(tmp_path: Path, line: str) -> None:
    found = problems(tmp_path, f"{FILM}    {line}\n")
    assert [problem for problem in found if problem.code != "not-available"] == []
