"""Pictures small enough for a page, and what is told from them."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image, ImageDraw

from assetgen.errors import PictureError
from assetgen.imaging.decode import decode
from assetgen.imaging.thumbnail import EDGE, Look, look, thumbnail

CLEAR = (0, 0, 0, 0)
PINK = (236, 72, 153, 255)


def saved(folder: Path, picture: Image.Image) -> Path:
    picture.save(folder / "picture.png")
    return folder / "picture.png"


@pytest.mark.parametrize(
    ("size", "small"),
    [((1024, 1024), (EDGE, EDGE)), ((2048, 512), (EDGE, EDGE // 4)), ((24, 24), (24, 24)), ((4000, 2), (EDGE, 1))],
)
def test_the_longer_edge_is_bounded(tmp_path: Path, size: tuple[int, int], small: tuple[int, int]) -> None:
    assert decode(thumbnail(saved(tmp_path, Image.new("RGB", size, PINK[:3])))).size == small


def test_it_is_small_in_bytes_too(tmp_path: Path) -> None:
    picture = Image.effect_mandelbrot((1024, 1024), (-3, -2.5, 2, 2.5), 100).convert("RGB")
    assert len(thumbnail(saved(tmp_path, picture))) < 8_000


def test_transparent_pixels_do_not_bleed(tmp_path: Path) -> None:
    picture = Image.new("RGBA", (1000, 1000), (0, 255, 0, 0))
    ImageDraw.Draw(picture).ellipse((100, 100, 900, 900), PINK)
    small = decode(thumbnail(saved(tmp_path, picture)))
    seen = [pixel for pixel in small.get_flattened_data() if isinstance(pixel, tuple) and pixel[3] > 128]
    assert seen
    assert all(green < 120 for _, green, _, _ in seen)


def test_what_is_no_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "coin.png").write_text("version https://git-lfs.github.com/spec/v1")
    with pytest.raises(PictureError):
        thumbnail(tmp_path / "coin.png")


def webp(picture: Image.Image) -> bytes:
    file = BytesIO()
    picture.save(file, "WEBP", lossless=True)
    return file.getvalue()


def drawn(*boxes: tuple[int, int, int, int]) -> bytes:
    picture = Image.new("RGBA", (100, 100), CLEAR)
    for box in boxes:
        ImageDraw.Draw(picture).rectangle(box, PINK)
    return webp(picture)


@pytest.mark.parametrize(
    ("picture", "seen"),
    [
        (webp(Image.new("RGB", (9, 9))), Look(clear=False, empty=False, cut=())),
        (webp(Image.new("RGBA", (9, 9), CLEAR)), Look(clear=True, empty=True, cut=())),
        (drawn((20, 20, 80, 80)), Look(clear=True, empty=False, cut=())),
        (drawn((0, 20, 80, 80)), Look(clear=True, empty=False, cut=("left",))),
        (drawn((20, 20, 99, 99)), Look(clear=True, empty=False, cut=("right", "bottom"))),
        (drawn((48, 0, 52, 80)), Look(clear=True, empty=False, cut=())),
    ],
)
def test_what_is_told_from_a_thumbnail(picture: bytes, seen: Look) -> None:
    assert look(picture) == seen
