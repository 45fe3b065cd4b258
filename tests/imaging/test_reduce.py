"""Copies of pictures for models that take none so large, or none of their kind."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from assetgen.errors import PictureError
from assetgen.imaging.reduce import Limits, copy_within

ANY = Limits(30_000_000, ("png", "jpeg", "webp"))
PLAIN = ("png", "jpeg")


def saved(folder: Path, picture: Image.Image, form: str = "PNG") -> Path:
    file = folder / "picture"
    picture.save(file, form)
    return file


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 90).convert("RGB")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_what_a_model_takes_is_shown_as_it_is(tmp_path: Path, form: str) -> None:
    assert copy_within(saved(tmp_path, noise(80, 60), form), ANY) == (form.lower(), None)


@pytest.mark.parametrize("form", ["GIF", "AVIF"])
def test_another_kind_is_turned_into_png(tmp_path: Path, form: str) -> None:
    found, copy = copy_within(saved(tmp_path, noise(80, 60), form), ANY)
    assert copy is not None
    assert (found, copy.format, copy.change) == (form.lower(), "png", f"turned from {form} into PNG")
    assert Image.open(BytesIO(copy.data)).size == (80, 60)


def test_a_long_edge_is_scaled_down(tmp_path: Path) -> None:
    file = saved(tmp_path, noise(800, 200))
    _, copy = copy_within(file, Limits(30_000_000, PLAIN, max_edge=400))
    assert copy is not None
    assert (copy.format, copy.change) == ("png", "scaled from 800x200 to 400x100")
    assert copy_within(file, Limits(30_000_000, PLAIN, max_edge=400))[1] == copy


def test_too_many_bytes_become_a_jpeg_then_a_smaller_one(tmp_path: Path) -> None:
    file = saved(tmp_path, noise(400, 400))
    size = file.stat().st_size
    _, first = copy_within(file, Limits(size - 1, PLAIN))
    assert first is not None
    assert (first.format, first.change) in (("jpeg", "turned from PNG into JPEG"), ("png", "saved more tightly"))
    _, second = copy_within(file, Limits(size // 10, PLAIN))
    assert second is not None
    assert len(second.data) <= size // 10
    assert "scaled from 400x400 to " in second.change


def test_what_is_transparent_stays_so(tmp_path: Path) -> None:
    picture = noise(300, 300)
    picture.putalpha(Image.linear_gradient("L").resize((300, 300)))
    _, copy = copy_within(saved(tmp_path, picture), Limits(60_000, PLAIN))
    assert copy is not None
    assert (copy.format, Image.open(BytesIO(copy.data)).mode) == ("png", "RGBA")


def test_what_cannot_be_made_to_fit_is_said(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="a copy of at most 50 bytes cannot be made of it"):
        copy_within(saved(tmp_path, noise(200, 200)), Limits(50, PLAIN))


def test_too_many_pixels_are_scaled_down(tmp_path: Path) -> None:
    _, copy = copy_within(saved(tmp_path, noise(400, 100)), Limits(30_000_000, PLAIN, max_pixels=10_000))
    assert copy is not None
    assert copy.change == "scaled from 400x100 to 200x50"


def test_a_picture_that_is_too_small_is_not_enlarged(tmp_path: Path) -> None:
    with pytest.raises(PictureError, match="the picture is 40x300, and the model takes none with an edge of less than"):
        copy_within(saved(tmp_path, noise(40, 300)), Limits(30_000_000, PLAIN, min_edge=64))
